"""Every form of the workspace, filled in as somebody would, with what is stored afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coe.actions.models import ActionItem
from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document
from coe.timeline.models import Entry
from coe.whys.models import Cause, Safeguard

MAIN = {
    "facts": "title",
    "milestones": "detected-when",
    "summary": "text",
    "impact": "text",
    "metrics": "text",
    "questions-detection": "found-by-text",
    "figures": "what",
    "safeguards": "name",
    "lessons": "text",
    "related": "title",
    "timeline": "text",
    "causes": "text",
    "actions": "title",
}
ROWS = ("timeline", "figures", "safeguards", "causes", "actions", "lessons", "related")


@dataclass(frozen=True)
class Kind:
    """`path` of the form below /edit/, `query` with which the page shows it, what is typed."""

    panel: str
    path: str
    query: str
    typed: dict[str, str]
    stored: Callable[[Document], Any]
    is_adding: bool = False

    def on(self, rows: dict[str, Any]) -> "Kind":
        """With the address of the row that is there."""
        uid = str(rows[self.panel].uid) if self.panel in rows else ""
        path, query = (each.replace("UID", uid) for each in (self.path, self.query))
        return Kind(self.panel, path, query, self.typed, self.stored, self.is_adding)

    @property
    def main(self) -> str:
        """The field whose text is stored: the one that two people write in."""
        return "line" if "line" in self.typed else MAIN[self.panel]

    @property
    def is_row(self) -> bool:
        return self.panel in ROWS

    @property
    def buttons(self) -> str:
        """The query with which the page shows the buttons of the row."""
        return self.query if self.panel == "timeline" else ""

    def __str__(self) -> str:
        return f"{self.panel}{' (new)' if self.is_adding else ''}"


def section(slug: str) -> Callable[[Document], Any]:
    return lambda document: document.sections.get(slug=slug).text


def field_of(model: Any, name: str) -> Callable[[Document], Any]:
    """The values of a field in the rows of a COE, in their order."""
    return lambda document: [getattr(row, name) for row in model.objects.filter(document=document)]


def title(document: Document) -> str:
    return Document.objects.get(pk=document.pk).incident.title


def answer(slug: str) -> Callable[[Document], Any]:
    """The answer to a question."""
    return lambda document: document.answers.get(question__slug=slug).text


def detected(document: Document) -> Any:
    return document.incident.milestones.get(kind="detected").at


ENTRY = {"when": "2026-11-14 02:20", "text": "Traffic was moved", "evidence": "https://a.example/1"}
LINE = {"line": "2026-11-14 02:20 Traffic was moved", "evidence": "https://a.example/1"}
CAUSE = {"text": "The limit was never tested", "evidence": "https://a.example/2"}
ACTION = {
    "title": "Test the limit each week",
    "done_when": "The test runs",
    "due_on": "2027-01-15",
    "tracker": "https://a.example/3",
}

FIGURE = {"what": "Customers who could not upload", "amount": "1,200", "unit": "customers"}
SAFEGUARD = {"name": "Canary at 1 %", "kind": "canary", "outcome": "missing", "why": "Too new"}
LESSON = {"kind": "lucky", "text": "It happened at noon"}
RELATED = {"kind": "ticket", "title": "Ticket 12", "url": "https://a.example/12", "note": "First"}

EDITS = [
    Kind("facts", "facts/", "", {"title": "One customer in ten could not upload"}, title),
    Kind("milestones", "milestones/", "", {"detected-when": "2026-11-14 02:15"}, detected),
    Kind(
        "summary", "sections/summary/", "", {"text": "It failed for an hour."}, section("summary")
    ),
    Kind("impact", "sections/impact/", "", {"text": "Uploads were lost."}, section("impact")),
    Kind("metrics", "sections/metrics/", "", {"text": "There was no graph."}, section("metrics")),
    Kind(
        "questions-detection",
        "questions/detection/",
        "",
        {"found-by-text": "A customer called.", "sooner-text": "By the canary."},
        answer("found-by"),
    ),
    Kind("figures", "figures/UID/", "?row=UID", FIGURE, field_of(ImpactFigure, "what")),
    Kind("safeguards", "safeguards/UID/", "?row=UID", SAFEGUARD, field_of(Safeguard, "name")),
    Kind("lessons", "lessons/UID/", "?row=UID", LESSON, field_of(Lesson, "text")),
    Kind("related", "related/UID/", "?row=UID", RELATED, field_of(RelatedItem, "title")),
    Kind("timeline", "timeline/UID/", "?row=UID", ENTRY, field_of(Entry, "text")),
    Kind("causes", "causes/UID/", "?row=UID", CAUSE, field_of(Cause, "text")),
    Kind("actions", "actions/UID/", "?row=UID", ACTION, field_of(ActionItem, "title")),
]
ADDS = [
    Kind("timeline", "timeline/add/", "", LINE, field_of(Entry, "text"), is_adding=True),
    Kind("causes", "causes/add/", "?add=causes", CAUSE, field_of(Cause, "text"), is_adding=True),
    Kind("actions", "actions/add/", "?add=actions", ACTION, field_of(ActionItem, "title"), True),
    Kind("figures", "figures/add/", "?add=figures", FIGURE, field_of(ImpactFigure, "what"), True),
    Kind(
        "safeguards",
        "safeguards/add/",
        "?add=safeguards",
        SAFEGUARD,
        field_of(Safeguard, "name"),
        True,
    ),
    Kind("lessons", "lessons/add/", "?add=lessons", LESSON, field_of(Lesson, "text"), True),
    Kind("related", "related/add/", "?add=related", RELATED, field_of(RelatedItem, "title"), True),
]
