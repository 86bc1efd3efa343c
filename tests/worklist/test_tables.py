"""The table that leaves, and the one that comes back with changes."""

import csv
import html
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coe.actions.models import Promise, PromiseEvent
from coe.audit.models import AuditEvent
from coe.documents.models import Document
from coe.exports.csv_tables import as_typed
from coe.history.models import HistoryEvent
from coe.notices.models import Notice
from coe.promises.holding import today_of
from coe.worklist.changes import preview
from coe.worklist.orders import Group
from coe.worklist.queries import catalogue, with_lines
from coe.worklist.reading import packed, read_changes, read_packed
from coe.worklist.table import table_of
from tests.library.pages import get, table, words
from tests.people import People
from tests.promises.promising import fresh, make_promise
from tests.reviews.steps import state_facts

HEAD = "COE,Id,New due date,New state,New ticket,Reason,Evidence"


def taken(response: Any) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read(client: Client, text: str | bytes) -> Any:
    content = text.encode() if isinstance(text, str) else text
    file = ContentFile(content, name="table.csv")
    return client.post("/actions/table/read/", {"table": file})


def shown(page: Any) -> dict[str, str]:
    """The hidden fields of the one form that does it."""
    found = re.findall(r'name="(digests|changes)" value="([^"]*)"', page.content.decode())
    return {name: html.unescape(value) for name, value in found}


def line(promise: Promise, **cells: str) -> str:
    names = ("due", "state", "ticket", "reason", "evidence")
    rest = [cells.get(name, "") for name in names]
    return ",".join([promise.document.reference, str(promise.uid), *rest])


def rows_there() -> tuple[int, ...]:
    models: Any = (PromiseEvent, HistoryEvent, Notice)
    return tuple(model.objects.count() for model in models)


def test_exactly_what_is_filtered_leaves_and_nothing_in_it_runs(
    people: People, document: Document, client: Client
) -> None:
    make_promise(document, people.owner, "=HYPERLINK(1)", due_on=date(2020, 1, 1))
    make_promise(document, people.owner, "Far away", due_on=date(2999, 1, 1))
    Promise.objects.update(dropped_at=None)
    (row,) = taken(get(client, people.stranger, "/actions/table/?late=on"))
    assert row["Title"] == "'=HYPERLINK(1)"
    assert (row["Due"], row["Late"], row["Owner"], row["New state"]) == (
        "2020-01-01",
        "yes",
        "Owner",
        "",
    )


def test_more_than_a_page_leaves_in_the_order_of_the_list(
    people: People, document: Document, client: Client
) -> None:
    for each in range(60):
        make_promise(
            document,
            people.owner,
            f"Item {each:02}",
            due_on=date(2026, 1, 1) + timedelta(days=each),
        )
    Promise.objects.update(dropped_at=None)
    told = [row["Title"] for row in taken(get(client, people.owner, "/actions/table/"))]
    assert told == [f"Item {each:02}" for each in range(60)]


