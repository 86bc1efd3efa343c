"""The head of a COE, its sections, who takes part in it and who takes it over."""

from typing import Any

import pytest

from coe.documents.models import Document, Participant, Section
from coe.documents.services import (
    add_participant,
    facts,
    hand_over_documents,
    save_facts,
    save_section,
)
from coe.incidents.models import Incident
from coe.web.versions import Conflict
from tests.documents.making import make_document
from tests.documents.rivals import at_once, kinds_of_errors
from tests.history.reading import latest, told
from tests.people import People

pytestmark = pytest.mark.django_db


def fresh(document: Document) -> Document:
    return Document.objects.get(pk=document.pk)


def section_of(document: Document, slug: str = "summary") -> Section:
    return Section.objects.get(document=document, slug=slug)


def test_a_section_is_written_over_the_version_that_was_read_and_told_once(
    document: Document, people: People
) -> None:
    since = latest(document)

    save_section(section_of(document), version=1, text="What happened.", by=people.contributor)

    stored = section_of(document)
    assert (stored.text, stored.version) == ("What happened.", 2)
    assert told(document, since=since) == [
        ("changed", "section", "summary", 2, {"text": ""}, {"text": "What happened."})
    ]


def test_a_section_written_as_it_is_counts_no_version_and_tells_nothing(
    document: Document, people: People
) -> None:
    since = latest(document)

    save_section(section_of(document), version=1, text="", by=people.owner)

    assert section_of(document).version == 1
    assert told(document, since=since) == []


def test_a_section_that_somebody_else_wrote_meanwhile_is_a_conflict(
    document: Document, people: People
) -> None:
    mine = section_of(document)
    save_section(section_of(document), version=1, text="theirs", by=people.contributor)
    since = latest(document)

    with pytest.raises(Conflict):
        save_section(mine, version=1, text="mine", by=people.owner)

    assert section_of(document).text == "theirs"
    assert told(document, since=since) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_one_section_at_once_one_wins_and_both_texts_can_be_told_apart(
    document: Document, people: People
) -> None:
    copies = [section_of(document), section_of(document)]
    since = latest(document)

    rivals = at_once(
        lambda: save_section(copies[0], version=1, text="left", by=people.owner),
        lambda: save_section(copies[1], version=1, text="right", by=people.contributor),
    )

    assert kinds_of_errors(rivals) == ["Conflict"]
    won = "left" if rivals[0].error is None else "right"
    assert section_of(document).text == won
    assert told(document, since=since) == [
        ("changed", "section", "summary", 2, {"text": ""}, {"text": won})
    ]


def changed_facts(document: Document, **more: Any) -> dict[str, Any]:
    return facts(document) | more


def test_facts_are_written_at_both_ends_and_only_what_changed_is_told(
    document: Document, people: People
) -> None:
    since = latest(document)
    values = changed_facts(document, severity=1, zone="UTC", is_restricted=True)

    save_facts(document, version=1, values=values, by=people.owner)

    stored = fresh(document)
    assert (stored.incident.severity, stored.incident.version) == (1, 2)
    assert (stored.zone, stored.is_restricted) == ("UTC", True)
    assert told(document, since=since) == [
        (
            "changed",
            "document",
            document.reference,
            2,
            {"severity": 2, "zone": "America/Los_Angeles", "is_restricted": False},
            {"severity": 1, "zone": "UTC", "is_restricted": True},
        )
    ]


def test_facts_written_as_they_are_count_no_version_and_tell_nothing(
    document: Document, people: People
) -> None:
    since = latest(document)

    save_facts(document, version=1, values=facts(document), by=people.owner)

    assert fresh(document).incident.version == 1
    assert told(document, since=since) == []


def test_facts_that_somebody_else_wrote_meanwhile_are_a_conflict_and_the_zone_stays_too(
    document: Document, people: People
) -> None:
    values = changed_facts(document, zone="UTC")
    theirs = changed_facts(document, title="Theirs")
    save_facts(document, version=1, values=theirs, by=people.contributor)
    since = latest(document)

    with pytest.raises(Conflict):
        save_facts(document, version=1, values=values, by=people.owner)

    assert fresh(document).zone == "America/Los_Angeles"
    assert Incident.objects.get().title == "Theirs"
    assert told(document, since=since) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_the_facts_at_once_exactly_one_wins(
    document: Document, people: People
) -> None:
    left, right = changed_facts(document, title="left"), changed_facts(document, title="right")
    since = latest(document)

    rivals = at_once(
        lambda: save_facts(document, version=1, values=left, by=people.owner),
        lambda: save_facts(document, version=1, values=right, by=people.contributor),
    )

    assert kinds_of_errors(rivals) == ["Conflict"]
    won = "left" if rivals[0].error is None else "right"
    assert Incident.objects.get().title == won
    assert [event.after for event in told(document, since=since)] == [{"title": won}]


def test_taking_part_twice_in_one_role_is_once_and_in_two_roles_is_both(
    document: Document, people: People
) -> None:
    since = latest(document)
    contributor, reviewer = Participant.Role.CONTRIBUTOR, Participant.Role.REVIEWER

    add_participant(document, user=people.leader, role=contributor, by=people.owner)
    add_participant(document, user=people.leader, role=contributor, by=people.owner)
    add_participant(document, user=people.leader, role=reviewer, by=people.owner)

    key = str(people.leader.pk)
    assert told(document, since=since) == [
        ("added", "participant", key, None, {}, {"role": "contributor"}),
        ("added", "participant", key, None, {}, {"role": "reviewer"}),
    ]


def test_handing_over_gives_every_coe_to_the_heir_and_tells_each(
    document: Document, people: People
) -> None:
    second = make_document(people.owner)
    untouched = make_document(people.stranger)
    since = max(latest(document), latest(second), latest(untouched))

    assert hand_over_documents(of=people.owner, to=people.colleague, by=people.admin) == 2

    assert fresh(document).owner == fresh(second).owner == people.colleague
    assert fresh(untouched).owner == people.stranger
    before, after = {"owner_id": people.owner.pk}, {"owner_id": people.colleague.pk}
    for given in (document, second):
        assert told(given, since=since) == [
            ("handed_over", "document", given.reference, None, before, after)
        ]
    assert told(untouched, since=since) == []
