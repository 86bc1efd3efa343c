"""The action items as a table for a spreadsheet, which comes back with changes (`changes.py`).

The last five columns are empty: what is typed there is what should change. Nothing else of a table
that comes back is read but which item each line is about.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from coe.actions.models import Promise
from coe.exports.csv_tables import MARK, Lines

REFERENCE, UID = "COE", "Id"
NEW_DUE, NEW_STATE, NEW_TICKET = "New due date", "New state", "New ticket"
REASON, EVIDENCE = "Reason", "Evidence"
TOLD = (
    "Title",
    "State",
    "Late",
    "Owner",
    "Due",
    "First due",
    "Moved",
    "Priority",
    "Kind",
    "Kind of cause",
    "Team",
    "Service",
    "Severity",
    "Ticket",
    "Done on",
    "Can be verified from",
)
ASKED = (NEW_DUE, NEW_STATE, NEW_TICKET, REASON, EVIDENCE)
HEAD = (REFERENCE, UID, *TOLD, *ASKED)
AT_ONCE = 500


def table_of(items: Iterable[Promise], *, moment: datetime) -> Iterator[str]:
    """The lines of the table at `moment`, one for each item (from `furnished`), in their order."""
    lines = Lines()
    yield MARK + lines.written(HEAD)
    for promise in items:
        yield lines.written(_cells(promise, moment))


def _cells(promise: Promise, moment: datetime) -> tuple[str, ...]:
    owner, service = promise.owner, promise.service
    return (
        promise.document.reference,
        str(promise.uid),
        promise.title,
        promise.get_state_display(),
        "yes" if promise.is_late_at(moment) else "no",
        owner.name if owner else "",
        _day(promise.due_on),
        _day(promise.first_due_on),
        str(promise.moves),
        promise.get_priority_display(),
        promise.get_kind_display(),
        promise.get_cause_kind_display(),
        promise.team.name,
        service.name if service else "",
        str(promise.severity or ""),
        promise.tracker,
        _day(promise.done_on),
        _day(promise.verify_from),
        *("" for _ in ASKED),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
