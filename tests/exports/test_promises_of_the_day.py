"""What a COE promised is told as it stands on the day: on the page, on paper and in files."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseState
from coe.documents.models import Document
from coe.exports import services
from coe.exports.corrections import Commitment, promises_in_short
from coe.exports.jobs import print_coe
from coe.exports.models import RenderedPdf
from coe.exports.pdf import html_of
from coe.exports.rendering import Rendered
from coe.promises.dates import assign_promise, move_due
from coe.promises.holding import today_of
from coe.promises.services import Evidence, Upload, move_promise
from coe.publishing.printables import printable
from coe.snapshots.printable import DecisionValue, Printable, PromiseValue
from tests.chronicle.pages import words
from tests.editor.writer import signed_in
from tests.exports import lights, samples
from tests.exports.reading import words as words_of
from tests.people import People
from tests.promises.promising import SHOWN, fresh
from tests.reviews.steps import fresh as fresh_document
from tests.reviews.steps import propose, publish_draft

# In a sentence


def promised(*states: str, **first: Any) -> Printable:
    """With promises in these states; `first` is what else is so of the first of them."""
    values = [
        PromiseValue(samples.uid(900 + number), f"Promise {number}", "Ada", None, False, state)
        for number, state in enumerate(states)
    ]
    values[0] = replace(values[0], **first)
    return replace(samples.PUBLISHED, promises=tuple(values))


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        (promised("accepted", "in_progress"), "0 of 2 verified"),
        (promised("verified"), "1 of 1 verified"),
        (promised("verified", "done", "done"), "1 of 3 verified, 2 done and not verified yet"),
        (promised("in_progress", "verified", is_late=True), "1 of 2 verified, 1 late"),
        (
            promised("did_not_hold", "wont_do", is_late=True, has_failed=True),
            "0 of 2 verified, 1 did not hold, 1 not to be done",
        ),
        (promised("in_progress", has_failed=True), "0 of 1 verified, 1 did not hold"),
    ],
)
def test_how_far_it_is_stands_in_a_sentence(printed: Printable, sentence: str) -> None:
    assert promises_in_short(printed) == sentence


def test_what_did_not_hold_is_not_told_as_late_as_well() -> None:
    failed = promised("did_not_hold", "accepted", is_late=True, has_failed=True)
    first, _ = (Commitment(each, None) for each in failed.promises)
    assert (first.standing, first.state, first.remarks) == ("Did not hold", "Did not hold", ())
    late, _ = (
        Commitment(each, None) for each in promised("accepted", "done", is_late=True).promises
    )
    assert (late.standing, late.state, late.remarks) == ("Late", "Accepted", ("late",))


def test_what_was_rejected_is_counted_apart() -> None:
    printed = promised("verified")
    decision = DecisionValue(
        uid=samples.uid(905),
        verdict="rejected",
        reason="It costs too much.",
        name="Ada",
        role="",
        owner="",
        due_on=None,
        at=datetime(2017, 3, 1, tzinfo=UTC),
    )
    envelope = replace(printed.envelope, decisions=(decision,))
    said = promises_in_short(replace(printed, envelope=envelope))
    assert said == "1 of 1 verified, 1 proposed and rejected"


# From the services to every form


@pytest.fixture
def promise(document: Document, people: People) -> Promise:
    """Due in ten days; the contributor owns it, in a COE that is published."""
    today = today_of(Promise(team=document.incident.team))
    propose(
        document,
        "Alarm at 80 % full",
        by=people.owner,
        owner_id=people.contributor.pk,
        due_on=today + timedelta(days=10),
    )
    publish_draft(document, people)
    return fresh(Promise.objects.get())


def move(promise: Promise, days: int, by: User) -> date:
    """Move it to so many days from today."""
    due_on = today_of(promise) + timedelta(days=days)
    move_due(fresh(promise), due_on=due_on, seen=fresh(promise).due_on, reason="It waits.", by=by)
    return due_on


def finish(promise: Promise, people: People, **shown: Any) -> None:
    move_promise(
        fresh(promise),
        to=PromiseState.DONE,
        by=people.contributor,
        note="It rang.",
        evidence=Evidence(**shown) if shown else SHOWN,
    )


def told_of(document: Document) -> PromiseValue:
    (told,) = printable(fresh_document(document)).promises
    return told


def on_paper(printed: Printable) -> str:
    """The words of what is printed."""
    return words_of(re.sub(r"<[^>]*>", "", html_of(printed)))


@pytest.mark.django_db
def test_every_date_that_it_had_is_told(
    promise: Promise, document: Document, people: People
) -> None:
    assert promise.due_on
    second = move(promise, 20, people.manager)
    third = move(promise, 40, people.manager)
    told = told_of(document)
    assert (told.first_due_on, told.due_on, told.moves) == (promise.due_on, third, 2)
    assert told.due_before == (promise.due_on, second)


@pytest.mark.django_db
def test_what_shows_that_it_is_done_is_that_of_the_last_time(
    promise: Promise, document: Document, people: People
) -> None:
    finish(promise, people, address="https://example.org/first")
    move_promise(
        fresh(promise), to=PromiseState.DID_NOT_HOLD, by=people.leader, note="It was silent."
    )
    told = told_of(document)
    assert (told.evidence, told.done_on, told.has_failed) == ("", None, True)
    move_promise(fresh(promise), to=PromiseState.IN_PROGRESS, by=people.contributor)
    finish(promise, people, file=Upload("drill.txt", "text/plain", b"It rang."))
    told = told_of(document)
    assert (told.evidence, told.evidence_file) == ("", "drill.txt")
    assert told.done_on == today_of(promise)


@pytest.mark.django_db
def test_all_forms_say_it_as_of_the_day(
    promise: Promise, document: Document, people: People
) -> None:
    second = move(promise, 20, people.manager)
    due_on = move(promise, 40, people.manager)
    assign_promise(fresh(promise), to=people.colleague, reason="Away.", by=people.manager)
    assign_promise(fresh(promise), to=people.contributor, reason="Back.", by=people.manager)
    finish(promise, people)
    move_promise(fresh(promise), to=PromiseState.DID_NOT_HOLD, by=people.leader, note="Silent.")
    move_promise(fresh(promise), to=PromiseState.IN_PROGRESS, by=people.contributor)
    finish(promise, people)
    client: Any = signed_in(people.stranger)
    today, first = today_of(promise), promise.due_on
    in_short = "0 of 1 verified, 1 done and not verified yet, 1 did not hold"

    page = words(client.get(reverse("coe_read", args=[document.reference])))
    assert f"As of {today:%-d %B %Y}: {in_short}." in page
    assert (
        f"due {due_on:%-d %b %Y} (first {first:%-d %b %Y}, then {second:%-d %b %Y}; moved twice)"
        in page
    )
    assert "Done Did not hold before Not verified yet Contributor" in page
    assert f"Done {today:%-d %b %Y}, shown at {SHOWN.address}" in page

    paper = on_paper(printable(fresh_document(document)))
    assert f"As of {today:%-d %B %Y}: {in_short}." in paper
    assert "Done, did not hold before, not verified yet" in paper

    text = client.get(f"/coes/{document.reference}.md").content.decode()
    assert f"- Promises: {in_short}" in text
    assert (
        f"due {due_on} (first {first}, then {second}, moved twice): done; did not hold before; "
        f"done {today}; shown at <{SHOWN.address}>" in text
    )

    table = client.get(reverse("coe_table", args=[document.reference, "actions"]))
    (row,) = csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")))
    assert [row[name] for name in ("State", "Dates before", "Owner now", "Late", "Evidence")] == [
        "Done",
        f"{first} {second}",
        "Contributor",
        "no",
        SHOWN.address,
    ]
    assert row["As of"] == row["Done"] == str(today)

    (told,) = json.loads(client.get(f"/coes/{document.reference}.json").content)["promises"]
    assert told["due_before"] == [str(first), str(second)]
    assert (told["evidence"], told["has_failed"]) == (SHOWN.address, True)


def test_the_light_form_says_what_changed_since_it_was_committed() -> None:
    ordinary = lights.ordinary()
    first, *others = ordinary.promises
    moved = replace(
        first,
        owner="Hana Sato",
        due_on=date(2017, 5, 1),
        first_due_on=date(2017, 4, 1),
        due_before=(date(2017, 4, 1),),
        moves=1,
        is_late=False,
        state="done",
        done_on=date(2017, 3, 8),
        evidence="https://example.org/drill",
    )
    paper = on_paper(replace(ordinary, promises=(moved, *others)))
    for said in (
        "As of 9 Mar 2017: 0 of 3 verified, 1 done and not verified yet",
        "Handed over to Hana Sato",
        "Due by now 1 May 2017",
        "First due 1 Apr 2017; moved once",
        "Done 8 Mar 2017, shown at https://example.org/drill",
        "Done, not verified yet",
    ):
        assert said in paper, said


@pytest.mark.django_db
def test_the_front_names_who_has_to_do_it_by_now(
    promise: Promise, document: Document, people: People
) -> None:
    assign_promise(fresh(promise), to=people.colleague, reason="Away.", by=people.manager)
    due_on = move(promise, 20, people.manager)
    client: Any = signed_in(people.stranger)
    page = words(client.get(reverse("coe_read", args=[document.reference])))
    brief, _, _ = page.partition("Contents")
    assert f"Colleague, due {due_on:%-d %b %Y}" in brief


@pytest.mark.django_db
def test_it_is_asked_as_often_however_much_happened(
    promise: Promise, document: Document, people: People, django_assert_num_queries: Any
) -> None:
    for days in (11, 12, 13):
        move(promise, days, people.manager)
    finish(promise, people)
    with django_assert_num_queries(2):
        printable(document)


# What is kept is never of another day


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the child was given to print."""
    given: list[str] = []

    def render(html: str) -> Rendered:
        given.append(html)
        return Rendered(f"%PDF {len(given)}".encode(), False)

    monkeypatch.setattr(services, "render_document", render)
    monkeypatch.setattr(services, "has_changed", lambda: False)
    return given


