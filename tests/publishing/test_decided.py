"""What was signed and decided is published: by whom, on which text, and what it promises."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from coe.accounts.models import User
from coe.actions.models import ActionItem, Promise
from coe.actions.services import hand_over_promises
from coe.documents.models import Document, Participant, State
from coe.documents.services import add_participant
from coe.exports.services import key_of
from coe.publishing.models import Publication
from coe.publishing.printables import printable, printable_working_copy
from coe.publishing.services import publish
from coe.reviews.decisions import decide_item
from coe.reviews.models import ItemDecision
from coe.reviews.proposals import Seen, proposal_digest, proposals_of
from tests.people import People, make_person
from tests.reviews.steps import (
    approve,
    ask_for_changes,
    fresh,
    propose,
    reopen,
    sign,
    submit,
    write,
)

pytestmark = pytest.mark.django_db

DUE = date(2027, 4, 1)
DISSENT = "It is too late for me."
Verdict = ItemDecision.Verdict


@pytest.fixture
def reviewers(document: Document, people: People) -> tuple[User, User]:
    """Asked by the owner, before it is submitted."""
    made = make_person("ines"), make_person("kwame")
    for each in made:
        add_participant(document, user=each, role=Participant.Role.REVIEWER, by=people.owner)
    return made


@pytest.fixture
def items(document: Document, people: People) -> list[ActionItem]:
    values = {"owner_id": people.colleague.pk, "due_on": DUE}
    titles = ("Alarm at 80 % full", "Delete old logs daily", "Train everybody")
    return [propose(document, each, by=people.owner, **values) for each in titles]


def decide(
    document: Document, item: ActionItem, verdict: Verdict, *, by: User, reason: str = ""
) -> None:
    now = proposals_of(document).get(pk=item.pk)
    values = {"due_on": DUE + timedelta(days=30)} if verdict == Verdict.CHANGED else None
    seen = Seen(version=now.version, digest=proposal_digest(now), over=None)
    decide_item(
        document, uid=item.uid, verdict=verdict, seen=seen, reason=reason, values=values, by=by
    )


@pytest.fixture
def published(
    document: Document,
    people: People,
    reviewers: tuple[User, User],
    items: list[ActionItem],
) -> Publication:
    write(document, "One in ten.", by=people.owner)
    submit(document, by=people.owner)
    decide(document, items[0], Verdict.ACCEPTED, by=people.manager)
    decide(document, items[1], Verdict.CHANGED, by=people.manager, reason="A month later.")
    decide(document, items[2], Verdict.REJECTED, by=people.manager, reason="It asks not to err.")
    sign(document, by=reviewers[0])
    sign(document, by=reviewers[1], dissent=DISSENT)
    approve(document, by=people.manager, note="Well done.")
    return publish(document, by=people.owner)


def test_a_version_keeps_who_signed_it_who_disagreed_and_who_approved(
    published: Publication, document: Document
) -> None:
    envelope = printable(fresh(document)).envelope
    told = [(each.person.name, each.is_approval, each.dissent) for each in envelope.signed]
    assert told == [("Manager", True, ""), ("Ines", False, ""), ("Kwame", False, DISSENT)]
    assert {each.digest for each in envelope.signatures} == {published.snapshot.digest}


def test_a_version_keeps_what_was_decided_and_promises_only_what_was_committed(
    published: Publication, document: Document, people: People, items: list[ActionItem]
) -> None:
    decisions = printable(fresh(document)).envelope.decisions
    told = [(each.uid, each.verdict, each.reason, each.owner, each.due_on) for each in decisions]
    changed = DUE + timedelta(days=30)
    assert told == [
        (items[0].uid, "accepted", "", "Colleague", DUE),
        (items[1].uid, "changed", "A month later.", "Colleague", changed),
        (items[2].uid, "rejected", "It asks not to err.", "", None),
    ]
    assert {each.name for each in decisions} == {"Manager"}
    promises = Promise.objects.open().order_by("due_on").values_list("uid", "due_on")
    assert list(promises) == [(items[0].uid, DUE), (items[1].uid, changed)]


def test_readers_get_it_on_the_page(published: Publication, people: People) -> None:
    client = Client()
    client.force_login(people.stranger)
    page = client.get(reverse("coe_read", args=[published.document.reference]))
    told = page.content.decode()
    assert "Disagreed and committed" in told
    assert DISSENT in told
    promised, _, rejected = told.partition("Proposed and rejected</h3>")
    assert "Train everybody" in rejected
    assert "It asks not to err." in rejected
    assert "Train everybody" not in promised


def test_later_progress_changes_promises_and_neither_the_text_nor_its_digest(
    published: Publication, document: Document, people: People
) -> None:
    """Handed over, late, dropped, its people called otherwise: what was signed stays as it was."""
    before = printable(fresh(document))
    key = key_of(before)
    hand_over_promises(of=people.colleague, to=people.stranger, by=people.admin)
    Promise.objects.filter(due_on=DUE).update(dropped_at=datetime.now(UTC))
    User.objects.update(name="Somebody")
    after = printable(fresh(document))
    assert [each.owner for each in after.promises] == ["Somebody"]
    assert after.promises != before.promises
    assert (after.digest, after.snapshot, after.envelope) == (
        before.digest,
        before.snapshot,
        before.envelope,
    )
    assert {each.digest for each in after.envelope.signatures} == {after.digest}
    assert key_of(after) != key


def test_a_correction_keeps_what_the_version_before_said(
    published: Publication, document: Document, people: People, items: list[ActionItem]
) -> None:
    first = published.envelope
    reopen(document, by=people.owner)
    write(document, "One in nine.", by=people.owner)
    assert printable_working_copy(fresh(document)).envelope.decisions == ()
    submit(document, by=people.owner)
    approve(document, by=people.manager)
    second = publish(document, by=people.owner)
    assert Publication.objects.get(version=1).envelope == first
    assert [each["is_approval"] for each in second.envelope["signatures"]] == [True]


@pytest.mark.parametrize("state", State)
def test_the_working_copy_tells_signatures_and_decisions_while_it_is_judged(
    state: State,
    document: Document,
    people: People,
    reviewers: tuple[User, User],
    items: list[ActionItem],
) -> None:
    if state != State.DRAFT:
        submit(document, by=people.owner)
        decide(document, items[0], Verdict.REJECTED, by=people.manager, reason="No.")
        sign(document, by=reviewers[0], dissent=DISSENT)
    if state == State.CHANGES_REQUESTED:
        ask_for_changes(document, by=people.manager)
    if state == State.APPROVED:
        approve(document, by=people.manager)
    envelope = printable_working_copy(fresh(document)).envelope
    signed = {each.person.name for each in envelope.signatures}
    rejected: set[UUID] = set(envelope.rejected)
    expected: dict[State, tuple[set[str], set[UUID]]] = {
        State.DRAFT: (set(), set()),
        State.IN_REVIEW: ({"Ines"}, {items[0].uid}),
        State.CHANGES_REQUESTED: (set(), set()),
        State.APPROVED: ({"Ines", "Manager"}, {items[0].uid}),
    }
    assert (signed, rejected) == expected[state]


def test_an_edit_in_review_takes_the_signatures_off_the_page(
    document: Document, people: People, reviewers: tuple[User, User]
) -> None:
    submit(document, by=people.owner)
    sign(document, by=reviewers[0])
    assert len(printable_working_copy(fresh(document)).envelope.signatures) == 1
    write(document, "One in nine.", by=people.owner)
    assert printable_working_copy(fresh(document)).envelope.signatures == ()
