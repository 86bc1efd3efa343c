"""Bringing a demo COE as far as it has come, through the services that people use."""

from coe.accounts.models import User
from coe.documents.models import Document, State
from coe.guidance.reading import answers_digest
from coe.publishing.services import publish
from coe.reviews.decisions import accept_items, undecided
from coe.reviews.proposals import Seen, proposal_digest, proposals_of
from coe.reviews.rules import approvers_of
from coe.reviews.workflow import make_transition
from coe.snapshots.services import take_snapshot

PUBLISHED, CORRECTING = "published", "correcting"
"""How far a COE may have come beside the states of its working copy: published, and published
with a correction being written."""


def live_until(state: str, document: Document, *, note: str = "") -> None:
    """Bring a draft to `state`: its owner submits it, the first approver judges it with `note`,
    and the owner publishes it."""
    if state == State.DRAFT:
        return
    make_transition(document, to=State.IN_REVIEW, by=document.owner)
    if state == State.IN_REVIEW:
        return
    if state == State.CHANGES_REQUESTED:
        judge(document, State.CHANGES_REQUESTED, note=note)
        return
    judge(document, State.APPROVED, note=note)
    if state == State.APPROVED:
        return
    publish(document, by=document.owner)
    if state == CORRECTING:
        make_transition(document, to=State.DRAFT, by=document.owner)


def judge(document: Document, verdict: State, *, note: str = "") -> None:
    """The first of those who may judge it does, after reading the whole text."""
    fresh = Document.objects.with_readers_fields().get(pk=document.pk)
    approver = approvers_of(fresh)[0]
    if verdict == State.APPROVED:
        _accept_items(fresh, by=approver)
    make_transition(
        fresh,
        to=verdict,
        by=approver,
        digest=take_snapshot(fresh).digest,
        answers=answers_digest(fresh),
        note=note,
    )


def _accept_items(document: Document, *, by: User) -> None:
    """The approver commits every action item as it is proposed."""
    open_items = {each.uid for each in undecided(document, take_snapshot(document).snapshot)}
    seen = {
        each.uid: Seen(each.version, proposal_digest(each))
        for each in proposals_of(document)
        if each.uid in open_items
    }
    accept_items(document, seen=seen, by=by)
