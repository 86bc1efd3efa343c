"""Milestones: what they may hold, and what the database refuses whoever asks."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from coe.documents.models import Document
from coe.incidents.models import Incident, Milestone
from coe.text.instants import Instant, Precision
from coe.timeline.services import MilestoneChange, save_milestones
from coe.web.versions import Conflict
from tests.documents.making import moment
from tests.documents.rivals import at_once, kinds_of_errors
from tests.history.reading import latest, told
from tests.people import People

pytestmark = pytest.mark.django_db

SOME_TIME = datetime(2026, 11, 14, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 14, 9, 45, tzinfo=UTC)


def milestone(document: Document, kind: str = "detected") -> Milestone:
    return Milestone.objects.get(incident=document.incident_id, kind=kind)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": "recorded", "at": None}, "milestone_recorded_has_instant"),
        ({"state": "pending", "at": SOME_TIME}, "milestone_recorded_has_instant"),
        ({"state": "not_applicable", "at": SOME_TIME}, "milestone_recorded_has_instant"),
        (
            {"state": "recorded", "at": SOME_TIME, "end_at": SOME_TIME},
            "milestone_ends_after_start",
        ),
        ({"state": "recorded", "at": LATER, "end_at": SOME_TIME}, "milestone_ends_after_start"),
        ({"state": "pending", "at": None, "end_at": SOME_TIME}, "milestone_ends_after_start"),
    ],
)
def test_the_database_refuses_what_cannot_be(
    document: Document, values: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Milestone.objects.filter(pk=milestone(document).pk).update(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "recorded", "at": SOME_TIME, "end_at": None},
        {"state": "recorded", "at": SOME_TIME, "end_at": LATER},
        {"state": "pending", "at": None, "end_at": None},
        {"state": "not_applicable", "at": None, "end_at": None},
    ],
)
def test_the_database_takes_what_can_be(document: Document, values: dict[str, Any]) -> None:
    assert Milestone.objects.filter(pk=milestone(document).pk).update(**values) == 1


def test_an_incident_has_each_milestone_once(document: Document) -> None:
    with pytest.raises(IntegrityError, match="milestone_once"), transaction.atomic():
        Milestone.objects.create(incident=document.incident, kind="detected")


@pytest.mark.parametrize("severity", [0, 5])
def test_the_database_knows_four_severities(document: Document, severity: int) -> None:
    with pytest.raises(IntegrityError, match="incident_severity_1_to_4"), transaction.atomic():
        Incident.objects.update(severity=severity)


def change(
    document: Document,
    kind: str,
    instant: Instant | None,
    *,
    version: int = 1,
    state: str = "recorded",
) -> MilestoneChange:
    return MilestoneChange(milestone(document, kind), version, state, instant)


def test_a_milestone_is_recorded_over_the_version_that_was_read_and_told_once(
    document: Document, people: People
) -> None:
    since = latest(document)
    about = moment("09:30", precision=Precision.ABOUT, end="09:45")

    save_milestones(document, changes=[change(document, "detected", about)], by=people.contributor)

    stored = milestone(document)
    assert (stored.state, stored.version, stored.instant) == ("recorded", 2, about)
    assert told(document, since=since) == [
        (
            "changed",
            "milestone",
            "detected",
            2,
            {"state": "pending", "at": None, "precision": "minute", "end_at": None},
            {
                "state": "recorded",
                "at": "2026-11-14T09:30:00Z",
                "precision": "about",
                "end_at": "2026-11-14T09:45:00Z",
            },
        )
    ]


def test_a_recorded_milestone_can_be_taken_back_and_its_time_is_gone(
    document: Document, people: People
) -> None:
    save_milestones(
        document, changes=[change(document, "detected", moment("09:30"))], by=people.owner
    )
    save_milestones(
        document,
        changes=[change(document, "detected", None, version=2, state="not_applicable")],
        by=people.owner,
    )

    stored = milestone(document)
    assert (stored.state, stored.at, stored.instant) == ("not_applicable", None, None)


def test_the_whole_strip_sent_back_unchanged_counts_no_version_and_tells_nothing(
    document: Document, people: People
) -> None:
    since = latest(document)
    strip = [change(document, kind, None, state="pending") for kind in Milestone.Kind.values]

    save_milestones(document, changes=strip, by=people.owner)

    assert set(Milestone.objects.values_list("version", flat=True)) == {1}
    assert told(document, since=since) == []


def test_one_clash_in_the_strip_undoes_the_whole_strip(document: Document, people: People) -> None:
    theirs = [change(document, "resolved", moment("12:00"))]
    mine = [
        change(document, "detected", moment("09:30")),
        change(document, "resolved", moment("13:00")),
    ]
    save_milestones(document, changes=theirs, by=people.contributor)
    since = latest(document)

    with pytest.raises(Conflict):
        save_milestones(document, changes=mine, by=people.owner)

    assert milestone(document).state == "pending"
    assert milestone(document, "resolved").instant == moment("12:00")
    assert told(document, since=since) == []


def test_a_milestone_cannot_be_recorded_without_an_instant(
    document: Document, people: People
) -> None:
    since = latest(document)

    with pytest.raises(IntegrityError, match="milestone_recorded_has_instant"):
        save_milestones(document, changes=[change(document, "detected", None)], by=people.owner)

    assert told(document, since=since) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_strips_sent_at_once_that_touch_one_milestone_exactly_one_is_kept_whole(
    document: Document, people: People
) -> None:
    left = [
        change(document, "detected", moment("09:30")),
        change(document, "resolved", moment("12:00")),
    ]
    right = [
        change(document, "detected", moment("09:31")),
        change(document, "mitigated", moment("11:00")),
    ]

    rivals = at_once(
        lambda: save_milestones(document, changes=left, by=people.owner),
        lambda: save_milestones(document, changes=right, by=people.contributor),
    )

    assert kinds_of_errors(rivals) == ["Conflict"]
    recorded = set(Milestone.objects.filter(state="recorded").values_list("kind", flat=True))
    won = {"detected", "resolved"} if rivals[0].error is None else {"detected", "mitigated"}
    assert recorded == won
