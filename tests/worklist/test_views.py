"""Views that people keep: their own, by name, and nobody else's."""

from django.test import Client

from coe.worklist.models import SavedView
from tests.library.pages import get, words
from tests.people import People, make_person


def test_a_view_is_kept_as_the_list_writes_it_and_stands_above_the_list(
    people: People, client: Client
) -> None:
    client.force_login(people.owner)
    query = "nonsense=1&late=on&priority=7&sort=due&group=team"
    answer = client.post("/actions/views/", {"name": "Late by team", "query": query})
    assert (answer.status_code, answer["Location"]) == (303, "/actions/?late=on&group=team")
    assert "Late by team" in words(client.get("/actions/"))
    assert "Late by team" not in words(get(client, people.stranger, "/actions/"))


def test_a_name_is_given_once_in_whatever_case_but_everybody_has_their_own(
    people: People, client: Client
) -> None:
    for person in (people.owner, people.stranger):
        client.force_login(person)
        assert (
            client.post("/actions/views/", {"name": "Late", "query": "late=on"}).status_code == 303
        )
    again = client.post("/actions/views/", {"name": "LATE", "query": "moved=on"})
    assert again.status_code == 422
    assert "You have a view called “LATE” already." in words(again)
    assert 'value="moved=on"' in again.content.decode()  # what was to be kept is still there
    assert SavedView.objects.count() == 2


def test_words_that_are_too_long_to_be_kept_are_said_to_be(people: People, client: Client) -> None:
    """Each of them is six characters in an address."""
    client.force_login(people.owner)
    answer = client.post("/actions/views/", {"name": "Long", "query": f"q={'ж' * 190}"})
    assert answer.status_code == 422
    assert "too many to be kept" in words(answer)


def test_a_view_is_renamed_and_removed_by_its_person_alone(people: People, client: Client) -> None:
    view = SavedView.objects.create(person=people.owner, name="Late", query="late=on")
    other = SavedView.objects.create(person=people.owner, name="Mine", query="owner=me")
    client.force_login(people.stranger)
    assert client.post(f"/actions/views/{view.pk}/", {"name": "Theirs"}).status_code == 404
    assert client.post(f"/actions/views/{view.pk}/remove/").status_code == 404
    client.force_login(people.owner)
    assert client.post(f"/actions/views/{view.pk}/", {"name": ""}).status_code == 422
    assert client.post(f"/actions/views/{view.pk}/", {"name": "mine"}).status_code == 422
    assert client.post(f"/actions/views/{view.pk}/", {"name": "Too late"}).status_code == 303
    assert client.post(f"/actions/views/{other.pk}/remove/").status_code == 303
    kept = SavedView.objects.values_list("name", "query")
    assert list(kept) == [("Too late", "late=on")]


def test_there_are_not_more_than_can_be_looked_through(people: People, client: Client) -> None:
    SavedView.objects.bulk_create(
        SavedView(person=people.owner, name=f"View {each}") for each in range(30)
    )
    client.force_login(people.owner)
    answer = client.post("/actions/views/", {"name": "One more", "query": ""})
    assert answer.status_code == 422
    assert "You keep 30 views. Remove one first." in words(answer)


def test_a_shared_view_is_seen_in_the_team_of_its_person_and_changed_by_them_alone(
    people: People, client: Client
) -> None:
    client.force_login(people.owner)
    kept = {"name": "Late", "query": "late=on&owner=me", "is_shared": "on"}
    assert client.post("/actions/views/", kept).status_code == 303
    view = SavedView.objects.get()
    mate = make_person("Mate", people.owner.team)
    assert "Late Owner" in words(get(client, mate, "/actions/"))
    assert "Owner keeps it." in words(client.get("/actions/views/"))
    assert client.post(f"/actions/views/{view.pk}/", {"name": "Ours"}).status_code == 404
    assert "Late Owner" not in words(get(client, people.stranger, "/actions/"))
    client.force_login(people.owner)
    assert client.post(f"/actions/views/{view.pk}/", {"name": "Late"}).status_code == 303
    assert "Late Owner" not in words(get(client, mate, "/actions/"))
