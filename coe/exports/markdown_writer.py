"""Writing the Markdown form (docs/markdown-form.md): pleasant to read, and read back exactly."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from coe.exports.corrections import STANDINGS, VERDICTS, is_late, promises_in_short, times
from coe.exports.course import day_of
from coe.exports.form import VERSION
from coe.exports.markdown_kinds import (
    ACTIONS,
    CAUSE_ROWS,
    ENTRIES,
    FACTS,
    FIGURES,
    INSTANT,
    LESSONS,
    RELATED,
    SAFEGUARDS,
    TITLE_OF_CAUSE,
    Context,
    Kind,
    as_json,
    marked,
)
from coe.exports.markdown_text import (
    address_to_markdown,
    block_to_markdown,
    line_to_markdown,
    person_to_markdown,
)
from coe.snapshots.printable import DecisionValue, Envelope, Printable, PromiseValue
from coe.snapshots.serialise import to_plain
from coe.snapshots.snapshot import AnswerValue, CauseValue, MilestoneValue, Snapshot
from coe.whys.graph import Branch, outline

STEP = 2
"""The spaces by which a point of a list stands further right than the one above it."""


def write_markdown(printable: Printable) -> bytes:
    """`printable` in the Markdown form."""
    return ("\n".join(_lines(printable)) + "\n").encode()


def _lines(printable: Printable) -> Iterator[str]:
    snapshot = printable.snapshot
    labels = {str(each.uid): f"C{number}" for number, each in enumerate(snapshot.causes, 1)}
    context = Context(ZoneInfo(snapshot.zone), labels)
    yield from _head(printable)
    yield from ("", f"# {line_to_markdown(snapshot.title)}")
    for section in snapshot.sections:
        yield from ("", marked(f"## {_words(section.slug)}", f"section {section.slug}"))
        yield from _block(section.text)
    yield from _rows(FIGURES, snapshot, context)
    yield from _milestones(snapshot.milestones, context)
    yield from _rows(ENTRIES, snapshot, context)
    yield from _answers(snapshot.answers)
    yield from _rows(SAFEGUARDS, snapshot, context)
    yield from _causes(snapshot, context)
    for kind in (LESSONS, ACTIONS, RELATED):
        yield from _rows(kind, snapshot, context)
    yield from _standing(printable)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _head(printable: Printable) -> Iterator[str]:
    """Facts between two rules, each value as JSON has it, which is YAML as well."""
    snapshot, envelope = printable.snapshot, printable.envelope
    plain = to_plain(snapshot, schema=snapshot.schema)
    facts = {
        "coe": VERSION,
        "reference": envelope.reference,
        "digest": printable.digest,
        "state": envelope.state,
        "version": envelope.version,
        "published_at": to_plain(envelope.published_at),
        **{name: plain[name] for name in FACTS if name in plain},
        "owner": person_to_markdown(snapshot.owner),
    }
    yield "---"
    for name, value in facts.items():
        yield f"{name}: {as_json(value)}"
    yield "contributors:" if snapshot.contributors else "contributors: []"
    for person in snapshot.contributors:
        yield f"  - {as_json(person_to_markdown(person))}"
    yield "---"


def _block(text: str, *, indent: int = 0) -> Iterator[str]:
    lines = block_to_markdown(text)
    if lines:
        yield ""
    for line in lines:
        yield f"{' ' * indent}{line}" if line else ""


def _heading(kind: Kind, context: Context) -> Iterator[str]:
    zone = f" ({context.zone.key})" if kind is ENTRIES else ""
    yield from ("", marked(f"## {kind.heading}{zone}", kind.group))


def _rows(kind: Kind, snapshot: Snapshot, context: Context) -> Iterator[str]:
    rows = getattr(snapshot, kind.group)
    if rows:
        yield from _heading(kind, context)
    for row in rows:
        yield from _row(kind, row, context)


def _row(kind: Kind, row: Any, context: Context) -> Iterator[str]:
    if kind.is_item:
        yield from _item(kind, row, context)
        return
    attribute, codec = kind.title
    title = codec.write(getattr(row, attribute), context)
    yield from ("", marked(f"### {title}", f"{kind.mark} {row.uid}"), "")
    yield from (f"- {name}: {text}" for name, text in _slots(kind, row, context))
    yield from _more(kind, row, indent=0)


def _item(kind: Kind, row: Any, context: Context, depth: int = 0) -> Iterator[str]:
    attribute, codec = kind.title
    indent = STEP * depth
    title = (
        context.causes[str(row.uid)]
        if attribute == TITLE_OF_CAUSE
        else codec.write(getattr(row, attribute), context)
    )
    slots = "".join(f" · {name}: {text}" for name, text in _slots(kind, row, context))
    yield from ("", marked(f"- **{title}**{slots}", f"{kind.mark} {row.uid}", indent=indent))
    yield from _block(getattr(row, kind.text), indent=indent + STEP)
    yield from _more(kind, row, indent=indent + STEP)


def _slots(kind: Kind, row: Any, context: Context) -> Iterator[tuple[str, str]]:
    for slot in kind.slots:
        value = getattr(row, slot.attribute)
        if kind is CAUSE_ROWS and slot.attribute == "explains":
            value = value[1:]
        if value != slot.default:
            yield slot.name, slot.codec.write(value, context)


def _more(kind: Kind, row: Any, *, indent: int) -> Iterator[str]:
    if kind.more is None:
        return
    attribute, mark, words = kind.more
    text = getattr(row, attribute)
    if text:
        yield from ("", marked(f"**{words}:**", mark, indent=indent))
        yield from _block(text, indent=indent)


def _milestones(milestones: Iterable[MilestoneValue], context: Context) -> Iterator[str]:
    shown = [
        f"- {each.kind.replace('_', ' ')}: "
        + (INSTANT.write(each.instant, context) if each.instant else each.state.replace("_", " "))
        for each in milestones
    ]
    if shown:
        yield from ("", marked("## Milestones", "milestones"), "", *shown)


def _answers(answers: Iterable[AnswerValue]) -> Iterator[str]:
    part = None
    for answer in answers:
        if answer.part != part:
            part = answer.part
            yield from ("", marked(f"## Questions: {part}", "answers"))
        mark = f"answer {answer.part} {answer.slug}"
        yield from ("", marked(f"### {line_to_markdown(answer.question)}", mark))
        yield from _block(answer.text)


def _causes(snapshot: Snapshot, context: Context) -> Iterator[str]:
    """Each cause once, in the list below the one that it explains first."""
    if snapshot.causes:
        yield from _heading(CAUSE_ROWS, context)
    for branch in _branches(snapshot.causes):
        yield from _item(CAUSE_ROWS, branch.item, context, branch.depth)


def _branches(causes: tuple[CauseValue, ...]) -> list[Branch[CauseValue]]:
    primary: dict[UUID, UUID | None] = {
        each.uid: each.explains[0] if each.explains else None for each in causes
    }
    return outline([each.uid for each in causes], primary, {each.uid: each for each in causes})


def _standing(printable: Printable) -> Iterator[str]:
    """What stands around the text, for people; it is not read back."""
    shown = [*_signed(printable.envelope), *_decided(printable), *_promised(printable)]
    if shown:
        title = f"## Approvals and promises as of {day_of(printable.as_of, printable.snapshot)}"
        yield from ("", marked(title, "standing"), "", *shown)


def _signed(envelope: Envelope) -> Iterator[str]:
    for each in envelope.signed:
        deed = "Approved by" if each.is_approval else "Signed as a reviewer by"
        note = f": {line_to_markdown(each.note)}" if each.note else ""
        yield (
            f"- {deed} {person_to_markdown(each.person)} at {to_plain(each.signed_at)}, "
            f"text {each.digest}{note}"
        )
        if each.dissent:
            yield f"  - Disagreed and committed: {line_to_markdown(each.dissent)}"
    for waiver in envelope.waivers:
        yield (
            f"- Left as it is by {line_to_markdown(waiver.name)} at {to_plain(waiver.at)}: "
            f"{line_to_markdown(waiver.sentence)} {line_to_markdown(waiver.reason)}"
        )


def _decided(printable: Printable) -> Iterator[str]:
    """What was decided on the action items, in their order."""
    decisions = {each.uid: each for each in printable.envelope.decisions}
    for action in printable.snapshot.actions:
        if each := decisions.get(action.uid):
            yield (
                f"- {VERDICTS[each.verdict]}: {line_to_markdown(action.title)}{_committed(each)}; "
                f"decided by {line_to_markdown(each.name)} at {to_plain(each.at)}"
                + (f": {line_to_markdown(each.reason)}" if each.reason else "")
            )


def _committed(decision: DecisionValue) -> str:
    if decision.is_rejected:
        return ", not promised"
    by = f", by {line_to_markdown(decision.owner)}" if decision.owner else ""
    return by + (f", due {decision.due_on}" if decision.due_on else "")


def _promised(printable: Printable) -> Iterator[str]:
    if printable.promises:
        yield f"- Promises: {promises_in_short(printable)}"
    for each in printable.promises:
        yield (
            f"- Promised: {line_to_markdown(each.title)}"
            + (f", by {line_to_markdown(each.owner)}" if each.owner else "")
            + (f", due {each.due_on}" if each.due_on else "")
            + _moved(each)
            + (", late" if is_late(each) else "")
            + f": {STANDINGS[each.state].lower()}"
            + "".join(f"; {words}" for words in _beside(each))
        )


def _moved(promise: PromiseValue) -> str:
    if not promise.moves:
        return ""
    between = "".join(f", then {day}" for day in promise.due_before[1:])
    return f" (first {promise.first_due_on}{between}, moved {times(promise.moves)})"


def _beside(promise: PromiseValue) -> Iterator[str]:
    """What there is to say beside its state."""
    if promise.has_failed and promise.state != "did_not_hold":
        yield "did not hold before"
    if promise.done_on:
        yield f"done {promise.done_on}"
    if promise.evidence:
        yield f"shown at {address_to_markdown(promise.evidence)}"
    if promise.evidence_file:
        yield f"shown by {line_to_markdown(promise.evidence_file)}"
