"""Opening a COE: made once, numbered within the year in which the impact began (UTC)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from coe.documents.models import Document, ReferenceCounter, Section
from coe.documents.services import open_coe
from coe.incidents.models import Incident, Milestone, Service, Severity
from coe.text.instants import Instant, Precision
from coe.web.versions import Conflict
from tests.documents.rivals import Rival, at_once, kinds_of_errors
from tests.history.reading import told
from tests.people import People

UID = UUID("aaaaaaaa-0000-4000-8000-000000000001")
OTHER_UID = UUID("aaaaaaaa-0000-4000-8000-000000000002")
IN_2026 = Instant(datetime(2026, 11, 14, 9, 30, tzinfo=UTC), Precision.MINUTE, None)
PACIFIC_WINTER = timezone(timedelta(hours=-8))

alone = pytest.mark.django_db
at_the_same_time = pytest.mark.django_db(transaction=True)


def opened(people: People, **more: Any) -> Document:
    by = more.pop("by", people.owner)
    values: dict[str, Any] = {
        "uid": UID,
        "title": "Uploads failed",
        "severity": Severity.TWO,
        "team": people.owner.team,
        "zone": "America/Los_Angeles",
        "impact_started": IN_2026,
    }
    return open_coe(by=by, **values | more)


@alone
def test_opening_makes_the_incident_its_six_milestones_and_its_empty_sections(
    people: People,
) -> None:
    document = opened(people)

    assert document.reference == "COE-2026-0001"
    assert (document.owner, document.state, document.zone) == (
        people.owner,
        "draft",
        "America/Los_Angeles",
    )
    assert document.current_version is None
    assert not document.is_restricted
    incident = document.incident
    assert (incident.title, incident.severity, incident.opened_by) == (
        "Uploads failed",
        2,
        people.owner,
    )
    kept = incident.milestones.order_by("pk").values_list("kind", "state", "at", "precision")
    assert list(kept) == [
        ("impact_started", "recorded", datetime(2026, 11, 14, 9, 30, tzinfo=UTC), "minute"),
        ("detected", "pending", None, "minute"),
        ("acknowledged", "pending", None, "minute"),
        ("diagnosed", "pending", None, "minute"),
        ("mitigated", "pending", None, "minute"),
        ("resolved", "pending", None, "minute"),
    ]
    sections = Section.objects.filter(document=document).order_by("pk")
    assert list(sections.values_list("slug", "text", "version")) == [
        ("summary", "", 1),
        ("impact", "", 1),
        ("metrics", "", 1),
    ]


@alone
def test_opening_is_told_once_with_everything_that_was_stated(people: People) -> None:
    assert people.owner.team is not None
    service = Service.objects.create(name="Object storage", team=people.owner.team)
    document = opened(people, service=service, is_restricted=True)

    assert told(document) == [
        (
            "added",
            "document",
            "COE-2026-0001",
            None,
            {},
            {
                "title": "Uploads failed",
                "severity": 2,
                "category": "outage",
                "team_id": people.owner.team_id,
                "service_id": service.pk,
                "zone": "America/Los_Angeles",
                "classification": "internal",
                "is_restricted": True,
                "form": "full",
                "impact_started": {
                    "at": "2026-11-14T09:30:00Z",
                    "precision": "minute",
                    "end_at": None,
                },
            },
        )
    ]


@alone
def test_a_start_of_impact_that_is_not_known_is_pending_and_the_number_is_of_this_year(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Clock":
            return cls(2031, 3, 4, tzinfo=tz)

    monkeypatch.setattr("coe.documents.services.datetime", Clock)
    document = opened(people, impact_started=None)

    assert document.reference == "COE-2031-0001"
    started = Milestone.objects.get(incident=document.incident, kind="impact_started")
    assert (started.state, started.at) == ("pending", None)


@alone
def test_opening_the_same_uid_again_returns_the_first_and_spends_no_number(people: People) -> None:
    first = opened(people)
    again = opened(people, title="Sent again by a retry")

    assert again.pk == first.pk
    assert again.incident.title == "Uploads failed"
    assert Incident.objects.count() == 1
    assert ReferenceCounter.objects.get(year=2026).last == 1
    assert len(told(first)) == 1


@alone
def test_a_uid_that_somebody_else_has_is_a_conflict_and_shows_them_nothing(people: People) -> None:
    opened(people)

    with pytest.raises(Conflict):
        opened(people, by=people.stranger)

    assert Document.objects.count() == 1


@alone
def test_numbers_count_up_within_a_year_and_each_year_begins_with_one(people: People) -> None:
    in_2025 = Instant(datetime(2025, 6, 1, tzinfo=UTC), Precision.MINUTE, None)
    opened_in_turn = [
        opened(people, uid=UUID(int=1)),
        opened(people, uid=UUID(int=2), impact_started=in_2025),
        opened(people, uid=UUID(int=3)),
        opened(people, uid=UUID(int=4), impact_started=in_2025),
    ]

    assert [document.reference for document in opened_in_turn] == [
        "COE-2026-0001",
        "COE-2025-0001",
        "COE-2026-0002",
        "COE-2025-0002",
    ]


@alone
@pytest.mark.parametrize(
    ("started", "reference"),
    [
        (datetime(2026, 12, 31, 23, 30, tzinfo=PACIFIC_WINTER), "COE-2027-0001"),
        (datetime(2026, 12, 31, 15, 59, tzinfo=PACIFIC_WINTER), "COE-2026-0001"),
        (datetime(2027, 1, 1, 8, 30, tzinfo=timezone(timedelta(hours=9))), "COE-2026-0001"),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "COE-2026-0001"),
        (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), "COE-2027-0001"),
    ],
)
def test_the_year_is_that_of_the_start_of_impact_in_utc(
    people: People, started: datetime, reference: str
) -> None:
    document = opened(people, impact_started=Instant(started, Precision.MINUTE, None))

    assert document.reference == reference


@alone
def test_a_number_is_never_given_again_not_even_when_opening_failed_later(people: People) -> None:
    """Gaps are normal, double numbers are not: the counter only goes back with its transaction."""
    opened(people)
    with transaction.atomic():
        opened(people, uid=OTHER_UID)
        transaction.set_rollback(True)

    assert opened(people, uid=OTHER_UID).reference == "COE-2026-0002"
    assert ReferenceCounter.objects.get(year=2026).last == 2


def opening(people: People, **more: Any) -> Callable[[], str]:
    return lambda: opened(people, **more).reference


@at_the_same_time
def test_one_uid_opened_by_two_requests_at_once_is_one_coe(people: People) -> None:
    rivals = at_once(opening(people), opening(people))

    assert [rival.result for rival in rivals] == ["COE-2026-0001", "COE-2026-0001"]
    assert (Document.objects.count(), Incident.objects.count()) == (1, 1)


@at_the_same_time
def test_two_openings_at_once_get_different_numbers_also_the_first_ones_of_a_year(
    people: People,
) -> None:
    rivals = at_once(
        opening(people),
        opening(people, uid=OTHER_UID, by=people.stranger, team=people.stranger.team),
    )

    assert kinds_of_errors(rivals) == []
    assert sorted(str(rival.result) for rival in rivals) == ["COE-2026-0001", "COE-2026-0002"]


@at_the_same_time
def test_an_opening_waits_for_the_number_of_one_in_flight(people: People) -> None:
    with transaction.atomic():
        opened(people)
        rival = Rival(opening(people, uid=OTHER_UID, by=people.stranger))
        assert rival.is_held_up()

    assert rival.finish() == "COE-2026-0002"


@at_the_same_time
def test_one_uid_sent_by_two_people_at_once_belongs_to_one_and_is_a_conflict_to_the_other(
    people: People,
) -> None:
    with transaction.atomic():
        opened(people)
        rival = Rival(opening(people, by=people.stranger))
        assert rival.is_held_up()

    with pytest.raises(Conflict):
        rival.finish()
