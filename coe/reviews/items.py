"""The action items of a COE as whoever decides them reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.documents.models import Document
from coe.reviews.decisions import made_decisions
from coe.reviews.differences import ChangedField, changed_since
from coe.reviews.loads import AROUND, NOTHING, Load
from coe.reviews.models import ItemDecision
from coe.reviews.proposals import is_complete, proposal_digest, proposals_of, written
from coe.snapshots.build import action_value
from coe.snapshots.numbering import Reference, number_causes
from coe.snapshots.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Weight:
    """What its owner has to do beside an item, and how much of it in the four weeks around its
    due date."""

    owner: User
    load: Load
    around: int
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class ItemInRoom:
    """An action item with the decision that stands on it.

    `former` is one that was given for what it said before, and `changed` what it says otherwise
    since. `seen` is what a form sends back of what was on the screen.
    """

    item: ActionItem
    number: int
    seen: str
    decision: ItemDecision | None
    former: ItemDecision | None = None
    changed: tuple[ChangedField, ...] = ()
    cause: Reference | None = None
    cause_text: str = ""
    weight: Weight | None = None

    @property
    def uid(self) -> UUID:
        return self.item.uid

    @property
    def is_complete(self) -> bool:
        return is_complete(self.item)

    @property
    def is_ready(self) -> bool:
        """Whether it waits for a decision and can be accepted as it is."""
        return self.decision is None and self.is_complete


@dataclass(frozen=True, slots=True)
class ItemsInRoom:
    """All action items of a COE in their order."""

    items: tuple[ItemInRoom, ...]

    @property
    def open(self) -> tuple[ItemInRoom, ...]:
        return tuple(each for each in self.items if each.decision is None)

    @property
    def ready(self) -> tuple[ItemInRoom, ...]:
        return tuple(each for each in self.items if each.is_ready)

    def counted(self) -> dict[str, int]:
        """How many have which verdict."""
        verdicts = [each.decision.verdict for each in self.items if each.decision]
        return {verdict: verdicts.count(verdict) for verdict in ItemDecision.Verdict.values}

    def one(self, uid: UUID) -> ItemInRoom | None:
        return next((each for each in self.items if each.uid == uid), None)

    def next_open(self, uid: UUID) -> ItemInRoom | None:
        """The one that waits for a decision after `uid`, else the first that does."""
        place = next((at for at, each in enumerate(self.items) if each.uid == uid), 0)
        around = self.items[place + 1 :] + self.items[:place]
        return next((each for each in around if each.decision is None), None)


def items_in_room(document: Document, snapshot: Snapshot) -> ItemsInRoom:
    """The action items of the working copy, which says `snapshot`, with what was decided."""
    items = list(proposals_of(document))
    made = made_decisions(document)
    causes = {each.uid: each.text for each in snapshot.causes}
    numbers = number_causes(snapshot)
    found = [
        _in_room(item, number, made.get(item.uid), causes, numbers)
        for number, item in enumerate(items, 1)
    ]
    changed = changed_since(
        {each.uid: each.former.proposal for each in found if each.former},
        {each.uid: action_value(each) for each in items},
        causes,
    )
    return ItemsInRoom(tuple(replace(each, changed=changed.get(each.uid, ())) for each in found))


def with_loads(room: ItemsInRoom, loads: Mapping[int, Load]) -> ItemsInRoom:
    """The same, each item with what its owner has to do."""
    return ItemsInRoom(tuple(replace(each, weight=_weight(each, loads)) for each in room.items))


def not_rejected(room: ItemsInRoom) -> Sequence[ActionItem]:
    """The items that are, or may become, work."""
    return [each.item for each in room.items if not (each.decision and each.decision.is_rejected)]


def _in_room(
    item: ActionItem,
    number: int,
    made: ItemDecision | None,
    causes: Mapping[UUID, str],
    numbers: Mapping[UUID, Reference],
) -> ItemInRoom:
    digest = proposal_digest(item)
    stands = made if made and made.digest == digest else None
    return ItemInRoom(
        item=item,
        number=number,
        seen=written(item.version, digest, stands.pk if stands else None),
        decision=stands,
        former=None if stands else made,
        cause=numbers.get(item.cause.uid) if item.cause else None,
        cause_text=causes.get(item.cause.uid, "") if item.cause else "",
    )


def _weight(each: ItemInRoom, loads: Mapping[int, Load]) -> Weight | None:
    """Without the item itself, where it is among what is due then."""
    owner, due = each.item.owner, each.item.due_on
    if owner is None:
        return None
    load = loads.get(owner.pk, NOTHING)
    if due is None:
        return Weight(owner, load, 0, None, None)
    is_counted = not (each.decision and each.decision.is_rejected)
    around = load.due_around(due) - is_counted
    return Weight(owner, load, around, due - AROUND, due + AROUND)
