"""Two people at once, on connections of their own. Nobody approves what they did not read."""

from threading import Barrier

import pytest

from coe.accounts.models import User
from coe.documents.locks import ReadOnly
from coe.documents.models import Document, State
from coe.publishing.models import Publication
from coe.publishing.services import publish
from coe.reviews.models import SignOff
from coe.reviews.workflow import TextChanged, make_transition
from coe.web.errors import StaleAnswer
from tests.documents.rivals import Rival
from tests.people import People, make_person
from tests.reviews.racing import held_back, overtaken
from tests.reviews.steps import (
    bring_to,
    digest_on_screen,
    fresh,
    submit,
    without_managers,
    write,
)
from tests.reviews.test_digest import EVERY_EDIT, Edit, edit_team, name_of

pytestmark = pytest.mark.django_db(transaction=True)

EDITS_OF_TEXT = [edit for edit in EVERY_EDIT if edit is not edit_team]
"""Moving the COE to another team changes who approves it too, which another test asks."""


def approval(document: Document, *, by: User, digest: str) -> None:
    make_transition(document, to=State.APPROVED, by=by, digest=digest)


def test_of_two_approvals_at_once_one_counts_and_the_other_is_told(
    document: Document, people: People
) -> None:
    without_managers()
    leaders = [people.leader, make_person("chief", is_leader=True)]
    submit(document, by=people.owner)
    digest, start = digest_on_screen(document), Barrier(2)

    def decide(leader: User) -> None:
        start.wait()
        approval(document, by=leader, digest=digest)

    with held_back(document):
        racers = [Rival(lambda leader=leader: decide(leader)) for leader in leaders]  # type: ignore[misc]
        assert all(racer.is_held_up() for racer in racers)
    for racer in racers:
        racer.wait()

    won = [leader for leader, racer in zip(leaders, racers, strict=True) if racer.error is None]
    lost = [racer.error for racer in racers if racer.error is not None]
    assert [each.user for each in SignOff.objects.filter(document=document)] == won
    assert len(won) == 1
    (error,) = lost
    assert isinstance(error, StaleAnswer)
    assert error.reason == "This COE is now “Approved”, so that is no longer possible."
    assert fresh(document).state == State.APPROVED


def test_of_an_approval_and_a_request_for_changes_at_once_only_one_counts(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    digest = digest_on_screen(document)
    with held_back(document):
        racers = [
            Rival(
                lambda to=to: make_transition(document, to=to, by=people.manager, digest=digest)  # type: ignore[misc]
            )
            for to in (State.APPROVED, State.CHANGES_REQUESTED)
        ]
        assert all(racer.is_held_up() for racer in racers)
    for racer in racers:
        racer.wait()
    assert sorted(type(racer.error).__name__ for racer in racers) == ["NoneType", "StaleAnswer"]
    (signed,) = SignOff.objects.filter(document=document)
    assert fresh(document).state == signed.verdict


def test_taking_it_back_beats_an_approval_that_comes_later(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    digest = digest_on_screen(document)
    late = overtaken(
        first=lambda: make_transition(document, to=State.DRAFT, by=people.owner),
        then=lambda: approval(document, by=people.manager, digest=digest),
    )
    assert isinstance(late.error, StaleAnswer)
    assert (fresh(document).state, SignOff.objects.count()) == (State.DRAFT, 0)


@pytest.mark.parametrize("edit", EDITS_OF_TEXT, ids=name_of)
def test_an_approval_that_waited_for_an_edit_is_refused(
    edit: Edit, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    on_screen = digest_on_screen(document)
    approver = overtaken(
        first=lambda: edit(fresh(document), people),
        then=lambda: approval(document, by=people.manager, digest=on_screen),
    )
    assert isinstance(approver.error, TextChanged)
    assert (fresh(document).state, SignOff.objects.count()) == (State.IN_REVIEW, 0)


def test_an_approval_that_waited_for_a_move_to_another_team_is_refused(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    on_screen = digest_on_screen(document)
    approver = overtaken(
        first=lambda: edit_team(fresh(document), people),
        then=lambda: approval(document, by=people.manager, digest=on_screen),
    )
    assert approver.error is not None, "the manager of Platform approved what Payments owns"
    assert (fresh(document).state, SignOff.objects.count()) == (State.IN_REVIEW, 0)


@pytest.mark.parametrize("edit", EVERY_EDIT, ids=name_of)
def test_an_edit_that_waited_for_an_approval_is_refused(
    edit: Edit, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    on_screen = digest_on_screen(document)
    editor = overtaken(
        first=lambda: approval(document, by=people.manager, digest=on_screen),
        then=lambda: edit(fresh(document), people),
    )
    assert isinstance(editor.error, ReadOnly)
    assert fresh(document).state == State.APPROVED
    assert digest_on_screen(document) == on_screen


def test_whoever_wins_a_free_race_the_approved_text_is_the_text_that_was_read(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    for turn in range(3):
        digest, start = digest_on_screen(document), Barrier(2)

        def edit(turn: int = turn, start: Barrier = start) -> None:
            start.wait()
            write(document, f"One customer in {turn + 2}.", by=people.owner)

        def decide(digest: str = digest, start: Barrier = start) -> None:
            start.wait()
            approval(document, by=people.manager, digest=digest)

        editor, approver = Rival(edit), Rival(decide)
        editor.wait()
        approver.wait()
        if approver.error is None:
            assert isinstance(editor.error, ReadOnly)
            (signed,) = SignOff.objects.filter(document=document, dropped_at=None)
            assert digest == signed.snapshot.digest == digest_on_screen(document)
            make_transition(document, to=State.DRAFT, by=people.owner)
            submit(document, by=people.owner)
        else:
            assert isinstance(approver.error, TextChanged)
            assert editor.error is None
            assert digest_on_screen(document) != digest


def test_published_twice_at_once_is_published_once(document: Document, people: People) -> None:
    bring_to(document, State.APPROVED, people)
    with held_back(document):
        racers = [
            Rival(lambda by=by: publish(document, by=by))  # type: ignore[misc]
            for by in (people.owner, people.manager)
        ]
        assert all(racer.is_held_up() for racer in racers)
    for racer in racers:
        racer.wait()
    assert sorted(type(racer.error).__name__ for racer in racers) == ["NoneType", "StaleAnswer"]
    assert [each.version for each in Publication.objects.all()] == [1]
