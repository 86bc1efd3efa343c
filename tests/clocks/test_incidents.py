"""Incidents before their COE: registered, found, written about, set aside."""

import contextlib
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coe.clocks.queries import needing_none, without_coe
from coe.documents.models import Document
from coe.history.models import HistoryEvent, HistoryText
from coe.incidents.models import Incident
from coe.incidents.registering import (
    change_incident,
    impact_start,
    set_aside_incident,
    take_up_incident,
)
from coe.reviews.services import bring_back_draft, discard_draft
from coe.snapshots.build import build_snapshot
from coe.web.errors import StaleAnswer
from coe.web.versions import Conflict
from tests.clocks.making import register, team, write_coe
from tests.library.pages import get, words
from tests.people import People
from tests.reviews.racing import overtaken
from tests.reviews.steps import instant

pytestmark = pytest.mark.django_db

STARTED = "2025-12-31 23:30"


def waiting(people: People) -> dict[str, list[str]]:
    """Who finds what among the incidents without a COE."""
    found = {name: without_coe(person) for name, person in vars(people).items()}
    return {name: [each.title for each in shown] for name, shown in found.items() if shown}


def test_its_team_the_managers_above_leaders_and_who_registered_it_find_it(people: People) -> None:
    register(people.stranger, "Backups were empty", team=people.owner.team)
    found = ["Backups were empty"]
    who = ("owner", "colleague", "manager", "director", "leader", "stranger")
    assert waiting(people) == dict.fromkeys(who, found)
    register(people.stranger, "Paid twice")
    both = [*found, "Paid twice"]
    assert waiting(people) == {
        **dict.fromkeys(("owner", "colleague", "manager"), found),
        **dict.fromkeys(("director", "leader", "stranger"), both),
        "contributor": ["Paid twice"],
    }


def test_the_same_attempt_registers_it_once_and_nobody_elses(people: People) -> None:
    uid = uuid4()
    first, second = (register(people.owner, uid=uid) for _ in range(2))
    assert first == second
    assert first.milestones.count() == 6
    assert HistoryEvent.objects.filter(subject="incident", subject_key=str(uid)).count() == 1
    with pytest.raises(Conflict):
        register(people.colleague, uid=uid)


def test_an_incident_that_is_opened_with_its_coe_was_never_without(
    people: People, document: Document
) -> None:
    assert waiting(people) == {}
    assert document.incident.uid is None


def test_its_coe_is_about_that_very_incident_and_takes_the_year_of_its_impact(
    people: People,
) -> None:
    incident = register(people.stranger, team=people.owner.team, impact_started=instant(STARTED))
    document = write_coe(incident, people.owner, impact_started=impact_start(incident), severity=1)
    assert document.incident_id == incident.pk
    assert Incident.objects.count() == 1
    assert document.incident.milestones.count() == 6
    assert document.reference.startswith("COE-2026-")  # already 2026 in UTC
    assert build_snapshot(document).severity == 1
    assert waiting(people) == {}
    assert document.owner == people.owner
    assert document.incident.opened_by == people.stranger


def test_what_is_corrected_on_opening_is_what_the_incident_says(people: People) -> None:
    incident = register(people.owner, impact_started=instant(STARTED))
    document = write_coe(incident, people.owner, title="Empty backups", impact_started=None)
    fresh = Document.objects.get(pk=document.pk)
    assert fresh.incident.title == "Empty backups"
    assert impact_start(fresh.incident) is None


def test_of_two_who_open_its_coe_the_second_is_told(people: People) -> None:
    incident, uid = register(people.owner), uuid4()
    document = write_coe(incident, people.owner, uid=uid)
    with pytest.raises(StaleAnswer, match="opened a COE"):
        write_coe(incident, people.colleague)
    assert write_coe(incident, people.owner, uid=uid) == document
    assert Document.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_its_coe_at_once_one_waits_and_is_told(people: People) -> None:
    incident = register(people.owner)
    rival = overtaken(
        lambda: write_coe(incident, people.owner), lambda: write_coe(incident, people.colleague)
    )
    assert isinstance(rival.error, StaleAnswer)
    assert Document.objects.get().owner == people.owner


