"""What one person saved without a long pause is one sitting, told in a sentence."""

from uuid import uuid4

import pytest

from coe.chronicle import sittings
from coe.chronicle.sittings import Sitting, moments_of, page_of_sittings, writers
from coe.chronicle.words import told_sitting
from coe.documents.models import Document
from coe.history.models import Action, HistoryEvent
from tests.chronicle.saves import saved
from tests.documents.making import make_document
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare(people: People) -> Document:
    """A COE whose opening stands long before everything else."""
    return make_document(people.owner)


def found(document: Document, **options: int) -> list[tuple[str, str, int]]:
    """Each sitting as who, when (minutes after the first) and how many saves."""
    page = page_of_sittings(document, **options)
    names = {each.pk: each.name for each in writers(document)}
    return [
        (names[each.actor_id], f"{each.began_at:%H:%M} to {each.ended_at:%H:%M}", each.saves)
        for each in page.sittings
        if each.began_at.year == 2100
    ]


def words(document: Document) -> str:
    """What is told of the newest sitting."""
    return told_sitting(page_of_sittings(document).sittings[0])


def test_a_pause_of_half_an_hour_ends_a_sitting_and_less_does_not(
    bare: Document, people: People
) -> None:
    for minute in (0, 29, 58, 88, 90):
        saved(bare, people.owner, minute)

    assert found(bare) == [("Owner", "10:40 to 10:42", 2), ("Owner", "09:12 to 10:10", 3)]


def test_two_people_who_write_at_once_have_a_sitting_each(bare: Document, people: People) -> None:
    for minute in range(0, 40, 2):
        saved(bare, people.owner, minute)
        saved(bare, people.contributor, minute + 1)

    assert found(bare) == [
        ("Contributor", "09:13 to 09:51", 20),
        ("Owner", "09:12 to 09:50", 20),
    ]


def test_a_landmark_stands_by_itself_and_what_follows_it_is_another_sitting(
    bare: Document, people: People
) -> None:
    saved(bare, people.owner, 0)
    saved(bare, people.owner, 1, subject="document", action=Action.SUBMITTED)
    saved(bare, people.owner, 2)
    saved(bare, people.owner, 3)

    kinds = [(each.landmark, each.saves) for each in page_of_sittings(bare).sittings[:3]]
    assert kinds == [("", 2), ("submitted", 1), ("", 1)]


def test_what_a_single_person_wrote_can_be_had_alone(bare: Document, people: People) -> None:
    saved(bare, people.owner, 0)
    saved(bare, people.contributor, 1)
    saved(bare, people.owner, 2)

    assert found(bare, by=people.contributor.pk) == [("Contributor", "09:13 to 09:13", 1)]
    assert found(bare, by=people.stranger.pk) == []
    assert [(each.name, each.saves) for each in writers(bare)] == [("Contributor", 1), ("Owner", 3)]


def test_the_history_of_another_coe_is_not_in_it(bare: Document, people: People) -> None:
    other = make_document(people.owner)
    saved(other, people.contributor, 0)

    assert found(bare) == []
    assert [each.name for each in writers(bare)] == ["Owner"]


def test_pages_hold_every_sitting_once_also_while_somebody_goes_on_writing(
    bare: Document, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sittings, "PAGE", 2)
    for hour in range(5):
        saved(bare, people.owner, 60 * hour)
    newest = page_of_sittings(bare)
    saved(bare, people.owner, 60 * 4 + 1)
    seen: list[Sitting] = list(newest.sittings)
    page = newest
    while page.before:
        page = page_of_sittings(bare, before=page.before)
        seen += page.sittings

    assert len(seen) == 6
    assert len({each.first for each in seen}) == 6
    assert [each.last for each in seen] == sorted((each.last for each in seen), reverse=True)


def test_a_sentence_says_what_became_of_each_thing_once(bare: Document, people: People) -> None:
    entry, other, gone, passing = (uuid4() for _ in range(4))
    by = people.contributor
    saved(bare, by, 0, key="impact")
    saved(bare, by, 0, key="summary")
    saved(bare, by, 1, key="summary")
    saved(bare, by, 2, subject="milestone", key="detected")
    saved(bare, by, 2, subject="answer", key="found-by")
    for uid in (entry, other):
        saved(bare, by, 3, subject="entry", key=uid, action=Action.ADDED)
    saved(bare, by, 4, subject="entry", key=entry)
    saved(bare, by, 4, subject="entry", key=entry, action=Action.MOVED)
    saved(bare, by, 5, subject="cause", key=gone, action=Action.REMOVED)
    saved(bare, by, 6, subject="lesson", key=passing, action=Action.ADDED)
    saved(bare, by, 6, subject="lesson", key=passing, action=Action.REMOVED)
    saved(bare, by, 7, subject="section", key="impact", action=Action.SET_ASIDE)

    assert words(bare) == (
        "wrote Impact and Summary, set Detected, wrote 1 answer, added 2 timeline entries, "
        "removed 1 cause, added and removed 1 lesson, had 1 text kept beside"
    )


@pytest.mark.parametrize(
    ("role", "action", "sentence"),
    [
        ("reviewer", Action.ADDED, "asked 1 person to review"),
        ("contributor", Action.ADDED, "let 1 person write"),
        ("contributor", Action.REMOVED, "took 1 person off the authors"),
    ],
)
def test_who_may_write_and_who_reviews_are_told_apart(
    bare: Document, people: People, role: str, action: Action, sentence: str
) -> None:
    side = "after" if action == Action.ADDED else "before"
    values = {side: {"role": role}}
    saved(bare, people.manager, 0, subject="participant", key=7, action=action, **values)

    assert words(bare) == sentence


def test_opening_a_coe_and_entering_one_from_a_file_are_told(
    bare: Document, people: People
) -> None:
    assert words(bare) == "opened the COE"
    first = HistoryEvent.objects.get(document=bare)
    saved(bare, people.owner, 0, subject="import", key=bare.reference, action=Action.ADDED)
    assert first.action == Action.ADDED


def test_moments_to_choose_from_are_the_ends_of_sittings(bare: Document, people: People) -> None:
    ends = [saved(bare, people.owner, minute) for minute in (0, 5, 100)]

    assert [each.last for each in moments_of(bare)][:2] == [ends[2].pk, ends[1].pk]
