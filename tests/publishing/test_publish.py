"""Publishing: immutable versions of exactly what was signed."""

import pytest
from django.core.exceptions import PermissionDenied

from coe.accounts.models import User
from coe.documents.models import Document, State
from coe.documents.services import hand_over_documents
from coe.history.models import Action, HistoryEvent
from coe.incidents.models import Severity
from coe.publishing.models import Publication
from coe.publishing.services import may_publish, publish
from coe.reviews.models import SignOff
from coe.snapshots.serialise import digest_of, from_bytes
from coe.web.errors import StaleAnswer
from tests.people import People
from tests.reviews.steps import (
    approve,
    bring_to,
    digest_on_screen,
    fresh,
    publish_draft,
    reopen,
    state_facts,
    submit,
    write,
)

OTHERS = ("contributor", "colleague", "director", "leader", "stranger", "admin")


def correct(document: Document, people: People, text: str) -> Publication:
    """Publish `text` as a correction of what is out."""
    reopen(document, by=people.owner)
    write(document, text, by=people.contributor)
    return publish_draft(document, people)


def stored(document: Document) -> list[bytes]:
    """The bytes of all versions, the first one first."""
    publications = document.publications.order_by("version").select_related("snapshot")
    return [bytes(each.snapshot.content) for each in publications]


def test_the_first_version_is_what_was_signed(document: Document, people: People) -> None:
    write(document, "One customer in ten.", by=people.owner)
    bring_to(document, State.APPROVED, people)
    publication = publish(document, by=people.owner)
    (signed,) = SignOff.objects.filter(document=document)
    assert (publication.version, publication.state) == (1, "current")
    assert publication.title == "Uploads failed for one customer in ten"
    assert publication.severity == Severity.TWO
    assert publication.published_by == people.owner
    assert publication.snapshot == signed.snapshot
    assert fresh(document).current_version == 1
    assert fresh(document).state == State.APPROVED


def test_the_digest_of_the_stored_bytes_is_that_of_the_signature(
    document: Document, people: People
) -> None:
    write(document, "Ünïcode, “quotes” and a line\nbreak.", by=people.owner)
    submit(document, by=people.owner)
    on_screen = digest_on_screen(document)
    approve(document, by=people.manager)
    publish(document, by=people.owner)
    publication = Publication.objects.get(document=document)
    (signature,) = publication.envelope["signatures"]
    content = bytes(publication.snapshot.content)
    assert digest_of(content) == publication.snapshot.digest == signature["digest"] == on_screen
    assert from_bytes(content).section("summary") == "Ünïcode, “quotes” and a line\nbreak."


def test_the_envelope_carries_who_signed_as_they_were_then(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    approve(document, by=people.manager, note="Clear and honest.")
    publish(document, by=people.owner)
    User.objects.filter(pk=people.manager.pk).update(name="Renamed")
    envelope = Publication.objects.get(document=document).envelope
    (signed,) = SignOff.objects.filter(document=document)
    assert envelope["reference"] == document.reference
    assert envelope["state"] == "approved"
    (signature,) = envelope["signatures"]
    assert signature["person"] == {"name": "Manager", "role": "Platform"}
    assert signature["note"] == "Clear and honest."
    assert signature["digest"] == signed.snapshot.digest


def test_a_correction_is_version_two_and_the_first_is_superseded_byte_for_byte(
    document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    publish_draft(document, people)
    (first,) = stored(document)
    second = correct(document, people, "One in nine.")
    assert second.version == fresh(document).current_version == 2
    states = list(document.publications.order_by("version").values_list("version", "state"))
    assert states == [(1, "superseded"), (2, "current")]
    assert stored(document)[0] == first
    texts = [from_bytes(each).section("summary") for each in stored(document)]
    assert texts == ["One in ten.", "One in nine."]


def test_a_version_carries_only_the_approval_of_its_own_text(
    document: Document, people: People
) -> None:
    publish_draft(document, people)
    correct(document, people, "One in nine.")
    for publication in document.publications.all():
        (signature,) = publication.envelope["signatures"]
        assert signature["digest"] == publication.snapshot.digest


def test_going_back_to_an_earlier_text_is_a_new_version(document: Document, people: People) -> None:
    write(document, "One in ten.", by=people.owner)
    publish_draft(document, people)
    correct(document, people, "One in nine.")
    third = correct(document, people, "One in ten.")
    assert third.version == 3
    first, _, last = stored(document)
    assert first == last


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW, State.CHANGES_REQUESTED])
def test_what_is_not_approved_is_not_published(
    state: State, document: Document, people: People
) -> None:
    bring_to(document, state, people)
    for by in (people.owner, people.manager):
        with pytest.raises(StaleAnswer, match="not approved any more"):
            publish(document, by=by)
        assert not may_publish(by, fresh(document))
    assert not Publication.objects.exists()
    assert fresh(document).current_version is None


