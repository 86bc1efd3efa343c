"""The page of a promise: what is told, to whom which buttons are shown, and what they answer."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from coe.accounts.models import User
from coe.actions.models import ActionItem, EvidenceFile, Promise, PromiseEvent
from coe.documents.models import Document
from coe.promises.holding import today_of
from coe.publishing.retracting import retract
from tests.people import People
from tests.promises.promising import fresh, in_state, make_promise
from tests.reviews.steps import open_another, propose, publish_draft

pytestmark = pytest.mark.django_db

Ask = Callable[..., Any]


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
        done_when="It rang in a test.",
        kind=ActionItem.Kind.DETECT,
    )
    publish_draft(document, people)
    return fresh(Promise.objects.get())


@pytest.fixture
def page(promise: Promise) -> Ask:
    """Somebody looks at the page, or sends a form of it (`route`) with what they typed."""

    def ask(person: User, route: str = "promise", *key: int, **typed: Any) -> HttpResponse:
        client = Client()
        client.force_login(person)
        address = reverse(route, args=[promise.document.reference, promise.uid, *key])
        if route in ("promise", "promise_evidence"):
            return client.get(address)  # type: ignore[return-value]
        return client.post(address, typed)  # type: ignore[return-value]

    return ask


def offered(response: Any) -> list[str]:
    return [way.slug for way in response.context["ways"]]


WAYS = {
    "accepted": {
        "contributor": ["in_progress", "done", "due", "wont_do", "owner"],
        "manager": ["due", "owner"],
        "colleague": [],
        "stranger": [],
    },
    "in_progress": {
        "contributor": ["done", "accepted", "due", "wont_do", "owner"],
        "manager": ["due", "owner"],
        "colleague": [],
        "stranger": [],
    },
    "done": {
        "contributor": ["in_progress", "did_not_hold"],
        "manager": ["verified", "did_not_hold"],
        "colleague": ["did_not_hold"],
        "stranger": ["did_not_hold"],
    },
    "verified": {
        "contributor": ["did_not_hold"],
        "manager": ["did_not_hold"],
        "colleague": ["did_not_hold"],
        "stranger": ["did_not_hold"],
    },
    "did_not_hold": {
        "contributor": ["in_progress", "due", "wont_do", "owner"],
        "manager": ["due", "owner"],
        "colleague": [],
        "stranger": [],
    },
    "wont_do": {
        "contributor": ["accepted"],
        "manager": ["accepted"],
        "colleague": [],
        "stranger": [],
    },
}


@pytest.mark.parametrize("state", WAYS)
def test_everybody_is_shown_what_they_can_do_and_nothing_else(
    promise: Promise, people: People, page: Ask, state: str
) -> None:
    """The colleague did it before it was handed over."""
    in_state(promise, state, finisher=people.colleague)
    shown = {person: offered(page(getattr(people, person))) for person in WAYS[state]}
    assert shown == WAYS[state]


def test_the_page_tells_what_was_promised_and_how_one_sees_that_it_is_done(
    promise: Promise, people: People, page: Ask
) -> None:
    text = page(people.stranger).content.decode()
    for said in ("Alarm at 80 % full", "It rang in a test.", "Contributor", "It waits for"):
        assert said in text
    assert "What you can do" not in text


def test_it_is_brought_from_accepted_to_did_not_hold_and_back_by_four_people(
    promise: Promise, people: People, page: Ask
) -> None:
    def step(person: User, start: str, to: str, **typed: Any) -> int:
        return int(page(person, "promise_step", start=start, to=to, **typed).status_code)

    address = "https://example.org/alarms/7"
    shown = {"note": "It rang at 80 %.", "evidence": address}
    owner, stranger = people.contributor, people.stranger
    assert step(owner, "accepted", "in_progress") == 303
    assert step(owner, "in_progress", "done", **shown) == 303
    assert step(people.manager, "done", "verified", note="It rang twice.") == 409
    in_state(promise, "done", finisher=people.contributor)
    assert step(people.manager, "done", "verified", note="It rang twice.") == 303
    assert step(stranger, "verified", "did_not_hold", note="The disk was full, no alarm.") == 303
    assert step(stranger, "verified", "did_not_hold", note="The disk was full, no alarm.") == 409
    assert step(stranger, "did_not_hold", "in_progress") == 403
    assert step(owner, "did_not_hold", "in_progress") == 303
    assert step(owner, "in_progress", "done", **shown) == 303
    in_state(promise, "done", finisher=people.contributor)
    assert step(people.owner, "done", "verified", note="It rang on Monday.") == 303
    text = page(stranger).content.decode()
    for said in ("It rang twice.", "The disk was full, no alarm.", "It rang on Monday.", address):
        assert said in text


def test_a_form_that_is_refused_is_shown_again_with_what_was_typed(
    promise: Promise, people: People, page: Ask
) -> None:
    response = page(
        people.contributor, "promise_step", start="accepted", to="done", note="Look at it."
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert "Look at it." in text
    assert "Show it: give an address, or add a file." in text
    response = page(people.contributor, "promise_due", seen=promise.due_on, due_on="", reason="So.")
    assert response.status_code == 422
    assert "Choose the day." in response.content.decode()
    for nonsense in ({}, {"to": "gone", "start": "accepted"}, {"to": "verified", "start": "x"}):
        assert page(people.contributor, "promise_step", **nonsense).status_code == 422


def test_the_owner_moves_it_a_little_and_asks_for_more(
    promise: Promise, people: People, page: Ask
) -> None:
    def move(days: int, seen: Any) -> str:
        due_on = today_of(promise) + timedelta(days=days)
        typed = {"seen": seen, "due_on": due_on, "reason": "The part is late."}
        response = page(people.contributor, "promise_due", **typed)
        assert response.status_code == 303
        now = fresh(promise)
        return f"{(now.due_on - today_of(now)).days} days, asked {now.requests.count()}"  # type: ignore[operator]

    assert move(24, promise.due_on) == "24 days, asked 0"
    assert move(60, fresh(promise).due_on) == "24 days, asked 1"
    assert "asks to move it to" in page(people.stranger).content.decode()
    key = promise.requests.get().pk
    assert page(people.contributor, "promise_decide", key, answer="grant").status_code == 403
    assert page(people.manager, "promise_decide", key, answer="refuse").status_code == 422
    assert page(people.manager, "promise_decide", key, answer="grant").status_code == 303
    assert (fresh(promise).due_on, fresh(promise).moves) == (
        today_of(promise) + timedelta(days=60),
        2,
    )
    assert "moved twice" in page(people.stranger).content.decode()


def drawn(form: str, size: tuple[int, int] = (8, 8), **more: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "red").save(written, form, **more)
    return written.getvalue()


def hand_in(page: Ask, people: People, name: str, content: bytes) -> Any:
    return page(
        people.contributor,
        "promise_step",
        start="accepted",
        to="done",
        note="It rang.",
        file=SimpleUploadedFile(name, content),
    )


@pytest.mark.parametrize(
    ("name", "content", "kept", "media_type"),
    [
        ("a.png", drawn("PNG"), "a.png", "image/png"),
        ("a.gif", drawn("GIF"), "a.png", "image/png"),
        ("../../b c.jpeg", drawn("JPEG", comment=b"SECRET"), "b c.jpg", "image/jpeg"),
        ("x.pdf", b"%PDF-1.7 ...", "x.pdf", "application/pdf"),
        ("run.log", "21:04 läuft\n".encode(), "run.txt", "text/plain; charset=utf-8"),
        ("page.html", b"<script>1</script>", "page.txt", "text/plain; charset=utf-8"),
    ],
    ids=["png", "gif", "jpeg", "pdf", "log", "html"],
)
def test_a_file_is_kept_as_what_it_is_and_handed_out_to_be_saved(
    promise: Promise,
    people: People,
    page: Ask,
    name: str,
    content: bytes,
    kept: str,
    media_type: str,
) -> None:
    assert hand_in(page, people, name, content + b"").status_code == 303
    stored = EvidenceFile.objects.get()
    assert (stored.name, stored.media_type) == (kept, media_type)
    assert b"SECRET" not in bytes(stored.content)
    response = page(people.stranger, "promise_evidence", stored.pk)
    assert response.status_code == 200
    assert response.content == bytes(stored.content)
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("big.txt", b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
        ("bomb.png", drawn("PNG", (6000, 4000)), "20 million pixels"),
        ("a.svg.gz", b"\x1f\x8b\x08\x00", "This is neither."),
        ("cut.png", drawn("PNG")[:44], "This is neither."),
        ("nul.txt", b"a\x00b", "This is neither."),
    ],
    ids=["big", "bomb", "packed", "cut", "nul"],
)
def test_a_file_that_is_none_of_these_is_refused_in_a_sentence(
    promise: Promise, people: People, page: Ask, name: str, content: bytes, said: str
) -> None:
    response = hand_in(page, people, name, content)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not PromiseEvent.objects.exists()


def test_a_file_is_found_only_under_its_own_promise(
    promise: Promise, people: People, page: Ask
) -> None:
    hand_in(page, people, "a.png", drawn("PNG"))
    event = EvidenceFile.objects.get().pk
    Promise.objects.filter(pk=promise.pk).update(uid="7f2c0f0e-0000-4000-8000-000000000000")
    assert page(people.stranger, "promise_evidence", event).status_code == 404


@pytest.mark.parametrize(
    ("person", "queries"), [("contributor", 18), ("manager", 14), ("stranger", 12)]
)
def test_the_page_asks_as_often_whatever_happened_to_it(
    promise: Promise,
    people: People,
    page: Ask,
    person: str,
    queries: int,
    client: Client,
    django_assert_num_queries: Any,
) -> None:
    client.force_login(getattr(people, person))
    address = reverse("promise", args=[promise.document.reference, promise.uid])
    with django_assert_num_queries(queries):
        client.get(address)
    for day in range(11, 24):
        due_on = today_of(promise) + timedelta(days=day)
        typed = {"seen": fresh(promise).due_on, "due_on": due_on, "reason": "So."}
        assert page(people.contributor, "promise_due", **typed).status_code == 303
    with django_assert_num_queries(queries):
        client.get(address)


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_a_number_that_nothing_has_is_not_found(page: Ask, people: People, number: int) -> None:
    assert page(people.stranger, "promise_evidence", number).status_code == 404
    for route in ("promise_decide", "promise_take_back"):
        assert page(people.manager, route, number, answer="grant").status_code == 404


def test_an_item_is_on_the_page_of_its_own_coe_alone(
    promise: Promise, people: People, client: Client
) -> None:
    """Also where everybody may read the other COE and few may read this one."""
    hidden = open_another(people, "Keys were leaked")
    secret = make_promise(hidden, people.owner, "Rotate the leaked keys")
    Document.objects.filter(pk=hidden.pk).update(is_restricted=True)
    reference = promise.document.reference
    for person in (people.stranger, people.owner):
        client.force_login(person)
        for uid in (secret.uid, uuid4()):
            assert client.get(reverse("promise", args=[reference, uid])).status_code == 404
            step = reverse("promise_step", args=[reference, uid])
            start = {"start": "accepted", "to": "in_progress"}
            assert client.post(step, start).status_code == 404


def test_of_a_retracted_coe_the_item_is_told_of_as_the_coe_is(
    promise: Promise, people: People, page: Ask
) -> None:
    there = page(people.stranger)
    assert there.status_code == 200
    version = fresh(promise).document.current_version
    assert version is not None
    retract(fresh(promise).document, version=version, reason="It was wrong.", by=people.owner)
    assert page(people.stranger).status_code == 410
    assert page(people.owner).status_code == 410
