"""Checks of the timeline: from before detection to back to normal, without holes, with proof."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from coe.documents.contents import RelatedItem
from coe.documents.models import SectionSlug
from coe.guidance.case import Case
from coe.guidance.facts import ends
from coe.guidance.findings import Found, Mend, Place, check, row
from coe.guidance.milestones import DETECTED, START
from coe.guidance.prose import plain
from coe.guidance.summary import AWS, NEAR_MISS, SRE
from coe.incidents.models import Milestone
from coe.policies.rules import Level
from coe.snapshots.snapshot import EntryValue, Person
from coe.text.durations import describe_duration
from coe.text.instants import machine_instant
from coe.timeline.models import Entry

TIMELINE = Place("timeline")
LONGEST_SHARE = 10
"""A gap has to be at least this part (one tenth) of the response before it is a hole in a story
that lasted a day."""
MOST_GAPS = 3
"""The longest are told; who fills those looks at the others too."""
ENDS = (Milestone.Kind.RESOLVED, Milestone.Kind.MITIGATED)
ABOUT = timedelta(minutes=10)


@check(
    "COE141",
    Level.REASON,
    title="The timeline has a beginning, a middle and an end",
    why="The causes are read out of the timeline. What is not in it cannot be asked about.",
    source=AWS,
    before="One entry: “14:02 Payments fail.”",
    after="The change, the first failure, who noticed it, what was tried, what helped.",
    in_light=False,
)
def timeline_short(case: Case) -> Iterator[Found]:
    there, fewest = len(case.entries), case.rules.fewest_entries
    if there < fewest:
        entries = {0: "no entries", 1: "one entry"}.get(there, f"{there} entries")
        yield Found(TIMELINE, f"The timeline has {entries}; a story has at least {fewest}.")


@check(
    "COE142",
    Level.REASON,
    title="The timeline begins before detection",
    why="What happened before anybody noticed holds the trigger, and the time that was lost.",
    source=AWS,
    before="The first entry is the alarm at 14:21.",
    after="The first entry is the deployment at 13:58.",
    in_light=False,
    heaviest=Level.REASON,
)
def begins_late(case: Case) -> Iterator[Found]:
    detected, start = case.instants.get(DETECTED), case.instants.get(START)
    if not case.entries or not detected or (start and start.at == detected.at):
        return
    first = case.entries[0]
    if first.instant.at >= detected.at:
        yield Found(
            row("timeline", first.uid),
            f"The first entry, at {case.clock(first.instant.at)}, is not before detection. What "
            "set it off?",
        )


@check(
    "COE143",
    Level.REASON,
    title="The timeline ends at normal",
    why="A story that ends at the mitigation leaves open whether, and how, anybody made sure.",
    source=AWS,
    before="The last entry is the rollback at 15:10; resolved at 15:54.",
    after="The last entry, at 15:54, says how it was seen that all was normal.",
    in_light=False,
)
def ends_early(case: Case) -> Iterator[Found]:
    kind = next((each for each in ENDS if each in case.instants), "")
    if not case.entries or not kind:
        return
    normal = case.instants[kind].at
    last = max(at for each in case.entries for at in ends(each.instant))
    if last < normal:
        label = Milestone.Kind(kind).label.lower()
        yield Found(
            TIMELINE,
            f"The last entry is at {case.clock(last)}, and it was {label} at "
            f"{case.clock(normal)}. What happened then?",
            _entry_at(kind),
        )


def _entry_at(kind: str) -> Mend:
    label = Milestone.Kind(kind).label.lower()
    return Mend("add_entry", f"Add an entry at “{label}”", (("milestone", kind),))


@check(
    "COE144",
    Level.HINT,
    title="Gaps in the response are explained",
    why="Where nothing is written for long, something was waited for: that is where time is won.",
    source=f"{AWS}, which asks for it above 10 to 15 minutes",
    before="14:21 alarm · 15:10 rollback",
    after="14:21 alarm · 14:25–15:05 waiting for access to the database · 15:10 rollback",
    in_light=False,
)
def gaps(case: Case) -> Iterator[Found]:
    begun = case.instants.get(DETECTED) or case.instants.get(START)
    if begun is None or case.ended_at is None or not case.entries:
        return
    response = case.ended_at - begun.at
    longest = max(timedelta(minutes=case.rules.gap_minutes), response / LONGEST_SHARE)
    holes, covered = [], begun.at
    for at, end in sorted(_known(case)):
        if at - covered > longest and at <= case.ended_at:
            holes.append((covered, at))
        covered = max(covered, end)
    kept = sorted(holes, key=lambda hole: hole[0] - hole[1])[:MOST_GAPS]
    for hole in sorted(kept):
        yield _gap(case, *hole)


def _known(case: Case) -> Iterator[tuple[datetime, datetime]]:
    """When something is known to have happened: from, to."""
    for instant in (*(each.instant for each in case.entries), *case.instants.values()):
        yield instant.at, instant.end or instant.at


def _gap(case: Case, start: datetime, end: datetime) -> Found:
    length = describe_duration(int((end - start).total_seconds()))
    data = (("at", machine_instant(start)), ("end", machine_instant(end)))
    after = next((each for each in case.entries if each.instant.at == end), None)
    return Found(
        row("timeline", after.uid) if after else TIMELINE,
        f"Nothing is written for {length}, from {case.clock(start)} to {case.clock(end)}. What "
        "was waited for, or tried?",
        Mend("explain_gap", f"Add an entry from {case.clock(start)}", data),
    )


@check(
    "COE145",
    Level.HINT,
    title="There is an entry at each milestone",
    why="A milestone is a time without a story. The entry says how it was known.",
    source=AWS,
    before="Detected 14:21; the timeline has nothing then.",
    after="14:21 The alarm for failed payments pages the person on call.",
    in_light=False,
)
def milestones_without_entry(case: Case) -> Iterator[Found]:
    if not case.entries:
        return
    for kind, instant in case.instants.items():
        allowed = ABOUT if instant.is_about else timedelta()
        if not any(_covers(each, instant.at, allowed) for each in case.entries):
            label = Milestone.Kind(kind).label
            said = f"“{label}” is recorded at {case.clock(instant.at)}, where no entry stands."
            yield Found(Place("milestones", kind), said, _entry_at(kind))


def _covers(entry: EntryValue, at: datetime, allowed: timedelta) -> bool:
    instant = entry.instant
    more = allowed or (ABOUT if instant.is_about else timedelta())
    return instant.at - more <= at <= (instant.end or instant.at) + more


@check(
    "COE146",
    Level.HINT,
    title="What proves the impact has a link",
    why="A reader who doubts can look, and in a year the graph is the only witness.",
    source=SRE,
    before="14:02 Payments begin to fail.",
    after="14:02 Payments begin to fail. (with a link to the graph of that hour)",
    in_light=False,
    heaviest=Level.REASON,
)
def evidence_missing(case: Case) -> Iterator[Found]:
    shown = [each for each in case.entries if _proves(each)]
    is_linked = any(each.evidence or "://" in each.text for each in shown)
    if case.snapshot.severity == NEAR_MISS or not shown or is_linked or _has_graph(case):
        return
    clock = case.clock(shown[0].instant.at)
    yield Found(
        row("timeline", shown[0].uid, "evidence"),
        f"No link shows the impact. Add one to the entry at {clock}, to a graph or a log.",
    )


def _proves(entry: EntryValue) -> bool:
    """Whether the entry says that impact was there, or was over."""
    return entry.milestone in (START, *ENDS) or entry.kind == Entry.Kind.IMPACT


def _has_graph(case: Case) -> bool:
    metrics = RelatedItem.Kind.METRIC
    has_link = any(each.kind == metrics and each.url for each in case.snapshot.related)
    return has_link or "://" in case.snapshot.section(SectionSlug.METRICS)


@check(
    "COE147",
    Level.HINT,
    title="The story names roles, not people",
    why="Names turn a story of a system into one of people, and readers into judges.",
    source="Google, “Site Reliability Engineering”, chapter 15: “keep it blameless”",
    before="14:05 Kim Colleague deployed the wrong version.",
    after="14:05 The engineer on call deployed version 214, as the runbook said.",
)
def people_named(case: Case) -> Iterator[Found]:
    names = sorted({person.name for person in _people(case) if " " in person.name.strip()})
    told = [("timeline", each.uid, each.text, _entry_called(case, each)) for each in case.entries]
    told += [
        ("causes", each.uid, each.text, case.numbers[each.uid]) for each in case.snapshot.causes
    ]
    for panel, uid, text, called in told:
        for name in names:
            if name in text and _holds(text, name):
                said = f"{called} names {name}. Name the role."
                yield Found(row(panel, uid, "text"), said, about=name)


def _entry_called(case: Case, entry: EntryValue) -> str:
    return f"The entry at {case.clock(entry.instant.at)}"


def _people(case: Case) -> Iterator[Person]:
    snapshot = case.snapshot
    yield from (snapshot.owner, *snapshot.contributors)
    yield from (each.owner for each in snapshot.actions if each.owner)
    yield from (each.risk_approver for each in snapshot.causes if each.risk_approver)


def _holds(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", plain(text)) is not None
