"""The page on which administrators read the audit, and its export."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coe.accounts.models import User
from coe.audit.models import AuditEvent
from coe.documents.models import Document
from tests.editor.writer import signed_in
from tests.people import People

pytestmark = pytest.mark.django_db

PAGE, EXPORT = "/administration/audit/", "/administration/audit/export.csv"


@pytest.fixture
def boss(people: People) -> Client:
    return signed_in(people.admin)


def happened(person: User, day: int = 1, **values: Any) -> AuditEvent:
    given = {
        "kind": "read",
        "reference": "COE-2026-0001",
        "is_restricted": True,
        "method": "GET",
        "address": "/coes/COE-2026-0001/",
        "status": 200,
    }
    at = datetime(2026, 11, day, 23, 59, tzinfo=UTC)
    return AuditEvent.objects.create(person=person, at=at, **{**given, **values})


def shown(boss: Client, **filters: str) -> list[int]:
    return [event.pk for event in boss.get(PAGE, filters).context["page"].events]


def test_it_is_found_by_person_coe_kind_days_and_restriction(boss: Client, people: People) -> None:
    read = happened(people.owner, day=1)
    exported = happened(people.owner, day=2, kind="exported", reference="COE-2026-0002")
    refused = happened(people.stranger, day=3, kind="refused", is_restricted=False)
    found = {
        (): [refused.pk, exported.pk, read.pk],
        (("who", "OWN"),): [exported.pk, read.pk],
        (("who", "stranger@example.org"),): [refused.pk],
        (("reference", "coe-2026-0002"),): [exported.pk],
        (("kind", "refused"),): [refused.pk],
        (("since", "2026-11-02"),): [refused.pk, exported.pk],
        (("until", "2026-11-02"),): [exported.pk, read.pk],
        (("since", "2026-11-02"), ("until", "2026-11-02")): [exported.pk],
        (("is_restricted", "on"),): [exported.pk, read.pk],
        (("who", "nobody"),): [],
    }
    assert {filters: shown(boss, **dict(filters)) for filters in found} == found


@pytest.mark.parametrize(
    "filters",
    [
        {"since": "yesterday"},
        {"until": "2026-02-30"},
        {"kind": "burnt"},
        {"who": "x" * 101},
        {"before": "9" * 40},
        {"reference": "\x00"},
    ],
)
def test_a_filter_that_is_not_understood_is_told_and_nothing_is_exported(
    boss: Client, filters: dict[str, str]
) -> None:
    for address in (PAGE, EXPORT):
        answer = boss.get(address, filters)
        assert answer.status_code == 422
        assert "text/html" in answer["Content-Type"]
    assert not AuditEvent.objects.exists()


def test_it_is_paged_from_the_newest_to_the_oldest(boss: Client, people: People) -> None:
    events = [happened(people.owner).pk for _ in range(120)]
    first = boss.get(PAGE).context["page"]
    second = boss.get(PAGE, {"before": first.before}).context["page"]
    third = boss.get(PAGE, {"before": second.before}).context["page"]
    pages = [[event.pk for event in page.events] for page in (first, second, third)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [pk for page in pages for pk in page] == events[::-1]
    assert third.before is None


def test_the_page_takes_the_same_queries_however_much_there_is(
    boss: Client, people: People
) -> None:
    counts = []
    for _ in range(2):
        for person in (people.owner, people.stranger, people.leader):
            happened(person)
        with CaptureQueriesContext(connection) as captured:
            boss.get(PAGE)
        counts.append(len(captured))
    assert counts == [3, 3]


def exported(boss: Client, **filters: str) -> Sequence[Sequence[str]]:
    answer: Any = boss.get(EXPORT, filters)
    assert answer["Content-Disposition"] == 'attachment; filename="audit.csv"'
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_export_holds_what_fits_and_runs_no_formula(boss: Client, people: People) -> None:
    User.objects.filter(pk=people.stranger.pk).update(name="=HYPERLINK(1)")
    happened(people.owner)
    happened(people.stranger, day=2, kind="refused", status=404)
    head, *rows = exported(boss, kind="refused")
    assert head[:3] == ["At (UTC)", "Person", "E-mail address"]
    assert rows == [
        [
            "2026-11-02T23:59:00+00:00",
            "'=HYPERLINK(1)",
            "stranger@example.org",
            "no",
            "Refused",
            "COE-2026-0001",
            "yes",
            "GET",
            "/coes/COE-2026-0001/",
            "404",
        ]
    ]


def test_exporting_is_written_down_with_what_was_asked_for(boss: Client, people: People) -> None:
    newest = exported(boss, who="owner")
    assert len(newest) == 1
    event = AuditEvent.objects.get()
    assert (event.person, event.kind, event.is_administrator, event.address) == (
        people.admin,
        "audit_exported",
        True,
        f"{EXPORT}?who=owner",
    )
    assert exported(boss)[1][4] == "Exported this log"


def test_all_of_it_is_exported_however_much_there_is(boss: Client, people: People) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(person=people.owner, kind="read", method="GET", address="/", status=200)
        for _ in range(1201)
    )
    assert len(exported(boss, kind="read")) == 1202


def test_what_is_shown_names_the_coe_and_who_it_was(
    boss: Client, people: People, document: Document
) -> None:
    Document.objects.update(is_restricted=True)
    signed_in(people.stranger).get(f"/coes/{document.reference}/")
    signed_in(people.stranger).get("/coes/COE-1999-0001/")
    page = boss.get(PAGE).content.decode()
    assert document.reference in page
    assert "Stranger" in page
    assert "never given" in page
    assert document.incident.title not in page


def test_an_empty_audit_says_what_would_stand_here(boss: Client) -> None:
    assert "Nothing yet" in boss.get(PAGE).content.decode()
    assert "Nothing fits" in boss.get(PAGE, {"kind": "read"}).content.decode()
