"""What a person should know, how they want to be told, and what they watch."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from coe.accounts.models import User
from coe.documents.models import Document
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


def news_page(person: User, number: Any) -> Page[News]:
    """What `person` should know, by COE, what came last first. Takes three queries at most."""
    unseen = Notice.objects.unseen_by(person)
    coes = unseen.order_by().values("document").annotate(number=Count("pk"), last=Max("pk"))
    page: Page[Any] = Paginator(coes.order_by("-last"), COES).get_page(number)
    numbers = {each["document"]: each["number"] for each in page}
    lines: dict[int, list[Notice]] = {key: [] for key in numbers}
    for notice in _first_lines(unseen.filter(document__in=numbers)):
        lines[notice.document_id].append(notice)
    news = [News(found, numbers[key] - len(found)) for key, found in lines.items() if found]
    return Page(news, page.number, page.paginator)


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
