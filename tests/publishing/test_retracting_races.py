"""Retracting while somebody publishes, approves or reopens, on connections of their own."""

import pytest

from coe.actions.models import Promise
from coe.actions.services import hand_over_promises
from coe.documents.models import Document, State
from coe.publishing.models import Publication
from coe.publishing.retracting import retract
from coe.publishing.services import publish
from coe.reviews.workflow import make_transition
from coe.web.errors import StaleAnswer
from tests.documents.rivals import Rival
from tests.people import People
from tests.reviews.racing import held_back, overtaken
from tests.reviews.steps import (
    bring_to,
    digest_on_screen,
    fresh,
    propose,
    publish_draft,
    reopen,
    submit,
    write,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def corrected(document: Document, people: People) -> Document:
    """Published, and an approved correction waits."""
    write(document, "One in ten.", by=people.owner)
    publish_draft(document, people)
    reopen(document, by=people.owner)
    write(document, "One in nine.", by=people.owner)
    bring_to(document, State.APPROVED, people)
    return fresh(document)


def take_back(document: Document, people: People) -> None:
    retract(document, version=1, reason="It names a customer.", by=people.leader)


def states(document: Document) -> list[str]:
    return list(document.publications.order_by("version").values_list("state", flat=True))


def test_handing_over_what_was_promised_waits_for_a_retraction_and_not_the_other_way_round(
    document: Document, people: People
) -> None:
    propose(document, "Alarm at 80 % full", by=people.owner, owner_id=people.colleague.pk)
    publish_draft(document, people)
    with held_back(document):
        late = Rival(
            lambda: hand_over_promises(of=people.colleague, to=people.owner, by=people.admin)
        )
        assert late.is_held_up()
        take_back(document, people)
    late.wait()
    assert late.error is None
    assert not Promise.objects.open().exists()


def test_publishing_that_waited_for_a_retraction_puts_nothing_in_its_place(
    corrected: Document, people: People
) -> None:
    late = overtaken(
        first=lambda: take_back(corrected, people),
        then=lambda: publish(corrected, by=people.owner, digest=digest_on_screen(corrected)),
    )
    assert isinstance(late.error, StaleAnswer)
    assert "retracted after it was approved" in late.error.reason
    assert states(corrected) == [Publication.State.RETRACTED]


def test_a_retraction_that_waited_for_a_new_version_retracts_nothing(
    corrected: Document, people: People
) -> None:
    late = overtaken(
        first=lambda: publish(corrected, by=people.owner),
        then=lambda: take_back(corrected, people),
    )
    assert isinstance(late.error, StaleAnswer)
    assert "Version 2 was published meanwhile" in late.error.reason
    assert states(corrected) == [Publication.State.SUPERSEDED, Publication.State.CURRENT]


def test_an_approval_that_waited_for_a_retraction_was_given_after_it(
    document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    publish_draft(document, people)
    reopen(document, by=people.owner)
    submit(document, by=people.owner)
    digest = digest_on_screen(document)
    late = overtaken(
        first=lambda: take_back(document, people),
        then=lambda: make_transition(document, to=State.APPROVED, by=people.manager, digest=digest),
    )
    assert late.error is None
    assert publish(document, by=people.owner).version == 2


def test_retracted_twice_at_once_is_retracted_once(corrected: Document, people: People) -> None:
    with held_back(corrected):
        racers = [
            Rival(
                lambda by=by: retract(corrected, version=1, reason="It is wrong.", by=by)  # type: ignore[misc]
            )
            for by in (people.owner, people.leader)
        ]
        assert all(racer.is_held_up() for racer in racers)
    for racer in racers:
        racer.wait()
    assert sorted(type(racer.error).__name__ for racer in racers) == ["NoneType", "StaleAnswer"]
    assert corrected.retractions.count() == 1
