"""Telling people what became of action items of theirs."""

from collections.abc import Iterable, Sequence

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.documents.models import Document
from coe.notices.models import Kind
from coe.notices.services import tell
from coe.reviews.models import ItemDecision

DONE = {
    ItemDecision.Verdict.ACCEPTED: "accepted",
    ItemDecision.Verdict.CHANGED: "changed and accepted",
    ItemDecision.Verdict.REJECTED: "rejected",
}


def tell_decided(
    decided: Sequence[tuple[ActionItem, ItemDecision]],
    *,
    document: Document,
    also: User | None = None,
    by: User,
) -> None:
    """Tell each owner once of what was decided of theirs; `also` is who owned it before.

    Of what was changed or rejected the owner of the COE is told as well.
    """
    of: dict[User, list[tuple[ActionItem, ItemDecision]]] = {}
    for item, decision in decided:
        told = {item.owner, also, None if _is_as_proposed(decision) else document.owner}
        for person in told - {None}:
            assert person
            of.setdefault(person, []).append((item, decision))
    for person, theirs in of.items():
        _tell([person], theirs, document=document, by=by)


def tell_withdrawn(decision: ItemDecision, *, document: Document, by: User) -> None:
    """Tell who had committed to it that it is open again."""
    tell(
        Kind.DECIDED,
        people=[decision.owner] if decision.owner else [document.owner],
        document=document,
        by=by,
        text=f"{by.name} took back the decision on “{decision.proposal.get('title', '')}”.",
        anchor=f"item-{decision.uid}",
        key=f"withdrawn-{decision.pk}",
    )


def _is_as_proposed(decision: ItemDecision) -> bool:
    return decision.verdict == ItemDecision.Verdict.ACCEPTED


def _tell(
    people: Iterable[User],
    theirs: Sequence[tuple[ActionItem, ItemDecision]],
    *,
    document: Document,
    by: User,
) -> None:
    item, decision = theirs[0]
    verdict = ItemDecision.Verdict(decision.verdict)
    text = f"{by.name} {DONE[verdict]} “{item.title}”."
    if len(theirs) > 1:
        text = f"{by.name} {DONE[verdict]} {len(theirs)} action items, “{item.title}” among them."
    if decision.reason:
        text = f"{text} {decision.reason}"
    tell(
        Kind.DECIDED,
        people=people,
        document=document,
        by=by,
        text=text,
        anchor=f"item-{item.uid}",
        key=f"decided-{decision.pk}",
    )
