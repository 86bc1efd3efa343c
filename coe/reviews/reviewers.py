"""Asking people to review a COE, letting them go again, and not waiting for one of them."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import now

from coe.accounts.models import User
from coe.documents.locks import ReadOnly, lock_whole
from coe.documents.models import Document, Participant, State
from coe.documents.queries import authors_of, is_author, readable_working_copy
from coe.documents.services import add_participant, remove_participant
from coe.history.models import Action
from coe.history.services import record
from coe.notices.models import Kind
from coe.notices.services import see, tell
from coe.reviews.models import Reviewer
from coe.reviews.rounds import (
    ask,
    asked_beforehand,
    author_keys,
    open_round_of,
    standing_in_review,
)
from coe.reviews.rules import approvers_of, is_approver, is_owner
from coe.snapshots.services import take_snapshot
from coe.web.errors import StaleAnswer

AUTHORS_ASK = "The authors of a COE ask people to review it."
OWNER_ASKS = "This COE is restricted, so its owner alone says who else may read it."


def may_ask(user: User, document: Document) -> bool:
    """Whether `user` may ask others: who writes the COE may. Being asked lets somebody read it, so
    of a restricted one its owner alone may."""
    return is_owner(user, document) or (not document.is_restricted and is_author(user, document))


def document_to_ask_about(user: User, reference: str) -> Document:
    """The COE of which `user` says who reviews it; raises `Http404` to those who may not see its
    working copy and `PermissionDenied` to the others."""
    document = readable_working_copy(user, reference)
    _refuse_to_ask(document, by=user)
    return document


@transaction.atomic
def ask_reviewer(document: Document, *, person: User, by: User) -> None:
    """Ask `person` to review a COE; asking them again changes nothing.

    In review they find it waiting from now on, else once it is submitted. Raises
    `PermissionDenied` if `by` may not ask, `ReadOnly` if it is approved, and `ValidationError` of
    `person` who writes it or is not here any more.
    """
    someone = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    fresh = _hold(document, by)
    if not someone.is_active:
        raise ValidationError({"person": f"{someone.name} is not here any more."})
    if someone.pk in author_keys(fresh):
        raise ValidationError(
            {"person": f"{someone.name} writes this COE, so they do not review it as well."}
        )
    role = Participant.Role.REVIEWER
    is_known = fresh.participants.filter(user=someone, role=role).exists()
    add_participant(fresh, user=someone, role=role, by=by)
    round_ = open_round_of(fresh)
    if round_ and ask(round_, [someone], why=Reviewer.Why.ASKED, by=by) and is_known:
        record(
            Action.ADDED,
            by=by,
            subject="participant",
            key=someone.pk,
            document_id=fresh.pk,
            after={"role": role},
        )


@transaction.atomic
def let_reviewer_go(document: Document, *, person: User, by: User) -> None:
    """Ask `person` no longer; they lose sight of the COE with it. Again changes nothing.

    Raises what `ask_reviewer` raises, and `StaleAnswer` if somebody else than the authors asked
    them, if they approve it, or if they have signed this round.
    """
    fresh = _hold(document, by)
    if not fresh.participants.filter(user=person, role=Participant.Role.REVIEWER).exists():
        return
    if person not in asked_beforehand(fresh) or person in approvers_of(fresh):
        raise StaleAnswer(f"{person.name} was not asked by the authors, so they stay.")
    if standing_in_review(fresh, take_snapshot(fresh).digest).filter(user=person).exists():
        raise StaleAnswer(f"{person.name} has signed, so they stay.")
    Reviewer.objects.filter(round__document=fresh, round__closed_at=None, user=person).delete()
    remove_participant(fresh, user=person, role=Participant.Role.REVIEWER, by=by)
    see(fresh, by=person, kinds=[Kind.ASKED_TO_REVIEW])


@transaction.atomic
def excuse_reviewer(document: Document, *, person: User, reason: str, by: User) -> None:
    """Wait no longer for the signature of `person`, for a reason.

    Raises `StaleAnswer` if the COE is not in review or nobody waits for them, `PermissionDenied`
    to everybody but the approver, and `ValidationError` without a reason.
    """
    fresh = lock_whole(document)
    refuse_to_excuse(fresh, by=by)
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is approved without them."})
    waited = Reviewer.objects.filter(
        round__document=fresh, round__closed_at=None, is_required=True, excused_at=None
    )
    reason = reason.strip()
    excused = {"excused_at": now(), "excused_by": by, "excused_reason": reason}
    if not waited.filter(user=person).update(**excused):
        raise StaleAnswer(f"Nobody waits for {person.name} any more.")
    record(
        Action.EXCUSED,
        by=by,
        subject="document",
        key=fresh.reference,
        document_id=fresh.pk,
        after={"names": person.name, "note": reason},
    )
    people = [person, *authors_of(fresh)]
    text = f"{by.name} approves it without {person.name}. {reason}"
    tell(Kind.EXCUSED, people=people, document=fresh, by=by, text=text, key=f"{person.pk}")


def refuse_to_excuse(document: Document, *, by: User) -> None:
    """Raise `StaleAnswer` if the COE is not in review and `PermissionDenied` if `by` is not who
    approves it."""
    state = State(document.state)
    if state != State.IN_REVIEW:
        raise StaleAnswer(f"This COE is now “{state.label}”, so that is no longer possible.")
    if not is_approver(by, document):
        raise PermissionDenied("Who approves it excuses reviewers.")


def _hold(document: Document, by: User) -> Document:
    """Take `document` alone, of which `by` may say who reviews it."""
    fresh = lock_whole(document)
    _refuse_to_ask(fresh, by=by)
    if fresh.state == State.APPROVED:
        raise ReadOnly
    return fresh


def _refuse_to_ask(document: Document, *, by: User) -> None:
    if not may_ask(by, document):
        raise PermissionDenied(OWNER_ASKS if document.is_restricted else AUTHORS_ASK)
