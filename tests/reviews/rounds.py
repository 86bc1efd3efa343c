"""People who are asked to review, beside those whom the approval waits for."""

from coe.accounts.models import User
from coe.documents.models import Document
from coe.reviews.models import Reviewer
from coe.reviews.reviewers import ask_reviewer
from tests.people import make_person


def ask(document: Document, name: str, *, by: User) -> User:
    """Somebody new, asked by one of the authors."""
    person = make_person(name)
    ask_reviewer(document, person=person, by=by)
    return person


def require(document: Document, person: User) -> Reviewer:
    """Let the approval wait for somebody who was asked, as for those whom the guide names."""
    reviewer = Reviewer.objects.get(round__document=document, round__closed_at=None, user=person)
    reviewer.is_required, reviewer.why = True, Reviewer.Why.GUIDE
    reviewer.save(update_fields=["is_required", "why"])
    return reviewer