@pytest.mark.django_db(transaction=True)
def test_who_sets_it_aside_while_its_coe_is_opened_is_told(people: People) -> None:
    incident = register(people.owner)
    rival = overtaken(
        lambda: write_coe(incident, people.owner),
        lambda: set_aside_incident(incident, reason="A drill", by=people.manager),
    )
    assert isinstance(rival.error, StaleAnswer)
    assert Incident.objects.get().set_aside_at is None


def test_a_draft_that_was_discarded_leaves_the_incident_without_one(people: People) -> None:
    incident = register(people.colleague, impact_started=instant(STARTED))
    first = write_coe(incident, people.owner, impact_started=instant(STARTED))
    discard_draft(first, by=people.owner)
    assert waiting(people)["manager"] == ["Backups were empty"]
    second = write_coe(incident, people.colleague, impact_started=instant(STARTED))
    assert waiting(people) == {}
    bring_back_draft(first, by=people.owner)
    kept = Document.objects.kept().select_related("incident")
    assert {each.pk for each in kept} == {first.pk, second.pk}
    assert len({each.incident_id for each in kept}) == 2
    assert second.incident.uid == incident.uid
    assert waiting(people) == {}


def test_what_was_restricted_before_it_was_discarded_stays_so(people: People) -> None:
    incident = register(people.colleague)
    secret = write_coe(incident, people.owner, title="A key was stolen", is_restricted=True)
    discard_draft(secret, by=people.owner)
    assert waiting(people) == {}


def test_who_manages_the_team_or_one_above_decides_that_it_needs_none_and_again(
    people: People,
) -> None:
    incident = register(people.owner)
    for name in ("owner", "contributor", "colleague", "stranger", "admin"):
        with pytest.raises(PermissionDenied):
            set_aside_incident(incident, reason="A drill", by=getattr(people, name))
    for name in ("manager", "director", "leader"):
        person = getattr(people, name)
        set_aside_incident(incident, reason="A drill", by=person)
        assert waiting(people) == {}
        (shown,) = needing_none(people.colleague)
        assert (shown.set_aside_by, shown.set_aside_reason) == (person, "A drill")
        with pytest.raises(StaleAnswer):
            set_aside_incident(incident, reason="Again", by=people.manager)
        with pytest.raises(StaleAnswer, match="needs no COE"):
            write_coe(incident, people.owner)
        take_up_incident(incident, by=person)
        with pytest.raises(StaleAnswer):
            take_up_incident(incident, by=person)
    assert HistoryEvent.objects.filter(subject="incident").count() == 7


