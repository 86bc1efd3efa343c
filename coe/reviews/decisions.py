"""The manager decides each action item: accept, change or reject."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.actions.services import save_action
from coe.documents.locks import lock_whole
from coe.documents.models import Document, State
from coe.history.models import Action
from coe.history.services import changed, record
from coe.reviews.models import ItemDecision
from coe.reviews.proposals import Seen, is_complete, proposal_digest, proposals_of
from coe.reviews.rules import is_approver
from coe.reviews.telling import tell_decided, tell_withdrawn
from coe.snapshots.build import action_value
from coe.snapshots.serialise import to_plain
from coe.snapshots.snapshot import ActionValue, Snapshot
from coe.web.errors import StaleAnswer

SUBJECT = "decision"
"""What the history calls a decision; its key there is that of the action item."""
Verdict = ItemDecision.Verdict

NO_REASON = {
    Verdict.CHANGED: "Say why it was changed, so that its owner understands.",
    Verdict.REJECTED: "Say why it is rejected, so that its authors understand.",
}
NOTHING_CHANGED = "Nothing is changed. Accept it as it is, or change something."
NO_OWNER = "Somebody has to own it. Choose who."
NO_DAY = "It has to be due on a day. Choose one."


class ProposalChanged(StaleAnswer):
    """The item says something else than what was on the screen, or is gone. Nothing was decided."""

    def __init__(self, title: str = "") -> None:
        what = f"“{title}” was changed" if title else "This action item was removed"
        super().__init__(f"{what} since you opened this. Read it again, then decide.")


class DecidedMeanwhile(StaleAnswer):
    """Another decision stands than the one on the screen: `there`, None if it was taken back."""

    def __init__(self, title: str, there: ItemDecision | None) -> None:
        super().__init__(
            f"{there.name} decided on “{title}” since you opened this. Read that, then decide."
            if there
            else f"The decision on “{title}” was taken back since you opened this. Look again."
        )


@transaction.atomic
def decide_item(
    document: Document,
    *,
    uid: UUID,
    verdict: ItemDecision.Verdict,
    seen: Seen,
    reason: str = "",
    values: Mapping[str, Any] | None = None,
    by: User,
) -> ItemDecision:
    """Decide one action item of a COE in review, as it was `seen`; the same again is once.

    To change it is an edit of the proposal: `values` by column are written in the same
    transaction, and what it then says is decided. Accepting and changing commit its owner and due
    date. Raises `StaleAnswer` where the COE is not in review, `PermissionDenied` to everybody but
    the approver, `ProposalChanged` and `DecidedMeanwhile` where something else is there than was
    seen, and `ValidationError` without a reason for changing or rejecting, without an owner who
    is here or without a due date, or if nothing is changed.
    """
    fresh = _hold(document, by)
    item = proposals_of(fresh).filter(uid=uid).first()
    if item is None:
        raise ProposalChanged
    there = _standing(fresh, item)
    if there and _is_repeated(there, item, verdict, reason, values or {}, by):
        return there
    _refuse_unseen(item, there, seen)
    was_owner = item.owner
    if verdict in NO_REASON and not reason.strip():
        raise ValidationError({"reason": NO_REASON[verdict]})
    if verdict == Verdict.CHANGED:
        item = _change(fresh, item, values or {}, by=by)
    if verdict != Verdict.REJECTED:
        _refuse_incomplete(item)
    decision = _decide(fresh, item, verdict, reason.strip(), by=by)
    tell_decided([(item, decision)], document=fresh, also=was_owner, by=by)
    return decision


@transaction.atomic
def accept_items(document: Document, *, seen: Mapping[UUID, Seen], by: User) -> list[ItemDecision]:
    """Accept several action items as they were seen, all or none; return the new decisions.

    What is accepted already, by whomever, stays as it is. Raises as `decide_item` does.
    """
    fresh = _hold(document, by)
    items = {each.uid: each for each in proposals_of(fresh).filter(uid__in=seen)}
    made = made_decisions(fresh)
    decided: list[tuple[ItemDecision, ActionItem]] = []
    for uid, as_seen in seen.items():
        item = items.get(uid)
        if item is None:
            raise ProposalChanged
        there = _on(item, made.get(uid))
        if there and there.verdict == Verdict.ACCEPTED:
            continue
        _refuse_unseen(item, there, as_seen)
        _refuse_incomplete(item)
        decided.append((_decide(fresh, item, Verdict.ACCEPTED, "", by=by), item))
    tell_decided([(item, decision) for decision, item in decided], document=fresh, by=by)
    return [decision for decision, _ in decided]


@transaction.atomic
def withdraw_decision(document: Document, *, uid: UUID, decision: int, by: User) -> None:
    """Take back the decision with that key on an action item; again changes nothing.

    What was changed in the proposal stays as it is. Raises `StaleAnswer` where the COE is not in
    review or where another decision is there by now, `PermissionDenied` to everybody but the
    approver.
    """
    fresh = _hold(document, by)
    there = _not_withdrawn(fresh).filter(uid=uid).first()
    if there is None:
        return
    if there.pk != decision:
        raise DecidedMeanwhile(there.proposal.get("title", ""), there)
    ItemDecision.objects.filter(pk=there.pk).update(withdrawn_at=now())
    record(
        Action.REMOVED,
        by=by,
        subject=SUBJECT,
        key=uid,
        document_id=fresh.pk,
        before=told(there),
    )
    tell_withdrawn(there, document=fresh, by=by)


def standing_decisions(document: Document, snapshot: Snapshot) -> dict[UUID, ItemDecision]:
    """The decisions that stand on the action items of `snapshot`, which is what the working copy
    says, in their order: those whose item says what it said when it was decided."""
    digests = {each.uid: proposal_digest(each) for each in proposals_of(document)}
    made = made_decisions(document)
    return {
        each.uid: made[each.uid]
        for each in snapshot.actions
        if each.uid in made and made[each.uid].digest == digests.get(each.uid)
    }


def made_decisions(document: Document) -> dict[UUID, ItemDecision]:
    """By action item the decision that is not withdrawn, also where the item says something else
    by now."""
    return {each.uid: each for each in _not_withdrawn(document)}


def undecided(document: Document, snapshot: Snapshot) -> tuple[ActionValue, ...]:
    """The action items of `snapshot`, which is what the working copy says, that nobody decided as
    they are now."""
    standing = standing_decisions(document, snapshot)
    return tuple(each for each in snapshot.actions if each.uid not in standing)


def told(decision: ItemDecision) -> dict[str, Any]:
    """What the history keeps of it."""
    return {
        "verdict": decision.verdict,
        "reason": decision.reason,
        "title": decision.proposal.get("title", ""),
        "owner": decision.owner.name if decision.owner else "",
        "due_on": decision.due_on,
    }


def _hold(document: Document, by: User) -> Document:
    """Take `document` alone, which has to be in review, with `by` as who approves it."""
    fresh = lock_whole(document)
    refuse_to_decide(fresh, by=by)
    return fresh


def refuse_to_decide(document: Document, *, by: User) -> None:
    """Raise `StaleAnswer` if the COE is not in review and `PermissionDenied` if `by` is not who
    approves it."""
    state = State(document.state)
    if state != State.IN_REVIEW:
        raise StaleAnswer(
            f"This COE is now “{state.label}”. Its action items are decided while it is in review."
        )
    if not is_approver(by, document):
        raise PermissionDenied("Somebody else decides this.")


def _not_withdrawn(document: Document) -> QuerySet[ItemDecision]:
    return document.item_decisions.filter(withdrawn_at__isnull=True).select_related("owner")


def _standing(document: Document, item: ActionItem) -> ItemDecision | None:
    return _on(item, _not_withdrawn(document).filter(uid=item.uid).first())


def _on(item: ActionItem, decision: ItemDecision | None) -> ItemDecision | None:
    """`decision`, if it is of what `item` says now."""
    return decision if decision and decision.digest == proposal_digest(item) else None


def _is_repeated(
    there: ItemDecision,
    item: ActionItem,
    verdict: ItemDecision.Verdict,
    reason: str,
    values: Mapping[str, Any],
    by: User,
) -> bool:
    """Whether `by` has decided just this already: the answer was lost, or pressed twice."""
    is_same = (there.user_id, there.verdict, there.reason) == (by.pk, verdict, reason.strip())
    return is_same and not changed(item.content(), values)[1]


def _refuse_unseen(item: ActionItem, there: ItemDecision | None, seen: Seen) -> None:
    if (item.version, proposal_digest(item)) != (seen.version, seen.digest):
        raise ProposalChanged(item.title)
    if (there.pk if there else None) != seen.over:
        raise DecidedMeanwhile(item.title, there)


def _change(
    document: Document, item: ActionItem, values: Mapping[str, Any], *, by: User
) -> ActionItem:
    """Write what the manager changed into the proposal, and return it as it then is."""
    _, new = changed(item.content(), values)
    if not new:
        raise ValidationError(NOTHING_CHANGED)
    save_action(item, version=item.version, values=new, by=by)
    return proposals_of(document).get(pk=item.pk)


def _refuse_incomplete(item: ActionItem) -> None:
    if is_complete(item):
        return
    missing: dict[str, str] = {}
    if item.owner is None:
        missing["owner"] = NO_OWNER
    elif not item.owner.is_active:
        missing["owner"] = f"{item.owner.name} is not here any more. Choose somebody else."
    if item.due_on is None:
        missing["due_on"] = NO_DAY
    raise ValidationError(missing)


def _decide(
    document: Document,
    item: ActionItem,
    verdict: ItemDecision.Verdict,
    reason: str,
    *,
    by: User,
) -> ItemDecision:
    """Put the decision in the place of the one that is there, also where that stands no more."""
    _not_withdrawn(document).filter(uid=item.uid).update(withdrawn_at=now())
    commits = verdict != Verdict.REJECTED
    decision = ItemDecision.objects.create(
        document=document,
        uid=item.uid,
        verdict=verdict,
        reason=reason,
        user=by,
        name=by.name,
        role=by.role(),
        digest=proposal_digest(item),
        proposal=to_plain(action_value(item)),
        owner=item.owner if commits else None,
        due_on=item.due_on if commits else None,
    )
    record(
        Action.ADDED,
        by=by,
        subject=SUBJECT,
        key=item.uid,
        document_id=document.pk,
        after=told(decision),
    )
    return decision
