"""The kind of an incident: chosen when a COE is opened, stated among its facts, asked about."""

from uuid import uuid4

import pytest
from django.urls import reverse

from coe.documents.models import Document
from coe.snapshots.services import take_snapshot
from tests.editor.writer import HTMX, PLAIN, Writer
from tests.history.reading import latest, told
from tests.library.pages import words
from tests.people import People


@pytest.mark.parametrize(
    ("chosen", "category"), [({}, "outage"), ({"category": "data_loss"}, "data_loss")]
)
def test_a_coe_is_opened_about_an_outage_unless_another_kind_is_chosen(
    owner: Writer, people: People, chosen: dict[str, str], category: str
) -> None:
    typed = {
        "uid": str(uuid4()),
        "title": "Orders were lost",
        "zone": "UTC",
        "severity": "2",
        "team": str(people.owner.team_id),
        **chosen,
    }
    page = owner.client.get(reverse("coe_new")).content.decode()
    assert '<option value="outage" selected>Outage</option>' in page
    assert owner.client.post(reverse("coe_new"), typed).status_code == 303
    assert Document.objects.get(incident__title="Orders were lost").incident.category == category


def test_it_is_saved_told_and_part_of_what_is_judged(owner: Writer, document: Document) -> None:
    before, since = take_snapshot(document), latest(document)
    assert b"category" not in before.content
    assert owner.form("facts/")["category"] == ["outage"]
    assert owner.save("facts/", category="near_miss").status == 303
    taken = take_snapshot(Document.objects.with_readers_fields().get(pk=document.pk))
    assert b'"category":"near_miss"' in taken.content
    [event] = told(document, since=since)
    assert (event.before, event.after) == ({"category": "outage"}, {"category": "near_miss"})
    assert owner.save("facts/", category="outage").status == 303
    again = take_snapshot(Document.objects.with_readers_fields().get(pk=document.pk))
    assert again.digest == before.digest


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_two_who_choose_differently_are_both_shown(
    owner: Writer, contributor: Writer, document: Document, by_htmx: bool
) -> None:
    mine = owner.form("facts/") | {"category": "security"}
    assert contributor.save("facts/", category="data_loss").status == 303
    answer = owner.send("facts/", mine, by_htmx=by_htmx)
    assert answer.status == 409
    assert "What kind of incident Data loss Security" in words(answer.response)
    document.incident.refresh_from_db()
    assert document.incident.category == "data_loss"
    assert answer.form(owner.address("facts/")).fields["category"] == ["security"]


def test_the_questions_of_a_kind_come_with_it_and_what_is_answered_stays(
    owner: Writer, document: Document
) -> None:
    question = document.guide.questions.get(slug="security")
    question.categories = ["security"]
    question.save()
    assert question.text not in owner.open().text
    assert owner.save("facts/", category="security").status == 303
    assert question.text in owner.open().text
    assert owner.save("questions/impact/", **{"security-text": "One key."}).status == 303
    assert owner.save("facts/", category="outage").status == 303
    assert question.text in owner.open().text
