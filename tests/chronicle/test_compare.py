"""Any two moments of the history can be compared, word by word, rows included."""

import pytest

from coe.documents.models import Document, Section
from coe.documents.services import save_section
from coe.history.models import HistoryEvent
from tests.chronicle.pages import Reader
from tests.documents.making import make_document, make_line
from tests.history.reading import latest
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(people: People, document: Document) -> Reader:
    return Reader(people.owner, document)


@pytest.fixture
def moments(document: Document) -> list[int]:
    """After one sentence, after another, and after a line of the timeline."""
    found = []
    for version, text in enumerate(("One in ten failed.", "Two in ten failed."), start=1):
        section = Section.objects.get(document=document, slug="summary")
        save_section(section, version=version, text=text, by=document.owner)
        found.append(latest(document))
    make_line(document, "Alarm")
    return [*found, latest(document)]


def test_two_moments_are_compared_by_word_with_their_rows(
    owner: Reader, moments: list[int]
) -> None:
    page = owner.get("coe_compare", **{"from": moments[0], "to": moments[2]}).content.decode()

    assert "<del>One</del><ins>Two</ins>" in page
    assert "<ins>Alarm</ins>" in page


def test_the_earlier_moment_comes_first_whichever_way_they_were_chosen(
    owner: Reader, moments: list[int]
) -> None:
    there = owner.compare(from_=moments[0], to=moments[1])
    back = owner.compare(from_=moments[1], to=moments[0])

    assert there.partition("Summary")[2] == back.partition("Summary")[2]
    assert "Both say the same" in owner.compare(from_=moments[2], to="now")


def test_without_a_choice_all_since_the_opening_is_compared_with_now(
    owner: Reader, moments: list[int], document: Document
) -> None:
    told = owner.compare()

    assert "Two in ten failed." in told
    assert "Added Contributor" in told
    opened = HistoryEvent.objects.filter(document=document).order_by("pk")[0].pk
    page = owner.get("coe_compare").content.decode()
    assert f'<option value="{opened}" selected>When it was opened' in page
    assert '<option value="now" selected>Now' in page


def test_a_single_save_within_a_sitting_stays_chosen(owner: Reader, moments: list[int]) -> None:
    page = owner.get("coe_compare", **{"from": moments[0], "to": "now"}).content.decode()

    assert f'<option value="{moments[0]}" selected>' in page
    assert "a single save" in page


HOSTILE = ["-1", "1e9", "nowhere", "9" * 40, "\x00", "<script>", "' OR 1=1 --", "٣"]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_moment_is_said_at_its_field(owner: Reader, text: str) -> None:
    for name in ("from", "to"):
        answer = owner.get("coe_compare", **{name: text})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "This history has no such moment" in page
        assert "<script>alert" not in page


def test_a_moment_of_another_coe_is_none_of_this_one(
    owner: Reader, people: People, document: Document
) -> None:
    other = make_document(people.owner, "Secret outage")
    answer = owner.get("coe_compare", **{"from": latest(other)})

    assert answer.status_code == 422
    assert "Secret outage" not in answer.content.decode()
