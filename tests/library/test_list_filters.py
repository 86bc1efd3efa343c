"""The filters of the list: what each finds, for whom, and what it never tells."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from coe.accounts.models import Team
from coe.documents.models import Document
from coe.incidents.models import Category, Service
from coe.publishing.models import PublishedText
from coe.timeline.services import add_entry
from tests.library.pages import body, get, table, words
from tests.people import People
from tests.reviews.steps import (
    fresh,
    instant,
    open_another,
    propose,
    publish_draft,
    reopen,
    state_facts,
    write,
)


def titles(client: Client, query: str) -> list[str]:
    return sorted(row[1] for row in table(client.get(f"/coes/{query}")))


def service_called(name: str, people: People) -> Service:
    assert people.owner.team is not None
    return Service.objects.create(name=name, team=people.owner.team)


@pytest.fixture
def corrected(document: Document, people: People) -> Document:
    """Published, and drafted again with other facts and words everywhere."""
    write(document, "Certificates expired.", by=people.owner)
    propose(document, "Renew them early", by=people.owner)
    publish_draft(document, people)
    reopen(document, by=people.owner)
    write(document, "Zebras ate the cable.", by=people.owner)
    service = service_called("Cables", people)
    state_facts(
        document,
        severity=1,
        service_id=service.pk,
        team_id=people.stranger.team_id,
        title="Another title",
        by=people.owner,
    )
    return fresh(document)


def test_a_team_is_filtered_with_the_teams_below_it(people: People, client: Client) -> None:
    open_another(people, "Storage broke")
    open_another(people, "Payments broke", team=people.stranger.team, by=people.director)
    client.force_login(people.director)
    ids = {each.name: each.pk for each in Team.objects.all()}
    assert titles(client, f"?team={ids['Storage']}") == ["Storage broke"]
    assert titles(client, f"?team={ids['Platform']}") == ["Storage broke"]
    assert titles(client, f"?team={ids['Payments']}") == ["Payments broke"]
    assert titles(client, f"?team={ids['Company']}") == ["Payments broke", "Storage broke"]


def test_service_severity_owner_and_year_are_filters(people: People, client: Client) -> None:
    service = service_called("Objects", people)
    one = open_another(people, "One", severity=1)
    open_another(people, "Two", severity=2, by=people.colleague)
    state_facts(one, service_id=service.pk, by=people.owner)
    begun = one.incident.milestones.filter(kind="impact_started")
    begun.update(state="recorded", at="2019-12-31T23:59:00Z")
    client.force_login(people.owner)
    assert titles(client, f"?service={service.pk}") == ["One"]
    assert titles(client, "?severity=2") == ["Two"]
    assert titles(client, f"?owner={people.colleague.pk}") == ["Two"]
    assert titles(client, "?year=2019") == ["One"]
    assert titles(client, f"?severity=1&owner={people.colleague.pk}") == []


def test_the_kind_of_incident_is_a_filter(people: People, client: Client) -> None:
    for each in Category:
        open_another(people, f"This is {each}", category=each)
    publish_draft(open_another(people, "This is an outage that is out"), people)
    client.force_login(people.owner)
    assert titles(client, "?category=outage") == ["This is an outage that is out", "This is outage"]
    for kind in ("security", "data_loss", "near_miss"):
        assert titles(client, f"?category={kind}") == [f"This is {kind}"]
    assert titles(client, "?category=security&severity=4") == []
    assert len(titles(client, "?category=")) == 5


def test_a_published_coe_is_of_the_kind_that_was_published_whoever_asks(
    document: Document, people: People, client: Client
) -> None:
    """The words of a text are no kind, however they are written."""
    write(document, 'It said "category":"near_miss" and {"category": "outage"}.', by=people.owner)
    state_facts(document, category="data_loss", by=people.owner)
    publish_draft(document, people)
    reopen(document, by=people.owner)
    state_facts(document, category="security", by=people.owner)
    for person in (people.owner, people.stranger):
        client.force_login(person)
        assert len(titles(client, "?category=data_loss")) == 1
        for kind in ("security", "near_miss", "outage"):
            assert titles(client, f"?category={kind}") == [], kind


def test_a_published_coe_is_found_by_what_was_published_whoever_asks(
    corrected: Document, people: People, client: Client
) -> None:
    published, drafted = people.owner.team_id, people.stranger.team_id
    cables = Service.objects.get(name="Cables").pk
    for person in (people.owner, people.stranger):
        client.force_login(person)
        for query in ("q=certificates", "q=renew+EXPIR", "severity=2", f"team={published}"):
            assert len(titles(client, f"?{query}")) == 1, query
        for query in ("q=zebras", "q=another", "severity=1", f"team={drafted}"):
            assert titles(client, f"?{query}") == [], query
        assert titles(client, f"?service={cables}") == []
        assert "0 COEs fit" in words(client.get("/coes/?q=zebras"))


def test_the_words_of_a_draft_are_found_by_those_who_may_read_it_alone(
    document: Document, people: People, client: Client
) -> None:
    write(document, "Zebras ate the cable.", by=people.owner)
    propose(document, "Fence it in", by=people.owner)
    at = instant("2026-11-14 02:20")
    add_entry(document, uid=uuid4(), instant=at, text="Traffic moved", by=people.owner)
    for query in ("zebras", "zeb+cab", "fence+zebras+uploads", "traffic"):
        for person, number in ((people.owner, 1), (people.colleague, 1), (people.stranger, 0)):
            client.force_login(person)
            page = client.get(f"/coes/?q={query}")
            assert len(table(page)) == number, query
            assert f"{number} COE" in words(page)
    client.force_login(people.owner)
    assert titles(client, "?q=zebras+tigers") == []


def test_a_restricted_coe_is_in_no_count_no_year_and_no_list_of_owners(
    document: Document, people: People, client: Client
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    write(document, "Zebras ate the cable.", by=people.owner)
    begun = document.incident.milestones.filter(kind="impact_started")
    begun.update(state="recorded", at="1999-12-31T12:00:00Z")
    publish_draft(document, people)
    for person in (people.stranger, people.colleague, people.admin):
        page = get(client, person, "/coes/?q=zebras")
        assert "0 COEs fit" in words(page)
        assert "1999" not in words(page)
        assert f'<option value="{people.owner.pk}">Owner</option>' not in body(page)
        assert get(client, person, "/coes/?year=1999").status_code == 422
        assert get(client, person, f"/coes/?owner={people.owner.pk}").status_code == 422
    page = get(client, people.owner, "/coes/?q=zebras&year=1999")
    assert "1 COE fits" in words(page)


def test_each_filter_that_is_on_can_be_taken_off(people: People, client: Client) -> None:
    open_another(people, "Storage broke")
    team = people.owner.team_id
    page = get(client, people.owner, f"/coes/?q=broke&team={team}&severity=3&sort=title&owner=")
    found = body(page)
    assert f'class="chip" href="?team={team}&amp;severity=3&amp;sort=title"' in found
    assert 'class="chip" href="?q=broke&amp;severity=3&amp;sort=title"' in found
    assert f'class="chip" href="?q=broke&amp;team={team}&amp;sort=title"' in found
    assert 'class="chip chip--all" href="/coes/"' in found
    assert "Team Storage ×" in words(page)
    assert "chip" not in body(client.get("/coes/?sort=title"))


def test_the_kind_of_incident_that_is_on_can_be_taken_off(people: People, client: Client) -> None:
    open_another(people, "Orders were lost", category="data_loss")
    page = get(client, people.owner, "/coes/?severity=3&category=data_loss&sort=title")
    assert "Remove the filter Kind of incident Data loss ×" in words(page)
    assert 'class="chip" href="?severity=3&amp;sort=title"' in body(page)
    assert 'class="chip" href="?category=data_loss&amp;sort=title"' in body(page)


def test_nothing_found_offers_to_clear_the_filters(people: People, client: Client) -> None:
    open_another(people, "Storage broke")
    page = get(client, people.owner, "/coes/?severity=1")
    assert "Nothing fits these filters" in words(page)
    assert '<a class="button" href="/coes/">Clear all filters</a>' in body(page)


def test_what_was_not_understood_is_said_and_the_rest_holds(people: People, client: Client) -> None:
    open_another(people, "Storage broke")
    open_another(people, "Storage slow")
    page = get(client, people.owner, "/coes/?q=broke&severity=7")
    assert page.status_code == 422
    assert "7 is not one of the available choices" in words(page)
    assert [row[1] for row in table(page)] == ["Storage broke"]
    assert 'value="broke"' in body(page)


def test_htmx_gets_the_results_and_the_address_that_leads_back(
    people: People, client: Client
) -> None:
    open_another(people, "Storage broke")
    client.force_login(people.owner)
    page = client.get("/coes/?q=broke&team=&state=draft&sort=", headers={"HX-Request": "true"})
    assert page.status_code == 200
    assert page["HX-Push-Url"] == "/coes/?q=broke&state=draft"
    assert "HX-Request" in page["Vary"]
    assert "<html" not in body(page)
    assert 'id="results"' in body(page)
    assert "Storage broke" in words(page)
    everything = client.get("/coes/?q=&sort=impact", headers={"HX-Request": "true"})
    assert everything["HX-Push-Url"] == "/coes/"


def test_htmx_gets_the_form_where_something_in_it_was_not_understood(
    people: People, client: Client
) -> None:
    client.force_login(people.owner)
    page = client.get("/coes/?severity=7", headers={"HX-Request": "true"})
    assert page.status_code == 422
    assert page["HX-Retarget"] == "#browse"
    assert "7 is not one of the available choices" in words(page)


def test_htmx_gets_the_whole_page_when_it_restores_its_history(
    people: People, client: Client
) -> None:
    client.force_login(people.owner)
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in body(client.get("/coes/", headers=headers))


def test_a_row_tells_when_impact_started_where_it_was_and_how_long_it_took(
    document: Document, people: People, client: Client
) -> None:
    """23:30 in Los Angeles, which was the next day in UTC."""
    milestones = document.incident.milestones
    begun, over = (milestones.filter(kind=kind) for kind in ("impact_started", "resolved"))
    begun.update(state="recorded", at="2026-11-15T07:30:00Z", precision="about")
    over.update(state="recorded", at="2026-11-15T11:47:00Z")
    expected = ["14 Nov 2026", "about 4 h 17 min", "Owner"]
    (row,) = table(get(client, people.owner, "/coes/"))
    assert row[4:7] == expected
    publish_draft(document, people)
    (row,) = table(get(client, people.stranger, "/coes/"))
    assert row[4:7] == expected


@pytest.mark.parametrize(
    "word", ["'", "\\", "a'b", "a\\", "!", "&", "|", "(", ":*", "<->", "a:b", "''", "é", "100%"]
)
def test_what_the_search_gives_a_meaning_to_is_a_word_like_any_other(
    word: str, people: People, client: Client
) -> None:
    open_another(people, f"It said {word} twice")
    client.force_login(people.owner)
    answer = client.get("/coes/", {"q": word})
    assert answer.status_code == 200
    assert len(table(answer)) == 1


def test_each_text_that_is_searched_has_an_index(db: None) -> None:
    """The planner of an empty table would rather read it, so it is forbidden to."""
    query = "to_tsquery('simple', '''zeb'':*')"
    tables = {"section": "text", "answer": "text", "entry": "text", "cause": "text"}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for table_name, column in (*tables.items(), ("actionitem", "title")):
            vector = f"to_tsvector('simple'::regconfig, COALESCE({column}, ''))"
            cursor.execute(f"EXPLAIN SELECT 1 FROM coe_{table_name} WHERE {vector} @@ {query}")
            assert f"coe_{table_name}_words" in str(cursor.fetchall())
        cursor.execute(f"EXPLAIN SELECT 1 FROM coe_publishedtext WHERE words @@ {query}")
        assert "coe_publishedtext_words" in str(cursor.fetchall())


def test_a_publication_of_any_length_can_be_searched_to_its_end(
    document: Document, people: People, client: Client
) -> None:
    words_of_it = " ".join(f"word{number}" for number in range(11_000))
    for number in range(3):
        at = instant(f"2026-11-14 02:2{number}")
        text = f"{words_of_it[:98_000]} last{number}"
        add_entry(document, uid=uuid4(), instant=at, text=text, by=people.owner)
    publish_draft(document, people)
    assert PublishedText.objects.count() > 1
    client.force_login(people.stranger)
    assert len(titles(client, "?q=word1+last2+uploads")) == 1
