"""Saving while one types: what the browser is told, and that a repeated attempt is one."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from coe.documents.models import Document
from coe.documents.services import remove_participant
from coe.documents.models import Participant
from coe.history.models import HistoryEvent
from coe.timeline.models import Entry
from tests.documents.making import approve
from tests.editor.kinds import ADDS, EDITS, Kind
from tests.editor.writer import Answer, Writer
from tests.people import People
from tests.web.pages import Reader

DRAFTED = [kind for kind in EDITS if kind.panel != "facts"]
TOKEN = UUID("5e7a1b9c-0d2f-4c3a-8b6e-1f2d3c4b5a69")


def hidden(answer: Answer) -> dict[str, str]:
    """The hidden fields that the answer hands back."""
    inputs = [attributes for tag, attributes in answer.reader.tags if tag == "input"]
    return {each["name"]: each["value"] for each in inputs}


def mark(answer: Answer, name: str) -> dict[str, str]:
    """The attributes of the one element that says what kind of answer it is."""
    (found,) = (attributes for _, attributes in answer.reader.tags if name in attributes)
    return found


@pytest.mark.parametrize("kind", DRAFTED, ids=str)
def test_a_draft_is_stored_and_answered_with_what_the_form_goes_on_from(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    before = kind.stored(document)
    sent = owner.form(kind.path, kind.query) | kind.typed
    answer = owner.draft(kind.path, sent)
    assert answer.status == 200
    assert kind.stored(document) != before
    more = {kind.main: "2026-11-14 03:00" if kind.panel == "milestones" else "And more"}
    again = owner.draft(kind.path, sent | hidden(answer) | more)
    assert again.status == 200


@pytest.mark.parametrize("kind", [*DRAFTED, *ADDS], ids=str)
def test_an_attempt_that_is_repeated_is_acknowledged_again_and_writes_nothing(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    sent = owner.form(kind.path, kind.query) | kind.typed
    first = owner.draft(kind.path, sent, token=TOKEN)
    events = HistoryEvent.objects.count()
    second = owner.draft(kind.path, sent, token=TOKEN)
    assert (first.status, second.status) == (200, 200)
    assert hidden(first) == hidden(second)
    assert HistoryEvent.objects.count() == events


