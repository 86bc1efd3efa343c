"""The exemplary COE of the demo: published, corrected, and honest about what it is."""

import pytest
from django.test import Client

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.documents.models import Document, Participant, State
from coe.help.example import worked_example
from coe.publishing.models import Publication
from coe.publishing.printables import printable
from coe.reviews.models import SignOff
from coe.snapshots.serialise import from_bytes
from coe.snapshots.snapshot import Snapshot
from tests.demo.seeded import PASSWORD, person
from tests.library.pages import get, words

pytestmark = pytest.mark.django_db


def versions() -> list[Snapshot]:
    """What was published, the first version first."""
    stored = Publication.objects.order_by("version").select_related("snapshot")
    return [from_bytes(bytes(each.snapshot.content)) for each in stored]


def test_it_bears_the_year_of_the_event(exemplary: Document) -> None:
    assert exemplary.reference == "COE-2017-0001"


def test_it_is_approved_twice_by_the_manager_and_published_in_two_versions(
    exemplary: Document,
) -> None:
    first, second = Publication.objects.order_by("version")
    signed_first, signed = SignOff.objects.order_by("pk")
    assert (exemplary.state, exemplary.current_version) == (State.APPROVED, 2)
    assert exemplary.owner == person("owner")
    assert [first.state, second.state] == ["superseded", "current"]
    assert (signed_first.user, signed_first.snapshot) == (person("manager"), first.snapshot)
    assert (signed.user, signed.snapshot) == (person("manager"), second.snapshot)
    assert signed_first.dropped_at
    assert signed.dropped_at is None
    assert [each.user for each in Participant.objects.filter(role="contributor")] == [
        person("colleague")
    ]


def test_the_second_version_is_more_precise_in_three_places_and_the_same_elsewhere(
    exemplary: Document,
) -> None:
    first, second = versions()
    differing = {
        name
        for name in Snapshot.__dataclass_fields__
        if getattr(first, name) != getattr(second, name)
    }
    assert differing == {"sections", "actions", "lessons"}
    assert "until 11:37" not in first.section("summary")
    assert "until 11:37" in second.section("summary")
    assert [
        (was.done_when, now.done_when)
        for was, now in zip(first.actions, second.actions, strict=True)
        if was != now
    ] == [
        (
            "The largest cell restarts completely in a drill, quickly enough.",
            "The largest cell restarts completely in a drill within 30 minutes, the check of its "
            "metadata included, and the drill is repeated after each change of its size.",
        )
    ]
    assert (len(first.lessons), len(second.lessons)) == (6, 7)


def test_its_six_corrections_are_of_every_kind_and_say_when_they_are_done(
    exemplary: Document,
) -> None:
    text = printable(exemplary)
    actions = text.snapshot.actions
    assert [str(each.due_on) for each in actions] == [
        "2017-03-14",
        "2017-03-30",
        "2017-09-29",
        "2017-03-30",
        "2017-03-30",
        "2017-08-31",
    ]
    assert {each.kind for each in actions} == {"prevent", "detect", "mitigate", "limit", "process"}
    assert all(each.done_when and each.owner and each.cause for each in actions)
    assert Promise.objects.standing().count() == 6
    assert len({each.cause for each in actions}) == 6


def test_its_times_are_those_of_the_public_account(exemplary: Document) -> None:
    snapshot = printable(exemplary).snapshot
    moments = {kind: f"{each.at:%Y-%m-%dT%H:%MZ}" for kind, each in snapshot.instants().items()}
    assert snapshot.zone == "America/Los_Angeles"
    assert moments == {  # 09:37, 13:18 and 13:54 in Los Angeles, eight hours behind in February
        "impact_started": "2017-02-28T17:37Z",
        "mitigated": "2017-02-28T21:18Z",
        "resolved": "2017-02-28T21:54Z",
    }
    assert len(snapshot.entries) == 9
    assert [each.instant.at for each in snapshot.entries] == sorted(
        each.instant.at for each in snapshot.entries
    )


def test_a_cause_with_two_effects_keeps_both(exemplary: Document) -> None:
    causes = printable(exemplary).snapshot.causes
    assert sorted(len(each.explains) for each in causes) == [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2]


def test_it_uses_everything_that_a_coe_can_hold(exemplary: Document) -> None:
    """It is the worked example: whoever opens it sees each part filled."""
    snapshot = printable(exemplary).snapshot
    assert (snapshot.form, snapshot.classification, snapshot.guide) == ("full", "public", 1)
    assert all(section.text for section in snapshot.sections)
    assert all(answer.text for answer in snapshot.answers)
    assert len(snapshot.answers) == 19
    assert {each.outcome for each in snapshot.safeguards} == {"held", "failed", "missing"}
    assert {each.kind for each in snapshot.lessons} == {"well", "badly", "lucky", "surprised"}
    assert {each.answers for each in snapshot.causes} == {"happened", "detection", "mitigation"}
    assert "https://aws.amazon.com/message/41926/" in {each.url for each in snapshot.related}
    assert all(entry.kind for entry in snapshot.entries)
    assert [each.milestone for each in snapshot.entries if each.milestone] == [
        "impact_started",
        "mitigated",
        "resolved",
    ]


def test_its_numbers_agree_with_its_times(exemplary: Document) -> None:
    """Minutes from 09:37 to 12:26, 13:54 and 11:37; nobody published how many were hit."""
    figures = printable(exemplary).snapshot.figures
    counted = [(f"{each.amount} {each.unit}", each.source) for each in figures]
    assert counted == [
        ("169 minutes", "measured"),
        ("257 minutes", "measured"),
        ("100 %", "estimated"),
        ("120 minutes", "measured"),
        ("None customers", "estimated"),
    ]
    assert all(figure.basis for figure in figures)


def test_each_end_of_its_causes_has_a_correction_or_an_accepted_risk(exemplary: Document) -> None:
    snapshot = printable(exemplary).snapshot
    explained = {uid for cause in snapshot.causes for uid in cause.explains}
    corrected = {action.cause for action in snapshot.actions}
    ends = [cause for cause in snapshot.causes if cause.uid not in explained]
    assert len(ends) == 5
    left = [cause for cause in ends if cause.uid not in corrected]
    (accepted,) = left
    assert accepted.risk_reason
    assert accepted.risk_approver is not None
    assert accepted.risk_approver.name == "Sam Manager" != snapshot.owner.name


def test_it_says_that_it_is_a_reconstruction_to_whoever_reads_it(
    client: Client, exemplary: Document
) -> None:
    for name in ("owner", "colleague", "manager", "leader", "admin"):
        page = words(get(client, person(name), f"/coes/{exemplary.reference}/"))
        assert "This is a reconstruction from the public account of the event" in page
        assert "Owners, due dates and targets are invented." in page


def test_no_demo_person_but_the_administrator_keeps_people(exemplary: Document) -> None:
    assert [each.email for each in User.objects.filter(is_administrator=True)] == [
        "admin@example.com"
    ]
    assert all(each.check_password(PASSWORD) for each in User.objects.all())


def test_the_worked_example_is_what_the_demo_publishes_last(exemplary: Document) -> None:
    current = Publication.objects.get(version=2)
    example = worked_example()
    assert example.digest == current.snapshot.digest
    assert example.snapshot == versions()[-1]
