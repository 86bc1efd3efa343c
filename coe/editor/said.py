"""How much is said about what somebody writes, and where it can be read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from coe.discussion.models import Subject, Thread
from coe.documents.models import DocumentRow
from coe.editor.panels import QUESTIONS, ROW_KINDS

CHAPTER_OF = {"people": "people", f"{QUESTIONS}detection": "questions"}
"""By panel, the chapter that is spoken about under another name; a chapter of the page that has
several panels is told at the first."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many threads are open at a place, and the way to the first of them."""

    number: int = 0
    way: str = ""


class Said:
    """The open threads of a COE, by what they are about."""

    def __init__(self, reference: str, threads: Iterable[Thread]) -> None:
        self._page = reverse("coe_draft", args=[reference])
        self._found: Mapping[tuple[str, str], list[UUID]] = defaultdict(list)
        for each in threads:
            self._found[each.subject, each.key].append(each.uid)

    def at_row(self, row: DocumentRow) -> Count:
        return self._count(self._found.get((row.kind_of_row, str(row.uid)), []))

    def at_panel(self, panel: str, questions: Iterable[str]) -> Count:
        """Of a panel, its rows and the `questions` in it together."""
        found = list(self._found.get((Subject.SECTION, CHAPTER_OF.get(panel, panel)), []))
        if panel == "facts":
            found += self._found.get((Subject.WHOLE, ""), [])
        for slug in questions:
            found += self._found.get((Subject.ANSWER, slug), [])
        if panel in ROW_KINDS:
            kind = ROW_KINDS[panel].model.kind_of_row
            for (subject, _), uids in self._found.items():
                found += uids if subject == kind else []
        return self._count(found)

    def _count(self, uids: list[UUID]) -> Count:
        return Count(len(uids), f"{self._page}#thread-{uids[0]}") if uids else Count()
