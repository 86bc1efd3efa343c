"""Reviewers sign what they read; the approver's signature comes last; an edit drops them."""

import pytest
from django.test import Client

from coe.accounts.models import Team
from coe.documents.models import Document, Participant, State
from coe.documents.services import add_participant
from coe.guidance.services import waive_finding
from coe.history.models import Action, HistoryEvent
from coe.jobs.models import Job
from coe.jobs.services import run_waiting_jobs
from coe.notices.models import Kind, Notice
from coe.policies.rules import Level
from coe.reviews.models import SignOff
from coe.reviews.reviewers import excuse_reviewer
from coe.reviews.rounds import standing_in_review
from coe.reviews.signing import drop_overtaken_signatures, sign_text
from coe.reviews.workflow import (
    AnswersChanged,
    TextChanged,
    Withheld,
    make_transition,
    standing_sign_offs,
)
from coe.web.errors import StaleAnswer
from tests.documents.rivals import Rival
from tests.guidance.answering import found, weigh
from tests.library.pages import get, words
from tests.people import People
from tests.reviews.racing import held_back, overtaken
from tests.reviews.rounds import ask, require
from tests.reviews.steps import (
    approve,
    ask_for_changes,
    digest_on_screen,
    fresh,
    propose,
    reopen,
    settle,
    sign,
    submit,
    write,
)
from tests.reviews.test_digest import EVERY_EDIT, Edit, name_of

DISSENT = "I would have moved the replicas first."


@pytest.fixture
def in_review(document: Document, people: People) -> Document:
    write(document, "One customer in ten.", by=people.owner)
    submit(document, by=people.owner)
    return document


def signed(document: Document) -> list[str]:
    """Whose name stands under the text as it is now."""
    return [each.name for each in standing_in_review(document, digest_on_screen(document))]


def test_the_names_of_reviewers_stand_before_that_of_who_approved(
    in_review: Document, people: People
) -> None:
    first, second = (ask(in_review, name, by=people.owner) for name in ("first", "second"))
    sign(in_review, by=second, dissent=DISSENT)
    sign(in_review, by=first)
    assert not standing_sign_offs(in_review).exists()
    approve(in_review, by=people.manager)
    standing = standing_sign_offs(in_review)
    assert [(each.name, each.is_approval, each.dissent) for each in standing] == [
        ("Second", False, DISSENT),
        ("First", False, ""),
        ("Manager", True, ""),
    ]
    assert {each.snapshot.digest for each in standing} == {digest_on_screen(in_review)}
    assert {each.round.number for each in standing if each.round} == {1}


def test_the_approver_may_disagree_as_well(in_review: Document, people: People) -> None:
    digest = digest_on_screen(in_review)
    make_transition(in_review, to=State.APPROVED, by=people.manager, digest=digest, dissent=DISSENT)
    assert standing_sign_offs(in_review).get().dissent == DISSENT
    event = HistoryEvent.objects.get(action=Action.APPROVED)
    assert event.text.content is not None
    assert event.text.content["after"]["dissent"] == DISSENT


def test_only_the_text_on_the_screen_is_signed(in_review: Document, people: People) -> None:
    person = ask(in_review, "asked", by=people.owner)
    old = digest_on_screen(in_review)
    write(in_review, "One customer in nine.", by=people.contributor)
    with pytest.raises(TextChanged):
        sign_text(in_review, digest=old, by=person)
    assert not SignOff.objects.exists()


def test_only_beside_the_answers_on_the_screen(document: Document, people: People) -> None:
    weigh(document, COE125=Level.HINT)
    submit(document, by=people.owner)
    person = ask(document, "asked", by=people.owner)
    weigh(document, COE125=Level.REASON)
    key = found(document, "COE125").key
    waive_finding(document, key=key, reason="It is in the dashboard.", over="", by=people.owner)
    with pytest.raises(AnswersChanged):
        sign_text(document, digest=digest_on_screen(document), answers="", by=person)
    assert [each["reason"] for each in sign(document, by=person).waivers] == [
        "It is in the dashboard."
    ]


def test_the_same_text_is_signed_once(in_review: Document, people: People) -> None:
    person = ask(in_review, "asked", by=people.owner)
    sign(in_review, by=person)
    with pytest.raises(StaleAnswer, match="You have signed this text already"):
        sign(in_review, by=person)


@pytest.mark.parametrize("edit", EVERY_EDIT, ids=name_of)
def test_whatever_is_edited_drops_what_was_signed_and_tells_by_whom(
    edit: Edit, in_review: Document, people: People
) -> None:
    person = ask(in_review, "asked", by=people.owner)
    sign(in_review, by=person)
    assert signed(in_review) == ["Asked"]
    Job.objects.all().delete()
    edit(fresh(in_review), people)
    assert signed(in_review) == []  # at once, before any worker looks
    assert Job.objects.filter(kind="signatures_checked", key=str(in_review.pk)).count() == 1
    run_waiting_jobs()
    assert SignOff.objects.get().dropped_at is not None
    dropped = HistoryEvent.objects.get(action=Action.SIGNATURES_DROPPED)
    assert dropped.text.content is not None
    assert dropped.text.content["after"]["names"] == "Asked"
    assert dropped.actor in (people.owner, people.contributor)


