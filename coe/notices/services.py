"""Telling people what they should know, and what they have seen of it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from coe.accounts.asking import Askers
from coe.accounts.models import Team, User
from coe.documents.models import Document
from coe.notices.models import Kind, Notice, Watch
from coe.notices.rules import NAMELESS, OVERTAKEN, USUAL, WATCHED

KEPT_FOR = timedelta(days=90)
"""How long a notice is kept after it was seen."""

TELL = """
INSERT INTO coe_notice
    (person_id, document_id, kind, by_id, title, text, anchor, key, is_watching, delivery)
SELECT person.id, %(document)s, %(kind)s, %(by)s,
    CASE WHEN %(is_nameless)s THEN '' ELSE incident.title END,
    %(text)s, %(anchor)s, %(key)s, person.id <> ALL (%(concerned)s),
    COALESCE(setting.delivery, %(usual)s)
FROM coe_user person
JOIN coe_document document ON document.id = %(document)s
JOIN coe_incident incident ON incident.id = document.incident_id
LEFT JOIN coe_noticesetting setting
    ON setting.person_id = person.id AND setting.kind = %(kind)s
WHERE person.id = ANY (%(people)s)
ORDER BY person.id
ON CONFLICT DO NOTHING
RETURNING id, delivery"""
"""One statement, however many are told."""


def tell(
    kind: Kind,
    *,
    people: Iterable[User],
    document: Document,
    by: User,
    text: str = "",
    anchor: str = "",
    key: str = "",
) -> None:
    """Let `people`, and of what is watched those who watch it, know what `by` did to `document`.

    `text` is what `by` wrote about it, `anchor` the place on the page of the COE. Of notices of
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
    told = _who_may_know(kind, concerned | watching - {by.pk}, document) - {by.pk}
    if not told:
        return
    values = {
        "document": document.pk,
        "kind": kind.value,
        "by": by.pk,
        "is_nameless": kind in NAMELESS,
        "text": text,
        "anchor": anchor,
        "key": key,
        "concerned": sorted(concerned),
        "usual": USUAL[kind].value,
        "people": sorted(told),
    }
    with connection.cursor() as cursor:
        cursor.execute(TELL, values)
        cursor.fetchall()


def clear(kind: Kind, document: Document) -> None:
    """Nobody needs to know of this any more: as if everybody had seen it, and unmailed."""
    Notice.objects.filter(kind=kind, document=document, seen_at__isnull=True).update(seen_at=now())


def see(document: Document, *, by: User, kinds: Collection[Kind] = tuple(Kind)) -> None:
    """`by` has the page in front of them that says what these notices are about."""
    mine = Notice.objects.filter(person=by, document=document, seen_at__isnull=True)
    mine.filter(kind__in=kinds).update(seen_at=now())


def see_all(*, until: int, by: User, document: Document | None = None) -> int:
    """`by` has read the list up to the notice `until`, or what it says of one COE; return how
    many there were. What came since stays unseen."""
    mine = Notice.objects.unseen_by(by).filter(pk__lte=until)
    if document is not None:
        mine = mine.filter(document=document)
    return mine.update(seen_at=now())


def forget_seen(*, as_of: datetime) -> int:
    """Delete what was seen longer ago than `KEPT_FOR`; return how many there were."""
    deleted, _ = Notice.objects.filter(seen_at__lt=as_of - KEPT_FOR).delete()
    return deleted


def _watching(document: Document) -> set[int]:
    incident = document.incident
    watched = Q(document=document) | Q(team__in=Team.objects.holding(incident.team_id))
    if incident.service_id:
        watched |= Q(service=incident.service_id)
    return set(Watch.objects.filter(watched).values_list("person_id", flat=True))


def _who_may_know(kind: Kind, people: Collection[int], document: Document) -> set[int]:
    who = {Kind.PUBLISHED: _readers, Kind.RETRACTED: _those_who_know}
    return who.get(kind, _readers_of_working_copy).among(people, document.reference)


@Askers
def _those_who_know(person: User, reference: str) -> QuerySet[Document]:
    return Document.objects.known_to(person).filter(reference=reference)


@Askers
def _readers(person: User, reference: str) -> QuerySet[Document]:
    return Document.objects.visible_to(person).filter(reference=reference)


@Askers
def _readers_of_working_copy(person: User, reference: str) -> QuerySet[Document]:
    return Document.objects.working_copy_visible_to(person).filter(reference=reference)
