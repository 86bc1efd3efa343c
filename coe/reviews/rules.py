"""Who may approve."""

from functools import cached_property

from coe.accounts.models import Team, User
from coe.documents.models import Document


class Approvers:
    """Those who may judge a COE, from the teams and leaders as they are now, read once.

    The manager of the team that owns the incident, else the next manager up who is active and
    not the owner; where the tree ends, any leader but the owner. Whoever owns a COE never
    approves it.
    """

    def of(self, document: Document) -> list[User]:
        """The approvers of one COE; empty where there is nobody."""
        return self.between(document.incident.team_id, document.owner_id)

    def between(self, team_id: int, *without: int | None) -> list[User]:
        """The approvers of what that team has, who are none of the people `without`: the owner
        of a COE, who of a promise. Empty where there is nobody."""
        team: Team | None = self._teams[team_id]
        while team is not None:
            manager = team.manager
            if manager and manager.is_active and manager.pk not in without:
                return [manager]
            team = self._teams[team.parent_id] if team.parent_id else None
        return [leader for leader in self._leaders if leader.pk not in without]

    def above(self, team_id: int) -> list[User]:
        """Everybody whom `between` could give for that team, whoever is left out."""
        found: list[User] = []
        while people := self.between(team_id, *[person.pk for person in found]):
            found += people
        return found

    @cached_property
    def _teams(self) -> dict[int, Team]:
        return {team.pk: team for team in Team.objects.select_related("manager")}

    @cached_property
    def _leaders(self) -> list[User]:
        return list(User.objects.filter(is_leader=True, is_active=True))


def approvers_of(document: Document) -> list[User]:
    """Those who may judge the COE now (`Approvers`)."""
    return Approvers().of(document)


def is_approver(user: User, document: Document) -> bool:
    return user in approvers_of(document)


def is_owner(user: User, document: Document) -> bool:
    return document.owner_id == user.pk