def test_an_edit_that_is_undone_leaves_the_signature_where_it_was(
    in_review: Document, people: People
) -> None:
    person = ask(in_review, "asked", by=people.owner)
    sign(in_review, by=person)
    write(in_review, "One customer in nine.", by=people.owner)
    write(in_review, "One customer in ten.", by=people.owner)
    run_waiting_jobs()
    assert signed(in_review) == ["Asked"]


def test_what_changes_no_text_drops_nothing(in_review: Document, people: People) -> None:
    person = ask(in_review, "asked", by=people.owner)
    sign(in_review, by=person)
    role = Participant.Role.REVIEWER
    add_participant(in_review, user=people.stranger, role=role, by=people.owner)
    run_waiting_jobs()
    assert signed(in_review) == ["Asked"]


def test_edits_put_no_job_where_nobody_has_signed(in_review: Document, people: People) -> None:
    ask(in_review, "asked", by=people.owner)
    write(in_review, "One customer in nine.", by=people.owner)
    assert not Job.objects.filter(kind="signatures_checked").exists()


def test_whoever_signed_an_earlier_text_signs_again(in_review: Document, people: People) -> None:
    person = ask(in_review, "asked", by=people.owner)
    sign(in_review, by=person)
    write(in_review, "One customer in nine.", by=people.owner)
    sign(in_review, by=person)  # before any worker looked
    assert signed(in_review) == ["Asked"]
    assert drop_overtaken_signatures(in_review, by=people.owner) == []
    assert SignOff.objects.filter(dropped_at=None).count() == 1


def test_a_signature_under_an_earlier_text_does_not_stand_under_the_approved_one(
    in_review: Document, people: People
) -> None:
    sign(in_review, by=ask(in_review, "asked", by=people.owner))
    write(in_review, "One customer in nine.", by=people.owner)
    approve(in_review, by=people.manager)  # before any worker looked
    assert [each.name for each in standing_sign_offs(in_review)] == ["Manager"]


def test_a_signature_holds_for_one_round(in_review: Document, people: People) -> None:
    person = ask(in_review, "needed", by=people.owner)
    sign(in_review, by=person)
    ask_for_changes(in_review, by=people.manager)
    submit(in_review, by=people.owner)  # the same text
    require(in_review, person)
    assert signed(in_review) == []
    with pytest.raises(Withheld, match="Needed has not signed"):
        approve(in_review, by=people.manager)


def test_reopening_drops_every_name(in_review: Document, people: People) -> None:
    sign(in_review, by=ask(in_review, "asked", by=people.owner))
    approve(in_review, by=people.manager)
    reopen(in_review, by=people.owner)
    assert not SignOff.objects.filter(dropped_at=None).exists()
    told = Notice.objects.filter(kind=Kind.APPROVAL_DROPPED, by=people.owner)
    assert {each.person.name for each in told} == {"Asked", "Contributor", "Manager"}


# What the approval waits for.


def test_the_approval_waits_for_no_other_signature_of_who_gives_it(
    in_review: Document, people: People
) -> None:
    """The guide named somebody who has come to manage the team since."""
    needed = ask(in_review, "needed", by=people.owner)
    require(in_review, needed)
    Team.objects.filter(manager=people.manager).update(manager=needed)
    approve(in_review, by=needed)
    assert fresh(in_review).state == State.APPROVED


def test_the_approval_waits_for_all_that_is_in_the_way_and_says_each(
    in_review: Document, people: People
) -> None:
    needed, excused = (ask(in_review, name, by=people.owner) for name in ("needed", "excused"))
    for person in (needed, excused):
        require(in_review, person)
    propose(in_review, "Add an alarm", by=people.owner)
    weigh(in_review, COE125=Level.BLOCKS)
    with pytest.raises(Withheld) as caught:
        judge(in_review, people)
    assert caught.value.hindrances.others == [
        "1 action item is not decided.",
        "Needed has not signed this text.",
        "Excused has not signed this text.",
    ]
    assert [each.check for each in caught.value.findings] == ["COE125"]
    weigh(in_review, COE125=Level.HINT)
    settle(in_review)
    excuse_reviewer(in_review, person=excused, reason="Away.", by=people.manager)
    with pytest.raises(Withheld) as caught:
        judge(in_review, people)
    assert caught.value.messages == ["Needed has not signed this text."]
    assert fresh(in_review).state == State.IN_REVIEW
    sign(in_review, by=needed)
    judge(in_review, people)
    assert fresh(in_review).state == State.APPROVED


def judge(document: Document, people: People) -> None:
    digest = digest_on_screen(document)
    make_transition(document, to=State.APPROVED, by=people.manager, digest=digest)


def test_an_edit_after_the_required_signature_withholds_the_approval_again(
    in_review: Document, people: People
) -> None:
    person = ask(in_review, "needed", by=people.owner)
    require(in_review, person)
    sign(in_review, by=person)
    write(in_review, "One customer in nine.", by=people.owner)
    with pytest.raises(Withheld, match="Needed has not signed"):
        judge(in_review, people)


