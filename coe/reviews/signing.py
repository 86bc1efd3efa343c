"""Those who were asked put their name under exactly the text that they read."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from coe.accounts.models import User
from coe.documents.locks import lock_whole
from coe.documents.models import Document, State
from coe.documents.queries import is_author
from coe.guidance.reading import examine_snapshot, reasons_in
from coe.history.models import Action
from coe.history.services import record
from coe.notices.models import Kind
from coe.notices.services import see, tell
from coe.reviews.models import Reviewer, SignOff
from coe.reviews.rounds import standing_in_review
from coe.reviews.rules import approvers_of, is_owner
from coe.reviews.workflow import refuse_unread, sign
from coe.snapshots.services import take_snapshot
from coe.web.errors import StaleAnswer

NOT_ASKED = "Those sign it who were asked to review it."
APPROVES = "You approve it: your signature comes last, with the approval."


def may_sign(user: User, document: Document, approvers: list[User]) -> bool:
    """Whether `user` was asked to review the COE as it is now, and neither writes nor approves
    it."""
    if document.state != State.IN_REVIEW or user in approvers or is_owner(user, document):
        return False
    asked = Reviewer.objects.filter(round__document=document, round__closed_at=None, user=user)
    return asked.exists() and not is_author(user, document)


def refuse_to_sign(document: Document, *, by: User) -> None:
    """Raise `StaleAnswer` if the COE is not in review, `PermissionDenied` if `by` may not sign."""
    state = State(document.state)
    if state != State.IN_REVIEW:
        raise StaleAnswer(f"This COE is now “{state.label}”, so that is no longer possible.")
    approvers = approvers_of(document)
    if not may_sign(by, document, approvers):
        raise PermissionDenied(APPROVES if by in approvers else NOT_ASKED)


@transaction.atomic
def sign_text(
    document: Document,
    *,
    digest: str,
    answers: str = "",
    note: str = "",
    dissent: str = "",
    by: User,
) -> SignOff:
    """Put the name of `by`, who was asked to review it, under the text with `digest`.

    A `dissent` is why they sign without agreeing. Raises `StaleAnswer` if the COE is not in review
    or `by` has signed this text already, `PermissionDenied` if they may not, `TextChanged` and
    `AnswersChanged` if something else was on the screen than is there.
    """
    fresh = lock_whole(document)
    refuse_to_sign(fresh, by=by)
    judged = take_snapshot(fresh)
    refuse_unread(fresh, judged, digest=digest, answers=answers)
    mine = standing_in_review(fresh).filter(user=by)
    if mine.filter(snapshot__digest=digest).exists():
        raise StaleAnswer("You have signed this text already.")
    mine.update(dropped_at=now())
    reasons = reasons_in(examine_snapshot(fresh, judged.snapshot))
    verdict = SignOff.Verdict.SIGNED
    signed = sign(fresh, judged, verdict, reasons=reasons, note=note, dissent=dissent, by=by)
    see(fresh, by=by, kinds=[Kind.ASKED_TO_REVIEW])
    _record(Action.SIGNED, fresh, {"digest": digest, "note": note, "dissent": dissent}, by=by)
    return signed


@transaction.atomic
def drop_overtaken_signatures(document: Document, *, by: User) -> list[SignOff]:
    """Drop the signatures under a text that is no longer the working copy, and tell everybody
    concerned that `by` changed it; return them. Doing so again changes nothing."""
    fresh = lock_whole(document)
    if fresh.state != State.IN_REVIEW or not standing_in_review(fresh).exists():
        return []
    digest = take_snapshot(fresh).digest
    overtaken = standing_in_review(fresh).exclude(snapshot__digest=digest).select_related("user")
    dropped = list(overtaken)
    if not dropped:
        return []
    SignOff.objects.filter(pk__in=[each.pk for each in dropped]).update(dropped_at=now())
    names = ", ".join(each.name for each in dropped)
    _record(Action.SIGNATURES_DROPPED, fresh, {"digest": digest, "names": names}, by=by)
    tell(
        Kind.APPROVAL_DROPPED,
        people=[*(each.user for each in dropped), fresh.owner],
        document=fresh,
        by=by,
        text=f"{by.name} changed the text that was signed by {names}.",
        key=f"dropped-{dropped[-1].pk}",
    )
    return dropped


def _record(action: Action, document: Document, after: dict[str, str], *, by: User) -> None:
    record(
        action,
        by=by,
        subject="document",
        key=document.reference,
        document_id=document.pk,
        after=after,
    )
