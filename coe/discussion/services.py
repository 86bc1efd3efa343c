"""What people do in a discussion: open, answer, resolve, reopen a thread.

All of it takes the document as those do who write in it, so that nothing is said while it is being
judged: an approval has either seen a must or shuts it out.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import now

from coe.accounts.models import User
from coe.discussion.anchors import Anchor, anchor_at, meant
from coe.discussion.models import Message, Thread
from coe.discussion.places import Held, Place, held_at, place_of, storable
from coe.discussion.queries import called_in
from coe.discussion.rules import may_see, part_in
from coe.documents.locks import ReadOnly, lock_for_content
from coe.documents.models import Document
from coe.history.models import Action
from coe.history.services import record
from coe.notices.models import Kind as Notice
from coe.notices.services import tell
from coe.web.errors import StaleAnswer
from coe.web.versions import Conflict

SUBJECT = "thread"
"""What the history calls a thread; its key there is the thread's UUID. The words of a thread are
in the thread alone, so that what was pasted by mistake is removed in one place."""
NO_QUOTE = "Quote the words that should be replaced."
NO_TEXT = "Say what you mean."
NO_NOTE = "Say how it was settled, so that {} can agree."
SAME = "These are the words that stand there. Say what should stand instead."
NOT_THERE = "These words do not stand here as you typed them. Copy them from the text."


class Rests(StaleAnswer):
    """The COE is approved: what was said about it can be read, and nothing is added."""

    def __init__(self) -> None:
        super().__init__(
            "This COE has been approved, so what was said about it stands as well. "
            "Its owner can reopen it; then the discussion goes on."
        )


class PlaceGone(StaleAnswer):
    """What somebody wanted to speak about was removed meanwhile."""

    def __init__(self) -> None:
        super().__init__("This was removed from the COE since you opened it.")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody opens a thread with, as it was typed.

    `before` and `after` are what is read around the quote, where it was selected on the page.
    """

    kind: str
    text: str = ""
    quote: str = ""
    replacement: str = ""
    before: str = ""
    after: str = ""


@transaction.atomic
def open_thread(document: Document, *, uid: UUID, place: Place, said: Said, by: User) -> Thread:
    """Say something about a place of the working copy; the same `uid` again is once.

    Raises `PermissionDenied` to who may not see it, or opens a must without having been asked to
    review; `Rests` if it is approved, `PlaceGone` if the row was removed, `Conflict` if `uid` says
    something else, and `ValidationError` by field: quoted words that do not stand there, or not
    in one place alone.
    """
    hold(document, by)
    if there := Thread.objects.filter(document=document, uid=uid).first():
        return _same_or_conflict(there, place, said, by=by)
    if said.kind == Thread.Kind.MUST and not part_in(document, by).may_demand:
        raise PermissionDenied("Who was asked to review says what must change.")
    held = held_at(document, place)
    if not held.is_there:
        raise PlaceGone
    field, anchor = _quoted(held, said)
    replacement = _replacement(held, field, anchor, said)
    if not said.text and said.kind != Thread.Kind.SUGGESTION:
        raise ValidationError({"text": NO_TEXT})
    thread = Thread.objects.create(
        document=document,
        uid=uid,
        kind=said.kind,
        subject=place.subject,
        key=place.key,
        field=field,
        quote=anchor.quote,
        before=anchor.before,
        after=anchor.after,
        rival=anchor.rival,
        replacement=replacement,
        opened_by=by,
    )
    _record(Action.ADDED, thread, by=by, after={"kind": thread.kind, "place": str(place)})
    told = _say(thread, uid, said.text, by=by) if said.text else []
    owner = [document.owner] if document.owner not in told else []
    _tell(Notice.ANSWERED, thread, owner, by=by)
    return thread


@transaction.atomic
def add_message(thread: Thread, *, uid: UUID, text: str, by: User) -> Message:
    """Say something in a thread; the same `uid` again is once.

    A thread that was resolved, meanwhile as well, takes it and stays resolved: what was typed is
    kept, and who opened it is told and can reopen it. Raises `PermissionDenied` to who may not
    see the COE, `Rests` if it is approved, `Conflict` if `uid` says something else.
    """
    hold(thread.document, by)
    if there := thread.messages.filter(uid=uid).first():
        if there.author_id != by.pk or (there.text != text and not there.emptied_at):
            raise Conflict
        return there
    if not text.strip():
        raise ValidationError({"text": NO_TEXT})
    before = User.objects.filter(pk__in={*_speakers(thread), thread.opened_by_id})
    told = _say(thread, uid, text, by=by)
    rest = [each for each in before if each not in told]
    _tell(Notice.ANSWERED, thread, rest, by=by)
    return thread.messages.get(uid=uid)


@transaction.atomic
def resolve_thread(thread: Thread, *, note: str = "", by: User) -> Thread:
    """Settle a thread; settling it again as the same person changes nothing.

    Whoever opened it may, and the owner of the COE with a note. Raises `PermissionDenied` to
    others, `ValidationError` of `note` where the owner says nothing, `StaleAnswer` if somebody
    else has settled it meanwhile, `Rests` if the COE is approved.
    """
    fresh = hold_thread(thread, by)
    part = part_in(fresh.document, by)
    if not part.may_resolve(fresh):
        raise PermissionDenied("Who opened it, or the owner of the COE, says that it is settled.")
    if fresh.resolved_by:
        if fresh.resolved_by_id == by.pk:
            return fresh
        raise StaleAnswer(f"{fresh.resolved_by.name} has settled this meanwhile.")
    if part.needs_note(fresh) and not note.strip():
        raise ValidationError({"note": NO_NOTE.format(fresh.opened_by.name)})
    settle(fresh, by=by, resolution_note=note.strip())
    return fresh


