import pytest
from django.core import mail
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from coe.accounts.invitations import invitation_link
from coe.accounts.models import PersonState, Team, User
from coe.accounts.saving import as_seen
from coe.accounts.services import deactivate_person, person_facts
from coe.jobs.services import run_waiting_jobs
from tests.accounts.conftest import make_joined

PEOPLE, INVITE = "/administration/people/", "/administration/people/invite/"


def page_of(person: User) -> str:
    return f"{PEOPLE}{person.pk}/"


def typed(person: User, **values: object) -> dict[str, object]:
    """What the form of `person` sends if nothing but `values` is changed in it."""
    facts = person_facts(person)
    form: dict[str, object] = {
        "seen": as_seen(facts),
        "email": person.email,
        "name": person.name,
        "team": person.team_id or "",
    }
    form |= {flag: "on" for flag in ("is_leader", "is_administrator") if facts[flag]}
    form |= values
    return {name: value for name, value in form.items() if value is not None}


def names(client: Client, query: str) -> list[str]:
    return [person.name for person in client.get(f"{PEOPLE}?{query}").context["page"]]


@pytest.fixture
def crowd(boss: User) -> None:
    make_joined("Ada")
    make_joined("bert")
    User.objects.create(email="cleo@elsewhere.example", name="Cleo")
    deactivate_person(person=make_joined("Dora"), by=boss)


def test_everybody_is_listed_by_name(boss_client: Client, crowd: None) -> None:
    assert names(boss_client, "") == ["Ada", "bert", "Boss", "Cleo", "Dora"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=AD", ["Ada"]),
        ("q=elsewhere", ["Cleo"]),
        ("q=%25", []),
        ("state=active", ["Ada", "bert", "Boss"]),
        ("state=invited", ["Cleo"]),
        ("state=deactivated", ["Dora"]),
        ("q=d&state=active", ["Ada"]),
    ],
)
def test_the_list_is_filtered_by_word_and_state(
    boss_client: Client, crowd: None, query: str, found: list[str]
) -> None:
    assert names(boss_client, query) == found


@pytest.mark.parametrize("query", ["state=nonsense", "q=%00", "q=" + "x" * 101])
def test_a_filter_that_makes_no_sense_is_a_sentence(boss_client: Client, query: str) -> None:
    answer = boss_client.get(f"{PEOPLE}?{query}")
    assert answer.status_code == 422
    assert "field__errors" in answer.content.decode()


def test_300_people_cost_as_many_queries_as_3(
    boss_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    team = Team.objects.create(name="Storage")
    for size in (3, 300):
        User.objects.bulk_create(
            User(email=f"{size}-{n}@example.org", name=f"Person {n}", team=team)
            for n in range(size)
        )
        with django_assert_num_queries(4):  # session, who asks, count, one page with teams
            boss_client.get(PEOPLE)


def test_an_invitation_shows_its_link_and_mails_it(boss_client: Client) -> None:
    team = Team.objects.create(name="Storage")
    form = {"email": "new@example.org", "name": "Nia New", "team": team.pk, "is_leader": "on"}
    answer = boss_client.post(INVITE, form)
    run_waiting_jobs()
    person = User.objects.get(email="new@example.org")
    assert (answer.status_code, answer["Location"]) == (303, page_of(person))
    assert (person.team, person.is_leader, person.is_administrator) == (team, True, False)
    page = boss_client.get(page_of(person)).content.decode()
    assert escape(invitation_link(person)) in page
    assert "Nia New is invited." in page
    assert [sent.to for sent in mail.outbox] == [["new@example.org"]]


def test_a_taken_address_is_said_at_its_field_with_everything_typed_kept(
    boss_client: Client, ada: User
) -> None:
    form = {"email": "ADA@example.org", "name": "Other Ada", "is_leader": "on"}
    answer = boss_client.post(INVITE, form)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "email": ["Somebody with this e-mail address is here already."]
    }
    page = answer.content.decode()
    assert 'value="ADA@example.org"' in page
    assert 'value="Other Ada"' in page
    assert answer.context["form"]["is_leader"].value() is True


def test_a_change_is_saved_and_shown(boss_client: Client, ada: User) -> None:
    answer = boss_client.post(page_of(ada), typed(ada, name="Ada L."))
    assert (answer.status_code, answer["Location"]) == (303, page_of(ada))
    page = boss_client.get(page_of(ada)).content.decode()
    assert "Saved." in page
    assert "<h1>Ada L.</h1>" in page


