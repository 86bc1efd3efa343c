"""Telling people what became of action items of theirs."""

from collections.abc import Sequence

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.documents.models import Document
from coe.notices.models import Kind
from coe.notices.services import tell
from coe.reviews.models import ItemDecision


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
        concerned = (item.owner, also, None if _is_as_proposed(decision) else document.owner)
        for person in dict.fromkeys(each for each in concerned if each):
            of.setdefault(person, []).append((item, decision))
    for person, theirs in of.items():
        _tell(person, theirs, document=document, by=by)


def tell_withdrawn(decision: ItemDecision, *, document: Document, by: User) -> None:
    """Tell who had committed to it that it is open again."""
    tell(
        Kind.DECIDED,
        people=[decision.owner] if decision.owner else [document.owner],
        document=document,
        by=by,
        text=f"Open again: “{decision.proposal.get('title', '')}”.",
        anchor=f"action-{decision.uid}",
        key=f"withdrawn-{decision.pk}",
    )


def _is_as_proposed(decision: ItemDecision) -> bool:
    return decision.verdict == ItemDecision.Verdict.ACCEPTED


def _tell(
    person: User,
    theirs: Sequence[tuple[ActionItem, ItemDecision]],
    *,
    document: Document,
    by: User,
) -> None:
    item, decision = theirs[0]
    others = f" and {len(theirs) - 1} more" if len(theirs) > 1 else ""
    said = f"{decision.get_verdict_display()}: “{item.title}”{others}."
    tell(
        Kind.DECIDED,
        people=[person],
        document=document,
        by=by,
        text=f"{said} {decision.reason}".strip(),
        anchor=f"action-{item.uid}",
        key=f"decided-{decision.pk}",
    )
