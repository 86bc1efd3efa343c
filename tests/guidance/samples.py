"""A sound COE, in which no check finds anything, and what makes it unsound."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from coe.guidance.case import Case
from coe.guidance.findings import Finding
from coe.guidance.recurrence import EarlierAction
from coe.guidance.registry import CHECKS, check
from coe.policies.default_guide import QUESTIONS
from coe.policies.rules import DEFAULT_RULES, GuideRules
from coe.snapshots.snapshot import (
    ActionValue,
    AnswerValue,
    CauseValue,
    EntryValue,
    FigureValue,
    LessonValue,
    MilestoneValue,
    Person,
    SafeguardValue,
    SectionValue,
    Snapshot,
)
from coe.text.instants import Instant, Precision

OWNER, PEER = Person("Robin Owner", "Payments"), Person("Kim Peer", "Payments")
MANAGER = Person("Sam Manager", "Leadership")
AS_OF = datetime(2025, 3, 10, 9, 0, tzinfo=UTC)
"""A Monday, a week after the incident."""
GRAPH = "https://graphs.example.com/payments"


def uid(number: int) -> UUID:
    return UUID(int=number)


def at(clock: str, day: int = 3, precision: Precision = Precision.MINUTE) -> Instant:
    """A moment, or with "14:25-15:05" a span, of March 2025 in UTC."""
    moments = []
    for part in clock.split("-"):
        hour, minute = map(int, part.split(":"))
        moments.append(datetime(2025, 3, day, hour, minute, tzinfo=UTC))
    return Instant(moments[0], precision, moments[1] if len(moments) > 1 else None)


SUMMARY = """\
On 3 March 2025, from 14:02 to 15:54, 2,300 customers could not pay by card. A new pool of \
connections was too small, and the alarm counted all banks together, so that it took 8 min until \
anybody knew. The old size was put back after 58 min, and the last queue was empty at 15:54."""
IMPACT = "2,300 customers read that their card was refused. Invoices were not affected."
METRICS = f"[Refused payments by bank]({GRAPH})"


def entry(number: int, clock: str, text: str = "Something.", **more: Any) -> EntryValue:
    return EntryValue(uid(100 + number), at(clock), text, more.pop("evidence", ""), **more)


ENTRIES = (
    entry(0, "13:58", "The new pool of connections is deployed.", kind="change"),
    entry(1, "14:02", "Payments begin to fail.", milestone="impact_started", evidence=GRAPH),
    entry(2, "14:10", "The alarm pages.", milestone="detected"),
    entry(3, "14:12", "The engineer on call answers.", milestone="acknowledged"),
    entry(4, "14:20-14:45", "The network is looked at first.", kind="attempt"),
    entry(5, "14:50", "The pool is found to be full.", milestone="diagnosed"),
    entry(6, "15:00", "The old size is back.", milestone="mitigated"),
    entry(7, "15:54", "The last queue is empty.", milestone="resolved"),
)
MILESTONES = tuple(
    MilestoneValue(kind, "recorded", at(clock))
    for kind, clock in {
        "impact_started": "14:02",
        "detected": "14:10",
        "acknowledged": "14:12",
        "diagnosed": "14:50",
        "mitigated": "15:00",
        "resolved": "15:54",
    }.items()
)


def cause(number: int, kind: str = "latent", **more: Any) -> CauseValue:
    explains = tuple(uid(200 + each) for each in more.pop("explains", ()))
    text = more.pop("text", f"The reason with the number {number} in the test.")
    return CauseValue(uid(200 + number), text, kind, "confirmed", "", explains, **more)


CAUSES = (
    cause(1, "trigger"),
    cause(2, explains=[1]),
    cause(3, "safeguard", answers="detection"),
    cause(4, "amplifier", answers="mitigation"),
)


def action(number: int, kind: str = "prevent", **more: Any) -> ActionValue:
    values: dict[str, Any] = {
        "title": f"Correct the reason with the number {number}",
        "done_when": "A planted fault is refused in a test.",
        "owner": OWNER if number % 2 else PEER,
        "due_on": date(2025, 3, 10) + timedelta(20),
        "priority": 1,
        "cause": uid(201 + number),
        "tracker": "",
    }
    return ActionValue(uid=uid(300 + number), kind=kind, **values | more)


ACTIONS = (action(1), action(2, "detect"), action(3, "mitigate"))
ANSWERS = tuple(
    AnswerValue(part, slug, question, "An answer that says why.")
    for part, slug, question, _ in QUESTIONS
)
FIGURES = (
    FigureValue(uid(401), "Customers who could not pay", Decimal(2300), "customers", "measured",
                "Counted in the log of payments."),
)  # fmt: skip
SAFEGUARDS = (
    SafeguardValue(uid(501), "Alarm on refused payments", "alarm", "failed", "It adds all banks."),
    SafeguardValue(uid(502), "Canary", "canary", "held", ""),
)
LESSONS = (LessonValue(uid(601), "well", "The old size was known."),)

SOUND = Snapshot(
    title="Card payments were refused",
    severity=2,
    service="Checkout",
    team="Payments",
    zone="UTC",
    owner=OWNER,
    contributors=(PEER,),
    milestones=MILESTONES,
    sections=(
        SectionValue("summary", SUMMARY),
        SectionValue("impact", IMPACT),
        SectionValue("metrics", METRICS),
    ),
    entries=ENTRIES,
    causes=CAUSES,
    actions=ACTIONS,
    answers=ANSWERS,
    figures=FIGURES,
    safeguards=SAFEGUARDS,
    lessons=LESSONS,
)


def written(*, base: Snapshot = SOUND, **texts: str) -> Snapshot:
    """The sound COE with other texts in its sections: `summary=""`."""
    return replace(
        base,
        sections=tuple(
            SectionValue(each.slug, texts.get(each.slug, each.text)) for each in base.sections
        ),
    )


def moments(
    clocks: Mapping[str, str | Instant | None] | None = None,
    *,
    base: Snapshot = SOUND,
    **more: str | Instant | None,
) -> Snapshot:
    """The sound COE with other milestones: a time, None where it is not known yet, "" where it
    does not apply. Entries that marked a milestone keep their time and mark nothing."""
    clocks, found = {**(clocks or {}), **more}, []
    for each in base.milestones:
        given = clocks.get(each.kind, each.instant)
        instant = at(given) if isinstance(given, str) and given else given or None
        state = "recorded" if instant else "pending" if given is None else "not_applicable"
        assert not isinstance(instant, str)
        found.append(MilestoneValue(each.kind, state, instant))
    entries = tuple(
        replace(each, milestone="") if each.milestone in clocks else each for each in base.entries
    )
    return replace(base, milestones=tuple(found), entries=entries)


def answered(*, base: Snapshot = SOUND, **parts: str) -> Snapshot:
    """The sound COE with one text for all answers of a part: `detection=""`."""
    return replace(
        base,
        answers=tuple(replace(each, text=parts.get(each.part, each.text)) for each in base.answers),
    )


def findings(
    snapshot: Snapshot, *, rules: GuideRules = DEFAULT_RULES, as_of: datetime = AS_OF
) -> tuple[Finding, ...]:
    return check(snapshot, rules, as_of)


def found(
    identity: str,
    snapshot: Snapshot,
    *,
    rules: GuideRules = DEFAULT_RULES,
    as_of: datetime = AS_OF,
    earlier: Sequence[EarlierAction] = (),
) -> list[Finding]:
    """What the check with this id finds."""
    return list(_BY_ID[identity].findings(Case(snapshot, rules, as_of, earlier)))


_BY_ID = {each.id: each for each in CHECKS}


def said(
    identity: str,
    snapshot: Snapshot,
    *,
    rules: GuideRules = DEFAULT_RULES,
    as_of: datetime = AS_OF,
) -> list[str]:
    """The sentences of the check with this id."""
    return [each.sentence for each in found(identity, snapshot, rules=rules, as_of=as_of)]


def rows(identity: str, snapshot: Snapshot) -> list[str]:
    """The rows that the check with this id points to."""
    return [each.place.row for each in found(identity, snapshot)]
