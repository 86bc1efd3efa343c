"""Seeding again, and seeding that fails."""

from collections.abc import Iterator

import pytest

from coe.accounts.models import Team, User
from coe.documents.models import Document
from coe.history.models import HistoryEvent
from coe.incidents.models import Service
from coe.management.commands.run import load_demo_on_first_start
from coe.publishing.models import Publication
from coe.reviews.workflow import NobodyApproves
from tests.demo.seeded import quick_passwords, seed
from tests.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with quick_passwords():
        yield


def test_seeding_twice_makes_one_coe_and_changes_nothing() -> None:
    assert seed("s3_2017") == "The demo COE COE-2017-0001 is new.\n"
    before = (HistoryEvent.objects.count(), User.objects.count(), Publication.objects.count())
    assert seed("s3_2017") == "No demo COEs are new.\n"
    assert Document.objects.count() == 1
    assert before == (
        HistoryEvent.objects.count(),
        User.objects.count(),
        Publication.objects.count(),
    )


def test_seeding_that_fails_half_way_leaves_nothing() -> None:
    seed("s3_2017")
    document = Document.objects.get()
    User.objects.filter(email__in=("manager@example.com", "leader@example.com")).update(
        is_active=False
    )
    before = (HistoryEvent.objects.count(), Service.objects.count())
    with pytest.raises(NobodyApproves):
        seed("github_2018")
    assert Document.objects.get() == document
    assert before == (HistoryEvent.objects.count(), Service.objects.count())


def test_a_database_of_ones_own_gets_no_demo_on_the_first_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///ours")
    load_demo_on_first_start()
    assert not User.objects.exists()
    assert not Team.objects.exists()
    assert not Document.objects.exists()


def test_the_demo_never_comes_to_people_who_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    make_person("somebody")
    load_demo_on_first_start()
    assert [each.name for each in User.objects.all()] == ["Somebody"]
    assert not Document.objects.exists()
