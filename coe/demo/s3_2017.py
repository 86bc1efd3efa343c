"""The exemplary COE has two versions: the first was published, found wanting, and corrected.

The second is the fixture. What the first said instead stands here, and nowhere else.
"""

from dataclasses import replace

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.actions.services import save_action
from coe.demo.lives import PUBLISHED, live_until
from coe.documents.contents import Lesson
from coe.documents.models import Document, Section, SectionSlug, State
from coe.documents.rows import add_row
from coe.documents.services import save_section
from coe.reviews.workflow import make_transition
from coe.snapshots.snapshot import SectionValue, Snapshot

NAME = "s3_2017"
PRECISE = (
    "For the first two hours, until 11:37, the status dashboard could not show the state of any "
    "single service, because the console that sets it needed the service that was down; its "
    "banner and a social network carried the news instead."
)
VAGUE = (
    "For about two hours customers could not learn it from the status dashboard either, whose "
    "console needed the service that was down."
)
SHARPENED = "Split the index subsystem into cells that restart on their own"
UNBOUNDED = "The largest cell restarts completely in a drill, quickly enough."
NOTE = "States how long the dashboard was blind, and by what the split index is measured."


def first_version(snapshot: Snapshot) -> Snapshot:
    """What the first version said: without the last lesson, a fact left vague, and a correction
    of which nobody could tell when it is done."""
    sections = (
        SectionValue(each.slug, each.text.replace(PRECISE, VAGUE)) for each in snapshot.sections
    )
    actions = (
        replace(each, done_when=UNBOUNDED) if each.title == SHARPENED else each
        for each in snapshot.actions
    )
    return replace(
        snapshot,
        sections=tuple(sections),
        actions=tuple(actions),
        lessons=snapshot.lessons[:-1],
    )


def correct(document: Document, snapshot: Snapshot) -> None:
    """Reopen the first version, make the text that of `snapshot`, and publish it as the second."""
    owner = document.owner
    make_transition(document, to=State.DRAFT, by=owner)
    _make_precise(document, snapshot, by=owner)
    _sharpen(document, snapshot, by=owner)
    lesson = snapshot.lessons[-1]
    values = {"kind": lesson.kind, "text": lesson.text}
    add_row(Lesson, document=document, uid=lesson.uid, values=values, by=owner)
    live_until(PUBLISHED, document, note=NOTE)


def _make_precise(document: Document, snapshot: Snapshot, *, by: User) -> None:
    summary = Section.objects.get(document=document, slug=SectionSlug.SUMMARY)
    text = snapshot.section(SectionSlug.SUMMARY)
    save_section(summary, version=summary.version, text=text, by=by)


def _sharpen(document: Document, snapshot: Snapshot, *, by: User) -> None:
    (sharp,) = (each for each in snapshot.actions if each.title == SHARPENED)
    item = ActionItem.objects.get(document=document, uid=sharp.uid)
    values = {**item.content(), "done_when": sharp.done_when}
    save_action(item, version=item.version, values=values, by=by)
