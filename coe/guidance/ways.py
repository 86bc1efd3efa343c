"""Where in the workspace something is written, as an address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from coe.guidance.case import ROWS

ANCHORS = {
    "facts": "facts-title",
    "milestones": "id_{}-when",
    "impact": "impact-text",
    "metrics": "metrics-text",
    "summary": "summary-text",
}
"""By panel, the id of the field that is meant; of a milestone by its kind."""


@dataclass(frozen=True, slots=True)
class Way:
    """A place in the workspace: a panel, an id in it, and what is opened there, if anything."""

    panel: str
    anchor: str
    opened: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """The way there, behind the address of the workspace."""
        return f"?{urlencode((('section', self.panel), *self.opened))}#{self.anchor}"

    @property
    def query(self) -> str:
        """What opens it where the panel is on the page already; empty where nothing is opened."""
        return f"?{urlencode(self.opened)}" if self.opened else ""


def way_to(panel: str, row: str = "", field: str = "") -> Way:
    """The way to where something is written: to the field, where there is one to write in."""
    if panel in ROWS:
        opened = (("row", row), *((("at", field),) if field else ())) if row else ()
        return Way(panel, f"row-{row}" if row else panel, opened)
    if panel.startswith("questions-"):
        return Way(panel, f"id_{row}-text" if row else panel)
    return Way(panel, ANCHORS[panel].format(row) if panel in ANCHORS else panel)
