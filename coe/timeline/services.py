from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from coe.accounts.models import User
from coe.documents.locks import lock_for_content, lock_order
from coe.documents.models import Document
from coe.documents.rows import add_row, add_rows, record_row
from coe.history.models import Action
from coe.history.services import changed
from coe.incidents.models import Milestone, instant_values
from coe.incidents.services import save_milestone
from coe.text.instants import Instant
from coe.timeline.models import Entry
from coe.timeline.places import deal_positions, merged
from coe.timeline.queries import first_later, in_order
from coe.web.errors import StaleAnswer
from coe.web.versions import Conflict, held_at, save_over


@dataclass(frozen=True, slots=True)
class Mark:
    """The milestone that an entry marks, as it was when it had `version`."""

    milestone: Milestone
    version: int


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry among several that are added at once."""

    uid: UUID
    instant: Instant
    text: str


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """An entry whose place among the others is given, and the milestone that it marks."""

    uid: UUID
    instant: Instant
    text: str
    evidence: str
    kind: str
    marks: Milestone | None


@dataclass(frozen=True, slots=True)
class MilestoneChange:
    """What a person typed for one milestone over the one that had `version`."""

    milestone: Milestone
    version: int
    state: str
    instant: Instant | None


class MarkTaken(StaleAnswer):
    """Somebody marked or changed the milestone since it was chosen. Nothing was written."""

    def __init__(self, milestone: Milestone) -> None:
        super().__init__(
            f"Somebody else marked or changed “{milestone.get_kind_display()}” meanwhile. Look at "
            "it, then choose again what this entry marks."
        )


@transaction.atomic
def add_entry(
    document: Document,
    *,
    uid: UUID,
    instant: Instant,
    text: str,
    evidence: str = "",
    kind: str = "",
    mark: Mark | None = None,
    by: User,
    place: int | None = None,
    token: UUID | None = None,
) -> Entry:
    """Add an entry in front of the first that is later; adding the same `uid` again is once.

    With a `place` so many stand before it, whatever their times. The milestone that it marks
    becomes recorded, with that instant. Raises `ReadOnly` if the document is approved, `MarkTaken`
    if somebody else was faster with the milestone.
    """
    lock_for_content(document)
    lock_order(document, Entry)
    if mark and Entry.objects.filter(document=document, uid=uid).exists():
        if Milestone.objects.get(pk=mark.milestone.pk).instant != instant:
            raise Conflict
    elif mark:
        _record_marked(document, mark, instant, uid=uid, by=by, token=token)
    later = first_later(document, instant) if place is None else in_order(document)[place:].first()
    values = _values(instant, text=text, evidence=evidence, kind=kind, mark=mark)
    return add_row(
        Entry, document=document, uid=uid, values=values, by=by, before=later, token=token
    )


@transaction.atomic
def append_entries(document: Document, *, entries: Sequence[PlacedEntry], by: User) -> None:
    """Add several entries that are not there yet, in their order, behind all others.

    The milestones that they mark are recorded at those times already. Raises `ReadOnly` if the
    document is approved.
    """
    rows = {
        each.uid: _values(
            each.instant,
            text=each.text,
            evidence=each.evidence,
            kind=each.kind,
            mark=Mark(each.marks, each.marks.version) if each.marks else None,
        )
        for each in entries
    }
    add_rows(Entry, document=document, rows=rows, by=by)


@transaction.atomic
def save_entry(
    entry: Entry,
    *,
    version: int,
    instant: Instant,
    text: str,
    evidence: str = "",
    kind: str = "",
    mark: Mark | None = None,
    by: User,
    token: UUID | None = None,
) -> None:
    """Write an entry over the one that had `version`; it keeps its place.

    The milestone that it marks becomes recorded, with that instant; one that it marks no longer
    stays as it is. Raises `Conflict` if somebody else saved the entry or the time of its
    milestone, `MarkTaken` for another milestone, `ReadOnly` if the document is approved.
    """
    lock_for_content(entry.document)
    lock_order(entry.document, Entry)
    stored = held_at(entry, version)
    happened = stored.happened
    is_moved = False
    if mark:
        is_moved = _record_marked(entry.document, mark, instant, uid=stored.uid, by=by, token=token)
    values = _values(instant, text=text, evidence=evidence, kind=kind, mark=mark)
    before, after = changed(stored.content(), values)
    if after:
        save_over(entry, version=version, values=values)
        record_row(Action.CHANGED, entry, by=by, before=before, after=after, token=token)
    elif is_moved:
        _count_move(entry, happened, instant, version=version, by=by, token=token)


@transaction.atomic
def add_entries(document: Document, *, entries: Sequence[NewEntry], by: User) -> int:
    """Add several entries at once, all or none, each in front of the first that is later.

    Entries that are there already are not added again; return how many were new. Raises
    `ReadOnly` if the document is approved, `Conflict` if one is there and says something else.
    """
    lock_for_content(document)
    lock_order(document, Entry)
    order = list(in_order(document))
    there = {each.uid: each for each in order}
    new = []
    for each in entries:
        values = _values(each.instant, text=each.text)
        if each.uid not in there:
            new.append(Entry(document=document, uid=each.uid, position=0, **values))
        elif changed(there[each.uid].content(), values)[1]:
            raise Conflict
    result = merged(order, new)
    moved = deal_positions(result)
    Entry.objects.bulk_update([each for each in moved if each.pk], ["position"])
    Entry.objects.bulk_create(new)
    for place, row in enumerate(result):
        if row.uid not in there:
            record_row(Action.ADDED, row, by=by, after=row.content() | {"place": place})
    return len(new)


@transaction.atomic
def put_in_place(entry: Entry, *, by: User) -> None:
    """Move an entry in front of the first other one that is later; its version stays.

    Raises `Conflict` if somebody removed it, `ReadOnly` if the document is approved.
    """
    lock_for_content(entry.document)
    lock_order(entry.document, Entry)
    order = list(in_order(entry.document))
    found = next((each for each in order if each.pk == entry.pk), None)
    if found is None:
        raise Conflict
    place = order.index(found)
    others = [each for each in order if each is not found]
    target = merged(others, [found])
    if target.index(found) == place:
        return
    Entry.objects.bulk_update(deal_positions(target, keep=False), ["position"])
    record_row(
        Action.MOVED, found, by=by, before={"place": place}, after={"place": target.index(found)}
    )


@transaction.atomic
def save_milestones(
    document: Document, *, changes: Iterable[MilestoneChange], by: User, token: UUID | None = None
) -> None:
    """Write several milestones at once, all or none.

    An entry that marks one which is no longer recorded keeps the time as its own and marks
    nothing. Raises `Conflict` if somebody else saved one of them, `ReadOnly` if the COE is
    approved.
    """
    lock_for_content(document)
    lock_order(document, Entry)
    for change in changes:
        milestone = change.milestone
        known = Milestone.objects.get(pk=milestone.pk).instant
        save_milestone(
            milestone,
            version=change.version,
            state=change.state,
            instant=change.instant,
            document_id=document.pk,
            by=by,
            token=token,
        )
        if known != change.instant:
            _follow_milestone(milestone, known, by=by)


def _follow_milestone(milestone: Milestone, known: Instant | None, *, by: User) -> None:
    """Let the entry that marks `milestone`, which was at `known`, follow what it is now.

    Its version counts the new time as well: a form that was opened over the old one is stale.
    """
    stored = Entry.objects.select_for_update(of=("self",), no_key=True)
    entry = stored.filter(milestone=milestone).first()
    if entry is None:
        return
    assert known
    if milestone.instant:
        _count_move(entry, known, milestone.instant, version=entry.version, by=by)
        return
    values = {**instant_values(known), "milestone_id": None}
    before, after = changed(entry.content(), values)
    save_over(entry, version=entry.version, values=values)
    record_row(Action.CHANGED, entry, by=by, before=before, after=after)


def _count_move(
    entry: Entry,
    was: Instant,
    now: Instant,
    *,
    version: int,
    by: User,
    token: UUID | None = None,
) -> None:
    """Count a version of an entry that its milestone took along to another time, and tell it."""
    save_over(entry, version=version, values={})
    moments = [{"happened": instant_values(each)} for each in (was, now)]
    record_row(Action.CHANGED, entry, by=by, before=moments[0], after=moments[1], token=token)


def _record_marked(
    document: Document,
    mark: Mark,
    instant: Instant,
    *,
    uid: UUID,
    by: User,
    token: UUID | None,
) -> bool:
    """Record the milestone that the entry `uid` marks; return whether that changed it."""
    milestone = Milestone.objects.filter(
        pk=mark.milestone.pk, incident=document.incident_id
    ).first()
    taken = Entry.objects.filter(milestone=mark.milestone).exclude(document=document, uid=uid)
    if milestone is None or taken.exists():
        raise MarkTaken(mark.milestone)
    try:
        save_milestone(
            milestone,
            version=mark.version,
            state=Milestone.State.RECORDED,
            instant=instant,
            document_id=document.pk,
            by=by,
            token=token,
        )
    except Conflict:
        raise MarkTaken(milestone) from None
    return milestone.version != mark.version


def _values(
    instant: Instant,
    *,
    text: str,
    evidence: str = "",
    kind: str = "",
    mark: Mark | None = None,
) -> dict[str, Any]:
    """The columns of an entry: its own instant, or the milestone that has it."""
    return {
        **instant_values(None if mark else instant),
        "milestone_id": mark and mark.milestone.pk,
        "text": text,
        "evidence": evidence,
        "kind": kind,
    }
