"""Whatever is sent, into whatever field: a sentence, never a fault of ours, never stored."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from coe.accounts.models import User
from coe.documents.models import Document, State
from coe.documents.services import facts
from coe.reviews.workflow import make_transition
from coe.snapshots.serialise import to_bytes
from coe.snapshots.services import take_snapshot
from coe.text.plain import LineField, TextField
from tests.editor.kinds import ADDS, EDITS, Kind
from tests.editor.writer import URLENCODED, Writer, signed_in
from tests.people import People
from tests.reviews.steps import make_submittable

REFUSALS = {400, 409, 413, 422}

MEGABYTE = b"x" * 1_000_000
UNSTORABLE = {
    "NUL": b"a%00b",
    "escape codes": b"%1B[31mred",
    "a megabyte": MEGABYTE,
    "400 KB": b"y" * 400_000,
}
NOT_TEXT = {
    "a lone surrogate": b"a%ED%A0%80b",
    "a lone surrogate as raw bytes": b"a\xed\xa0\x80b",
    "bytes that are no text": b"a%FF%FEb",
    "half a character": b"a%F0%9F%91",
}

TEXT_FIELDS = {
    "facts": ["title"],
    "milestones": ["detected-when"],
    "summary": ["text"],
    "impact": ["text"],
    "metrics": ["text"],
    "questions-detection": ["found-by-text", "sooner-text"],
    "figures": ["what", "amount", "unit", "basis"],
    "safeguards": ["name", "why"],
    "lessons": ["text"],
    "related": ["title", "url", "note"],
    "timeline": ["when", "text", "evidence"],
    "timeline (new)": ["line", "evidence"],
    "causes": ["text", "evidence", "risk_reason"],
    "actions": ["title", "done_when", "due_on", "tracker"],
}


def body(data: dict[str, Any], name: str, value: bytes) -> bytes:
    """The form as a browser sends it, with these bytes as the value of one field."""
    rest = {key: each for key, each in data.items() if key != name}
    return urlencode(rest, doseq=True).encode() + b"&" + name.encode() + b"=" + value


def content(document: Document) -> tuple[bytes, dict[str, Any]]:
    """Everything that is stored of a COE."""
    fresh = Document.objects.with_readers_fields().get(pk=document.pk)
    return to_bytes(take_snapshot(fresh).snapshot), facts(fresh)


@pytest.mark.parametrize("what", UNSTORABLE)
@pytest.mark.parametrize("kind", [*EDITS, *ADDS], ids=str)
def test_what_cannot_be_stored_is_refused_in_every_text_field(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind, what: str
) -> None:
    kind = kind.on(rows)
    before = content(document)
    data = owner.form(kind.path, kind.query) | kind.typed
    for name in TEXT_FIELDS.get(str(kind), TEXT_FIELDS[kind.panel]):
        sent = body(data, name, UNSTORABLE[what])
        answer = owner.send_bytes(kind.path, sent, **{"HX-Request": "true"})
        assert (name, answer.status in REFUSALS) == (name, True)
        if answer.status == 422:
            assert answer.errors_at(name, answer.form(owner.address(kind.path)))
        assert content(document) == before


@pytest.mark.parametrize("what", NOT_TEXT)
@pytest.mark.parametrize(
    ("path", "name"),
    [("sections/summary/", "text"), ("facts/", "title"), ("timeline/add/", "line")],
)
def test_bytes_that_are_no_text_are_refused_and_not_stored_as_something_else(
    owner: Writer, document: Document, path: str, name: str, what: str
) -> None:
    before = content(document)
    data = owner.form(path)
    assert owner.send_bytes(path, body(data, name, NOT_TEXT[what])).status in REFUSALS
    assert content(document) == before


OTHER_FIELDS = {
    "facts": ["severity", "category", "team", "service", "is_restricted"],
    "milestones": ["detected-state", "detected-version"],
    "summary": ["version"],
    "impact": ["version"],
    "metrics": ["version"],
    "questions-detection": ["found-by-version", "initial-found-by-text"],
    "figures": ["uid", "version", "amount", "source"],
    "safeguards": ["uid", "version", "kind", "outcome"],
    "lessons": ["uid", "version", "kind"],
    "related": ["uid", "version", "kind"],
    "timeline": ["uid", "version", "zone", "after", "kind", "milestone"],
    "causes": ["uid", "version", "primary", "also", "kind", "confidence", "risk_approver"],
    "actions": ["uid", "version", "owner", "priority", "kind", "cause"],
}


@pytest.mark.parametrize("kind", [*EDITS, *ADDS], ids=str)
def test_no_other_field_of_a_form_breaks_on_what_no_browser_sends(
    owner: Writer, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    data = owner.form(kind.path, kind.query) | kind.typed
    for name in OTHER_FIELDS[kind.panel]:
        for value in (b"%00", b"a%ED%A0%80b", b"9" * 5000, b"-1", b"NaN"):
            sent = body(data, name, value)
            status = owner.send_bytes(kind.path, sent, **{"HX-Request": "true"}).status
            assert (name, value, status in {200, 409, 422}) == (name, value, True)


@pytest.mark.parametrize("kind", [*EDITS, *ADDS], ids=str)
def test_a_form_with_nothing_in_it_breaks_nothing(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    before = content(document)
    for sent in (b"", b"&&&", b"=", b"%", b"a" * 1000):
        assert owner.send_bytes(kind.path, sent).status in REFUSALS
        assert content(document) == before


def test_a_form_of_another_type_than_forms_have_breaks_nothing(owner: Writer) -> None:
    address = owner.address("facts/")
    for kind in (
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=",
        "multipart/form-data",
    ):
        response = owner.client.post(address, b'{"title": "x"}', content_type=kind)
        assert response.status_code in REFUSALS


@pytest.mark.parametrize("what", UNSTORABLE)
@pytest.mark.parametrize("name", ["title", "impact_started", "zone", "severity", "team", "uid"])
def test_no_field_of_a_new_coe_breaks(people: People, name: str, what: str) -> None:
    client = signed_in(people.owner)
    data = {
        "uid": "7f9c24e8-3b12-4fef-91e0-5d2b4f0a8c11",
        "title": "Payments were taken twice",
        "impact_started": "",
        "zone": "UTC",
        "severity": 2,
        "team": people.owner.team_id,
    }
    sent = body(data, name, UNSTORABLE[what])
    response = client.post(reverse("coe_new"), sent, content_type=URLENCODED)
    assert response.status_code in REFUSALS
    assert Document.objects.count() == 0


@pytest.mark.parametrize("what", UNSTORABLE)
@pytest.mark.parametrize("name", ["note", "digest"])
@pytest.mark.parametrize("route", ["coe_approve", "coe_changes"])
def test_no_field_of_a_judgement_breaks(
    people: People, document: Document, route: str, name: str, what: str
) -> None:
    make_submittable(document)
    in_review = make_transition(document, to=State.IN_REVIEW, by=people.owner)
    client = signed_in(people.manager)
    data = {"digest": take_snapshot(in_review).digest, "note": "Say more"}
    address = reverse(route, args=[document.reference])
    response = client.post(address, body(data, name, UNSTORABLE[what]), content_type=URLENCODED)
    assert response.status_code in REFUSALS
    assert in_review.sign_offs.count() == 0


NOT_IN_AN_ADDRESS = ("a%00b", "%1B[31m", "a%ED%A0%80b", "%FF%FE", "abc", "home", "9" * 5000)


@pytest.mark.parametrize(
    "address",
    [
        "/coes/?q=",
        "/coes/?state=",
        "/coes/?page=",
        "/actions/?page=",
        "/administration/people/?q=",
        "/administration/people/?state=",
        "/administration/people/?page=",
        "/accounts/login/?next=",
        "/coes/COE-2026-0001/edit/?row=",
        "/coes/COE-2026-0001/edit/?add=",
        "/coes/",
    ],
)
def test_no_address_breaks(document: Document, people: People, address: str) -> None:
    User.objects.filter(pk=people.owner.pk).update(is_administrator=True)
    client = signed_in(people.owner)
    client.raise_request_exception = False
    statuses = {}
    for value in NOT_IN_AN_ADDRESS:
        path, _, query = f"{address}{value}".partition("?")
        statuses[value] = client.get(path, QUERY_STRING=query).status_code
    assert {value: each for value, each in statuses.items() if each >= 500} == {}


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e9", "9" * 5000, "%00", "２"])
@pytest.mark.parametrize("address", ["/coes/", "/actions/"])
def test_a_page_number_that_is_none_shows_a_page(people: People, address: str, number: str) -> None:
    assert signed_in(people.owner).get(f"{address}?page={number}").status_code == 200


def test_more_than_a_request_may_hold_is_refused_before_it_is_read(owner: Writer) -> None:
    assert owner.send_bytes("facts/", b"title=" + b"x" * 5_000_000).status in {400, 413}
    many = b"&".join(b"f%d=" % number for number in range(3000))
    assert owner.send_bytes("facts/", many).status in {400, 413}


def test_nothing_is_stored_of_somebody_who_is_signed_out_meanwhile(
    owner: Writer, document: Document
) -> None:
    sent = owner.form("sections/summary/") | {"text": "Typed"}
    before = content(document)
    answer = Client().post(owner.address("sections/summary/"), sent)
    assert answer.status_code == 302
    assert content(document) == before


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "\udfff", "\x1b[31mred", "\x07", "\x7f"])
@pytest.mark.parametrize("field", [LineField(), TextField()])
def test_the_fields_themselves_say_a_sentence(field: LineField, text: str) -> None:
    with pytest.raises(ValidationError) as raised:
        field.clean(text)
    (sentence,) = raised.value.messages
    assert sentence.startswith("Line 1 contains ")
    assert sentence.endswith(".")


@pytest.mark.parametrize(("field", "size"), [(LineField(), 400_000), (TextField(), 1_000_000)])
def test_the_fields_themselves_say_how_much_is_too_much(field: LineField, size: int) -> None:
    with pytest.raises(ValidationError) as raised:
        field.clean("x" * size)
    assert f"{size:,} characters" in raised.value.messages[0]
