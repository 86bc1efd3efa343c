"""The demo COE: the object storage event of 28 February 2017, rebuilt from its public account.

The facts are Amazon's published summary; the sentences, the causes' order and the corrections'
owners and dates are ours, and the document says so.
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from coe.accounts.models import User
from coe.actions.models import ActionItem, Priority
from coe.actions.services import add_action
from coe.documents.models import Document, Participant, Section, State
from coe.documents.services import (
    MilestoneChange,
    add_participant,
    open_coe,
    save_milestones,
    save_section,
)
from coe.incidents.catalogue import add_service
from coe.incidents.models import Milestone, Service, Severity
from coe.publishing.services import publish
from coe.reviews.workflow import make_transition
from coe.snapshots.services import take_snapshot
from coe.text.instants import Instant, parse_instant
from coe.timeline.services import add_entry
from coe.whys.models import Cause
from coe.whys.services import add_cause

FAMILY = UUID("5f6c2a0e-9d2b-4a53-8d43-2f0d1c3a2017")
"""Row identities are made from this and a name, so that every installation has the same ones."""
ZONE = ZoneInfo("America/Los_Angeles")
DAY = date(2017, 2, 28)
SOURCE = "https://aws.amazon.com/message/41926/"

SUMMARY = """\
> This is a reconstruction from the public account of the event, made to show what a COE looks
> like. Owners and due dates are invented.

On 28 February 2017 customers could not read or write objects in one region for up to
**4 h 17 min**. While the billing subsystem was being debugged, a command of an established
playbook was entered with a wrong value and removed far more servers than intended. Two subsystems
that every request depends on lost so much capacity that both had to be restarted completely, which
nobody had done at that size for years.

Reading came back in part after 2 h 49 min and in full after 3 h 41 min; writing followed at
13:54, when the event was over. For the first two hours customers could not learn about it from
the status dashboard either, because the dashboard's console needed the service that was down.

The tool now removes capacity slowly and refuses to go below the minimum of any subsystem; other
tools are checked for the same gap; splitting the index into smaller cells starts at once; the
dashboard's console runs in several regions.
"""

IMPACT = """\
**Customers** of object storage in the region got errors for every kind of request. What they
experienced depends on the request:

| Request | Failed from | Worked again |
| --- | --- | --- |
| Read, list, delete | 09:37 | in part 12:26, fully 13:18 |
| Write | 09:37 | 13:54 |

**Other services** that keep data in object storage in this region failed with it: its own
console, starting virtual machines, volumes that needed a snapshot, functions. Some had to work off
a backlog after 13:54.

