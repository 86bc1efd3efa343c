"""Telling people what they should know, and what they have seen of it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.timezone import now

from coe.accounts.asking import Askers
from coe.accounts.models import Team, User
from coe.documents.models import Document
from coe.incidents.models import Service
from coe.jobs.queries import is_under_way
from coe.jobs.services import put_job
from coe.notices.daily import last_due, next_night, next_quarter
from coe.notices.models import (
    OF_COES,
    OF_READERS,
    USUAL_HOUR,
    DailyMail,
    DailyTime,
    Delivery,
    Kind,
    Notice,
    NoticeSetting,
    Watch,
)
from coe.notices.rules import AWAITED, NAMELESS, OVERTAKEN, USUAL, WATCHED

KEPT_FOR = timedelta(days=90)
"""How long a notice is kept after it was seen."""

TELL = """
INSERT INTO coe_notice
    (person_id, document_id, kind, by_id, title, text, anchor, key, is_watching, delivery)
SELECT person.id, %(document)s, %(kind)s, %(by)s,
    CASE WHEN %(is_nameless)s THEN ''
        WHEN %(is_of_readers)s THEN COALESCE(published.title, incident.title)
        ELSE incident.title END,
    %(text)s, %(anchor)s, %(key)s, person.id <> ALL (%(concerned)s),
    COALESCE(setting.delivery, %(usual)s)
FROM coe_user person
JOIN coe_document document ON document.id = %(document)s
JOIN coe_incident incident ON incident.id = document.incident_id
LEFT JOIN coe_publication published
    ON published.document_id = document.id AND published.state = 'current'
LEFT JOIN coe_noticesetting setting
    ON setting.person_id = person.id AND setting.kind = %(kind)s
WHERE person.id = ANY (%(people)s)
ORDER BY person.id
ON CONFLICT DO NOTHING
RETURNING id, delivery"""
"""One statement, however many are told. What readers are told of goes by the title that they read,
which a correction may have left."""


def tell(
    kind: Kind,
    *,
    people: Iterable[User],
    document: Document,
    by: User | None,
    text: str = "",
    anchor: str = "",
    key: str = "",
) -> None:
    """Let `people`, and of what is watched those who watch it, know what `by` did to `document`,
    or that a day has come, which nobody did.

    `text` is what `by` wrote about it, in kinds of `OF_PROMISES` below a line with the title of
    the action item; `anchor` the place on the page of the COE. Of notices of
    one `key` a person has one unseen at a time. Never told are `by`, those who cannot sign in,
    and those who may not see what it is about; that is asked again when it is shown and mailed.

    Must be called in the transaction of what it tells of. Raises `RuntimeError` elsewhere.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("People are told in the transaction of what they are told of.")
    for overtaken in OVERTAKEN.get(kind, ()):
        clear(overtaken, document)
    concerned = {person.pk for person in people}
    watching = _watching(document) if kind in WATCHED else set()
    doer = {by.pk} if by else set()
    told = who_may_know(kind, concerned | watching - doer, document) - doer
    if not told:
        return
    values: dict[str, Any] = {
        "document": document.pk,
        "kind": kind.value,
        "by": by.pk if by else None,
        "is_nameless": kind in NAMELESS,
        "is_of_readers": kind in OF_READERS,
        "text": text,
        "anchor": anchor,
        "key": key,
        "concerned": sorted(concerned),
        "usual": USUAL[kind].value,
        "people": sorted(told),
    }
    with connection.cursor() as cursor:
        cursor.execute(TELL, values)
        _put_mails(cursor.fetchall())


def _put_mails(notices: list[tuple[int, str]]) -> None:
    """See to it that what was told is mailed as its people want it."""
    at_once = [key for key, delivery in notices if delivery == Delivery.AT_ONCE]
    if at_once:
        put_job("mail_notices", payload={"notices": at_once})
    if any(delivery == Delivery.DAILY for _, delivery in notices):
        put_gathering(as_of=now())
    put_forgetting(as_of=now())


def put_gathering(*, as_of: datetime) -> None:
    """Have it looked at whose mail of the day is due, at the next quarter of an hour."""
    put_job("gather_notices", payload={}, key="daily", not_before=next_quarter(as_of))


def put_forgetting(*, as_of: datetime) -> None:
    """Have forgotten, in the next night, what was seen long ago."""
    put_job("forget_notices", payload={}, key="nightly", not_before=next_night(as_of))


@transaction.atomic
def gather(*, as_of: datetime) -> None:
    """Put a job for everybody whose mail of a day is due by `as_of`, and look again later while
    anything waits. Twice, or late, is as good as once in time: `mail_day` asks again.

    Where one waits for a mail server, or failed for good that day, there is none beside it.
    """
    waiting = Notice.objects.waiting(Delivery.DAILY).filter(
        person__is_active=True, person__joined_at__isnull=False
    )
    people = waiting.order_by().values("person").annotate(since=Min("at"))
    zones = people.annotate(
        zone=Coalesce(NullIf("person__daily_time__zone", Value("")), "person__team__zone"),
        hour=F("person__daily_time__hour"),
    )
    for each in zones:
        zone, hour = each["zone"] or "UTC", each["hour"]
        _, due_at = last_due(as_of, zone=ZoneInfo(zone), hour=USUAL_HOUR if hour is None else hour)
        key = str(each["person"])
        if each["since"] < due_at and not is_under_way("mail_day", key, since=due_at):
            put_job("mail_day", payload={"person": each["person"]}, key=key)
    if zones:
        put_gathering(as_of=as_of)


