"""Saying that an action item of one COE serves another, and taking that back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import now

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseState
from coe.documents.models import Document
from coe.documents.queries import is_author
from coe.history.models import Action
from coe.history.services import record
from coe.promises.holding import hold
from coe.promises.models import Serving
from coe.web.errors import StaleAnswer

SUBJECT = "serving"
NO_NOTE = "Say what it mends here, so that readers of this COE understand it."


@transaction.atomic
def link_promise(promise: Promise, *, document: Document, note: str, by: User) -> Serving:
    """Say that `promise`, an item of another COE, serves `document`, and what it mends there.

    Who decides over it stays who it was. Raises `PermissionDenied` to those who do not write
    `document` or may not see the item, `StaleAnswer` where nobody will do it any more or it is
    said already, and `ValidationError` by field without the sentence, or for an item of its own.
    """
    fresh = hold(promise)
    if not is_author(by, document) or not _is_seen(fresh, by):
        raise PermissionDenied("Whoever writes a COE links what they may read to it.")
    if fresh.document_id == document.pk:
        raise ValidationError({"promise": "This is an item of this COE itself."})
    if fresh.state == PromiseState.WONT_DO:
        raise StaleAnswer("It was decided not to do this, so it mends nothing here.")
    if Serving.objects.standing().filter(promise=fresh, document=document).exists():
        raise StaleAnswer("Somebody linked this meanwhile. Look at what they wrote.")
    if not note.strip():
        raise ValidationError({"note": NO_NOTE})
    serving = Serving.objects.create(
        promise=fresh, document=document, note=note.strip(), linked_by=by, name=by.name
    )
    _record(Action.ADDED, serving, by=by)
    return serving


@transaction.atomic
def unlink_promise(serving: Serving, *, by: User) -> None:
    """Take back that an item serves a COE; `by` writes that COE.

    Raises `PermissionDenied` to others, `StaleAnswer` where that was done already.
    """
    if not is_author(by, serving.document):
        raise PermissionDenied("Whoever writes a COE takes back what is linked to it.")
    held = Serving.objects.standing().filter(pk=serving.pk)
    if not held.update(removed_at=now(), removed_by=by):
        raise StaleAnswer("Somebody took this back meanwhile.")
    _record(Action.REMOVED, serving, by=by)


def _is_seen(promise: Promise, user: User) -> bool:
    return Promise.objects.visible_to(user).filter(pk=promise.pk).exists()


def _record(action: Action, serving: Serving, *, by: User) -> None:
    """Tell both COEs, and neither what is of the other alone.

    The history of the COE that is served has its own sentence and not the title of the item. That
    of the home has the title, so that who decides there knows that others count on it, and not
    which they are; of a restricted one it has nothing.
    """
    served, promise = serving.document, serving.promise
    record(
        action,
        by=by,
        subject=SUBJECT,
        key=serving.pk,
        document_id=served.pk,
        after={"note": serving.note},
    )
    if not served.is_restricted:
        record(
            action,
            by=by,
            subject=SUBJECT,
            key=serving.pk,
            document_id=promise.document_id,
            after={"title": promise.title},
        )
