"""Courses of incidents and causes that are hard to draw."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from coe.snapshots.snapshot import CauseValue, EntryValue, MilestoneValue, Snapshot
from coe.text.instants import Instant, Precision
from tests.exports.samples import PACIFIC, SNAPSHOT, uid

NINE = datetime(2017, 2, 28, 9, 0, tzinfo=PACIFIC)
KINDS = ("impact_started", "detected", "acknowledged", "diagnosed", "mitigated", "resolved")
LONG = "Operators saw that the fleet of front ends refused every request and began to look at why"


def minutes(value: float) -> datetime:
    """So many minutes after nine."""
    return NINE + timedelta(minutes=value)


def course(entries: Sequence[float], **milestones: float) -> Snapshot:
    """Entries and milestones so many minutes after nine; the other milestones are not known."""
    return replace(
        SNAPSHOT,
        milestones=tuple(
            MilestoneValue(kind, "recorded", Instant(minutes(milestones[kind])))
            if kind in milestones
            else MilestoneValue(kind, "pending", None)
            for kind in KINDS
        ),
        entries=tuple(
            EntryValue(uid(100 + number), Instant(minutes(each)), f"No. {number}: {LONG}", "")
            for number, each in enumerate(entries)
        ),
    )


CROWDED = course(
    [*(round(number * 1.5) for number in range(40)), 300, 640, 900, 1440],
    impact_started=0,
    detected=6,
    acknowledged=11,
    mitigated=900,
    resolved=1440,
)
"""24 hours, and forty entries in the first of them."""

PRECURSOR = course(
    [-60 * 24 * 30, 0, 17, 24, 31, 52, 70],
    impact_started=0,
    detected=17,
    acknowledged=24,
    diagnosed=31,
    mitigated=52,
    resolved=70,
)
"""A note a month before, and all the rest within seventy minutes."""

WORDS = (
    "\u202eturned round \u0007 with a bell",
    "سقط الخادم عند الساعة التاسعة ثم عاد",
    "🙂🚀👩‍💻 障害の原因は設定の変更でした 稳定性",
    "x" * 300,
    "a & b < c > d \"quoted\" 'so' <script>alert(1)</script>",
    "Z" + "\u0301" * 40,
    "# A heading\n\n- a list",
    "",
)

TIMELINES = {
    "S3": SNAPSHOT,
    "24 hours, 40 in the first": CROWDED,
    "one entry": course([3]),
    "one milestone": course([], impact_started=0),
    "milestones alone": replace(SNAPSHOT, entries=()),
    "reversed milestones": course(
        [0, 20, 60], impact_started=60, detected=30, acknowledged=45, mitigated=200, resolved=180
    ),
    "300 entries": course([4 * n for n in range(300)], impact_started=0, mitigated=900),
    "a week": course(
        [-400, 0, 500, 2000, 2004, 2008, 2100, 7000, 10080],
        impact_started=0,
        detected=2000,
        mitigated=7000,
        resolved=10080,
    ),
    "all at one instant": course([5] * 30, impact_started=5),
    "a change a year before": course(
        [-60 * 24 * 300, 0, 10, 20, 25, 30, 60, 80, 100, 60 * 24 * 9], impact_started=0, resolved=99
    ),
    "a note a month before": PRECURSOR,
    "phases beside two lenses and the axis": course(
        [*([0] * 4), *range(0, 40, 4), 60 * 24 * 3, *range(9000, 9030, 3)],
        impact_started=0,
        detected=20,
        acknowledged=10,
        mitigated=9005,
        resolved=9020,
    ),
    "crowds in crowds": course([*([0] * 9), *range(30, 45), 4000, 4001, 4002]),
    "hard words": replace(
        SNAPSHOT,
        entries=tuple(
            EntryValue(uid(n), Instant(minutes(n * 7)), text, "") for n, text in enumerate(WORDS)
        ),
    ),
    "spans and guesses": replace(
        SNAPSHOT,
        entries=(
            EntryValue(uid(1), Instant(minutes(0), Precision.ABOUT), "Perhaps", ""),
            EntryValue(uid(2), Instant(minutes(10), end=minutes(2000)), "For long", ""),
            EntryValue(uid(3), Instant(minutes(30), Precision.ABOUT, minutes(90)), "Some time", ""),
            EntryValue(uid(4), Instant(minutes(95)), "Exactly", ""),
        ),
    ),
}


def cause(
    number: int,
    *explains: int,
    kind: str = "latent",
    confidence: str = "confirmed",
    text: str = LONG,
    asks: str = "happened",
    risk: str = "",
) -> CauseValue:
    effects = tuple(uid(9000 + each) for each in explains)
    return CauseValue(uid(9000 + number), text, kind, confidence, "", effects, asks, risk)


def explained(*causes: CauseValue) -> Snapshot:
    return replace(SNAPSHOT, causes=causes, actions=())


def _sixty() -> Snapshot:
    """Sixty causes under three questions, ten deep, a quarter of them shared."""
    chance = Random(3)
    kinds = ("trigger", "contributing", "latent", "safeguard", "amplifier", "luck", "")
    causes = []
    for number in range(60):
        effects = (
            [number - 1]
            if 0 < number < 10
            else [chance.randrange(max(0, number - 12), number)]
            if number not in {0, 20, 40}
            else []
        )
        other = chance.randrange(number + 1)
        if effects and chance.random() < 0.25 and other not in (*effects, number):
            effects.append(other)
        causes.append(
            cause(
                number,
                *effects,
                kind=chance.choice(kinds),
                confidence=chance.choice(("confirmed", "likely", "hypothesis")),
                asks=("happened", "detection", "mitigation")[number // 20],
                risk="Accepted." if chance.random() < 0.1 else "",
            )
        )
    return explained(*causes)


CAUSES = {
    "S3": SNAPSHOT,
    "one": explained(cause(0)),
    "shared": explained(
        cause(0), cause(1, 0), cause(2, 0), cause(3, 1, 2), cause(4, 3, 0), cause(5, 1)
    ),
    "shared between questions": explained(
        cause(0), cause(1, asks="detection"), cause(2, 0, 1), cause(3, 1, 0), cause(4, 2, 1)
    ),
    "ten deep": explained(cause(0), *(cause(n, n - 1) for n in range(1, 10))),
    "thirty of one": explained(cause(0), *(cause(n, 0) for n in range(1, 30))),
    "sixty": _sixty(),
    "hard words": explained(*(cause(n, text=text) for n, text in enumerate(WORDS))),
}
