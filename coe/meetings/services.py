"""Holding a meeting: start, read, walk, decide, end. Each step is taken once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from coe.accounts.models import User
from coe.documents.locks import lock_whole
from coe.documents.models import Document
from coe.history.models import Action
from coe.history.services import record
from coe.meetings.models import Meeting, MeetingDecision, Phase
from coe.meetings.rules import may_hold
from coe.snapshots.services import take_snapshot
from coe.web.errors import StaleAnswer

LONGER = timedelta(minutes=5)
"""What one click adds to the reading."""
WHO_HOLDS = "The authors of this COE and those who review it hold its meetings. You can follow one."
SENT_BEFORE = "This page wrote down another decision already, and that stands. Write a new one."
OVER = "This meeting has ended, so nothing can be added to it. Start another one."


@transaction.atomic
def start_meeting(
    document: Document, *, uid: UUID, presenter: User, minutes: int, present: str = "", by: User
) -> Meeting:
    """Let everybody read for `minutes`; the same `uid` again is once.

    Raises `PermissionDenied` to those who may not hold one, `StaleAnswer` while another runs.
    """
    fresh = lock_whole(document)
    _refuse_others(fresh, by)
    if again := Meeting.objects.filter(document=fresh, uid=uid).first():
        return again
    if fresh.meetings.running().exists():
        raise StaleAnswer("Somebody has started a meeting about this COE already. Join that one.")
    begun = now()
    meeting = Meeting.objects.create(
        document=fresh,
        uid=uid,
        number=fresh.meetings.count() + 1,
        presenter=presenter,
        presenter_name=presenter.name,
        present=present,
        digest=take_snapshot(fresh).digest,
        started_by=by,
        started_at=begun,
        reading_until=begun + timedelta(minutes=minutes),
    )
    _record(Action.ADDED, meeting, by=by, after={"presenter": presenter.name, "present": present})
    return meeting


@transaction.atomic
def read_longer(meeting: Meeting, *, by: User) -> None:
    """Give everybody `LONGER`, from now where the time is over. Raises as `walk_through` does."""
    fresh = _running(meeting, by)
    if fresh.phase != Phase.READING:
        raise StaleAnswer("It is being gone through by now. Whoever still reads can go on reading.")
    until = max(fresh.reading_until, now()) + LONGER
    Meeting.objects.filter(pk=fresh.pk).update(reading_until=until)


@transaction.atomic
def walk_through(meeting: Meeting, *, by: User) -> None:
    """End the reading; doing so again changes nothing.

    Raises `PermissionDenied` to those who may not hold it, `StaleAnswer` once it has ended.
    """
    fresh = _running(meeting, by)
    if fresh.phase == Phase.READING:
        Meeting.objects.filter(pk=fresh.pk).update(walked_at=now())


@transaction.atomic
def add_decision(meeting: Meeting, *, uid: UUID, text: str, chapter: str = "", by: User) -> None:
    """Write down what was decided; the same `uid` again is once.

    Raises as `walk_through` does, and `StaleAnswer` if `uid` says something else.
    """
    fresh = _running(meeting, by)
    decision, is_new = MeetingDecision.objects.get_or_create(
        meeting=fresh, uid=uid, defaults={"text": text, "chapter": chapter, "by": by}
    )
    if is_new:
        _record(Action.CHANGED, fresh, by=by, after={"decided": decision.text})
    elif decision.text not in ("", text):
        raise StaleAnswer(SENT_BEFORE)


@transaction.atomic
def remove_decision(meeting: Meeting, *, uid: UUID, by: User) -> None:
    """Take a decision back while the meeting runs; one that is gone already stays gone.

    Raises as `walk_through` does.
    """
    fresh = _running(meeting, by)
    for decision in fresh.decisions.filter(uid=uid):
        decision.delete()
        _record(Action.CHANGED, fresh, by=by, before={"decided": decision.text})


@transaction.atomic
def end_meeting(meeting: Meeting, *, by: User) -> None:
    """End it: from now on its record stands. Raises as `walk_through` does."""
    fresh = _running(meeting, by)
    Meeting.objects.filter(pk=fresh.pk).update(ended_at=now())
    record(
        Action.MET,
        by=by,
        subject="document",
        key=fresh.document.reference,
        document_id=fresh.document_id,
        after={"meeting": fresh.number, "decisions": fresh.decisions.count()},
    )


def _running(meeting: Meeting, by: User) -> Meeting:
    """The meeting as it is now, held alone through its COE."""
    _refuse_others(lock_whole(meeting.document), by)
    fresh = Meeting.objects.select_related("document").get(pk=meeting.pk)
    if fresh.phase == Phase.ENDED:
        raise StaleAnswer(OVER)
    return fresh


def _refuse_others(document: Document, by: User) -> None:
    if not may_hold(by, document):
        raise PermissionDenied(WHO_HOLDS)


def _record(
    action: Action,
    meeting: Meeting,
    *,
    by: User,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record(
        action,
        by=by,
        subject="meeting",
        key=meeting.uid,
        document_id=meeting.document_id,
        before=before,
        after=after,
    )
