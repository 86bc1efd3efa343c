"""What the page of a working copy says about its state, and where it lets people decide."""

import pytest
from django.test import Client

from coe.accounts.models import User
from coe.documents.models import Document, State
from coe.publishing.services import publish
from tests.library.pages import body, forms, get, words
from tests.people import People
from tests.reviews.steps import (
    bring_to,
    digest_on_screen,
    publish_draft,
    reopen,
    submit,
    without_managers,
)

SAID = {
    State.DRAFT: "Draft, not published. It is still being written: it may be wrong, and it may "
    "change.",
    State.IN_REVIEW: "In review, not published. It is Manager who decides. Until it is approved "
    "it may still change.",
    State.CHANGES_REQUESTED: "Changes requested, not published. It is being written again: it may "
    "be wrong, and it will change.",
    State.APPROVED: "Approved, not published. Manager approved exactly this text. It stays as it "
    "is unless its owner reopens it, and readers have it once it is published.",
}
HEADINGS = {
    (State.DRAFT, "owner"): "What happens next",
    (State.DRAFT, "manager"): "",
    (State.IN_REVIEW, "owner"): "What happens next",
    (State.IN_REVIEW, "manager"): "Your decision",
    (State.IN_REVIEW, "director"): "",
    (State.APPROVED, "owner"): "Ready to publish",
    (State.APPROVED, "manager"): "Ready to publish",
    (State.APPROVED, "contributor"): "",
}


def draft(client: Client, user: User, document: Document) -> str:
    return words(get(client, user, f"/coes/{document.reference}/draft/"))


@pytest.mark.parametrize("state", State)
def test_each_state_is_told_as_what_it_means_for_a_reader(
    state: State, document: Document, people: People, client: Client
) -> None:
    bring_to(document, state, people)
    page = draft(client, people.colleague, document)
    assert [each for each, said in SAID.items() if said in page] == [state]


def test_who_decides_alone_is_told_so(document: Document, people: People, client: Client) -> None:
    bring_to(document, State.IN_REVIEW, people)
    page = draft(client, people.manager, document)
    assert "In review, not published. You decide. Until it is approved it may still change." in page


def test_who_reads_a_correction_is_told_what_readers_have_meanwhile(
    document: Document, people: People, client: Client
) -> None:
    publish_draft(document, people)
    reopen(document, by=people.owner)
    page = draft(client, people.colleague, document)
    assert f"{SAID[State.DRAFT]} Meanwhile they have version 1." in page


def test_a_text_that_is_out_is_not_said_to_be_unpublished(
    document: Document, people: People, client: Client
) -> None:
    publish_draft(document, people)
    page = draft(client, people.owner, document)
    assert "Approved and published. This is the text that readers have, as version 1." in page
    assert "not published" not in page
    reopen(document, by=people.owner)
    bring_to(document, State.APPROVED, people)  # the same text once more
    assert "Approved and published." in draft(client, people.owner, document)


def test_where_nobody_is_left_to_decide_nobody_is_named(
    document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    without_managers()
    User.objects.update(is_leader=False)
    page = draft(client, people.colleague, document)
    assert "In review, not published. Until it is approved it may still change." in page


@pytest.mark.parametrize(("state", "name"), HEADINGS)
def test_whoever_can_do_something_now_finds_it_above_the_text(
    state: State, name: str, document: Document, people: People, client: Client
) -> None:
    bring_to(document, state, people)
    page = body(get(client, getattr(people, name), f"/coes/{document.reference}/"))
    heading = HEADINGS[state, name]
    assert ('id="decide"' in page) == bool(heading)
    above = page.split("<article")[0]
    assert f'<h2 id="decide-heading">{heading}</h2>' in above or not heading


def test_only_what_waits_for_a_decision_stays_in_sight(
    document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    address = f"/coes/{document.reference}/draft/"
    assert "decision--stays" in body(get(client, people.manager, address))
    assert "decision--stays" not in body(get(client, people.owner, address))


def test_approving_says_which_text_it_is_about(
    document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    address = f"/coes/{document.reference}"
    fingerprint = digest_on_screen(document)[:12]
    said = f"exactly the text that you read. Its fingerprint is {fingerprint} ;"
    page = get(client, people.manager, f"{address}/draft/")
    assert said in words(page)
    assert fingerprint in forms(page)[f"{address}/approve/"]
    assert f"The fingerprint of the text on this page is {fingerprint} ." in words(page)
    refused = client.post(
        f"{address}/approve/", {"digest": digest_on_screen(document), "note": "\x00"}
    )
    assert (refused.status_code, said in words(refused)) == (422, True)


def test_the_fingerprint_of_a_published_text_is_the_one_that_was_approved(
    document: Document, people: People, client: Client
) -> None:
    bring_to(document, State.APPROVED, people)
    fingerprint = digest_on_screen(document)[:12]
    publish(document, by=people.owner)
    page = words(get(client, people.stranger, f"/coes/{document.reference}/"))
    assert f"the text with the fingerprint {fingerprint} , this one." in page
    assert f"The fingerprint of the text on this page is {fingerprint} ." in page
