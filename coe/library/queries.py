"""What a person may browse, each COE as the version that they may read.

A row is found, filtered and sorted by what its reader gets to see: a COE that is published by its
publication alone, whoever asks, and every other by its working copy, which whoever finds it may
read. So no filter, count or order tells of a draft to those who may not read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import (
    Case,
    Exists,
    F,
    FilteredRelation,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Collate, Concat, ExtractYear, Lower, LPad, Substr

from coe.accounts.models import Team, User
from coe.accounts.queries import BY_NAME
from coe.actions.models import ActionItem, Promise
from coe.clocks.queries import late_coes
from coe.clocks.reading import STOPPED, Clocks
from coe.documents.contents import Answer
from coe.documents.models import Document, Section, State
from coe.incidents.durations import Duration, time_to_resolve
from coe.incidents.models import Milestone, Service
from coe.library.places import Order
from coe.policies.clocks import Clock
from coe.publishing.models import Publication, PublishedText
from coe.publishing.queries import approved_before_retraction, published_as_approved
from coe.snapshots.queries import KindOfIncident
from coe.text.instants import Instant
from coe.timeline.models import Entry
from coe.whys.models import Cause

PUBLISHED, RETRACTED, FAILED = "published", "retracted", "did_not_hold"
"""The filter values for COEs that readers have, or had, or of which a correction did not hold,
beside the states of the working copy."""
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
"""Sorts what has no moment last among what is sorted by the newest."""

WORKING_COPY: dict[type[Model], str] = {
    Section: "text",
    Answer: "text",
    Entry: "text",
    Cause: "text",
    ActionItem: "title",
}
"""The texts of a working copy that are searched; migration 0010 has an index for each."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the filters offer: all teams and services, and of the COEs that one may read the owners
    and the years in which impact started (UTC), the last first."""

    teams: list[Team]
    services: list[Service]
    owners: list[User]
    years: list[int]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed by; what is empty narrows nothing."""

    words: tuple[str, ...] = ()
    teams: frozenset[int] | None = None
    service_id: int | None = None
    severity: int | None = None
    category: str = ""
    state: str = ""
    year: int | None = None
    owner_id: int | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """One line of the list, as its reader gets to see it."""

    reference: str
    title: str
    severity: int
    service: str
    team: str
    state: str
    version: int | None
    correction: str
    owner: str
    zone: str
    started_at: datetime | None
    resolved_in: int | None
    is_about: bool
    days_late: int = 0
    has_failed: bool = False


def catalogue(user: User) -> Catalogue:
    """What the filters of `user` offer."""
    mine = Document.objects.visible_to(user)
    owners = User.objects.filter(pk__in=mine.values("owner")).order_by(BY_NAME, "pk")
    years = _as_read(mine).filter(Q(started_at__isnull=False))
    return Catalogue(
        teams=list(Team.objects.order_by(BY_NAME, "pk")),
        services=list(Service.objects.order_by(BY_NAME, "pk")),
        owners=list(owners),
        years=sorted(
            years.order_by().values_list(ExtractYear("started_at"), flat=True).distinct(),
            reverse=True,
        ),
    )


def browsable(user: User, filters: Filters, order: Order) -> QuerySet[Document]:
    """The COEs that `user` may read and that fit, each with its value in the order as `key`."""
    working = Document.objects.working_copy_visible_to(user).filter(pk=OuterRef("pk"))
    documents = _as_read(Document.objects.visible_to(user)).annotate(
        shows_working_copy=Exists(working), key=_keys()[order]
    )
    for condition in _conditions(filters):
        documents = documents.filter(condition)
    if filters.is_late:
        late = [each.document.pk for each in late_coes(user)]
        documents = documents.filter(pk__in=late)
    if filters.state in State:
        documents = documents.filter(shows_working_copy=True, state=filters.state)
    if filters.state == State.APPROVED:
        documents = documents.exclude(Exists(published_as_approved()))
        documents = documents.exclude(Exists(approved_before_retraction()))
    return documents


def with_lines(documents: QuerySet[Document]) -> QuerySet[Document]:
    """With everything that `shelf` tells, in two more queries however many there are."""
    current = Publication.objects.filter(state=Publication.State.CURRENT)
    return (
        documents.annotate(has_failed=Exists(_failed()))
        .select_related("incident__team", "incident__service", "owner")
        .prefetch_related(
            Prefetch("publications", current.select_related("service"), to_attr="now"),
            "incident__milestones",
        )
    )


def shelves(documents: Sequence[Document]) -> list[Shelf]:
    """`documents` (from `browsable`, `with_lines`) as the lines of the list, with how late each is
    that its reader may read before it is published."""
    drafts = [each for each in documents if each.shows_working_copy]  # type: ignore[attr-defined]
    clocks = Clocks().of(drafts)
    return [shelf(each, clocks.get(each.pk, STOPPED)) for each in documents]


def shelf(document: Document, clock: Clock = STOPPED) -> Shelf:
    """`document` (from `browsable`, `with_lines`) as its line in the list."""
    current: list[Publication] = document.now  # type: ignore[attr-defined]
    publication = current[0] if current else None
    if publication is None:
        return _unpublished(document, clock)
    is_corrected = document.state != State.APPROVED
    shows = document.shows_working_copy  # type: ignore[attr-defined]
    return Shelf(
        reference=document.reference,
        title=publication.title,
        severity=publication.severity,
        service=publication.service.name if publication.service else "",
        team=publication.team,
        state="current",
        version=publication.version,
        correction=document.get_state_display() if is_corrected and shows else "",
        owner=document.owner.name,
        zone=publication.zone,
        started_at=publication.impact_started_at,
        resolved_in=publication.resolved_in,
        is_about=publication.is_resolved_about,
        has_failed=document.has_failed,  # type: ignore[attr-defined]
    )


