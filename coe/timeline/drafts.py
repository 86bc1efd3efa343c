"""Lines that were pasted: what each of them is, before anything is added."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from coe.text.instants import Instant
from coe.timeline.lines import LineReader, UnreadableLine

MAX_LINES = 400
"""Entries that are pasted at once: what a person can look through in one preview."""

NO_TIME = "There is no time in this line. Write one, or leave the line out."
NO_TEXT = "Say what happened then, or leave the line out."

_MARKS_OF_A_RULE = re.compile(r"[\s|:+=-]+")


@dataclass(slots=True)
class DraftLine:
    """A pasted line as the preview shows it. `problem` is a sentence, empty where there is none."""

    when: str
    text: str
    instant: Instant | None = None
    problem: str = ""


def read_lines(text: str, *, zone: ZoneInfo, before: Instant | None) -> list[DraftLine]:
    """The lines of a pasted timeline; one without a time belongs to the line before it.

    Empty lines, the rules of tables and days alone on a line are no entries.
    """
    reader = LineReader(zone=zone, before=before)
    found: list[DraftLine] = []
    is_apart = False
    for raw in text.splitlines():
        line = raw.rstrip()
        if not line.strip() or _is_rule_of_a_table(line):
            is_apart = is_apart or not line.strip()
            continue
        day = reader.day
        entry = _draft_line(reader, line)
        if entry is None and (reader.day is None or reader.day == day):
            _continue(found, line, is_apart=is_apart)
        elif entry is not None:
            found.append(entry)
        is_apart = False
    for each in found:
        if not each.problem and not each.text:
            each.problem = NO_TEXT
    return found


def _is_rule_of_a_table(line: str) -> bool:
    return "--" in line and _MARKS_OF_A_RULE.fullmatch(line) is not None


def _draft_line(reader: LineReader, line: str) -> DraftLine | None:
    try:
        entry = reader.read(line)
    except UnreadableLine as error:
        return DraftLine(error.when, error.text, problem=str(error))
    return DraftLine("", entry.text, entry.instant) if entry else None


def _continue(found: list[DraftLine], line: str, *, is_apart: bool) -> None:
    if not found:
        found.append(DraftLine("", line.strip(), problem=NO_TIME))
    elif found[-1].text:
        found[-1].text += ("\n\n" if is_apart else "\n") + line
    else:
        found[-1].text = line.strip()
