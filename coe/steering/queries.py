"""How the corrections of teams stand, as far as somebody may see them.

Published items are those of the team that their COE was published with, as in the list of action
items (coe.worklist), so that a number and the list that it leads to say the same. What is in
review belongs to the team that owns the incident now.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone

from coe.accounts.models import BY_NAME, Team, User
from coe.accounts.queries import in_tree_order
from coe.actions.models import ActionItem, Promise, PromiseRequest
from coe.clocks.standings import teams_in_sight
from coe.documents.models import Document, State
from coe.steering.quartiles import Spread, spread_of
from coe.steering.undecided import undecided_items

SOON = timedelta(days=14)
"""What is due until then is counted as due."""
COUNTED = ("team_id", "state", "due_on", "moves", "promised_at", "team__zone")


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted of a team.

    `open` is still to be done: of that `late`, `due` in the next two weeks and not late, and
    `moved` items, `moves` times in all; `ages` are how many days ago each was promised. What waits
    for the manager: `proposed` items of COEs in review that nobody decided, requests of owners
    (`asked`), COEs `in_review`. `unverified` is done and was not shown to hold.
    """

    open: int = 0
    due: int = 0
    late: int = 0
    moved: int = 0
    moves: int = 0
    unverified: int = 0
    proposed: int = 0
    asked: int = 0
    in_review: int = 0
    ages: tuple[int, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        names = [each.name for each in fields(Tally)]
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def to_decide(self) -> int:
        return self.proposed + self.asked

    @property
    def spread(self) -> Spread | None:
        return spread_of(self.ages)


@dataclass(frozen=True, slots=True)
class Standing:
    """A team under the teams that it is part of (`above`, those in sight), with what was counted
    of it and of all teams below it, whose keys are in `subtree`."""

    team: Team
    above: tuple[Team, ...]
    tally: Tally
    subtree: frozenset[int]


@dataclass(frozen=True)
class Standings:
    """Of the teams whose standing `user` may see, each after the one above it: their own, those
    that they manage and those below, of a leader every one. Counted is what `user` may see and
    nothing else, in seven queries whatever there is."""

    user: User

    @cached_property
    def all(self) -> list[Standing]:
        seen = set(teams_in_sight(self.user).values_list("pk", flat=True))
        own = _counted(self.user, self.moment, self.undecided)
        subtrees: dict[int, set[int]] = defaultdict(set)
        for above, team in self._in_order:
            for each in (*above, team):
                subtrees[each.pk].add(team.pk)
        return [
            Standing(
                team,
                tuple(each for each in above if each.pk in seen),
                sum((own[each] for each in subtrees[team.pk] if each in own), Tally()),
                frozenset(subtrees[team.pk]),
            )
            for above, team in self._in_order
            if team.pk in seen
        ]

    def of(self, team: int) -> Standing | None:
        """Of the team with this key; None where it is not in sight."""
        return next((each for each in self.all if each.team.pk == team), None)

    def below(self, standing: Standing) -> list[Standing]:
        return [each for each in self.all if standing.team in each.above]

    @cached_property
    def undecided(self) -> list[ActionItem]:
        """The items in review that nobody decided."""
        return undecided_items(self.user)

    @cached_property
    def moment(self) -> datetime:
        """What is late, is late now."""
        return timezone.now()

    @cached_property
    def _in_order(self) -> list[tuple[tuple[Team, ...], Team]]:
        return list(in_tree_order(Team.objects.order_by(BY_NAME, "pk")))


def _counted(user: User, moment: datetime, undecided: Iterable[ActionItem]) -> Mapping[int, Tally]:
    """By team (its key), what is counted of itself alone."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    ages: dict[int, list[int]] = defaultdict(list)
    seen = Promise.objects.visible_to(user).standing()
    for promise in seen.unsettled().select_related("team").only(*COUNTED):
        found[promise.team_id] += _told_of(promise, moment)
        if promise.is_to_be_done:
            ages[promise.team_id].append((moment - promise.promised_at).days)
    asked = PromiseRequest.objects.filter(outcome="", promise__in=seen)
    _add(found, "asked", asked.values_list("promise__team", flat=True))
    _add(found, "in_review", _in_review(user).values_list("incident__team", flat=True))
    _add(found, "proposed", (each.document.incident.team_id for each in undecided))
    return {team: Tally(**counts, ages=tuple(ages[team])) for team, counts in found.items()}


def _told_of(promise: Promise, moment: datetime) -> Counter[str]:
    if not promise.is_to_be_done:
        return Counter(unverified=1)
    is_late, today = promise.is_late_at(moment), moment.astimezone(promise.zone).date()
    is_due = promise.due_on is not None and today <= promise.due_on <= today + SOON
    return Counter(open=1, late=is_late, due=is_due, moved=promise.moves > 0, moves=promise.moves)


def _add(found: Mapping[int, Counter[str]], name: str, teams: Iterable[int | None]) -> None:
    for team in teams:
        if team is not None:
            found[team][name] += 1


def _in_review(user: User) -> QuerySet[Document]:
    return Document.objects.working_copy_visible_to(user).filter(state=State.IN_REVIEW)
