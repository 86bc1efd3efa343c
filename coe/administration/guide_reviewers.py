"""Whom a guide asks to review, in words, with who that is by now."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from coe.accounts.models import Team, User
from coe.administration.guide_words import Teams
from coe.policies.models import Guide, GuideReviewer, Naming

NOBODY = "nobody at the moment"


@dataclass(frozen=True, slots=True)
class ReviewerLine:
    """One line of the guide: who is named, who that is `now` in words, of which COEs.

    `is_gone`: a person who was deactivated, and is asked no more.
    """

    row: GuideReviewer
    who: str
    now: str
    scope: str
    is_gone: bool


class ReviewerWords:
    """What those are called whom a guide names (`GuideReviewer.who`), read once."""

    def __init__(self, named: Iterable[str]) -> None:
        keys = {int(key) for kind, _, key in (each.partition(":") for each in named) if key}
        self._people = User.objects.filter(pk__in=keys).in_bulk()

    def title(self, who: str) -> str:
        naming, _, key = who.partition(":")
        if naming == Naming.PERSON:
            return self._people[int(key)].name
        if naming == Naming.MANAGER:
            return f"The manager of {self._teams[int(key)].name}"
        return "Every leader"

    def now(self, who: str) -> str:
        """Who has a role now; empty where a person is named."""
        naming, _, key = who.partition(":")
        if naming == Naming.PERSON:
            return ""
        if naming == Naming.LEADERS:
            return f"now {', '.join(self._leaders)}" if self._leaders else NOBODY
        return self._manager(self._teams[int(key)])

    def is_gone(self, who: str) -> bool:
        naming, _, key = who.partition(":")
        return naming == Naming.PERSON and not self._people[int(key)].is_active

    def _manager(self, team: Team | None) -> str:
        """As `reviewers_named` finds them: the next one above where there is none who is active."""
        while team is not None:
            if team.manager and team.manager.is_active:
                return f"now {team.manager.name}"
            team = self._teams[team.parent_id] if team.parent_id else None
        return NOBODY

    @cached_property
    def _teams(self) -> dict[int, Team]:
        return Team.objects.select_related("manager").in_bulk()

    @cached_property
    def _leaders(self) -> list[str]:
        leaders = User.objects.filter(is_leader=True, is_active=True)
        return list(leaders.values_list("name", flat=True))


def reviewer_lines(guide: Guide) -> list[ReviewerLine]:
    """Everybody whom `guide` names, by name; the same person for several kinds of COEs together."""
    rows = list(guide.reviewers.all())
    words, teams = ReviewerWords(row.who for row in rows), Teams()
    lines = [
        ReviewerLine(
            row=row,
            who=words.title(row.who),
            now=words.now(row.who),
            scope=teams.scope(row.scope),
            is_gone=words.is_gone(row.who),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.who.lower(), line.row.who, line.row.pk))
