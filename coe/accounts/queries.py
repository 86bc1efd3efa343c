"""Reading people and teams."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Collate, Lower

from coe.accounts.models import PersonState, Team, User

STATE_FILTERS = {
    PersonState.ACTIVE: Q(is_active=True, joined_at__isnull=False),
    PersonState.INVITED: Q(is_active=True, joined_at__isnull=True),
    PersonState.DEACTIVATED: Q(is_active=False, is_placeholder=False),
    PersonState.PLACEHOLDER: Q(is_placeholder=True),
}

BY_NAME = Collate(Lower("name"), "C")
"""The order of names, the same on every PostgreSQL."""


def find_people(*, word: str = "", state: str = "") -> QuerySet[User]:
    """Those whose name or e-mail address holds `word` and who are in `state`; empty means all who
    have, had or are offered an account."""
    people = User.objects.select_related("team").order_by(BY_NAME, "pk")
    chosen = STATE_FILTERS[PersonState(state)] if state else Q(is_placeholder=False)
    people = people.filter(chosen)
    return people.filter(Q(name__icontains=word) | Q(email__icontains=word))


def active_people() -> QuerySet[User]:
    """Those to whom something can be given."""
    return User.objects.filter(is_active=True).order_by(BY_NAME, "pk")


def teams_with_counts() -> QuerySet[Team]:
    """Every team with its manager and how many people are in it (`size`)."""
    size = Count("members", filter=Q(members__is_active=True))
    return Team.objects.select_related("manager").annotate(size=size).order_by(BY_NAME)


def teams_below(teams: Sequence[Team], team_id: int) -> frozenset[int]:
    """A team and every team below it, of all `teams`."""
    found, size = {team_id}, 0
    while len(found) > size:
        size = len(found)
        found |= {team.pk for team in teams if team.parent_id in found}
    return frozenset(found)


def in_tree_order(teams: Iterable[Team]) -> Iterator[tuple[tuple[Team, ...], Team]]:
    """Each team right after the one it is part of, with all that it is part of, the top first.

    Neighbours stay in the order in which they came.
    """
    children: dict[int | None, list[Team]] = defaultdict(list)
    for team in teams:
        children[team.parent_id].append(team)
    waiting: list[tuple[tuple[Team, ...], Team]] = [((), top) for top in reversed(children[None])]
    while waiting:
        above, team = waiting.pop()
        yield above, team
        waiting += [((*above, team), child) for child in reversed(children[team.pk])]
