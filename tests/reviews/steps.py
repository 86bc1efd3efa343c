"""What people do to a COE in the tests, each step through the services that the pages call."""

from datetime import date
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.utils import timezone

from coe.accounts.models import Team, User
from coe.actions.models import ActionItem
from coe.documents.models import Document, Section, State
from coe.documents.rows import add_row
from coe.documents.services import facts, open_coe, save_facts, save_section
from coe.guidance.reading import answers_digest
from coe.guidance.registry import CHECKS
from coe.incidents.models import Severity
from coe.policies.models import CheckLevel
from coe.policies.rules import Level
from coe.publishing.models import Publication
from coe.publishing.services import publish
from coe.reviews.decisions import undecided
from coe.reviews.models import ItemDecision, SignOff
from coe.reviews.proposals import proposal_digest, proposals_of
from coe.reviews.rules import approvers_of
from coe.reviews.signing import sign_text
from coe.reviews.workflow import make_transition
from coe.snapshots.serialise import to_plain
from coe.snapshots.services import take_snapshot
from coe.text.instants import Instant
from coe.text.reading import parse_instant
from tests.people import People

ZONE = ZoneInfo("America/Los_Angeles")


def instant(text: str) -> Instant:
    return parse_instant(text, zone=ZONE, day=None)


def fresh(document: Document) -> Document:
    """The document as somebody who opens it now gets it, with nothing remembered."""
    return Document.objects.get(pk=document.pk)


def digest_on_screen(document: Document) -> str:
    return take_snapshot(fresh(document)).digest


def open_another(people: People, title: str, **values: Any) -> Document:
    """A draft about another incident of Storage, the owner's unless it is said to be another's."""
    given: dict[str, Any] = {"severity": Severity.THREE, "zone": "UTC"}
    given |= {"team": people.owner.team, "by": people.owner}
    return open_coe(uid=uuid4(), title=title, **{**given, **values})


def write(document: Document, text: str, *, by: User, slug: str = "summary") -> None:
    section = Section.objects.get(document=document, slug=slug)
    save_section(section, version=section.version, text=text, by=by)


def state_facts(document: Document, *, by: User, **values: Any) -> None:
    now = fresh(document)
    version = now.incident.version
    save_facts(now, version=version, values={**facts(now), **values}, by=by)


def propose(document: Document, title: str, *, by: User, **values: Any) -> ActionItem:
    """Add an action item as a proposal."""
    given = {"title": title, "owner_id": by.pk, **values}
    return add_row(ActionItem, document=document, uid=uuid4(), values=given, by=by)


def make_submittable(document: Document) -> None:
    """Let it be submitted as it is, whatever it says: its guide takes every finding for a hint.

    For tests of what comes of submitting; what the checks keep from review is in
    `test_not_ready.py`.
    """
    CheckLevel.objects.bulk_create(
        [CheckLevel(guide=document.guide, check_id=each.id, level=Level.HINT) for each in CHECKS],
        update_conflicts=True,
        unique_fields=("guide", "check_id", "severity", "team", "category"),
        update_fields=("level",),
    )


def submit(document: Document, *, by: User) -> None:
    make_submittable(document)
    make_transition(document, to=State.IN_REVIEW, by=by)


def settle(document: Document) -> None:
    """Let every action item be decided as it is proposed, however little it says.

    For tests of what comes of approving; how items are decided is in `test_decisions.py`.
    """
    now = fresh(document)
    approver = approvers_of(now)[0]
    proposed = {each.uid: each for each in proposals_of(now)}
    for each in undecided(now, take_snapshot(now).snapshot):
        item = proposed[each.uid]
        now.item_decisions.filter(uid=each.uid, withdrawn_at=None).update(
            withdrawn_at=timezone.now()
        )
        ItemDecision.objects.create(
            document=now,
            uid=each.uid,
            verdict=ItemDecision.Verdict.ACCEPTED,
            user=approver,
            name=approver.name,
            digest=proposal_digest(item),
            proposal=to_plain(each),
            owner=item.owner or now.owner,
            due_on=item.due_on or date(2030, 1, 1),
        )


def sign(document: Document, *, by: User, dissent: str = "") -> SignOff:
    """As a reviewer who has the page as it is now in front of them."""
    digest, answers = digest_on_screen(document), answers_digest(document)
    return sign_text(document, digest=digest, answers=answers, dissent=dissent, by=by)


def approve(document: Document, *, by: User, note: str = "") -> None:
    settle(document)
    _judge(document, State.APPROVED, by=by, note=note)


def ask_for_changes(document: Document, *, by: User, note: str = "Say how many.") -> None:
    _judge(document, State.CHANGES_REQUESTED, by=by, note=note)


def _judge(document: Document, verdict: State, *, by: User, note: str) -> None:
    """As whoever has the page as it is now in front of them."""
    digest, answers = digest_on_screen(document), answers_digest(document)
    make_transition(document, to=verdict, by=by, digest=digest, answers=answers, note=note)


def reopen(document: Document, *, by: User) -> None:
    make_transition(document, to=State.DRAFT, by=by)


def bring_to(document: Document, state: State, people: People) -> None:
    """Lead a draft to `state` the way it is done: submitted, then judged by the manager.

    From a draft on it can be submitted.
    """
    make_submittable(document)
    if state == State.DRAFT:
        return
    submit(document, by=people.owner)
    if state == State.CHANGES_REQUESTED:
        ask_for_changes(document, by=people.manager)
    if state == State.APPROVED:
        approve(document, by=people.manager)


def publish_draft(document: Document, people: People) -> Publication:
    """Lead a draft all the way: submitted, approved by the manager, published by the owner."""
    bring_to(document, State.APPROVED, people)
    return publish(document, by=people.owner)


def without_managers() -> None:
    """Leave every team without a manager."""
    Team.objects.update(manager=None)
