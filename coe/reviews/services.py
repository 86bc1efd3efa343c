from django.db import transaction

from coe.accounts.models import User
from coe.documents.locks import lock_whole
from coe.documents.models import Document, Participant, State
from coe.documents.services import add_participant
from coe.reviews.rules import Approvers


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
            for approver in approvers.of(fresh):
                add_participant(fresh, user=approver, role=Participant.Role.REVIEWER, by=by)
