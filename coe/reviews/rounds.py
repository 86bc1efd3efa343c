"""A round of review: opened by submitting, closed by what came of it."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils.timezone import now

from coe.accounts.models import User
from coe.documents.models import Document, Participant
from coe.documents.services import add_participant
from coe.notices.models import Kind
from coe.notices.services import tell
from coe.policies.queries import reviewers_named
from coe.reviews.models import Reviewer, Round, SignOff
from coe.snapshots.models import StoredSnapshot

SIGNED = (SignOff.Verdict.SIGNED, SignOff.Verdict.APPROVED)
"""The verdicts of those who put their name under a text."""


def open_round_of(document: Document) -> Round | None:
    """The round in which the COE is now; None where it is not in review."""
    return document.rounds.filter(closed_at=None).first()


def open_round(
    document: Document, submitted: StoredSnapshot, *, approvers: list[User], by: User
) -> Round:
    """Begin a round about `submitted` and ask everybody whom it concerns.

    Those are the `approvers`, whom the guide names (they have to sign), and whom the authors
    asked. The caller has locked `document`, and no round of it is open.
    """
    round_ = Round.objects.create(
        document=document,
        number=document.rounds.count() + 1,
        snapshot=submitted,
        opened_by=by,
    )
    for why, people in _asked(document, approvers):
        ask(round_, people, why=why, by=by)
    return round_


def close_round(document: Document, outcome: Round.Outcome) -> None:
    """End the open round of `document`, which the caller has locked.

    Unless it was approved, what was signed in it is dropped: the next round begins anew.
    """
    if outcome != Round.Outcome.APPROVED:
        standing_in_review(document).update(dropped_at=now())
    document.rounds.filter(closed_at=None).update(closed_at=now(), outcome=outcome)


def ask(round_: Round, people: Iterable[User], *, why: Reviewer.Why, by: User) -> list[User]:
    """Ask `people` in a round and tell them; return those who were not asked in it before.

    Everybody who is asked may read the COE from then on. The caller has locked it.
    """
    there = set(round_.reviewers.values_list("user_id", flat=True))
    fresh = [person for person in people if person.pk not in there]
    document = round_.document
    for person in fresh:
        add_participant(document, user=person, role=Participant.Role.REVIEWER, by=by)
        Reviewer.objects.create(
            round=round_,
            user=person,
            name=person.name,
            role=person.role(),
            why=why,
            is_required=why == Reviewer.Why.GUIDE,
            asked_by=by,
        )
    tell(Kind.ASKED_TO_REVIEW, people=fresh, document=document, by=by)
    return fresh


def ask_approvers(document: Document, approvers: list[User], *, by: User) -> None:
    """Let those who approve as of now read a COE in review, and find it waiting for them."""
    if round_ := open_round_of(document):
        ask(round_, approvers, why=Reviewer.Why.APPROVER, by=by)


def ask_the_guide_again(document: Document, *, by: User) -> None:
    """Ask whom the guide names for a COE in review as it is now: its facts have changed.

    Whom it named before stays asked; who approves it may excuse them.
    """
    round_ = open_round_of(document)
    if round_ is None:
        return
    named = _named(document)
    ask(round_, named, why=Reviewer.Why.GUIDE, by=by)
    asked = round_.reviewers.filter(user__in=named, why=Reviewer.Why.ASKED)
    asked.update(why=Reviewer.Why.GUIDE, is_required=True)


def standing_in_review(document: Document, digest: str = "") -> QuerySet[SignOff]:
    """The signatures in the open round that nothing has dropped.

    One stands for the text that it is under and for no other: those under the text with `digest`
    where it is given.
    """
    signed = document.sign_offs.filter(
        round__closed_at=None, round__isnull=False, verdict__in=SIGNED, dropped_at=None
    )
    if digest:
        signed = signed.filter(snapshot__digest=digest)
    return signed.order_by("pk")


def author_keys(document: Document) -> set[int]:
    """Who writes the COE: they own it or contribute to it."""
    contributors = document.participants.filter(role=Participant.Role.CONTRIBUTOR)
    return {document.owner_id, *contributors.values_list("user_id", flat=True)}


def reviewers_of(document: Document) -> list[User]:
    """Everybody who was asked in the last round."""
    last = document.rounds.order_by("-number").values("pk")[:1]
    return list(User.objects.filter(reviews__round__in=last).order_by("pk"))


def asked_beforehand(document: Document) -> list[User]:
    """Whom the authors asked, before the first round or in the last one: the next one asks them
    again. Who was asked as the approver, or by the guide, is asked for that reason or not at all.
    """
    before = Reviewer.objects.filter(round__document=document).order_by("round__number")
    why = dict(before.values_list("user_id", "why"))
    parts = document.participants.filter(role=Participant.Role.REVIEWER, user__is_active=True)
    return [
        each.user
        for each in parts.select_related("user__team").order_by("pk")
        if why.get(each.user_id, Reviewer.Why.ASKED) == Reviewer.Why.ASKED
    ]


def _asked(document: Document, approvers: list[User]) -> Iterator[tuple[Reviewer.Why, list[User]]]:
    authors = author_keys(document)
    yield Reviewer.Why.APPROVER, approvers
    yield Reviewer.Why.GUIDE, _named(document)
    asked = asked_beforehand(document)
    yield Reviewer.Why.ASKED, [each for each in asked if each.pk not in authors]


def _named(document: Document) -> list[User]:
    """Whom the guide names for `document`, except those who write it."""
    incident, authors = document.incident, author_keys(document)
    named = reviewers_named(
        document.guide_id,
        severity=incident.severity,
        category=incident.category,
        team_id=incident.team_id,
    )
    return [each for each in named if each.pk not in authors]