@transaction.atomic
def reopen_thread(thread: Thread, *, by: User) -> Thread:
    """Take up a thread that was settled; one that is open stays so.

    Whoever may settle it may, and for a must whoever was asked to review. Raises
    `PermissionDenied` to others, `StaleAnswer` for a suggestion that was taken (the text is
    changed), `Rests` if the COE is approved.
    """
    fresh = hold_thread(thread, by)
    if not part_in(fresh.document, by).may_reopen(fresh):
        raise PermissionDenied("Who opened it, or the owner of the COE, takes it up again.")
    if fresh.taken_at:
        raise StaleAnswer("This suggestion was taken, so the text has changed. Open another.")
    if fresh.is_open:
        return fresh
    _write(fresh, resolved_by=None, resolved_at=None, resolution_note="")
    _record(Action.CHANGED, fresh, by=by, before={"is_open": False}, after={"is_open": True})
    _tell(Notice.ANSWERED, fresh, [fresh.opened_by, fresh.document.owner], by=by)
    return fresh


def hold(document: Document, by: User) -> None:
    """Keep the state of `document`, of which `by` has to see the working copy now."""
    try:
        lock_for_content(document)
    except ReadOnly:
        raise Rests from None
    if not may_see(by, document):
        raise PermissionDenied("You may no longer read this COE.")


def hold_thread(thread: Thread, by: User) -> Thread:
    """`hold`, and the thread as it is now, alone until the transaction ends."""
    hold(Document.objects.get(pk=thread.document_id), by)
    Thread.objects.select_for_update(no_key=True).only("pk").get(pk=thread.pk)
    people = ("document__owner", "opened_by", "resolved_by")
    fresh: Thread = Thread.objects.select_related(*people).get(pk=thread.pk)
    return fresh


def settle(thread: Thread, *, by: User, **values: Any) -> None:
    """Write that a thread, which the caller holds, is settled, and tell who opened it."""
    _write(thread, resolved_by=by, resolved_at=now(), **values)
    after = {"is_open": False, "is_taken": thread.taken_at is not None}
    _record(Action.CHANGED, thread, by=by, before={"is_open": True}, after=after)
    _tell(Notice.ANSWERED, thread, [thread.opened_by], by=by)


def _quoted(held: Held, said: Said) -> tuple[str, Anchor]:
    """The field that the quote stands in, and what to keep of it; nothing where none is made."""
    if not said.quote.strip():
        if said.kind == Thread.Kind.SUGGESTION:
            raise ValidationError({"quote": NO_QUOTE})
        return "", Anchor("")
    quote = said.quote.strip()
    spans = [
        (field, span)
        for field, text in held.texts.items()
        for span in meant(text, quote, before=said.before, after=said.after)
    ]
    if not spans:
        raise ValidationError({"quote": NOT_THERE})
    if len(spans) > 1:
        raise ValidationError(
            {
                "quote": f"These words stand here {len(spans)} times. "
                "Quote some more of the words around them, so that it is clear which you mean."
            }
        )
    ((field, span),) = spans
    return field, anchor_at(held.texts[field], span)


def _replacement(held: Held, field: str, anchor: Anchor, said: Said) -> str:
    """What is suggested, if the text could be saved with it."""
    if said.kind != Thread.Kind.SUGGESTION:
        return ""
    if said.replacement == anchor.quote:
        raise ValidationError({"replacement": SAME})
    try:
        storable(held, field, held.texts[field].replace(anchor.quote, said.replacement, 1))
    except ValidationError as error:
        raise ValidationError({"replacement": error.messages}) from error
    return said.replacement


def _same_or_conflict(there: Thread, place: Place, said: Said, *, by: User) -> Thread:
    first = there.messages.filter(uid=there.uid).first()
    was = (place_of(there), there.kind, first.text if first else "", there.opened_by_id)
    if was != (place, said.kind, said.text, by.pk):
        raise Conflict
    return there


def _say(thread: Thread, uid: UUID, text: str, *, by: User) -> list[User]:
    """Write a message down; return those whom it mentions, who are told."""
    Message.objects.create(thread=thread, uid=uid, author=by, text=text)
    if uid != thread.uid:
        _record(Action.ADDED, thread, by=by, after={"message": str(uid)})
    called = called_in(text, thread.document)
    _tell(Notice.MENTIONED, thread, called, by=by)
    return called


def _speakers(thread: Thread) -> set[int]:
    return set(thread.messages.values_list("author", flat=True))


def _tell(kind: Notice, thread: Thread, people: list[User], *, by: User) -> None:
    """Tell of it in words that hold none of the COE: who may read it follows the link.

    Whoever has not looked yet is told once of a thread, however much is said in it.
    """
    tell(
        kind,
        people=people,
        document=thread.document,
        by=by,
        text=f"{thread.get_kind_display()}: {place_of(thread).kind}",
        anchor=f"thread-{thread.uid}",
        key=str(thread.uid),
    )


def _write(thread: Thread, **values: Any) -> None:
    Thread.objects.filter(pk=thread.pk).update(**values)
    for name, value in values.items():
        setattr(thread, name, value)


def _record(
    action: Action,
    thread: Thread,
    *,
    by: User,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record(
        action,
        by=by,
        subject=SUBJECT,
        key=thread.uid,
        document_id=thread.document_id,
        before=before,
        after=after,
    )
