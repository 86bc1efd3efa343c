"""The page that lists the checks is made from the checks."""

import pytest
from django.test import Client
from django.urls import reverse

from coe.guidance.registry import BY_SUBJECT, CHECKS
from tests.library.pages import words
from tests.people import People

pytestmark = pytest.mark.django_db


def test_every_check_stands_there_with_its_level_its_reason_and_its_example(
    client: Client, people: People
) -> None:
    client.force_login(people.stranger)
    answer = client.get(reverse("checks"))
    assert answer.status_code == 200
    page = answer.content.decode()
    said = words(answer)
    for subject in BY_SUBJECT:
        assert subject in said
    for each in CHECKS:
        assert page.count(f'id="{each.id}"') == 1
        example = f"Before {each.before} After {each.after} Source: {each.source}."
        whole = f"{each.id} {each.level.label} {each.title} {each.why} {example}"
        assert " ".join(whole.split()) in said


def test_help_leads_there(client: Client, people: People) -> None:
    client.force_login(people.stranger)
    assert f'href="{reverse("checks")}"' in client.get(reverse("help")).content.decode()
