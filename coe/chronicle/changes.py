"""The single changes of a sitting, each with what was there before and after it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from coe.chronicle import answers, decided
from coe.chronicle.answers import FINDING
from coe.chronicle.decided import DECISION
from coe.chronicle.discussion import THREAD, spoken_of
from coe.chronicle.events import Event, Thing, events_between
from coe.chronicle.facts import COLUMNS
from coe.chronicle.promised import PROMISE, SERVING, promise_told, serving_told
from coe.chronicle.queries import times_of
from coe.chronicle.redactions import Redaction, redactions_of
from coe.chronicle.replay import Replay
from coe.chronicle.sittings import Sitting
from coe.chronicle.state import ROW_MODELS
from coe.documents.models import Document, Participant, SectionSlug
from coe.history.models import Action
from coe.library.changes import LABELS, Teller, ToldField, ToldRow
from coe.snapshots.comparison import RowChange, compare_each
from coe.text.difference import Change as Mark
from coe.text.difference import Piece

MOST = 60
"""Changes of one sitting on a page."""
KINDS = {
    "section": "sections",
    "answer": "answers",
    "milestone": "milestones",
    "participant": "contributors",
    "document": "facts",
    "entry": "entries",
    "cause": "causes",
    "figure": "figures",
    "safeguard": "safeguards",
    "lesson": "lessons",
    "action": "actions",
    "related": "related",
}
"""By subject in the history: the field of a snapshot that holds such things."""
SAID_BESIDE = {FINDING: answers, DECISION: decided}
"""What is told in a sentence with what was said: it wrote nothing into the text."""
NAMES = {
    "answer": "An answer",
    "milestone": "A milestone",
    FINDING: "A finding",
    DECISION: "A decision on an action item",
}
BROUGHT_BACK = {"section", "answer", "milestone", *ROW_MODELS}
"""What can be brought back by itself, beside the facts."""


@dataclass
class _Run:
    """Saves of one thing by one person that nobody else's save came between."""

    events: list[Event]
    before: Any
    after: Any
    seen: Any
    """The last value that was not nothing: of what was added and removed again."""
    is_moved: bool = False
    moment: int | None = None
    """The event after which it was what the last save brought back."""


