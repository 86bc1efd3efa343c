"""Who may do what in a discussion. Whoever may read the working copy may read and speak."""

from coe.accounts.models import User
from coe.discussion.models import Thread
from coe.documents.models import Document, Participant
from coe.documents.queries import is_author


def may_see(user: User, document: Document) -> bool:
    """Whether `user` may read the working copy now, and so what is said about it."""
    seen = Document.objects.working_copy_visible_to(user)
    return user.is_active and seen.filter(pk=document.pk).exists()


def may_demand(user: User, document: Document) -> bool:
    """Whether `user` may open a must: whoever was asked to review, the approver among them."""
    asked = document.participants.filter(user=user, role=Participant.Role.REVIEWER)
    return document.owner_id != user.pk and asked.exists()


def may_resolve(user: User, thread: Thread) -> bool:
    """Whoever opened it, and the owner of the COE, who says why (`needs_note`)."""
    return user.pk in (thread.opened_by_id, thread.document.owner_id)


def needs_note(user: User, thread: Thread) -> bool:
    """Whether `user` has to say why they resolve what somebody else opened."""
    return user.pk != thread.opened_by_id


def may_reopen(user: User, thread: Thread) -> bool:
    """Whoever may resolve it, and for a must whoever could have opened it."""
    if may_resolve(user, thread):
        return True
    return thread.kind == Thread.Kind.MUST and may_demand(user, thread.document)


def may_take(user: User, thread: Thread) -> bool:
    """A suggestion is taken by those who write the COE."""
    return thread.kind == Thread.Kind.SUGGESTION and is_author(user, thread.document)
