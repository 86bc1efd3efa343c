"""What of each request is written down, what is not, and what it costs."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.signals import request_finished
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from coe.accounts.models import User
from coe.audit.models import AuditEvent
from coe.documents import readers
from coe.documents.models import Document
from tests.documents.making import make_document
from tests.editor.writer import signed_in
from tests.people import People

pytestmark = pytest.mark.django_db

Told = tuple[str, str, bool, int]


@pytest.fixture
def restricted(document: Document) -> Document:
    Document.objects.filter(pk=document.pk).update(is_restricted=True)
    return document


def told() -> list[Told]:
    """Who, what, of a restricted COE or not, and with which answer; the first one first."""
    events = AuditEvent.objects.select_related("person").order_by("pk")
    return [
        (each.person.name.lower(), each.kind, each.is_restricted, each.status) for each in events
    ]


def get(person: User, document: Document, page: str = "", **headers: str) -> int:
    answer = signed_in(person).get(f"/coes/{document.reference}{page}", headers=headers)
    return answer.status_code


@pytest.mark.parametrize("page", ["/", "/draft/", "/history/", "/edit/", "/edit/findings/"])
def test_reading_a_restricted_coe_is_written_down(
    restricted: Document, people: People, page: str
) -> None:
    assert get(people.contributor, restricted, page) == 200
    assert told() == [("contributor", "read", True, 200)]
    assert AuditEvent.objects.get().address == f"/coes/{restricted.reference}{page}"


@pytest.mark.parametrize("page", [".md", "/draft.json", "/timeline.csv"])
def test_taking_a_file_of_it_is_exporting(restricted: Document, people: People, page: str) -> None:
    assert get(people.contributor, restricted, page) == 200
    assert told() == [("contributor", "exported", True, 200)]


def test_a_stranger_is_refused_and_so_is_an_administrator(
    restricted: Document, people: People
) -> None:
    assert get(people.stranger, restricted, "/") == 404
    assert get(people.admin, restricted, "/draft/") == 404
    assert told() == [("stranger", "refused", True, 404), ("admin", "refused", True, 404)]
    assert [each.is_administrator for each in AuditEvent.objects.order_by("pk")] == [False, True]


def test_an_administrator_who_was_named_reads_it_and_is_marked_as_one(
    restricted: Document, people: People
) -> None:
    readers.name_reader(restricted, person=people.admin, by=people.owner)
    assert get(people.admin, restricted, "/") == 200
    event = AuditEvent.objects.get()
    assert (event.kind, event.is_administrator) == ("read", True)


def test_who_may_read_and_tries_to_do_more_is_refused(restricted: Document, people: People) -> None:
    readers.name_reader(restricted, person=people.stranger, by=people.owner)
    assert get(people.stranger, restricted, "/edit/") == 403
    assert told() == [("stranger", "refused", True, 403)]


def test_a_reference_that_nobody_has_is_refused_in_the_same_words(
    restricted: Document, people: People
) -> None:
    browser = signed_in(people.stranger)
    assert browser.get("/coes/COE-1999-0001/").status_code == 404
    event = AuditEvent.objects.get()
    assert (event.kind, event.reference, event.document_id) == ("refused", "COE-1999-0001", None)


def test_a_draft_of_another_team_is_refused_as_well(document: Document, people: People) -> None:
    assert get(people.stranger, document, "/") == 404
    assert told() == [("stranger", "refused", False, 404)]


def test_what_everybody_of_the_team_reads_is_nobodys_business(
    document: Document, people: People
) -> None:
    for page in ("/", "/draft/", "/draft.md", "/edit/"):
        get(people.colleague, document, page)
        get(people.owner, document, page)
    assert told() == []


def test_a_page_that_a_restricted_coe_does_not_have_is_no_refusal(
    restricted: Document, people: People
) -> None:
    assert get(people.owner, restricted, "/v/7/") == 404
    assert told() == []


def let_time_pass() -> None:
    """Two minutes, as if the database did not refuse it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE coe_auditevent SET at = at - interval '2 minutes'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_a_page_that_the_browser_has_kept_is_read_again(
    restricted: Document, people: People
) -> None:
    browser = signed_in(people.contributor)
    address = f"/coes/{restricted.reference}/"
    browser.get(address)
    tag = browser.get(address)["ETag"]
    let_time_pass()
    assert browser.get(address, headers={"If-None-Match": tag}).status_code == 304
    read = ("contributor", "read", True)
    assert told() == [(*read, 200), (*read, 304)]


def test_looking_again_within_a_minute_is_the_same_look(
    restricted: Document, people: People
) -> None:
    address = f"/coes/{restricted.reference}/draft/"
    long_ago = datetime.now(UTC) - timedelta(minutes=2)
    earlier = {"kind": "read", "reference": restricted.reference, "address": address}
    AuditEvent.objects.create(person=people.owner, at=long_ago, method="GET", status=200, **earlier)
    for _ in range(3):
        get(people.owner, restricted, "/draft/")
    get(people.owner, restricted, "/history/")
    get(people.contributor, restricted, "/draft/")
    assert [each.address[20:] for each in AuditEvent.objects.order_by("pk")] == [
        "draft/",
        "draft/",
        "history/",
        "draft/",
    ]


