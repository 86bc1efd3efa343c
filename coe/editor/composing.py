"""The summary and what its fields say: a first draft, a refresh, and never a word written over."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import transaction

from coe.accounts.models import User
from coe.documents.guiding import rules_for
from coe.documents.locks import lock_for_content
from coe.documents.models import Document, Section, SectionSlug
from coe.documents.services import save_section
from coe.guidance.composer import Composition, compose
from coe.guidance.parts import LATER, Mark
from coe.history.queries import WRITTEN, events_of
from coe.incidents.models import Milestone
from coe.snapshots.build import build_snapshot
from coe.text.difference import Piece, difference
from coe.text.merge import merge
from coe.web.errors import StaleAnswer

if TYPE_CHECKING:
    from coe.editor.workspace import Workspace

THERE_IS_TEXT = "There is text in the summary by now, and it is never written over."
TYPED_SINCE = "You typed in the summary since this was offered. Save that first."
SAVED_SINCE = "Somebody saved the summary since you opened it. Look, then decide."
CHANGED_AGAIN = "The facts changed once more. Look at what would change now, then decide."
NOTHING_TO_SAY = "Nothing is written yet that a summary could be laid out from."


@dataclass(frozen=True)
class Draft:
    """A summary beside what its fields say now.

    `composed` is what was laid out when it was last taken over, empty where nothing was.
    """

    text: str
    composed: str
    now: Composition

    @property
    def is_untouched(self) -> bool:
        """Whether it is, to the letter, what was laid out."""
        return bool(self.text) and self.text == self.composed

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Its numbers that are those of a field, as long as nobody has touched it."""
        found = self.now.marks if self.is_untouched else ()
        return tuple(each for each in found if each.words in self.text)

    @cached_property
    def offer(self) -> str | None:
        """What it could say instead: the draft of today where it is empty or untouched, else what
        the facts changed since, put into what was typed. None where that is nothing, or where the
        two would get in each other's way."""
        now = self.now.text
        if not self.text.strip() or self.is_untouched:
            return now if now and now != self.text else None
        if not (self.composed and now):
            return None
        merged = merge(self.composed, self.text, now)
        return merged if merged != self.text else None

    @cached_property
    def news(self) -> tuple[Piece, ...]:
        """What the facts changed, word by word, in what was laid out, where that would get in the
        way of what was typed: there is no offer, and it is left to the author. Else empty."""
        now = self.now.text
        if not (self.composed and now and self.text.strip()) or self.composed == now:
            return ()
        is_in_the_way = merge(self.composed, self.text, now) is None
        return difference(self.composed, now) if is_in_the_way else ()

    @property
    def digest(self) -> str:
        """Names the offer: what is taken is what was shown."""
        return _digest(self.offer or "")

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What the offer would change in the text, word by word."""
        return difference(self.text, self.offer or self.text)


def draft_of(document: Document, section: Section) -> Draft:
    """The summary of `document` beside what is written elsewhere in it by now."""
    most = rules_for(document).summary_words
    return Draft(section.text, section.composed, compose(build_snapshot(document), most=most))


@transaction.atomic
def lay_out_summary(
    document: Document, *, typed: str, version: int, offered: str, by: User
) -> None:
    """Write what the fields say into the summary of `document`, recorded like every save.

    Over the text with `version`, which the person has on the screen as `typed`; `offered` is the
    digest of what they were shown (see `Draft`), empty for the first draft of an empty summary.
    Asking twice is once, unless anything was typed meanwhile. Raises `StaleAnswer` where anything
    was typed, saved or changed since, or there is nothing to say, and `ReadOnly` if the COE is
    approved; then nothing is written.
    """
    lock_for_content(document)
    sections = Section.objects.select_for_update(of=("self",), no_key=True)
    section = sections.get(document=document, slug=SectionSlug.SUMMARY)
    if section.version == version + 1 and _is_done(section, typed, offered):
        return
    draft = draft_of(document, section)
    text = _offered(draft, section.version == version, typed, offered)
    save_section(section, version=version, text=text, by=by)
    Section.objects.filter(pk=section.pk).update(composed=draft.now.text)


def _is_done(section: Section, typed: str, offered: str) -> bool:
    """Whether the last save of the summary wrote what is asked for, over what is on the screen."""
    if not offered:
        return section.text == section.composed != "" and not typed.strip()
    return offered == _digest(section.text) and not is_typed(section, typed, section.version - 1)


def is_typed(section: Section, typed: str, version: int) -> bool:
    """Whether anybody typed what is on a screen that shows `version`, one that was written over.

    An empty screen is nobody's words. Where the text of then was removed from the history, what
    there is counts as typed.
    """
    events = events_of(section.document_id, "section", section.slug)
    over = events.filter(action__in=WRITTEN, version=version + 1).select_related("text").last()
    content = over.text.content if over else None
    return typed.strip() not in ("", content["before"]["text"].strip() if content else "")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _offered(draft: Draft, is_current: bool, typed: str, offered: str) -> str:
    """What may be written; raises `StaleAnswer` where nothing may."""
    if not offered and (typed.strip() or draft.text.strip()):
        raise StaleAnswer(THERE_IS_TEXT)
    if not is_current:
        raise StaleAnswer(SAVED_SINCE)
    if typed.strip() != draft.text.strip():
        raise StaleAnswer(TYPED_SINCE)
    if draft.offer is None:
        raise StaleAnswer(CHANGED_AGAIN if offered else NOTHING_TO_SAY)
    if offered and offered != draft.digest:
        raise StaleAnswer(CHANGED_AGAIN)
    return draft.offer


@dataclass
class Composing:
    """What the summary panel of a workspace offers.

    Composing reads the whole COE, so it is done only where it `is_asked`, beside the page.
    """

    workspace: "Workspace"
    is_asked: bool = False

    @property
    def section(self) -> Section:
        return self.workspace.sections[SectionSlug.SUMMARY.value]

    @property
    def follows(self) -> bool:
        """Whether what it shows can change with what is saved elsewhere."""
        is_concerned = bool(self.section.composed) or not self.section.text
        return self.workspace.is_editable and is_concerned

    @property
    def is_laid_out(self) -> bool:
        """Whether there is a text that began with what was laid out."""
        return self.follows and bool(self.section.text)

    @property
    def may_lay_out(self) -> bool:
        """Whether the summary is empty, and there is something to lay out."""
        return self.follows and not self.section.text and is_told(self.workspace)

    @cached_property
    def draft(self) -> Draft | None:
        wanted = self.is_asked and self.is_laid_out
        return draft_of(self.workspace.document, self.section) if wanted else None


def is_told(workspace: "Workspace") -> bool:
    """Whether there is more than the title: what a summary could be laid out from."""
    return bool(
        workspace.sections["impact"].text
        or workspace.recorded_milestones.keys() & {Milestone.Kind.IMPACT_STARTED.value, *LATER}
        or workspace.causes
        or workspace.actions
        or any(each.amount is not None for each in workspace.figures)
    )
