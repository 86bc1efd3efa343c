"""What another version of the guide would say of a COE that is there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from coe.accounts.models import User
from coe.documents.models import Document
from coe.guidance.findings import Finding
from coe.guidance.queries import earlier_actions
from coe.guidance.registry import check
from coe.policies.models import Guide, Question
from coe.policies.rules import Level
from coe.policies.scope import Situation
from coe.publishing.printables import printable_for
from coe.publishing.queries import asked_as_read
from coe.snapshots.snapshot import AnswerValue, Snapshot


@dataclass(frozen=True, slots=True)
class Compared:
    """A finding, and its level under the one and the other guide: None where it is not found."""

    finding: Finding
    now: Level | None
    then: Level | None

    @property
    def is_same(self) -> bool:
        return self.now == self.then


@dataclass(frozen=True, slots=True)
class Preview:
    """A COE under the guide that it keeps and under another version.

    `changed` are the findings that come, go or weigh otherwise, `same` the others; `added` and
    `dropped` the questions that it would be asked and would not be asked any more. What is
    answered is never dropped.
    """

    reference: str
    title: str
    pinned: int
    changed: tuple[Compared, ...]
    same: tuple[Compared, ...]
    asked: tuple[AnswerValue, ...]
    added: tuple[AnswerValue, ...]
    dropped: tuple[AnswerValue, ...]


def preview(document: Document, guide: Guide, *, reader: User) -> Preview:
    """`document` as `reader` may read it: the publication, else the working copy.

    Raises `Http404` where they may read nothing of it.
    """
    whole = printable_for(reader, document.reference)
    as_of = whole.envelope.published_at or whole.as_of
    earlier = earlier_actions(document, whole.snapshot)
    pinned = asked_as_read(document, whole.snapshot, guide=document.guide_id)
    other = asked_as_read(document, whole.snapshot, guide=guide.pk)
    laid = ask_again(whole.snapshot, guide.questions.all(), other.situation)
    weighed = weigh(
        check(whole.snapshot, pinned.rules, as_of, earlier),
        check(laid, other.rules, as_of, earlier),
    )
    before = {each.slug for each in whole.snapshot.answers}
    after = {each.slug for each in laid.answers}
    return Preview(
        reference=document.reference,
        title=whole.snapshot.title,
        pinned=document.guide.version,
        changed=tuple(each for each in weighed if not each.is_same),
        same=tuple(each for each in weighed if each.is_same),
        asked=laid.answers,
        added=tuple(each for each in laid.answers if each.slug not in before),
        dropped=tuple(each for each in whole.snapshot.answers if each.slug not in after),
    )


def ask_again(snapshot: Snapshot, questions: Iterable[Question], situation: Situation) -> Snapshot:
    """`snapshot` with the questions that are asked in `situation`, and its own answers to them.

    What is answered stays, where it was, also where it is not asked.
    """
    told = {each.slug: each for each in snapshot.answers if each.text.strip()}
    asked = [
        AnswerValue(
            part=each.part,
            slug=each.slug,
            question=each.text,
            text=told[each.slug].text if each.slug in told else "",
        )
        for each in questions
        if each.audience.holds(situation) or each.slug in told
    ]
    known = {each.slug for each in asked}
    left = (each for slug, each in told.items() if slug not in known)
    return replace(snapshot, answers=(*asked, *left))


def weigh(now: Iterable[Finding], then: Iterable[Finding]) -> list[Compared]:
    """Each finding once, those under the guide of today first.

    One of the same check at the same place is the same also where its sentence is another (it may
    name a limit, or count the questions), under the sentence of the other guide.
    """
    before, left = list(now), list(then)
    pairs: dict[int, Finding] = {}
    for same in (_whole, _row, _panel):
        for number, each in enumerate(before):
            alike = (other for other in left if same(other) == same(each))
            if number not in pairs and (other := next(alike, None)):
                pairs[number] = other
                left.remove(other)
    found = ((each, pairs.get(number)) for number, each in enumerate(before))
    weighed = [
        Compared(other or each, each.level, other.level if other else None) for each, other in found
    ]
    return [*weighed, *(Compared(each, None, each.level) for each in left)]


def _whole(finding: Finding) -> object:
    return finding.check, finding.place, finding.sentence


def _row(finding: Finding) -> object:
    return finding.check, finding.place


def _panel(finding: Finding) -> object:
    """What asks questions counts them in a sentence that names the first, so its row differs."""
    place = finding.place
    row = "" if place.panel.startswith("questions-") else place.row
    return finding.check, place.panel, row
