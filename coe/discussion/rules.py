"""Who may do what in a discussion. Whoever may read the working copy may read and speak."""

from dataclasses import dataclass

from coe.accounts.models import User
from coe.discussion.models import Thread
from coe.documents.models import Document, Participant


def may_see(user: User, document: Document) -> bool:
    """Whether `user` may read the working copy now, and so what is said about it."""
    seen = Document.objects.working_copy_visible_to(user)
    return user.is_active and seen.filter(pk=document.pk).exists()


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody is to a COE, read once for all of its threads."""

    person: int
    is_owner: bool
    is_author: bool
    is_asked: bool

    @property
    def may_demand(self) -> bool:
        """Whether they may open a must: who was asked to review may, the approver among them."""
        return self.is_asked and not self.is_owner

    def may_resolve(self, thread: Thread) -> bool:
        """Whoever opened it, and the owner of the COE, who says why (`needs_note`)."""
        return self.is_owner or self.person == thread.opened_by_id

    def needs_note(self, thread: Thread) -> bool:
        """Whether they have to say why they settle what somebody else opened."""
        return self.person != thread.opened_by_id

    def may_reopen(self, thread: Thread) -> bool:
        """Whoever may settle it, and for a must whoever could have opened it; not what was taken:
        the text has changed."""
        is_must = thread.kind == Thread.Kind.MUST
        return self.may_resolve(thread) or (is_must and self.may_demand)

    def may_take(self, thread: Thread) -> bool:
        """A suggestion is taken by those who write the COE."""
        return self.is_author and thread.kind == Thread.Kind.SUGGESTION


def part_in(document: Document, user: User) -> Part:
    """What `user` is to `document` now, in one query."""
    roles = set(document.participants.filter(user=user).values_list("role", flat=True))
    is_owner = document.owner_id == user.pk
    return Part(
        person=user.pk,
        is_owner=is_owner,
        is_author=is_owner or Participant.Role.CONTRIBUTOR in roles,
        is_asked=Participant.Role.REVIEWER in roles,
    )
