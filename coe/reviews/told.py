"""Who is told of what happens to a working copy."""

from coe.accounts.models import User
from coe.documents.models import Document, State
from coe.documents.queries import authors_of
from coe.notices.events import Event, announce
from coe.notices.models import Kind
from coe.notices.services import clear, tell
from coe.reviews.rounds import reviewers_of

ANNOUNCED = {State.IN_REVIEW: Event.COE_SUBMITTED, State.APPROVED: Event.COE_APPROVED}
REOPENED = "{} reopened it. What was approved may change, and then has to be approved anew."
VERDICTS = {State.CHANGES_REQUESTED: Kind.CHANGES_REQUESTED, State.APPROVED: Kind.APPROVED}


def tell_of_transition(document: Document, *, was: State, note: str, by: User) -> None:
    """Tell the authors how their COE was judged, and of an approval everybody who was asked as
    well, also where it is dropped again; what they or the reviewers were asked for before is over.
    Other programs are told that it was submitted or approved.

    Must be called in the transaction that brought `document` to the state that it is in.
    """
    if was == State.IN_REVIEW:
        clear(Kind.ASKED_TO_REVIEW, document)
    if was == State.CHANGES_REQUESTED:
        clear(Kind.CHANGES_REQUESTED, document)
    kind = VERDICTS.get(State(document.state))
    if was == State.APPROVED:
        kind, note = Kind.APPROVAL_DROPPED, REOPENED.format(by.name)
    if kind:
        people = set(authors_of(document))
        if kind != Kind.CHANGES_REQUESTED:
            people |= set(reviewers_of(document))
        tell(kind, people=people, document=document, by=by, text=note)
    if event := ANNOUNCED.get(State(document.state)):
        announce(event, document=document, by=by)
