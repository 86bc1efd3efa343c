"""What stands for a reason is told with the sign-offs, and stays with the version."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from coe.documents.models import Document, State
from coe.exports.json_form import read_json, write_json
from coe.exports.markdown_reader import read_markdown
from coe.exports.markdown_writer import write_markdown
from coe.exports.pdf import html_of
from coe.guidance.services import dismiss_finding, waive_finding
from coe.incidents.models import Milestone
from coe.policies.rules import Level
from coe.publishing.printables import printable, printable_publication, printable_working_copy
from coe.publishing.services import publish
from coe.reviews.models import SignOff
from coe.reviews.workflow import make_transition
from coe.snapshots.printable import Printable
from tests.guidance.answering import NO_GRAPH, found, take_back, weigh
from tests.library.pages import get, words
from tests.people import People
from tests.reviews.steps import (
    approve,
    fresh,
    open_another,
    propose,
    publish_draft,
    reopen,
    write,
)

STARTED = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
WHY = "The graph is in the dashboard\nof the bank."
TITLE = "The graphs are there, or the reason why not"


@pytest.fixture
def waived(document: Document, people: People) -> Document:
    """A draft in which one finding stands for a reason, and a hint is dismissed."""
    weigh(document, COE121=Level.HINT, COE125=Level.REASON)
    waive_finding(document, key=found(document, "COE125").key, reason=WHY, by=people.owner)
    dismiss_finding(document, key=found(document, "COE121").key, by=people.owner)
    return document


def told(text: Printable) -> list[tuple[str, ...]]:
    return [(each.check, each.sentence, each.reason, each.name) for each in text.envelope.waivers]


def publish_it(document: Document, people: People) -> None:
    make_transition(document, to=State.IN_REVIEW, by=people.owner)
    approve(document, by=people.manager)
    publish(fresh(document), by=people.owner)


ALL = [(TITLE, NO_GRAPH, WHY, "Owner")]


def test_what_stands_for_a_reason_is_told_in_every_state(waived: Document, people: People) -> None:
    """A dismissed hint is not: nobody had to say why."""
    assert told(printable_working_copy(fresh(waived))) == ALL
    make_transition(waived, to=State.IN_REVIEW, by=people.owner)
    assert told(printable_working_copy(fresh(waived))) == ALL
    approve(waived, by=people.manager)
    assert told(printable_working_copy(fresh(waived))) == ALL
    publish(fresh(waived), by=people.owner)
    assert told(printable(fresh(waived))) == ALL


def test_a_version_keeps_the_reasons_that_it_was_approved_with(
    waived: Document, people: People
) -> None:
    publish_it(waived, people)
    reopen(waived, by=people.owner)
    take_back(waived, "COE125", by=people.owner)
    assert told(printable_working_copy(fresh(waived))) == []
    assert told(printable(fresh(waived))) == ALL


def test_what_was_approved_with_a_reason_is_published_with_it_whatever_is_found_by_then(
    waived: Document, people: People
) -> None:
    make_transition(waived, to=State.IN_REVIEW, by=people.owner)
    approve(waived, by=people.manager)
    weigh(waived, COE101=Level.HINT)
    waived.waivers.all().delete()
    assert told(printable_working_copy(fresh(waived))) == ALL
    publish(fresh(waived), by=people.owner)
    assert told(printable(fresh(waived))) == ALL


def test_a_reason_about_another_coe_stays_when_that_one_is_hidden(
    document: Document, people: People
) -> None:
    other = open_another(people, "Logs filled a disk")
    propose(other, "Alarm at 80 % full of the disk", by=people.owner, due_on=date(2026, 2, 1))
    publish_draft(other, people)
    propose(document, "Alarm at 80 % full of the disk", by=people.owner, due_on=date(2026, 5, 1))
    Milestone.objects.filter(incident=document.incident, kind=Milestone.Kind.IMPACT_STARTED).update(
        state=Milestone.State.RECORDED, at=STARTED, precision="minute"
    )
    weigh(document, COE182=Level.REASON)
    finding = found(document, "COE182")
    waive_finding(document, key=finding.key, reason=WHY, by=people.owner)
    make_transition(document, to=State.IN_REVIEW, by=people.owner)
    approve(document, by=people.manager)
    Document.objects.filter(pk=other.pk).update(is_restricted=True)
    publish(fresh(document), by=people.owner)
    assert [each[1:] for each in told(printable(fresh(document)))] == [
        (finding.sentence, WHY, "Owner")
    ]


def test_a_reopened_text_is_asked_again(waived: Document, people: People) -> None:
    make_transition(waived, to=State.IN_REVIEW, by=people.owner)
    approve(waived, by=people.manager)
    reopen(waived, by=people.owner)
    weigh(waived, COE101=Level.HINT)
    assert told(printable_working_copy(fresh(waived))) == []


@pytest.mark.parametrize("change", ["more", "other", "earlier"])
def test_reasons_of_an_approval_only_ever_get_less(
    change: str, waived: Document, people: People
) -> None:
    make_transition(waived, to=State.IN_REVIEW, by=people.owner)
    approve(waived, by=people.manager)
    ((reason,), signed) = (SignOff.objects.get().waivers, SignOff.objects.all())
    others: dict[str, Any] = {
        "more": [reason, reason | {"check": "Another"}],
        "other": [reason | {"reason": "Another."}],
        "earlier": [reason | {"at": "2026-01-01T10:00:00Z"}],
    }
    with pytest.raises(DatabaseError, match="a sign-off stands"), transaction.atomic():
        signed.update(waivers=others[change])
    with pytest.raises(DatabaseError, match="a sign-off stands"), transaction.atomic():
        signed.update(note="Another.")
    assert signed.update(waivers=[]) == 1


def test_a_reason_for_what_is_mended_is_told_no_more(waived: Document, people: People) -> None:
    write(waived, "The errors per minute.", by=people.owner, slug="metrics")
    assert told(printable_working_copy(fresh(waived))) == []


def test_the_page_and_the_paper_tell_it_beside_the_approval(
    waived: Document, people: People, client: Client
) -> None:
    publish_it(waived, people)
    page = words(get(client, people.stranger, f"/coes/{waived.reference}/"))
    paper = " ".join(html_of(printable(fresh(waived))).split())
    assert f"Left as it is, for a reason {NO_GRAPH} {' '.join(WHY.split())} Owner," in page
    assert "Left as it is, for a reason" in paper
    assert f"<td>{NO_GRAPH}</td>" in paper
    assert page.index("Approved by Manager") < page.index("Left as it is, for a reason")


def test_without_any_nothing_is_said(document: Document, people: People, client: Client) -> None:
    weigh(document)
    publish_it(document, people)
    page = words(get(client, people.stranger, f"/coes/{document.reference}/"))
    assert "Left as it is" not in page + html_of(printable(fresh(document)))


def test_the_forms_tell_it_and_do_not_read_it_back(waived: Document, people: People) -> None:
    publish_it(waived, people)
    text = printable(fresh(waived))
    plain: Any = json.loads(write_json(text))
    (waiver,) = plain["envelope"]["waivers"]
    assert (waiver["sentence"], waiver["reason"], waiver["name"]) == (NO_GRAPH, WHY, "Owner")
    markdown = write_markdown(text)
    assert b"- Left as it is by Owner at " in markdown
    assert read_json(write_json(text)).snapshot == text.snapshot
    assert read_markdown(markdown).snapshot == text.snapshot


def test_a_version_from_before_there_were_reasons_is_read(
    document: Document, people: People
) -> None:
    """Its envelope says nothing of them."""
    weigh(document)
    publish_it(document, people)
    current = document.publications.get()
    del current.envelope["waivers"]
    assert told(printable_publication(document, current)) == []
