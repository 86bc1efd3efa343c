"""Values of a row as the history knows them, made into what can be written now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.chronicle.events import Thing
from coe.chronicle.replay import Replay
from coe.documents.models import DocumentRow
from coe.history.models import HistoryEvent
from coe.incidents.models import Milestone
from coe.text.instants import Instant, Precision
from coe.timeline.models import Entry
from coe.timeline.services import Mark
from coe.whys.models import Cause
from coe.whys.queries import closing_a_circle

KNOWN_BY_VALUE = {"entry": {"happened": "instant"}, "action": {"cause": "cause"}}
"""What the history says by a key alone, and the snapshot by itself."""


def adapt_row(
    replay: Replay, thing: Thing, row: DocumentRow | None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What the services of the row `thing` are to write so that it says what it says in `replay`,
    where it is; and a sentence for each thing that cannot be as it was.

    `row` is the one that is there now.
    """
    subject = thing[0]
    values = replay.content(thing) or {}
    value = replay.value(thing)
    values |= {name: getattr(value, of) for name, of in KNOWN_BY_VALUE.get(subject, {}).items()}
    adapting = _Adapting(replay, thing, row, values)
    adapting.adapt(subject)
    return adapting.values, tuple(adapting.notes)


@dataclass
class _Adapting:
    """Values of a row as they can be written now, and what had to be changed in them."""

    replay: Replay
    thing: Thing
    row: DocumentRow | None
    values: dict[str, Any]
    notes: list[str] = field(default_factory=list)

    def adapt(self, subject: str) -> None:
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
            self._adapt_person("owner_id", "its owner stays as it is", "nobody owns it yet")
        if subject == "cause":
            self._adapt_effects()
            kept = "who accepted the risk stays as it is"
            self._adapt_person("risk_approver_id", kept, "nobody is named who accepted the risk")

    def _adapt_mark(self) -> None:
        """It marks its milestone again where nothing else would change by that."""
        milestone = Milestone.objects.filter(
            pk=self.values.pop("milestone_id"), incident=self.replay.document.incident_id
        ).first()
        own, taken = self.values.pop("happened", None), None
        if milestone is not None:
            taken = Entry.objects.filter(milestone=milestone).exclude(uid=self.thing[1]).first()
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
        uid, causes = self.values.pop("cause", None), self._causes()
        there = causes.filter(uid=uid).first() if uid else None
        if self.values["cause_id"] and there is None:
            self.notes.append("The cause that it answered is not there, so it answers none.")
        self.values["cause_id"] = there.pk if there else None

    def _adapt_person(self, name: str, kept: str, none: str) -> None:
        """Somebody who has left can be given nothing: what is there now stays."""
        key, now = self.values[name], getattr(self.row, name, None)
        person = User.objects.filter(pk=key).first()
        if key in (None, now) or (person and (person.is_active or person.is_placeholder)):
            return
        who = person.name if person else "Somebody who was named"
        self.notes.append(f"{who} has left, so {kept if now else none}.")
        self.values[name] = now

    def _adapt_effects(self) -> None:
        """It explains again what is there and does not explain it by now."""
        wanted = self.values["explains"]
        there = {str(each.uid): each for each in self._causes().filter(uid__in=wanted)}
        effects = [there[uid] for uid in wanted if uid in there]
        circular = closing_a_circle(self.row, effects) if isinstance(self.row, Cause) else []
        kept = [each for each in effects if each not in circular]
        self.values["explains"] = kept
        self.notes += [
            f"“{each}” explains it by now, so it does not explain that again." for each in circular
        ]
        if wanted and not kept:
            self.values["answers"] = self._question()
            asks = Cause.Asks(self.values["answers"]).label
            gone = "" if circular else "What it explained is not there: "
            self.notes.append(f"{gone or 'So '}it answers “{asks}” itself.")
        elif len(there) < len(wanted):
            self.notes.append("What it explained is not all there: it explains what is.")
        if self.row is None:
            self._tell_what_stays()

    def _question(self) -> str:
        """The question that its chain started from."""
        causes = {each.uid: each for each in self.replay.snapshot().causes}
        cause = self.replay.value(self.thing)
        while cause.explains and cause.explains[0] in causes:
            cause = causes[cause.explains[0]]
        return str(cause.answers)

    def _tell_what_stays(self) -> None:
        """Of a cause that was removed: what hung on it hangs elsewhere now."""
        uid = self.replay.value(self.thing).uid
        causes = self.replay.snapshot().causes
        under = [each.uid for each in causes if uid in each.explains]
        actions = ActionItem.objects.filter(uid__in=self._let_go(), cause=None)
        found = [
            *_counted(self._causes().filter(uid__in=under).count(), "cause", "explained it"),
            *_counted(
                actions.filter(document=self.replay.document).count(), "action item", "answered it"
            ),
        ]
        if found:
            self.notes.append(
                f"What hung on it stays where it is now ({' and '.join(found)}). To have that "
                "below it again, bring it back as well, after this."
            )

    def _let_go(self) -> Sequence[str]:
        """The action items that answered it once: removing it takes it out of them first."""
        keys = [pk for pk, uid in self.replay.state.cause_keys.items() if uid == self.thing[1]]
        events = HistoryEvent.objects.filter(document=self.replay.document, subject="action")
        held = events.filter(text__content__before__cause_id__in=keys)
        return list(held.values_list("subject_key", flat=True))

    def _causes(self) -> Any:
        return Cause.objects.filter(document=self.replay.document)


def _counted(number: int, noun: str, did: str) -> Sequence[str]:
    return [f"{number} {noun}{'' if number == 1 else 's'} that {did}"] if number else []


def _own_instant(values: dict[str, Any]) -> Instant | None:
    if values.get("at") is None:
        return None
    return Instant(values["at"], Precision(values["precision"]), values["end_at"])
