"""What can be spoken about: the whole COE, a chapter, an answer, a row; and the words that stand
there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from textwrap import shorten
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Field

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.discussion.models import Subject, Thread
from coe.documents.contents import Answer, ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, DocumentRow, Section
from coe.documents.rows import save_row
from coe.documents.services import AnswerChange, save_answers, save_section
from coe.text.plain import MAX_TEXT, storable_line, storable_text
from coe.timeline.models import Entry
from coe.whys.models import Cause, Safeguard

CHAPTERS = {
    "summary": "Summary",
    "impact": "Impact",
    "metrics": "Metrics",
    "timeline": "Timeline",
    "questions": "Incident questions",
    "safeguards": "Safeguards",
    "causes": "Causes",
    "lessons": "Lessons",
    "actions": "Action items",
    "related": "Related items",
    "people": "People",
}
"""The chapters of the page that is read; the first three are texts of their own."""
ROWS: dict[str, tuple[type[DocumentRow], tuple[str, ...]]] = {
    Subject.ENTRY: (Entry, ("text",)),
    Subject.FIGURE: (ImpactFigure, ("what", "basis")),
    Subject.SAFEGUARD: (Safeguard, ("name", "why")),
    Subject.CAUSE: (Cause, ("text", "risk_reason")),
    Subject.LESSON: (Lesson, ("text",)),
    Subject.ACTION: (ActionItem, ("title", "done_when")),
    Subject.RELATED: (RelatedItem, ("title", "note")),
}
"""By subject: the rows, and their fields with words that can be quoted."""
MARKDOWN = (Subject.SECTION, Subject.ANSWER, Subject.ENTRY, Subject.LESSON)
"""Whose words are read as Markdown, on the page of the COE as well."""
IN_SHORT = 60
SEPARATOR = ":"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a COE by its name; that there is something is not said."""

    subject: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.subject}{SEPARATOR}{self.key}" if self.key else self.subject

    @property
    def anchor(self) -> str:
        """The id of what is said about it, on the page that is read."""
        return f"talk-{self.subject}-{self.key}" if self.key else f"talk-{self.subject}"

    @property
    def kind(self) -> str:
        """What it is in a word, without any of its own."""
        return CHAPTERS.get(self.key) or str(Subject(self.subject).label)


WHOLE = Place(Subject.WHOLE)


def place_named(name: str) -> Place:
    """The place that `str` of it names; raises `ValueError` where there can be none."""
    subject, _, key = name.partition(SEPARATOR)
    if subject in ROWS:
        key = str(UUID(key))
    elif subject == Subject.SECTION and key not in CHAPTERS:
        raise ValueError(f"There is no chapter {key}.")
    elif subject == Subject.WHOLE and key:
        raise ValueError("The whole has no parts here.")
    return Place(Subject(subject).value, key)


def place_of(thread: Thread) -> Place:
    return Place(thread.subject, thread.key)


@dataclass(frozen=True, slots=True)
class Held:
    """What stands at a place now: what it is called, and its words by field.

    `row` is what the words are saved in, None for what has none; `is_there` is false where the
    row was removed.
    """

    place: Place
    called: str
    texts: Mapping[str, str]
    row: Section | Answer | DocumentRow | None = None
    is_there: bool = True

    @property
    def is_markdown(self) -> bool:
        return self.place.subject in MARKDOWN


def held_at(document: Document, place: Place) -> Held:
    """What stands at one place of the working copy now."""
    return all_held(document, {place})[place]


def all_held(document: Document, places: Collection[Place]) -> dict[Place, Held]:
    """What stands at `places` now, in at most one query for each kind of place."""
    keys: dict[str, list[str]] = {}
    for place in places:
        keys.setdefault(place.subject, []).append(place.key)
    found: dict[Place, Held] = {}
    for subject, wanted in keys.items():
        if subject == Subject.SECTION:
            found |= _sections(document, wanted)
        elif subject == Subject.ANSWER:
            found |= _answers(document, wanted)
        elif subject in ROWS:
            found |= _rows(document, subject, wanted)
    found |= {place: Held(WHOLE, Subject.WHOLE.label, {}) for place in places if place == WHOLE}
    return {place: found.get(place) or _removed(place) for place in places}


def _sections(document: Document, slugs: Collection[str]) -> dict[Place, Held]:
    written = {each.slug: each for each in document.sections.filter(slug__in=slugs)}
    found = {}
    for slug in slugs:
        section = written.get(slug)
        texts = {"text": section.text} if section else {}
        place = Place(Subject.SECTION, slug)
        found[place] = Held(place, CHAPTERS.get(slug, slug), texts, section)
    return found


def _answers(document: Document, slugs: Collection[str]) -> dict[Place, Held]:
    answers = Answer.objects.filter(document=document, question__slug__in=slugs)
    return {
        (place := Place(Subject.ANSWER, each.question.slug)): Held(
            place, each.question.text, {"text": each.text}, each
        )
        for each in answers.select_related("question")
    }


def _rows(document: Document, subject: str, uids: Collection[str]) -> dict[Place, Held]:
    kind, names = ROWS[subject]
    rows = kind._default_manager.filter(document=document, uid__in=uids)
    found = {}
    for row in rows:
        place = Place(subject, str(row.uid))
        texts = {name: getattr(row, name) for name in names}
        found[place] = Held(place, _called(subject, texts[names[0]]), texts, row)
    return found


def _called(subject: str, words: str) -> str:
    short = shorten(words, IN_SHORT, placeholder="…")
    return f"{Subject(subject).label} “{short}”"


def _removed(place: Place) -> Held:
    return Held(place, f"{place.kind}, which was removed", {}, is_there=False)


def storable(held: Held, field: str, text: str) -> str:
    """`text` as the field takes it; raises `ValidationError` with a sentence where it does not."""
    if held.row is None:
        raise ValidationError("There are no words here that could be replaced.")
    column = held.row._meta.get_field(field)
    assert isinstance(column, Field)
    take = storable_line if column.max_length else storable_text
    text = take(text, max_length=column.max_length or MAX_TEXT)
    if not text and (not column.blank or field == "risk_reason"):
        raise ValidationError("Then nothing would stand here. Say what should stand instead.")
    return text


def write(held: Held, field: str, text: str, *, by: User) -> None:
    """Save `text` in the field over what was read of it, through the services people write with.

    Raises `Conflict` if somebody saved it since, `ReadOnly` if the COE is approved.
    """
    row = held.row
    assert row is not None
    if isinstance(row, Section):
        save_section(row, version=row.version, text=text, by=by)
    elif isinstance(row, Answer):
        change = AnswerChange(row, row.version, text)
        save_answers(row.document, changes=[change], by=by)
    else:
        save_row(row, version=row.version, values={field: text}, by=by)
