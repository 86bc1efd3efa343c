"""Any two moments are compared, however the address names them."""

import pytest

from coe.documents.models import Document
from coe.history.models import HistoryEvent
from tests.history.reading import latest
from tests.looks.walker import Walker
from tests.people import People
from tests.reviews.steps import ask_for_changes, submit, write

pytestmark = pytest.mark.django_db


def test_rounds_are_offered_and_compared(
    manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    submit(document, by=people.owner)
    first = latest(document)
    ask_for_changes(document, by=people.manager)
    write(document, "Two in ten.", by=people.owner)
    submit(document, by=people.owner)
    second = landmark(document, "submitted")
    write(document, "Three in ten.", by=people.owner)

    told = manager.walk(since=first, until=second)

    assert "Round 2 begins," in told
    assert "Round 1 changes requested," in told
    assert "OneTwo in ten." in told
    assert "Three" not in told


def test_a_round_and_a_moment_can_be_named_in_the_address(
    manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    submit(document, by=people.owner)
    begun = HistoryEvent.objects.get(pk=landmark(document, "submitted")).at
    write(document, "Two in ten.", by=people.owner)

    for since in ("round-1", begun.isoformat().replace("+00:00", "Z"), begun.isoformat()):
        told = manager.walk(since=since)
        assert "OneTwo in ten." in told
        assert "1 of 1 seen" not in told


def landmark(document: Document, action: str) -> int:
    """The last event by which this was done with the whole COE."""
    return HistoryEvent.objects.filter(document=document, action=action).latest("pk").pk


def test_the_earlier_moment_comes_first_whichever_way_they_are_named(
    manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    one = latest(document)
    write(document, "Two in ten.", by=people.owner)
    two = latest(document)

    there, back = manager.walk(since=one, until=two), manager.walk(since=two, until=one)

    assert "OneTwo in ten." in there
    assert there.partition("compared with")[2] == back.partition("compared with")[2]
    assert "OneTwo in ten." in manager.walk(since="now", until=one)


def test_between_two_equal_moments_nothing_changed(
    manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    one = latest(document)

    for query in ({"since": one, "until": one}, {"since": "now", "until": "now"}):
        assert "Nothing changed Both say the same" in manager.walk(**query)


@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "0",
        "round-9",
        "1999-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "1e9",
        "9" * 40,
        "\x00",
        "<script>",
        "٣",
    ],
)
def test_what_is_no_moment_is_said_at_its_field(manager: Walker, text: str) -> None:
    for name in ("since", "until"):
        answer = manager.get(**{name: text})
        assert answer.status_code == 422
        assert "This history has no such moment" in answer.content.decode()
