"""What an owner asked for while the promise, its owner and those who decide it change."""

from datetime import date, timedelta
from typing import Any

import pytest

from coe.accounts.models import Team
from coe.actions.models import Promise, PromiseRequest
from coe.actions.services import PromisedAction, keep_promises
from coe.documents.models import Document, Participant
from coe.notices.models import Kind, Notice
from coe.notices.services import tell
from coe.policies.models import GuideLimit
from coe.promises.dates import assign_promise
from coe.promises.holding import today_of
from coe.promises.requests import ask_for, ask_who_decides_now, decide_request, withdraw_request
from coe.promises.rules import deciders_of
from coe.web.errors import StaleAnswer
from tests.people import People
from tests.promises.promising import fresh, make_promise
from tests.promises.test_dates import due_in, move, outcome

pytestmark = pytest.mark.django_db

MOVE, WONT_DO = PromiseRequest.Kind.MOVE, PromiseRequest.Kind.WONT_DO


@pytest.fixture
def promise(document: Document, people: People) -> Promise:
    """Of the contributor, due in ten days, in a COE that the manager approves."""
    today = today_of(make_promise(document, people.contributor, "Another"))
    return make_promise(document, people.contributor, due_on=today + timedelta(days=10))


def ask(promise: Promise, kind: PromiseRequest.Kind) -> PromiseRequest:
    by = fresh(promise).owner
    assert by
    wanted = due_in(promise, 90) if kind == MOVE else None
    return ask_for(promise, kind=kind, reason="No part.", wanted=wanted, by=by)


def asked() -> list[str]:
    """Who is asked to decide something, and has not seen it."""
    waiting = Notice.objects.filter(kind=Kind.PROMISE_ASKED, seen_at=None).order_by("pk")
    return [each.person.name for each in waiting.select_related("person")]


def test_a_move_leaves_the_other_question_with_who_decides_it(
    promise: Promise, people: People
) -> None:
    ask(promise, WONT_DO)
    move(promise, 12, people.contributor)
    assert asked() == ["Manager"]
    later = ask(promise, MOVE)
    assert asked() == ["Manager", "Manager"]
    decide_request(later, is_granted=False, note="No.", by=people.manager)
    assert asked() == ["Manager"]


def test_what_is_taken_back_waits_for_nobody(promise: Promise, people: People) -> None:
    withdraw_request(ask(promise, MOVE), by=people.contributor)
    assert asked() == []
    ask(promise, MOVE)
    assert asked() == ["Manager"]


def test_a_version_that_promises_it_no_more_asks_nobody_about_it(
    promise: Promise, document: Document, people: People
) -> None:
    ask(promise, MOVE)
    ask(promise, WONT_DO)
    keep_promises(document, promised=[], by=people.owner)
    assert asked() == []


def test_who_decides_and_moves_it_has_answered_the_owner_who_asked_for_that(
    promise: Promise, people: People
) -> None:
    later, never = ask(promise, MOVE), ask(promise, WONT_DO)
    move(promise, 40, people.manager)
    for request in (later, never):
        request.refresh_from_db()
    assert (later.outcome, never.outcome) == ("lapsed", "")
    assert asked() == ["Manager"]


def test_a_correction_that_states_another_day_answers_it_as_well(
    promise: Promise, document: Document, people: People
) -> None:
    request = ask(promise, MOVE)
    names = ("uid", "title", "priority", "kind")
    said = PromisedAction(
        **{name: getattr(promise, name) for name in names}, due_on=date(2100, 3, 1)
    )
    keep_promises(document, promised=[said], by=people.owner)
    request.refresh_from_db()
    assert (request.outcome, asked()) == ("lapsed", [])


