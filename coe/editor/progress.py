"""How far each stop of the workspace has come: pure, over what the workspace has read."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from coe.actions.models import ActionItem
from coe.documents.contents import Lesson
from coe.documents.models import State
from coe.incidents.durations import waited_for_in_light
from coe.incidents.models import Milestone
from coe.whys.models import Safeguard

if TYPE_CHECKING:
    from coe.editor.workspace import Workspace

FEWEST_ENTRIES = 3
"""A timeline has a beginning, a middle and an end."""


class Standing(StrEnum):
    """How far a stop has come."""

    EMPTY = "empty"
    BEGUN = "begun"
    COMPLETE = "complete"


def standing_of(stop: str, workspace: "Workspace") -> Standing:
    """How far the stop of this slug has come."""
    return RULES[stop](workspace)


def _of(*, is_begun: bool, is_complete: bool) -> Standing:
    if is_complete:
        return Standing.COMPLETE
    return Standing.BEGUN if is_begun else Standing.EMPTY


def _of_parts(parts: Iterable[object]) -> Standing:
    """Complete when every part is there, begun when one is."""
    there = [bool(part) for part in parts]
    return _of(is_begun=any(there), is_complete=bool(there) and all(there))


def _facts(workspace: "Workspace") -> Standing:
    return Standing.COMPLETE


def _milestones(workspace: "Workspace") -> Standing:
    stored = workspace.stored_milestones
    is_begun = any(each.state != Milestone.State.PENDING for each in stored)
    is_complete = not any(is_wanted(each, workspace) for each in stored)
    return _of(is_begun=is_begun, is_complete=is_complete)


def is_wanted(milestone: Milestone, workspace: "Workspace") -> bool:
    """Whether it is not known yet and asked for."""
    if milestone.state != Milestone.State.PENDING:
        return False
    if not workspace.is_light:
        return True
    known = {each.kind for each in workspace.stored_milestones if each.state != milestone.state}
    return milestone.kind in waited_for_in_light(known)


def _timeline(workspace: "Workspace") -> Standing:
    count = len(workspace.entries)
    return _of(is_begun=count > 0, is_complete=count >= FEWEST_ENTRIES)


def _impact(workspace: "Workspace") -> Standing:
    text = workspace.sections["impact"].text
    if workspace.is_light:
        return _of_parts([text])
    answers = [each.text for each in workspace.answers.get("impact", ())]
    is_begun = bool(text or workspace.figures or any(answers))
    return _of(is_begun=is_begun, is_complete=bool(workspace.figures) and all(answers))


def _metrics(workspace: "Workspace") -> Standing:
    return _of_parts([workspace.sections["metrics"].text or workspace.metric_links])


def _questions(part: str) -> Callable[["Workspace"], Standing]:
    return lambda workspace: _of_parts(each.text for each in workspace.answers.get(part, ()))


def _safeguards(workspace: "Workspace") -> Standing:
    return _of_parts(is_told(each) for each in workspace.safeguards)


def is_told(safeguard: Safeguard) -> bool:
    """Whether it says why the check did not hold, if it did not."""
    return bool(safeguard.why) or safeguard.outcome == Safeguard.Outcome.HELD


def _causes(workspace: "Workspace") -> Standing:
    """Complete when each end of a branch has an action item or an accepted risk."""
    is_begun = bool(workspace.causes)
    is_open = any(place.is_open for place in workspace.causes)
    return _of(is_begun=is_begun, is_complete=is_begun and not is_open)


def _actions(workspace: "Workspace") -> Standing:
    items = workspace.actions
    is_bound = not any(lacks(item, is_light=workspace.is_light) for item in items)
    return _of(is_begun=bool(items), is_complete=bool(items) and is_bound)


def lacks(item: ActionItem, *, is_light: bool) -> tuple[str, ...]:
    """What is missing for somebody to be held to it; a light COE takes the title as the aim."""
    parts = {
        "an owner": item.owner_id,
        "a due date": item.due_on,
        "a cause": item.cause_id,
        "a way to tell that it is done": item.done_when or is_light,
    }
    return tuple(name for name, value in parts.items() if not value)


def _lessons(workspace: "Workspace") -> Standing:
    kinds = {label for label, _ in workspace.lessons}
    both = {Lesson.Kind.WELL.label, Lesson.Kind.BADLY.label}
    return _of(is_begun=bool(kinds), is_complete=both <= kinds)


def _related(workspace: "Workspace") -> Standing:
    return _of_parts([workspace.related])


def _summary(workspace: "Workspace") -> Standing:
    return _of_parts([workspace.sections["summary"].text])


def _submit(workspace: "Workspace") -> Standing:
    waiting = (State.DRAFT, State.CHANGES_REQUESTED)
    return Standing.EMPTY if workspace.document.state in waiting else Standing.COMPLETE


RULES: dict[str, Callable[["Workspace"], Standing]] = {
    "facts": _facts,
    "milestones": _milestones,
    "timeline": _timeline,
    "impact": _impact,
    "metrics": _metrics,
    "detection": _questions("detection"),
    "diagnosis": _questions("diagnosis"),
    "mitigation": _questions("mitigation"),
    "prevention": _questions("prevention"),
    "safeguards": _safeguards,
    "causes": _causes,
    "actions": _actions,
    "lessons": _lessons,
    "related": _related,
    "summary": _summary,
    "submit": _submit,
}
