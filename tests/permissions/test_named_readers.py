"""Somebody who was named as a reader of restricted COEs, and is taken off again.

While they are named they get what a colleague gets of a COE that is not restricted, but for the
action item that is the colleague's own: they read all of it and change nothing. Afterwards they get
what a stranger does, from the next request on, from every address and in every list, in the browser
that was open all the time.
"""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from coe.accounts.models import Team, User
from coe.actions.models import Promise
from coe.documents import readers
from coe.documents.models import Document, Participant, ReaderRole
from coe.home.queries import to_finish
from coe.reviews.sight import stop_reviewer
from coe.web.errors import StaleAnswer
from tests.permissions.table import Row, coe_rows
from tests.permissions.test_every_address import _shown, ask
from tests.permissions.test_what_is_shown import references_in, text_of
from tests.permissions.world import MISSING, Case, World, address_arguments, plausible, undone

pytestmark = pytest.mark.django_db

PUBLISHED = {"published", "correction"}
RESTRICTED = {
    "restricted_draft": "draft",
    "restricted_in_review": "in_review",
    "restricted_published": "published",
    "restricted_correction": "correction",
}
"""By restricted situation: the same of a COE that its whole team reads."""
OF_RESTRICTED = [row for row in coe_rows() if row.situation in RESTRICTED]

OF_THE_OWNER = {
    "promise_step",
    "promise_due",
    "promise_wont_do",
    "promise_owner",
    "promise_take_back",
    "promise_ticket",
    "promise_open_ticket",
}
"""What the colleague does with the action item because it is theirs. Who only reads may not."""

TEAM = ReaderRole.Kind.TEAM


def by_name(world: World, case: Case) -> None:
    readers.name_reader(case.document, person=world.people["stranger"], by=world.people["owner"])


def off_by_name(world: World, case: Case) -> None:
    readers.drop_reader(case.document, person=world.people["stranger"], by=world.people["owner"])


@pytest.fixture
def named(world: World) -> Iterator[World]:
    """The stranger reads every restricted COE, until the test is over."""
    with undone():
        for situation in RESTRICTED:
            by_name(world, world.cases[situation])
        yield world


def take_off(world: World) -> None:
    for situation in RESTRICTED:
        off_by_name(world, world.cases[situation])


def answer_of(world: World, client: Client, row: Row, reference: str = "") -> HttpResponse:
    case = world.cases[row.situation]
    arguments = address_arguments(row.route, case.reference, case.entry.uid)
    address = reverse(row.route, kwargs={**arguments, "reference": reference or case.reference})
    data = plausible(row.route, case, world) if row.method == "POST" else None
    return ask(client, row.method, address, data)


def answer_by_hand(row: Row) -> int:
    if row.route in OF_THE_OWNER and RESTRICTED[row.situation] in PUBLISHED:
        return 403
    same = (row.method, row.route, RESTRICTED[row.situation])
    found = next(each for each in coe_rows() if (each.method, each.route, each.situation) == same)
    return found.answers["colleague"]


@pytest.mark.parametrize("row", OF_RESTRICTED, ids=str)
def test_every_address_answers_a_named_reader_and_is_not_there_for_who_was_taken_off(
    named: World, row: Row
) -> None:
    browser = named.client("stranger")
    assert answer_of(named, browser, row).status_code == answer_by_hand(row)
    take_off(named)
    browser.cookies.pop("messages", None)  # what was done is not told again below
    after = answer_of(named, browser, row)
    assert after.status_code == 404
    assert _shown(after) == _shown(answer_of(named, browser, row, MISSING))


LISTS = (
    "/coes/",
    "/coes/?state=published",
    "/coes/?state=draft",
    "/coes/?severity=2",
    "/coes/?q=lesson",
    "/coes/?q=xrestrictedpublished",
    "/actions/",
    "/",
)


def seen_in_lists(world: World, browser: Client) -> dict[str, set[str]]:
    pages = {address: text_of(browser.get(address)) for address in LISTS}  # type: ignore[arg-type]
    return {address: references_in(text, world) for address, text in pages.items()}


def test_every_list_count_and_search_holds_it_while_they_are_named_and_no_more(
    named: World,
) -> None:
    browser = named.client("stranger")
    while_named = seen_in_lists(named, browser)
    assert while_named["/coes/"] == PUBLISHED | set(RESTRICTED)
    assert while_named["/coes/?state=draft"] == {"restricted_draft", "restricted_correction"}
    assert while_named["/coes/?q=xrestrictedpublished"] == {"restricted_published"}
    assert while_named["/actions/"] == PUBLISHED | {"restricted_published", "restricted_correction"}
    take_off(named)
    assert seen_in_lists(named, browser) == seen_in_lists(named, named.client("leader"))
    assert not set(RESTRICTED) & set().union(*seen_in_lists(named, browser).values())


def test_a_promise_of_theirs_waits_on_their_home_only_while_they_may_read_its_coe(
    named: World,
) -> None:
    stranger, case = named.people["stranger"], named.cases["restricted_published"]
    Promise.objects.filter(document=case.document).update(owner=stranger)
    assert to_finish(stranger).filter(document=case.document).exists()
    take_off(named)
    assert not to_finish(stranger).filter(document=case.document).exists()


