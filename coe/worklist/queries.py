"""The action items that a person may see and looks for.

Everything starts from the `items` of their `Catalogue`, also what the filters offer and how many
fit, so that nothing is told of a COE which is not theirs to read. Team, service and severity are
those of the publication: a correction in the making changes nothing here before it is published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict

from coe.accounts.models import Team, User
from coe.accounts.queries import BY_NAME
from coe.actions.models import (
    DUE,
    TO_BE_DONE,
    Promise,
    PromiseQuerySet,
    PromiseRequest,
    PromiseState,
)
from coe.incidents.models import Service
from coe.library.queries import beginning
from coe.promises.rules import parts_of
from coe.worklist.models import SavedView
from coe.worklist.orders import SORTABLE, Group, Heading, heading_of, in_groups
from coe.worklist.ways import Way, ways_of

MOST_COUNTED = 1000
"""Beyond it nobody needs the number, and counting would cost more with every item that there is."""
ANY = "any"
NOBODY, ME, NONE = "nobody", "me", "none"
VERIFICATION, DECISION = "verification", "decision"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The items that somebody may see, and what the filters of these offer: all teams and services,
    and who owns one of them."""

    person: User
    items: PromiseQuerySet
    teams: list[Team]
    services: list[Service]
    owners: list[User]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed by; what is empty narrows nothing, but for `state`: it then means
    what is still to be done, unless something is looked for that waits for others."""

    words: tuple[str, ...] = ()
    state: str = ""
    waiting: str = ""
    owner: str = ""
    teams: frozenset[int] | None = None
    service: str = ""
    priority: int | None = None
    kind: str = ""
    cause: str = ""
    severity: int | None = None
    since: date | None = None
    until: date | None = None
    reference: str = ""
    is_late: bool = False
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One item as the list shows it, below a heading where it is the first of its group.

    `is_asked` says that somebody decides about it; `ways` are what the person may do with it;
    `address` leads to its group alone.
    """

    promise: Promise
    is_late: bool
    is_asked: bool
    ways: tuple[Way, ...]
    heading: Heading | None = None
    address: str = ""


def catalogue(user: User) -> Catalogue:
    """What there is for `user`. Four queries."""
    items = Promise.objects.walked_by(user).standing()
    # Of each person the first by the index of owners: all promises are never gone through.
    first = items.filter(owner=OuterRef("pk")).order_by(DUE, "priority", "pk").values("pk")[:1]
    owners = User.objects.alias(owns=Subquery(first)).filter(owns__isnull=False)
    return Catalogue(
        person=user,
        items=items,
        teams=list(Team.objects.order_by(BY_NAME, "pk")),
        services=list(Service.objects.order_by(BY_NAME, "pk")),
        owners=list(owners.order_by(BY_NAME, "pk")),
    )


def saved_views(user: User) -> list[SavedView]:
    """The views that `user` keeps, and those that people of their team share, by name."""
    theirs = Q(person=user)
    if user.team_id:
        theirs |= Q(person__team=user.team_id, person__is_active=True, is_shared=True)
    return list(SavedView.objects.filter(theirs).select_related("person"))


def changed_items(user: User, keys: Collection[int]) -> dict[int, Promise]:
    """Those of `keys` that `user` may see."""
    seen = Promise.objects.visible_to(user).filter(pk__in=keys)
    return seen.select_related("document").in_bulk()


def wanted_items(here: Catalogue, wanted: Wanted, *, moment: datetime) -> QuerySet[Promise]:
    """The items that fit at `moment`, with what they are sorted by where they are not grouped."""
    # The words by the expression that migration 0035 has an index for.
    words = SearchVector("title", "tracker", config="simple")
    items = here.items.alias(words=words)
    if wanted.is_late:
        items = items.late_at(moment, zones={team.zone for team in here.teams})
    found = items.annotate(**SORTABLE)
    for condition in _conditions(here.person, wanted):
        found = found.filter(condition)
    return found


