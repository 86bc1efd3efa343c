"""Who may approve."""

from coe.accounts.models import Team, User
from coe.documents.models import Document


def approvers_of(document: Document) -> list[User]:
    """Those who may judge the COE now; empty where the tree of teams has nobody.

    The manager of the team that owns the incident, else the next manager up who is active and
    not the owner; where the tree ends, any leader but the owner. Whoever owns a COE never
    approves it.
    """
    teams = {team.pk: team for team in Team.objects.select_related("manager")}
    team: Team | None = teams[document.incident.team_id]
    while team is not None:
        manager = team.manager
        if manager and manager.is_active and manager.pk != document.owner_id:
            return [manager]
        team = teams[team.parent_id] if team.parent_id else None
    leaders = User.objects.filter(is_leader=True, is_active=True)
    return list(leaders.exclude(pk=document.owner_id))


def is_approver(user: User, document: Document) -> bool:
    return user in approvers_of(document)


def is_owner(user: User, document: Document) -> bool:
    return document.owner_id == user.pk
