"""What the history writes, as the values of a snapshot."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from coe.chronicle.events import Thing
from coe.chronicle.names import NOT_KNOWN, Names
from coe.chronicle.state import DOCUMENT, FIELDS, State
from coe.documents.models import SectionSlug
from coe.incidents.models import Category, Milestone
from coe.snapshots.comparison import TEXTS
from coe.snapshots.snapshot import (
    ActionValue,
    AnswerValue,
    CauseValue,
    EntryValue,
    FigureValue,
    LessonValue,
    MilestoneValue,
    Person,
    RelatedValue,
    SafeguardValue,
    SectionValue,
    Snapshot,
)
from coe.text.instants import Instant, Precision

EMPTIED = "(removed from the history)"
"""What stands for a text that only an emptied event held."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a COE with who may read it, which is in no snapshot."""

    title: str
    severity: int
    category: str
    service: str
    team: str
    owner: Person
    zone: str
    form: str
    classification: str
    is_restricted: str


class Values:
    """Reads a state; `names` has learnt all keys in it."""

    def __init__(self, state: State, names: Names) -> None:
        self.state = state
        self.names = names

    def snapshot(self) -> Snapshot:
        facts = self.facts()
        return Snapshot(
            title=facts.title,
            severity=facts.severity,
            category=facts.category,
            service=facts.service,
            team=facts.team,
            zone=facts.zone,
            owner=facts.owner,
            contributors=self._contributors(),
            milestones=tuple(self._milestone(kind) for kind in Milestone.Kind.values),
            sections=tuple(self._section(slug) for slug in SectionSlug.values),
            entries=self._rows("entry"),
            causes=self._rows("cause"),
            actions=self._rows("action"),
            form=facts.form,
            classification=facts.classification,
            guide=self.names.document.guide.version,
            answers=self._answers(),
            figures=self._rows("figure"),
            safeguards=self._rows("safeguard"),
            lessons=self._rows("lesson"),
            related=self._rows("related"),
        )

    def value(self, thing: Thing) -> Any:
        """One thing, None where it is not there; of the document its facts."""
        subject, key = thing
        if subject == "document":
            return self.facts() if DOCUMENT in self.state.things else None
        if subject == "participant":
            return self._contributor(int(key))
        if subject in self.state.order and thing not in self.state.things:
            return None
        return _READ[subject](self, key)

    def facts(self) -> Facts:
        held = self._held(DOCUMENT)
        return Facts(
            title=held["title"] or "",
            severity=held["severity"] or 0,
            category=held["category"] or Category.OUTAGE.value,
            service=self.names.service(held["service_id"]),
            team=self.names.team(held["team_id"]),
            owner=self.names.person(held["owner_id"]) or Person(NOT_KNOWN, ""),
            zone=held["zone"] or "UTC",
            form=held["form"] or "full",
            classification=held["classification"] or "internal",
            is_restricted="Yes" if held["is_restricted"] else "No",
        )

    def _held(self, thing: Thing) -> dict[str, Any]:
        """The fields of a thing; those that are not known have what stands for them."""
        values = self.state.things.get(thing, {})
        was = self.state.holes.get(thing, {})
        unknown = {
            name: EMPTIED if name in TEXTS else was.get(name, "" if name == "state" else None)
            for name in FIELDS[thing[0]]
            if thing in self.state.holes
        }
        return {**dict.fromkeys(FIELDS[thing[0]]), **unknown, **values}

    def _rows(self, subject: str) -> tuple[Any, ...]:
        return tuple(_READ[subject](self, key) for key in self.state.order[subject])

    def _contributors(self) -> tuple[Person, ...]:
        writing = {key for key, role in self.state.participants if role == "contributor"}
        known = [person for key, person in self.names.people.items() if key in writing]
        missing = len(writing) - len(known)
        return (*known, *[Person(NOT_KNOWN, "")] * missing)

    def _contributor(self, key: int) -> Person | None:
        takes_part = (key, "contributor") in self.state.participants
        return self.names.person(key) if takes_part else None

    def _milestone(self, kind: str) -> MilestoneValue:
        held = self._held(("milestone", kind))
        state = held["state"] or Milestone.State.PENDING.value
        return MilestoneValue(kind, state, _instant(held))

    def _section(self, slug: str) -> SectionValue:
        return SectionValue(slug, self._held(("section", slug))["text"] or "")

    def _answers(self) -> tuple[AnswerValue, ...]:
        """Those that say something, and those that were asked under the facts of then."""
        facts, team = self.facts(), self._held(DOCUMENT)["team_id"]
        asked = {each.slug for each in self.names.asked(facts.severity, facts.category, team)}
        answers = [self._answer(each.slug) for each in self.names.questions]
        return tuple(each for each in answers if each.text or each.slug in asked)

    def _answer(self, slug: str) -> AnswerValue:
        asked = ((each.part, each.text) for each in self.names.questions if each.slug == slug)
        part, question = next(asked, ("", "A question that is not asked any more"))
        return AnswerValue(part, slug, question, self._held(("answer", slug))["text"] or "")

    def _entry(self, key: str) -> EntryValue:
        held = self._held(("entry", key))
        milestone = self.names.milestones.get(held["milestone_id"] or 0, "")
        return EntryValue(
            uid=UUID(key),
            instant=self._happened(held, milestone),
            text=held["text"],
            evidence=held["evidence"] or "",
            kind=held["kind"] or "",
            milestone=milestone,
        )

    def _happened(self, held: dict[str, Any], milestone: str) -> Instant:
        """Its own instant or that of its milestone.

        One save can tell two events: between them a milestone is no longer recorded, and the entry
        that marks it keeps the time that it had. Where an emptied event alone knew the time, it is
        about when the COE was opened.
        """
        marked = self._held(("milestone", milestone)) if milestone else {}
        found = _instant(marked) or _instant(marked.get("was") or {}) or _instant(held)
        opened = self.names.document.created_at.astimezone(UTC).replace(second=0, microsecond=0)
        return found or Instant(opened, Precision.ABOUT, None)

    def _cause(self, key: str) -> CauseValue:
        held = self._held(("cause", key))
        return CauseValue(
            uid=UUID(key),
            text=held["text"],
            kind=held["kind"] or "",
            confidence=held["confidence"] or "hypothesis",
            evidence=held["evidence"] or "",
            explains=self._explains(held["explains"] or []),
            answers=held["answers"] or "happened",
            risk_reason=held["risk_reason"] or "",
            risk_approver=self.names.person(held["risk_approver_id"]),
        )

    def _explains(self, effects: list[str]) -> tuple[UUID, ...]:
        """The primary effect first, the others as they stand in the document."""
        order = self.state.order["cause"]
        there = [each for each in effects if each in order]
        further = sorted((each for each in there if each != effects[0]), key=order.index)
        first = [each for each in there if each == effects[0]]
        return tuple(UUID(each) for each in (*first, *further))

    def _action(self, key: str) -> ActionValue:
        held = self._held(("action", key))
        cause = held["cause_id"]
        uid = self.names.cause(cause, self.state.cause_keys) if cause else None
        return ActionValue(
            uid=UUID(key),
            title=held["title"],
            done_when=held["done_when"] or "",
            owner=self.names.person(held["owner_id"]),
            due_on=date.fromisoformat(held["due_on"]) if held["due_on"] else None,
            priority=2 if held["priority"] is None else held["priority"],
            kind=held["kind"] or "",
            cause=uid if uid and str(uid) in self.state.order["cause"] else None,
            tracker=held["tracker"] or "",
        )

    def _figure(self, key: str) -> FigureValue:
        held = self._held(("figure", key))
        amount = None if held["amount"] is None else Decimal(held["amount"])
        texts = {name: held[name] or "" for name in ("what", "unit", "source", "basis")}
        return FigureValue(uid=UUID(key), amount=amount, **texts)

    def _safeguard(self, key: str) -> SafeguardValue:
        return SafeguardValue(uid=UUID(key), **self._texts("safeguard", key))

    def _lesson(self, key: str) -> LessonValue:
        return LessonValue(uid=UUID(key), **self._texts("lesson", key))

    def _related(self, key: str) -> RelatedValue:
        return RelatedValue(uid=UUID(key), **self._texts("related", key))

    def _texts(self, subject: str, key: str) -> dict[str, str]:
        held = self._held((subject, key))
        return {name: held[name] or "" for name in FIELDS[subject]}


def _instant(values: dict[str, Any]) -> Instant | None:
    if not values.get("at"):
        return None
    end = values.get("end_at")
    return Instant(
        datetime.fromisoformat(values["at"]),
        Precision(values.get("precision") or Precision.MINUTE),
        datetime.fromisoformat(end) if end else None,
    )


_READ: dict[str, Callable[[Values, str], Any]] = {
    "milestone": Values._milestone,
    "section": Values._section,
    "answer": Values._answer,
    "entry": Values._entry,
    "cause": Values._cause,
    "action": Values._action,
    "figure": Values._figure,
    "safeguard": Values._safeguard,
    "lesson": Values._lesson,
    "related": Values._related,
}