**How many** customers were hit is not in the public account. No data was reported lost, and other
regions were not affected.
"""

MOMENTS = {
    Milestone.Kind.IMPACT_STARTED: "09:37",
    Milestone.Kind.MITIGATED: "13:18",
    Milestone.Kind.RESOLVED: "13:54",
}

ENTRIES = (
    ("~09:30", "The team debugs why the billing subsystem progresses more slowly than expected."),
    (
        "09:37",
        "A command of an established playbook is run to remove a few servers of the billing "
        "subsystem. One input is wrong, and a much larger set is removed, among it servers of the "
        "**index** and **placement** subsystems. Requests start to fail.",
    ),
    (
        "~09:45",
        "Both subsystems have lost so much capacity that each needs a full restart. Until then no "
        "request can be served.",
    ),
    (
        "~10:00",
        "The status of single services cannot be published: the dashboard's console itself needs "
        "object storage. The banner of the dashboard and a social network are used instead.",
    ),
    ("11:37", "The dashboard shows the status of single services again."),
    (
        "12:26",
        "The index subsystem has enough capacity back to serve reads, lists and deletes in part.",
    ),
    (
        "13:18",
        "The index subsystem has recovered. Reads, lists and deletes work normally. The placement "
        "subsystem, which needs the index, starts to recover.",
    ),
    (
        "13:54",
        "The placement subsystem has recovered, and writes work. Everything is back to normal.",
    ),
)

CAUSES: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    (
        "no-capacity",
        "The index and placement subsystems lost most of their capacity at once, and every "
        "request needs them.",
        Cause.Kind.TRIGGER,
        Cause.Confidence.CONFIRMED,
        (),
    ),
    (
        "wrong-input",
        "A command with a wrong value removed a larger set of servers than was meant.",
        Cause.Kind.TRIGGER,
        Cause.Confidence.CONFIRMED,
        ("no-capacity",),
    ),
    (
        "no-floor",
        "The tool took any number, at once, and did not know the minimum that a subsystem needs.",
        Cause.Kind.SAFEGUARD,
        Cause.Confidence.CONFIRMED,
        ("wrong-input",),
    ),
    (
        "not-audited",
        "The tools used for operating the service had not been checked for such limits since it "
        "was small.",
        Cause.Kind.LATENT,
        Cause.Confidence.LIKELY,
        ("no-floor",),
    ),
    (
        "slow-restart",
        "Restarting both subsystems and checking the integrity of their metadata took hours.",
        Cause.Kind.AMPLIFIER,
        Cause.Confidence.CONFIRMED,
        (),
    ),
    (
        "never-practised",
        "A full restart had not been done in a large region for many years, so nobody knew how "
        "long it would take.",
        Cause.Kind.LATENT,
        Cause.Confidence.CONFIRMED,
        ("slow-restart",),
    ),
    (
        "large-index",
        "The index is one large unit: splitting it into cells was planned for later in the year.",
        Cause.Kind.LATENT,
        Cause.Confidence.CONFIRMED,
        ("slow-restart", "never-practised"),
    ),
    (
        "silent-dashboard",
        "Customers could not be told for two hours: the dashboard's console depends on the "
        "service whose outage it reports.",
        Cause.Kind.AMPLIFIER,
        Cause.Confidence.CONFIRMED,
        (),
    ),
)

ACTIONS: tuple[tuple[str, str, str, Priority, str, str, date], ...] = (
    (
        "limit-removal",
        "Make the tool remove capacity slowly and refuse to go below any subsystem's minimum",
        "A removal below the minimum is refused in a test in each region, and the tool's log "
        "shows the refusal.",
        Priority.P0,
        ActionItem.Kind.PREVENT,
        "no-floor",
        date(2017, 3, 14),
    ),
    (
        "audit-tools",
        "Audit the other operational tools for missing limits and close each gap",
        "Every tool on the list has a limit or a recorded reason why it needs none.",
        Priority.P1,
        ActionItem.Kind.PREVENT,
        "not-audited",
        date(2017, 3, 30),
    ),
    (
        "split-index",
        "Split the index subsystem into cells that restart on their own",
        "The largest cell restarts completely in a drill within the time that was promised.",
        Priority.P1,
        ActionItem.Kind.LIMIT,
        "large-index",
        date(2017, 9, 29),
    ),
    (
        "console-regions",
        "Run the dashboard's console in several regions, without object storage of one of them",
        "With one region cut off in a drill, the status of every service can still be published.",
        Priority.P1,
        ActionItem.Kind.MITIGATE,
        "silent-dashboard",
        date(2017, 3, 30),
    ),
)


def seed_s3(*, owner: User, colleague: User, manager: User, administrator: User) -> Document:
    """Write the demo COE as its owner, have it approved by the manager, and publish it.

    Doing it again returns the one that is there.
    """
    uid = _uid("document")
    if existing := Document.objects.filter(uid=uid).first():
        return existing
    document = _open(owner, administrator, uid)
    add_participant(document, user=colleague, role=Participant.Role.CONTRIBUTOR, by=owner)
    _write(document, owner)
    make_transition(document, to=State.IN_REVIEW, by=owner)
    digest = take_snapshot(document).digest
    make_transition(document, to=State.APPROVED, by=manager, digest=digest)
    publish(document, by=owner, digest=digest)
    return document


def _uid(name: str) -> UUID:
    return uuid5(FAMILY, name)


def _instant(text: str) -> Instant:
    return parse_instant(text, zone=ZONE, day=DAY)


def _open(owner: User, administrator: User, uid: UUID) -> Document:
    team = owner.team
    assert team is not None
    service = Service.objects.filter(name="Object storage").first() or add_service(
        name="Object storage", team=team, by=administrator
    )
    return open_coe(
        uid=uid,
        title="Object storage served no requests in one region for four hours",
        severity=Severity.ONE,
        team=team,
        service=service,
        zone=ZONE.key,
        impact_started=_instant("09:37"),
        by=owner,
    )


def _write(document: Document, owner: User) -> None:
    milestones = document.incident.milestones.filter(kind__in=MOMENTS)
    changes = [
        MilestoneChange(each, each.version, Milestone.State.RECORDED, _instant(MOMENTS[kind]))
        for each in milestones
        for kind in [Milestone.Kind(each.kind)]
    ]
    save_milestones(document, changes=changes, by=owner)
    for slug, text in (("impact", IMPACT), ("summary", SUMMARY)):
        section = Section.objects.get(document=document, slug=slug)
        save_section(section, version=section.version, text=text, by=owner)
    for when, text in ENTRIES:
        add_entry(
            document,
            uid=_uid(f"entry {when}"),
            instant=_instant(when),
            text=text,
            evidence=SOURCE,
            by=owner,
        )
    _write_causes_and_actions(document, owner)


def _write_causes_and_actions(document: Document, owner: User) -> None:
    causes: dict[str, Cause] = {}
    for name, text, kind, confidence, explains in CAUSES:
        values = {"text": text, "kind": kind, "confidence": confidence, "evidence": SOURCE}
        effects = [causes[each] for each in explains]
        causes[name] = add_cause(
            document, uid=_uid(name), values=values, explains=effects, by=owner
        )
    for name, title, done_when, priority, kind, cause, due_on in ACTIONS:
        fields: dict[str, Any] = {
            "title": title,
            "done_when": done_when,
            "priority": priority,
            "kind": kind,
            "cause_id": causes[cause].pk,
            "due_on": due_on,
            "owner_id": owner.pk,
        }
        add_action(document, uid=_uid(name), values=fields, by=owner)
