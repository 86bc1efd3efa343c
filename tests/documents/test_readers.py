"""Readers whom the owner of a COE names: what is stored, recorded and refused."""

import pytest
from django.db import IntegrityError

from coe.accounts.models import Team
from coe.documents.models import Document, Participant, ReaderRole, State
from coe.documents.readers import drop_reader, drop_role, name_reader, name_role
from coe.documents.services import hand_over_documents
from coe.history.models import HistoryEvent
from coe.reviews.sight import stop_reviewer
from coe.web.errors import StaleAnswer
from tests.people import People
from tests.reviews.steps import make_submittable, submit

pytestmark = pytest.mark.django_db


def told(document: Document) -> list[tuple[str, str, str]]:
    events = HistoryEvent.objects.filter(document=document, subject="reader").order_by("pk")
    return [
        (each.action, each.subject_key, (each.text.content or {})["after"]["who"])
        for each in events.select_related("text")
    ]


def test_a_reader_is_named_once_and_taken_off_once(document: Document, people: People) -> None:
    for _ in range(2):
        name_reader(document, person=people.stranger, by=people.owner)
    parts = Participant.objects.filter(user=people.stranger)
    assert [each.role for each in parts] == ["reader"]
    for _ in range(2):
        drop_reader(document, person=people.stranger, by=people.owner)
    key = f"person:{people.stranger.pk}"
    assert told(document) == [("added", key, "Stranger"), ("removed", key, "Stranger")]


def test_taking_a_reader_off_leaves_what_else_they_are(document: Document, people: People) -> None:
    name_reader(document, person=people.contributor, by=people.owner)
    drop_reader(document, person=people.contributor, by=people.owner)
    parts = Participant.objects.filter(user=people.contributor)
    assert [each.role for each in parts] == ["contributor"]


def test_a_role_is_named_once_and_taken_off_once(document: Document, people: People) -> None:
    storage = Team.objects.get(name="Storage")
    for _ in range(2):
        name_role(document, kind=ReaderRole.Kind.MANAGERS, team=storage, by=people.owner)
        name_role(document, kind=ReaderRole.Kind.LEADERS, by=people.owner)
    managers, leaders = document.reader_roles.all()
    for _ in range(2):
        drop_role(document, role=managers, by=people.owner)
    assert list(document.reader_roles.all()) == [leaders]
    key = f"managers:{storage.pk}"
    assert told(document) == [
        ("added", key, "The managers of Storage"),
        ("added", "leaders", "Every leader"),
        ("removed", key, "The managers of Storage"),
    ]


@pytest.mark.parametrize("kind", ["team", "managers"])
def test_a_role_of_a_team_names_the_team(document: Document, kind: str) -> None:
    with pytest.raises(IntegrityError):
        ReaderRole.objects.create(document=document, kind=kind)


def test_readers_change_also_while_a_coe_is_approved(document: Document, people: People) -> None:
    Document.objects.filter(pk=document.pk).update(state=State.APPROVED)
    name_reader(document, person=people.stranger, by=people.owner)
    drop_reader(document, person=people.stranger, by=people.owner)
    assert len(told(document)) == 2


def test_who_does_not_own_it_any_more_names_and_takes_off_nobody(
    document: Document, people: People
) -> None:
    name_reader(document, person=people.stranger, by=people.owner)
    hand_over_documents(of=people.owner, to=people.colleague, by=people.admin)
    with pytest.raises(StaleAnswer):
        name_reader(document, person=people.leader, by=people.owner)
    with pytest.raises(StaleAnswer):
        drop_reader(document, person=people.stranger, by=people.owner)
    with pytest.raises(StaleAnswer):
        name_role(document, kind=ReaderRole.Kind.LEADERS, by=people.owner)
    with pytest.raises(StaleAnswer):
        stop_reviewer(document, person=people.stranger, by=people.owner)
    assert Participant.objects.filter(role="reader").count() == 1


def test_a_reviewer_is_taken_off_unless_they_decide_on_it_now(
    document: Document, people: People
) -> None:
    make_submittable(document)
    submit(document, by=people.owner)
    reviewer = Participant.Role.REVIEWER
    Participant.objects.create(document=document, user=people.leader, role=reviewer)
    stop_reviewer(document, person=people.leader, by=people.owner)
    with pytest.raises(StaleAnswer, match="Manager decides"):
        stop_reviewer(document, person=people.manager, by=people.owner)
    reviewers = Participant.objects.filter(role=reviewer).values_list("user__name", flat=True)
    assert list(reviewers) == ["Manager"]
