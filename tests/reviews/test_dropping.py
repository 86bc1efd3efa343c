"""Who is named, and who is told, where signatures are dropped."""

from coe.accounts.saving import as_seen
from coe.accounts.services import person_facts
from coe.administration.services import change_person
from coe.documents.models import Document
from coe.history.models import Action, HistoryEvent
from coe.jobs.services import run_waiting_jobs
from coe.notices.models import Kind, Notice
from coe.reviews.models import SignOff
from tests.discussion.talk import demand
from tests.people import People
from tests.reviews.rounds import ask
from tests.reviews.steps import sign, write
from tests.reviews.test_signing import in_review, signed

__all__ = ("in_review",)


def test_whoever_edited_is_named_though_others_spoke_and_signed_since(
    in_review: Document, people: People
) -> None:
    first, second = (ask(in_review, name, by=people.owner) for name in ("first", "second"))
    sign(in_review, by=first)
    write(in_review, "One customer in nine.", by=people.contributor)
    sign(in_review, by=second)  # before any worker looked
    demand(in_review, by=second)
    run_waiting_jobs()
    dropped = HistoryEvent.objects.get(action=Action.SIGNATURES_DROPPED)
    assert dropped.actor == people.contributor
    assert signed(in_review) == ["Second"]


def test_another_name_of_somebody_in_the_text_drops_signatures_and_tells_so(
    in_review: Document, people: People
) -> None:
    """What is judged names its people as they are called then."""
    person = ask(in_review, "asked", by=people.owner)
    sign(in_review, by=person)
    run_waiting_jobs()
    owner = people.owner
    facts = {"email": owner.email, "team": owner.team, "name": "Otto Owner"}
    offices = {"is_leader": owner.is_leader, "is_administrator": owner.is_administrator}
    seen = as_seen(person_facts(owner))
    change_person(person=owner, seen=seen, by=people.admin, **facts, **offices)
    assert signed(in_review) == []
    run_waiting_jobs()
    told = Notice.objects.filter(kind=Kind.APPROVAL_DROPPED, by=people.admin)
    assert {each.person_id for each in told} == {person.pk, owner.pk}
    assert SignOff.objects.get().dropped_at is not None
