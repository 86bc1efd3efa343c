"""Every form of the workspace, filled in as somebody would, with what is stored afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coe.actions.models import ActionItem
from coe.documents.models import Document
from coe.timeline.models import Entry
from coe.whys.models import Cause


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

    def __str__(self) -> str:
        return f"{self.panel}{' (new)' if self.is_adding else ''}"


def section(slug: str) -> Callable[[Document], Any]:
    return lambda document: document.sections.get(slug=slug).text


def field_of(model: Any, name: str) -> Callable[[Document], Any]:
    """The values of a field in the rows of a COE, in their order."""
    return lambda document: [getattr(row, name) for row in model.objects.filter(document=document)]


def title(document: Document) -> str:
    return Document.objects.get(pk=document.pk).incident.title


def detected(document: Document) -> Any:
    return document.incident.milestones.get(kind="detected").at


ENTRY = {"when": "2026-11-14 02:20", "text": "Traffic was moved", "evidence": "https://a.example/1"}
CAUSE = {"text": "The limit was never tested", "evidence": "https://a.example/2"}
ACTION = {
    "title": "Test the limit each week",
    "done_when": "The test runs",
    "due_on": "2027-01-15",
    "tracker": "https://a.example/3",
}

EDITS = [
    Kind("facts", "facts/", "", {"title": "One customer in ten could not upload"}, title),
    Kind("milestones", "milestones/", "", {"detected-when": "2026-11-14 02:15"}, detected),
    Kind(
        "summary", "sections/summary/", "", {"text": "It failed for an hour."}, section("summary")
    ),
    Kind("impact", "sections/impact/", "", {"text": "Uploads were lost."}, section("impact")),
    Kind("timeline", "timeline/UID/", "?row=UID", ENTRY, field_of(Entry, "text")),
    Kind("causes", "causes/UID/", "?row=UID", CAUSE, field_of(Cause, "text")),
    Kind("actions", "actions/UID/", "?row=UID", ACTION, field_of(ActionItem, "title")),
]
ADDS = [
    Kind("timeline", "timeline/add/", "", ENTRY, field_of(Entry, "text"), is_adding=True),
    Kind("causes", "causes/add/", "?add=causes", CAUSE, field_of(Cause, "text"), is_adding=True),
    Kind("actions", "actions/add/", "?add=actions", ACTION, field_of(ActionItem, "title"), True),
]
