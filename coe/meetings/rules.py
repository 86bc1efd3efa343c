"""Who may hold a meeting."""

from coe.accounts.models import User
from coe.documents.models import Document, Participant
from coe.documents.queries import is_author
from coe.reviews.rules import is_approver


def may_hold(user: User, document: Document) -> bool:
    """Whether `user` may start, lead and end a meeting about the COE.

    Its authors may, and those who judge it: the approver and everybody who was asked to review.
    Whoever else may read the working copy may follow.
    """
    asked = document.participants.filter(user=user, role=Participant.Role.REVIEWER)
    return is_author(user, document) or asked.exists() or is_approver(user, document)
