"""The demo COE: one, published, and honest about what it is."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.documents.models import Document, Participant, State
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
    assert sorted(len(each.explains) for each in causes) == [0, 0, 0, 1, 1, 1, 1, 2]


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
