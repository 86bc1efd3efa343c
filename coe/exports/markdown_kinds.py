"""What the Markdown form is made of: for each kind of row, what stands where and how it is written.

The writer and the reader both go by this table, so that what one writes the other finds.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from coe.exports.markdown_text import (
    address_from_markdown,
    address_to_markdown,
    line_from_markdown,
    line_to_markdown,
    person_from_markdown,
    person_to_markdown,
)
from coe.snapshots.serialise import shortest, to_plain
from coe.snapshots.snapshot import (
    ActionValue,
    CauseValue,
    EntryValue,
    FigureValue,
    LessonValue,
    RelatedValue,
    SafeguardValue,
)
from coe.text.instants import format_instant
from coe.text.reading import parse_instant


@dataclass(frozen=True, slots=True)
class Context:
    """What some values are written by: the zone of times, and the labels of causes (C1) by UUID;
    a reader has the UUIDs by label instead."""

    zone: ZoneInfo
    causes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Codec:
    """A kind of value: `write` gives the text of one, `read` the value in the types of JSON.

    `read` raises `ValueError`, with a sentence, for a text that says none.
    """

    write: Callable[[Any, Context], str]
    read: Callable[[str, Context], Any]


def _read_priority(text: str, context: Context) -> int:
    if not re.fullmatch(r"P[0-9]", text):
        raise ValueError("A priority is P0, P1, P2 or P3.")
    return int(text[1])


def _read_cause(text: str, context: Context) -> str:
    if text not in context.causes:
        raise ValueError(f"No cause of this file is called “{text[:40]}”.")
    return context.causes[text]


def _is_address(ticket: str) -> bool:
    return ticket.startswith(("http://", "https://"))


LINE = Codec(lambda value, _: line_to_markdown(value), lambda text, _: line_from_markdown(text))
WORD = Codec(lambda value, _: value.replace("_", " "), lambda text, _: text.replace(" ", "_"))
ADDRESS = Codec(
    lambda value, _: address_to_markdown(value), lambda text, _: address_from_markdown(text)
)
PERSON = Codec(
    lambda value, _: person_to_markdown(value),
    lambda text, _: to_plain(person_from_markdown(text)),
)
TICKET = Codec(
    lambda value, _: (address_to_markdown if _is_address(value) else line_to_markdown)(value),
    lambda text, _: (
        address_from_markdown if text.startswith("<") or _is_address(text) else line_from_markdown
    )(text),
)
DAY = Codec(lambda value, _: value.isoformat(), lambda text, _: text)
AMOUNT = Codec(lambda value, _: shortest(value), lambda text, _: text)
PRIORITY = Codec(lambda value, _: f"P{value}", _read_priority)
INSTANT = Codec(
    lambda value, context: format_instant(value, context.zone, with_offset=True),
    lambda text, context: to_plain(parse_instant(text, zone=context.zone, day=None)),
)
CAUSE = Codec(lambda value, context: context.causes[str(value)], _read_cause)
CAUSES = Codec(
    lambda values, context: ", ".join(context.causes[str(each)] for each in values),
    lambda text, context: [_read_cause(each.strip(), context) for each in text.split(",")],
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A value with a name in front. Where it is `default` it is left out."""

    name: str
    attribute: str
    codec: Codec
    default: Any = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row.

    `group` is the field of the snapshot that holds the rows, `mark` the word of their comments.
    `title` is what a row begins with; `text` the block right below it, if there is one, and
    `more` a further block with its mark and its words. An item is a point of a list, with its
    slots in the same line; another row is a heading with its slots in a list below.
    """

    group: str
    heading: str
    mark: str
    value: type
    title: tuple[str, Codec]
    slots: tuple[Slot, ...]
    text: str = ""
    more: tuple[str, str, str] | None = None
    is_item: bool = False


FIGURES = Kind(
    "figures",
    "Impact in figures",
    "figure",
    FigureValue,
    ("what", LINE),
    (
        Slot("Amount", "amount", AMOUNT, None),
        Slot("Unit", "unit", LINE),
        Slot("Source", "source", WORD),
    ),
    more=("basis", "basis", "Basis"),
)
ENTRIES = Kind(
    "entries",
    "Timeline",
    "entry",
    EntryValue,
    ("instant", INSTANT),
    (
        Slot("kind", "kind", WORD),
        Slot("marks", "milestone", WORD),
        Slot("evidence", "evidence", ADDRESS),
    ),
    text="text",
    is_item=True,
)
SAFEGUARDS = Kind(
    "safeguards",
    "Safeguards",
    "safeguard",
    SafeguardValue,
    ("name", LINE),
    (Slot("Kind", "kind", WORD), Slot("Outcome", "outcome", WORD)),
    more=("why", "why", "Why"),
)
TITLE_OF_CAUSE = "label"
CAUSE_ROWS = Kind(
    "causes",
    "Causes",
    "cause",
    CauseValue,
    (TITLE_OF_CAUSE, WORD),
    (
        Slot("kind", "kind", WORD),
        Slot("confidence", "confidence", WORD),
        Slot("answers", "answers", WORD, "happened"),
        Slot("also explains", "explains", CAUSES, ()),
        Slot("evidence", "evidence", ADDRESS),
        Slot("risk accepted by", "risk_approver", PERSON, None),
    ),
    text="text",
    more=("risk_reason", "risk", "Why the risk is accepted"),
    is_item=True,
)
LESSONS = Kind(
    "lessons", "Lessons", "lesson", LessonValue, ("kind", WORD), (), text="text", is_item=True
)
ACTIONS = Kind(
    "actions",
    "Action items",
    "action",
    ActionValue,
    ("title", LINE),
    (
        Slot("Priority", "priority", PRIORITY, None),
        Slot("Kind", "kind", WORD),
        Slot("Owner", "owner", PERSON, None),
        Slot("Due", "due_on", DAY, None),
        Slot("Cause", "cause", CAUSE, None),
        Slot("Tracker", "tracker", TICKET),
    ),
    more=("done_when", "done when", "Done when"),
)
RELATED = Kind(
    "related",
    "Related items",
    "related",
    RelatedValue,
    ("title", LINE),
    (Slot("Kind", "kind", WORD), Slot("Link", "url", ADDRESS)),
    more=("note", "note", "Note"),
)
KINDS = (FIGURES, ENTRIES, SAFEGUARDS, CAUSE_ROWS, LESSONS, ACTIONS, RELATED)

FACTS = (
    *("schema", "severity", "category", "service", "team", "zone", "form", "classification"),
    "guide",
)
"""What the head of the file says of the snapshot as JSON has it; people are written as in rows."""
MARK = re.compile(r"( *+)(.*?) ?(?<!\\)<!-- coe: ([^<>]*?) -->[ \t]*")
"""A line that is ours: it ends with our comment."""


def marked(shown: str, mark: str, *, indent: int = 0) -> str:
    return f"{' ' * indent}{shown} <!-- coe: {mark} -->"


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