def with_lines(items: QuerySet[Promise], group: Group) -> QuerySet[Promise]:
    """With what they are grouped by, and everything that is told of them but what is in the
    `Catalogue`, in the same query."""
    asked = PromiseRequest.objects.filter(promise=OuterRef("pk"), outcome="")
    shown = items.select_related("document").annotate(**in_groups(group))
    return shown.annotate(is_asked=Exists(asked))


def furnished(items: Iterable[Promise], here: Catalogue) -> Iterator[Promise]:
    """`items` (from `with_lines`) with their teams, services and owners, known already."""
    teams = {team.pk: team for team in here.teams}
    services = {service.pk: service for service in here.services}
    owners = {owner.pk: owner for owner in here.owners}
    for promise in items:
        _lend(promise, "team", teams)
        _lend(promise, "service", services)
        _lend(promise, "owner", owners)
        yield promise


def _lend(row: Model, name: str, known: Mapping[int, Model]) -> None:
    """What was added or changed since is left to be asked for."""
    found = known.get(getattr(row, f"{name}_id") or 0)
    if found is not None:
        setattr(row, name, found)


def lines_of(
    rows: Iterable[Promise], here: Catalogue, *, moment: datetime, group: Group, query: QueryDict
) -> list[Line]:
    """`rows` (from `with_lines`), sorted by their group, as lines of the list at `query`. Four
    queries at most, however many there are."""
    items = list(furnished(rows, here))
    parts = parts_of(here.person, items)
    found: list[Line] = []
    before = None
    for promise in items:
        is_asked: bool = promise.is_asked  # type: ignore[attr-defined]
        part = parts[promise.pk]
        heading = heading_of(promise, group) if group else None
        is_first = heading is not None and heading != before
        found.append(
            Line(
                promise=promise,
                is_late=promise.is_late_at(moment),
                is_asked=is_asked,
                ways=tuple(ways_of(promise, part, is_asked=is_asked, moment=moment)),
                heading=heading if is_first else None,
                address=_address(query, heading) if heading and is_first else "",
            )
        )
        before = heading
    return found


def _address(query: QueryDict, heading: Heading) -> str:
    there = query.copy()
    there.pop("group", None)
    there[heading.group.value] = heading.value
    return f"?{there.urlencode()}"


def _conditions(user: User, wanted: Wanted) -> list[Q]:
    found = [_holds(word) for word in wanted.words]
    found += _of_state(wanted)
    if wanted.owner:
        owners = {NOBODY: None, ME: user.pk}
        found.append(Q(owner=owners.get(wanted.owner, wanted.owner)))
    if wanted.teams is not None:
        found.append(Q(team__in=wanted.teams))
    if wanted.service:
        found.append(Q(service=None if wanted.service == NONE else wanted.service))
    if wanted.cause:
        found.append(Q(cause_kind="" if wanted.cause == NONE else wanted.cause))
    if wanted.is_moved:
        found.append(Q(moves__gt=0))
    columns = {
        "priority": wanted.priority,
        "kind": wanted.kind or None,
        "severity": wanted.severity,
        "due_on__gte": wanted.since,
        "due_on__lte": wanted.until,
        "document__reference": wanted.reference.upper() or None,
    }
    return found + [Q(**{name: value}) for name, value in columns.items() if value is not None]


def _of_state(wanted: Wanted) -> list[Q]:
    found = []
    if wanted.waiting == VERIFICATION:
        found.append(Q(state=PromiseState.DONE))
    if wanted.waiting == DECISION:
        asked = PromiseRequest.objects.filter(outcome="").values("promise")
        found.append(Q(pk__in=asked))
    if wanted.state in PromiseState:
        found.append(Q(state=wanted.state))
    elif wanted.state != ANY and not wanted.waiting:
        found.append(Q(state__in=TO_BE_DONE))
    return found


def _holds(word: str) -> Q:
    """Whether the reference, or a word of the title or of the ticket, begins with `word`."""
    if word.upper().startswith("COE-"):
        return Q(document__reference__istartswith=word)
    return Q(words=SearchQuery(beginning(word), config="simple", search_type="raw"))
