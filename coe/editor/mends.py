"""What mends a finding: a form that is opened with what is known, or words that are put right.

What needs words of the author opens the form for them, which saves as it always does. Only where
nothing is left to say, a number of the summary, the mend writes by itself, as an ordinary save.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.timezone import now

from coe.accounts.models import User
from coe.actions.forms import ActionForm
from coe.actions.models import ActionItem
from coe.documents.guiding import rules_for
from coe.documents.models import Document, Form, Section, SectionSlug
from coe.documents.services import save_section
from coe.guidance.case import Case
from coe.guidance.findings import Finding, Mend
from coe.guidance.reading import examine_snapshot
from coe.guidance.registry import BY_ID
from coe.guidance.services import FindingGone
from coe.guidance.ways import Way
from coe.snapshots.build import build_snapshot
from coe.snapshots.snapshot import SectionValue, Snapshot
from coe.text.instants import Instant, Precision, format_instant
from coe.timeline.forms import EntryForm
from coe.web.errors import StaleAnswer
from coe.whys.models import Cause

CORRECTIONS = frozenset({"copy_time", "copy_duration", "copy_figure"})
"""The mends that put other words into the summary."""


class NotFoundInWords(StaleAnswer):
    """The words stand in the summary in another form than the check reads them."""

    def __init__(self, old: str) -> None:
        super().__init__(f"“{old}” could not be replaced by itself. Write it in the summary.")


def opening_of(mend: Mend, snapshot: Snapshot) -> Way | None:
    """The form that `mend` opens; None where it writes by itself, or there is no room for more."""
    make = OPENINGS.get(mend.name)
    return make(dict(mend.data), snapshot) if make else None


def _ask_why(data: Mapping[str, str], snapshot: Snapshot) -> Way | None:
    if _is_full(snapshot, len(snapshot.causes), Cause.most_in_light):
        return None
    under = data.get("answers") or data["effect"]
    return Way("causes", "new-cause-text", (("add", "causes"), ("under", under)))


def _make_action(data: Mapping[str, str], snapshot: Snapshot) -> Way | None:
    if _is_full(snapshot, len(snapshot.actions), ActionItem.most_in_light):
        return None
    if cause := data.get("cause"):
        return Way("causes", f"answer-{cause}-title", (("answer", cause),))
    opened = (("add", "actions"), ("kind", data["kind"]))
    return Way("actions", ActionForm.first_of_new(), opened)


def _is_full(snapshot: Snapshot, count: int, most: int | None) -> bool:
    return snapshot.form == Form.LIGHT and most is not None and count >= most


def _add_entry(data: Mapping[str, str], snapshot: Snapshot) -> Way:
    return _entry(("milestone", data["milestone"]))


def _explain_gap(data: Mapping[str, str], snapshot: Snapshot) -> Way:
    at, end = (datetime.fromisoformat(data[name]) for name in ("at", "end"))
    exact = Precision.SECOND if at.second or end.second else Precision.MINUTE
    span = format_instant(Instant(at, exact, end), ZoneInfo(snapshot.zone))
    return _entry(("line", f"{span} "))


def _entry(preset: tuple[str, str]) -> Way:
    return Way("timeline", EntryForm.first_of_new(), (("add", "timeline"), preset))


OPENINGS: dict[str, Callable[[Mapping[str, str], Snapshot], Way | None]] = {
    "ask_why": _ask_why,
    "make_action": _make_action,
    "add_entry": _add_entry,
    "explain_gap": _explain_gap,
}
"""The mends that open a form."""


@transaction.atomic
def correct_summary(document: Document, *, key: str, by: User) -> None:
    """Put the words right that the finding with `key` names, in the summary as it is now.

    Raises `FindingGone` where no such finding stands, `NotFoundInWords` where its words cannot be
    replaced, and what `save_section` raises.
    """
    section = Section.objects.get(document=document, slug=SectionSlug.SUMMARY)
    snapshot = build_snapshot(document)
    found = examine_snapshot(document, snapshot).open
    finding = next((each for each in found if each.key == key), None)
    if finding is None or finding.mend is None or finding.mend.name not in CORRECTIONS:
        raise FindingGone
    text = _corrected(Case(snapshot, rules_for(document), now()), finding, finding.mend)
    save_section(section, version=section.version, text=text, by=by)


def _corrected(case: Case, finding: Finding, mend: Mend) -> str:
    """The summary with the words replaced in the one place that makes the check find less.

    The same words may be right elsewhere in it.
    """
    looks = BY_ID[finding.check]
    data = dict(mend.data)
    before = sum(1 for _ in looks.findings(case))
    for text in _replaced(case.snapshot.section(SectionSlug.SUMMARY), data["old"], data["new"]):
        tried = Case(_with_summary(case.snapshot, text), case.rules, case.as_of)
        if sum(1 for _ in looks.findings(tried)) < before:
            return text
    raise NotFoundInWords(data["old"])


def _replaced(text: str, old: str, new: str) -> Iterator[str]:
    """`text` with `new` in one place of `old` each, whatever white space stands between words."""
    for match in re.finditer(r"\s+".join(map(re.escape, old.split())), text):
        yield f"{text[: match.start()]}{new}{text[match.end() :]}"


def _with_summary(snapshot: Snapshot, text: str) -> Snapshot:
    sections = tuple(
        SectionValue(each.slug, text if each.slug == SectionSlug.SUMMARY else each.text)
        for each in snapshot.sections
    )
    return replace(snapshot, sections=sections)
