"""The timeline and the action items as tables for a spreadsheet (RFC 4180).

They are read by people in programs that run what looks like a formula and that take UTF-8 for
something else unless it is marked. So what begins like a formula has an apostrophe in front, every
cell is in quotes, and the file begins with the mark of UTF-8. Programs read the JSON form, where
nothing is added.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from coe.exports.corrections import STANDINGS
from coe.exports.course import day_of
from coe.snapshots.printable import DecisionValue, Printable, PromiseValue
from coe.text.instants import Instant

FORMULAS = tuple("=+-@＝＋－＠\t\r\n")
"""What spreadsheets begin a formula with, also in the width of East Asian scripts, and the white
space behind which they find it. Source: OWASP, "CSV Injection"."""
BEHIND = re.compile(r"(;[ \t]*)('*[=+\-@＝＋－＠])")
DEFUSED_BEHIND = re.compile(r"(;[ \t]*)'('*[=+\-@＝＋－＠])")
"""Where a cell begins for spreadsheets of the many countries in which a semicolon ends one: they
take our commas for text, and the quotes with them."""
MARK = "\ufeff"

TIMELINE = ("Start", "End", "Precision", "Kind", "Marks", "What happened", "Evidence", "Id")
ACTIONS = (
    "Number",
    "Title",
    "Done when",
    "Owner",
    "Role",
    "Due",
    "Priority",
    "Kind",
    "Cause",
    "Tracker",
    "Id",
    "Decision",
    "Reason",
    "Committed owner",
    "Committed date",
    "State",
    "Due now",
    "First due",
    "Moved",
    "Dates before",
    "Owner now",
    "Late",
    "Done",
    "Evidence",
    "As of",
)
NOT_DECIDED = ("", "", "", "")
NOT_PROMISED = ("",) * 10


def timeline_csv(printable: Printable) -> bytes:
    """One line for each entry, in their order; times in the zone of the COE with their offset."""
    return _table(TIMELINE, _entries(printable))


def actions_csv(printable: Printable) -> bytes:
    """One line for each action item; the cause is told by its words. Four say what was
    decided, and are empty where nobody decided yet; the last ten how far the promise is on the
    day, and are empty where there is none."""
    return _table(ACTIONS, _actions(printable))


TABLES: dict[str, Callable[[Printable], bytes]] = {
    "timeline": timeline_csv,
    "actions": actions_csv,
}


def _entries(printable: Printable) -> Iterator[tuple[str, ...]]:
    snapshot = printable.snapshot
    zone = ZoneInfo(snapshot.zone)
    for entry in snapshot.entries:
        yield (
            *_moments(entry.instant, zone),
            entry.instant.precision.value,
            entry.kind,
            entry.milestone,
            entry.text,
            entry.evidence,
            str(entry.uid),
        )


def _moments(instant: Instant, zone: ZoneInfo) -> tuple[str, str]:
    exact = "seconds" if instant.has_seconds else "minutes"
    start = instant.at.astimezone(zone).isoformat(timespec=exact)
    return start, instant.end.astimezone(zone).isoformat(timespec=exact) if instant.end else ""


def _actions(printable: Printable) -> Iterator[tuple[str, ...]]:
    causes = {cause.uid: cause.text for cause in printable.snapshot.causes}
    decisions = {each.uid: _decided(each) for each in printable.envelope.decisions}
    today = day_of(printable.as_of, printable.snapshot)
    promises = {each.uid: _promised(each, today) for each in printable.promises}
    for number, action in enumerate(printable.snapshot.actions, 1):
        yield (
            f"A{number}",
            action.title,
            action.done_when,
            action.owner.name if action.owner else "",
            action.owner.role if action.owner else "",
            action.due_on.isoformat() if action.due_on else "",
            f"P{action.priority}",
            action.kind,
            causes.get(action.cause, "") if action.cause else "",
            action.tracker,
            str(action.uid),
            *decisions.get(action.uid, NOT_DECIDED),
            *promises.get(action.uid, NOT_PROMISED),
        )


def _decided(decision: DecisionValue) -> tuple[str, ...]:
    due = decision.due_on.isoformat() if decision.due_on else ""
    return decision.verdict, decision.reason, decision.owner, due


def _promised(promise: PromiseValue, today: date) -> tuple[str, ...]:
    days = (promise.due_on, promise.first_due_on)
    return (
        STANDINGS[promise.state],
        *(day.isoformat() if day else "" for day in days),
        str(promise.moves),
        " ".join(day.isoformat() for day in promise.due_before),
        promise.owner,
        "yes" if promise.is_late else "no",
        promise.done_on.isoformat() if promise.done_on else "",
        promise.evidence or promise.evidence_file,
        today.isoformat(),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    lines = Lines()
    return (MARK + "".join(lines.written(row) for row in (head, *rows))).encode()


class Lines:
    """Writes a table line by line; every cell in quotes, none a formula."""

    def __init__(self) -> None:
        self.writer = csv.writer(_Itself(), quoting=csv.QUOTE_ALL, lineterminator="\r\n")

    def written(self, cells: Iterable[str]) -> str:
        line: str = self.writer.writerow([defused(cell) for cell in cells])
        return line


class _Itself:
    """What a line is written to: itself."""

    def write(self, line: str) -> str:
        return line


def defused(cell: str) -> str:
    """The text so that no spreadsheet runs it: an apostrophe says that text follows. What has one
    there itself gets another, so that it comes back as it was."""
    bare = cell.lstrip("'")
    starts = bare.startswith(FORMULAS) or bare.lstrip().startswith(FORMULAS)
    whole = BEHIND.sub(r"\1'\2", cell)
    return f"'{whole}" if starts else whole


def as_typed(cell: str) -> str:
    """The text of a cell that comes back, without the apostrophes that `defused` put into it."""
    inner = DEFUSED_BEHIND.sub(r"\1\2", cell)
    found = (rest for rest in (inner.removeprefix("'"), inner) if defused(rest) == cell)
    return next(found, cell)
