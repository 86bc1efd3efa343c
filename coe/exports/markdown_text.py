"""How text stands in the Markdown form, and comes back byte for byte.

A line (a title, a name) is plain text: what Markdown would take for markup has a backslash in
front, and what a line cannot hold is a character reference. It is shown as it was typed.

A block (whatever people write as Markdown) stands as it is, whatever it holds: headings, fences,
rules, comments, tables. Only three things are written as comments, which a reader does not see:

    <!--coe:lt-->    for the < of what looks like one of our own comments
    <!--coe:cr-->    for a carriage return, which editors and Git change
    <!--coe:edge-->  alone in a line, outside of blank lines at the start or the end of a block

Blank lines at the edges of a block that nothing stands outside of are not part of it.
"""

import re
from collections.abc import Sequence

from coe.snapshots.snapshot import Person

_MARKUP = re.compile(r"[\\`*\[\]<&~]|(?<![^\W_])_|_(?![^\W_])")
_UNLINED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029·]|\A\s|\s\Z")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|&#(\d{1,7});")
_NAME = re.compile(r"((?:\\.|[^\\(])*?)(?: \((.*)\))?")
_ADDRESS = re.compile(r"[<>\s\x00-\x1f\x7f-\x9f]|&(?=#)")
_REFERENCE = re.compile(r"&#(\d{1,7});")
_LOOK_ALIKE = re.compile(r"<(?=!-- ?coe:)|\r")
_TOKEN = re.compile(r"<!--coe:(\w*)-->")
_TOKENS = {"<": "<!--coe:lt-->", "\r": "<!--coe:cr-->"}
_MEANT = {"lt": "<", "cr": "\r"}
EDGE = "<!--coe:edge-->"


class UnknownComment(ValueError):
    """A comment that begins as ours do and is none of them."""


def line_to_markdown(text: str) -> str:
    """Plain text as one line of Markdown that shows it."""
    return _UNLINED.sub(_numbered, _MARKUP.sub(r"\\\g<0>", text))


def line_from_markdown(written: str) -> str:
    """The inverse; a character that needed a backslash and has none stands for itself."""
    return _ESCAPED.sub(lambda found: found[1] or _character(found[2], found[0]), written)


def person_to_markdown(person: Person) -> str:
    """“Maren Holt (Storage)”; a bracket in the name has a backslash."""
    name = line_to_markdown(person.name).replace("(", "\\(")
    return f"{name} ({line_to_markdown(person.role)})" if person.role else name


def person_from_markdown(written: str) -> Person:
    found = _NAME.fullmatch(written)
    name, role = (found[1], found[2] or "") if found else (written, "")
    return Person(line_from_markdown(name), line_from_markdown(role))


def address_to_markdown(url: str) -> str:
    """`<https://…>`, with nothing in it that would end it."""
    return f"<{_ADDRESS.sub(_numbered, url)}>"


def address_from_markdown(written: str) -> str:
    """The inverse; an address without its brackets is one as well."""
    bare = written[1:-1] if written.startswith("<") and written.endswith(">") else written
    return _REFERENCE.sub(lambda found: _character(found[1], found[0]), bare)


def block_to_markdown(text: str) -> list[str]:
    """The lines of a block; none where nothing is written."""
    if not text:
        return []
    lines = _LOOK_ALIKE.sub(lambda found: _TOKENS[found[0]], text).split("\n")
    start = [EDGE] if _is_blank(lines[0]) else []
    end = [EDGE] if _is_blank(lines[-1]) else []
    return [*start, *lines, *end]


def block_from_markdown(lines: Sequence[str]) -> str:
    """The inverse, of lines with any blank lines around them.

    Raises `UnknownComment` where a comment begins as ours do and is none of them.
    """
    kept = list(lines)
    while kept and _is_blank(kept[-1]):
        kept.pop()
    first = next((place for place, line in enumerate(kept) if not _is_blank(line)), 0)
    kept = kept[first:]
    if len(kept) > 1 and kept[-1].strip() == EDGE:
        kept.pop()
    if kept and kept[0].strip() == EDGE:
        kept = kept[1:]
    return _TOKEN.sub(_meant, "\n".join(kept))


def _is_blank(line: str) -> bool:
    return not line.strip(" \t")


def _numbered(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def _character(number: str, otherwise: str) -> str:
    code = int(number)
    return chr(code) if code < 0x110000 else otherwise


def _meant(found: re.Match[str]) -> str:
    if found[1] not in _MEANT:
        raise UnknownComment(f"{found[0]} is no comment of this form.")
    return _MEANT[found[1]]