@pytest.mark.django_db
def test_a_pdf_that_was_made_before_a_promise_moved_is_not_given_out(
    promise: Promise, document: Document, people: People, asked: list[str]
) -> None:
    client: Client = signed_in(people.stranger)
    address = f"/coes/{document.reference}.pdf"
    print_coe({"document": document.pk})
    ahead = len(asked)
    client.get(address)
    assert len(asked) == ahead
    changes: list[Callable[[], object]] = [
        lambda: move(promise, 20, people.manager),
        lambda: assign_promise(
            fresh(promise), to=people.colleague, reason="Away.", by=people.manager
        ),
        lambda: move_promise(fresh(promise), to=PromiseState.IN_PROGRESS, by=people.colleague),
    ]
    for number, change in enumerate(changes, ahead + 1):
        change()
        assert client.get(address).content == f"%PDF {number}".encode()
        assert client.get(address).content == f"%PDF {number}".encode()
    assert "In progress" in asked[-1]
    assert "Colleague" in asked[-1]


@pytest.mark.django_db
def test_a_pdf_of_yesterday_is_made_anew_today(
    promise: Promise, document: Document, people: People, asked: list[str]
) -> None:
    today = printable(fresh_document(document))
    yesterday = replace(today, as_of=today.as_of - timedelta(days=1))
    services.pdf_of(yesterday)
    content = signed_in(people.stranger).get(f"/coes/{document.reference}.pdf").content
    assert content == b"%PDF 2"
    assert RenderedPdf.objects.count() == 2
