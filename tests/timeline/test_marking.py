"""An entry that marks a milestone: one moment, kept in one place, whoever changes it."""

from uuid import uuid4

import pytest

from coe.documents.models import Document
from coe.incidents.models import Milestone
from coe.text.instants import Instant
from coe.timeline.models import Entry
from coe.timeline.services import (
    Mark,
    MarkTaken,
    MilestoneChange,
    add_entry,
    save_entry,
    save_milestones,
)
from coe.web.versions import Conflict
from tests.documents.making import make_document, moment, texts
from tests.documents.rivals import at_once, kinds_of_errors
from tests.history.reading import latest, told
from tests.people import People

pytestmark = pytest.mark.django_db


def milestone(document: Document, kind: str = "detected") -> Milestone:
    return Milestone.objects.get(incident=document.incident_id, kind=kind)


def mark(document: Document, kind: str = "detected", *, version: int = 1) -> Mark:
    return Mark(milestone(document, kind), version)


def marking(document: Document, clock: str = "09:40", kind: str = "detected") -> Entry:
    return add_entry(
        document,
        uid=uuid4(),
        instant=moment(clock),
        text="Alarm",
        mark=mark(document, kind),
        by=document.owner,
    )


def set_milestone(
    document: Document, state: str, instant: Instant | None, *, version: int = 2
) -> None:
    change = MilestoneChange(milestone(document), version, state, instant)
    save_milestones(document, changes=[change], by=document.owner)


def test_an_entry_that_marks_a_milestone_records_it_and_has_no_time_of_its_own(
    document: Document,
) -> None:
    since = latest(document)
    entry = marking(document)

    stored = Entry.objects.get(pk=entry.pk)
    assert (stored.at, stored.milestone_id) == (None, milestone(document).pk)
    assert stored.happened == moment("09:40")
    assert (milestone(document).state, milestone(document).instant) == ("recorded", moment("09:40"))
    assert [(each.action, each.subject) for each in told(document, since=since)] == [
        ("changed", "milestone"),
        ("added", "entry"),
    ]


def test_adding_it_again_under_its_uid_is_once(document: Document) -> None:
    uid, given = uuid4(), mark(document)
    for _ in range(2):
        add_entry(
            document, uid=uid, instant=moment("09:40"), text="x", mark=given, by=document.owner
        )
    assert texts(document) == ["x"]
    with pytest.raises(Conflict):
        add_entry(
            document, uid=uid, instant=moment("09:41"), text="x", mark=given, by=document.owner
        )


def test_it_finds_its_place_by_the_time_of_its_milestone(document: Document) -> None:
    for clock in ("09:00", "10:00"):
        add_entry(document, uid=uuid4(), instant=moment(clock), text=clock, by=document.owner)
    marking(document, "09:40")
    add_entry(document, uid=uuid4(), instant=moment("09:30"), text="09:30", by=document.owner)
    assert texts(document) == ["09:00", "09:30", "Alarm", "10:00"]


def test_another_time_for_the_entry_is_another_time_for_the_milestone(document: Document) -> None:
    entry, since = marking(document), latest(document)
    save_entry(
        entry,
        version=1,
        instant=moment("09:45"),
        text="Alarm",
        mark=mark(document, version=2),
        by=document.owner,
    )
    assert milestone(document).instant == moment("09:45")
    assert Entry.objects.get(pk=entry.pk).version == 2
    assert [each.subject for each in told(document, since=since)] == ["milestone", "entry"]


def test_saving_what_is_there_changes_nothing(document: Document) -> None:
    entry, since = marking(document), latest(document)
    given = mark(document, version=2)
    save_entry(
        entry, version=1, instant=moment("09:40"), text="Alarm", mark=given, by=document.owner
    )
    assert (Entry.objects.get(pk=entry.pk).version, milestone(document).version) == (1, 2)
    assert told(document, since=since) == []


def test_an_entry_that_marks_no_longer_has_its_time_again_and_the_milestone_stays(
    document: Document,
) -> None:
    entry = marking(document)
    save_entry(entry, version=1, instant=moment("09:40"), text="Alarm", by=document.owner)
    stored = Entry.objects.get(pk=entry.pk)
    assert (stored.instant, stored.milestone_id) == (moment("09:40"), None)
    assert milestone(document).instant == moment("09:40")


