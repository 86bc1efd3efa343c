"""The mail of a week: how the corrections of a team stand, and for leaders those of all others.

One mail a person, on Monday at the hour of their daily mail; late on Tuesday or Wednesday, then no
more. Of a restricted COE it gives the number and no word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from coe.accounts.models import Team, User
from coe.accounts.queries import active_people
from coe.jobs.mail import send_mail
from coe.notices.daily import last_due
from coe.notices.queries import daily_time
from coe.reminders.models import Digest
from coe.reminders.standing import Standing, standing_of

MAILED_FOR: Final = timedelta(days=3)
"""How long after its hour the mail of a week is still sent."""
MOST_LINES: Final = 20


@dataclass(frozen=True, slots=True)
class Group:
    """Those that stand alike, of which the mail names the first."""

    title: str
    lines: list[Any]
    number: int

    @property
    def more(self) -> int:
        """How many it does not name."""
        return self.number - len(self.lines)


def people_to_mail(*, as_of: datetime) -> list[User]:
    """Those whose mail of this week is due by `as_of` and was not looked at."""
    heads = active_people().filter(Q(is_leader=True) | Q(managed_teams__isnull=False))
    heads = heads.exclude(joined_at__isnull=True).exclude(daily_time__wants_week=False)
    return [person for person in heads.distinct() if _open_parts(person, as_of)]


@transaction.atomic
def mail_week(person: User, *, as_of: datetime) -> None:
    """Mail `person` how what they see to stands, if that is due by `as_of`, once a week.

    Whoever does this at the same time waits, and then finds that it is done. Where there is
    nothing to say there is no mail. Raises what `send_mail` raises; then nothing is done.
    """
    week = week_due(person, as_of)
    if week is None:
        return
    parts = []
    for team in _open_parts(person, as_of):
        standing = standing_of(person, team, week=week, as_of=as_of)
        if _is_first(person, team, week, lines=standing.number) and standing.number:
            parts.append(_told(person, team, standing))
    if parts:
        _send(person, week, parts)


def week_due(person: User, as_of: datetime) -> date | None:
    """The Monday whose mail is to be sent to `person` at `as_of`; None while there is none."""
    time = daily_time(person)
    zone = ZoneInfo(time.zone)
    day, _ = last_due(as_of, zone=zone, hour=time.hour)
    monday = day - timedelta(days=day.weekday())
    return monday if as_of.astimezone(zone).date() - monday < MAILED_FOR else None


def _open_parts(person: User, as_of: datetime) -> list[Team | None]:
    """What `person` sees to of which they were told nothing this week: the teams that they manage,
    without those below another of them; and for a leader all others (None)."""
    week = week_due(person, as_of)
    if week is None or not (person.is_active and person.joined_at):
        return []
    told = set(Digest.objects.filter(person=person, week=week).values_list("team", flat=True))
    parts = [*_topmost(person), *([None] if person.is_leader else [])]
    return [team for team in parts if (team and team.pk) not in told]


def _topmost(person: User) -> Iterator[Team]:
    governed = {team.pk: team for team in Team.objects.governed_by(person)}
    for team in governed.values():
        if team.parent_id not in governed:
            yield team


def _is_first(person: User, team: Team | None, week: date, *, lines: int) -> bool:
    given = {"lines": lines}
    _, is_first = Digest.objects.get_or_create(person=person, team=team, week=week, defaults=given)
    return is_first


def _told(person: User, team: Team | None, standing: Standing) -> dict[str, Any]:
    others = "All other teams" if person.managed_teams.exists() else "All teams"
    groups = [
        Group(title, lines[:MOST_LINES], len(lines)) for title, lines in standing.groups() if lines
    ]
    return {"title": team.name if team else others, "open": standing.open, "groups": groups}


def _send(person: User, week: date, parts: list[dict[str, Any]]) -> None:
    send_mail(
        to=person.email,
        template="reminders/mail/week.txt",
        context={
            "person": person,
            "week": week,
            "parts": parts,
            "list_link": settings.PUBLIC_URL + reverse("action_list"),
            "settings_link": settings.PUBLIC_URL + reverse("notice_settings"),
        },
        message=f"week-{person.pk}-{week:%Y%m%d}",
    )
