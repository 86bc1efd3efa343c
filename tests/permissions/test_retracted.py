"""A COE that was retracted: a stub for readers, the working copy for those who work on it."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from coe.actions.models import Promise
from coe.documents.models import Document
from coe.publishing.retracting import retract
from coe.publishing.services import publish
from coe.web.errors import StaleAnswer
from tests.permissions.test_every_address import ask
from tests.permissions.world import (
    MISSING,
    SIGNED_IN,
    Case,
    World,
    address_arguments,
    plausible,
    undone,
)
from tests.reviews.steps import approve, submit

pytestmark = pytest.mark.django_db

REASON = "It names a customer."

# 410: the stub, and nothing of what was published. The answers as in table.py.
ANSWERS = """
                        owner contributor colleague reviewer manager director leader stranger admin
GET coe_read
  published              200     200        200       200      200      200    200     200     200
  correction             200     200        200       200      200      200    200     200     200
  restricted_published   200     200        404       200      200      404    404     404     404

GET coe_pdf, GET coe_text, GET coe_table, GET coe_version, GET coe_changes_of_version
  published              410     410        410       410      410      410    410     410     410
  correction             410     410        410       410      410      410    410     410     410
  restricted_published   410     410        404       410      410      404    404     404     404

GET coe_draft, GET coe_draft_pdf, GET coe_draft_text, GET coe_draft_table, GET coe_history
  published              200     200        200       200      200      200    404     404     404
  correction             200     200        200       200      200      200    404     404     404
  restricted_published   200     200        404       200      200      404    404     404     404

GET coe_retract, POST coe_retract
  published              409     403        403       403      409      403    409     403     403
  correction             409     403        403       403      409      403    409     403     403
  restricted_published   409     403        404       403      409      404    404     404     404

POST coe_publish
  published              409     403        403       403      409      403    404     404     404
  correction             409     403        403       403      409      403    404     404     404
  restricted_published   409     403        404       403      409      404    404     404     404

POST coe_reopen
  published              303     403        403       403      403      403    404     404     404
  correction             409     409        409       409      409      409    404     404     404
  restricted_published   303     403        404       403      403      404    404     404     404
