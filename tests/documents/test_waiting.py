"""Who waits for whom: writers of content beside each other, whoever judges the whole alone."""

import pytest
from django.db import transaction

from coe.documents.locks import ReadOnly, lock_for_content, lock_whole
from coe.documents.models import Document, Section, State
from coe.documents.rows import save_row
from coe.documents.services import facts, save_facts, save_section
from coe.reviews.workflow import TextChanged, make_transition
from coe.snapshots.services import take_snapshot
from coe.timeline.models import Entry
from tests.documents.making import make_document, make_line, texts
from tests.documents.rivals import Rival
from tests.history.reading import latest, told
from tests.people import People
from tests.reviews.steps import make_submittable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def in_review(document: Document, people: People) -> Document:
    make_submittable(document)
    return make_transition(document, to=State.IN_REVIEW, by=people.owner)


def test_a_write_waits_for_an_approval_in_flight_and_is_then_refused(
    in_review: Document, people: People
) -> None:
    line = make_line(in_review, "approved text")
    since = latest(in_review)
    digest = take_snapshot(in_review).digest

    with transaction.atomic():
        make_transition(in_review, to=State.APPROVED, by=people.manager, digest=digest)
        rival = Rival(
            lambda: save_row(
                Entry.objects.get(pk=line.pk),
                version=1,
                values={"text": "slipped in"},
                by=people.contributor,
            )
        )
        assert rival.is_held_up()

    with pytest.raises(ReadOnly):
        rival.finish()
    assert texts(in_review) == ["approved text"]
    assert [event.action for event in told(in_review, since=since)] == ["approved"]


@pytest.mark.parametrize("fails", [False, True])
def test_a_section_that_is_being_typed_waits_for_an_approval_in_flight_as_well(
    in_review: Document, people: People, fails: bool
) -> None:
    """It is written in one statement with the lock that it needs."""
    section = Section.objects.get(document=in_review, slug="summary")
    digest = take_snapshot(in_review).digest

    with transaction.atomic():
        make_transition(in_review, to=State.APPROVED, by=people.manager, digest=digest)
        rival = Rival(
            lambda: save_section(section, version=1, text="slipped in", by=people.contributor)
        )
        assert rival.is_held_up()
        transaction.set_rollback(fails)

    if fails:
        rival.finish()
    else:
        with pytest.raises(ReadOnly):
            rival.finish()
    stored = Section.objects.get(pk=section.pk)
    assert (stored.version, stored.text) == ((2, "slipped in") if fails else (1, ""))


def test_whoever_approves_waits_for_a_section_that_is_being_written(
    in_review: Document, people: People
) -> None:
    section = Section.objects.get(document=in_review, slug="summary")
    digest = take_snapshot(in_review).digest

    with transaction.atomic():
        save_section(section, version=1, text="first", by=people.contributor)
        rival = Rival(
            lambda: make_transition(in_review, to=State.APPROVED, by=people.manager, digest=digest)
        )
        assert rival.is_held_up()

    with pytest.raises(TextChanged):
        rival.finish()


def test_a_write_that_waited_for_an_approval_that_failed_goes_on(
    in_review: Document, people: People
) -> None:
    digest = take_snapshot(in_review).digest

    with transaction.atomic():
        make_transition(in_review, to=State.APPROVED, by=people.manager, digest=digest)
        rival = Rival(lambda: make_line(in_review, "went on", by=people.contributor))
        assert rival.is_held_up()
        transaction.set_rollback(True)

    rival.finish()
    assert texts(in_review) == ["went on"]


def test_an_approval_waits_for_a_write_in_flight_and_then_sees_that_the_text_changed(
    in_review: Document, people: People
) -> None:
    on_the_screen = take_snapshot(in_review).digest
    section = Section.objects.get(document=in_review, slug="summary")

    with transaction.atomic():
        save_section(section, version=1, text="a late word", by=people.owner)
        rival = Rival(
            lambda: make_transition(
                in_review, to=State.APPROVED, by=people.manager, digest=on_the_screen
            )
        )
        assert rival.is_held_up()

    with pytest.raises(TextChanged):
        rival.finish()
    in_review.refresh_from_db()
    assert in_review.state == "in_review"


def test_an_approval_waits_for_a_new_title_in_flight_and_then_sees_that_the_text_changed(
    in_review: Document, people: People
) -> None:
    on_the_screen = take_snapshot(in_review).digest

    with transaction.atomic():
        values = facts(in_review) | {"title": "Nobody could upload at all"}
        save_facts(in_review, version=1, values=values, by=people.owner)
        rival = Rival(
            lambda: make_transition(
                in_review, to=State.APPROVED, by=people.manager, digest=on_the_screen
            )
        )
        assert rival.is_held_up()

    with pytest.raises(TextChanged):
        rival.finish()
    in_review.refresh_from_db()
    assert in_review.state == "in_review"


def test_whoever_waited_for_the_whole_reads_the_incident_as_it_was_written_meanwhile(
    document: Document, people: People
) -> None:
    def read_title() -> str:
        with transaction.atomic():
            return lock_whole(document).incident.title

    with transaction.atomic():
        values = facts(document) | {"title": "The new title"}
        save_facts(document, version=1, values=values, by=people.owner)
        rival = Rival(read_title)
        assert rival.is_held_up()

    assert rival.finish() == "The new title"


def test_two_writers_hold_the_same_document_side_by_side(
    document: Document, people: People
) -> None:
    def write() -> str:
        with transaction.atomic():
            lock_for_content(document)
            return "beside"

    with transaction.atomic():
        lock_for_content(document)
        rival = Rival(write)
        assert not rival.is_held_up()

    assert rival.finish() == "beside"


def test_two_people_who_write_in_two_sections_do_not_wait_for_each_other(
    document: Document, people: People
) -> None:
    summary = Section.objects.get(document=document, slug="summary")
    impact = Section.objects.get(document=document, slug="impact")

    with transaction.atomic():
        save_section(summary, version=1, text="mine", by=people.owner)
        rival = Rival(lambda: save_section(impact, version=1, text="theirs", by=people.contributor))
        assert not rival.is_held_up()

    rival.finish()
    stored = Section.objects.filter(document=document).order_by("slug").values_list("slug", "text")
    assert list(stored) == [("impact", "theirs"), ("metrics", ""), ("summary", "mine")]


def test_two_who_judge_the_whole_wait_for_each_other(document: Document, people: People) -> None:
    def judge() -> None:
        make_transition(document, to=State.IN_REVIEW, by=people.contributor)

    make_submittable(document)
    with transaction.atomic():
        make_transition(document, to=State.IN_REVIEW, by=people.owner)
        rival = Rival(judge)
        assert rival.is_held_up()

    with pytest.raises(Exception, match="is now “In review”"):
        rival.finish()


def test_nobody_waits_for_another_document(document: Document, people: People) -> None:
    other = make_document(people.stranger)

    def judge() -> str:
        with transaction.atomic():
            return lock_whole(other).reference

    with transaction.atomic():
        lock_whole(document)
        rival = Rival(judge)
        assert not rival.is_held_up()

    assert rival.finish() == other.reference
