"""What others changed in a COE since a page of it was made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max, OuterRef, Q, Subquery
from django.utils.timezone import now

from coe.accounts.models import User
from coe.documents.models import Document, Form
from coe.editor.panels import PANELS, QUESTIONS, ROW_KINDS, title_of
from coe.editor.presence import name_some
from coe.history.models import Action, HistoryEvent
from coe.policies.models import Question

SETTLED_AFTER = timedelta(seconds=60)
"""No save takes that long: an event that is older is seen by everybody, or never will be."""
MOST_NUMBERS = 5000
LONGEST_NUMBER = 18
"""Digits: any number of that length fits a column for keys."""

Row = dict[str, Any]
"""One event as it is read for the news."""

PANEL_OF_SUBJECT = {
    "milestone": "milestones",
    "participant": "people",
    **{kind.model.kind_of_row: kind.panel for kind in ROW_KINDS.values()},
}
CONTENT = {Action.ADDED, Action.CHANGED, Action.MOVED, Action.REMOVED}
TURNS = {
    Action.SUBMITTED: "submitted this COE for review",
    Action.WITHDRAWN: "took this COE back from review",
    Action.CHANGES_REQUESTED: "asked for changes",
    Action.APPROVED: "approved this COE",
    Action.REOPENED: "reopened this COE",
    Action.PUBLISHED: "published this COE",
    Action.RETRACTED: "retracted what was published of this COE",
    Action.HANDED_OVER: "handed this COE over",
    Action.SIGNED: "signed this COE",
    Action.SIGNATURES_DROPPED: "changed what was signed, so the signatures fell",
}
"""What changes the whole page, in words."""
GROWN = "made this a full COE"


@dataclass(frozen=True, slots=True)
class Known:
    """The events of a COE that a page knows: all up to `settled`, and those in `recent`.

    Events are numbered before they are committed, so that one may be seen before another with a
    smaller number. A page that kept the newest number alone would never hear of the other.
    """

    settled: int = 0
    recent: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return ".".join(str(number) for number in (self.settled, *sorted(self.recent)))

    def __contains__(self, event: int) -> bool:
        return event <= self.settled or event in self.recent


def read_known(text: str) -> Known | None:
    """What `str` of a `Known` says; None for anything else."""
    words = text.split(".", MOST_NUMBERS)
    if not all(_is_number(word) for word in words):
        return None
    settled, *recent = map(int, words)
    return Known(settled, frozenset(recent))


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) <= LONGEST_NUMBER


def known_now(document: Document) -> Known:
    """What a page knows that is made after this was asked."""
    edge = now() - SETTLED_AFTER
    found = HistoryEvent.objects.filter(document=document).aggregate(
        settled=Max("pk", filter=Q(at__lte=edge)),
        recent=ArrayAgg("pk", filter=Q(at__gt=edge), default=[]),
    )
    return Known(found["settled"] or 0, frozenset(found["recent"]))


@dataclass(frozen=True, slots=True)
class News:
    """What others did last to one panel, or to the whole COE where `panel` is empty.

    `who` names them, the last one first; `at` (UTC) is when it was, `age` that many seconds ago.
    """

    panel: str
    who: str
    did: str
    at: datetime
    age: int


def news_since(known: Known, document: Document, *, asker: User) -> tuple[list[News], Known]:
    """What others did that is not `known`, and what is known after that; in one statement.

    What `asker` did is no news to them, in whichever tab they did it.
    """
    part = Question.objects.filter(guide=document.guide_id, slug=OuterRef("subject_key"))
    events = HistoryEvent.objects.filter(document=document, pk__gt=known.settled).order_by("pk")
    rows = events.annotate(part=Subquery(part.values("part"))).values(
        *("pk", "at", "actor_id", "actor__name", "action", "subject", "subject_key", "part"),
        "text__content__after__form",
    )
    found = list(rows)
    unknown = [row for row in found if row["pk"] not in known and row["actor_id"] != asker.pk]
    return _told(unknown), _known_after(known, found)


def _known_after(known: Known, rows: Sequence[Row]) -> Known:
    edge = now() - SETTLED_AFTER
    settled = [row["pk"] for row in rows if row["at"] <= edge]
    recent = (row["pk"] for row in rows if row["at"] > edge)
    return Known(max(settled, default=known.settled), frozenset(recent))


def _told(rows: Iterable[Row]) -> list[News]:
    """One piece of news for each panel, in the order of what was done last."""
    by_panel: dict[str, list[tuple[str, Row]]] = {}
    for row in rows:
        if place := _place_of(row):
            panel, did = place
            by_panel[panel] = [*by_panel.pop(panel, []), (did, row)]
    return [_told_of(panel, events) for panel, events in by_panel.items()]


def _told_of(panel: str, events: Sequence[tuple[str, Row]]) -> News:
    """The last of these events; what others did to the panel before is theirs as well."""
    did, last = events[-1]
    actors = [row["actor__name"] for _, row in reversed(events)] if panel else [last["actor__name"]]
    age = max(now() - last["at"], timedelta())
    return News(panel, name_some(dict.fromkeys(actors)), did, last["at"], int(age.total_seconds()))


def _place_of(row: Row) -> tuple[str, str] | None:
    """The panel that shows it and what was done there; no panel for a turn of the whole COE.

    None where no page shows it: a text that was kept aside, a redaction, an import.
    """
    subject, action, key = row["subject"], row["action"], row["subject_key"]
    if subject == "document" and action in TURNS:
        return "", TURNS[action]
    if subject == "document" and row["text__content__after__form"] == Form.FULL:
        return "", GROWN
    if action not in CONTENT:
        return None
    panels = {"document": "facts", "section": key, "answer": f"{QUESTIONS}{row['part']}"}
    panel = panels.get(subject) or PANEL_OF_SUBJECT.get(subject, "")
    return (panel, f"changed {title_of(panel)}") if panel in PANELS else None
