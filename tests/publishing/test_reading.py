"""What a reader gets while a correction is drafted, and what its writers get."""

import pytest
from django.http import Http404

from coe.documents.models import Document
from coe.publishing.models import Publication
from coe.publishing.printables import printable, printable_draft_for, printable_for
from coe.snapshots.printable import Printable
from tests.people import People
from tests.reviews.steps import (
    digest_on_screen,
    fresh,
    open_another,
    publish_draft,
    reopen,
    state_facts,
    submit,
    write,
)


@pytest.fixture
def corrected(document: Document, people: People) -> Document:
    """Published as “One in ten.”, and now a draft that says something else everywhere."""
    write(document, "One in ten.", by=people.owner)
    publish_draft(document, people)
    reopen(document, by=people.owner)
    write(document, "One in nine.", by=people.owner)
    state_facts(document, title="Draft title", severity=1, zone="Asia/Tokyo", by=people.owner)
    return fresh(document)


def said(text: Printable) -> tuple[str, int, str, str]:
    snapshot = text.snapshot
    return snapshot.title, snapshot.severity, snapshot.zone, snapshot.section("summary")


PUBLISHED = ("Uploads failed for one customer in ten", 2, "America/Los_Angeles", "One in ten.")
DRAFTED = ("Draft title", 1, "Asia/Tokyo", "One in nine.")


def test_everybody_reads_the_published_text_while_a_correction_is_drafted(
    corrected: Document, people: People
) -> None:
    for person in (people.owner, people.colleague, people.stranger, people.admin):
        text = printable_for(person, corrected.reference)
        assert text.is_published
        assert said(text) == PUBLISHED
        assert (text.envelope.version, text.envelope.state) == (1, "approved")
        assert [each.person.name for each in text.envelope.signatures] == ["Manager"]


def test_those_who_may_read_the_correction_find_it_apart(
    corrected: Document, people: People
) -> None:
    for person in (people.owner, people.contributor, people.colleague, people.manager):
        text = printable_draft_for(person, corrected.reference)
        assert not text.is_published
        assert said(text) == DRAFTED
        assert text.digest == digest_on_screen(corrected)
        assert text.envelope.signatures == (), "the approval was of the other text"
        assert text.promises == ()
    for person in (people.stranger, people.leader, people.admin):
        with pytest.raises(Http404):
            printable_draft_for(person, corrected.reference)


def test_the_version_is_dated_by_its_publication(corrected: Document) -> None:
    text = printable(corrected)
    assert text.envelope.published_at == Publication.objects.get().published_at


def test_before_the_first_version_only_those_who_may_read_the_draft_get_anything(
    document: Document, people: People
) -> None:
    assert not printable_for(people.owner, document.reference).is_published
    for person in (people.stranger, people.leader, people.admin):
        with pytest.raises(Http404):
            printable_for(person, document.reference)


def test_a_published_coe_that_is_restricted_is_for_those_who_take_part(people: People) -> None:
    document = open_another(people, "A customer's data was shown", is_restricted=True)
    publish_draft(document, people)
    for person in (people.owner, people.manager):  # the manager took part by approving
        assert printable_for(person, document.reference).is_published
    others = (people.contributor, people.colleague, people.director, people.leader)
    for person in (*others, people.stranger, people.admin):
        with pytest.raises(Http404):
            printable_for(person, document.reference)


def test_restricting_a_correction_closes_the_version_that_is_out(
    corrected: Document, people: People
) -> None:
    state_facts(corrected, is_restricted=True, by=people.owner)
    with pytest.raises(Http404):
        printable_for(people.stranger, corrected.reference)
    assert said(printable_for(people.contributor, corrected.reference)) == PUBLISHED


def test_a_working_copy_in_review_carries_no_signature_yet(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    text = printable_for(people.manager, document.reference)
    assert (text.envelope.state, text.envelope.version) == ("in_review", None)
    assert text.envelope.signatures == ()