@pytest.mark.parametrize("route", ["coe_read", "coe_draft"])
def test_a_page_that_the_browser_keeps_is_not_shown_again(named: World, route: str) -> None:
    browser = named.client("stranger")
    address = reverse(route, args=[named.cases["restricted_draft"].reference])
    browser.get(address)
    known = {"If-None-Match": browser.get(address)["ETag"]}
    assert browser.get(address, headers=known).status_code == 304
    take_off(named)
    assert browser.get(address, headers=known).status_code == 404


ROLES: dict[str, tuple[ReaderRole.Kind, str | None, set[str]]] = {
    "everybody in a team": (ReaderRole.Kind.TEAM, "payments", {"stranger"}),
    "the managers of a team": (ReaderRole.Kind.MANAGERS, "payments", {"director"}),
    "the managers of a team far down": (
        ReaderRole.Kind.MANAGERS,
        "storage",
        {"manager", "director"},
    ),
    "every leader": (ReaderRole.Kind.LEADERS, None, {"leader"}),
}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_read_by_those_who_have_it_and_by_nobody_else(world: World, role: str) -> None:
    kind, team, expected = ROLES[role]
    case, owner = world.cases["restricted_draft"], world.people["owner"]
    of_team = world.teams[team] if team else None
    with undone():
        before = who_reads(world, case)
        readers.name_role(case.document, kind=kind, team=of_team, by=owner)
        assert who_reads(world, case) == before | expected
        for named in case.document.reader_roles.all():
            readers.drop_role(case.document, role=named, by=owner)
        assert who_reads(world, case) == before == {"owner", "contributor", "reviewer"}


def who_reads(world: World, case: Case) -> set[str]:
    people: dict[str, User] = world.people
    address = reverse("coe_draft", args=[case.reference])
    signed_in = [name for name in people if name != "deactivated"]
    return {name for name in signed_in if world.client(name).get(address).status_code == 200}


def test_whoever_loses_a_role_loses_sight_at_once(world: World) -> None:
    case, owner = world.cases["restricted_draft"], world.people["owner"]
    payments = world.teams["payments"]
    with undone():
        readers.name_role(case.document, kind=ReaderRole.Kind.TEAM, team=payments, by=owner)
        assert "stranger" in who_reads(world, case)
        User.objects.filter(pk=world.people["stranger"].pk).update(team=None)
        assert "stranger" not in who_reads(world, case)
    with undone():
        readers.name_role(case.document, kind=ReaderRole.Kind.MANAGERS, team=payments, by=owner)
        Team.objects.filter(pk=payments.pk).update(manager=world.people["leader"])
        assert {"leader", "director"} <= who_reads(world, case)
        Team.objects.filter(pk=payments.pk).update(manager=None, parent=None)
        assert not {"leader", "director"} & who_reads(world, case)
    with undone():
        readers.name_role(case.document, kind=ReaderRole.Kind.LEADERS, by=owner)
        User.objects.filter(pk=world.people["leader"].pk).update(is_leader=False)
        assert "leader" not in who_reads(world, case)


def test_a_reviewer_who_lost_access_gets_what_a_stranger_gets(world: World) -> None:
    """In the middle of the review: what they send is told back to them, and nothing is done."""
    case = world.cases["restricted_in_review"]
    reviewer, owner = world.people["reviewer"], world.client("owner")
    with undone():
        address = reverse("coe_readers", args=[case.reference])
        assert owner.post(address, {"off": f"reviewer:{reviewer.pk}"}).status_code == 303
        for row in OF_RESTRICTED:
            if row.situation == case.situation:
                assert answer_of(world, world.client("reviewer"), row).status_code == 404


def test_who_decides_cannot_be_taken_off(world: World) -> None:
    case, manager = world.cases["restricted_in_review"], world.people["manager"]
    address = reverse("coe_readers", args=[case.reference])
    with undone():
        answer = world.client("owner").post(address, {"off": f"reviewer:{manager.pk}"})
        assert answer.status_code == 409
        assert "Manager decides on this COE" in answer.content.decode()
        parts = Participant.objects.filter(document=case.document, user=manager)
        assert parts.exists()


def test_who_owned_it_when_the_page_was_opened_names_and_takes_off_nobody(world: World) -> None:
    case, owner = world.cases["restricted_draft"], world.people["owner"]
    document, reviewer = case.document, world.people["reviewer"]
    with undone():
        by_name(world, case)
        readers.name_role(document, kind=ReaderRole.Kind.LEADERS, by=owner)
        role = document.reader_roles.get()
        Document.objects.filter(pk=document.pk).update(owner=world.people["contributor"])
        before = who_reads(world, case)
        attempts: list[Callable[[], None]] = [
            lambda: readers.name_reader(document, person=world.people["director"], by=owner),
            lambda: readers.name_role(document, kind=TEAM, team=world.teams["company"], by=owner),
            lambda: readers.drop_role(document, role=role, by=owner),
            lambda: readers.drop_reader(document, person=world.people["stranger"], by=owner),
            lambda: stop_reviewer(document, person=reviewer, by=owner),
        ]
        for attempt in attempts:
            with pytest.raises(StaleAnswer), transaction.atomic():
                attempt()
        assert who_reads(world, case) == before