def test_that_something_restricted_left_is_written_down(
    people: People, document: Document, client: Client
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    make_promise(document, people.owner)
    taken(get(client, people.stranger, "/actions/table/"))
    assert not AuditEvent.objects.filter(kind="exported").exists()
    (
        taken(get(client, people.manager, "/actions/table/")),
        taken(get(client, people.owner, "/actions/table/")),
    )
    exported = AuditEvent.objects.filter(kind="exported").values_list("person__name", "reference")
    assert list(exported) == [("Owner", document.reference)]


def test_a_table_is_shown_first_and_leaves_nothing_behind_then_it_is_done(
    people: People, document: Document, client: Client
) -> None:
    promise = make_promise(document, people.owner, due_on=date(2999, 1, 1))
    client.force_login(people.owner)
    before = rows_there()
    told = {"state": "in progress", "ticket": "PRC-7", "reason": "The vendor is late"}
    asked = f"{HEAD}\r\n{line(promise, due='2999-01-09', **told)}\r\n"
    page = read(client, asked)
    assert page.status_code == 200
    assert table(page) == [
        [
            "Alarm at 80 % full",
            "2",
            document.reference,
            "Due: 1 January 2999 9 January 2999 Ticket: none PRC-7 "
            "State: Accepted In progress The vendor is late",
        ]
    ]
    assert rows_there() == before
    assert fresh(promise).state == "accepted"
    done = client.post("/actions/table/apply/", shown(page))
    assert (done.status_code, done["Location"]) == (303, "/actions/table/done/")
    changed = client.get("/actions/table/done/")
    assert "1 item changed" in words(changed)
    assert table(changed) == [
        [
            "Alarm at 80 % full",
            "2",
            document.reference,
            "Due 9 January 2999 Ticket PRC-7 In progress",
        ]
    ]
    now = fresh(promise)
    assert (now.state, now.due_on, now.moves, now.tracker) == (
        "in_progress",
        date(2999, 1, 9),
        1,
        "PRC-7",
    )
    assert [each.note for each in now.events.filter(kind="moved")] == ["The vendor is late"]


def test_what_is_done_shows_evidence_and_the_same_table_again_changes_nothing(
    people: People, document: Document, client: Client
) -> None:
    promise = make_promise(document, people.owner)
    client.force_login(people.owner)
    asked = (
        f"{HEAD}\n{line(promise, state='Done', reason='It rang', evidence='https://example.org/7')}"
    )
    done = client.post("/actions/table/apply/", shown(read(client, asked)))
    assert done.status_code == 303
    assert fresh(promise).state == "done"
    assert "Nothing would change" in words(read(client, asked))


CHANGED: dict[str, dict[str, Any]] = {
    "what it asks for": {"state": "in_progress"},
    "something else of it": {"owner": None},
}


@pytest.mark.parametrize("changed", CHANGED)
def test_what_was_changed_since_the_preview_is_named_and_nothing_is_done(
    changed: str, people: People, document: Document, client: Client
) -> None:
    one, two = (make_promise(document, people.owner, name) for name in ("One", "Two"))
    Promise.objects.update(dropped_at=None)
    client.force_login(people.manager)
    later = "2999-01-09"
    cells = {"due": later, "reason": "The vendor is late"}
    page = read(client, f"{HEAD}\n{line(one, **cells)}\n{line(two, **cells)}")
    Promise.objects.filter(pk=two.pk).update(**CHANGED[changed])
    answer = client.post("/actions/table/apply/", shown(page))
    assert answer.status_code == 409
    assert "“Two” (line 3) has changed since you looked at this table" in words(answer)
    assert fresh(one).due_on == date(2026, 12, 15)


def test_what_did_not_come_back_whole_is_refused(
    people: People, document: Document, client: Client
) -> None:
    one = make_promise(document, people.owner, "One")
    client.force_login(people.owner)
    hidden = shown(read(client, f"{HEAD}\n{line(one, state='In progress')}"))
    nonsense = ("[[1]]", '[[Infinity, "", "", "", "", "", "", ""]]', "[[[[[")
    for broken in (*({"changes": each} for each in nonsense), {"digests": "a b"}, {"digests": ""}):
        assert client.post("/actions/table/apply/", hidden | broken).status_code == 409
    assert fresh(one).state == "accepted"


def test_what_was_done_is_told_as_far_as_one_may_see_it_by_then(
    people: People, document: Document, client: Client
) -> None:
    promise = make_promise(document, people.stranger, "One")
    client.force_login(people.stranger)
    assert "Nothing was changed" in words(client.get("/actions/table/done/"))
    page = read(client, f"{HEAD}\n{line(promise, state='In progress')}")
    client.post("/actions/table/apply/", shown(page))
    assert "One" in words(client.get("/actions/table/done/"))
    state_facts(document, is_restricted=True, by=people.owner)
    told = words(client.get("/actions/table/done/"))
    assert "1 item changed" in told
    assert "One" not in told


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9)
TITLES = st.builds(lambda mark, text: mark + text, st.sampled_from(["", *"=+-@'\"|%", "'="]), CELLS)
KEYS = TITLES.filter(lambda text: not {"/", ":"} & set(text))
"""Of tickets: whatever holds a slash or a colon is their address."""
TICKETS = st.sampled_from(["", "https://tracker.example/browse/PRC-1", "http://[::1]:8080/?id=1"])


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    titles=st.lists(TITLES, min_size=1, max_size=3),
    ticket=st.one_of(TICKETS, KEYS),
    state=st.sampled_from(["accepted", "in_progress", "did_not_hold"]),
    delimiter=st.sampled_from(",;\t"),
)
def test_a_table_that_comes_back_as_it_left_changes_nothing(
    titles: list[str],
    ticket: str,
    state: str,
    delimiter: str,
    people: People,
    document: Document,
) -> None:
    """Also where each item is asked to become what it is, in whatever its words begin with."""
    with transaction.atomic():
        for title in titles:
            make_promise(document, people.owner, title)
        Promise.objects.update(dropped_at=None, state=state, tracker=ticket)
        items = with_lines(catalogue(people.owner).items, Group.NONE).order_by("pk")
        text = "".join(table_of(items, moment=timezone.now()))
        with pytest.raises(ValidationError, match="No line asks for anything"):
            read_changes(text)
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        assert [as_typed(row["Title"]) for row in rows] == titles
        for row in rows:
            assert row["Title"][0] not in "=+-@"
            row |= {
                "New state": row["State"],
                "New ticket": row["Ticket"],
                "New due date": row["Due"],
            }
        back = io.StringIO(newline="")
        writer = csv.DictWriter(back, rows[0], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
        changes = read_changes(back.getvalue())
        assert read_packed(packed(changes)) == changes
        assert not any(each.steps or each.errors for each in preview(changes, by=people.owner))
        transaction.set_rollback(True)


def test_one_line_that_cannot_be_done_keeps_all_from_being_done(
    people: People, document: Document, client: Client
) -> None:
    mine = make_promise(document, people.owner, "Mine")
    client.force_login(people.owner)
    fine, wrong = line(mine, state="In progress"), line(mine, state="Verified")
    page = read(client, f"{HEAD}\n{fine}\n{wrong}")
    assert "1 line says why not" in words(page)
    assert not shown(page)
    assert fresh(mine).state == "accepted"


ERRORS = [
    ("stranger", {"state": "In progress"}, "Owner owns this and does that."),
    (
        "stranger",
        {"ticket": "PRC-1"},
        "The owner or whoever approves the COE names the ticket of this.",
    ),
    (
        "stranger",
        {"due": "2999-01-01", "reason": "x"},
        "The owner or whoever approves the COE moves this.",
    ),
    ("owner", {"due": "2999-01-01"}, "So far only who approves the COE moves it."),
    ("manager", {"due": "2999-01-01"}, "Say why, so that whoever waits for it understands."),
    ("owner", {"due": "2020-01-01", "reason": "x"}, "This day is past."),
    ("owner", {"due": "3/4/2999"}, "can be read in two ways"),
    ("owner", {"due": "soon"}, "“soon” is no day. Write it like 2026-11-22."),
    ("owner", {"state": "Finished"}, "“Finished” is no state."),
    ("owner", {"state": "Done", "reason": "It rang"}, "Show it: give an address, or add a file."),
    (
        "owner",
        {"state": "Won't do", "reason": "x"},
        "Its owner asks for this, and who approves the COE decides it.",
    ),
    ("owner", {"state": "Verified", "reason": "x"}, "so that is no longer possible."),
    ("owner", {"state": "Done", "reason": "x", "evidence": "javascript:x"}, "Enter a valid URL."),
    ("owner", {"state": "Done", "reason": "x", "evidence": "ftp://a.org/x"}, "Enter a valid URL."),
]


@pytest.mark.parametrize(("person", "cells", "said"), ERRORS)
def test_every_line_is_judged_by_what_the_person_may_do(
    person: str,
    cells: dict[str, str],
    said: str,
    people: People,
    document: Document,
    client: Client,
) -> None:
    promise = make_promise(document, people.owner)
    client.force_login(getattr(people, person))
    assert said in words(read(client, f"{HEAD}\n{line(promise, **cells)}"))


def test_what_one_may_not_see_is_answered_like_what_is_not_there(
    people: People, document: Document, client: Client
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    hidden = make_promise(document, people.owner)
    client.force_login(people.stranger)
    there = read(client, f"{HEAD}\n{line(hidden, state='Done')}")
    text = line(hidden, state="Done").replace(
        str(hidden.uid), "00000000-0000-4000-8000-000000000000"
    )
    missing = read(client, f"{HEAD}\n{text}")
    assert "There is no such item, or none that you may see." in words(there)
    assert table(there) == table(missing)


def test_a_spreadsheet_of_another_country_is_read_and_its_apostrophes_are_not(
    people: People, document: Document, client: Client
) -> None:
    promise = make_promise(document, people.owner)
    client.force_login(people.manager)
    later = today_of(promise) + timedelta(days=90)
    text = f"Id;New due date;New ticket;Reason\r\n{promise.uid};{later:%d.%m.%Y};'=7;Waits\r\n"
    page = read(client, b"\xef\xbb\xbf" + text.encode())
    assert "Ticket: none =7" in words(page)
    client.post("/actions/table/apply/", shown(page))
    assert (fresh(promise).due_on, fresh(promise).tracker) == (later, "=7")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "This file is empty."),
        (b"Title\r\nx\r\n", "names no column “Id”"),
        (b"Id,New state,new STATE\r\nx,Done,\r\n", "names the column “New state” twice"),
        (b"Id,New state\r\n", "No line asks for anything"),
        (b"Id,New state\r\nx,\r\n", "No line asks for anything"),
        (b"\xff\xfe", "This is no text in UTF-8."),
        (b"Id,New state\r\n" + b"x,Done\r\n" * 201, "Change at most 200 items at once."),
        (b'Id,New state\r\n"' + b"x" * 200_000 + b'",Done\r\n', "is no line of a table"),
    ],
)
def test_what_is_no_such_table_is_said(
    text: bytes, said: str, people: People, client: Client
) -> None:
    client.force_login(people.owner)
    page = read(client, text)
    assert page.status_code == 422
    assert said in words(page)
