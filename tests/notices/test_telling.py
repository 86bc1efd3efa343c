"""Who is told what, and who is not."""

import pytest
from django.db import transaction
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import Team, User
from coe.documents.models import Document, Participant
from coe.documents.services import add_participant, remove_participant
from coe.notices.models import Kind, Notice, Watch
from coe.notices.services import clear, see, tell
from tests.people import People, make_person
from tests.reviews.steps import publish_draft, state_facts
from tests.reviews.test_states import PERSONS

pytestmark = pytest.mark.django_db


def told(kind: Kind) -> set[str]:
    """Who was told of it, by what they are to the COE."""
    names = Notice.objects.filter(kind=kind).values_list("person__name", flat=True)
    return {name.lower() for name in names}


def everybody(people: People) -> list[User]:
    return [getattr(people, name) for name in PERSONS]


def test_nobody_is_told_outside_the_transaction_of_what_happened(
    document: Document, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError):
        tell(Kind.MENTIONED, people=[people.colleague], document=document, by=people.owner)


def test_of_a_draft_are_told_those_who_may_read_it_and_never_who_did_it(
    document: Document, people: People
) -> None:
    tell(Kind.MENTIONED, people=everybody(people), document=document, by=people.owner)
    assert told(Kind.MENTIONED) == {"contributor", "colleague", "manager", "director"}


