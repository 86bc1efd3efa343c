"""What readers have stands while a correction of it is written, and what it promises with it."""

from datetime import UTC, date, datetime

import pytest

from coe.accounts.models import Team
from coe.actions.models import ActionItem, Promise, PromiseState
from coe.actions.services import hand_over_promises
from coe.documents.models import Document, State
from coe.notices.models import Kind, Notice
from coe.promises.rules import deciders_of
from coe.promises.services import move_promise
from coe.publishing.services import publish
from coe.reminders.standing import standing_of
from tests.people import People
from tests.promises.promising import fresh, in_state, make_promise
from tests.reviews.steps import bring_to, propose, publish_draft, reopen, state_facts
from tests.reviews.steps import fresh as fresh_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def promise(document: Document, people: People) -> Promise:
    """The contributor's, in a published COE that is reopened."""
    propose(document, "Alarm at 80 % full", by=people.owner, owner_id=people.contributor.pk)
    publish_draft(document, people)
    reopen(fresh_document(document), by=people.owner)
    return fresh(Promise.objects.get())


def test_who_reads_of_a_promise_is_told_of_no_title_that_is_not_published(
    promise: Promise, people: People
) -> None:
    state_facts(promise.document, title="Customer Initech lost data", by=people.owner)
    in_state(promise, "verified", finisher=people.contributor)
    move_promise(
        fresh(promise), to=PromiseState.DID_NOT_HOLD, note="It came back.", by=people.stranger
    )
    told = Notice.objects.filter(kind=Kind.DID_NOT_HOLD)
    assert {each.person for each in told} >= {people.leader}
    assert {each.title for each in told} == {"Uploads failed for one customer in ten"}


def test_who_owned_what_a_version_leaves_out_is_told_of_the_version(
    promise: Promise, people: People
) -> None:
    Promise.objects.update(owner=people.stranger)
    ActionItem.objects.all().delete()
    bring_to(fresh_document(promise.document), State.APPROVED, people)
    publish(fresh_document(promise.document), by=people.owner)
    told = Notice.objects.filter(kind=Kind.PUBLISHED).select_related("person")
    assert people.stranger in {each.person for each in told}
    assert fresh(promise).dropped_at is not None


def test_a_draft_that_names_another_team_takes_nothing_from_who_sees_to_it(
    promise: Promise, people: People
) -> None:
    company = Team.objects.get(name="Company")
    Promise.objects.update(due_on=date(2044, 3, 10))
    promise.document.incident.team = company
    promise.document.incident.save(update_fields=["team"])
    assert deciders_of(fresh(promise)) == [people.manager]
    team = Team.objects.get(name="Platform")
    at = datetime(2044, 3, 14, 20, tzinfo=UTC)
    standing = standing_of(people.manager, team, week=date(2044, 3, 14), as_of=at)
    assert [line.title for line in standing.late] == ["Alarm at 80 % full"]


def test_a_draft_that_names_another_team_ends_no_day_elsewhere(promise: Promise) -> None:
    Team.objects.filter(name="Company").update(zone="Pacific/Kiritimati")
    promise.document.incident.team = Team.objects.get(name="Company")
    promise.document.incident.save(update_fields=["team"])
    Promise.objects.update(due_on=date(2044, 3, 10))
    evening = datetime(2044, 3, 10, 20, tzinfo=UTC)  # the 11th in Kiritimati since ten hours
    assert not fresh(promise).is_late_at(evening)
    zones = {team.zone for team in Team.objects.all()}
    assert not Promise.objects.late_at(evening, zones=zones).exists()


def test_who_takes_over_the_promises_of_who_leaves_is_told_of_each(
    document: Document, people: People
) -> None:
    promise = make_promise(document, people.contributor)
    assert hand_over_promises(of=people.contributor, to=people.colleague, by=people.admin) == 1
    (notice,) = Notice.objects.filter(kind=Kind.PROMISE_HANDED_OVER)
    assert (notice.person, notice.anchor) == (people.colleague, str(promise.uid))
