"""The label that says who a COE may be handed to: written with the facts, shown, and judged."""

import pytest

from coe.documents.models import Classification, Document
from coe.snapshots.services import take_snapshot
from tests.editor.writer import HTMX, PLAIN, Writer
from tests.history.reading import latest, told
from tests.library.pages import words

LABELS = {
    "public": "Public",
    "internal": "Internal",
    "confidential": "Confidential",
    "strict": "Strictly confidential",
}


def test_a_coe_is_internal_until_somebody_says_otherwise(owner: Writer, document: Document) -> None:
    assert document.classification == "internal"
    assert owner.form("facts/")["classification"] == ["internal"]


@pytest.mark.parametrize("label", [each for each in LABELS if each != "internal"])
def test_it_is_saved_told_shown_and_part_of_what_is_judged(
    owner: Writer, document: Document, label: str
) -> None:
    before = take_snapshot(document).digest
    since = latest(document)
    assert owner.save("facts/", classification=label).status == 303
    stored = Document.objects.get(pk=document.pk)
    assert stored.classification == label
    taken = take_snapshot(stored)
    assert taken.snapshot.classification == label
    assert taken.digest != before
    head = words(owner.open().response).partition("Facts")[0]
    assert LABELS[label] in head
    [event] = told(document, since=since)
    assert event.action == "changed"
    assert event.before == {"classification": "internal"}
    assert event.after == {"classification": label}


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_two_who_label_it_differently_are_both_shown(
    owner: Writer, contributor: Writer, document: Document, by_htmx: bool
) -> None:
    mine = owner.form("facts/") | {"classification": "public"}
    assert contributor.save("facts/", classification="strict").status == 303
    answer = owner.send("facts/", mine, by_htmx=by_htmx)
    assert answer.status == 409
    said = words(answer.response)
    assert "Classification Strictly confidential Public" in said
    assert Document.objects.get(pk=document.pk).classification == "strict"
    again = answer.form(owner.address("facts/")).fields
    assert again["classification"] == ["public"]
    assert owner.send("facts/", again).status == 303
    assert Document.objects.get(pk=document.pk).classification == "public"


@pytest.mark.parametrize("label", ["", "secret", "PUBLIC"])
def test_a_label_that_does_not_exist_is_refused_at_its_field(
    owner: Writer, document: Document, label: str
) -> None:
    form = owner.form("facts/") | {"classification": label}
    answer = owner.send("facts/", form)
    assert answer.status == 422
    assert answer.errors_at("classification", answer.form(owner.address("facts/")))
    assert Document.objects.get(pk=document.pk).classification == Classification.INTERNAL
