"""What was done in a sitting, in one sentence."""

from collections.abc import Iterable, Iterator, Sequence

from coe.chronicle.answers import FINDING, deeds_with_findings
from coe.chronicle.decided import DECISION, deeds_with_decisions
from coe.chronicle.discussion import THREAD, deeds_with_threads
from coe.chronicle.promised import (
    PROMISE,
    SERVING,
    deeds_with_promises,
    deeds_with_servings,
)
from coe.chronicle.sittings import Sitting, Touched
from coe.documents.models import SectionSlug
from coe.history.models import Action
from coe.incidents.models import Milestone

ROWS = {
    "entry": ("timeline entry", "timeline entries"),
    "figure": ("impact figure", "impact figures"),
    "safeguard": ("safeguard", "safeguards"),
    "cause": ("cause", "causes"),
    "lesson": ("lesson", "lessons"),
    "action": ("action item", "action items"),
    "related": ("related item", "related items"),
}
ROW_DEEDS = (
    ("added", lambda done: Action.ADDED in done and Action.REMOVED not in done),
    ("added and removed", lambda done: {Action.ADDED, Action.REMOVED} <= done),
    ("changed", lambda done: Action.CHANGED in done and not {Action.ADDED, Action.REMOVED} & done),
    ("moved", lambda done: done == {Action.MOVED}),
    ("removed", lambda done: Action.REMOVED in done and Action.ADDED not in done),
)
"""What is said of a row after everything that was done with it in one sitting: once."""


PEOPLE = {
    "participant": ("let {} write", "took {} off the authors"),
    "reviewer": ("asked {} to review", "took {} off the reviewers"),
    "reader": ("named {}", "took off {}"),
}


def told_sitting(sitting: Sitting) -> str:
    """ "wrote Summary, added 6 timeline entries, moved 1 cause": it follows the name."""
    return ", ".join(_deeds(sitting.touched)) or "saved what was there"


def _deeds(touched: Sequence[Touched]) -> Iterator[str]:
    back = [each for each in touched if Action.RESTORED in each.actions]
    plain = [each for each in touched if not _is_told_as_back(each, back)]
    done = [(each, each.actions - {Action.SET_ASIDE}) for each in plain]
    of = {
        subject: [(each, actions) for each, actions in done if each.subject == subject and actions]
        for subject in ("document", "import", "section", "milestone", "answer", *PEOPLE)
    }
    yield from _deeds_with_facts(of["document"], bool(of["import"]))
    if sections := of["section"]:
        yield f"wrote {_listed(_label(SectionSlug, each.key) for each, _ in sections)}"
    if milestones := of["milestone"]:
        yield f"set {_listed(_label(Milestone.Kind, each.key) for each, _ in milestones)}"
    if answers := of["answer"]:
        yield f"wrote {_counted(len(answers), 'answer', 'answers')}"
    for subject, names in ROWS.items():
        yield from _deeds_with_rows([held for each, held in done if each.subject == subject], names)
    if back:
        yield f"brought back {_listed(_called_back(back))}"
    for subject, deeds in PEOPLE.items():
        names = ("reader", "readers") if subject == "reader" else ("person", "people")
        yield from _deeds_with_people([actions for _, actions in of[subject]], deeds, names)
    yield from deeds_with_findings([held for each, held in done if each.subject == FINDING])
    yield from deeds_with_decisions([held for each, held in done if each.subject == DECISION])
    yield from deeds_with_threads([held for each, held in done if each.subject == THREAD])
    yield from deeds_with_promises([held for each, held in done if each.subject == PROMISE])
    yield from deeds_with_servings([held for each, held in done if each.subject == SERVING])
    if any(each.subject == "meeting" for each in touched):
        yield "led a meeting about it"
    if beside := sum(Action.SET_ASIDE in each.actions for each in touched):
        yield f"had {_counted(beside, 'text', 'texts')} kept beside"


def _is_told_as_back(each: Touched, back: Sequence[Touched]) -> bool:
    """The facts have an event of their own that says so."""
    is_of_facts = each.subject == "document" and Action.ADDED not in each.actions
    return each in back or (is_of_facts and any(other.subject == "facts" for other in back))


def _called_back(back: Sequence[Touched]) -> Iterator[str]:
    """What was brought back: by its name, or how many of a kind."""
    if any(each.subject == "facts" for each in back):
        yield "facts"
    yield from (_label(SectionSlug, each.key) for each in back if each.subject == "section")
    yield from (_label(Milestone.Kind, each.key) for each in back if each.subject == "milestone")
    for subject, names in {"answer": ("answer", "answers"), **ROWS}.items():
        if count := sum(each.subject == subject for each in back):
            yield _counted(count, *names)


def _deeds_with_facts(
    facts: Sequence[tuple[Touched, frozenset[str]]], is_imported: bool
) -> Iterator[str]:
    actions = {action for _, done in facts for action in done}
    if Action.ADDED in actions:
        yield "opened the COE from a file" if is_imported else "opened the COE"
    elif Action.CHANGED in actions:
        yield "changed the facts"


def _deeds_with_rows(done: Sequence[frozenset[str]], names: tuple[str, str]) -> Iterator[str]:
    for word, fits in ROW_DEEDS:
        if count := sum(bool(fits(each)) for each in done):
            yield f"{word} {_counted(count, *names)}"


def _deeds_with_people(
    done: Sequence[frozenset[str]], deeds: tuple[str, str], names: tuple[str, str]
) -> Iterator[str]:
    for deed, action in zip(deeds, (Action.ADDED, Action.REMOVED), strict=True):
        if count := sum(action in each for each in done):
            yield deed.format(_counted(count, *names))


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _label(kinds: type[SectionSlug] | type[Milestone.Kind], key: str) -> str:
    return str(dict(kinds.choices).get(key, key))
