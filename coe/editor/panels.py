"""The panels of the workspace, and the stops of its rail in the order of the craft.

Facts come first, then causes, then corrections, and the summary last.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from coe.actions.forms import ActionForm
from coe.actions.models import ActionItem
from coe.documents.content_forms import FigureForm, LessonForm, RelatedForm
from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.forms import RowForm
from coe.documents.models import DocumentRow
from coe.documents.rows import remove_row
from coe.policies.models import Part
from coe.policies.rules import Asking, GuideRules
from coe.timeline.forms import EntryForm
from coe.timeline.models import Entry
from coe.whys.forms import CauseForm, SafeguardForm
from coe.whys.models import Cause, Safeguard
from coe.whys.queries import siblings
from coe.whys.services import remove_cause


def all_of_kind(row: DocumentRow) -> QuerySet[Any]:
    """Every row that `row` is ordered among."""
    return type(row)._default_manager.filter(document=row.document_id)


def lessons_of_kind(lesson: Lesson) -> QuerySet[Any]:
    """The lessons that stand under one heading with `lesson`."""
    return all_of_kind(lesson).filter(kind=lesson.kind)


@dataclass(frozen=True, slots=True)
class RowKind:
    """A kind of row: where it stands on the page, how it is written and how removed.

    `panel` is its part of the address, the id of its panel and the name of its template.
    """

    panel: str
    model: type[DocumentRow]
    form: type[RowForm]
    remove: Callable[..., None] = remove_row
    neighbours: Callable[[Any], QuerySet[Any]] = all_of_kind


ROW_KINDS = {
    kind.panel: kind
    for kind in (
        RowKind("timeline", Entry, EntryForm),
        RowKind("figures", ImpactFigure, FigureForm),
        RowKind("safeguards", Safeguard, SafeguardForm),
        RowKind("causes", Cause, CauseForm, remove_cause, siblings),
        RowKind("actions", ActionItem, ActionForm),
        RowKind("lessons", Lesson, LessonForm, neighbours=lessons_of_kind),
        RowKind("related", RelatedItem, RelatedForm),
    )
}

QUESTIONS = "questions-"
"""What the panel of the questions of a part is called, before the part."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of the rail.

    `panels` stand below each other there; `ask` is the next thing to do while nothing is there.
    What completes it once it is begun is said by `coe.editor.missing`.
    How much it is wanted (`asking`) is the guide's: what is only offered is never proposed, and a
    light COE has only those that are `in_light`.
    """

    slug: str
    title: str
    panels: tuple[str, ...]
    ask: str
    asking: Asking = Asking.ASKED
    in_light: bool = False

    @property
    def is_optional(self) -> bool:
        return self.asking != Asking.ASKED


STOPS = (
    Stop("facts", "Facts", ("facts", "people"), "State the facts", in_light=True),
    Stop(
        "milestones",
        "Milestones",
        ("milestones",),
        "Say when it started, was noticed, and was over",
        in_light=True,
    ),
    Stop("timeline", "Timeline", ("timeline",), "Put down what happened, line by line"),
    Stop(
        "impact",
        "Impact",
        ("impact", "figures", f"{QUESTIONS}{Part.IMPACT}"),
        "Say who was hit, how many, and what they experienced",
        in_light=True,
    ),
    Stop("metrics", "Metrics", ("metrics",), "Point to the graphs that show it"),
    Stop(
        "detection",
        "Detection",
        (f"{QUESTIONS}{Part.DETECTION}",),
        "Answer how it was found",
    ),
    Stop(
        "diagnosis",
        "Diagnosis",
        (f"{QUESTIONS}{Part.DIAGNOSIS}",),
        "Answer how you got to know what to do",
    ),
    Stop(
        "mitigation",
        "Mitigation",
        (f"{QUESTIONS}{Part.MITIGATION}",),
        "Answer how it was brought to an end",
    ),
    Stop(
        "prevention",
        "Prevention",
        (f"{QUESTIONS}{Part.PREVENTION}",),
        "Answer why it could happen at all",
    ),
    Stop(
        "safeguards",
        "Safeguards",
        ("safeguards",),
        "Name the checks that should have caught it",
    ),
    Stop(
        "causes",
        "Causes",
        ("causes",),
        "Ask why, and why again",
        in_light=True,
    ),
    Stop(
        "actions",
        "Action items",
        ("actions", "trace"),
        "Decide what will be corrected, by whom and by when",
        in_light=True,
    ),
    Stop("lessons", "Lessons", ("lessons",), "Keep what went well, badly, or by luck"),
    Stop("related", "Related items", ("related",), "Link what belongs to it"),
    Stop(
        "summary",
        "Summary",
        ("summary",),
        "Write the summary last: it will be read first",
        in_light=True,
    ),
    Stop("submit", "Submit", ("submit",), "Read it once as a stranger, and submit", in_light=True),
)


def stops_for(rules: GuideRules, *, is_light: bool) -> list[Stop]:
    """The stops of a COE, each as much wanted as the rules of its guide say."""
    there = (stop for stop in STOPS if stop.in_light or not is_light)
    return [replace(stop, asking=rules.asking_of(stop.slug)) for stop in there]


PANELS = frozenset(panel for stop in STOPS for panel in stop.panels)

_TITLES = {
    "people": "People",
    "figures": "Figures",
    f"{QUESTIONS}{Part.IMPACT}": "Questions about impact",
    "trace": "What answers what",
}
"""The panels that are not called like their stop."""


def title_of(panel: str) -> str:
    """What the heading of a panel says."""
    return _TITLES.get(panel) or next(stop.title for stop in STOPS if panel in stop.panels)


def template_of(panel: str) -> str:
    """The template of a panel; all questions share one."""
    name = "questions" if panel.startswith(QUESTIONS) else panel
    return f"editor/panels/{name}.html"


def stop_of(panel: str) -> str:
    """The slug of the stop that a panel stands in."""
    return next(stop.slug for stop in STOPS if panel in stop.panels)
