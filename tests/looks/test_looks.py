"""How far somebody has seen a working copy: noted by reading it, and never further than that."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import override_settings

from coe.documents.models import Document
from coe.history.known import known_now
from coe.looks.models import Look
from coe.looks.services import note_look
from coe.notices.models import Notice
from tests.documents.rivals import Rival
from tests.looks.walker import Walker
from tests.people import People
from tests.reviews.steps import propose, publish_draft, state_facts, submit, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(people: People, document: Document) -> Walker:
    """Who has not looked yet."""
    return Walker(people.manager, document)


def test_who_never_looked_is_told_nothing_beside_the_text(
    manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)

    assert manager.news() == ""


def test_what_others_changed_since_is_told_with_when_that_was(
    manager: Walker, document: Document, people: People
) -> None:
    manager.read()
    write(document, "One in ten.", by=people.owner)
    write(document, "Two in ten.", by=people.owner)
    assert manager.news().startswith("1 change since you last looked, today ")

    propose(document, "Alarm", by=people.contributor)
    Look.objects.update(before_at=datetime(2017, 2, 28, 17, 37, tzinfo=UTC))

    assert manager.news() == "2 changes since you last looked, 28 Feb 2017, 09:37."


def test_loading_the_page_again_takes_nothing_away(
    manager: Walker, document: Document, people: People
) -> None:
    manager.read()
    write(document, "One in ten.", by=people.owner)

    assert manager.news() == manager.news() != ""


def test_who_comes_back_later_is_told_what_changed_in_between(
    manager: Walker, document: Document, people: People
) -> None:
    manager.read()
    write(document, "One in ten.", by=people.owner)
    manager.read()
    manager.goes_away(minutes=31)
    manager.read()
    assert manager.news() == ""

    propose(document, "Alarm", by=people.owner)

    assert manager.news().startswith("1 change ")
    assert "One in ten." not in manager.walk()


def test_ones_own_changes_are_no_news(document: Document, people: People) -> None:
    owner = Walker(people.owner, document)
    owner.read()
    write(document, "One in ten.", by=people.owner)
    assert owner.news() == ""
    assert "One in ten." in owner.walk()

    propose(document, "Alarm", by=people.contributor)

    assert owner.news().startswith("2 changes ")


def test_what_was_changed_and_changed_back_is_no_news(
    manager: Walker, document: Document, people: People
) -> None:
    manager.read()
    state_facts(document, title="Another title", by=people.owner)
    state_facts(document, title="Uploads failed for one customer in ten", by=people.owner)

    assert manager.news() == ""
    assert "Nothing changed" in manager.walk()


def test_what_a_browser_fetches_ahead_was_not_looked_at(
    manager: Walker, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    asked = Notice.objects.unseen_by(people.manager)
    manager.read(**{"Sec-Purpose": "prefetch;prerender"})
    assert not Look.objects.exists()
    assert asked.count() == 1
    manager.read()
    assert not asked.exists()


def test_a_page_that_could_not_be_made_was_not_looked_at(
    manager: Walker, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ValueError("in the middle of the page")

    monkeypatch.setattr("coe.library.views.report", breaks)
    manager.client.raise_request_exception = False

    with override_settings(DEBUG=False):
        assert manager.client.get(manager.address("coe_draft")).status_code == 500
    assert not Look.objects.exists()


def test_who_reads_what_is_published_did_not_look_at_the_correction(
    document: Document, people: People
) -> None:
    publish_draft(document, people)
    stranger = Walker(people.stranger, document)
    assert stranger.client.get(stranger.address("coe_read")).status_code == 200
    assert not Look.objects.exists()


def test_looking_is_kept_to_oneself(manager: Walker, document: Document, people: People) -> None:
    manager.read()
    write(document, "One in ten.", by=people.owner)
    assert "last looked" not in Walker(people.director, document).read()


def test_a_page_that_is_the_same_is_not_drawn_again_and_is_once_something_is_ticked(
    manager: Walker, document: Document, people: People
) -> None:
    manager.read()
    write(document, "One in ten.", by=people.owner)
    manager.read()
    page = manager.address("coe_draft")
    tag = manager.client.get(page)["ETag"]
    assert manager.client.get(page, headers={"If-None-Match": tag}).status_code == 304

    manager.tick(manager.forms("coe_tick")[0])

    again = manager.client.get(page, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert "all seen" in again.content.decode()


def test_an_older_page_takes_nothing_from_what_is_told(
    manager: Walker, document: Document, people: People
) -> None:
    """Two tabs at once: the slower one had been asked before the other."""
    known = known_now(document)
    write(document, "One in ten.", by=people.owner)
    manager.read()
    note_look(document, known=known, by=people.manager)
    Look.objects.update(seen_at=datetime.now(UTC) - timedelta(hours=1))
    manager.read()

    assert manager.news().startswith("1 change ")


@pytest.mark.django_db(transaction=True)
def test_where_it_cannot_be_noted_the_text_is_read_all_the_same(
    document: Document, people: People
) -> None:
    def read() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        return Walker(people.manager, document).read()

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE coe_look IN EXCLUSIVE MODE")
        reader = Rival(read)
        reader.wait()

    assert reader.error is None
    assert "Uploads failed" in str(reader.result)
    assert not Look.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_save_that_is_committed_behind_a_later_one_is_told(
    document: Document, people: People
) -> None:
    """Events are numbered before they are committed; the page could not show what came late."""
    Walker(people.manager, document).read()
    with transaction.atomic():
        write(document, "It came late.", by=people.owner)
        others = [
            Rival(lambda: propose(document, "Alarm", by=people.contributor)),
            Rival(lambda: Walker(people.manager, document).read()),
        ]
        for each in others:
            each.wait()
            assert each.error is None
    manager = Walker(people.manager, document)
    manager.goes_away(minutes=31)
    manager.read()

    assert "It came late." in manager.walk()
