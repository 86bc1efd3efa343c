"""How the corrections of a team stand at the beginning of a week, as one person may see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from coe.accounts.models import Team, User
from coe.actions.models import (
    TO_BE_DONE,
    Promise,
    PromiseEvent,
    PromiseQuerySet,
    PromiseState,
)

A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """One of them, in words. `title` is empty where the COE is restricted."""

    title: str
    reference: str
    told: str
    link: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How many are open, and those of which something is to be said."""

    open: int
    late: list[Line]
    due: list[Line]
    unverified: list[Line]
    moved: list[Line]

    @property
    def number(self) -> int:
        """How much there is to say: nothing of what is open and in time."""
        return sum(len(lines) for _, lines in self.groups())

    def groups(self) -> Iterator[tuple[str, list[Line]]]:
        yield "Late", self.late
        yield "Due this week", self.due
        yield "Done, and waiting for somebody to say whether they held", self.unverified
        yield "Moved in the last seven days", self.moved


def standing_of(person: User, team: Team | None, *, week: date, as_of: datetime) -> Standing:
    """What `person` may see of `team` and those below it, or of all teams that they do not manage,
    in the week that begins on that Monday."""
    seen = Promise.objects.visible_to(person).standing()
    if team:
        seen = seen.filter(team__in=_with_those_below(team))
    else:
        seen = seen.exclude(team__in=Team.objects.governed_by(person))
    open_ones = seen.filter(state__in=TO_BE_DONE)
    near = open_ones.filter(due_on__lt=week + A_WEEK).with_readers_fields().order_by("due_on", "pk")
    late = [promise for promise in near if promise.is_late_at(as_of)]
    due = [promise for promise in near if not promise.is_late_at(as_of)]
    return Standing(
        open=open_ones.count(),
        late=[_line(promise, f"was due on {_day(promise.due_on)}") for promise in late],
        due=[_line(promise, f"is due on {_day(promise.due_on)}") for promise in due],
        unverified=[
            _line(promise, f"was done on {_day(promise.done_on)}")
            for promise in _unverified(seen, as_of)
        ],
        moved=[*_moved(seen, as_of)],
    )


def _with_those_below(team: Team) -> list[int]:
    below, children = [team.pk], dict[int | None, list[int]]()
    for key, parent in Team.objects.values_list("pk", "parent"):
        children.setdefault(parent, []).append(key)
    for key in below:
        below += children.get(key, ())
    return below


def _unverified(seen: PromiseQuerySet, as_of: datetime) -> Iterator[Promise]:
    """Those that have held long enough for somebody to judge, where their team works."""
    done = seen.filter(state=PromiseState.DONE).with_readers_fields().order_by("verify_from", "pk")
    for promise in done:
        if promise.verify_from and promise.verify_from <= as_of.astimezone(promise.zone).date():
            yield promise


def _moved(seen: PromiseQuerySet, as_of: datetime) -> Iterator[Line]:
    """Those whose date was moved within a week, from where it was before that to where it is."""
    is_move = Q(kind=PromiseEvent.Kind.MOVED, due_before__isnull=False)
    recent = Q(at__gt=as_of - A_WEEK, at__lte=as_of)
    moves = PromiseEvent.objects.filter(is_move & recent, promise__in=seen.values("pk"))
    first = moves.order_by("promise", "pk").distinct("promise").values_list("promise", "due_before")
    before = dict(first)
    moved = seen.filter(pk__in=before).with_readers_fields().order_by("due_on", "pk")
    for promise in moved:
        if promise.due_on != before[promise.pk]:
            told = f"from {_day(before[promise.pk])} to {_day(promise.due_on)}"
            yield _line(promise, told)


def _line(promise: Promise, told: str) -> Line:
    document = promise.document
    address = reverse("promise", args=[document.reference, promise.uid])
    whose = promise.owner.name if promise.owner else "nobody’s"
    return Line(
        title="" if document.is_restricted else promise.title,
        reference=document.reference,
        told=f"{told}, {whose}",
        link=settings.PUBLIC_URL + address,
    )


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else "no day"
