"""Who is told of what happens to a working copy."""

from coe.accounts.models import User
from coe.documents.models import Document, State
from coe.documents.queries import authors_of
from coe.notices.models import Kind
from coe.notices.services import clear, tell

VERDICTS = {State.CHANGES_REQUESTED: Kind.CHANGES_REQUESTED, State.APPROVED: Kind.APPROVED}


def tell_of_transition(document: Document, *, was: State, note: str, by: User) -> None:
    """Tell the authors how their COE was judged; what they or the reviewers were asked for before
    is over.

    Must be called in the transaction that brought `document` to the state that it is in.
    """
    if was == State.IN_REVIEW:
        clear(Kind.ASKED_TO_REVIEW, document)
    if was == State.CHANGES_REQUESTED:
        clear(Kind.CHANGES_REQUESTED, document)
    if kind := VERDICTS.get(State(document.state)):
        tell(kind, people=authors_of(document), document=document, by=by, text=note)
