"""Every address x everybody x every situation, against the tables of `table.py`."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from coe.accounts.saving import as_seen
from coe.integrations.services import webhook_facts
from coe.notices.models import Kind
from coe.policies.comparison import digest_of_guide
from coe.policies.editing import question_facts
from coe.policies.models import Guide
from coe.policies.queries import guide_value
from coe.trackers.services import tracker_facts
from tests.permissions.routes import arguments_of, defaults, route_names
from tests.permissions.table import (
    OPEN_PAGES,
    OTHER_PAGES,
    Row,
    coe_rows,
    incident_and_team_rows,
    known_routes,
    page_answers,
)
from tests.permissions.world import (
    MISSING,
    NOT_SIGNED_IN,
    SIGNED_IN,
    SITUATIONS,
    World,
    address_arguments,
    plausible,
    undone,
)

pytestmark = pytest.mark.django_db

COE_ROUTES = sorted({row.route for row in coe_rows()})
METHODS = {(row.method, row.route) for row in coe_rows()}


AS_TABLE = b"Id,New state\r\n00000000-0000-4000-8000-000000000000,Done\r\n"


def ask(client: Client, method: str, address: str, data: Any = None) -> HttpResponse:
    """The answer; what it did is undone."""
    with undone():
        if method in ("GET", "HEAD"):
            return client.generic(method, address)  # type: ignore[return-value]
        return client.post(address, data or {})  # type: ignore[return-value]


def test_the_tables_know_every_address_of_the_project() -> None:
    routes = route_names()
    assert len(routes) == len(set(routes)), "two patterns of one name hide each other"
    assert set(routes) == known_routes()


def test_the_table_names_every_situation_of_every_request() -> None:
    rows = coe_rows()
    assert len(rows) == len({str(row) for row in rows}) == len(METHODS) * len(SITUATIONS)


@pytest.mark.parametrize("row", coe_rows(), ids=str)
def test_a_coe_answers_everybody_as_the_table_says(world: World, row: Row) -> None:
    case = world.cases[row.situation]
    address = reverse(
        row.route, kwargs=address_arguments(row.route, case.reference, case.entry.uid)
    )
    data = plausible(row.route, case, world) if row.method == "POST" else None
    answers = {
        person: ask(world.client(person), row.method, address, data).status_code
        for person in SIGNED_IN
    }
    assert answers == row.answers


def head_routes() -> set[str]:
    """Pages that are also where their form is sent to."""
    both = {route for method, route in METHODS if method == "GET"}
    return {route for method, route in METHODS if method == "POST" and route in both}


@pytest.mark.parametrize("route", sorted(head_routes()))
def test_who_asks_for_the_head_of_a_page_with_a_form_sends_nothing(
    world: World, route: str
) -> None:
    for situation in ("draft", "published"):
        case = world.cases[situation]
        address = reverse(route, kwargs=address_arguments(route, case.reference, case.entry.uid))
        page, head = (ask(world.client("owner"), method, address) for method in ("GET", "HEAD"))
        assert (head.status_code, head.get("Location")) == (page.status_code, page.get("Location"))


@pytest.mark.parametrize("situation", ["draft", "restricted_published"])
@pytest.mark.parametrize(("method", "route"), sorted(METHODS))
def test_who_may_not_know_of_it_gets_the_answer_of_a_reference_that_does_not_exist(
    world: World, method: str, route: str, situation: str
) -> None:
    row = next(each for each in coe_rows() if str(each) == f"{method} {route} {situation}")
    case = world.cases[situation]
    data = plausible(route, case, world)
    for person in [person for person, answer in row.answers.items() if answer == 404]:
        client = world.client(person)
        there, missing = (
            ask(
                client,
                method,
                reverse(route, kwargs=address_arguments(route, reference, case.entry.uid)),
                data,
            )
            for reference in (case.reference, MISSING)
        )
        assert _shown(there) == _shown(missing)


def _shown(response: HttpResponse) -> tuple[Any, ...]:
    """An answer without what differs each time: the token of the sign-out form, and the ETag."""
    text = response.content.decode()
    _, _, after = text.partition('name="csrfmiddlewaretoken" value="')
    headers = {name: value for name, value in response.headers.items() if name != "ETag"}
    return response.status_code, headers, text.replace(after[:64], "")


@pytest.mark.parametrize("route", COE_ROUTES)
def test_the_other_method_is_refused_to_everybody(world: World, route: str) -> None:
    case = world.cases["draft"]
    address = reverse(route, kwargs=address_arguments(route, case.reference, case.entry.uid))
    for method in {"GET", "POST"} - {method for method, name in METHODS if name == route}:
        for person in SIGNED_IN:
            assert ask(world.client(person), method, address).status_code == 405
    assert world.client("owner").put(address).status_code == 405
    assert world.client("owner").delete(address).status_code == 405


KNOWN: dict[str, Any] = {"title": "No backup", "zone": "UTC", "severity": 3, "version": 1}


@pytest.mark.parametrize("row", incident_and_team_rows(), ids=str)
def test_an_incident_and_a_team_answer_everybody_as_the_table_says(world: World, row: Row) -> None:
    address, data = incident_or_team_address(world, row), KNOWN | {"reason": "It was a drill."}
    data["team"] = world.teams["storage"].pk
    answers = {
        person: ask(world.client(person), row.method, address, data).status_code
        for person in SIGNED_IN
    }
    assert answers == row.answers
    for person in NOT_SIGNED_IN:
        answer = ask(world.client(person), row.method, address, data)
        assert answer["Location"] == f"{reverse('sign_in')}?next={address}"
    if row.method == "POST":
        with_checks = world.client("manager", with_csrf_checks=True)
        assert ask(with_checks, "POST", address, data).status_code == 403
    other = "GET" if row.method == "POST" else "POST"
    assert ask(world.client("manager"), other, address).status_code == 405


def incident_or_team_address(world: World, row: Row) -> str:
    if row.situation in world.teams:
        return reverse(row.route, args=[world.teams[row.situation].pk])
    return reverse(row.route, args=[world.incidents[row.situation].uid])


@pytest.mark.parametrize("person", NOT_SIGNED_IN)
@pytest.mark.parametrize(("method", "route"), sorted(METHODS))
def test_a_coe_sends_who_is_not_signed_in_to_sign_in(
    world: World, method: str, route: str, person: str
) -> None:
    for situation in ("draft", "published"):
        case = world.cases[situation]
        address = reverse(route, kwargs=address_arguments(route, case.reference, case.entry.uid))
        answer = ask(world.client(person), method, address, plausible(route, case, world))
        assert (answer.status_code, answer["Location"]) == (
            302,
            f"{reverse('sign_in')}?next={address}",
        )


@pytest.mark.parametrize(("method", "route"), sorted(page_answers(OTHER_PAGES)))
def test_other_pages_answer_everybody_as_the_table_says(
    world: World, method: str, route: str
) -> None:
    expected, of_administrator = page_answers(OTHER_PAGES)[method, route]
    address = page_address(world, route)
    answers = {
        person: ask(world.client(person), method, address, page_data(world, route)).status_code
        for person in SIGNED_IN
    }
    assert answers == {**dict.fromkeys(SIGNED_IN, expected), "admin": of_administrator}


@pytest.mark.parametrize("person", NOT_SIGNED_IN)
@pytest.mark.parametrize(("method", "route"), sorted(page_answers(OTHER_PAGES)))
def test_other_pages_send_who_is_not_signed_in_to_sign_in_unless_they_are_open(
    world: World, method: str, route: str, person: str
) -> None:
    expected, _ = page_answers(OPEN_PAGES).get((method, route), (302, 302))
    address = page_address(world, route)
    answer = ask(world.client(person), method, address, page_data(world, route))
    assert answer.status_code == expected
    if expected == 302:
        assert answer["Location"] == f"{reverse('sign_in')}?next={address}"


@pytest.mark.parametrize("route", sorted({route for _, route in page_answers(OTHER_PAGES)}))
def test_other_pages_refuse_the_other_method(world: World, route: str) -> None:
    address = page_address(world, route)
    for method in ("GET", "POST"):
        if (method, route) not in page_answers(OTHER_PAGES):
            assert ask(world.client("admin"), method, address).status_code == 405


NOBODYS = {"pk": 0, "version": 99}


@pytest.mark.parametrize(
    ("method", "route"),
    sorted(each for each in page_answers(OTHER_PAGES) if NOBODYS.keys() & arguments_of(each[1])),
)
def test_who_is_no_administrator_does_not_learn_who_or_what_there_is(
    world: World, method: str, route: str
) -> None:
    address = reverse(route, kwargs=defaults(route, **NOBODYS))
    assert ask(world.client("owner"), method, address).status_code == 403
    assert ask(world.client("admin"), method, address).status_code == 404


OF_WEBHOOKS = (
    "webhook",
    "edit_webhook",
    "renew_webhook_secret",
    "pause_webhook",
    "resume_webhook",
    "try_webhook",
    "send_all_again",
    "remove_webhook",
)

OF_TRACKERS = ("tracker", "edit_tracker", "try_tracker", "remove_tracker")


def page_address(world: World, route: str) -> str:
    """The address of a page of no COE, with somebody, a team or a service that is there."""
    keys = {
        "team": world.teams["payments"].pk,
        "team_calendar": world.teams["payments"].pk,
        "service": world.service.pk,
        "deactivate_person": world.people["stranger"].pk,
        "try_job_again": world.failed_job.pk,
        "team_chat": world.teams["payments"].pk,
        "send_again": world.delivery.pk,
        **dict.fromkeys(OF_WEBHOOKS, world.delivery.webhook_id),
        **dict.fromkeys(OF_TRACKERS, world.tracker.pk),
    }
    values = defaults(route, pk=keys.get(route, world.people["colleague"].pk))
    return reverse(route, kwargs=values)


def page_data(world: World, route: str) -> dict[str, Any]:
    """What a browser would send to a page of no COE, correct in every field."""
    storage = world.teams["storage"].pk
    bodies: dict[str, dict[str, Any]] = {
        "coe_new": {
            "uid": "7f9c24e8-3b12-4fef-91e0-5d2b4f0a8c11",
            "title": "Payments were taken twice",
            "zone": "UTC",
            "severity": 2,
            "team": storage,
        },
        "incident_new": {
            "uid": "2b1f6c52-94c1-4b55-8a3e-0c1f2d3e4a5b",
            "title": "Backups were empty",
            "zone": "UTC",
            "severity": 3,
            "team": storage,
        },
        "notice_settings": {**dict.fromkeys(Kind, "daily"), "hour": 8, "zone": ""},
        "watch_more": {"team": storage},
        "action_views": {"name": "Late in my team", "query": "late=on"},
        "action_import": {"table": ContentFile(AS_TABLE, name="table.csv")},
        "sign_in": {"email": "nobody@example.org", "password": "wrong password"},
        "password_reset": {"email": "nobody@example.org"},
        "invite": {"email": "new@example.org", "name": "New"},
        "person": {"email": "colleague@example.org", "name": "Colleague", "team": storage},
        "add_team": {"name": "Search", "zone": "UTC"},
        "team": {"name": "Payments", "parent": world.teams["company"].pk, "zone": "UTC"},
        "add_service": {"name": "Search", "team": storage},
        "service": {"name": "Uploads", "team": storage},
        "team_chat": {"address": "https://chat.example.com/in"},
        "add_webhook": {
            "name": "Board",
            "address": "https://board.example.com/in",
            "events": ["coe.published"],
        },
        "add_tracker": {
            "kind": "github",
            "name": "Shop",
            "address": "https://github.com",
            "project": "octo/shop",
            "token": "secret",
        },
        "edit_tracker": {
            **tracker_facts(world.tracker),
            "name": "Shop",
            "seen": as_seen(tracker_facts(world.tracker)),
        },
        "edit_webhook": {
            "name": "Board",
            "events": ["coe.published"],
            "seen": as_seen(webhook_facts(world.delivery.webhook)),
        },
        "redact": {
            "step": "remove",
            "reference": world.cases["draft"].reference,
            "secret": world.cases["draft"].word,
            "reason": "A password was pasted",
        },
    }
    return {**bodies, **guide_data()}.get(route, {})


def guide_data() -> dict[str, dict[str, Any]]:
    """Likewise for the pages on which the guide is written."""
    draft = Guide.objects.get(version=2)
    facts = question_facts(draft.questions.get(slug="who"))
    return {
        "publish_guide": {"seen": digest_of_guide(guide_value(draft))},
        "drop_guide": {"seen": digest_of_guide(guide_value(draft))},
        "add_question": {"part": "impact", "text": "What did customers do to get by?"},
        "guide_question": {"part": "impact", "text": "Who was hit?", "seen": as_seen(facts)},
        "move_question": {"to": "down"},
        "guide_ruling": {"value": "hint", "category": "security"},
        "guide_reviewers": {"who": "leaders", "severity": "1"},
    }


@pytest.mark.parametrize(
    ("method", "route"),
    sorted(each for each in [*METHODS, *page_answers(OTHER_PAGES)] if each[0] == "POST"),
)
def test_a_post_without_its_token_is_refused(world: World, method: str, route: str) -> None:
    case = world.cases["draft"]
    if "reference" in arguments_of(route):
        address = reverse(route, kwargs=address_arguments(route, case.reference, case.entry.uid))
        data = plausible(route, case, world)
    else:
        address, data = page_address(world, route), page_data(world, route)
    for person in ("owner", "admin"):
        client = world.client(person, with_csrf_checks=True)
        assert ask(client, method, address, data).status_code == 403