def test_a_taken_address_is_refused_when_editing_too(
    boss_client: Client, boss: User, ada: User
) -> None:
    answer = boss_client.post(page_of(ada), typed(ada, email="Boss@example.org"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["email"]


def test_the_last_administrator_learns_it_at_the_box(boss_client: Client, boss: User) -> None:
    answer = boss_client.post(page_of(boss), typed(boss, is_administrator=None))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "is_administrator": ["Boss is the last administrator. Name another first."]
    }


def test_what_somebody_else_changed_in_another_field_is_taken_over_and_shown_first(
    boss_client: Client, ada: User
) -> None:
    stale = typed(ada, name="Ada L.")
    team = Team.objects.create(name="Storage")
    User.objects.filter(pk=ada.pk).update(team=team, is_leader=True)
    answer = boss_client.post(page_of(ada), stale)
    assert answer.status_code == 409
    assert answer.context["form"].overtaken == ["Team", "Leader"]
    assert not answer.context["form"].errors
    ada.refresh_from_db()
    assert (ada.name, ada.team, ada.is_leader) == ("Ada", team, True)
    page = answer.content.decode()
    assert 'value="Ada L."' in page
    assert f'<option value="{team.pk}" selected>Storage</option>' in page
    again = typed(ada, name="Ada L.", seen=answer.context["form"].seen)
    assert boss_client.post(page_of(ada), again).status_code == 303
    ada.refresh_from_db()
    assert (ada.name, ada.team, ada.is_leader) == ("Ada L.", team, True)


def test_what_both_changed_keeps_what_was_typed_and_says_what_is_stored(
    boss_client: Client, ada: User
) -> None:
    mine = Team.objects.create(name="Mine")
    theirs = Team.objects.create(name="Theirs")
    stale = typed(ada, name="My name for her", team=mine.pk)
    User.objects.filter(pk=ada.pk).update(name="Their name for her", team=theirs)
    answer = boss_client.post(page_of(ada), stale)
    assert answer.status_code == 409
    assert answer.context["form"].errors == {
        "name": ["Somebody else made it “Their name for her”."],
        "team": ["Somebody else made it “Theirs”."],
    }
    assert 'value="My name for her"' in answer.content.decode()
    again = stale | {"seen": answer.context["form"].seen}
    assert boss_client.post(page_of(ada), again).status_code == 303
    ada.refresh_from_db()
    assert (ada.name, ada.team) == ("My name for her", mine)


def test_two_who_made_the_same_change_do_not_meet(boss_client: Client, ada: User) -> None:
    stale = typed(ada, name="Ada L.")
    User.objects.filter(pk=ada.pk).update(name="Ada L.")
    assert boss_client.post(page_of(ada), stale).status_code == 303


@pytest.mark.parametrize("seen", ["", "nonsense", "[1]", "\x00", None])
def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing(
    boss_client: Client, ada: User, seen: str | None
) -> None:
    answer = boss_client.post(page_of(ada), typed(ada, name="Ada L.", seen=seen))
    assert answer.status_code == 409
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_renewing_shows_another_link(boss_client: Client) -> None:
    boss_client.post(INVITE, {"email": "new@example.org", "name": "Nia New"})
    person = User.objects.get(email="new@example.org")
    before = invitation_link(person)
    answer = boss_client.post(f"{page_of(person)}invitation/", follow=True)
    assert answer.redirect_chain == [(page_of(person), 303)]
    person.refresh_from_db()
    page = answer.content.decode()
    assert escape(invitation_link(person)) in page
    assert escape(before) not in page


def test_nobody_makes_a_link_for_themselves(boss_client: Client, boss: User) -> None:
    answer = boss_client.post(f"{page_of(boss)}invitation/", follow=True)
    assert "change your own password instead" in answer.content.decode()
    assert boss_client.get(PEOPLE).status_code == 200


def test_the_link_of_somebody_who_joined_is_not_shown(boss_client: Client, ada: User) -> None:
    assert "/accounts/invitation/" not in boss_client.get(page_of(ada)).content.decode()


def test_reactivating_invites_again(boss_client: Client, boss: User, ada: User) -> None:
    deactivate_person(person=ada, by=boss)
    answer = boss_client.post(f"{page_of(ada)}reactivate/", follow=True)
    assert answer.redirect_chain == [(page_of(ada), 303)]
    ada.refresh_from_db()
    assert ada.state == PersonState.INVITED
    assert escape(invitation_link(ada)) in answer.content.decode()


def test_a_stale_button_answers_409_and_does_nothing(boss_client: Client, ada: User) -> None:
    answer = boss_client.post(f"{page_of(ada)}reactivate/")
    assert answer.status_code == 409
    assert "Ada is active." in answer.content.decode()
