from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from coe.accounts.models import User
from coe.actions.models import ActionItem, Priority
from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, DocumentRow
from coe.documents.rows import add_row
from coe.text.instants import Instant
from coe.timeline.models import Entry
from coe.timeline.services import add_entry
from coe.whys.models import Cause, Safeguard
from coe.whys.services import add_cause
from tests.editor.writer import Writer, signed_in
from tests.people import People
from tests.permissions.world import make_pages_quick


@pytest.fixture(autouse=True)
def quick_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    make_pages_quick(monkeypatch)


@pytest.fixture
def owner(people: People, document: Document) -> Writer:
    return Writer(signed_in(people.owner), document)


@pytest.fixture
def contributor(people: People, document: Document) -> Writer:
    return Writer(signed_in(people.contributor), document)


def new_entry(document: Document, by: User, text: str = "Alarm", minute: int = 14) -> Entry:
    instant = Instant(datetime(2026, 11, 14, 10, minute, tzinfo=UTC))
    return add_entry(document, uid=uuid4(), instant=instant, text=text, by=by)


def new_cause(document: Document, by: User, text: str = "Why", *explains: Cause) -> Cause:
    values = {"text": text, "kind": "", "confidence": "likely", "evidence": ""}
    return add_cause(document, uid=uuid4(), values=values, explains=explains, by=by)


def new_action(
    document: Document, by: User, title: str = "Do", cause: Cause | None = None
) -> ActionItem:
    values = {
        "title": title,
        "done_when": "",
        "owner_id": by.pk,
        "due_on": None,
        "priority": Priority.P2,
        "kind": "",
        "cause_id": cause and cause.pk,
        "tracker": "",
    }
    return add_row(ActionItem, document=document, uid=uuid4(), values=values, by=by)


@pytest.fixture
def entry(document: Document, people: People) -> Entry:
    return new_entry(document, people.owner)


@pytest.fixture
def cause(document: Document, people: People) -> Cause:
    return new_cause(document, people.owner)


@pytest.fixture
def action(document: Document, people: People, cause: Cause) -> ActionItem:
    return new_action(document, people.owner, "Add an alarm", cause)


@pytest.fixture
def contents(people: People, document: Document) -> dict[str, DocumentRow]:
    """A row of each kind that has no room of its own, by its panel."""

    def add(model: type[DocumentRow], **values: Any) -> DocumentRow:
        return add_row(model, document=document, uid=uuid4(), values=values, by=people.owner)

    return {
        "figures": add(ImpactFigure, what="Uploads", amount=Decimal(3), source="measured"),
        "safeguards": add(Safeguard, name="Review", kind="review", outcome="held"),
        "lessons": add(Lesson, kind="well", text="Somebody looked"),
        "related": add(RelatedItem, kind="page", title="The status page"),
    }


@pytest.fixture
def rows(
    entry: Entry, cause: Cause, action: ActionItem, contents: dict[str, DocumentRow]
) -> dict[str, Any]:
    return {"timeline": entry, "causes": cause, "actions": action, **contents}