def test_an_entry_may_mark_another_milestone_instead(document: Document) -> None:
    entry = marking(document)
    save_entry(
        entry,
        version=1,
        instant=moment("10:30"),
        text="Over",
        mark=mark(document, "mitigated"),
        by=document.owner,
    )
    assert Entry.objects.get(pk=entry.pk).milestone == milestone(document, "mitigated")
    assert milestone(document, "mitigated").instant == moment("10:30")
    assert milestone(document).instant == moment("09:40")


@pytest.mark.parametrize("state", ["pending", "not_applicable"])
def test_a_milestone_taken_back_leaves_the_time_with_the_entry_and_says_so(
    document: Document, state: str
) -> None:
    entry, since = marking(document), latest(document)
    set_milestone(document, state, None)

    stored = Entry.objects.get(pk=entry.pk)
    assert (stored.instant, stored.milestone_id, stored.version) == (moment("09:40"), None, 2)
    assert (milestone(document).state, milestone(document).instant) == (state, None)
    changed = told(document, since=since)[-1]
    assert (changed.action, changed.subject) == ("changed", "entry")
    assert changed.after == {"at": "2026-11-14T09:40:00Z", "milestone_id": None}


def test_another_time_in_the_strip_moves_the_entry_and_a_form_opened_before_is_stale(
    document: Document,
) -> None:
    entry, since = marking(document), latest(document)
    set_milestone(document, "recorded", moment("09:50"))
    assert Entry.objects.get(pk=entry.pk).happened == moment("09:50")
    moved = told(document, since=since)[-1]
    assert (moved.action, moved.subject, moved.version) == ("changed", "entry", 2)
    assert [moved.before["happened"]["at"], moved.after["happened"]["at"]] == [
        "2026-11-14T09:40:00Z",
        "2026-11-14T09:50:00Z",
    ]
    with pytest.raises(Conflict):
        save_entry(
            entry,
            version=1,
            instant=moment("09:40"),
            text="Mine",
            mark=mark(document, version=3),
            by=document.owner,
        )
    assert milestone(document).instant == moment("09:50")


def test_a_milestone_that_was_changed_since_it_was_chosen_is_not_written_over(
    document: Document,
) -> None:
    set_milestone(document, "recorded", moment("09:20"), version=1)
    with pytest.raises(MarkTaken, match="meanwhile"):
        marking(document)
    assert (texts(document), milestone(document).instant) == ([], moment("09:20"))


def test_the_milestone_of_another_coe_is_never_marked(document: Document, people: People) -> None:
    other = make_document(people.owner)
    with pytest.raises(MarkTaken):
        add_entry(
            document,
            uid=uuid4(),
            instant=moment("09:40"),
            text="x",
            mark=mark(other),
            by=people.owner,
        )
    assert milestone(other).state == "pending"


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_mark_one_milestone_at_once_one_wins_and_one_gets_a_sentence(
    document: Document, people: People
) -> None:
    given = mark(document)

    def write(clock: str) -> Entry:
        return add_entry(
            document, uid=uuid4(), instant=moment(clock), text=clock, mark=given, by=people.owner
        )

    rivals = at_once(lambda: write("09:40"), lambda: write("09:41"))

    assert kinds_of_errors(rivals) == ["MarkTaken"]
    (won,) = Entry.objects.filter(document=document)
    assert milestone(document).instant == moment(won.text)
    (error,) = [each.error for each in rivals if each.error]
    assert "Somebody else marked or changed “Detected” meanwhile." in str(error)


@pytest.mark.django_db(transaction=True)
def test_marking_and_the_strip_at_once_leave_one_moment(document: Document, people: People) -> None:
    entry = marking(document)
    given = mark(document, version=2)
    change = MilestoneChange(milestone(document), 2, "pending", None)

    rivals = at_once(
        lambda: save_entry(
            entry,
            version=1,
            instant=moment("09:45"),
            text="Alarm",
            mark=given,
            by=people.owner,
        ),
        lambda: save_milestones(document, changes=[change], by=people.contributor),
    )

    assert len(kinds_of_errors(rivals)) == 1
    stored = Entry.objects.select_related("milestone").get(pk=entry.pk)
    if rivals[0].error:
        assert (stored.milestone, stored.instant) == (None, moment("09:40"))
    else:
        assert stored.happened == moment("09:45")
        assert milestone(document).instant == moment("09:45")
