"""Taking sight of a COE away from somebody who was asked to review it."""

from django.db import transaction

from coe.accounts.models import User
from coe.documents.models import Document, Participant, State
from coe.documents.readers import hold_owned
from coe.history.models import Action
from coe.history.services import record
from coe.notices.models import Kind
from coe.notices.services import see
from coe.reviews.models import Reviewer
from coe.reviews.rounds import standing_in_review
from coe.reviews.rules import approvers_of
from coe.web.errors import StaleAnswer

DECIDES = "{} decides on this COE, which is in review, and has to read it for that."


def deciding_now(document: Document) -> list[User]:
    """Those who may approve the COE, while it is in review."""
    return approvers_of(document) if document.state == State.IN_REVIEW else []


@transaction.atomic
def stop_reviewer(document: Document, *, person: User, by: User) -> None:
    """End that `person` reviews a COE that `by` owns; what they said and signed stays.

    Whom the authors asked is asked no longer; for whom the guide asks the approval still waits.

    Doing so again changes nothing. Raises `StaleAnswer` if `by` owns it no more, or if `person`
    is who decides on it now.
    """
    fresh = hold_owned(document, by)
    if person in deciding_now(fresh):
        raise StaleAnswer(DECIDES.format(person.name))
    role = Participant.Role.REVIEWER
    removed, _ = fresh.participants.filter(user=person, role=role).delete()
    asked = Reviewer.objects.filter(round__document=fresh, round__closed_at=None, user=person)
    if not standing_in_review(fresh).filter(user=person).exists():
        asked.filter(why=Reviewer.Why.ASKED).delete()
    if removed:
        record(
            Action.REMOVED,
            by=by,
            subject="participant",
            key=person.pk,
            document_id=fresh.pk,
            before={"role": role},
        )
        see(fresh, by=person, kinds=[Kind.ASKED_TO_REVIEW])
