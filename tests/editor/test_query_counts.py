"""The page of the workspace asks the database as often for a long COE as for a short one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coe.accounts.models import User
from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, DocumentRow
from coe.whys.models import Safeguard
from tests.editor.conftest import new_action, new_cause, new_entry
from tests.editor.writer import Writer
from tests.people import People

COUNTS = {
    "": 29,
    "?add=causes": 33,
    "?add=actions": 31,
    "?add=figures": 29,
    "?add=safeguards": 29,
    "?add=lessons": 29,
    "?add=related": 29,
}
"""By hand: session, person, COE, its team; 1 for how much is told of it; 1 for what its guide
asks; 12 for how far each stop has come; 6 more for the choices and the drawing of the panels; 1 for
who will approve it; 1 for what was published; 1 for who else is here, 1 for what the page knows of
the history; 1 for what is said about it; and 4 for the choices of a cause, 2 for those of an action
item."""
OF_THE_RAIL = 17
"""Session, person, COE, its team, 1 for what its guide asks, 12 for how far each stop has come."""
OF_THE_FINDINGS = 32
"""Session, person, COE; 12 for what is looked at, 1 for the rules of its guide, 1 for what other
COEs promise, 1 for what was answered; the team, 1 for what its guide asks, and 12 for what else
each stop is missing."""


def fill(document: Document, by: User, *, entries: int, causes: int, actions: int) -> None:
    """So many rows of the kinds that are told, and as many as actions of every other kind."""
    for number in range(entries):
        new_entry(document, by, f"Entry {number}", number % 60)
    made = [new_cause(document, by, "Cause 0")]
    for number in range(1, causes):
        effects = {made[number // 2].pk: made[number // 2], made[number // 3].pk: made[number // 3]}
        made.append(new_cause(document, by, f"Cause {number}", *effects.values()))
    for number in range(actions):
        new_action(document, by, f"Restore backup {number} of orders", made[number % causes])
    others: list[type[DocumentRow]] = [ImpactFigure, Safeguard, Lesson, RelatedItem]
    for model in others:
        add_many(model, document, actions)
    document.answers.update(text="Said")


def add_many(model: type[DocumentRow], document: Document, number: int) -> None:
    values = {
        ImpactFigure: [{"what": "Uploads"}],
        Safeguard: [{"name": "Review", "kind": "review", "outcome": "held"}],
        Lesson: [{"kind": kind, "text": "Looked"} for kind in Lesson.Kind.values],
        RelatedItem: [{"kind": kind, "title": "Here"} for kind in RelatedItem.Kind.values],
    }[model]
    model._default_manager.bulk_create(
        model(document=document, position=place, **values[place % len(values)])
        for place in range(1, number + 1)
    )


def queries(owner: Writer, query: str = "") -> int:
    with CaptureQueriesContext(connection) as captured:
        owner.open(query)
    return len(captured)


def queries_of_rail(owner: Writer) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert owner.client.get(owner.address("rail/")).status_code == 200
    return len(captured)


def queries_of_findings(owner: Writer) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = owner.client.get(owner.address("findings/"), headers={"HX-Request": "true"})
        assert answer.status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("entries", "causes", "actions"), [(3, 3, 3), (300, 60, 40)], ids=["short", "long"]
)
def test_the_page_asks_as_often_however_long_the_coe_is(
    owner: Writer, document: Document, people: People, entries: int, causes: int, actions: int
) -> None:
    fill(document, people.owner, entries=entries, causes=causes, actions=actions)
    owner.open()
    assert {query: queries(owner, query) for query in COUNTS} == COUNTS
    assert queries_of_rail(owner) == OF_THE_RAIL
    assert queries_of_findings(owner) == OF_THE_FINDINGS
