"""What a person should know, how they want to be told, and what they watch."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from coe.accounts.models import Team, User
from coe.documents.models import Document
from coe.incidents.models import Service
from coe.notices.models import DailyTime, Delivery, Kind, Notice, NoticeSetting, Watch
from coe.notices.rules import USUAL

COES = 5
"""COEs of which the list at home tells at a time: what is to be done stands below it."""
LINES = 3
"""Notices of one COE that are told; the page of the COE has the rest."""


@dataclass(frozen=True, slots=True)
class News:
    """What is unseen of one COE: the last of it first, and how much there is besides."""

    notices: list[Notice]
    more: int

    @property
    def latest(self) -> Notice:
        return self.notices[0]


@dataclass(frozen=True, slots=True)
class Unseen:
    """What a person should know: a page of it by COE, and of all of it how many notices there are
    and the last of them."""

    page: Page[News]
    number: int
    until: int | None


def unseen_page(person: User, number: Any) -> Unseen:
    """What `person` should know, what came last first. Takes three queries, or one for nothing."""
    unseen = Notice.objects.unseen_by(person)
    whole = unseen.aggregate(
        coes=Count("document", distinct=True), number=Count("pk"), until=Max("pk")
    )
    coes = unseen.order_by().values("document").annotate(number=Count("pk"), last=Max("pk"))
    paginator: Paginator[Any] = Paginator(coes.order_by("-last"), COES)
    paginator.count = whole["coes"]
    page = paginator.get_page(number)
    page.object_list = _news(unseen, {each["document"]: each["number"] for each in page})
    return Unseen(page, whole["number"], whole["until"])


def _news(unseen: QuerySet[Notice], numbers: dict[int, int]) -> list[News]:
    lines: dict[int, list[Notice]] = {key: [] for key in numbers}
    for notice in _first_lines(unseen.filter(document__in=numbers)):
        lines[notice.document_id].append(notice)
    return [News(found, numbers[key] - len(found)) for key, found in lines.items() if found]


def _first_lines(unseen: QuerySet[Notice]) -> QuerySet[Notice]:
    place = Window(RowNumber(), partition_by=F("document"), order_by=F("pk").desc())
    first = unseen.annotate(place=place).filter(place__lte=LINES)
    return first.select_related("by", "document").order_by("-pk")


def deliveries(person: User) -> dict[Kind, Delivery]:
    """How `person` is told of each kind."""
    chosen = dict(NoticeSetting.objects.filter(person=person).values_list("kind", "delivery"))
    return {kind: Delivery(chosen.get(kind, usual)) for kind, usual in USUAL.items()}


def daily_time(person: User) -> DailyTime:
    """When the mail of a day is due for `person`, with the zone that holds for them."""
    time = DailyTime.objects.filter(person=person).first() or DailyTime(person=person)
    time.zone = time.zone or usual_zone(person)
    return time


def usual_zone(person: User) -> str:
    return person.team.zone if person.team else "UTC"


def gets_weeks(person: User) -> bool:
    """Whether there is a mail of the week for `person`: for who manages a team, or leads."""
    return person.is_leader or person.managed_teams.exists()


def own_zone(person: User) -> str:
    """The zone that `person` has chosen; nothing where it is that of their team."""
    chosen = DailyTime.objects.filter(person=person).values_list("zone", flat=True)
    return chosen.first() or ""


def watches(person: User) -> QuerySet[Watch]:
    """What `person` watches: services and teams by name, and the COEs that they may see."""
    readable = Document.objects.visible_to(person)
    seen = Watch.objects.filter(Q(document=None) | Q(document__in=readable), person=person)
    return seen.select_related("document", "service", "team").order_by(
        "team__name", "service__name", "-document__reference"
    )


def is_watching(person: User, document: Document) -> bool:
    return Watch.objects.filter(person=person, document=document).exists()


@dataclass(frozen=True, slots=True)
class Watchable:
    """A team or a service (`kind` is which) that can be watched, and the watch where it is."""

    kind: str
    thing: Team | Service
    watch: Watch | None


def watchables(person: User, *, team: Team | None, service: Service | None) -> list[Watchable]:
    """Those that are given, and whether `person` watches them."""
    if not (team or service):
        return []
    watching = Watch.objects.filter(
        Q(team=team, team__isnull=False) | Q(service=service, service__isnull=False), person=person
    )
    of_team = {each.team_id: each for each in watching if each.team_id}
    of_service = {each.service_id: each for each in watching if each.service_id}
    found = [Watchable("team", team, of_team.get(team.pk))] if team else []
    if service:
        found.append(Watchable("service", service, of_service.get(service.pk)))
    return found
