"""Taking sight of a COE away from somebody who was asked to review it."""

from django.db import transaction

from coe.accounts.models import User
from coe.documents.models import Document, Participant, State
from coe.documents.readers import hold_owned
from coe.history.models import Action
from coe.history.services import record
from coe.notices.models import Kind
from coe.notices.services import see
from coe.reviews.rules import is_approver
from coe.web.errors import StaleAnswer

DECIDES = "{} decides on this COE, which is in review, and has to read it for that."


def decides_now(person: User, document: Document) -> bool:
    """Whether the COE is in review, and `person` is one of those who may approve it."""
    return document.state == State.IN_REVIEW and is_approver(person, document)


@transaction.atomic
def stop_reviewer(document: Document, *, person: User, by: User) -> None:
    """End that `person` reviews a COE that `by` owns; what they said and signed stays.

    Doing so again changes nothing. Raises `StaleAnswer` if `by` owns it no more, or if `person`
    is who decides on it now.
    """
    fresh = hold_owned(document, by)
    if decides_now(person, fresh):
        raise StaleAnswer(DECIDES.format(person.name))
    role = Participant.Role.REVIEWER
    removed, _ = fresh.participants.filter(user=person, role=role).delete()
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
