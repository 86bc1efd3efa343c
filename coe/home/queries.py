"""What waits for a person."""

from django.db.models import Exists, Q, QuerySet

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.documents.models import Document, DocumentQuerySet, Participant, State
from coe.publishing.queries import published_as_approved
from coe.reviews.rules import Approvers


def to_write(user: User) -> QuerySet[Document]:
    """The COEs that `user` owns or contributes to and that are still being written."""
    writing = _authored_by(user).filter(state__in=(State.DRAFT, State.CHANGES_REQUESTED))
    return writing.with_readers_fields().order_by("created_at", "pk")


def to_judge(user: User) -> list[Document]:
    """The COEs in review that `user` may judge as of now, the oldest first."""
    waiting = Document.objects.working_copy_visible_to(user).filter(state=State.IN_REVIEW)
    approvers = Approvers()
    ordered = waiting.with_readers_fields().order_by("created_at", "pk")
    return [document for document in ordered if user in approvers.of(document)]


def to_publish(user: User) -> QuerySet[Document]:
    """The COEs of `user` whose approved text is not the one that readers have."""
    approved = Document.objects.filter(
        ~Exists(published_as_approved()), owner=user, state=State.APPROVED
    )
    return approved.with_readers_fields().order_by("pk")


def promised(user: User) -> QuerySet[Promise]:
    """The corrections that `user` promised, the nearest due first."""
    mine = Promise.objects.visible_to(user).open().filter(owner=user)
    return mine.select_related("document__incident__team").order_by("due_on", "priority", "pk")


def _authored_by(user: User) -> DocumentQuerySet:
    contributed = Participant.objects.filter(user=user, role=Participant.Role.CONTRIBUTOR)
    authored = Q(owner=user) | Q(pk__in=contributed.values("document"))
    return Document.objects.kept().filter(authored)