def test_each_export_and_each_refusal_is_written_down(restricted: Document, people: People) -> None:
    for _ in range(2):
        get(people.owner, restricted, ".md")
        get(people.stranger, restricted, "/")
    assert [kind for _, kind, _, _ in told()] == ["exported", "refused"] * 2


@pytest.mark.parametrize("header", ["X-Background", "HX-Request"])
def test_no_header_of_a_request_keeps_it_out_of_the_audit(
    restricted: Document, people: People, header: str
) -> None:
    get(people.contributor, restricted, "/draft/", **{header: "true"})
    assert told() == [("contributor", "read", True, 200)]


def test_signs_of_life_and_saves_are_not_reading(restricted: Document, people: People) -> None:
    browser, address = signed_in(people.owner), f"/coes/{restricted.reference}/edit/"
    browser.post(f"{address}here/", {"place": "summary", "since": "0"})
    browser.post(f"{address}sections/summary/", {"text": "More", "version": 1})
    assert told() == []


def test_an_administrator_who_looks_for_a_secret_in_it_is_written_down(
    restricted: Document, document: Document, people: People
) -> None:
    other = make_document(people.owner)
    for each in (restricted, other):
        looked = {"reference": each.reference, "secret": "hunter22", "step": "look"}
        assert signed_in(people.admin).post("/administration/redact/", looked).status_code == 200
    assert told() == [("admin", "searched", True, 200)]


def test_it_costs_one_statement_of_a_restricted_coe_and_none_of_another(
    document: Document, people: People
) -> None:
    browser = signed_in(people.owner)
    address = f"/coes/{document.reference}.md"
    browser.get(address)
    counts = []
    for is_restricted in (False, True):
        Document.objects.update(is_restricted=is_restricted)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[1] == counts[0] + 1


def test_a_refusal_is_written_when_the_answer_was_sent(
    restricted: Document, people: People
) -> None:
    handler = BaseHandler()
    handler.load_middleware()
    request = RequestFactory().get(f"/coes/{restricted.reference}/")
    name = settings.SESSION_COOKIE_NAME
    request.COOKIES[name] = signed_in(people.stranger).cookies[name].value
    answer = handler.get_response(request)
    assert (answer.status_code, told()) == (404, [])
    request_finished.disconnect(close_old_connections)  # this test goes on with the same one
    answer.close()
    request_finished.connect(close_old_connections)
    assert told() == [("stranger", "refused", True, 404)]


def statements(browser: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 404
    return [re.sub(r"'[^']*'::timestamptz", "now", each["sql"]) for each in captured]


@pytest.mark.parametrize("page", ["/", "/draft/", "/edit/", ".pdf", "/draft.json", "/history/"])
def test_a_restricted_coe_is_looked_for_in_the_words_for_one_that_does_not_exist(
    restricted: Document, people: People, page: str
) -> None:
    browser = signed_in(people.stranger)
    statements(browser, f"/coes/COE-1999-0002{page}")
    there = statements(browser, f"/coes/{restricted.reference}{page}")
    missing = statements(browser, f"/coes/COE-1999-0001{page}")
    assert [sql.replace(restricted.reference, "COE-1999-0001") for sql in there] == missing
    assert "INSERT INTO coe_auditevent" in missing[-1]


@pytest.fixture
def event(restricted: Document, people: People) -> AuditEvent:
    get(people.stranger, restricted, "/")
    return AuditEvent.objects.get()


@pytest.mark.parametrize(
    "values", [{"kind": "read"}, {"person": None}, {"is_restricted": False}, {"address": "/"}]
)
def test_no_part_of_it_can_be_changed(event: AuditEvent, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(**values)


@pytest.mark.parametrize("statement", ["DELETE FROM coe_auditevent", "TRUNCATE coe_auditevent"])
def test_nothing_of_it_can_be_removed(event: AuditEvent, statement: str) -> None:
    with (
        pytest.raises(IntegrityError, match="only ever added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.fixture
def audit_that_takes_nothing(transactional_db: None) -> Iterator[None]:
    name = "takes_nothing"
    add = f"ALTER TABLE coe_auditevent ADD CONSTRAINT {name} CHECK (false) NOT VALID"
    with connection.cursor() as cursor:
        cursor.execute(add)
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE coe_auditevent DROP CONSTRAINT {name}")


@pytest.mark.django_db(transaction=True)
def test_a_page_is_there_also_where_the_audit_cannot_be_written(
    audit_that_takes_nothing: None,
    restricted: Document,
    people: People,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert get(people.owner, restricted, "/") == 200
    assert get(people.stranger, restricted, "/") == 404
    assert told() == []
    assert [each.message.split(":")[0] for each in caplog.records if "audit" in each.name] == [
        "The audit misses one event",
        "The audit misses one event",
    ]