def test_a_day_that_has_passed_while_nobody_answered_is_not_granted(
    promise: Promise, people: People
) -> None:
    request = ask(promise, MOVE)
    for day in (due_in(promise, -1), fresh(promise).due_on):
        PromiseRequest.objects.filter(pk=request.pk).update(wanted=day)
        with pytest.raises(StaleAnswer):
            decide_request(request, is_granted=True, by=people.manager)
    assert fresh(promise).due_on == promise.due_on
    decide_request(request, is_granted=False, note="Ask anew.", by=people.manager)


def test_who_decides_it_after_a_hand_over_is_told_of_what_is_open(
    promise: Promise, people: People
) -> None:
    """The manager takes it over, so the director decides."""
    ask(promise, WONT_DO)
    assign_promise(promise, to=people.manager, reason="I do it.", by=people.manager)
    assert asked() == ["Manager", "Director"]
    assign_promise(fresh(promise), to=people.colleague, reason="You.", by=people.manager)
    assert asked() == ["Manager", "Director"], "nobody is told twice"


def test_who_manages_the_team_from_now_on_is_told_of_what_is_open(
    promise: Promise, people: People
) -> None:
    ask(promise, WONT_DO)
    Team.objects.filter(name="Storage").update(manager=people.colleague)
    ask_who_decides_now()
    ask_who_decides_now()
    assert asked() == ["Manager", "Colleague"]


def test_of_a_restricted_coe_the_nearest_decide_who_may_read_it(
    document: Document, people: People
) -> None:
    """The director would decide over the manager, and cannot open the page."""
    promise = make_promise(document, people.manager)
    role = Participant.Role.REVIEWER
    Document.objects.update(is_restricted=True)
    for person in (people.manager, people.leader):
        Participant.objects.create(document=document, user=person, role=role)
    assert deciders_of(fresh(promise)) == [people.leader]
    ask(promise, WONT_DO)
    assert asked() == ["Leader"]
    Participant.objects.filter(user=people.leader).delete()
    assert deciders_of(fresh(promise)) == [people.director], "whom to let in"


def test_nobody_moves_their_own_by_lending_it_to_somebody(
    document: Document, people: People
) -> None:
    """The manager owns it, so the director decides: also while somebody else holds it for them."""
    today = today_of(make_promise(document, people.owner, "Another"))
    promise = make_promise(document, people.manager, due_on=today + timedelta(days=10))
    assert outcome(lambda: move(promise, 60, people.manager)) == "asked due_on"
    lent = assign_promise(promise, to=people.contributor, reason="Yours.", by=people.manager)
    assert outcome(lambda: move(lent, 60, people.manager)) == "asked due_on"
    assert outcome(lambda: move(lent, 20, people.manager)) == "done"
    request = ask(lent, MOVE)
    decide_request(request, is_granted=True, by=people.manager)
    assert fresh(promise).due_on == due_in(promise, 90), "its owner asked for it"


def test_how_far_it_is_moved_follows_from_what_readers_have(
    promise: Promise, document: Document, people: People
) -> None:
    """Whoever owns it may be writing a correction, of whatever severity that is."""
    GuideLimit.objects.create(guide=document.guide, name="move_days", value=300, severity=4)
    document.incident.severity = 4
    document.incident.save(update_fields=["severity"])
    assert outcome(lambda: move(promise, 25, people.contributor)) == "asked due_on"
    Promise.objects.filter(pk=promise.pk).update(severity=4)
    assert outcome(lambda: move(promise, 25, people.contributor)) == "done"


def test_a_correction_that_moves_it_takes_back_that_it_is_late(
    promise: Promise, document: Document, people: People
) -> None:
    late: dict[str, Any] = {"people": [people.contributor], "document": document, "by": None}
    tell(Kind.PROMISE_LATE, anchor=str(promise.uid), **late)
    names = ("uid", "title", "priority", "kind")
    said = PromisedAction(
        **{name: getattr(promise, name) for name in names}, due_on=date(2100, 3, 1)
    )
    keep_promises(document, promised=[said], by=people.owner)
    assert not Notice.objects.filter(kind=Kind.PROMISE_LATE, seen_at=None).exists()
