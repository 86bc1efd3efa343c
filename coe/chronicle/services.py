"""Bringing back what was: a text or a row as the history knows it, over what is there now."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from coe.accounts.models import User
from coe.actions.services import add_action, save_action
from coe.chronicle.events import Thing
from coe.chronicle.replay import Replay
from coe.chronicle.state import FIELDS, ROW_MODELS
from coe.chronicle.stored import stored_row
from coe.documents.contents import Answer
from coe.documents.models import Document, DocumentRow, Section
from coe.documents.rows import add_row, save_row
from coe.documents.services import AnswerChange, save_answers, save_section
from coe.incidents.models import Milestone
from coe.text.instants import Instant, Precision
from coe.timeline.models import Entry
from coe.timeline.services import Mark, add_entry, save_entry
from coe.web.errors import StaleAnswer
from coe.web.versions import Conflict
from coe.whys.models import Cause
from coe.whys.services import ExplainsItself, add_cause, save_cause

KNOWN_BY_VALUE = {"entry": {"happened": "instant"}, "action": {"cause": "cause"}}
"""What the history says by a key alone, and the snapshot by itself."""
GONE = "Its text was removed from the history, so it cannot be brought back."


@dataclass(frozen=True, slots=True)
class Plan:
    """What a thing would be written as, and sentences on where that is not quite what it was.

    `row` is the row that is there now, None where it would be added again; `version` is that of
    what is there.
    """

    thing: Thing
    values: dict[str, Any]
    version: int | None
    row: DocumentRow | None = None
    notes: tuple[str, ...] = ()


@dataclass
class _Adapting:
    """Values of a row as they can be written now, and what had to be changed in them."""

    document: Document
    values: dict[str, Any]
    uid: UUID
    notes: list[str] = field(default_factory=list)

    def adapt(self, subject: str) -> dict[str, Any]:
        values = self.values
        for name in ("at", "end_at"):
            if values.get(name):
                values[name] = datetime.fromisoformat(values[name]).astimezone(UTC)
        if values.get("due_on"):
            values["due_on"] = date.fromisoformat(values["due_on"])
        if values.get("amount") is not None and subject == "figure":
            values["amount"] = Decimal(values["amount"])
        if subject == "entry":
            self._adapt_mark()
        if subject == "action":
            self._adapt_cause()
        if subject == "cause":
            self._adapt_effects()
        return values

    def _adapt_mark(self) -> None:
        """It marks its milestone again where nothing else would change by that."""
        milestone = Milestone.objects.filter(
            pk=self.values.pop("milestone_id"), incident=self.document.incident_id
        ).first()
        own, taken = self.values.pop("happened", None), None
        if milestone is not None:
            taken = Entry.objects.filter(milestone=milestone).exclude(uid=self.uid).first()
        if milestone and milestone.instant and not taken:
            self.values["mark"] = Mark(milestone, milestone.version)
            self.values["instant"] = milestone.instant
            if own and own != milestone.instant:
                self.notes.append(
                    f"“{milestone.get_kind_display()}” is at another time by now: the entry marks "
                    "it and takes that time."
                )
        else:
            self.values["instant"] = _own_instant(self.values) or own
            if milestone:
                self.notes.append(
                    f"It does not mark “{milestone.get_kind_display()}” again, which is marked or "
                    "told otherwise by now. It keeps its time."
                )
        for name in ("at", "precision", "end_at"):
            self.values.pop(name)

    def _adapt_cause(self) -> None:
        cause = self.values.pop("cause", None)
        there = Cause.objects.filter(document=self.document, uid=cause).first() if cause else None
        if self.values["cause_id"] and there is None:
            self.notes.append("The cause that it answered is not there, so it answers none.")
        self.values["cause_id"] = there.pk if there else None

    def _adapt_effects(self) -> None:
        wanted = self.values["explains"]
        there = {
            str(each.uid): each
            for each in Cause.objects.filter(document=self.document, uid__in=wanted)
        }
        if len(there) < len(wanted):
            self.notes.append("What it explained is not all there: it explains what is.")
        self.values["explains"] = [there[uid] for uid in wanted if uid in there]


def plan_to_bring_back(replay: Replay, thing: Thing) -> Plan | None:
    """What writing `thing` as it is in `replay` would do; None where it is not there.

    Raises `StaleAnswer` where its text was emptied.
    """
    subject, key = thing
    document, content = replay.document, replay.content(thing)
    if content is None:
        return None
    if not replay.is_whole(thing):
        raise StaleAnswer(GONE)
    value = replay.value(thing)
    content |= {name: getattr(value, of) for name, of in KNOWN_BY_VALUE.get(subject, {}).items()}
    if subject in ROW_MODELS:
        row = stored_row(document, subject, key)
        adapting = _Adapting(document, content, UUID(key))
        values = adapting.adapt(subject)
        version = row.version if row else None
        return Plan(thing, values, version, row, tuple(adapting.notes))
    values = {name: content.get(name, "") for name in FIELDS[subject]}
    return Plan(thing, values, _text_of(document, thing).version)


@transaction.atomic
def bring_back(document: Document, plan: Plan, *, version: int | None, by: User) -> None:
    """Write what `plan` says over what has `version`, or add the row again, with its identity,
    where `version` is None; recorded like every save.

    Raises `Conflict` if it was changed, removed or added again since, `ReadOnly` if the COE is
    approved, `StaleAnswer` where something that is there now is in the way.
    """
    subject, key = plan.thing
    if (plan.version is None) != (version is None):
        raise Conflict
    try:
        if subject == "section":
            section = _text_of(document, plan.thing)
            assert isinstance(section, Section)
            save_section(section, version=version or 0, text=plan.values["text"], by=by)
        elif subject == "answer":
            answer = _text_of(document, plan.thing)
            assert isinstance(answer, Answer)
            change = AnswerChange(answer, version or 0, plan.values["text"])
            save_answers(document, changes=[change], by=by)
        elif plan.row is None or version is None:
            _add(document, subject, UUID(key), plan.values, by=by)
        else:
            _save(plan.row, version, plan.values, by=by)
    except (ExplainsItself, ValidationError) as error:
        sentence = " ".join(getattr(error, "messages", [str(error)]))
        raise StaleAnswer(f"It cannot be brought back as it was. {sentence}") from error


def _add(document: Document, subject: str, uid: UUID, values: dict[str, Any], *, by: User) -> None:
    if subject == "entry":
        add_entry(document, uid=uid, by=by, **values)
    elif subject == "cause":
        own = {name: value for name, value in values.items() if name != "explains"}
        add_cause(document, uid=uid, values=own, explains=values["explains"], by=by)
    elif subject == "action":
        add_action(document, uid=uid, values=values, by=by)
    else:
        add_row(ROW_MODELS[subject], document=document, uid=uid, values=values, by=by)


def _save(row: DocumentRow, version: int, values: dict[str, Any], *, by: User) -> None:
    if isinstance(row, Entry):
        save_entry(row, version=version, by=by, **values)
    elif isinstance(row, Cause):
        own = {name: value for name, value in values.items() if name != "explains"}
        save_cause(row, version=version, values=own, explains=values["explains"], by=by)
    elif row.kind_of_row == "action":
        save_action(row, version=version, values=values, by=by)  # type: ignore[arg-type]
    else:
        save_row(row, version=version, values=values, by=by)


def _text_of(document: Document, thing: Thing) -> Section | Answer:
    subject, key = thing
    if subject == "section":
        return Section.objects.get(document=document, slug=key)
    return Answer.objects.select_related("question").get(document=document, question__slug=key)


def _own_instant(values: dict[str, Any]) -> Instant | None:
    if values.get("at") is None:
        return None
    return Instant(values["at"], Precision(values["precision"]), values["end_at"])
