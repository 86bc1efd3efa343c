"""Words that people wrote, as they can stand in another text, and the numbers in them."""

import re
from collections.abc import Iterator
from html import unescape

from coe.guidance.clocks import clocks_in
from coe.guidance.counts import counts_in
from coe.guidance.days import days_in
from coe.guidance.lengths import lengths_in
from coe.guidance.prose import WORDS, Span, sentences
from coe.text.markdown import render

LONGEST = 45
"""Words of a sentence that is taken over: what is longer is no line any more."""
FEWEST = 3
"""What is shorter ends with the point of an abbreviation rather than of a sentence."""
_BLOCK = re.compile(
    r" {0,3}(?:[#>|]|[-+*]\s|\d+[.)]\s|```|~~~)|(?: {4}|\t)|\s*[-=*_](?:\s*[-=*_])+$"
)
_MARKUP = re.compile(r"[\\`*\[\]<&~|]|(?<![^\W_])_|_(?![^\W_])")
_FIRST = re.compile(r"^(?:[#>+=-]|\d+(?=[.)]))")
_TAG = re.compile(r"<[^>]*>")
_END = re.compile(r"[.!?…][)”’\"']*$")
_COMMON = (
    "a all also although an and another any as at because before behind both but by during each "
    "either every few for from half he her his how if in instead into it its many more most my "
    "neither no nobody none nor not nothing on once only or other our out people she since so some "
    "somebody something such that the their then there these they this those though through to "
    "under until up we what when where which while who whoever with within without yesterday you "
    "your"
)
_BEGINNINGS = frozenset(_COMMON.split()) | frozenset(WORDS)
"""Words that are no name, so that the capital of the first of a sentence is the sentence's."""


def sentences_of(markdown: str) -> list[str]:
    """The sentences of its first paragraph as they were written, as far as each can stand alone.

    A heading, a list, a table or a quotation is no paragraph; what is longer than a line of words,
    or opens a mark that it does not close, ends what is taken.
    """
    taken: list[str] = []
    held = ""
    for each in sentences(_first_paragraph(markdown)):
        held = f"{held} {each}".strip()
        if len(held.split()) < FEWEST:
            continue
        if len(held.split()) > LONGEST or not _is_closed(held):
            return taken
        taken.append(ended(held))
        held = ""
    return [*taken, ended(held)] if held and _is_closed(held) else taken


def _first_paragraph(markdown: str) -> str:
    lines: list[str] = []
    for line in markdown.splitlines():
        if line.strip() and not _BLOCK.match(line):
            lines.append(line)
        elif lines:
            break
    return "\n".join(lines)


def _is_closed(text: str) -> bool:
    pairs = (("[", "]"), ("(", ")"))
    return not (text.count("`") % 2 or text.count("**") % 2) and all(
        text.count(start) == text.count(end) for start, end in pairs
    )


def ended(sentence: str) -> str:
    """With the mark that a sentence ends with."""
    sentence = sentence.rstrip(" ;:,")
    return sentence if _END.search(sentence) else f"{sentence}."


def continued(sentence: str) -> str:
    """As it goes on behind a colon: its capital is left where it may be that of a name."""
    first, gap, rest = sentence.partition(" ")
    is_common = first.istitle() and first.lower() in _BEGINNINGS
    return f"{first.lower()}{gap}{rest}" if is_common else sentence


def escaped(line: str) -> str:
    """A line of plain text as Markdown that shows it; as it is wherever that shows it."""
    if unescape(_TAG.sub("", render(line))).strip() == line:
        return line
    return _FIRST.sub(_escape_first, _MARKUP.sub(r"\\\g<0>", line))


def _escape_first(found: re.Match[str]) -> str:
    return f"\\{found[0]}" if not found[0].isdigit() else f"{found[0]}\\"


def numbers_in(text: str) -> Iterator[str]:
    """Every number in `text` as it stands there, with its unit where that is one of time."""
    taken: list[Span] = []
    spans = [each.span for found in (clocks_in, days_in, lengths_in) for each in found(text)]
    for span in [*spans, *(each.span for each in counts_in(text) if each.has_digits)]:
        if not any(map(span.overlaps, taken)):
            taken.append(span)
    for span in sorted(taken, key=lambda each: each.start):
        yield text[span.start : span.end].strip(" .")
