from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import now

from coe.accounts.models import User
from coe.documents.locks import lock_even_discarded, lock_whole
from coe.documents.models import Document, Participant, State
from coe.documents.queries import KEPT_FOR
from coe.documents.services import add_participant, change_owner, remove_participant
from coe.history.models import Action
from coe.history.services import record
from coe.notices.models import Kind
from coe.notices.services import tell
from coe.reviews.rounds import ask_approvers, ask_the_guide_again
from coe.reviews.rules import Approvers, approvers_of, is_owner
from coe.web.errors import StaleAnswer


@transaction.atomic
def ask_who_approves_now(*, by: User) -> None:
    """Let those who approve now, after a change to teams or people, read what is in review.

    Without it a restricted COE could be left with an approver who may not see it. Nobody loses
    sight by it.
    """
    approvers = Approvers()
    for document in Document.objects.filter(state=State.IN_REVIEW).order_by("pk"):
        fresh = lock_whole(document)
        if fresh.state == State.IN_REVIEW:
            ask_approvers(fresh, approvers.of(fresh), by=by)


@transaction.atomic
def ask_who_approves(document: Document, *, by: User) -> None:
    """`ask_who_approves_now` for one COE, whose facts have changed: another team, another approver.
    Whom the guide names for it as it is now is asked as well.

    Must be called in the transaction of the change.
    """
    fresh = lock_whole(document)
    if fresh.state == State.IN_REVIEW:
        ask_approvers(fresh, approvers_of(fresh), by=by)
        ask_the_guide_again(fresh, by=by)


@transaction.atomic
def hand_over_document(document: Document, *, to: User, by: User) -> None:
    """Make `to` the owner of one COE; `by`, who was, stays as a contributor.

    Its owner never approves a COE, so of one in review it is settled anew who does. Raises
    `PermissionDenied` to everybody but the owner, `StaleAnswer` while it is approved, and
    `ValidationError` of `to` if they cannot take it over: also where `by` could then approve what
    they submitted themselves.
    """
    heir = User.objects.select_for_update(no_key=True).get(pk=to.pk)
    fresh = lock_whole(document)
    if not is_owner(by, fresh):
        raise PermissionDenied("Only the owner hands a COE over.")
    if fresh.state == State.APPROVED:
        raise StaleAnswer(OWNER_STANDS)
    if not heir.is_active or is_owner(heir, fresh):
        raise ValidationError({"to": f"{heir.name} cannot take over. Choose somebody else."})
    change_owner(fresh, to=heir, by=by)
    fresh.owner = heir
    remove_participant(fresh, user=heir, role=Participant.Role.CONTRIBUTOR, by=by)
    add_participant(fresh, user=by, role=Participant.Role.CONTRIBUTOR, by=by)
    tell(Kind.HANDED_OVER, people=[heir], document=fresh, by=by)
    if fresh.state == State.IN_REVIEW:
        ask_approvers(fresh, _approvers_beside(heir, fresh, was=by), by=by)


OWNER_STANDS = (
    "This COE has been approved, and who owns it is part of what was approved. "
    "Reopen it, then hand it over."
)


def _approvers_beside(heir: User, document: Document, *, was: User) -> list[User]:
    """Who approves now that `heir` owns it and `was` no longer does.

    Raises `ValidationError` if nobody would, or `was` would.
    """
    approvers = Approvers().of(document)
    if not approvers:
        raise ValidationError(
            {
                "to": f"If {heir.name} owned this COE, nobody could approve it. "
                "Choose somebody else, or take it back from review first."
            }
        )
    if was in approvers:
        raise ValidationError(
            {
                "to": f"If {heir.name} owned this COE, you would approve what you submitted. "
                "Choose somebody else, or take it back from review first."
            }
        )
    return approvers


def may_be_discarded(document: Document) -> bool:
    """Whether it is a draft that nobody was ever asked to review: submitting keeps the text."""
    return document.state == State.DRAFT and not document.snapshots.exists()


@transaction.atomic
def discard_draft(document: Document, *, by: User) -> None:
    """Throw a draft away; for `KEPT_FOR` its owner can bring it back. Doing so again is once.

    Raises `PermissionDenied` to everybody but the owner, `StaleAnswer` if it was ever submitted:
    what was reviewed is withdrawn, not deleted.
    """
    fresh = _own(document, by)
    if fresh.discarded_at:
        return
    if not may_be_discarded(fresh):
        raise StaleAnswer(WAS_SUBMITTED)
    Document.objects.filter(pk=fresh.pk).update(discarded_at=now())
    _record(Action.DISCARDED, fresh, by=by)


WAS_SUBMITTED = (
    "Somebody was asked to review this COE, so it is kept. "
    "What is in review can be taken back: then it is a draft again, and nobody is asked."
)


@transaction.atomic
def bring_back_draft(document: Document, *, by: User) -> None:
    """Undo `discard_draft`; bringing back what is there changes nothing.

    Raises `PermissionDenied` to everybody but the owner, `StaleAnswer` after `KEPT_FOR`.
    """
    fresh = _own(document, by)
    if fresh.discarded_at is None:
        return
    if fresh.discarded_at <= now() - KEPT_FOR:
        raise StaleAnswer(
            f"You discarded {fresh.reference} more than {KEPT_FOR.days} days ago, "
            "so it cannot be brought back."
        )
    Document.objects.filter(pk=fresh.pk).update(discarded_at=None)
    _record(Action.RESTORED, fresh, by=by)


def _own(document: Document, by: User) -> Document:
    fresh = lock_even_discarded(document)
    if not is_owner(by, fresh):
        raise PermissionDenied("Only the owner of a COE does this.")
    return fresh


def _record(action: Action, document: Document, *, by: User) -> None:
    record(action, by=by, subject="document", key=document.reference, document_id=document.pk)