def test_of_a_restricted_coe_are_told_those_who_take_part(
    document: Document, people: People
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    publish_draft(document, people)
    Notice.objects.all().delete()
    for kind in (Kind.MENTIONED, Kind.PUBLISHED):
        tell(kind, people=everybody(people), document=document, by=people.contributor)
        assert told(kind) == {"owner", "manager"}


def test_of_what_is_published_everybody_is_told_and_of_its_correction_is_not(
    document: Document, people: People
) -> None:
    publish_draft(document, people)
    Notice.objects.all().delete()
    tell(Kind.PUBLISHED, people=everybody(people), document=document, by=people.owner)
    tell(Kind.APPROVED, people=everybody(people), document=document, by=people.owner)
    assert told(Kind.PUBLISHED) == {*PERSONS} - {"owner"}
    assert told(Kind.APPROVED) == {"contributor", "colleague", "manager", "director"}


def test_the_rule_for_many_people_is_the_rule_for_one(
    document: Document, people: People
) -> None:
    """The sight of everybody is asked in one statement, by the very rule."""

    def seen_by_each(visible: QuerySet[Document]) -> set[str]:
        return {name for name in PERSONS if visible(getattr(people, name)).exists()}  # type: ignore[operator]

    nobody = make_person("nobody")
    assert nobody.team is None
    for restrict in (False, True):
        if restrict:
            state_facts(document, is_restricted=True, by=people.owner)
        Notice.objects.all().delete()
        tell(Kind.ANSWERED, people=[*everybody(people), nobody], document=document, by=nobody)
        assert told(Kind.ANSWERED) == seen_by_each(Document.objects.working_copy_visible_to)  # type: ignore[arg-type]


def test_who_was_deactivated_is_not_told(document: Document, people: People) -> None:
    User.objects.filter(pk=people.colleague.pk).update(is_active=False)
    tell(Kind.MENTIONED, people=[people.colleague], document=document, by=people.owner)
    assert told(Kind.MENTIONED) == set()


def test_it_takes_as_many_statements_for_one_as_for_many(
    document: Document, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Who may see it, the notices, and the job that mails them."""
    many = [make_person(f"colleague{each}", people.owner.team) for each in range(30)]
    for asked in ([people.colleague], many):
        with django_assert_num_queries(2):
            tell(Kind.MENTIONED, people=asked, document=document, by=people.owner)
    assert Notice.objects.count() == 31


def test_of_one_key_one_is_unseen_at_a_time(document: Document, people: People) -> None:
    def drop(person: User, key: str) -> None:
        tell(Kind.APPROVAL_DROPPED, people=[person], document=document, by=people.owner, key=key)

    drop(people.colleague, "round-1")
    drop(people.colleague, "round-1")
    assert Notice.objects.count() == 1
    drop(people.manager, "round-1")
    drop(people.colleague, "round-2")
    assert Notice.objects.count() == 3
    see(document, by=people.colleague)
    drop(people.colleague, "round-1")
    assert Notice.objects.filter(person=people.colleague, seen_at=None).count() == 1


def test_without_a_key_each_is_told(document: Document, people: People) -> None:
    for text in ("One in ten?", "Or one in nine?"):
        tell(
            Kind.ANSWERED, people=[people.colleague], document=document, by=people.owner, text=text
        )
    assert Notice.objects.count() == 2


def test_what_is_over_is_cleared_for_everybody_and_nothing_else_is(
    document: Document, people: People
) -> None:
    for kind in (Kind.ASKED_TO_REVIEW, Kind.MENTIONED):
        asked = [people.manager, people.colleague]
        tell(kind, people=asked, document=document, by=people.owner)
    clear(Kind.ASKED_TO_REVIEW, document)
    unseen = Notice.objects.filter(seen_at=None)
    assert {each.kind for each in unseen} == {Kind.MENTIONED}
    assert unseen.count() == 2


def test_a_retracted_coe_is_told_without_its_title_and_its_publishing_no_more(
    document: Document, people: People
) -> None:
    publish_draft(document, people)
    tell(Kind.RETRACTED, people=[people.stranger], document=document, by=people.owner)
    unseen = Notice.objects.filter(seen_at=None, kind__in=(Kind.PUBLISHED, Kind.RETRACTED))
    assert [(each.kind, each.title) for each in unseen] == [(Kind.RETRACTED, "")]


@pytest.mark.parametrize("watched", ["document", "service", "team", "team above"])
def test_who_watches_is_told_of_what_is_published(
    watched: str, document: Document, people: People
) -> None:
    incident, storage = document.incident, document.incident.team
    service = storage.services.create(name="Uploads")
    incident.service = service
    incident.save(update_fields=["service"])
    things = {
        "document": {"document": document},
        "service": {"service": service},
        "team": {"team": storage},
        "team above": {"team": storage.parent},
    }
    Watch.objects.create(person=people.stranger, **things[watched])
    Watch.objects.create(person=people.admin, team=Team.objects.get(name="Payments"))
    publish_draft(document, people)
    (notice,) = Notice.objects.filter(person=people.stranger)
    assert (notice.kind, notice.is_watching) == (Kind.PUBLISHED, True)
    assert not Notice.objects.filter(person=people.admin).exists()


def test_who_watches_and_takes_part_is_told_once_as_one_who_takes_part(
    document: Document, people: People
) -> None:
    Watch.objects.create(person=people.contributor, document=document)
    publish_draft(document, people)
    (notice,) = Notice.objects.filter(person=people.contributor, kind=Kind.PUBLISHED)
    assert not notice.is_watching


def test_who_watches_is_not_told_of_what_they_may_not_see(
    document: Document, people: People
) -> None:
    for person in (people.stranger, people.colleague):
        Watch.objects.create(person=person, team=document.incident.team)
    state_facts(document, is_restricted=True, by=people.owner)
    publish_draft(document, people)
    assert not Notice.objects.filter(person__in=[people.stranger, people.colleague]).exists()


def test_a_person_who_is_taken_off_a_coe_no_longer_finds_what_they_were_told(
    document: Document, people: People
) -> None:
    role = Participant.Role.REVIEWER
    add_participant(document, user=people.stranger, role=role, by=people.owner)
    tell(Kind.MENTIONED, people=[people.stranger], document=document, by=people.owner)
    assert Notice.objects.unseen_by(people.stranger).count() == 1
    remove_participant(document, user=people.stranger, role=role, by=people.owner)
    assert Notice.objects.unseen_by(people.stranger).count() == 0
    add_participant(document, user=people.stranger, role=role, by=people.owner)
    assert Notice.objects.unseen_by(people.stranger).count() == 1
