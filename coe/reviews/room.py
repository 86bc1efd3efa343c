"""The review room of one COE as it is shown: who was asked, who signed what, the rounds before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from coe.accounts.models import User
from coe.discussion.models import Thread
from coe.discussion.queries import Told, threads_of
from coe.documents.models import Document
from coe.reviews.models import Reviewer, Round, SignOff
from coe.reviews.rounds import asked_beforehand, author_keys

Row = TypeVar("Row", Reviewer, SignOff)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked in a round.

    `signature` is the last thing they signed in it, and `stands` says whether that is under the
    text that is there now. `is_approver` says who approves as of now, whoever did when they were
    asked. `waits` where the approval waits for their name.
    """

    reviewer: Reviewer
    signature: SignOff | None
    stands: bool
    is_approver: bool
    is_gone: bool
    waits: bool
    may_be_let_go: bool

    @property
    def was_approver(self) -> bool:
        return self.reviewer.why == Reviewer.Why.APPROVER and not self.is_approver


@dataclass(frozen=True, slots=True)
class PastRound:
    """A round that is over: who signed or asked for changes in it, and with what words."""

    round: Round
    asked: tuple[Reviewer, ...]
    words: tuple[SignOff, ...]

    @property
    def signed(self) -> tuple[SignOff, ...]:
        return tuple(each for each in self.words if each.verdict == SignOff.Verdict.SIGNED)

    @property
    def decisive(self) -> SignOff | None:
        """What ended it, where that was a word of who approves."""
        return next((each for each in self.words if each.verdict == self.round.outcome), None)


@dataclass(frozen=True, slots=True)
class Rounds:
    """All rounds of a COE, read in a number of queries that does not grow with them."""

    current: Round | None
    asked: tuple[Asked, ...]
    not_asked: tuple[User, ...]
    past: tuple[PastRound, ...]

    def asked_as(self, user: User) -> Asked | None:
        """What `user` is asked for in the round that is open."""
        return next((each for each in self.asked if each.reviewer.user_id == user.pk), None)


MOST_SHOWN = 20
"""Open threads that the room shows; the page of the discussion has all."""


@dataclass(frozen=True, slots=True)
class Talks:
    """What is said about a COE: what is open, what must be settled first, and what is settled."""

    open: tuple[Told, ...]
    settled: tuple[Told, ...]

    @property
    def musts(self) -> tuple[Told, ...]:
        return tuple(each for each in self.open if each.thread.kind == Thread.Kind.MUST)

    @property
    def shown(self) -> tuple[Told, ...]:
        return self.open[:MOST_SHOWN]

    @property
    def more(self) -> int:
        return len(self.open) - len(self.shown)


def talks_of(document: Document) -> Talks:
    """What is said about `document`, in the order it was begun except for open musts."""
    threads = threads_of(document)
    still_open = [each for each in threads if each.thread.is_open]
    return Talks(
        open=tuple(sorted(still_open, key=lambda each: each.thread.kind != Thread.Kind.MUST)),
        settled=tuple(each for each in threads if not each.thread.is_open),
    )


def rounds_of(document: Document, digest: str, approvers: list[User]) -> Rounds:
    """The rounds of `document`, whose text now has `digest`, the newest first."""
    rounds = list(
        document.rounds.select_related("opened_by", "snapshot").defer("snapshot__content")
    )
    people = Reviewer.objects.filter(round__document=document).select_related("user", "excused_by")
    asked, words = _by_round(people.order_by("pk")), _by_round(_words_of(document))
    current = next((each for each in rounds if each.closed_at is None), None)
    now = asked[current.pk] if current else []
    there = {each.user_id for each in now}
    return Rounds(
        current=current,
        asked=tuple(_asked(document, now, words[current.pk], digest, approvers) if current else ()),
        not_asked=tuple(each for each in approvers if each.pk not in there),
        past=tuple(
            PastRound(each, tuple(asked[each.pk]), tuple(words[each.pk]))
            for each in reversed(rounds)
            if each.closed_at
        ),
    )


def asked_before_submitting(document: Document) -> list[User]:
    """Whom the next round will ask because the authors did."""
    authors = author_keys(document)
    return [each for each in asked_beforehand(document) if each.pk not in authors]


def _asked(
    document: Document,
    reviewers: Iterable[Reviewer],
    words: Iterable[SignOff],
    digest: str,
    approvers: list[User],
) -> Iterator[Asked]:
    signed = {each.user_id: each for each in words}
    authors, approving = author_keys(document), {each.pk for each in approvers}
    for each in sorted(reviewers, key=lambda one: (one.user_id in approving, one.pk)):
        signature = signed.get(each.user_id)
        stands = bool(
            signature and signature.dropped_at is None and signature.snapshot.digest == digest
        )
        is_gone = not each.user.is_active or each.user_id in authors
        approves = each.user_id in approving
        is_asked = each.why == Reviewer.Why.ASKED and not approves
        yield Asked(
            reviewer=each,
            signature=signature,
            stands=stands,
            is_approver=approves,
            is_gone=is_gone,
            waits=each.is_required and not (stands or is_gone or approves or each.excused_at),
            may_be_let_go=is_asked and not stands,
        )


def _words_of(document: Document) -> Iterable[SignOff]:
    signed = document.sign_offs.filter(round__isnull=False).order_by("pk")
    return signed.select_related("snapshot").defer("snapshot__content")


def _by_round(rows: Iterable[Row]) -> dict[int | None, list[Row]]:
    found: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.round_id].append(row)
    return found
