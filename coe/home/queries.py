"""What waits for a person today. Each list is one query, however much is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from coe.accounts.models import Team, User
from coe.actions.models import Promise, PromiseRequest, PromiseState
from coe.discussion.models import Message, Thread
from coe.documents.models import Document, DocumentQuerySet, Participant, State
from coe.history.models import Action, HistoryEvent
from coe.notices.models import Kind, Notice
from coe.promises.holding import today_of
from coe.promises.rules import Deciders
from coe.publishing.queries import approved_before_retraction, published_as_approved
from coe.reviews.models import Reviewer, SignOff
from coe.reviews.rules import Approvers

MOST_PROMISES = 25
"""What one has to finish is listed as far as that; all of it is a page away."""
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
CONTRIBUTOR = Participant.Role.CONTRIBUTOR


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that somebody else, or a date, waits for; of `to_finish` one more than is shown where
    there is more."""

    to_write: list[Document]
    to_answer: list[Thread]
    to_review: list[Document]
    to_approve: list[Document]
    to_decide: list[PromiseRequest]
    to_finish: list[Promise]
    to_verify: list[Promise]

    @property
    def is_nothing(self) -> bool:
        promised = self.to_decide or self.to_finish or self.to_verify
        return not (self.documents or self.to_answer or promised)

    @property
    def documents(self) -> list[Document]:
        return [*self.to_write, *self.to_review, *self.to_approve]

    @property
    def number_to_approve(self) -> int:
        return len(self.to_approve) + len(self.to_decide)


def waiting_for(user: User) -> Waiting:
    """What waits for `user` now, of what they may see."""
    approvers = Approvers()
    judged = in_review(user, approvers)
    return Waiting(
        to_write=list(to_write(user)),
        to_answer=list(to_answer(user)),
        to_review=judged.to_review,
        to_approve=judged.to_approve,
        to_decide=to_decide(user, approvers),
        to_finish=list(to_finish(user)[: MOST_PROMISES + 1]),
        to_verify=to_verify(user, approvers),
    )


def to_write(user: User) -> QuerySet[Document]:
    """The COEs that `user` has to bring on: to write as their owner or a contributor, and as the
    owner to publish what is approved, or to correct it where it `was_retracted` since."""
    is_written = Q(state__in=(State.DRAFT, State.CHANGES_REQUESTED))
    is_new = Q(~Exists(published_as_approved()), owner=user, state=State.APPROVED)
    waiting = _authored_by(user).filter(is_written | is_new).with_readers_fields()
    waiting = waiting.annotate(was_retracted=Exists(approved_before_retraction()))
    return waiting.order_by("created_at", "pk")


def to_answer(user: User) -> QuerySet[Thread]:
    """The open threads in which the last word is another's and waits for `user`, the oldest first.

    For who writes the COE where it is not one of its authors', for who opened the thread, and for
    who was called by name and has said nothing since. `said` is that word, `by` whose it is, and
    `begun` what the thread was opened with.
    """
    last = Message.objects.filter(thread=OuterRef("pk")).order_by("-pk")
    first = last.filter(uid=OuterRef("uid"))
    own = last.filter(author=user).values("at")[:1]
    threads = Thread.objects.open().filter(
        document__in=Document.objects.working_copy_visible_to(user).exclude(state=State.APPROVED)
    )
    told = threads.annotate(
        last_author=Subquery(last.values("author")[:1]),
        by=Subquery(last.values("author__name")[:1]),
        said=Subquery(last.values("text")[:1]),
        begun=Subquery(first.values("text")[:1]),
        spoke_at=Coalesce(Subquery(own), Value(BEFORE_ALL, output_field=DateTimeField())),
    ).exclude(last_author=user.pk)
    is_author = Q(document__in=_authored_by(user).values("pk"))
    waits = Q(opened_by=user) | (is_author & ~_said_by_an_author()) | Q(_calls(user))
    return told.filter(waits).select_related("document__incident").order_by("pk")


