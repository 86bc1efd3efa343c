"""The list of COEs: what each kind of person finds in it."""

from typing import Any

import pytest
from django.test import Client

from coe.accounts.models import User
from coe.documents.models import Document, State
from tests.library.pages import get, table, words
from tests.people import People
from tests.reviews.steps import (
    ask_for_changes,
    bring_to,
    fresh,
    open_another,
    publish_draft,
    reopen,
    state_facts,
    submit,
)
from tests.reviews.test_states import PERSONS

INSIDERS = {"owner", "contributor", "colleague", "manager", "director"}
TITLE = "Uploads failed for one customer in ten"


def titles(client: Client, user: User, query: str = "") -> list[str]:
    answer = get(client, user, f"/coes/{query}")
    assert answer.status_code == 200
    return [row[1] for row in table(answer)]


def who_finds(client: Client, people: People, title: str, query: str = "") -> set[str]:
    return {name for name in PERSONS if title in titles(client, getattr(people, name), query)}


@pytest.fixture
def corrected(document: Document, people: People) -> Document:
    """Published, and drafted again under another title, severity and team."""
    publish_draft(document, people)
    reopen(document, by=people.owner)
    state_facts(document, title="Secret draft words", severity=1, by=people.owner)
    return fresh(document)


def test_a_draft_is_listed_to_those_who_may_read_it(
    document: Document, people: People, client: Client
) -> None:
    assert who_finds(client, people, TITLE) == INSIDERS


def test_a_published_coe_is_listed_to_everybody(
    document: Document, people: People, client: Client
) -> None:
    publish_draft(document, people)
    assert who_finds(client, people, TITLE) == set(PERSONS)


@pytest.mark.parametrize("is_published", [False, True])
def test_a_restricted_coe_is_listed_to_those_who_are_named_on_it(
    is_published: bool, document: Document, people: People, client: Client
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    expected = {"owner", "contributor"}
    if is_published:
        publish_draft(document, people)
        expected |= {"manager"}  # who approved it
    assert who_finds(client, people, TITLE) == expected


def test_a_correction_is_listed_under_the_published_title_and_said_to_be_drafted_to_few(
    corrected: Document, people: People, client: Client
) -> None:
    assert who_finds(client, people, TITLE) == set(PERSONS)
    assert who_finds(client, people, "Secret draft words") == set()
    for name in PERSONS:
        ((_, title, severity, team, *_, state),) = table(
            get(client, getattr(people, name), "/coes/")
        )
        assert (title, severity, team) == (TITLE, "Sev 2", "Storage")
        expected = "Published v1 Correction: Draft" if name in INSIDERS else "Published v1"
        assert state == expected, name


def test_a_correction_that_changes_the_team_is_listed_under_the_published_team(
    document: Document, people: People, client: Client
) -> None:
    publish_draft(document, people)
    reopen(document, by=people.owner)
    state_facts(document, team_id=people.stranger.team_id, by=people.owner)
    ((_, _, _, team, *_),) = table(get(client, people.leader, "/coes/"))
    assert team == "Storage"


def test_no_search_finds_the_words_of_a_correction_not_even_for_its_writers(
    corrected: Document, people: People, client: Client
) -> None:
    for person in (people.owner, people.colleague, people.stranger):
        for query in ("?q=secret", "?q=draft+words", "?q=Secret&state=draft"):
            assert titles(client, person, query) == []
        assert titles(client, person, "?q=uploads") == [TITLE]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("uploads", ["Uploads 100% lost", "Uploads slow"]),
        ("UPLOADS+slow", ["Uploads slow"]),
        ("slow+uploads", ["Uploads slow"]),
        ("upl", ["Uploads 100% lost", "Uploads slow"]),
        ("uploads+cards", []),
        ("+++", ["Cards refused_twice", "Uploads 100% lost", "Uploads slow"]),
        ("%25", ["Uploads 100% lost"]),
        ("_", ["Cards refused_twice"]),
        ("%5C", []),
        ("'", []),
        ("COE-{year}-0003", ["Cards refused_twice"]),
        ("coe-+0003", ["Cards refused_twice"]),
    ],
)
def test_all_the_words_must_stand_in_the_title_or_the_reference(
    typed: str, found: list[str], people: People, client: Client
) -> None:
    for title in ("Uploads slow", "Uploads 100% lost", "Cards refused_twice"):
        last = open_another(people, title)
    query = "?q=" + typed.format(year=last.reference[4:8])
    assert titles(client, people.owner, query) == found