def test_nothing_is_set_aside_without_a_reason_or_once_it_has_a_coe(
    people: People, document: Document
) -> None:
    aside = {"set_aside_at": timezone.now(), "set_aside_by": people.manager}
    for pk, values in (
        (register(people.owner).pk, aside),
        (document.incident_id, aside | {"set_aside_reason": "A drill"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Incident.objects.filter(pk=pk).update(**values)


TYPED = {
    "uid": "2b1f6c52-94c1-4b55-8a3e-0c1f2d3e4a5b",
    "title": "Backups were empty",
    "impact_started": "2026-11-20 15:10",
    "zone": "UTC",
    "severity": "3",
}


def test_it_is_registered_on_a_page_and_found_in_the_list(client: Client, people: People) -> None:
    client.force_login(people.stranger)
    refused = client.post(reverse("incident_new"), {**TYPED, "team": "", "title": "Backups"})
    assert refused.status_code == 422
    assert 'value="Backups"' in refused.content.decode()
    typed = {**TYPED, "team": team("Storage").pk}
    answer = client.post(reverse("incident_new"), typed)
    assert answer.status_code == 303
    incident = Incident.objects.get()
    assert answer["Location"] == reverse("incident", args=[incident.uid])
    started = impact_start(incident)
    assert started
    assert started.at == datetime(2026, 11, 20, 15, 10, tzinfo=UTC)
    page = get(client, people.owner, reverse("incident_list"))
    assert "No COE yet 1 Backups were empty" in words(page)
    assert reverse("incident_list") in client.get(reverse("home")).content.decode()


def test_write_its_coe_opens_a_filled_form_and_the_coe_of_this_incident(
    client: Client, people: People
) -> None:
    incident = register(people.stranger, team=team("Storage"), impact_started=instant(STARTED))
    address = f"{reverse('coe_new')}?incident={incident.uid}"
    page = get(client, people.owner, address)
    form = page.context["form"]
    assert form["title"].value() == "Backups were empty"
    assert form["zone"].value() == "America/Los_Angeles"
    assert "2025-12-31 23:30" in page.content.decode()
    shown = {each.name: each.value() for each in form if each.value() not in (None, False)}
    typed = shown | {"impact_started": STARTED}
    first, second = (client.post(address, typed) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    document = Document.objects.get()
    assert document.incident_id == incident.pk
    assert client.post(address, typed | {"uid": str(uuid4())}).status_code == 409
    assert client.get(address).status_code == 404
    answer = client.get(reverse("incident", args=[incident.uid]))
    assert answer["Location"] == reverse("coe_read", args=[document.reference])


@pytest.mark.parametrize("named", ["nonsense", "2b1f6c52-94c1-4b55-8a3e-0c1f2d3e4a5b"])
def test_an_incident_that_is_not_there_opens_nothing(
    client: Client, people: People, named: str
) -> None:
    address = f"{reverse('coe_new')}?incident={named}"
    assert get(client, people.owner, address).status_code == 404
    assert client.post(address, TYPED).status_code == 404


def test_who_may_not_see_it_cannot_write_its_coe(client: Client, people: People) -> None:
    incident = register(people.owner)
    address = f"{reverse('coe_new')}?incident={incident.uid}"
    assert get(client, people.stranger, address).status_code == 404
    assert client.post(address, {**TYPED, "team": team("Storage").pk}).status_code == 404


def test_a_manager_says_why_it_needs_none_and_takes_that_back(
    client: Client, people: People
) -> None:
    incident = register(people.owner)
    page = reverse("incident", args=[incident.uid])
    assert "It needs none" not in words(get(client, people.owner, page))
    assert "It needs none" in words(get(client, people.manager, page))
    set_aside = reverse("incident_set_aside", args=[incident.uid])
    assert client.post(set_aside, {"reason": " "}).status_code == 422
    assert client.post(set_aside, {"reason": "It was a drill."}).status_code == 303
    again = client.post(set_aside, {"reason": "It was a drill, I said."})
    assert again.status_code == 409
    assert "It was a drill, I said." in words(again)
    assert "It was a drill. Manager" in words(get(client, people.colleague, page))
    assert "No COE needed 1 Backups were empty" in words(client.get(reverse("incident_list")))
    client.force_login(people.manager)
    assert client.post(reverse("incident_take_up", args=[incident.uid])).status_code == 303
    assert "Write its COE" in words(client.get(page))


def known(incident: Incident, **more: Any) -> dict[str, Any]:
    """What is registered of it, but for what is said here."""
    facts = {name: getattr(incident, name) for name in ("title", "severity", "category")}
    facts |= {"team": incident.team, "service": incident.service}
    return {**facts, "impact_started": impact_start(incident), "version": incident.version, **more}


def test_what_is_registered_is_said_otherwise_and_the_history_keeps_what_it_said(
    people: People,
) -> None:
    incident = register(people.owner, impact_started=instant(STARTED))
    payments = team("Payments")
    said = known(incident, title="The backups held nothing", team=payments, impact_started=None)
    written = change_incident(incident, **said, by=people.manager)
    assert (written.title, written.team, written.version) == (said["title"], payments, 2)
    assert impact_start(written) is None
    last = HistoryText.objects.filter(event__subject_key=str(incident.uid)).latest("pk")
    assert last.content == {
        "before": {
            "title": "Backups were empty",
            "team_id": people.owner.team_id,
            "impact_started": "2026-01-01T07:30:00Z",
        },
        "after": {
            "title": "The backups held nothing",
            "team_id": payments.pk,
            "impact_started": None,
        },
    }


def test_saying_the_same_again_changes_nothing(people: People) -> None:
    incident = register(people.owner, impact_started=instant(STARTED))
    assert change_incident(incident, **known(incident), by=people.owner).version == 1
    assert HistoryEvent.objects.filter(subject="incident").count() == 1


def test_who_types_over_what_somebody_changed_or_wrote_about_is_told(people: People) -> None:
    incident = register(people.owner)
    change_incident(incident, **known(incident, title="First"), by=people.manager)
    with pytest.raises(StaleAnswer, match="changed what is written"):
        change_incident(incident, **known(incident, title="Second"), by=people.owner)
    fresh = Incident.objects.get()
    document = write_coe(fresh, people.owner)
    with pytest.raises(StaleAnswer, match="opened a COE"):
        change_incident(fresh, **known(fresh, title="Third"), by=people.owner)
    discard_draft(document, by=people.owner)
    with pytest.raises(StaleAnswer, match="discarded"):
        change_incident(fresh, **known(fresh, title="Fourth"), by=people.owner)
    assert Incident.objects.get().title == "First"


def test_only_who_registered_it_and_who_manages_it_say_it_otherwise(people: People) -> None:
    incident = register(people.colleague, team=people.owner.team)
    may = []
    for name, person in vars(people).items():
        with contextlib.suppress(PermissionDenied):
            change_incident(incident, **known(incident), by=person)
            may.append(name)
    assert sorted(may) == ["colleague", "director", "leader", "manager"]


def test_its_form_keeps_what_was_typed_and_tells_who_was_overtaken(people: People) -> None:
    incident = register(people.owner)
    client = Client()
    client.force_login(people.owner)
    edit = reverse("incident_edit", args=[incident.uid])
    assert 'value="Backups were empty"' in client.get(edit).content.decode()
    address = reverse("incident_change", args=[incident.uid])
    assert people.owner.team is not None
    typed = {"zone": "UTC", "severity": 3, "team": people.owner.team.pk, "version": 1}
    answer = client.post(address, {**typed, "title": "", "impact_started": "whenever"})
    assert answer.status_code == 422
    assert 'value="whenever"' in answer.content.decode()
    assert client.post(address, {**typed, "title": "Empty for a week"}).status_code == 303
    answer = client.post(address, {**typed, "title": "Empty for two"})
    assert answer.status_code == 409
    assert "Empty for two" in answer.content.decode()
    assert Incident.objects.get().title == "Empty for a week"


def test_a_form_under_the_identity_of_what_somebody_else_registered_is_stale(
    client: Client, people: People
) -> None:
    theirs = register(people.owner)
    typed = {**TYPED, "uid": str(theirs.uid), "team": team("Payments").pk}
    client.force_login(people.stranger)
    assert client.post(reverse("incident_new"), typed).status_code == 409


def test_the_page_of_an_incident_leads_to_its_coe_whoever_may_know_of_that(
    people: People, client: Client
) -> None:
    incident = register(people.owner)
    page = reverse("incident", args=[incident.uid])
    draft = write_coe(incident, people.owner, is_restricted=True)
    assert draft.reference in get(client, people.owner, page)["Location"]
    for person in (people.stranger, people.colleague, people.director):
        assert get(client, person, page).status_code == 404
