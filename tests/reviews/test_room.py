"""The review room: what is in the way first, who was asked and signed, the rounds before."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coe.accounts.models import User
from coe.documents.models import Document, State
from coe.policies.rules import Level
from coe.reviews.reviewers import ask_reviewer, excuse_reviewer
from tests.discussion.talk import ask as ask_about
from tests.discussion.talk import demand
from tests.guidance.answering import weigh
from tests.library.pages import body, get, words
from tests.people import People, make_person
from tests.reviews.rounds import ask, require
from tests.reviews.steps import (
    approve,
    ask_for_changes,
    bring_to,
    digest_on_screen,
    propose,
    reopen,
    settle,
    sign,
    submit,
    without_managers,
    write,
)


@pytest.fixture
def in_review(document: Document, people: People) -> Document:
    write(document, "One customer in ten.", by=people.owner)
    submit(document, by=people.owner)
    return document


def room(client: Client, user: User, document: Document) -> str:
    return words(get(client, user, f"/coes/{document.reference}/review/"))


def test_what_is_in_the_way_stands_first_with_the_way_there(
    in_review: Document, people: People, client: Client
) -> None:
    needed = ask(in_review, "needed", by=people.owner)
    require(in_review, needed)
    must = demand(in_review, "Say how many.", by=needed)
    item = propose(in_review, "Add an alarm", by=people.owner)
    weigh(in_review, COE125=Level.BLOCKS)
    page = body(get(client, people.owner, f"/coes/{in_review.reference}/review/"))
    first, _, _ = page.partition('id="people"')
    assert "4 things in the way of approving it" in first
    ways = re.findall(r'class="weighed__way"\s+href="([^"]*)"', first)
    finding, *others = ways
    assert finding.startswith(f"/coes/{in_review.reference}/draft/#finding-")
    assert others == [
        f"/coes/{in_review.reference}/review/threads/{must.uid}/",
        f"/coes/{in_review.reference}/review/actions/#item-{item.uid}",
        f"#asked-{needed.pk}",
    ]
    assert f'id="asked-{needed.pk}"' in page
    for way in (*ways[:3], f"/coes/{in_review.reference}/draft/"):
        assert client.get(way).status_code == 200


def test_once_nothing_is_in_the_way_it_says_who_can_approve_it(
    in_review: Document, people: People, client: Client
) -> None:
    page = room(client, people.owner, in_review)
    assert "Nothing is in the way of approving it Manager can approve it as it is now." in page
    assert "Read and decide" not in page
    assert "Read and decide" in room(client, people.manager, in_review)


def test_everybody_who_was_asked_is_told_with_what_they_signed(
    in_review: Document, people: People, client: Client
) -> None:
    signer, early, waiting, excused = (
        ask(in_review, name, by=people.owner) for name in ("signer", "early", "waiting", "excused")
    )
    for person in (waiting, excused):
        require(in_review, person)
    sign(in_review, by=early)
    write(in_review, "One customer in nine.", by=people.owner)
    sign(in_review, by=signer, dissent="I would wait.")
    excuse_reviewer(in_review, person=excused, reason="On leave.", by=people.manager)
    page = room(client, people.colleague, in_review)
    assert "Signer Disagrees and commits: I would wait. Signed" in page
    assert "Early Signed an earlier text" in page
    assert "Waiting Has to sign the guide asks for it" in page
    assert "Excused Manager does not wait for them: On leave. Excused" in page
    assert "Decides signs last" in page
    assert f"the fingerprint {digest_on_screen(in_review)[:12]}" in page


def test_rounds_before_tell_who_asked_for_what_and_what_came_of_it(
    in_review: Document, people: People, client: Client
) -> None:
    person = ask(in_review, "asked", by=people.owner)
    sign(in_review, by=person, dissent="Too early.")
    ask_for_changes(in_review, by=people.manager, note="Say how many.")
    submit(in_review, by=people.contributor)
    approve(in_review, by=people.manager, note="Clear.")
    reopen(in_review, by=people.owner)
    page = room(client, people.colleague, in_review)
    newest, _, oldest = page.partition("Round 1 ")
    assert "Round 2 Contributor submitted it on" in newest
    assert "Manager: Clear. Approved by Manager" in newest
    assert "Asked: Manager, Asked Manager: Say how many." in oldest
    assert "disagrees and commits: Too early." in oldest
    assert "Changes requested by Manager" in oldest


@pytest.mark.parametrize("state", State.values)
def test_the_room_says_where_the_review_stands(
    state: str, document: Document, people: People, client: Client
) -> None:
    bring_to(document, State(state), people)
    said = {
        "draft": "It was not submitted yet.",
        "in_review": "Round 1, opened by Owner on",
        "changes_requested": "Changes were requested.",
        "approved": "Approved. The text with the fingerprint",
    }
    page = room(client, people.colleague, document)
    assert [name for name, words_ in said.items() if words_ in page] == [state]


def test_whom_the_authors_asked_beforehand_is_told_before_it_is_submitted(
    document: Document, people: People, client: Client
) -> None:
    ask_reviewer(document, person=people.stranger, by=people.owner)
    page = room(client, people.colleague, document)
    assert "Who is asked when it is submitted" in page
    assert "Stranger Payments Asked by the authors" in page
    assert "Manager Platform Approves it" in page


def test_where_nobody_can_approve_it_the_room_says_so(
    in_review: Document, people: People, client: Client
) -> None:
    without_managers()
    User.objects.update(is_leader=False)
    assert "Nobody can approve it now" in room(client, people.owner, in_review)


def test_who_is_gone_is_not_waited_for_and_the_room_says_why(
    in_review: Document, people: People, client: Client
) -> None:
    person = ask(in_review, "gone", by=people.owner)
    require(in_review, person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    page = room(client, people.owner, in_review)
    assert "Gone Is not here any more" in page
    assert "Nothing is in the way" in page


def test_the_forms_of_the_room_ask_let_go_and_excuse(
    in_review: Document, people: People, client: Client
) -> None:
    address = f"/coes/{in_review.reference}/review"
    client.force_login(people.owner)
    answer = client.post(f"{address}/reviewers/", {"person": people.stranger.pk})
    assert answer["Location"] == f"{address}/#people"
    assert "Stranger was asked to review it." in words(client.get(f"{address}/"))
    client.post(f"{address}/reviewers/let-go/", {"person": people.stranger.pk})
    assert "Stranger is not asked any more." in words(client.get(f"{address}/"))
    needed = ask(in_review, "needed", by=people.owner)
    require(in_review, needed)
    client.force_login(people.manager)
    sent = {"person": needed.pk, "reason": "On leave."}
    client.post(f"{address}/reviewers/excuse/", sent)
    assert "The approval does not wait for Needed." in words(client.get(f"{address}/"))
    assert client.post(f"{address}/reviewers/excuse/", sent).status_code == 409


@pytest.mark.parametrize(
    ("route", "sent", "said"),
    [
        ("", {}, "Choose who shall review it."),
        ("", {"person": "x" * 40}, "not one of the available choices"),
        ("excuse/", {"reason": "On leave."}, "Choose whom you do not wait for."),
        ("excuse/", {"reason": "On leave.", "person": "0"}, "not one of the available choices"),
    ],
)
def test_what_is_missing_is_asked_for_and_what_was_typed_stays(
    route: str, sent: dict[str, str], said: str, in_review: Document, people: People, client: Client
) -> None:
    require(in_review, ask(in_review, "needed", by=people.owner))
    client.force_login(people.manager if route else people.owner)
    answer = client.post(f"/coes/{in_review.reference}/review/reviewers/{route}", sent)
    assert answer.status_code == 422
    assert said in words(answer)
    assert sent.get("reason", "") in words(answer)


def test_whom_the_approval_should_not_wait_for_stays_chosen_where_the_reason_is_missing(
    in_review: Document, people: People, client: Client
) -> None:
    needed = ask(in_review, "needed", by=people.owner)
    require(in_review, needed)
    client.force_login(people.manager)
    address = f"/coes/{in_review.reference}/review/reviewers/excuse/"
    answer = client.post(address, {"person": needed.pk, "reason": " "})
    assert answer.status_code == 422
    assert f'<option value="{needed.pk}" selected>' in answer.content.decode()


def test_a_form_of_an_old_page_changes_nothing_once_it_is_approved(
    in_review: Document, people: People, client: Client
) -> None:
    approve(in_review, by=people.manager)
    client.force_login(people.owner)
    sent = {"person": people.stranger.pk}
    address = f"/coes/{in_review.reference}/review/reviewers/"
    assert client.post(address, sent).status_code == 409


QUERIES = {"draft": 46, "review": 35}
"""Of a reviewer, by page."""


@pytest.mark.parametrize("many", [1, 7])
def test_the_pages_of_a_reviewer_take_as_many_queries_whatever_there_is(
    many: int, document: Document, people: People, client: Client
) -> None:
    for number in range(many):
        due = date(2030, 1, 1)
        propose(document, f"Item {number}", by=people.owner, due_on=due)
        submit(document, by=people.owner)
        ask_for_changes(document, by=people.manager)
    submit(document, by=people.owner)
    for number in range(many):
        person = ask(document, f"asked{number}", by=people.owner)
        require(document, ask(document, f"needed{number}", by=people.owner))
        ask_about(document, by=person)
        demand(document, by=person)
        if number % 2 == 0:
            sign(document, by=person)
    settle(document)
    reviewer = make_person("reviewer")
    ask_reviewer(document, person=reviewer, by=people.owner)
    client.force_login(reviewer)
    client.get("/")
    counted = {}
    for page in QUERIES:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/coes/{document.reference}/{page}/").status_code == 200
        counted[page] = len(asked)
    assert counted == QUERIES
