"""Rows and documents as the tests of the document need them, each made in one line."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.documents.models import Document, DocumentRow, State
from coe.documents.rows import add_row
from coe.documents.services import open_coe
from coe.incidents.models import Severity
from coe.text.instants import Instant, Precision
from coe.timeline.models import Entry
from coe.whys.models import Cause, Explanation
from coe.whys.services import add_cause


def moment(clock: str, *, precision: Precision = Precision.MINUTE, end: str = "") -> Instant:
    """A clock time (UTC) on the day of the tests, 14 November 2026."""
    return Instant(_on_the_day(clock), precision, _on_the_day(end) if end else None)


def _on_the_day(clock: str) -> datetime:
    return datetime.combine(datetime(2026, 11, 14, tzinfo=UTC), time.fromisoformat(clock), UTC)


def make_line(document: Document, text: str, *, uid: UUID | None = None, **more: Any) -> Entry:
    """An entry at the end of the timeline, whatever its time; 09:30 unless `at` is given."""
    values = {"at": moment("09:30").at, "text": text} | more.pop("values", {})
    line: Entry = add_row(
        Entry,
        document=document,
        uid=uid or uuid4(),
        values=values,
        by=more.pop("by", document.owner),
        **more,
    )
    return line


def make_cause(document: Document, text: str, *, explains: Sequence[Cause] = ()) -> Cause:
    return add_cause(
        document, uid=uuid4(), values={"text": text}, explains=explains, by=document.owner
    )


def make_action(document: Document, title: str, **values: Any) -> ActionItem:
    return add_row(
        ActionItem,
        document=document,
        uid=uuid4(),
        values={"title": title} | values,
        by=document.owner,
    )


def make_document(owner: User, title: str = "Another outage") -> Document:
    assert owner.team is not None
    return open_coe(
        uid=uuid4(),
        title=title,
        severity=Severity.THREE,
        team=owner.team,
        zone="UTC",
        by=owner,
    )


def approve(document: Document) -> None:
    """Put the working copy into the state that a sign-off brings it to."""
    Document.objects.filter(pk=document.pk).update(state=State.APPROVED)


def run_and_check(statement: str, values: Sequence[int | bool | UUID]) -> None:
    """Run a statement past every service, and have the database check it at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def texts(document: Document, kind: type[DocumentRow] = Entry) -> list[str]:
    """What the rows of one kind are called, in their order."""
    return [str(row) for row in kind._default_manager.filter(document=document)]


def edges(document: Document) -> list[tuple[str, str, bool]]:
    """Which cause explains which, and whether that is where it is drawn."""
    stored = Explanation.objects.filter(document=document).order_by("cause__text", "-is_primary")
    return list(stored.values_list("cause__text", "effect__text", "is_primary"))