# By HTTP.


def test_signing_by_the_form_on_the_page_leads_to_the_room(
    in_review: Document, people: People, client: Client
) -> None:
    person = ask(in_review, "asked", by=people.owner)
    address = f"/coes/{in_review.reference}"
    page = get(client, person, f"{address}/draft/")
    assert "Your review" in words(page)
    assert "What the checks say" in words(page)
    sent = {"digest": digest_on_screen(in_review), "dissent": DISSENT}
    answer = client.post(f"{address}/review/sign/", sent)
    assert (answer.status_code, answer["Location"]) == (303, f"{address}/review/")
    assert f"Disagrees and commits: {DISSENT}" in words(client.get(f"{address}/review/"))
    assert "You have signed this text" in words(get(client, person, f"{address}/draft/"))


def test_a_stale_tab_signs_nothing_and_keeps_what_was_typed(
    in_review: Document, people: People, client: Client
) -> None:
    person = ask(in_review, "asked", by=people.owner)
    sent = {"digest": digest_on_screen(in_review), "note": "Line 3?", "dissent": DISSENT}
    write(in_review, "One customer in nine.", by=people.owner)
    client.force_login(person)
    answer = client.post(f"/coes/{in_review.reference}/review/sign/", sent)
    assert answer.status_code == 409
    assert f"Line 3? {DISSENT}" in words(answer)
    assert not SignOff.objects.exists()


def test_a_dissent_that_can_not_be_kept_gets_a_sentence(
    in_review: Document, people: People, client: Client
) -> None:
    client.force_login(ask(in_review, "asked", by=people.owner))
    sent = {"digest": digest_on_screen(in_review), "dissent": "x" * 10_001}
    answer = client.post(f"/coes/{in_review.reference}/review/sign/", sent)
    assert answer.status_code == 422
    assert "x" * 10_001 in answer.content.decode()
    assert not SignOff.objects.exists()


def test_what_is_withheld_is_told_with_the_way_on(
    in_review: Document, people: People, client: Client
) -> None:
    require(in_review, ask(in_review, "needed", by=people.owner))
    page = get(client, people.manager, f"/coes/{in_review.reference}/draft/")
    assert "It cannot be approved yet: Needed has not signed this text." in words(page)
    sent = {"digest": digest_on_screen(in_review)}
    answer = client.post(f"/coes/{in_review.reference}/approve/", sent)
    assert answer.status_code == 422
    assert "Needed has not signed this text." in words(answer)
    assert fresh(in_review).state == State.IN_REVIEW


# Two at once.


@pytest.mark.django_db(transaction=True)
def test_a_signature_that_waited_for_an_edit_is_refused(document: Document, people: People) -> None:
    submit(document, by=people.owner)
    person, digest = ask(document, "asked", by=people.owner), digest_on_screen(document)
    late = overtaken(
        first=lambda: write(document, "One customer in nine.", by=people.owner),
        then=lambda: sign_text(document, digest=digest, by=person),
    )
    assert isinstance(late.error, TextChanged)
    assert not SignOff.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_edit_that_waited_for_a_signature_has_it_looked_at(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    person, digest = ask(document, "asked", by=people.owner), digest_on_screen(document)
    late = overtaken(
        first=lambda: sign_text(document, digest=digest, by=person),
        then=lambda: write(document, "One customer in nine.", by=people.owner),
    )
    assert late.error is None
    run_waiting_jobs()
    assert SignOff.objects.get().dropped_at is not None


@pytest.mark.django_db(transaction=True)
def test_of_a_signature_and_the_approval_at_once_both_or_the_approval_alone_count(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    person, digest = ask(document, "asked", by=people.owner), digest_on_screen(document)
    with held_back(document):
        signer = Rival(lambda: sign_text(document, digest=digest, by=person))
        approver = Rival(
            lambda: make_transition(document, to=State.APPROVED, by=people.manager, digest=digest)
        )
        assert signer.is_held_up()
        assert approver.is_held_up()
    signer.wait()
    approver.wait()
    assert approver.error is None
    names = [each.name for each in standing_sign_offs(document)]
    if signer.error is None:
        assert names == ["Asked", "Manager"]
    else:
        assert isinstance(signer.error, StaleAnswer)
        assert names == ["Manager"]


@pytest.mark.django_db(transaction=True)
def test_one_person_in_two_tabs_signs_once(document: Document, people: People) -> None:
    submit(document, by=people.owner)
    person, digest = ask(document, "asked", by=people.owner), digest_on_screen(document)
    with held_back(document):
        tabs = [Rival(lambda: sign_text(document, digest=digest, by=person)) for _ in range(2)]
        assert all(tab.is_held_up() for tab in tabs)
    for tab in tabs:
        tab.wait()
    assert sorted(type(tab.error).__name__ for tab in tabs) == ["NoneType", "StaleAnswer"]
    assert SignOff.objects.count() == 1
