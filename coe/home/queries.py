"""What waits for a person, and what they are waiting for."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.documents.models import Document, DocumentQuerySet, Participant, State
from coe.history.models import Action, HistoryEvent
from coe.publishing.queries import approved_before_retraction, published_as_approved
from coe.reviews.models import Reviewer, SignOff
from coe.reviews.rules import Approvers


def to_write(user: User) -> QuerySet[Document]:
    """The COEs that `user` owns or contributes to and that are still being written."""
    writing = _authored_by(user).filter(state__in=(State.DRAFT, State.CHANGES_REQUESTED))
    return writing.with_readers_fields().order_by("created_at", "pk")


def to_judge(user: User, approvers: Approvers) -> list[Document]:
    """The COEs in review that `user` may judge as of now, the oldest first."""
    waiting = Document.objects.working_copy_visible_to(user).filter(state=State.IN_REVIEW)
    ordered = waiting.with_readers_fields().order_by("created_at", "pk")
    return [document for document in ordered if user in approvers.of(document)]


def to_review(user: User, approvers: Approvers) -> list[Document]:
    """The COEs in review that `user` was asked to sign and has not, the oldest first.

    What they signed and somebody changed since is among them again once the signature is dropped.
    Who was asked as the approver and is it no longer need not look at it.
    """
    asked = Reviewer.objects.filter(round__closed_at=None, user=user, excused_at=None)
    asked = asked.exclude(why=Reviewer.Why.APPROVER)
    signed = SignOff.objects.filter(
        round__closed_at=None, user=user, verdict=SignOff.Verdict.SIGNED, dropped_at=None
    )
    waiting = (
        Document.objects.working_copy_visible_to(user)
        .filter(state=State.IN_REVIEW, rounds__in=asked.values("round"))
        .exclude(pk__in=signed.values("document"))
        .exclude(pk__in=_authored_by(user).values("pk"))
    )
    ordered = waiting.with_readers_fields().order_by("created_at", "pk")
    return [document for document in ordered if user not in approvers.of(document)]


def to_publish(user: User) -> QuerySet[Document]:
    """The COEs of `user` whose approved text is not the one that readers have, and may be."""
    approved = Document.objects.filter(
        ~Exists(published_as_approved()),
        ~Exists(approved_before_retraction()),
        owner=user,
        state=State.APPROVED,
    )
    return approved.with_readers_fields().order_by("pk")


def to_correct(user: User) -> QuerySet[Document]:
    """The COEs of `user` that were retracted, and whose text stands still until they reopen it."""
    retracted = Document.objects.filter(
        Exists(approved_before_retraction()), owner=user, state=State.APPROVED
    )
    return retracted.with_readers_fields().order_by("pk")


def promised(user: User) -> QuerySet[Promise]:
    """The corrections that `user` promised, the nearest due first."""
    mine = Promise.objects.visible_to(user).open().filter(owner=user)
    return mine.select_related("document__incident__team").order_by("due_on", "priority", "pk")


@dataclass(frozen=True, slots=True)
class WithOthers:
    """A COE that somebody else has now: one of `names` approves it, or publishes it.

    It came to them `since` (UTC).
    """

    document: Document
    names: tuple[str, ...]
    since: datetime


def with_others(user: User, approvers: Approvers) -> list[WithOthers]:
    """The COEs that `user` owns or contributes to and that are with others, the longest first.

    In review they are with those who approve as of now; approved and not what readers have, a
    contributor's are with the owner.
    """
    to_publish = Q(
        ~Exists(published_as_approved()),
        ~Exists(approved_before_retraction()),
        ~Q(owner=user),
        state=State.APPROVED,
    )
    came = HistoryEvent.objects.filter(
        document=OuterRef("pk"), action__in=(Action.SUBMITTED, Action.APPROVED)
    )
    waiting = (
        _authored_by(user)
        .filter(Q(state=State.IN_REVIEW) | to_publish)
        .with_readers_fields()
        .annotate(since=Subquery(came.order_by("-pk").values("at")[:1]))
    )
    found = []
    for document in waiting.order_by("since", "pk"):
        is_judged = document.state == State.IN_REVIEW
        people = approvers.of(document) if is_judged else [document.owner]
        if user not in people:
            names = tuple(person.name for person in people)
            found.append(WithOthers(document, names, document.since))  # type: ignore[attr-defined]
    return found


def _authored_by(user: User) -> DocumentQuerySet:
    contributed = Participant.objects.filter(user=user, role=Participant.Role.CONTRIBUTOR)
    authored = Q(owner=user) | Q(pk__in=contributed.values("document"))
    return Document.objects.kept().filter(authored)
