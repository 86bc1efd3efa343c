"""The page that opens a COE says, before anything is written, who will approve it."""

import re

import pytest
from django.test import Client

from coe.accounts.models import Team
from coe.incidents.models import Service
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
