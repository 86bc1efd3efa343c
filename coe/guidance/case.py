"""What the checks look at: a snapshot, the rules of its guide, a moment, and what follows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from coe.documents.models import Form
from coe.guidance.facts import Facts
from coe.guidance.recurrence import EarlierAction
from coe.policies.models import Part
from coe.policies.rules import Asking, GuideRules
from coe.snapshots.numbering import number_actions, number_causes
from coe.snapshots.snapshot import AnswerValue, CauseValue, EntryValue, Snapshot
from coe.text.instants import Instant
from coe.whys.graph import reachable

OLD = timedelta(days=365)
"""What is longer ago is entered for the record: no clock runs for it any more."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words, and where they stand: the panel, the row (empty where there is none), the field."""

    panel: str
    row: str
    field: str
    words: str


ROWS = {
    "timeline": ("entries", ("text", "evidence")),
    "figures": ("figures", ("what", "basis")),
    "safeguards": ("safeguards", ("name", "why")),
    "causes": ("causes", ("text", "evidence", "risk_reason")),
    "actions": ("actions", ("title", "done_when", "tracker")),
    "lessons": ("lessons", ("text",)),
    "related": ("related", ("title", "url", "note")),
}
"""By panel, the rows of a snapshot that stand in it and their fields that people write."""


def texts_of(snapshot: Snapshot) -> Iterator[Text]:
    """What people wrote in it, text by text, the empty ones too."""
    yield Text("facts", "", "title", snapshot.title)
    for section in snapshot.sections:
        yield Text(section.slug, "", "", section.text)
    for answer in snapshot.answers:
        yield Text(f"questions-{answer.part}", answer.slug, "", answer.text)
    for panel, (rows, fields) in ROWS.items():
        for each in getattr(snapshot, rows):
            for name in fields:
                yield Text(panel, str(each.uid), name, getattr(each, name))


class Case:
    """One COE under examination. `as_of` (aware) is now, or the moment it was published; `earlier`
    is what is known of other COEs."""

    def __init__(
        self,
        snapshot: Snapshot,
        rules: GuideRules,
        as_of: datetime,
        earlier: Sequence[EarlierAction] = (),
    ) -> None:
        self.snapshot = snapshot
        self.rules = rules
        self.as_of = as_of
        self.earlier = earlier

    @property
    def is_light(self) -> bool:
        return self.snapshot.form == Form.LIGHT

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.snapshot.zone)

    @cached_property
    def instants(self) -> dict[str, Instant]:
        return self.snapshot.instants()

    @cached_property
    def entries(self) -> tuple[EntryValue, ...]:
        """Oldest first."""
        return tuple(sorted(self.snapshot.entries, key=lambda each: each.instant.at))

    @cached_property
    def below(self) -> dict[UUID, tuple[CauseValue, ...]]:
        """By cause, those that explain it."""
        found: dict[UUID, tuple[CauseValue, ...]] = {}
        for cause in self.snapshot.causes:
            for uid in cause.explains:
                found[uid] = (*found.get(uid, ()), cause)
        return found

    @cached_property
    def roots(self) -> tuple[CauseValue, ...]:
        """The causes that explain the impact itself."""
        return tuple(each for each in self.snapshot.causes if not each.explains)

    def chain(self, question: str) -> set[UUID]:
        """The causes that answer a question, and all that explain them."""
        edges = [(uid, each.uid) for uid, causes in self.below.items() for each in causes]
        starts = [each.uid for each in self.roots if each.answers == question]
        return set().union(*(reachable(uid, edges) for uid in starts))

    @cached_property
    def numbers(self) -> dict[UUID, str]:
        """What readers call causes and action items: C1, A1."""
        numbered = {**number_causes(self.snapshot), **number_actions(self.snapshot)}
        return {uid: reference.number for uid, reference in numbered.items()}

    @cached_property
    def unanswered(self) -> dict[Part, tuple[AnswerValue, ...]]:
        """By part, the questions that have no answer."""
        return {
            part: tuple(each for each in self.snapshot.answers_of(part) if not each.text.strip())
            for part in Part
        }

    def seconds(self, start: str, end: str) -> int | None:
        """From one milestone to another, None where one is not recorded."""
        if start not in self.instants or end not in self.instants:
            return None
        return int((self.instants[end].at - self.instants[start].at).total_seconds())

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def clock(self, at: datetime) -> str:
        """The time of day in the zone of the COE: 14:02."""
        return f"{self.local(at):%H:%M}"

    @cached_property
    def today(self) -> date:
        return self.local(self.as_of).date()

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Everything that people wrote, by where it stands."""
        return tuple(each for each in texts_of(self.snapshot) if each.words)

    def wants(self, panel: str) -> bool:
        """Whether what is weak in a panel is told: also where the guide does not ask for it, as
        soon as something is there."""
        is_asked = self.rules.asking_of(panel) == Asking.ASKED
        return is_asked or any(each.panel == panel for each in self.texts)

    @cached_property
    def facts(self) -> Facts:
        """What a number in the summary can mean."""
        return Facts(self)

    @cached_property
    def ended_at(self) -> datetime | None:
        """When it was mitigated, else resolved; None while neither is recorded."""
        instant = self.instants.get("mitigated") or self.instants.get("resolved")
        return instant.at if instant else None

    @cached_property
    def is_old(self) -> bool:
        """Whether it is entered for the record."""
        known = self.ended_at or min((each.at for each in self.instants.values()), default=None)
        return known is not None and self.as_of - known > OLD
