"""The page that opens a COE says, before anything is written, who will approve it."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.test import Client

from coe.accounts.models import Team
from coe.documents.forms import OpenForm
from coe.incidents.models import Service
from coe.text.instants import Instant, Precision
from tests.people import People

pytestmark = pytest.mark.django_db


def choices(client: Client, field: str) -> list[str]:
    """What can be chosen in a field of the page, in words."""
    page = client.get("/coes/new/").content.decode()
    inside = page.partition(f'<select name="{field}"')[2].partition("</select>")[0]
    return [" ".join(each.split()) for each in re.findall(r"<option[^>]*>([^<]*)</option>", inside)]


def test_each_team_is_told_with_who_would_approve_a_coe_of_mine(
    client: Client, people: People
) -> None:
    client.force_login(people.manager)
    assert choices(client, "team") == [
        "Company (Director approves)",
        "Payments (Director approves)",
        "Platform (Director approves)",
        "Storage (Director approves)",
    ], "nobody approves what is their own"
    client.force_login(people.owner)
    assert "Storage (Manager approves)" in choices(client, "team")


def test_where_nobody_manages_the_leaders_approve_and_without_any_it_is_said(
    client: Client, people: People
) -> None:
    Team.objects.update(manager=None)
    client.force_login(people.owner)
    assert choices(client, "team")[0] == "Company (Leader approves)"
    type(people.leader).objects.filter(pk=people.leader.pk).update(is_leader=False)
    assert choices(client, "team")[0] == "Company (nobody could approve yet)"


def test_each_service_is_told_with_the_team_that_owns_it(client: Client, people: People) -> None:
    Service.objects.create(name="Uploads", team=Team.objects.get(name="Storage"))
    client.force_login(people.owner)
    assert choices(client, "service") == ["None of these", "Uploads (Storage)"]


@pytest.mark.parametrize(
    ("typed", "started", "precision"),
    [
        ("15:10", datetime(2026, 11, 20, 15, 10, tzinfo=UTC), Precision.MINUTE),
        ("~15:10", datetime(2026, 11, 20, 15, 10, tzinfo=UTC), Precision.ABOUT),
        ("08:30", datetime(2026, 11, 21, 8, 30, tzinfo=UTC), Precision.MINUTE),
        ("20.11. 15:10", datetime(2026, 11, 20, 15, 10, tzinfo=UTC), Precision.MINUTE),
    ],
)
def test_a_time_of_yesterday_or_this_morning_needs_no_day(
    people: People, typed: str, started: datetime, precision: Precision
) -> None:
    form = OpenForm(
        {
            "uid": str(UUID(int=1)),
            "title": "Pictures were broken",
            "impact_started": typed,
            "zone": "UTC",
            "severity": "3",
            "team": str(Team.objects.get(name="Storage").pk),
            "form": "light",
        },
        user=people.owner,
        approved_by=lambda team: "",
        now=datetime(2026, 11, 21, 8, 46, tzinfo=UTC),
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["impact_started"] == Instant(started, precision)


def test_the_two_forms_are_told_apart_in_the_words_of_the_severities(
    client: Client, people: People
) -> None:
    client.force_login(people.owner)
    page = client.get("/coes/new/").content.decode()
    assert "Full: the whole story, where a function was broken or many were hit" in page
    assert "Light: small and short, where some customers noticed, or nobody did" in page
    assert "Sev 3: some customers notice" in page


def test_who_has_opened_one_lands_on_the_first_thing_that_is_asked(
    client: Client, people: People
) -> None:
    client.force_login(people.owner)
    typed = {
        "uid": str(UUID(int=2)),
        "title": "Pictures were broken",
        "zone": "UTC",
        "severity": "3",
        "team": str(Team.objects.get(name="Storage").pk),
        "form": "light",
    }
    answer = client.post("/coes/new/", typed)
    assert answer.status_code == 303
    assert answer["Location"].endswith("/edit/#milestones")
