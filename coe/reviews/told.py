"""Who is told of what happens to a working copy."""

from coe.accounts.models import User
from coe.documents.models import Document, State
from coe.documents.queries import authors_of
from coe.notices.models import Kind
from coe.notices.services import clear, tell
from coe.reviews.rounds import reviewers_of


def tell_of_transition(document: Document, *, was: State, note: str, by: User) -> None:
    """Tell those concerned what became of a review; nobody is asked to review what is not in
    review. (Those who are asked are told by the round.)

    Must be called in the transaction that brought `document` to the state that it is in.
    """
    if was == State.IN_REVIEW:
        clear(Kind.ASKED_TO_REVIEW, document)
    if document.state == State.CHANGES_REQUESTED:
        people = authors_of(document)
        tell(Kind.CHANGES_REQUESTED, people=people, document=document, by=by, text=note)
    if document.state == State.APPROVED:
        people = [*authors_of(document), *reviewers_of(document)]
        tell(Kind.APPROVED, people=people, document=document, by=by, text=note)
