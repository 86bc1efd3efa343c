"""Light COEs as people write them: ordinary, long, and with all that one may hold."""

from dataclasses import replace
from datetime import UTC, date, datetime

from coe.snapshots.printable import Printable, PromiseValue, Signature
from coe.snapshots.snapshot import (
    ActionValue,
    CauseValue,
    MilestoneValue,
    Person,
    SectionValue,
    Snapshot,
)
from tests.exports import fronts, samples
from tests.exports.samples import at, uid

OWNER, MANAGER = Person("Robin Marsh", "Storage"), Person("Samira Holm", "Head of storage")

SUMMARY = """\
On Tuesday 28 February, from 15:10 to 15:36 in Seattle, about 8 per cent of the product pictures \
in the shop came back as an error. A new configuration of the image resizer gave each worker half \
of the memory that the largest pictures need, so workers were killed and the requests in their \
hands failed. The configuration reached every host at once, because the step that tries a change \
on one host first had been switched off for a hurried release in spring.

Nobody was told by an alarm: support wrote to the team at 15:25, after two shops had called. The \
change was taken back at 15:31 and the last errors ended at 15:36. No data was lost and no order \
failed. The trial on one host is on again for every rollout, failed pictures now raise an alarm, \
and memory limits are tried with the largest pictures."""
"""150 words."""

IMPACT = """\
About 41,000 of 510,000 requests for product pictures failed between 15:10 and 15:36. People saw \
an empty frame in place of the picture, and could still search, read and buy. Two shops called \
support; 11 people wrote. Thumbnails were not affected, because they are kept for a week, nor \
were the mobile apps, which ask for their own pictures elsewhere."""
"""60 words."""

CAUSES = (
    "The new configuration gave each worker 256 MB, and the largest pictures take 480 MB to "
    "resize, so the system killed workers while they had requests in hand.",
    "The configuration went to all hosts at once, because the step that tries it on one host had "
    "been switched off in spring to save time.",
    "There was no alarm on failed pictures; the error rate of the shop as a whole moved by less "
    "than the threshold, so support told us.",
)
ACTIONS = (
    ("Switch the trial on one host on again for every rollout of the resizer",
     "a rollout without it is refused by the pipeline"),
    ("Raise an alarm when more than 1 per cent of pictures fail for five minutes",
     "the alarm rang in a drill on the test site"),
    ("Try limits of memory with the hundred largest pictures before a rollout",
     "the trial runs on every change of the configuration"),
)  # fmt: skip


def _snapshot(summary: str, impact: str, causes: tuple[str, ...]) -> Snapshot:
    recorded = {
        "impact_started": "15:10",
        "detected": "15:25",
        "mitigated": "15:31",
        "resolved": "15:36",
    }
    return replace(
        samples.EMPTY.snapshot,
        form="light",
        title="Customers saw broken product pictures in the shop after a resizer change",
        severity=3,
        service="Pictures",
        team="Storage",
        owner=OWNER,
        milestones=tuple(
            MilestoneValue(each.kind, "recorded", at(recorded[each.kind]))
            if each.kind in recorded
            else MilestoneValue(each.kind, "pending", None)
            for each in samples.SNAPSHOT.milestones
        ),
        sections=(SectionValue("summary", summary), SectionValue("impact", impact)),
        causes=(
            CauseValue(uid(1), causes[0], "", "confirmed", "", ()),
            CauseValue(uid(2), causes[1], "", "confirmed", "", (uid(1),)),
            CauseValue(uid(3), causes[2], "", "likely", "", (), "detection"),
        ),
        actions=tuple(
            ActionValue(
                uid(10 + number), title, done_when, OWNER, date(2017, 4, 1), 1, "", uid(cause), ""
            )
            for number, ((title, done_when), cause) in enumerate(
                zip(ACTIONS, (2, 3, 1), strict=True)
            )
        ),
    )


def draft() -> Printable:
    """A working copy that nobody has judged yet, as long as a light COE is meant to be."""
    return replace(samples.DRAFT, snapshot=_snapshot(SUMMARY, IMPACT, CAUSES))


def published(snapshot: Snapshot) -> Printable:
    """Approved by one person and promised; the first promise is late."""
    envelope = replace(
        samples.PUBLISHED.envelope,
        signatures=(
            Signature(MANAGER, datetime(2017, 3, 2, 16, 20, tzinfo=UTC), samples.DIGEST, ""),
        ),
    )
    promises = tuple(
        PromiseValue(each.uid, each.title, OWNER.name, each.due_on, is_late=number == 0)
        for number, each in enumerate(snapshot.actions)
    )
    return replace(samples.PUBLISHED, snapshot=snapshot, envelope=envelope, promises=promises)


def ordinary() -> Printable:
    """The same text, approved and published: a page."""
    return published(draft().snapshot)


def long() -> Printable:
    """A summary of 300 words, an impact of 120, and causes of a paragraph and more."""
    causes = tuple(f"{text} {fronts.filled(fronts.LATIN, 700)}" for text in CAUSES)
    return published(_snapshot(f"{SUMMARY}\n\n{SUMMARY}", f"{IMPACT} {IMPACT}", causes))


def rich() -> Printable:
    """All that a COE may hold, in the light form, with a promise of an earlier text."""
    light = replace(samples.SNAPSHOT, form="light")
    earlier = PromiseValue(uid(9999), "Count the hosts", OWNER.name, None, is_late=False)
    return replace(
        samples.PUBLISHED, snapshot=light, promises=(*samples.PUBLISHED.promises, earlier)
    )