def test_the_state_filter_sorts_what_is_being_written_from_what_is_out(
    people: People, client: Client
) -> None:
    made = {state: open_another(people, f"This is {state}") for state in State}
    for state, document in made.items():
        bring_to(document, state, people)
    published = open_another(people, "This is published")
    publish_draft(published, people)
    correction = open_another(people, "This is corrected")
    publish_draft(correction, people)
    reopen(correction, by=people.owner)
    submit(correction, by=people.owner)
    ask_for_changes(correction, by=people.manager)

    def found(state: str, by: User) -> list[str]:
        return sorted(titles(client, by, f"?state={state}"))

    assert found("draft", people.owner) == ["This is draft"]
    assert found("in_review", people.owner) == ["This is in_review"]
    assert found("changes_requested", people.owner) == [
        "This is changes_requested",
        "This is corrected",
    ]
    for person in (people.owner, people.stranger):
        assert found("published", person) == ["This is corrected", "This is published"]
    for state in State:
        assert found(state, people.stranger) == [], "the state of a draft is the draft's"


def test_approved_means_waiting_to_be_published(people: People, client: Client) -> None:
    waiting = open_another(people, "Approved, not out yet")
    bring_to(waiting, State.APPROVED, people)
    publish_draft(open_another(people, "Out as approved"), people)
    assert titles(client, people.owner, "?state=approved") == ["Approved, not out yet"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?state=nonsense", "Select a valid choice. nonsense is not one of the available choices."),
        ("?state=%00", "Select a valid choice."),
        ("?severity=5", "Select a valid choice. 5 is not one of the available choices."),
        ("?severity=two", "Select a valid choice. two is not one of the available choices."),
        ("?category=fire", "Select a valid choice. fire is not one of the available choices."),
        ("?category=%00", "Select a valid choice."),
        ("?team=999", "Select a valid choice. 999 is not one of the available choices."),
        ("?service=%27", "Select a valid choice."),
        ("?year=99999", "Select a valid choice."),
        ("?owner=-1", "Select a valid choice."),
        ("?sort=random", "Select a valid choice."),
        ("?q=a+b+c+d+e+f+g+h+i", "Search for at most 8 words at once."),
        ("?q=a%00b", None),
        ("?q=" + "x" * 201, None),
        ("?q=a%00b&state=nonsense&after=nonsense", "Select a valid choice."),
    ],
)
def test_a_filter_that_makes_no_sense_gets_a_sentence_and_no_fault(
    query: str, sentence: str | None, document: Document, people: People, client: Client
) -> None:
    answer = get(client, people.owner, f"/coes/{query}")
    assert answer.status_code == 422
    assert 'class="field__errors"' in answer.content.decode()
    if sentence:
        assert sentence in words(answer)


@pytest.mark.parametrize(
    "place",
    [
        "0",
        "",
        "%00",
        "COE-2026-0001",
        "~",
        "COE-2026-0001~nonsense",
        "~2026-01-01",
        "COE-2026-0001~2026-01-01T00:00:00",
        "%00~2026-01-01T00:00:00%2B00:00",
    ],
)
@pytest.mark.parametrize("side", ["after", "before"])
@pytest.mark.parametrize("sort", ["", "severity"])
def test_a_place_that_makes_no_sense_is_the_start(
    sort: str, side: str, place: str, document: Document, people: People, client: Client
) -> None:
    assert titles(client, people.owner, f"?sort={sort}&{side}={place}") == [TITLE]


def test_a_place_beyond_every_number_is_the_start(
    document: Document, people: People, client: Client
) -> None:
    assert titles(client, people.owner, "?sort=severity&after=COE-2026-0001~" + "9" * 30) == [TITLE]


def test_nothing_found_says_so_and_leads_back_to_everything(
    document: Document, people: People, client: Client
) -> None:
    answer = get(client, people.owner, "/coes/?q=zebra")
    assert "Nothing fits these filters" in words(answer)
    assert 'href="/coes/"' in answer.content.decode()
    assert "No COE yet" in words(get(client, people.stranger, "/coes/"))


def test_the_typed_filters_stay_in_the_form(
    document: Document, people: People, client: Client
) -> None:
    page = get(client, people.owner, '/coes/?q=%3Cb%3E"&state=draft').content.decode()
    assert '<option value="impact"' in page
    assert 'value="&lt;b&gt;&quot;"' in page
    assert '<option value="draft" selected>' in page


def test_titles_are_text_and_never_markup(people: People, client: Client) -> None:
    open_another(people, "<script>alert(1)</script> & more")
    page = get(client, people.owner, "/coes/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("address", ["/coes/", "/coes/?q=x", "/", "/actions/"])
def test_whoever_is_not_signed_in_is_asked_to(address: str, client: Client, db: None) -> None:
    answer: Any = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/")