def clear(
    kind: Kind, document: Document, *, anchor: str | None = None, key: str | None = None
) -> None:
    """Nobody needs to know of this any more, at one place where `anchor` says so, about one thing
    where `key` does: as if everybody had seen it, and unmailed."""
    told = Notice.objects.filter(kind=kind, document=document, seen_at__isnull=True)
    told = told if key is None else told.filter(key=key)
    _at(told, anchor).update(seen_at=now())


def _at(told: QuerySet[Notice], anchor: str | None) -> QuerySet[Notice]:
    return told if anchor is None else told.filter(anchor=anchor)


def see(
    document: Document, *, by: User, kinds: Iterable[Kind] = OF_COES, anchor: str | None = None
) -> None:
    """`by` has the page in front of them that says what notices of these kinds are about; of the
    one place where `anchor` is given."""
    mine = Notice.objects.filter(person=by, document=document, seen_at__isnull=True)
    _at(mine, anchor).filter(kind__in=[*kinds]).update(seen_at=now())


def see_all(*, until: int, reference: str = "", by: User) -> None:
    """`by` has read the list up to the notice `until`, or what it says of the COE `reference`.

    What came since stays unseen.
    """
    mine = Notice.objects.unseen_by(by).filter(pk__lte=until)
    if reference:
        mine = mine.filter(document__reference=reference)
    mine.update(seen_at=now())


def leave_waiting(documents: Iterable[Document]) -> None:
    """Of what was told of `documents` leave what somebody waits for; nothing of it is mailed.

    For COEs that came with their past.
    """
    told = Notice.objects.filter(document__in=documents)
    told.update(delivery=Delivery.OFF)
    told.exclude(kind__in=AWAITED).filter(seen_at__isnull=True).update(seen_at=now())


@transaction.atomic
def choose_mails(
    *,
    deliveries: Mapping[Kind, Delivery],
    zone: str,
    hour: int,
    wants_week: bool = True,
    by: User,
) -> None:
    """How and when `by` wants to be told from now on; `zone` is empty for that of their team.

    What waits to be mailed follows: it is gathered, or not mailed at all. What was to be gathered
    and is mailed at once from now on still comes with the mail of the day.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    unusual = {kind: how for kind, how in deliveries.items() if how != USUAL[kind]}
    NoticeSetting.objects.filter(person=by).exclude(kind__in=unusual).delete()
    NoticeSetting.objects.bulk_create(
        [NoticeSetting(person=by, kind=kind, delivery=how) for kind, how in unusual.items()],
        update_conflicts=True,
        unique_fields=("person", "kind"),
        update_fields=("delivery",),
    )
    times = {"zone": zone, "hour": hour, "wants_week": wants_week}
    DailyTime.objects.update_or_create(person=by, defaults=times)
    waiting = Notice.objects.filter(person=by, seen_at__isnull=True, mailed_at__isnull=True)
    kept = {how: [kind for kind in deliveries if deliveries[kind] == how] for how in Delivery}
    waiting.filter(kind__in=kept[Delivery.OFF]).update(delivery=Delivery.OFF)
    gathered = waiting.filter(kind__in=kept[Delivery.DAILY], delivery=Delivery.AT_ONCE)
    if gathered.update(delivery=Delivery.DAILY):
        put_gathering(as_of=now())


Thing = Document | Service | Team


@transaction.atomic
def watch(thing: Thing, *, by: User) -> None:
    """Tell `by` of what is approved, published and retracted; watching it again changes nothing.

    Who may watch what is asked where it is shown, and what they may know each time.
    """
    Watch.objects.get_or_create(person=by, **_what(thing))


def unwatch(thing: Thing, *, by: User) -> None:
    """Tell `by` no more of it because they watch it; of what they take part in they are told."""
    Watch.objects.filter(person=by, **_what(thing)).delete()


def _what(thing: Thing) -> dict[str, Any]:
    return {"document": None, "service": None, "team": None, _NAMES[type(thing)]: thing}


_NAMES = {Document: "document", Service: "service", Team: "team"}


@transaction.atomic
def forget_seen(*, as_of: datetime) -> None:
    """Delete what was seen longer ago than `KEPT_FOR`, and look again the next night while there
    is anything left."""
    Notice.objects.filter(seen_at__lt=as_of - KEPT_FOR).delete()
    DailyMail.objects.filter(sent_at__lt=as_of - KEPT_FOR).delete()
    if Notice.objects.exists():
        put_forgetting(as_of=as_of)


def _watching(document: Document) -> set[int]:
    incident = document.incident
    watched = Q(document=document) | Q(team__in=Team.objects.holding(incident.team_id))
    if incident.service_id:
        watched |= Q(service=incident.service_id)
    return set(Watch.objects.filter(watched).values_list("person_id", flat=True))


def who_may_know(kind: Kind, people: Collection[int], document: Document) -> set[int]:
    """The keys of those of `people` who can sign in and may know of this of `document` now."""
    return {person for person, _ in who_may_know_which(kind, people, [document.reference])}


def who_may_know_which(
    kind: Kind, people: Collection[int], references: Collection[str]
) -> set[tuple[int, str]]:
    """`who_may_know` for many COEs in one query: each of the keys with the reference of one."""
    who = _readers if kind in OF_READERS else _readers_of_working_copy
    if kind == Kind.RETRACTED:
        who = _those_who_know
    return who.pairs(people, references)


@Askers
def _those_who_know(person: User, reference: str) -> QuerySet[Document]:
    return Document.objects.known_to(person).filter(reference=reference)


@Askers
def _readers(person: User, reference: str) -> QuerySet[Document]:
    return Document.objects.visible_to(person).filter(reference=reference)


@Askers
def _readers_of_working_copy(person: User, reference: str) -> QuerySet[Document]:
    return Document.objects.working_copy_visible_to(person).filter(reference=reference)
