"""The sheet of help for Markdown: each example is shown as it is typed and as it is read."""

from typing import NamedTuple


class Example(NamedTuple):
    title: str
    source: str
    note: str = ""


EXAMPLES = (
    Example(
        "Paragraphs",
        "An empty line starts a new paragraph.\n\nLines that follow each other\nare one paragraph.",
    ),
    Example("Emphasis", "**Bold**, *italic* and ~~struck through~~."),
    Example(
        "Lists",
        "- The queue grew\n- The alarm stayed silent\n  - its limit was too high\n\n"
        "1. Stop the deployment\n2. Roll it back",
    ),
    Example(
        "Links",
        "[The ticket](https://example.com/T-1042), or the bare address: https://example.com/T-1042",
    ),
    Example(
        "Code and logs",
        "Run `queue drain --all`:\n\n```\n10:42:13 ERROR no space left\n10:42:14 retrying\n```",
    ),
    Example(
        "Tables",
        "| Region | Errors |\n| --- | ---: |\n| North | 1,204 |\n| South | 7 |",
        "The colon on the right aligns a column of numbers.",
    ),
    Example("Quotations", "> We cannot pay with any card.\n>\n> A customer, by telephone"),
    Example(
        "Headings",
        "## What we tried\n\nThe restart did not help.",
        "Start with two signs: the section has its own heading already.",
    ),
    Example(
        "Signs as they are",
        r"2 \* 3, \# no heading, snake_case",
        "A backslash keeps a sign from being read as a mark.",
    ),
)
