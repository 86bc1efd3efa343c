"""Nothing leaks through a page that somebody may open: lists, home, search, promises, buttons."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.urls import reverse

from coe.actions.models import Priority, Promise
from coe.documents.models import Document, Participant
from coe.library.queries import catalogue
from tests.permissions.table import ROOM_BUTTONS, buttons
from tests.permissions.world import SIGNED_IN, SITUATIONS, Case, World, make_case

pytestmark = pytest.mark.django_db

OPEN_DRAFTS = {"draft", "in_review", "changes_requested", "approved"}
PUBLISHED = {"published", "correction"}
RESTRICTED = {
    "restricted_draft",
    "restricted_in_review",
    "restricted_published",
    "restricted_correction",
}

# What each person finds in the list of COEs.
BROWSES = {
    "owner": OPEN_DRAFTS | PUBLISHED | RESTRICTED,
    "contributor": OPEN_DRAFTS | PUBLISHED | RESTRICTED,
    "reviewer": OPEN_DRAFTS | PUBLISHED | RESTRICTED,
    "manager": OPEN_DRAFTS | PUBLISHED | (RESTRICTED - {"restricted_draft"}),
    "colleague": OPEN_DRAFTS | PUBLISHED,
    "director": OPEN_DRAFTS | PUBLISHED,
    "leader": PUBLISHED,
    "stranger": PUBLISHED,
    "admin": PUBLISHED,
}

# Who finds the promises of a restricted publication among the action items.
READS_RESTRICTED_PUBLICATIONS = {"owner", "contributor", "reviewer", "manager"}

# What stands on each person's home page, by heading.
WAITS = {
    "owner": {
        "write": {"draft", "changes_requested", "correction"}
        | {"restricted_draft", "restricted_correction"}
        | {"approved"},  # to publish
    },
    "contributor": {
        "write": {"draft", "changes_requested", "correction"}
        | {"restricted_draft", "restricted_correction"},
    },
    "manager": {
        "judge": {"in_review", "restricted_in_review"}
        | {"published", "correction", "restricted_published", "restricted_correction"},
    },  # of what is published, the requests of who owns its action item
}


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def page(world: World, person: str, address: str) -> str:
    response = world.client(person).get(address)
    assert response.status_code == 200
    return text_of(response)  # type: ignore[arg-type]


def situations_in(text: str, world: World, *, attribute: str = "word") -> set[str]:
    """The situations whose COE is on a page, by the word that only it has."""
    return {
        situation
        for situation, case in world.cases.items()
        if (word := getattr(case, attribute)) and re.search(rf"\b{word}\b", text)
    }


def references_in(text: str, world: World) -> set[str]:
    return {name for name, case in world.cases.items() if case.reference in text}


@pytest.mark.parametrize("person", SIGNED_IN)
def test_the_list_shows_what_the_person_may_read_and_nothing_else(
    world: World, person: str
) -> None:
    text = page(world, person, reverse("coe_list"))
    assert references_in(text, world) == BROWSES[person]


@pytest.mark.parametrize("person", SIGNED_IN)
def test_the_list_shows_a_published_title_as_it_was_published(world: World, person: str) -> None:
    text = page(world, person, reverse("coe_list"))
    correction = world.cases["correction"]
    assert correction.published_word in text
    assert correction.word not in text


@pytest.mark.parametrize("person", ["leader", "stranger", "admin"])
def test_the_list_does_not_tell_an_outsider_that_a_correction_is_being_written(
    world: World, person: str
) -> None:
    assert "Correction:" not in page(world, person, reverse("coe_list"))


@pytest.mark.parametrize(("person", "corrections"), [("colleague", 1), ("owner", 2)])
def test_the_list_tells_who_may_read_it_that_a_correction_is_being_written(
    world: World, person: str, corrections: int
) -> None:
    text = page(world, person, reverse("coe_list"))
    assert text.count("Correction: Draft") == text.count("Correction:") == corrections


@pytest.mark.parametrize("state", ["draft", "in_review", "changes_requested", "approved"])
@pytest.mark.parametrize("person", ["leader", "stranger", "admin"])
def test_filtering_by_a_state_of_the_working_copy_tells_an_outsider_nothing(
    world: World, person: str, state: str
) -> None:
    text = page(world, person, f"{reverse('coe_list')}?state={state}")
    assert references_in(text, world) == set()


def test_filtering_by_a_state_finds_what_the_team_may_read(world: World) -> None:
    text = page(world, "colleague", f"{reverse('coe_list')}?state=draft")
    assert references_in(text, world) == {"draft", "correction"}
    text = page(world, "colleague", f"{reverse('coe_list')}?state=published")
    assert references_in(text, world) == PUBLISHED
    text = page(world, "colleague", f"{reverse('coe_list')}?state=approved")
    assert references_in(text, world) == {"approved"}


@pytest.mark.parametrize("person", SIGNED_IN)
def test_searching_finds_no_word_that_the_person_could_not_read(world: World, person: str) -> None:
    for case in world.cases.values():
        for word in {case.word, case.published_word} - {""}:
            text = page(world, person, f"{reverse('coe_list')}?q={word}")
            title_is_read = word == (case.published_word or case.word)
            expected = {case.situation} if case.situation in BROWSES[person] else set()
            assert references_in(text, world) == (expected if title_is_read else set())


@pytest.mark.parametrize("in_it", ["reference", "a word of the text"])
def test_searching_finds_what_is_published_by(world: World, in_it: str) -> None:
    case = world.cases["published"]
    sought = case.reference if in_it == "reference" else "lesson"
    text = page(world, "stranger", f"{reverse('coe_list')}?q={sought}")
    assert case.reference in references_of(text)


def references_of(text: str) -> set[str]:
    """The references that stand in a list as links to their COEs."""
    return set(re.findall(r'href="/coes/(COE-[0-9]{4}-[0-9]{4})/', text))


def test_the_list_is_filtered_by_no_owner_of_what_the_person_may_not_read(world: World) -> None:
    hidden = Document.objects.filter(pk=world.cases["restricted_draft"].document.pk)
    hidden.update(owner=world.people["leader"])
    assert {each.name for each in catalogue(world.people["stranger"]).owners} == {"Owner"}
    assert {each.name for each in catalogue(world.people["leader"]).owners} >= {"Leader"}


@pytest.mark.parametrize("route", ["coe_read", "coe_draft"])
def test_a_page_that_was_read_is_not_there_without_access(world: World, route: str) -> None:
    case, contributor = world.cases["restricted_draft"], world.people["contributor"]
    browser = world.client("contributor")
    address = reverse(route, args=[case.reference])
    browser.get(address)
    known = {"If-None-Match": browser.get(address)["ETag"]}
    assert browser.get(address, headers=known).status_code == 304
    Participant.objects.filter(document=case.document, user=contributor).delete()
    assert browser.get(address, headers=known).status_code == 404


@pytest.mark.parametrize("person", SIGNED_IN)
def test_the_promises_are_those_of_publications_that_the_person_may_read(
    world: World, person: str
) -> None:
    text = page(world, person, reverse("action_list"))
    may = READS_RESTRICTED_PUBLICATIONS
    expected = PUBLISHED | (RESTRICTED - {"restricted_draft", "restricted_in_review"})
    assert references_in(text, world) == (expected if person in may else PUBLISHED)


def test_a_promise_without_a_publication_is_shown_to_nobody(world: World) -> None:
    draft = world.cases["draft"].document
    Promise.objects.create(
        document=draft,
        uid=uuid4(),
        title="Early",
        team=world.teams["storage"],
        owner=world.people["owner"],
        priority=Priority.P1,
        due_on=date(2030, 1, 1),
    )
    assert "Early" not in page(world, "owner", reverse("action_list"))
    assert "Early" not in page(world, "owner", reverse("home"))


@pytest.mark.parametrize("person", SIGNED_IN)
def test_home_shows_what_waits_for_the_person_and_nothing_else(world: World, person: str) -> None:
    text = page(world, person, reverse("home"))
    panels = {
        name: re.search(rf'aria-labelledby="{name}".*?</section>', text, re.DOTALL)
        for name in ("write", "judge")
    }
    shown = {
        name: references_in(found[0], world) for name, found in panels.items() if found is not None
    }
    assert shown == WAITS.get(person, {})


def test_home_tells_of_a_first_use_as_long_as_there_is_nothing_to_read(world: World) -> None:
    welcome = "Nobody has written a COE here yet"
    assert welcome not in page(world, "stranger", reverse("home"))
    for name in PUBLISHED:
        Document.objects.filter(pk=world.cases[name].document.pk).update(is_restricted=True)
    assert welcome in page(world, "stranger", reverse("home"))


def test_home_does_not_show_a_restricted_coe_to_a_new_manager_who_was_not_asked(
    world: World,
) -> None:
    world.teams["platform"].manager = world.people["director"]
    world.teams["platform"].save(update_fields=["manager"])
    text = page(world, "director", reverse("home"))
    assert references_in(text, world) == {"in_review"} | PUBLISHED


def test_home_shows_a_promise_to_who_made_it_while_they_may_read_the_coe(world: World) -> None:
    text = page(world, "colleague", reverse("home"))
    assert references_in(text, world) == PUBLISHED
    assert "Action X" not in page(world, "stranger", reverse("home"))


@pytest.mark.parametrize("route", ["coe_read", "coe_pdf"])
@pytest.mark.parametrize("person", ["owner", "stranger"])
def test_readers_of_a_corrected_coe_get_the_published_text(
    world: World, person: str, route: str
) -> None:
    case = world.cases["correction"]
    text = page(world, person, reverse(route, args=[case.reference]))
    assert case.published_word in text
    assert case.word not in text


@pytest.mark.parametrize("route", ["coe_draft", "coe_draft_pdf", "coe_edit"])
def test_the_working_copy_of_a_corrected_coe_is_the_corrected_text(
    world: World, route: str
) -> None:
    case = world.cases["correction"]
    assert case.word in page(world, "owner", reverse(route, args=[case.reference]))


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("route", ["coe_read", "coe_pdf", "coe_draft", "coe_draft_pdf", "coe_edit"])
def test_the_page_of_a_coe_holds_no_word_of_another(
    world: World, route: str, situation: str
) -> None:
    text = page(world, "owner", reverse(route, args=[world.cases[situation].reference]))
    found = situations_in(text, world) | situations_in(text, world, attribute="published_word")
    assert found == {situation}


def test_a_row_of_another_coe_cannot_be_opened_through_ones_own(world: World) -> None:
    address = reverse("coe_edit", args=[world.cases["draft"].reference])
    other = world.cases["restricted_draft"]
    for row in (other.entry, other.cause, other.action):
        for query in (f"row={row.uid}", f"close={row.uid}"):
            assert other.word not in page(world, "owner", f"{address}?{query}")


def test_what_somebody_holds_is_linked_only_where_the_administrator_may_read_it(
    world: World,
) -> None:
    address = reverse("deactivate_person", args=[world.people["owner"].pk])
    text = page(world, "admin", address)
    linked = {
        name: f'href="{reverse("coe_read", args=[case.reference])}"' in text
        for name, case in world.cases.items()
        if name in ("published", "draft", "restricted_draft")
    }
    assert linked == {"published": True, "draft": False, "restricted_draft": False}


ROW_POSTS: dict[str, dict[str, Any]] = {
    "row_write": {"when": "2026-11-14 02:20", "text": "Mine now", "title": "Mine now"},
    "row_move": {"to": "down"},
    "row_remove": {"version": 1},
}


@pytest.mark.parametrize("route", ROW_POSTS)
@pytest.mark.parametrize("panel", ["timeline", "causes", "actions"])
def test_a_row_of_another_coe_cannot_be_changed_through_ones_own(
    world: World, panel: str, route: str
) -> None:
    mine, other = world.cases["draft"], world.cases["restricted_draft"]
    row = {"timeline": other.entry, "causes": other.cause, "actions": other.action}[panel]
    before = row.content()
    address = reverse(route, args=[mine.reference, panel, row.uid])
    data = {"uid": row.uid, "version": row.version, "confidence": "likely", "priority": 2}
    response = world.client("owner").post(address, data | ROW_POSTS[route])
    assert response.status_code != 303
    assert other.word not in text_of(response)  # type: ignore[arg-type]
    stored = type(row)._default_manager.get(pk=row.pk)
    assert (stored.content(), stored.version, stored.document_id) == (
        before,
        row.version,
        other.document.pk,
    )


@pytest.mark.parametrize(
    ("panel", "field"), [("causes", "primary"), ("causes", "also"), ("actions", "cause")]
)
def test_a_cause_of_another_coe_cannot_be_pointed_at(world: World, panel: str, field: str) -> None:
    mine, other = world.cases["draft"], world.cases["restricted_draft"]
    data = {"uid": uuid4(), "text": "Why", "confidence": "likely", "title": "Do", "priority": 2}
    data |= {"primary": mine.cause.uid} if field == "also" else {}
    data[field] = other.cause.uid
    response = world.client("owner").post(reverse("row_add", args=[mine.reference, panel]), data)
    assert response.status_code == 422
    assert other.word not in text_of(response)  # type: ignore[arg-type]


def test_opening_a_coe_with_the_identity_of_somebody_elses_gives_nothing_away(
    world: World,
) -> None:
    other = world.cases["restricted_draft"]
    data = {
        "uid": other.document.uid,
        "title": "Mine",
        "zone": "UTC",
        "severity": 2,
        "team": world.teams["payments"].pk,
    }
    response = world.client("stranger").post(reverse("coe_new"), data)
    assert response.status_code == 409
    assert other.reference not in text_of(response) + response.headers.get("Location", "")  # type: ignore[arg-type]


def test_an_administrator_learns_of_held_drafts_the_reference_and_no_word(world: World) -> None:
    owner = world.people["owner"]
    text = page(world, "admin", reverse("deactivate_person", args=[owner.pk]))
    assert references_in(text, world) == set(SITUATIONS)
    assert situations_in(text, world) == set()
    linked = {
        situation
        for situation, case in world.cases.items()
        if reverse("coe_read", args=[case.reference]) in text
    }
    assert linked == PUBLISHED


def test_an_administrator_learns_of_held_promises_what_was_published_openly(world: World) -> None:
    colleague = world.people["colleague"]
    text = page(world, "admin", reverse("deactivate_person", args=[colleague.pk]))
    assert situations_in(text, world, attribute="published_word") == PUBLISHED
    restricted = {"restricted_published", "restricted_correction"}
    assert references_in(text, world) == PUBLISHED | restricted


def forms_on(world: World, person: str, case: Case, route: str = "coe_draft") -> set[str]:
    """What follows the reference in the address of each form about the COE on one of its pages;
    those for saying something about it are not of this (tests/discussion), and everybody who
    reads it may watch it."""
    response = world.client(person).get(reverse(route, args=[case.reference]))
    pattern = rf'action="/coes/{case.reference}/([a-z/-]+)/"'
    found = re.findall(pattern, text_of(response))  # type: ignore[arg-type]
    elsewhere = ("review/threads", "watch")
    return {each for each in found if not each.startswith(elsewhere)}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_buttons_are_those_that_would_be_accepted(world: World, situation: str) -> None:
    case = world.cases[situation]
    shown = {person: forms_on(world, person, case) for person in SIGNED_IN}
    assert {who: what for who, what in shown.items() if what} == buttons()[situation]


IN_THE_ROOM = {"ask": "review/reviewers", "let-go": "review/reviewers/let-go"}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_buttons_of_the_review_room_are_those_that_would_be_accepted(
    world: World, situation: str
) -> None:
    case = world.cases[situation]
    shown = {person: forms_on(world, person, case, "coe_review") for person in SIGNED_IN}
    expected = {
        who: {IN_THE_ROOM[each] for each in what}
        for who, what in buttons(ROOM_BUTTONS)[situation].items()
    }
    assert {who: what for who, what in shown.items() if what} == expected


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_way_into_the_workspace_is_shown_to_who_may_write_now(
    world: World, situation: str
) -> None:
    case = world.cases[situation]
    edit = reverse("coe_edit", args=[case.reference])
    page_of = reverse("coe_draft", args=[case.reference])
    shown = {
        person
        for person in SIGNED_IN
        if f'href="{edit}"' in text_of(world.client(person).get(page_of))  # type: ignore[arg-type]
    }
    is_open = situation not in ("approved", "published", "restricted_published")
    assert shown == ({"owner", "contributor"} if is_open else set())


def test_the_way_to_the_working_copy_is_shown_to_who_may_read_it(world: World) -> None:
    case = world.cases["correction"]
    draft = reverse("coe_draft", args=[case.reference])
    shown = {
        person
        for person in SIGNED_IN
        if f'href="{draft}"' in page(world, person, reverse("coe_read", args=[case.reference]))
    }
    assert shown == {"owner", "contributor", "colleague", "reviewer", "manager", "director"}


def test_the_way_to_the_working_copy_is_not_shown_to_the_author_of_another(world: World) -> None:
    make_case(world, "draft", owner_name="stranger")
    case = world.cases["published"]
    text = page(world, "stranger", reverse("coe_read", args=[case.reference]))
    assert reverse("coe_draft", args=[case.reference]) not in text


def test_the_way_to_administration_is_shown_to_administrators(world: World) -> None:
    shown = {
        person for person in SIGNED_IN if reverse("people") in page(world, person, reverse("home"))
    }
    assert shown == {"admin"}
