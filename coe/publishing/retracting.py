"""Taking from readers what was published, with a reason that stays."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from coe.accounts.models import User
from coe.actions.services import keep_promises
from coe.documents.locks import lock_whole
from coe.documents.models import Document
from coe.history.models import Action
from coe.history.services import record
from coe.notices.events import Event, announce
from coe.notices.models import Kind
from coe.notices.services import tell
from coe.publishing.models import Publication, Retraction
from coe.publishing.queries import concerned_with, decides_on_readers
from coe.web.errors import StaleAnswer


@transaction.atomic
def retract(document: Document, *, version: int, reason: str, by: User) -> Retraction:
    """Take `version`, which readers have, from them, and every version before it.

    They get a stub that says who, when and why; what was promised is dropped. The working copy
    stays as it is, but an approval of it that was given before publishes nothing any more. Only a
    corrected version that is published takes the place of the stub.

    Raises `PermissionDenied` to everybody but the owner, those who approve and leaders,
    `ValidationError` of `reason` without one, `StaleAnswer` if readers have another version by now
    or nothing.
    """
    fresh = lock_whole(document)
    if not decides_on_readers(by, fresh):
        raise PermissionDenied("The owner, whoever approves it, or a leader retracts a COE.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is retracted."})
    if fresh.current_version != version:
        raise StaleAnswer(_otherwise(fresh.current_version))
    people = concerned_with(fresh)
    retraction = _take_away(fresh, reason=reason, by=by)
    record(
        Action.RETRACTED,
        by=by,
        subject="document",
        key=fresh.reference,
        document_id=fresh.pk,
        version=version,
        after={"reason": reason},
    )
    tell(Kind.RETRACTED, people=people, document=fresh, by=by, text=reason)
    announce(Event.COE_RETRACTED, document=fresh, by=by)
    return retraction


NOTHING_OUT = "Readers have nothing of this COE now, so there is nothing to retract."


def _otherwise(current: int | None) -> str:
    """What readers have instead of what was on the screen."""
    if current is None:
        return NOTHING_OUT
    return (
        f"Version {current} was published meanwhile, so nothing was retracted. "
        "Look at it, then decide."
    )


def _take_away(document: Document, *, reason: str, by: User) -> Retraction:
    current = document.publications.get(state=Publication.State.CURRENT)
    Publication.objects.filter(pk=current.pk).update(state=Publication.State.RETRACTED)
    Document.objects.filter(pk=document.pk).update(
        current_version=None, retracted_version=current.version
    )
    keep_promises(document, promised=[], by=by)
    return Retraction.objects.create(
        document=document,
        publication=current,
        user=by,
        name=by.name,
        role=by.role(),
        reason=reason,
    )
