"""What is not right is said at its field, and everything that was typed is still there."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from coe.documents.models import Document, State
from coe.reviews.workflow import make_transition
from coe.snapshots.services import take_snapshot
from tests.editor.conftest import new_cause
from tests.editor.kinds import ADDS, EDITS, Kind
from tests.editor.writer import HTMX, PLAIN, Answer, Writer, signed_in
from tests.people import People
from tests.reviews.steps import make_submittable

NOBODY = "0b3f6a52-7f0c-4a58-9c4e-3f1f5f0f7d11"
"""A row that is in no COE."""

URL = "Enter a valid URL."

# By panel: the field, what is typed into it, what is then said at it. By hand.
MISTAKES: dict[str, list[tuple[str, str, str]]] = {
    "facts": [
        ("title", "", "Say in one line what happened to customers."),
        ("title", "x" * 201, "200"),
        ("title", "one\ntwo", "This has to fit on one line. Remove the line breaks."),
        ("severity", "9", "Select a valid choice. 9 is not one of the available choices."),
        ("category", "fire", "Select a valid choice. fire is not one of the available choices."),
        ("category", "", "This field is required."),
        ("team", "0", "Select a valid choice."),
        ("service", "0", "Select a valid choice."),
        ("zone", "Mars/Olympus", "Select a valid choice."),
    ],
    "milestones": [
        ("detected-when", "soon", "“soon” is not a time that can be read."),
        ("detected-when", "2026-02-30 10:00", "There is no day 2026-02-30 in the calendar."),
        ("detected-when", "0026-11-14 02:14", "The year 26 is not between 1970 and 2100."),
        ("detected-when", "2026-11-01 01:30", "01:30 happened twice on 1 Nov 2026"),
        ("detected-when", "2026-03-08 02:30", "02:30 did not happen on 8 Mar 2026"),
        ("detected-when", "2026-11-14 02:14-02:14", "The span starts and ends at 02:14"),
        ("detected-when", "11/12/2026 02:14", "11/12/2026 can be read in two ways."),
        ("detected-state", "maybe", "Select a valid choice."),
    ],
    "summary": [("text", "a\x00b", "Line 1 contains a control character (U+0000)")],
    "impact": [("text", "a\n\x1b[31mred", "Line 2 contains terminal codes for colours.")],
    "metrics": [("text", "a\x00b", "Line 1 contains a control character (U+0000)")],
    "questions-detection": [
        ("found-by-text", "a\nb\x00c", "Line 2 contains a control character (U+0000)"),
        ("sooner-text", "\x1b[31mred", "Line 1 contains terminal codes for colours."),
    ],
    "figures": [
        ("what", "", "Say what was counted, like “customers who saw errors”."),
        ("what", "x" * 201, "200"),
        ("amount", "12 %", "Leave the number alone here and write “%” as the unit."),
        ("amount", "1200 customers", "write “customers” as the unit."),
        ("amount", "about 300", "Write the number alone, and say below that it is estimated."),
        ("amount", "100-200", "A range or “many” belongs into the basis."),
        ("amount", "1.234.567", "Use a point for decimals: “1.234.567” can be misread."),
        ("amount", "1,5", "Use a point for decimals: “1,5” can be misread."),
        ("amount", "-3", "Impact is counted from nothing upwards: leave the sign away."),
        ("amount", "0.00001", "At most 15 digits in front of the point and four behind it fit."),
        ("amount", "9" * 16, "At most 15 digits in front of the point and four behind it fit."),
        ("unit", "x" * 41, "40"),
        ("source", "guessed", "Select a valid choice."),
    ],
    "safeguards": [
        ("name", "", "Name the check, like “canary at 1 % of the fleet”."),
        ("name", "x" * 201, "200"),
        ("kind", "luck", "Select a valid choice."),
        ("why", "a\x00b", "Line 1 contains a control character (U+0000)"),
    ],
    "lessons": [("text", "", "Say what was learned.")],
    "related": [
        ("kind", "rumour", "Select a valid choice. rumour is not one of the available choices."),
        ("title", "", "Say what it is, so that a reader need not open it."),
        ("title", "x" * 201, "200"),
        ("url", "not an address", URL),
        ("url", "javascript:alert(1)", URL),
        ("url", "https://a.example/" + "x" * 1000, "1000"),
    ],
    "timeline": [
        ("when", "", "Say when it was"),
        ("when", "yesterday", "“yesterday” is not a time that can be read."),
        ("when", "2026-11-14 02:14 PST", "PST is not understood"),
        ("text", "", "Say what happened, or what was known then."),
        ("text", " \n ", "Say what happened, or what was known then."),
        ("evidence", "not an address", URL),
        ("evidence", "javascript:alert(1)", URL),
        ("evidence", "https://a.example/" + "x" * 1000, "1000"),
    ],
    "timeline (new)": [
        ("line", "", "Start with the time, like 10:42 alarm fired."),
        ("line", "Traffic was moved", "Start with the time, like 10:42 alarm fired."),
        ("line", "2026-11-14 02:14", "Say what happened, behind the time."),
        ("line", "2026-11-14 25:14 x", "25:14 is not a time of day"),
        ("line", "2026-11-14 02:14 CET x", "CET is not understood"),
        ("line", "2026-11-01 01:30 x", "01:30 happened twice on 1 Nov 2026"),
        ("line", "2026-03-08 02:30 x", "02:30 did not happen on 8 Mar 2026"),
        ("line", "11/12/2026 02:30 x", "11/12/2026 can be read in two ways."),
        ("kind", "miracle", "Select a valid choice."),
        ("milestone", "detected.7", "This milestone was marked or changed meanwhile."),
        ("evidence", "javascript:alert(1)", URL),
    ],
    "causes": [
        ("text", "", "Say why, in a sentence."),
        ("kind", "sorcery", "Select a valid choice."),
        ("confidence", "surely", "Select a valid choice."),
        ("primary", NOBODY, "Select a valid choice."),
        ("primary", "x", "Select a valid choice. That cause may have been removed meanwhile."),
        ("evidence", "data:text/html,x", URL),
    ],
    "actions": [
        ("title", "", "Say what will be done: a verb and an outcome."),
        ("title", "x" * 201, "200"),
        ("due_on", "2026-02-30", "Enter a valid date."),
        ("due_on", "tomorrow", "Enter a valid date."),
        ("owner", "0", "Select a valid choice."),
        ("owner", "x", "Select a valid choice."),
        ("priority", "9", "Select a valid choice."),
        ("cause", NOBODY, "Select a valid choice."),
        ("tracker", "ftp//x", URL),
    ],
}

CASES = [
    (kind, *mistake)
    for kind in [*EDITS, *ADDS]
    for mistake in MISTAKES.get(str(kind), MISTAKES[kind.panel])
]


def name_of(value: object) -> str:
    return str(value)[:30] if isinstance(value, str | Kind) else ""


def kept(answer: Answer, action: str, typed: dict[str, str]) -> dict[str, str]:
    fields = answer.form(action).fields
    return {name: (fields[name] or [""])[0] for name in typed}


@pytest.mark.parametrize(("kind", "name", "text", "sentence"), CASES, ids=name_of)
def test_a_mistake_is_said_at_its_field_and_what_was_typed_is_kept(
    owner: Writer,
    document: Document,
    rows: dict[str, Any],
    kind: Kind,
    name: str,
    text: str,
    sentence: str,
) -> None:
    if kind.is_adding:
        for row in reversed(rows.values()):
            row.delete()
    kind = kind.on(rows)
    before = kind.stored(document)
    typed = kind.typed | {name: text}
    sent = owner.form(kind.path, kind.query) | typed
    by_htmx = text != ""
    answer = owner.send(kind.path, sent, by_htmx=by_htmx)
    assert answer.status == 422
    assert answer.is_panel(kind.panel) == by_htmx
    form = answer.form(owner.address(kind.path))
    assert sentence in answer.errors_at(name, form)
    assert "Not saved yet" in answer.text or kind.panel == "milestones"
    others = {each: value for each, value in kind.typed.items() if each != name}
    assert kept(answer, owner.address(kind.path), others) == others
    is_chosen = answer.attributes(name, form).get("type") is None and name not in ("text",)
    if not is_chosen:
        assert kept(answer, owner.address(kind.path), {name: text}) == {name: text}
    assert kind.stored(document) == before


@pytest.mark.parametrize("kind", EDITS, ids=str)
def test_every_mistake_is_said_at_once(owner: Writer, rows: dict[str, Any], kind: Kind) -> None:
    kind = kind.on(rows)
    first = {name: (text, sentence) for name, text, sentence in reversed(MISTAKES[kind.panel])}
    sent = owner.form(kind.path, kind.query) | {name: text for name, (text, _) in first.items()}
    answer = owner.send(kind.path, sent)
    form = answer.form(owner.address(kind.path))
    silent = [name for name, (_, said) in first.items() if said not in answer.errors_at(name, form)]
    assert silent == []


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_a_mistake_in_one_panel_leaves_the_others_as_they_are_stored(
    owner: Writer, document: Document, by_htmx: bool
) -> None:
    owner.save("sections/impact/", text="Stored before")
    answer = owner.send("facts/", owner.form("facts/") | {"title": ""}, by_htmx=by_htmx)
    assert answer.status == 422
    assert ("Stored before" in answer.text) == (not by_htmx)


def test_the_summary_of_errors_takes_the_focus_and_leads_to_the_field(owner: Writer) -> None:
    answer = owner.send("facts/", owner.form("facts/") | {"title": ""}, by_htmx=HTMX)
    tags = answer.reader.tags
    assert [attrs.get("role") for _, attrs in tags if "data-focus" in attrs] == ["alert"]
    links = [attrs["href"] for tag, attrs in tags if tag == "a"]
    ids = {attrs["id"] for _, attrs in tags if "id" in attrs}
    assert links == ["#facts-title"]
    assert "facts-title" in ids


NEW = {
    "title": "Payments were taken twice",
    "impact_started": "2026-11-14 02:14",
    "zone": "America/Los_Angeles",
    "severity": "2",
    "category": "security",
    "is_restricted": "on",
}

NEW_MISTAKES = [
    ("title", "", "Say in one line what happened to customers."),
    ("title", "x" * 201, "200"),
    ("impact_started", "soon", "“soon” is not a time that can be read."),
    ("impact_started", "11/12/2026 02:14", "11/12/2026 can be read in two ways."),
    ("impact_started", "0026-11-14 02:14", "The year 26 is not between 1970 and 2100."),
    ("impact_started", "2026-03-08 02:30", "02:30 did not happen on 8 Mar 2026"),
    ("zone", "Mars/Olympus", "Select a valid choice."),
    ("severity", "0", "Select a valid choice."),
    ("category", "fire", "Select a valid choice."),
    ("team", "0", "Select a valid choice."),
]


def open_new(people: People, **typed: str) -> Answer:
    client = signed_in(people.owner)
    address = reverse("coe_new")
    page = Answer(client.get(address))  # type: ignore[arg-type]
    (form,) = [form for form in page.reader.forms if "title" in form.fields]
    data = {name: values for name, values in form.fields.items() if values} | NEW | typed
    return Answer(client.post(address, data))  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "text", "sentence"), NEW_MISTAKES, ids=name_of)
def test_a_mistake_in_a_new_coe_is_said_at_its_field_and_what_was_typed_is_kept(
    people: People, name: str, text: str, sentence: str
) -> None:
    answer = open_new(people, **{name: text})
    assert answer.status == 422
    (form,) = [form for form in answer.reader.forms if "title" in form.fields]
    control = next(attrs for _, attrs in answer.reader.tags if attrs.get("name") == name)
    assert control.get("aria-invalid") == "true"
    assert sentence in answer.words_of(f"{control['id']}_error")
    others = {each: value for each, value in NEW.items() if each != name}
    assert {each: form.fields[each][0] for each in others} == others
    assert Document.objects.count() == 0


def test_opening_sent_twice_opens_one_coe(people: People) -> None:
    client = signed_in(people.owner)
    data = NEW | {"uid": str(uuid4()), "team": str(people.owner.team_id)}
    places = {client.post(reverse("coe_new"), data)["Location"] for _ in range(2)}
    assert len(places) == 1
    assert Document.objects.count() == 1


def test_an_empty_request_to_open_a_coe_is_not_taken_for_a_look_at_the_form(
    people: People,
) -> None:
    client = signed_in(people.owner)
    assert client.post(reverse("coe_new")).status_code == 422


@pytest.fixture
def in_review(document: Document, people: People) -> Document:
    make_submittable(document)
    return make_transition(document, to=State.IN_REVIEW, by=people.owner)


@pytest.mark.parametrize(
    ("route", "note", "sentence"),
    [
        ("coe_changes", "", "Say what should change, so that the owner can act on it."),
        ("coe_changes", " \r\n ", "Say what should change, so that the owner can act on it."),
        ("coe_changes", "a\x00b", "Line 1 contains a control character (U+0000)"),
        ("coe_changes", "x" * 10_001, "10"),
        ("coe_approve", "a\x00b", "Line 1 contains a control character (U+0000)"),
        ("coe_approve", "x" * 10_001, "10"),
    ],
    ids=name_of,
)
def test_a_mistake_in_a_judgement_is_said_at_the_note_which_is_kept(
    people: People, in_review: Document, route: str, note: str, sentence: str
) -> None:
    client = signed_in(people.manager)
    data = {"digest": take_snapshot(in_review).digest, "note": note}
    address = reverse(route, args=[in_review.reference])
    answer = Answer(client.post(address, data))  # type: ignore[arg-type]
    assert answer.status == 422
    form = answer.form(address)
    assert sentence in answer.errors_at("note", form)
    assert form.fields["note"][0].strip() == note.replace("\r\n", "\n").strip()
    assert form.fields["digest"] == [data["digest"]]
    assert in_review.sign_offs.count() == 0


def test_a_cause_that_would_explain_itself_is_refused_at_the_field(
    owner: Writer, document: Document, people: People
) -> None:
    top = new_cause(document, people.owner, "top")
    middle = new_cause(document, people.owner, "middle", top)
    deep = new_cause(document, people.owner, "deep", middle)
    path = f"causes/{top.uid}/"
    sent = owner.form(path, f"?row={top.uid}")
    sent |= {"text": "Typed meanwhile", "primary": str(deep.uid), "kind": "latent"}
    for by_htmx in (PLAIN, HTMX):
        answer = owner.send(path, sent, by_htmx=by_htmx)
        assert answer.status == 422
        form = answer.form(owner.address(path))
        said = answer.errors_at("primary", form)
        assert "is already explained by this cause, so it cannot explain it too." in said
        assert form.fields["text"] == ["Typed meanwhile"]
        assert form.fields["primary"] == [str(deep.uid)]
        assert form.fields["kind"] == ["latent"]
    assert type(top).objects.get(pk=top.pk).content() == top.content()


def test_a_cause_that_would_explain_itself_by_a_further_effect_is_refused(
    owner: Writer, document: Document, people: People
) -> None:
    top = new_cause(document, people.owner, "top")
    other = new_cause(document, people.owner, "other")
    deep = new_cause(document, people.owner, "deep", top)
    path = f"causes/{top.uid}/"
    sent = owner.form(path, f"?row={top.uid}")
    answer = owner.send(path, sent | {"primary": str(other.uid), "also": [str(deep.uid)]})
    assert answer.status == 422
    assert type(top).objects.get(pk=top.pk).content()["explains"] == []


def test_a_cause_with_further_effects_needs_a_first_one(
    owner: Writer, document: Document, people: People
) -> None:
    top = new_cause(document, people.owner, "top")
    sent = owner.form("causes/add/", "?add=causes")
    answer = owner.send("causes/add/", sent | {"text": "Why", "also": [str(top.uid)]})
    assert answer.status == 422
    form = answer.form(owner.address("causes/add/"))
    assert "Choose what it explains first of all." in answer.errors_at("primary", form)
    assert form.fields["also"] == [str(top.uid)]
