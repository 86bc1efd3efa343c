"""Deciding action items in the tests, as whoever has the page as it is now in front of them."""

from datetime import date
from typing import Any
from uuid import UUID

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.documents.models import Document
from coe.reviews.decisions import decide_item, standing_decisions, undecided
from coe.reviews.models import ItemDecision
from coe.reviews.proposals import Seen, proposal_digest, proposals_of
from coe.snapshots.build import build_snapshot
from tests.reviews.steps import fresh, propose

Verdict = ItemDecision.Verdict
DUE = date(2026, 12, 18)


def complete_item(document: Document, title: str, *, by: User, **values: Any) -> ActionItem:
    """A proposal that can be accepted as it is."""
    return propose(document, title, by=by, **{"due_on": DUE, **values})


def as_seen(document: Document, uid: UUID) -> Seen:
    item = proposals_of(document).get(uid=uid)
    there = standing(document).get(uid)
    return Seen(item.version, proposal_digest(item), there.pk if there else None)


def decide(
    document: Document,
    item: ActionItem,
    verdict: ItemDecision.Verdict,
    *,
    by: User,
    reason: str = "",
    values: dict[str, Any] | None = None,
) -> ItemDecision:
    seen = as_seen(document, item.uid)
    return decide_item(
        document, uid=item.uid, verdict=verdict, seen=seen, reason=reason, values=values, by=by
    )


def standing(document: Document) -> dict[UUID, ItemDecision]:
    now = fresh(document)
    return standing_decisions(now, build_snapshot(now))


def open_titles(document: Document) -> list[str]:
    """What waits for a decision."""
    now = fresh(document)
    return [each.title for each in undecided(now, build_snapshot(now))]
