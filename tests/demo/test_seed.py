"""The demo COE: one, published, and honest about what it is."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.documents.models import Document, Participant, State
from coe.help import example
from coe.history.models import HistoryEvent
from coe.publishing.models import Publication
from coe.publishing.printables import printable
from coe.reviews.models import SignOff
from tests.library.pages import get, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def password_of_the_demo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One of the test's own, so that no file is written, and hashed without the usual patience."""
    monkeypatch.setenv("COE_DEMO_PASSWORD", "a password of these tests")
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


def seed() -> str:
    said = StringIO()
    call_command("seed_demo", stdout=said)
    return said.getvalue()


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@example.com")


def test_seeding_twice_makes_one_coe_and_changes_nothing() -> None:
    first = seed()
    document = Document.objects.get()
    before = (HistoryEvent.objects.count(), User.objects.count(), Publication.objects.count())
    assert seed() == first == f"The demo COE is {document.reference}.\n"
    assert Document.objects.get() == document
    assert before == (
        HistoryEvent.objects.count(),
        User.objects.count(),
        Publication.objects.count(),
    )


def test_it_bears_the_year_of_the_event_and_the_next_one_the_next_number() -> None:
    seed()
    assert Document.objects.get().reference == "COE-2017-0001"


def test_it_is_approved_by_the_manager_and_published_with_four_corrections() -> None:
    seed()
    document = Document.objects.get()
    (publication,) = Publication.objects.all()
    (signed,) = SignOff.objects.all()
    assert (document.state, document.current_version) == (State.APPROVED, 1)
    assert document.owner == person("owner")
    assert (signed.user, signed.snapshot) == (person("manager"), publication.snapshot)
    assert [each.user for each in Participant.objects.filter(role="contributor")] == [
        person("colleague")
    ]
    text = printable(document)
    assert [str(each.due_on) for each in text.snapshot.actions] == [
        "2017-03-14",
        "2017-03-30",
        "2017-09-29",
        "2017-03-30",
    ]
    assert Promise.objects.open().count() == len(text.snapshot.actions) == 4
    assert len({each.cause for each in text.snapshot.actions} - {None}) == 4


def test_its_times_are_those_of_the_public_account() -> None:
    seed()
    snapshot = printable(Document.objects.get()).snapshot
    moments = {kind: f"{each.at:%Y-%m-%dT%H:%MZ}" for kind, each in snapshot.instants().items()}
    assert snapshot.zone == "America/Los_Angeles"
    assert moments == {  # 09:37, 13:18 and 13:54 in Los Angeles, eight hours behind in February
        "impact_started": "2017-02-28T17:37Z",
        "mitigated": "2017-02-28T21:18Z",
        "resolved": "2017-02-28T21:54Z",
    }
    assert len(snapshot.entries) == 8
    assert [each.instant.at for each in snapshot.entries] == sorted(
        each.instant.at for each in snapshot.entries
    )


def test_a_cause_with_two_effects_keeps_both() -> None:
    seed()
    causes = printable(Document.objects.get()).snapshot.causes
    assert sorted(len(each.explains) for each in causes) == [0, 0, 0, 1, 1, 1, 1, 1, 2]


def test_it_uses_everything_that_a_coe_can_hold() -> None:
    """It is the worked example: whoever opens it sees each part filled."""
    seed()
    snapshot = printable(Document.objects.get()).snapshot
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


def test_its_numbers_agree_with_its_times() -> None:
    """Minutes from 09:37 to 12:26, 13:54 and 11:37; nobody published how many were hit."""
    seed()
    figures = printable(Document.objects.get()).snapshot.figures
    counted = [(f"{each.amount} {each.unit}", each.source) for each in figures]
    assert counted == [
        ("169 minutes", "measured"),
        ("257 minutes", "measured"),
        ("100 %", "estimated"),
        ("120 minutes", "measured"),
        ("None customers", "estimated"),
    ]
    assert all(figure.basis for figure in figures)


def test_each_end_of_its_causes_has_a_correction_or_an_accepted_risk() -> None:
    seed()
    snapshot = printable(Document.objects.get()).snapshot
    explained = {uid for cause in snapshot.causes for uid in cause.explains}
    corrected = {action.cause for action in snapshot.actions}
    ends = [cause for cause in snapshot.causes if cause.uid not in explained]
    assert len(ends) == 4
    left = [cause for cause in ends if cause.uid not in corrected]
    (accepted,) = left
    assert accepted.risk_reason
    assert accepted.risk_approver is not None
    assert accepted.risk_approver.name == "Sam Manager" != snapshot.owner.name


def test_it_says_that_it_is_a_reconstruction_to_whoever_reads_it(client: Client) -> None:
    seed()
    document = Document.objects.get()
    for name in ("owner", "colleague", "manager", "leader", "admin"):
        page = words(get(client, person(name), f"/coes/{document.reference}/"))
        assert "This is a reconstruction from the public account of the event" in page
        assert "Owners and due dates are invented." in page


def test_no_demo_person_but_the_administrator_keeps_people() -> None:
    seed()
    assert [each.email for each in User.objects.filter(is_administrator=True)] == [
        "admin@example.com"
    ]
    assert all(each.check_password("a password of these tests") for each in User.objects.all())


def test_the_worked_example_is_what_the_demo_publishes() -> None:
    """Regenerate it with the bytes of the demo's publication when its text changes."""
    seed()
    (publication,) = Publication.objects.all()
    assert example.FILE.read_bytes() == bytes(publication.snapshot.content)
