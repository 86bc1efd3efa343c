"""That a correction did not hold is said of its COE wherever that is listed, until it held."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.urls import reverse

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseState
from coe.clocks.standings import standing_of, standings_of
from coe.documents.models import Document
from coe.documents.readers import name_reader
from coe.promises.holding import today_of
from coe.promises.services import move_promise
from tests.chronicle.pages import words
from tests.editor.writer import signed_in
from tests.people import People
from tests.promises.promising import SHOWN, fresh, in_state
from tests.reviews.steps import propose, publish_draft

pytestmark = pytest.mark.django_db

MARK = "An action item did not hold"
"""Also what the list calls the filter for it."""


@pytest.fixture
def promise(document: Document, people: People) -> Promise:
    propose(document, "Alarm at 80 % full", by=people.owner, owner_id=people.contributor.pk)
    propose(document, "Delete old logs daily", by=people.owner)
    publish_draft(document, people)
    return fresh(Promise.objects.get(title="Alarm at 80 % full"))


def page(user: User, route: str, *key: object, **query: str) -> str:
    answer = signed_in(user).get(reverse(route, args=key), query)
    assert answer.status_code == 200
    return words(HttpResponse(answer.content))


def where_it_is_marked(user: User, document: Document) -> set[str]:
    """Of the places that tell of the COE those that say that a correction of it did not hold."""
    team = document.incident.team_id
    found: dict[str, Callable[[], bool]] = {
        "page": lambda: (
            "An action item of this COE did not hold." in page(user, "coe_read", document.reference)
        ),
        "list": lambda: page(user, "coe_list", q=document.reference).count(MARK) == 2,
        "filter": lambda: document.reference in page(user, "coe_list", state="did_not_hold"),
        "team": lambda: "Alarm at 80 % full" in page(user, "team_clock", team),
        "teams": lambda: any(
            each.tally.failed == 1 for each in standings_of(user) if each.team.pk == team
        ),
    }
    return {place for place, is_marked in found.items() if is_marked()}


def test_it_is_marked_until_somebody_shows_that_it_holds(
    promise: Promise, document: Document, people: People
) -> None:
    everywhere = {"page", "list", "filter", "team", "teams"}
    steps = [
        (PromiseState.DID_NOT_HOLD, people.stranger, everywhere),
        (PromiseState.IN_PROGRESS, people.contributor, everywhere),
        (PromiseState.DONE, people.contributor, everywhere),
        (PromiseState.VERIFIED, people.manager, set()),
    ]
    in_state(promise, "verified", finisher=people.contributor)
    assert where_it_is_marked(people.leader, document) == set()
    for state, by, places in steps:
        if state == PromiseState.VERIFIED:
            yesterday = today_of(promise) - timedelta(days=1)
            Promise.objects.filter(pk=promise.pk).update(verify_from=yesterday)
        move_promise(fresh(promise), to=state, by=by, note="So it is.", evidence=SHOWN)
        assert where_it_is_marked(people.leader, document) == places, state


def test_of_a_restricted_coe_only_its_readers_learn_it(
    promise: Promise, document: Document, people: People
) -> None:
    in_state(promise, "did_not_hold", finisher=people.contributor)
    Document.objects.filter(pk=document.pk).update(is_restricted=True)
    team = document.incident.team_id
    for user, failed in ((people.leader, 0), (people.colleague, 0), (people.owner, 1)):
        standing = standing_of(user, team)
        assert standing is not None
        assert (standing.tally.failed, len(standing.failed)) == (failed, failed)
    assert document.reference not in page(people.leader, "coe_list", state="did_not_hold")
    name_reader(document, person=people.leader, by=people.owner)
    standing = standing_of(people.leader, team)
    assert standing is not None
    assert standing.tally.failed == 1


def test_two_corrections_of_one_coe_are_one_coe_in_the_count(
    promise: Promise, document: Document, people: People
) -> None:
    for each in Promise.objects.all():
        in_state(each, "did_not_hold", finisher=people.contributor)
    standing = standing_of(people.leader, document.incident.team_id)
    assert standing is not None
    assert (standing.tally.failed, len(standing.failed)) == (1, 2)
    shown = page(people.leader, "coe_read", document.reference)
    assert "2 action items of this COE did not hold." in shown
