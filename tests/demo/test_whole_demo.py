"""All of the demo at once: how far each COE has come, and what waits for whom."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from coe.actions.models import Promise, PromiseRequest
from coe.clocks.queries import late_coes, without_coe
from coe.demo.seeding import demo_coes
from coe.discussion.models import Thread
from coe.documents.models import Document
from coe.home.queries import to_finish, waiting_for
from coe.notices.models import Notice
from coe.reviews.decisions import standing_decisions
from coe.reviews.hindrances import hindrances_of
from coe.reviews.models import SignOff
from coe.reviews.room import rounds_of
from coe.snapshots.serialise import digest_of, to_bytes
from coe.snapshots.services import take_snapshot
from tests.demo.seeded import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_demo")]

DAY = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_command_says_how_many_are_new(whole_demo: str) -> None:
    assert whole_demo == "27 demo COEs are new.\n"


def test_each_coe_is_as_far_as_it_was_told() -> None:
    documents = Document.objects.order_by("reference")
    unpublished = {
        each.reference: each.state for each in documents.filter(current_version__isnull=True)
    }
    assert unpublished == {
        "COE-2018-0001": "in_review",
        "COE-2025-0011": "draft",
        "COE-2026-0006": "in_review",
        "COE-2026-0007": "approved",
        "COE-2026-0008": "in_review",
        "COE-2026-0009": "in_review",
        "COE-2026-0010": "draft",
        "COE-2026-0011": "changes_requested",
    }
    published = documents.filter(current_version__isnull=False)
    assert {each.reference: each.state for each in published if each.state != "approved"} == {
        "COE-2026-0005": "draft"  # a correction of it is being written
    }
    assert Counter(each.current_version for each in published) == {1: 18, 2: 1}


def test_they_are_of_four_teams_and_two_years_beside_the_two_old_ones() -> None:
    documents = Document.objects.select_related("incident__team")
    years = Counter(each.reference[4:8] for each in documents)
    assert years == {"2017": 1, "2018": 1, "2024": 3, "2025": 11, "2026": 11}
    assert Counter(each.incident.team.name for each in documents) == {
        "Storage": 8,
        "Network": 7,
        "Payments": 6,
        "Storefront": 6,
    }
    assert Counter(each.form for each in documents) == {"full": 24, "light": 3}


def test_what_was_entered_is_what_the_files_say() -> None:
    told = {coe.uid: digest_of(to_bytes(coe.snapshot)) for coe in demo_coes()}
    entered = {
        each.uid: take_snapshot(each).digest for each in Document.objects.with_readers_fields()
    }
    assert entered == told


def test_nobody_judged_their_own() -> None:
    signed = SignOff.objects.select_related("document")
    assert Counter(each.verdict for each in signed) == {
        "approved": 21,  # two of them of one COE
        "changes_requested": 2,
        "signed": 1,
    }
    assert all(each.user_id != each.document.owner_id for each in signed)


@pytest.mark.parametrize(
    ("name", "write", "approve"),
    [
        ("owner", ["COE-2025-0011", "COE-2026-0007"], []),  # the second to publish
        ("colleague", ["COE-2026-0011"], []),
        ("manager", [], ["COE-2018-0001"]),
        ("leader", [], ["COE-2026-0006"]),
        ("admin", [], []),
        ("stranger", ["COE-2026-0010"], []),
    ],
)
def test_something_waits_for_everybody_who_signs_in(
    name: str, write: list[str], approve: list[str]
) -> None:
    waiting = waiting_for(person(name))
    assert [each.reference for each in waiting.to_write] == write
    assert [each.reference for each in waiting.to_approve] == approve


def test_most_old_corrections_held_and_each_kind_of_life_is_there() -> None:
    lives = Counter(Promise.objects.standing().values_list("state", flat=True))
    assert lives == {
        "accepted": 9,
        "in_progress": 4,
        "done": 2,
        "verified": 47,
        "did_not_hold": 1,
        "wont_do": 1,
    }
    ages = [(DAY - each.promised_at).days for each in Promise.objects.open()]
    assert 3 < min(ages) < 60 < max(ages)
    (failed,) = Promise.objects.failed()
    assert failed.title.startswith("Pause the emptying of disks")
    (asked,) = PromiseRequest.objects.filter(outcome="")
    assert asked.promise.title.startswith("Replace our own rule language")
    assert Promise.objects.filter(moves=1).get().first_due_on == date(2026, 11, 27)


def test_the_owner_has_one_promise_late_and_one_due_soon() -> None:
    promises = to_finish(person("owner"))
    assert [(str(each.due_on), each.is_late_at(DAY)) for each in promises] == [
        ("2026-11-18", True),
        ("2026-12-04", False),
    ]


def test_some_promises_are_late_and_some_are_not() -> None:
    stored = Promise.objects.open().select_related("document__incident__team")
    late = Counter(each.is_late_at(DAY) for each in stored)
    assert late == {True: 4, False: 10}


def test_drafts_of_other_teams_stay_with_them() -> None:
    stranger = person("stranger")
    seen = Document.objects.visible_to(stranger).filter(current_version__isnull=True)
    assert sorted(each.reference for each in seen) == ["COE-2026-0006", "COE-2026-0010"]


def test_the_reconstruction_in_review_is_in_its_second_round() -> None:
    document = Document.objects.with_readers_fields().get(reference="COE-2018-0001")
    judged = take_snapshot(document)
    rounds = rounds_of(document, judged.digest, [person("manager")])
    (first,) = rounds.past
    assert first.decisive is not None
    assert "how long the break was" in first.decisive.note
    assert [(each.reviewer.name, each.stands) for each in rounds.asked] == [
        ("Alex Leader", False),
        ("Priya Nair", True),
        ("Sam Manager", False),
    ]
    decided = standing_decisions(document, judged.snapshot).values()
    assert Counter(each.verdict for each in decided) == {"accepted": 2, "changed": 1, "rejected": 1}
    in_the_way = hindrances_of(document)
    assert in_the_way.sentences == ["1 must is open.", "4 action items are not decided."]


def test_each_coe_in_review_is_talked_about() -> None:
    spoken = Counter(
        (each.document.reference, each.kind, each.is_open)
        for each in Thread.objects.select_related("document")
    )
    assert spoken == {
        ("COE-2018-0001", "suggestion", False): 1,
        ("COE-2018-0001", "question", True): 1,
        ("COE-2018-0001", "must", False): 1,
        ("COE-2018-0001", "must", True): 1,
        ("COE-2018-0001", "suggestion", True): 1,
        ("COE-2026-0006", "question", True): 1,
        ("COE-2026-0006", "must", True): 1,
        ("COE-2026-0008", "question", True): 1,
        ("COE-2026-0009", "suggestion", True): 1,
        ("COE-2026-0009", "question", True): 1,
    }


def test_nobody_starts_with_news_of_old_publications() -> None:
    unseen = Notice.objects.filter(seen_at__isnull=True)
    kinds = {"asked_to_review", "changes_requested", "promise_asked"}
    assert {each.kind for each in unseen} == kinds
    assert max(Counter(each.person_id for each in unseen).values()) <= 3
    assert not unseen.exclude(delivery="off").exists()


def test_two_incidents_have_no_coe_yet() -> None:
    found = {name: len(without_coe(person(name))) for name in ("owner", "manager", "leader")}
    assert found == {"owner": 1, "manager": 2, "leader": 2}
    assert not without_coe(person("stranger")).exists()


def test_some_coes_are_late_and_what_is_entered_for_the_record_is_not() -> None:
    Document.objects.update(created_at=DAY)
    late = {
        each.document.reference: each.clock.days_late
        for name in ("owner", "manager", "leader", "stranger")
        for each in late_coes(person(name), DAY)
    }
    assert late == {
        "COE-2026-0006": 80,
        "COE-2026-0007": 33,
        "COE-2026-0009": 2,
        "COE-2026-0010": 6,
    }
