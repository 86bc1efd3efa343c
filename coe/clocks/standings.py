"""How teams stand: what has no COE yet, what is late, and how many incidents have a COE."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, FilteredRelation, Q, QuerySet, When
from django.utils.timezone import now

from coe.accounts.models import BY_NAME, Team, User
from coe.accounts.queries import in_tree_order
from coe.actions.models import Promise
from coe.clocks.queries import LateCoe, failed_promises, late_coes, without_coe
from coe.clocks.reading import OLD
from coe.documents.models import Document
from coe.incidents.models import Incident
from coe.publishing.models import Publication


@dataclass(frozen=True, slots=True)
class Tally:
    """How many incidents have no COE, how many COEs are late, of how many corrections did not hold,
    and of the incidents of the last year how many have one and how many have none."""

    without: int = 0
    late: int = 0
    have: int = 0
    lack: int = 0
    failed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.without + other.without,
            self.late + other.late,
            self.have + other.have,
            self.lack + other.lack,
            self.failed + other.failed,
        )

    @property
    def of_the_year(self) -> int:
        return self.have + self.lack

    @property
    def share(self) -> int | None:
        """How many of a hundred incidents of the last year have a COE; None where there is none.

        It is a hundred only where none is without, and none only where none has one.
        """
        if not (self.have and self.lack):
            return (100 if self.have else 0) if self.of_the_year else None
        return min(max(round(100 * self.have / self.of_the_year), 1), 99)


@dataclass(frozen=True, slots=True)
class Standing:
    """A team under the teams that it is part of (`above`, those in sight), and the tally of it and
    of the teams below."""

    team: Team
    above: tuple[Team, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class TeamStanding(Standing):
    """With the teams below it, and what was counted of it and of those."""

    below: tuple[Standing, ...]
    without: tuple[Incident, ...]
    late: tuple[LateCoe, ...]
    failed: tuple[Promise, ...]


def teams_in_sight(user: User) -> QuerySet[Team]:
    """The teams whose incidents without a COE `user` may see: their own, those that they manage
    and those below, of a leader every one."""
    if user.is_leader:
        return Team.objects.all()
    governed = Team.objects.governed_by(user).values("pk")
    return Team.objects.filter(Q(pk=user.team_id) | Q(pk__in=governed))


def standings_of(user: User, *, moment: datetime | None = None) -> list[Standing]:
    """Of the teams in sight, each after the one above it. Counted is what `user` may see and
    nothing else. The number of queries does not grow with anything."""
    return _standings(user, late_coes(user, moment), failed_promises(user), moment or now())


def standing_of(user: User, team: int, *, moment: datetime | None = None) -> TeamStanding | None:
    """Of the team with this key, with all that is behind the numbers; None where it is not in
    sight."""
    late, failed = late_coes(user, moment), failed_promises(user)
    standings = _standings(user, late, failed, moment or now())
    found = next((each for each in standings if each.team.pk == team), None)
    if found is None:
        return None
    below = tuple(each for each in standings if found.team in each.above)
    teams = {team, *(each.team.pk for each in below)}
    return TeamStanding(
        found.team,
        found.above,
        found.tally,
        below,
        tuple(without_coe(user).filter(team__in=teams)),
        tuple(each for each in late if each.document.incident.team_id in teams),
        tuple(each for each in failed if each.team_id in teams),
    )


def _standings(
    user: User, late: Iterable[LateCoe], failed: Iterable[Promise], moment: datetime
) -> list[Standing]:
    in_order = list(in_tree_order(Team.objects.order_by(BY_NAME, "pk")))
    own = _tallies(user, late, failed, moment)
    whole: dict[int, Tally] = {}
    for above, team in in_order:
        for each in (*above, team):
            whole[each.pk] = whole.get(each.pk, Tally()) + own.get(team.pk, Tally())
    seen = set(teams_in_sight(user).values_list("pk", flat=True))
    return [
        Standing(team, tuple(each for each in above if each.pk in seen), whole[team.pk])
        for above, team in in_order
        if team.pk in seen
    ]


def _tallies(
    user: User, late: Iterable[LateCoe], failed: Iterable[Promise], moment: datetime
) -> dict[int, Tally]:
    """By team (its key), what is counted of itself alone."""
    since = moment - OLD
    to_write = Incident.objects.without_coe().visible_to(user).to_write()
    without = Counter(to_write.values_list("team", flat=True))
    lack = Counter(to_write.filter(opened_at__gt=since).values_list("team", flat=True))
    of_late = Counter(each.document.incident.team_id for each in late)
    have = Counter(_teams_of_coes(user, since))
    of_failed = Counter(team for team, _ in {(each.team_id, each.document_id) for each in failed})
    return {
        team: Tally(without[team], of_late[team], have[team], lack[team], of_failed[team])
        for team in {*without, *of_late, *have, *of_failed}
        if team is not None
    }


def _teams_of_coes(user: User, since: datetime) -> QuerySet[Document, int]:
    """The team, as its reader is told it, of each COE that `user` may read and whose incident was
    entered `since`."""
    is_current = Q(publications__state=Publication.State.CURRENT)
    entered = Document.objects.visible_to(user).filter(incident__opened_at__gt=since)
    team = Case(
        When(current_version__isnull=False, then=F("read__owning_team")),
        default=F("incident__team"),
    )
    read = FilteredRelation("publications", condition=is_current)
    return entered.alias(read=read).annotate(of=team).values_list("of", flat=True)