"""


def rows() -> Iterator[tuple[str, str, str, dict[str, int]]]:
    requests: list[str] = []
    for line in ANSWERS.splitlines()[2:]:
        words = line.replace(",", "").split()
        if line.startswith(("GET", "POST")):
            requests = [
                f"{method} {route}" for method, route in zip(words[::2], words[1::2], strict=True)
            ]
        elif words:
            answers = dict(zip(SIGNED_IN, map(int, words[1:]), strict=True))
            for request in requests:
                method, route = request.split()
                yield method, route, words[0], answers


@pytest.fixture
def retracted(world: World) -> Iterator[dict[str, Case]]:
    """Every COE of the world that was published, retracted."""
    with undone():
        cases = {name: world.cases[name] for name in ("published", "correction", *RESTRICTED)}
        for case in cases.values():
            retract(case.document, version=1, reason=REASON, by=world.people["owner"])
            case.document.refresh_from_db()
        yield cases
    for case in cases.values():
        case.document.refresh_from_db()


RESTRICTED = ("restricted_published",)


@pytest.mark.parametrize(
    ("method", "route", "situation", "answers"), list(rows()), ids=lambda each: str(each)[:40]
)
def test_it_answers_everybody_as_the_table_says(
    world: World,
    retracted: dict[str, Case],
    method: str,
    route: str,
    situation: str,
    answers: dict[str, int],
) -> None:
    case = retracted[situation]
    arguments = address_arguments(route, case.reference, case.entry.uid)
    data = plausible(route, case, world) if method == "POST" else None
    told = {
        person: ask(world.client(person), method, reverse(route, kwargs=arguments), data)
        for person in SIGNED_IN
    }
    assert {person: answer.status_code for person, answer in told.items()} == answers
    for person, answer in told.items():
        if answer.status_code == 410 or route == "coe_read":
            assert case.published_word not in answer.content.decode(), person
            assert (REASON in answer.content.decode()) == (answer.status_code != 404)


@pytest.mark.parametrize("person", SIGNED_IN)
def test_whoever_may_not_know_of_a_restricted_one_gets_what_is_not_there(
    world: World, retracted: dict[str, Case], person: str
) -> None:
    """Also by a guess at its address."""
    client, case = world.client(person), retracted["restricted_published"]
    there = client.get(reverse("coe_read", args=[case.reference]))
    missing = client.get(reverse("coe_read", args=[MISSING]))
    assert missing.status_code == 404
    if person not in ("owner", "contributor", "reviewer", "manager"):
        assert there.status_code == 404
        assert REASON not in there.content.decode()


@pytest.mark.parametrize("person", SIGNED_IN)
def test_no_list_and_no_search_tells_of_it_those_who_do_not_work_on_it(
    world: World, retracted: dict[str, Case], person: str
) -> None:
    user, client = world.people[person], world.client(person)
    seen = set(Document.objects.visible_to(user).values_list("reference", flat=True))
    works_on = set(
        Document.objects.working_copy_visible_to(user).values_list("reference", flat=True)
    )
    for case in retracted.values():
        reference = case.reference
        assert (reference in seen) == (reference in works_on)
        assert not Promise.objects.visible_to(user).filter(document=case.document).exists()
        for query in ({"q": case.published_word}, {"q": reference}, {"state": "retracted"}, {}):
            page = client.get(reverse("coe_list"), query).content.decode()
            found = f'href="{reverse("coe_read", args=[reference])}"' in page
            if reference not in works_on:
                assert not found, query
        page = client.get(reverse("coe_list"), {"state": "published"}).content.decode()
        assert f'href="{reverse("coe_read", args=[reference])}"' not in page


def test_a_correction_is_read_once_it_is_published_and_what_it_corrected_never(
    world: World, retracted: dict[str, Case]
) -> None:
    case, people = retracted["correction"], world.people
    submit(case.document, by=people["owner"])
    approve(case.document, by=people["manager"])
    publish(case.document, by=people["owner"])
    client = world.client("stranger")
    shown = [client.get(reverse("coe_read", args=[case.reference]))]
    shown += [
        client.get(reverse(route, args=[case.reference, version]))
        for route, version in (
            ("coe_version", 1), ("coe_changes_of_version", 1), ("coe_changes_of_version", 2)
        )
    ]  # fmt: skip
    assert [answer.status_code for answer in shown] == [200, 410, 410, 200]
    assert f"Summary {case.word}" in shown[0].content.decode()
    for answer in shown:
        for gone in ("Uploads failed", "Summary"):
            assert f"{gone} {case.published_word}" not in answer.content.decode()


def test_an_approval_of_another_coe_brings_none_back_and_no_retraction_holds_up_another(
    world: World, retracted: dict[str, Case]
) -> None:
    owner, manager = world.people["owner"], world.people["manager"]
    approve(world.cases["in_review"].document, by=manager)
    assert publish(world.cases["in_review"].document, by=owner).version == 1
    assert publish(world.cases["approved"].document, by=owner).version == 1
    with pytest.raises(StaleAnswer, match="retracted after it was approved"):
        publish(retracted["published"].document, by=owner)


@pytest.mark.parametrize("person", SIGNED_IN)
def test_only_its_owner_is_led_to_correct_it_and_nobody_to_publish_it(
    world: World, retracted: dict[str, Case], person: str
) -> None:
    client = world.client(person)
    home = client.get(reverse("home")).content.decode()
    _, _, written = home.partition('id="write"')
    lines = written.partition("</section>")[0].split("<li")
    assert sum("Reopen and correct" in line for line in lines) == (2 if person == "owner" else 0)
    to_publish = [line for line in lines if ">Publish<" in line]
    assert not any(retracted["published"].reference in line for line in to_publish)
    page = client.get(reverse("coe_list"), {"state": "approved"}).content.decode()
    assert f'href="{reverse("coe_read", args=[retracted["published"].reference])}"' not in page


@pytest.mark.parametrize("person", SIGNED_IN)
def test_the_stub_leads_to_the_working_copy_who_may_read_it(
    world: World, retracted: dict[str, Case], person: str
) -> None:
    reference = retracted["published"].reference
    draft = reverse("coe_draft", args=[reference])
    client = world.client(person)
    page = client.get(reverse("coe_read", args=[reference])).content.decode()
    assert (f'href="{draft}"' in page) == (client.get(draft).status_code == 200)


@pytest.mark.parametrize("person", SIGNED_IN)
def test_the_service_asks_again_who_retracts(world: World, person: str) -> None:
    case = world.cases["published"]
    with undone():
        if person in ("owner", "manager", "leader"):
            retract(case.document, version=1, reason=REASON, by=world.people[person])
        else:
            with pytest.raises(PermissionDenied):
                retract(case.document, version=1, reason=REASON, by=world.people[person])


def test_what_is_on_the_screen_is_retracted_or_nothing_is(world: World) -> None:
    case = world.cases["published"]
    with undone(), pytest.raises(StaleAnswer):
        retract(case.document, version=2, reason=REASON, by=world.people["owner"])