def _unpublished(document: Document, clock: Clock) -> Shelf:
    incident = document.incident
    instants = _instants(document)
    taken = time_to_resolve(instants)
    started = instants.get("impact_started")
    is_corrected = document.is_retracted and document.state != State.APPROVED
    return Shelf(
        reference=document.reference,
        title=incident.title,
        severity=incident.severity,
        service=incident.service.name if incident.service else "",
        team=incident.team.name,
        state=RETRACTED if document.is_retracted else document.state,
        version=document.retracted_version,
        correction=document.get_state_display() if is_corrected else "",
        owner=document.owner.name,
        zone=document.zone,
        started_at=started.at if started else None,
        resolved_in=_forwards(taken),
        is_about=taken.is_about,
        days_late=clock.days_late,
    )


def _instants(document: Document) -> dict[str, Instant]:
    milestones = document.incident.milestones.all()
    return {each.kind: each.instant for each in milestones if each.instant}


def _forwards(taken: Duration) -> int | None:
    return None if taken.is_reversed else taken.seconds


def _as_read(documents: QuerySet[Document]) -> QuerySet[Document]:
    """With what each says to its reader: `title`, `severity`, `team`, `service`, `started_at`."""
    started = Milestone.objects.filter(
        incident=OuterRef("incident"), kind=Milestone.Kind.IMPACT_STARTED
    )
    is_current = Q(publications__state=Publication.State.CURRENT)
    return documents.annotate(
        read=FilteredRelation("publications", condition=is_current),
        title=_read("title", "incident__title", models.CharField()),
        severity=_read("severity", "incident__severity", models.IntegerField()),
        team=_read("owning_team", "incident__team", models.BigIntegerField()),
        service=_read("service", "incident__service", models.BigIntegerField()),
        started_at=_read("impact_started_at", Subquery(started.values("at")), _moment()),
    )


def _read(published: str, working: str | Subquery, field: models.Field[Any, Any]) -> Case:
    is_published = When(current_version__isnull=False, then=F(f"read__{published}"))
    return Case(
        is_published,
        default=F(working) if isinstance(working, str) else working,
        output_field=field,
    )


def _moment() -> models.DateTimeField[Any, Any]:
    return models.DateTimeField()


def _keys() -> dict[Order, Any]:
    never = Value(LONG_AGO, output_field=_moment())
    number = LPad(Substr("reference", 10), 6, Value("0"))
    return {
        Order.IMPACT: Coalesce("started_at", never),
        Order.TITLE: Collate(Lower("title"), "C"),
        Order.SEVERITY: F("severity"),
        Order.REFERENCE: Collate(Concat(Substr("reference", 5, 4), number), "C"),
        Order.PUBLISHED: Coalesce("read__published_at", never),
    }


def _conditions(filters: Filters) -> list[Q]:
    found = [_holds(word) for word in filters.words]
    if filters.teams is not None:
        found.append(Q(team__in=filters.teams))
    if filters.service_id:
        found.append(Q(service=filters.service_id))
    if filters.severity:
        found.append(Q(severity=filters.severity))
    if filters.category:
        found.append(_is_of_kind(filters.category))
    if filters.owner_id:
        found.append(Q(owner=filters.owner_id))
    if filters.state == PUBLISHED:
        found.append(Q(current_version__isnull=False))
    if filters.state == FAILED:
        found.append(Q(Exists(_failed()), current_version__isnull=False))
    if filters.state == RETRACTED:
        found.append(Q(current_version__isnull=True, retracted_version__isnull=False))
    if filters.year:
        found.append(
            Q(
                started_at__gte=datetime(filters.year, 1, 1, tzinfo=UTC),
                started_at__lt=datetime(filters.year + 1, 1, 1, tzinfo=UTC),
            )
        )
    return found


def _failed() -> QuerySet[Promise]:
    """For use under `Exists` on documents: a correction of readers that did not hold."""
    return Promise.objects.failed().filter(document=OuterRef("pk"))


def _is_of_kind(category: str) -> Q:
    """Whether readers are told that the incident was of this kind."""
    current = Publication.objects.filter(state=Publication.State.CURRENT)
    published = current.annotate(kind=KindOfIncident("snapshot__content")).filter(kind=category)
    is_drafted = Q(current_version__isnull=True, incident__category=category)
    return is_drafted | Q(pk__in=published.values("document"))


def _holds(word: str) -> Q:
    """Whether `word` stands in the reference or the title, or a word of the text begins with it."""
    query = SearchQuery(beginning(word), config="simple", search_type="raw")
    published = PublishedText.objects.filter(
        words=query, publication__state=Publication.State.CURRENT
    )
    found = Q(reference__icontains=word) | Q(title__icontains=word)
    found |= Q(pk__in=published.values("publication__document"))
    for model, column in WORKING_COPY.items():
        rows = model._default_manager.annotate(found=SearchVector(column, config="simple"))
        hits = rows.filter(found=query).values("document")
        found |= Q(current_version__isnull=True, pk__in=hits)
    return found


def beginning(word: str) -> str:
    """The query for words that begin so; what PostgreSQL gives a meaning to has none in quotes."""
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':*"