def _said_by_an_author() -> Q:
    of_the_coe = Participant.objects.filter(
        document=OuterRef("document"), user=OuterRef("last_author"), role=CONTRIBUTOR
    )
    return Q(document__owner=F("last_author")) | Q(Exists(of_the_coe))


def _calls(user: User) -> Exists:
    """Whether somebody called `user` in a thread after they last spoke there."""
    called = Notice.objects.filter(
        person=user,
        kind=Kind.MENTIONED,
        document=OuterRef("document"),
        key=Cast(OuterRef("uid"), CharField()),
        at__gt=OuterRef("spoke_at"),
    )
    return Exists(called)


class InReview(NamedTuple):
    to_approve: list[Document]
    to_review: list[Document]


def in_review(user: User, approvers: Approvers) -> InReview:
    """The COEs in review that `user` may judge as of now, and those that they were asked to sign
    and have not, the oldest first.

    What they signed and somebody changed since is among them again once the signature is dropped.
    Who was asked as the approver and is it no longer need not look at it.
    """
    of_round = {"round__document": OuterRef("pk"), "round__closed_at": None, "user": user}
    asked = Reviewer.objects.filter(**of_round, excused_at=None)
    signed = SignOff.objects.filter(
        **of_round, verdict=SignOff.Verdict.SIGNED, dropped_at__isnull=True
    )
    is_author = Q(pk__in=_authored_by(user).values("pk"))
    waiting = Document.objects.working_copy_visible_to(user).filter(state=State.IN_REVIEW)
    waiting = waiting.annotate(
        is_to_sign=Exists(asked.exclude(why=Reviewer.Why.APPROVER)) & ~Exists(signed) & ~is_author
    )
    found = InReview([], [])
    for document in waiting.with_readers_fields().order_by("created_at", "pk"):
        if user in approvers.of(document):
            found.to_approve.append(document)
        elif document.is_to_sign:  # type: ignore[attr-defined]
            found.to_review.append(document)
    return found


def to_decide(user: User, approvers: Approvers) -> list[PromiseRequest]:
    """What owners of corrections asked and `user` decides, the longest waiting first."""
    seen = Promise.objects.visible_to(user).standing()
    asked = PromiseRequest.objects.filter(outcome="", promise__in=seen).exclude(asked_by=user)
    told = asked.select_related("promise__document", "asked_by").order_by("pk")
    deciders = Deciders([each.promise for each in told], approvers)
    return [each for each in told if user in deciders.of(each.promise)]


def to_finish(user: User) -> QuerySet[Promise]:
    """The corrections that `user` promised and has still to do, the nearest due first: what is
    late stands above all."""
    mine = Promise.objects.visible_to(user).open().filter(owner=user)
    return mine.select_related("team", "document").order_by("due_on", "priority", "pk")


def to_verify(user: User, approvers: Approvers) -> list[Promise]:
    """The corrections of which `user` says whether they held, the longest done first: those that
    they are reminded of (coe.reminders)."""
    done = Promise.objects.visible_to(user).standing().filter(state=PromiseState.DONE)
    if not user.is_leader:
        done = done.filter(team__in=Team.objects.governed_by(user))
    ripe = done.filter(verify_from__lte=_latest_day()).with_readers_fields()
    held = [each for each in ripe.order_by("verify_from", "pk") if _has_held(each)]
    deciders = Deciders(held, approvers)
    return [each for each in held if user in deciders.verifiers(each)]


def _has_held(promise: Promise) -> bool:
    """Whether somebody can say by now that it held, where its team works."""
    return promise.verify_from is not None and promise.verify_from <= today_of(promise)


def _latest_day() -> date:
    """Where the day begins first it is this day already."""
    return (timezone.now() + timedelta(hours=14)).date()


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
    contributed = Participant.objects.filter(user=user, role=CONTRIBUTOR)
    authored = Q(owner=user) | Q(pk__in=contributed.values("document"))
    return Document.objects.kept().filter(authored)
