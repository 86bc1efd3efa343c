"""The files at the addresses of a COE: what a browser is told to do with them."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from coe.documents.models import Document
from coe.exports.texts import TEXTS
from coe.publishing.printables import printable
from coe.snapshots.services import take_snapshot
from tests.people import People

CSV = "text/csv; charset=utf-8; header=present"


@pytest.fixture
def client(people: People) -> Client:
    client = Client()
    client.force_login(people.owner)
    return client


@pytest.mark.parametrize(
    ("address", "kind", "name"),
    [
        ("/coes/{}.md", "text/markdown; charset=utf-8", "{}-draft.md"),
        ("/coes/{}.json", "application/json", "{}-draft.json"),
        ("/coes/{}/draft.md", "text/markdown; charset=utf-8", "{}-draft.md"),
        ("/coes/{}/draft.json", "application/json", "{}-draft.json"),
        ("/coes/{}/timeline.csv", CSV, "{}-draft-timeline.csv"),
        ("/coes/{}/actions.csv", CSV, "{}-draft-actions.csv"),
        ("/coes/{}/draft/timeline.csv", CSV, "{}-draft-timeline.csv"),
        ("/coes/{}/draft/actions.csv", CSV, "{}-draft-actions.csv"),
    ],
)  # fmt: skip
def test_a_form_is_a_file_to_save_that_is_what_it_says(
    document: Document, client: Client, address: str, kind: str, name: str
) -> None:
    answer = client.get(address.format(document.reference))

    assert answer.status_code == 200
    assert answer["Content-Type"] == kind
    file_name = name.format(document.reference)
    assert answer["Content-Disposition"] == f'attachment; filename="{file_name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-cache"
    again = client.get(
        address.format(document.reference), headers={"If-None-Match": answer["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("ending", TEXTS)
def test_the_file_is_the_coe_with_its_digest(
    document: Document, client: Client, ending: str
) -> None:
    answer = client.get(reverse("coe_text", args=[document.reference, ending]))
    fresh = Document.objects.with_readers_fields().get()

    form = TEXTS[ending].read(answer.content)

    assert form.reference == document.reference
    assert form.digest == take_snapshot(fresh).digest
    assert form.snapshot == printable(fresh).snapshot


def test_the_json_of_a_draft_promises_nothing_and_has_no_version(
    document: Document, client: Client
) -> None:
    whole = json.loads(client.get(f"/coes/{document.reference}.json").content)

    assert whole["promises"] == []
    assert whole["envelope"] == {
        "state": "draft",
        "version": None,
        "published_at": None,
        "signatures": [],
        "waivers": [],
        "decisions": [],
    }


@pytest.mark.parametrize("address", ["/coes/{}.doc", "/coes/{}/lessons.csv", "/coes/{}.csv"])
def test_there_are_no_other_forms(document: Document, client: Client, address: str) -> None:
    assert client.get(address.format(document.reference)).status_code == 404