@dataclass(frozen=True, slots=True)
class ToldChange:
    """What became of one thing from the event `first` to the event `last`.

    `row` and `facts` tell it word by word; `sentence` where there is nothing to compare. `aside`
    are typed values that were not saved. What was there before the event `undoes` can be brought
    back, where there is one; `repeats` says whether what was there after it all can. `was_at` (UTC)
    is when it was last what it was brought back to.
    """

    first: int
    last: int
    at: datetime
    saves: int
    row: ToldRow | None = None
    facts: tuple[ToldField, ...] = ()
    sentence: str = ""
    aside: tuple[ToldField, ...] = ()
    redaction: Redaction | None = None
    is_emptied: bool = False
    undoes: int | None = None
    repeats: bool = False
    was_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The changes of a sitting that are shown; `behind` is where the next ones go on."""

    changes: tuple[ToldChange, ...]
    behind: int | None


@dataclass
class _Sifter:
    """Plays the sitting and keeps its runs."""

    replay: Replay
    sitting: Sitting
    is_each: bool
    runs: list[_Run] = field(default_factory=list)
    latest: dict[Thing, _Run] = field(default_factory=dict)

    def play(self, events: Sequence[Event]) -> None:
        for event in events:
            if event.is_mark:
                self._mark(event)
                continue
            is_told = event.actor_id == self.sitting.actor_id and event.subject in KINDS
            thing = self.replay.state.thing_of(event)
            before = self._value(thing) if is_told else None
            self.replay.apply(event)
            if event.actor_id != self.sitting.actor_id:
                continue
            if is_told:
                self._keep(event, thing, before, self._value(thing))
            else:
                self.runs.append(_Run([event], None, None, None))

    def _mark(self, event: Event) -> None:
        """The save of the same person before it brought that thing back."""
        if event.actor_id != self.sitting.actor_id:
            return
        thing = self.replay.state.thing_of(event)
        for run in reversed(self.runs):
            if self.replay.state.thing_of(run.events[-1]) == thing:
                run.moment = (event.after or {}).get("moment")
                break

    def _value(self, thing: Thing) -> Any:
        return self.replay.told_value(thing) if self.replay.is_opened else None

    def _keep(self, event: Event, thing: Thing, before: Any, after: Any) -> None:
        run = self.latest.get(thing)
        stands_alone = self.is_each or event.is_emptied or _stands_alone(event)
        if run and run.after == before and not stands_alone:
            run.events.append(event)
            run.after, run.seen, run.moment = after, after or run.seen, None
        else:
            run = _Run([event], before, after, after or before)
            self.runs.append(run)
        run.is_moved = run.is_moved or event.action == Action.MOVED
        if not stands_alone:
            self.latest[thing] = run
        elif event.action != Action.SET_ASIDE:
            self.latest.pop(thing, None)


def open_sitting(document: Document, sitting: Sitting, *, is_each: bool, behind: int = 0) -> Opened:
    """The changes of `sitting` in their order, from the first behind the event `behind` on.

    Saves of one thing that follow each other are one change unless `is_each`.
    """
    events = events_between(document, sitting.first - 1, sitting.last)
    replay = Replay(document, sitting.first - 1)
    replay.prepare(events)
    start = replay.snapshot() if replay.is_opened else None
    sifter = _Sifter(replay, sitting, is_each)
    sifter.play(events)
    end = replay.snapshot()
    runs = [run for run in sifter.runs if run.events[0].pk > behind]
    shown = runs[:MOST]
    times = times_of(document, [run.moment for run in shown if run.moment])
    teller = _Teller(Teller(start or end, end), redactions_of(document), times)
    changes = tuple(teller.change(run, row) for run, row in _compared(shown))
    return Opened(changes, shown[-1].events[0].pk if len(runs) > MOST else None)


def _compared(runs: Sequence[_Run]) -> Iterator[tuple[_Run, RowChange | None]]:
    """Each with its comparison, None where there is nothing to compare."""
    told = [run for run in runs if run.seen is not None and not run.events[0].is_emptied]
    rows = compare_each([_row_of(run) for run in told])
    found = {id(run): row for run, row in zip(told, rows, strict=True)}
    return ((run, found.get(id(run))) for run in runs)


def _row_of(run: _Run) -> RowChange:
    kind = KINDS[run.events[0].subject]
    before, after = run.before, run.after
    if before is None and after is None:
        after = run.seen
    return RowChange(kind, before, after, is_moved=run.is_moved and None not in (before, after))


@dataclass(frozen=True)
class _Teller:
    teller: Teller
    redactions: dict[int, Redaction]
    times: dict[int, datetime]

    def change(self, run: _Run, row: RowChange | None) -> ToldChange:
        first, last = run.events[0], run.events[-1]
        was_at = self.times.get(run.moment or 0)
        bare = ToldChange(first.pk, last.pk, last.at, len(run.events), was_at=was_at)
        if first.is_emptied:
            gone = self.redactions.get(first.pk)
            return replace(bare, is_emptied=True, redaction=gone, sentence=_name_of(first))
        if first.action == Action.SET_ASIDE:
            return replace(bare, sentence=_name_of(first), aside=self._typed(first.after or {}))
        if beside := SAID_BESIDE.get(first.subject):
            return replace(bare, sentence=beside.deed_of(first), facts=beside.fields_of(first))
        if row is None:
            return replace(bare, sentence=_sentence(first))
        if first.subject == "document":
            return self._facts(bare, row)
        told = replace(bare, row=self._row(run, row))
        if first.subject not in BROUGHT_BACK or _is_only_moved(run, row):
            return told
        return replace(told, undoes=_undoes(run), repeats=run.after is not None)

    def _typed(self, values: dict[str, Any]) -> tuple[ToldField, ...]:
        """What was typed and not saved, by the field of the form."""
        return tuple(
            ToldField(
                LABELS.get(name, name.replace("_", " ").capitalize()),
                (Piece(Mark.KEPT, self._words(value)),),
            )
            for name, value in values.items()
            if value not in (None, "", [])
        )

    def _words(self, value: Any) -> str:
        causes = {str(uid): f"“{text}”" for uid, text in self.teller.causes.items()}
        values = value if isinstance(value, list) else [value]
        return ", ".join(causes.get(str(each), str(each)) for each in values)

    def _facts(self, bare: ToldChange, row: RowChange) -> ToldChange:
        if row.is_added:
            return replace(bare, sentence="Opened the COE")
        told = replace(bare, sentence="Facts", facts=self.teller.facts(row.fields))
        is_in_form = any(each.name in COLUMNS for each in row.fields)
        return replace(told, undoes=bare.first, repeats=True) if is_in_form else told

    def _row(self, run: _Run, row: RowChange) -> ToldRow:
        event = run.events[0]
        told = named_as_its_section(self.teller.row(row), (event.subject, event.key))
        if run.before is None and run.after is None:
            return replace(told, done="Added and removed")
        if run.before == run.after and not run.is_moved:
            return replace(told, done="Changed, and changed back")
        return replace(told, done="Brought back") if run.moment else told


def named_as_its_section(told: ToldRow, thing: Thing) -> ToldRow:
    """What is told of a row; the text of a section is called by the name of the section."""
    subject, key = thing
    return replace(told, noun=str(SectionSlug(key).label)) if subject == "section" else told


def _stands_alone(event: Event) -> bool:
    """What wrote nothing, and the opening, which says little where facts were changed after it."""
    is_opening = event.subject == "document" and event.action == Action.ADDED
    return is_opening or event.action == Action.SET_ASIDE


def _undoes(run: _Run) -> int | None:
    """Before which event of the run the thing was what can be brought back."""
    if run.before is None and run.after is None:
        return run.events[-1].pk
    return None if run.before is None else run.events[0].pk


def _is_only_moved(run: _Run, row: RowChange) -> bool:
    return run.is_moved and not row.fields and not row.is_added and not row.is_removed


def _name_of(event: Event) -> str:
    """What an event is about, where its content is not told."""
    if event.subject == "section":
        return str(dict(SectionSlug.choices).get(event.key, "A section"))
    if event.subject in ROW_MODELS:
        return str(ROW_MODELS[event.subject]._meta.verbose_name).capitalize()
    return NAMES.get(event.subject, "Facts")


def _sentence(event: Event) -> str:
    """What there is to say of an event that wrote nothing into the text."""
    if event.subject == THREAD:
        return spoken_of(event)
    if event.subject == "import":
        return "Entered what a file held"
    if event.subject == PROMISE:
        return promise_told(event)
    if event.subject == SERVING:
        return serving_told(event)
    if event.subject == "meeting":
        return "Started a meeting" if event.action == Action.ADDED else "Wrote down a decision"
    if event.subject == "reader":
        who = (event.after or {}).get("who", "")
        return f"Let read it: {who}" if event.action == Action.ADDED else f"Reads it no more: {who}"
    if event.subject == "participant":
        role = (event.after or {}).get("role") or event.role
        deed = "Added" if event.action == Action.ADDED else "Removed"
        is_reviewer = role == Participant.Role.REVIEWER
        return f"{deed} a reviewer" if is_reviewer else f"{deed} a contributor"
    return _name_of(event)
