"""The list of action items with ten thousand of them, side by side with a hundred.

Two databases of the same people and teams, in turn in one process, through the whole handler. A
COE has four action items; one COE in ten is restricted, and three items in ten are settled.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, connections
from django.test import Client, override_settings

from bench.pairs import Figure, in_turn
from coe.accounts.models import Team, User
from coe.actions.models import ActionItem, Promise, PromiseState
from coe.database import embedded
from coe.documents.models import Document
from coe.incidents.models import Incident, Service
from coe.policies.services import current_guide
from coe.whys.models import Cause
from tests.own_database import new_name

FEW, MANY = 100, 10_000
OF_A_COE = 4
PLAIN_STORAGE = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TEAMS, PEOPLE, SERVICES = 24, 60, 20
ASKED = 6
"""Times that each address is asked for in each run."""
MOST: Final = 1.2
DAY: Final = date(2026, 11, 22)

OFTEN: Final = 3
"""Of five items three have the same owner, team, service, kind of cause and so on, so that either
side has a full page to draw, whatever is filtered."""

ADDRESSES = {
    "the list": "",
    "any state": "?state=any",
    "done": "?state=done",
    "waits to be verified": "?waiting=verification",
    "waits for a decision": "?waiting=decision&state=any",
    "a team with all below it": "?team={team}&state=any",
    "a service": "?service={service}&state=any",
    "a kind of cause": "?cause=contributing&state=any",
    "an owner": "?owner={owner}&state=any",
    "mine": "?owner=me&state=any",
    "nobody's": "?owner=nobody&state=any",
    "a priority": "?priority=1&state=any",
    "a severity": "?severity=2&state=any",
    "a kind": "?kind=detect&state=any",
    "due in a year": "?since=2025-11-01&until=2026-10-31&state=any",
    "words": "?q=retries&state=any",
    "a single ticket": "?q=PRC-00042&state=any",
    "a single COE": "?coe=COE-2026-0001&state=any",
    "late": "?late=on",
    "moved": "?moved=on&state=any",
    "many at once": "?team={team}&priority=1&late=on&group=service",
    "by priority": "?sort=priority&state=any",
    "by severity": "?sort=severity&state=any",
    "by moves": "?sort=moved&state=any",
    "by rest": "?sort=resting&state=any",
    "grouped by team": "?group=team&state=any",
    "grouped by kind of cause": "?group=cause&state=any",
    "grouped by service": "?group=service&state=any",
    "grouped by owner": "?group=owner&state=any",
    "still to be done by team": "?group=team",
    "a later page": "?after=1~1~2026-01-15&state=any",
    "a later page by team": "?group=team&state=any&after=30~1~2026-01-15~{team}~team 01",
}
"""Every filter, every order and every group, and some of them together."""


def fill(number: int) -> None:
    """An organisation with so many action items."""
    teams = [Team(name=f"Team {each:02}", zone="Europe/Berlin") for each in range(TEAMS)]
    Team.objects.bulk_create(teams)
    for each, team in enumerate(teams[1:], 1):
        Team.objects.filter(pk=team.pk).update(parent=teams[(each - 1) // 3])
    people = [
        User(email=f"p{each}@example.org", name=f"Person {each:02}", team=teams[each % TEAMS])
        for each in range(PEOPLE)
    ]
    User.objects.bulk_create(people)
    services = [
        Service(name=f"Service {each}", team=teams[each % TEAMS]) for each in range(SERVICES)
    ]
    Service.objects.bulk_create(services)
    documents = _documents(number // OF_A_COE, teams, people, services)
    kinds, causes = ActionItem.Kind.values, Cause.Kind.values
    Promise.objects.bulk_create(
        Promise(
            document=documents[each // OF_A_COE],
            uid=UUID(int=each),
            owner=people[_place(each, PEOPLE)],
            kind=kinds[_place(each, len(kinds))],
            cause_kind=causes[_place(each, len(causes))],
            priority=_place(each, 4),
            **_written(each, documents[each // OF_A_COE].incident, number),
        )
        for each in range(number)
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _place(each: int, among: int) -> int:
    """The second of a list for three of five, any of it for the others."""
    return 1 if each % 5 < OFTEN else each % among


def _written(each: int, incident: Incident, number: int) -> dict[str, Any]:
    """Due over the same two years however many there are; what is long past is settled."""
    due = DAY + timedelta(days=-600 + each * 797 % number * 720 // number)
    is_settled = each % 10 >= 7
    finished: dict[str, Any] = {}
    state = (PromiseState.ACCEPTED, PromiseState.IN_PROGRESS)[each % 2]
    if is_settled:
        state = (PromiseState.VERIFIED, PromiseState.DONE)[each % 5 == 0]
        day = {"done_on": due, "verify_from": due + timedelta(days=30)}
        finished = {**day, "done_by": incident.document.owner}
    return {
        "title": f"Limit the retries of client {each % 97} in region {each % 13}",
        "state": state,
        "due_on": due,
        "first_due_on": due,
        "moves": int(each % 5 == 0),
        "team": incident.team,
        "service": incident.service,
        "severity": incident.severity,
        "tracker": f"PRC-{each:05}",
        **finished,
    }


def _documents(
    number: int, teams: list[Team], people: list[User], services: list[Service]
) -> list[Document]:
    guide = current_guide()
    incidents = [
        Incident(
            title=f"Uploads failed {each}",
            severity=each % 4 + 1,
            team=teams[_place(each, TEAMS)],
            service=services[_place(each, SERVICES)],
            opened_by=people[each % PEOPLE],
        )
        for each in range(number)
    ]
    Incident.objects.bulk_create(incidents)
    documents = [
        Document(
            reference=f"COE-2026-{each:04}",
            incident=incident,
            owner=people[each % PEOPLE],
            guide=guide,
            current_version=1,
            is_restricted=each % 10 == 0,
        )
        for each, incident in enumerate(incidents, 1)
    ]
    return Document.objects.bulk_create(documents)


class Organisation:
    """One database with so many action items, and somebody who looks at them."""

    def __init__(self, number: int, name: str) -> None:
        self.connection = connections.create_connection("default")
        self.connection.settings_dict = {**connection.settings_dict, "NAME": name}
        self.use()
        fill(number)
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(User.objects.get_by_natural_key("p3@example.org"))

    def use(self) -> None:
        connections["default"] = self.connection

    def ask(self, address: str) -> float:
        self.use()
        began = perf_counter()
        answer = self.client.get(f"/actions/{address}")
        took = perf_counter() - began
        assert answer.status_code == 200, (address, answer.status_code)
        return took * 1000


def of_the_action_items(runs: int) -> Iterator[Figure]:
    """In two databases of the checkout's server, gone afterwards."""
    own: dict[str, Any] = settings.DATABASES["default"]
    own.setdefault("TEST", {})["NAME"] = new_name()
    given, ours = own["NAME"], connections["default"]
    storages = {"staticfiles": PLAIN_STORAGE}
    with (
        embedded.running(Path(settings.BASE_DIR)),
        override_settings(STORAGES=storages, SECURE_SSL_REDIRECT=False, DEBUG=False),
    ):
        few_name = connection.creation.create_test_db(verbosity=0, serialize=False)
        connection.creation.clone_test_db("many", verbosity=0)
        many_name = connection.creation.get_test_db_clone_settings("many")["NAME"]
        try:
            few, many = Organisation(FEW, few_name), Organisation(MANY, many_name)
            yield from against_a_hundred(many, few, runs)
            few.connection.close()
            many.connection.close()
        finally:
            connections["default"] = ours
            connection.creation.destroy_test_db(few_name, verbosity=0, suffix="many")
            connection.creation.destroy_test_db(given, verbosity=0)


def against_a_hundred(many: Organisation, few: Organisation, runs: int) -> Iterator[Figure]:
    many.use()
    values = {
        "team": Team.objects.get(name="Team 01").pk,
        "service": Service.objects.get(name="Service 1").pk,
        "owner": User.objects.get_by_natural_key("p1@example.org").pk,
    }
    ours: list[float] = []
    theirs: list[float] = []
    for name, query in ADDRESSES.items():
        address = query.format(**values)
        mine, yours = in_turn(
            runs * ASKED,
            lambda address=address: many.ask(address),  # type: ignore[misc]
            lambda address=address: few.ask(address),  # type: ignore[misc]
        )
        yield Figure(f"{MANY} action items against {FEW}: {name}", "ms", mine, yours, MOST)
        ours += mine
        theirs += yours
    yield Figure(f"{MANY} action items against {FEW}: all of these", "ms", ours, theirs, MOST)
