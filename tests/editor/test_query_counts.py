"""The page of the workspace asks the database as often for a long COE as for a short one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coe.accounts.models import User
from coe.documents.models import Document
from tests.editor.conftest import new_action, new_cause, new_entry
from tests.editor.writer import Writer
from tests.people import People

COUNTS = {"": 18, "?add=causes": 20, "?add=actions": 20}
"""By hand: session, person, COE; 15 for the eight panels; 2 for the choices of a form for a row."""


def fill(document: Document, by: User, *, entries: int, causes: int, actions: int) -> None:
    for number in range(entries):
        new_entry(document, by, f"Entry {number}", number % 60)
    made = [new_cause(document, by, "Cause 0")]
    for number in range(1, causes):
        effects = {made[number // 2].pk: made[number // 2], made[number // 3].pk: made[number // 3]}
        made.append(new_cause(document, by, f"Cause {number}", *effects.values()))
    for number in range(actions):
        new_action(document, by, f"Action {number}", made[number % causes])


def queries(owner: Writer, query: str = "") -> int:
    with CaptureQueriesContext(connection) as captured:
        owner.open(query)
    return len(captured)


@pytest.mark.parametrize(
    ("entries", "causes", "actions"), [(3, 3, 3), (300, 60, 40)], ids=["short", "long"]
)
def test_the_page_asks_as_often_however_long_the_coe_is(
    owner: Writer, document: Document, people: People, entries: int, causes: int, actions: int
) -> None:
    fill(document, people.owner, entries=entries, causes=causes, actions=actions)
    assert {query: queries(owner, query) for query in COUNTS} == COUNTS
