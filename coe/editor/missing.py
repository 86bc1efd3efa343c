"""What a stop of the workspace still lacks, in sentences that say what to do: pure, like progress.

Each says exactly what completes the stop, so that "Next" goes away when it is done.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from coe.documents.contents import Lesson
from coe.editor.panels import Stop
from coe.editor.progress import FEWEST_ENTRIES, Standing, is_told, is_wanted, lacks
from coe.incidents.models import Milestone
from coe.policies.models import Part
from coe.whys.models import Cause

if TYPE_CHECKING:
    from coe.editor.workspace import Workspace

IT_WAS = {
    Milestone.Kind.DETECTED: "detected",
    Milestone.Kind.ACKNOWLEDGED: "acknowledged",
    Milestone.Kind.DIAGNOSED: "diagnosed",
    Milestone.Kind.MITIGATED: "mitigated",
    Milestone.Kind.RESOLVED: "resolved",
}
"""The milestones after "when it was"."""
OF_PARTS = {
    Part.IMPACT: "on the impact",
    Part.DETECTION: "on how it was found",
    Part.DIAGNOSIS: "on how you got to know what to do",
    Part.MITIGATION: "on how it was brought to an end",
    Part.PREVENTION: "on why it could happen",
}
LAY_OUT = "Lay out the summary from what is written"


def missing_at(stop: Stop, standing: Standing, workspace: "Workspace") -> list[str]:
    """What completes the stop, first things first; nothing where it is complete."""
    if standing == Standing.COMPLETE:
        return []
    if stop.slug == "summary" and workspace.composing.may_lay_out:
        return [LAY_OUT]
    found = MISSING[stop.slug](workspace) if stop.slug in MISSING else []
    return found if standing == Standing.BEGUN and found else [stop.ask]


def _milestones(workspace: "Workspace") -> list[str]:
    pending = [each.kind for each in workspace.stored_milestones if is_wanted(each, workspace)]
    when = ["when impact started"] if Milestone.Kind.IMPACT_STARTED in pending else []
    others = [word for kind, word in IT_WAS.items() if kind in pending]
    ends = [IT_WAS[Milestone.Kind.MITIGATED], IT_WAS[Milestone.Kind.RESOLVED]]
    if workspace.is_light and others[-2:] == ends:
        others[-2:] = [" or ".join(ends)]
    when += [f"when it was {_listed(others)}"] if others else []
    return [f"Say {' and '.join(when)}, or that it does not apply"]


def _timeline(workspace: "Workspace") -> list[str]:
    more = FEWEST_ENTRIES - len(workspace.entries)
    return [f"Put down {_counted(more, 'more line')} of what happened"]


def _impact(workspace: "Workspace") -> list[str]:
    return _questions(Part.IMPACT)(workspace) + (
        [] if workspace.figures else ["Put a number on the impact"]
    )


def _questions(part: Part) -> Callable[["Workspace"], list[str]]:
    def missing(workspace: "Workspace") -> list[str]:
        waiting = sum(not each.text for each in workspace.answers.get(part, ()))
        return [f"Answer {_counted(waiting, 'more question')} {OF_PARTS[part]}"] if waiting else []

    return missing


def _safeguards(workspace: "Workspace") -> list[str]:
    names = (each.name for each in workspace.safeguards if not is_told(each))
    return [f"Say why “{name}” did not hold" for name in names]


def _causes(workspace: "Workspace") -> list[str]:
    numbers = [place.branch.number for place in workspace.causes if place.is_open]
    if not numbers:
        return []
    is_full = workspace.is_light and len(workspace.causes) >= (Cause.most_in_light or 0)
    why = "" if is_full else "Ask why again, or "
    say = "say" if why else "Say"
    return [f"{why}{say} what is done about {_listed(numbers)}"]


def _actions(workspace: "Workspace") -> list[str]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for number, item in enumerate(workspace.actions, 1):
        if lacking := lacks(item, is_light=workspace.is_light):
            groups.setdefault(lacking, []).append(f"A{number}")
    return [f"Give {_listed(who)} {_listed(what)}" for what, who in groups.items()]


def _lessons(workspace: "Workspace") -> list[str]:
    kinds = {label for label, _ in workspace.lessons}
    asked = {Lesson.Kind.WELL: "Say what went well", Lesson.Kind.BADLY: "Say what went badly"}
    return [sentence for kind, sentence in asked.items() if kind.label not in kinds]


MISSING: dict[str, Callable[["Workspace"], list[str]]] = {
    "milestones": _milestones,
    "timeline": _timeline,
    "impact": _impact,
    "detection": _questions(Part.DETECTION),
    "diagnosis": _questions(Part.DIAGNOSIS),
    "mitigation": _questions(Part.MITIGATION),
    "prevention": _questions(Part.PREVENTION),
    "safeguards": _safeguards,
    "causes": _causes,
    "actions": _actions,
    "lessons": _lessons,
}
"""What is said once a stop is begun, where that is more than what it asks at first."""


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _listed(words: Iterable[str]) -> str:
    """ "one", "one and two", "one, two and three"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