def test_the_same_text_is_not_published_twice(document: Document, people: People) -> None:
    publish_draft(document, people)
    with pytest.raises(StaleAnswer, match="published already"):
        publish(document, by=people.owner)
    reopen(document, by=people.owner)
    bring_to(document, State.APPROVED, people)  # nothing was edited meanwhile
    with pytest.raises(StaleAnswer, match="published already"):
        publish(document, by=people.owner)
    assert not may_publish(people.owner, fresh(document))
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("state", State)
def test_nobody_publishes_but_the_owner_and_the_approver(
    state: State, document: Document, people: People
) -> None:
    bring_to(document, state, people)
    events = HistoryEvent.objects.count()
    for person in OTHERS:
        assert not may_publish(getattr(people, person), fresh(document)), person
        with pytest.raises(PermissionDenied):
            publish(document, by=getattr(people, person))
    assert HistoryEvent.objects.count() == events
    assert not Publication.objects.exists()


def test_the_approver_may_publish_too(document: Document, people: People) -> None:
    bring_to(document, State.APPROVED, people)
    assert may_publish(people.manager, fresh(document))
    assert publish(document, by=people.manager).published_by == people.manager


def test_publishing_is_recorded_with_its_version_and_digest(
    document: Document, people: People
) -> None:
    publish_draft(document, people)
    event = HistoryEvent.objects.get(document=document, action=Action.PUBLISHED)
    assert (event.actor, event.subject_key, event.version) == (
        people.owner,
        document.reference,
        1,
    )
    assert event.text.content == {"before": {}, "after": {"digest": digest_on_screen(document)}}


def test_the_title_of_a_version_is_its_own(document: Document, people: People) -> None:
    publish_draft(document, people)
    reopen(document, by=people.owner)
    state_facts(document, title="Uploads failed for one in nine", severity=1, by=people.owner)
    publish_draft(document, people)
    titles = document.publications.order_by("version").values_list("title", "severity")
    assert list(titles) == [
        ("Uploads failed for one customer in ten", 2),
        ("Uploads failed for one in nine", 1),
    ]


def test_a_person_renamed_after_the_approval_does_not_hold_up_what_was_signed(
    document: Document, people: People
) -> None:
    bring_to(document, State.APPROVED, people)
    signed = SignOff.objects.get(document=document).snapshot
    User.objects.filter(pk=people.owner.pk).update(name="Olive Owner")
    publication = publish(document, by=people.owner)
    assert publication.snapshot == signed
    assert from_bytes(bytes(publication.snapshot.content)).owner.name == "Owner"


def test_an_approved_coe_that_is_handed_over_is_published_by_its_new_owner_as_signed(
    document: Document, people: People
) -> None:
    bring_to(document, State.APPROVED, people)
    signed = SignOff.objects.get(document=document).snapshot
    hand_over_documents(of=people.owner, to=people.colleague, by=people.admin)
    assert publish(document, by=people.colleague).snapshot == signed
