"""What the demo COE says: the object storage event of 28 February 2017.

The facts are those of the public account; the sentences, the order of the causes, and the owners
and dates of the corrections are ours. Where the account is silent, the text says so.
"""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from coe.actions.models import ActionItem, Priority
from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.incidents.models import Milestone
from coe.timeline.models import Entry
from coe.whys.models import Cause, Safeguard

TITLE = "Object storage served no requests in one region for four hours"
ZONE = ZoneInfo("America/Los_Angeles")
DAY = date(2017, 2, 28)
SOURCE = "https://aws.amazon.com/message/41926/"

SUMMARY = """\
> This is a reconstruction from the public account of the event, made to show what a COE looks
> like. Owners and due dates are invented. So is who accepted the risk.

On 28 February 2017 customers could not read or write objects in one region for up to
**4 h 17 min**. While the billing subsystem was being debugged, a command of an established
playbook was entered with a wrong value and removed far more servers than intended. Two subsystems
that every request depends on lost so much capacity that both needed a full restart, which nobody
had done at that size for years.

Reading came back in part after 2 h 49 min and in full after 3 h 41 min, writing after 4 h 17 min.
For two hours customers could not learn it from the status dashboard either, whose console needed
the service that was down.

The tool now removes capacity slowly and never below the minimum of a subsystem; other tools are
checked for the same gap; splitting the index into smaller cells starts at once; the dashboard's
console runs in several regions.
"""

IMPACT = """\
Customers got errors for every kind of request to object storage in one region. Other services
that keep their data there failed with it, and customers could not see on the status dashboard
which ones.
"""

METRICS = """\
The public account shows no graphs. These three would tell the story:

- the share of failed requests over time, reads and writes apart;
- the capacity of the index and of the placement subsystem, each beside the minimum it needs;
- the time from a change of status to the moment at which customers can read it.
"""

MOMENTS = {
    Milestone.Kind.IMPACT_STARTED: "09:37",
    Milestone.Kind.MITIGATED: "13:18",
    Milestone.Kind.RESOLVED: "13:54",
}

ENTRIES: tuple[tuple[str, Entry.Kind, str], ...] = (
    (
        "~09:30",
        Entry.Kind.NOTE,
        "The team debugs why the billing subsystem progresses more slowly than expected. The "
        "account gives no time for this.",
    ),
    (
        "09:37",
        Entry.Kind.CHANGE,
        "A command of an established playbook is run to remove a few servers of the billing "
        "subsystem. One input is wrong, and a much larger set is removed, among it servers of the "
        "**index** and **placement** subsystems. Requests start to fail.",
    ),
    (
        "~09:45",
        Entry.Kind.DIAGNOSIS,
        "Both subsystems have lost so much capacity that each needs a full restart. Until then no "
        "request can be served. The account gives no time for this.",
    ),
    (
        "~10:00",
        Entry.Kind.COMMUNICATION,
        "The status of single services cannot be published: the dashboard's console itself needs "
        "object storage. The banner of the dashboard and a social network are used instead.",
    ),
    (
        "11:37",
        Entry.Kind.COMMUNICATION,
        "The dashboard shows the status of single services again.",
    ),
    (
        "12:26",
        Entry.Kind.MITIGATION,
        "The index subsystem has enough capacity back to serve reads, lists and deletes in part.",
    ),
    (
        "13:18",
        Entry.Kind.MITIGATION,
        "The index subsystem has recovered. Reads, lists and deletes work normally. The placement "
        "subsystem, which needs the index, starts to recover.",
    ),
    (
        "13:54",
        Entry.Kind.RESOLUTION,
        "The placement subsystem has recovered, and writes work. Everything is back to normal.",
    ),
)
"""When, of what kind, what. One at the time of a milestone marks it."""

FIGURES: tuple[tuple[str, Decimal | None, str, ImpactFigure.Source, str], ...] = (
    (
        "Time without reads, lists and deletes",
        Decimal(169),
        "minutes",
        ImpactFigure.Source.MEASURED,
        "09:37 to 12:26. From then until 13:18 they worked in part.",
    ),
    (
        "Time without writes",
        Decimal(257),
        "minutes",
        ImpactFigure.Source.MEASURED,
        "09:37 to 13:54.",
    ),
    (
        "Share of requests that failed until 12:26",
        Decimal(100),
        "%",
        ImpactFigure.Source.ESTIMATED,
        "The account says that no requests could be served while both subsystems restarted.",
    ),
    (
        "Time in which the status of single services could not be published",
        Decimal(120),
        "minutes",
        ImpactFigure.Source.MEASURED,
        "09:37 to 11:37.",
    ),
    (
        "Customers who were hit",
        None,
        "customers",
        ImpactFigure.Source.ESTIMATED,
        "Not in the public account. Users of the services that failed with it belong in the count.",
    ),
)

ANSWERS = {
    "who": """\
Everybody who keeps objects in the region, and the users of services that do: the console of
object storage, new virtual machines, volumes that needed data from a snapshot, functions. How
many they were is not in the public account.
""",
    "experience": """\
| What they tried | Failed from | Worked again |
| --- | --- | --- |
| Read, list, delete | 09:37 | in part 12:26, fully 13:18 |
| Write | 09:37 | 13:54 |

Some of the services that failed with it had to work off a backlog after 13:54.
""",
    "business": "Not in the public account.",
    "security": """\
Nothing of the kind is reported. The restart checked the integrity of the metadata, which is where
damage would have shown.
""",
    "unaffected": "The account speaks of one region, and reports no loss of what was stored.",
    "found-by": """\
Not in the public account. Our reading: requests failed in the minute in which the command ran,
and those who ran it were at work on the service, so they saw it soon.
""",
    "sooner": """\
By customers, yes. Which services were hit could be read on the dashboard only from 11:37, two
hours in.
""",
    "halve-detection": """\
For customers: a console of the dashboard that does not need the region whose outage it reports.
""",
    "knew-what": """\
The account does not say. Our reading: the command itself told what had been removed, and what was
left of the index and placement subsystems told that both needed a full restart.
""",
    "slowed": """\
Nothing that the account names. What nobody knew was how long a restart takes, because none had
been done at this size for many years.
""",
    "halve-diagnosis": """\
A tool that says, before it acts, which subsystems a removal touches and what will be left of each.
""",
    "failed-attempts": """\
None is reported. The restart had an order of its own: placement can only recover once the index
works.
""",
    "confirmed": """\
By the requests themselves, one kind after the other: reads, lists and deletes in part at 12:26
and normally at 13:18, writes at 13:54.
""",
    "escalation": "Not in the public account.",
    "runbook": """\
For removing capacity there was an established playbook, and it was followed. A full restart had
not been done in one of the larger regions for many years.
""",
    "change": """\
Yes, by a command entered by hand from the playbook, one of its inputs wrong. The tool removed too
much, too quickly for anybody to step in.
""",
    "checks-passed": """\
A removal of capacity is no code: it passes no review, test or canary. The one place to check it
was the tool, and the tool did not look at what would be left.
""",
    "known": """\
In part. Dividing the index further into cells was planned for later in the year; now it begins at
once.
""",
    "impossible": """\
A tool that refuses to take any subsystem below the capacity that it needs, and removes slowly. It
is in place.
""",
}
"""By the slug of the question."""

SAFEGUARDS: tuple[tuple[str, Safeguard.Kind, Safeguard.Outcome, str], ...] = (
    (
        "Limit on what the removal tool may take",
        Safeguard.Kind.LIMIT,
        Safeguard.Outcome.MISSING,
        "It let too much be removed, too quickly, and knew no minimum.",
    ),
    (
        "Playbook for removing capacity",
        Safeguard.Kind.RUNBOOK,
        Safeguard.Outcome.FAILED,
        "It was established and it was followed. It could not tell a right value from a wrong one.",
    ),
    (
        "Subsystems that survive the loss of capacity",
        Safeguard.Kind.OTHER,
        Safeguard.Outcome.FAILED,
        "They are built to lose a good part of their servers unnoticed. This was more than that.",
    ),
    (
        "Practised full restart",
        Safeguard.Kind.OTHER,
        Safeguard.Outcome.MISSING,
        "None in a larger region for many years, so that the time it took was a surprise.",
    ),
    (
        "Second way to tell customers",
        Safeguard.Kind.OTHER,
        Safeguard.Outcome.HELD,
        "The banner of the dashboard and a social network carried the news until 11:37.",
    ),
    (
        "Integrity check of the metadata",
        Safeguard.Kind.TEST,
        Safeguard.Outcome.HELD,
        "It took longer than expected, and it was not skipped.",
    ),
)

CAUSES: tuple[tuple[str, Cause.Asks, Cause.Kind, Cause.Confidence, tuple[str, ...], str], ...] = (
    (
        "no-capacity",
        Cause.Asks.HAPPENED,
        Cause.Kind.TRIGGER,
        Cause.Confidence.CONFIRMED,
        (),
        "The index and placement subsystems lost most of their capacity at once, and every "
        "request needs them.",
    ),
    (
        "wrong-input",
        Cause.Asks.HAPPENED,
        Cause.Kind.TRIGGER,
        Cause.Confidence.CONFIRMED,
        ("no-capacity",),
        "A command with a wrong value removed a larger set of servers than was meant.",
    ),
    (
        "no-floor",
        Cause.Asks.HAPPENED,
        Cause.Kind.SAFEGUARD,
        Cause.Confidence.CONFIRMED,
        ("wrong-input",),
        "The tool took any number, at once, and did not know the minimum that a subsystem needs.",
    ),
    (
        "not-audited",
        Cause.Asks.HAPPENED,
        Cause.Kind.LATENT,
        Cause.Confidence.LIKELY,
        ("no-floor",),
        "The tools used for operating the service had not been checked for such limits since it "
        "was small.",
    ),
    (
        "by-hand",
        Cause.Asks.HAPPENED,
        Cause.Kind.CONTRIBUTING,
        Cause.Confidence.CONFIRMED,
        ("wrong-input",),
        "Removing and replacing servers is everyday work, done with commands that people enter.",
    ),
    (
        "silent-dashboard",
        Cause.Asks.DETECTION,
        Cause.Kind.AMPLIFIER,
        Cause.Confidence.CONFIRMED,
        (),
        "Customers could not be told for two hours: the dashboard's console depends on the "
        "service whose outage it reports.",
    ),
    (
        "slow-restart",
        Cause.Asks.MITIGATION,
        Cause.Kind.AMPLIFIER,
        Cause.Confidence.CONFIRMED,
        (),
        "Restarting both subsystems and checking the integrity of their metadata took hours.",
    ),
    (
        "never-practised",
        Cause.Asks.MITIGATION,
        Cause.Kind.LATENT,
        Cause.Confidence.CONFIRMED,
        ("slow-restart",),
        "A full restart had not been done in a large region for many years, so nobody knew how "
        "long it would take.",
    ),
    (
        "large-index",
        Cause.Asks.MITIGATION,
        Cause.Kind.LATENT,
        Cause.Confidence.CONFIRMED,
        ("slow-restart", "never-practised"),
        "The index is one large unit: splitting it into cells was planned for later in the year.",
    ),
)
"""Name, the question it answers, kind, how sure, what it explains (the first primary), what."""

ACCEPTED = {
    "by-hand": "Operating the service needs it every day. What one wrong value can do is bounded "
    "by the limits of the tool from now on.",
}
"""Why nothing is done about a cause."""

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

LESSONS: tuple[tuple[Lesson.Kind, str], ...] = (
    (
        Lesson.Kind.WELL,
        "The integrity of the metadata was checked during the restart, although it took time.",
    ),
    (
        Lesson.Kind.WELL,
        "There was a second way to tell customers, and it did not depend on the first.",
    ),
    (
        Lesson.Kind.BADLY,
        "The way to tell customers depended on the service they had to be told about.",
    ),
    (
        Lesson.Kind.BADLY,
        "A full restart took longer than anybody expected, because it had not been practised.",
    ),
    (
        Lesson.Kind.LUCKY,
        "Two subsystems were hit. Nothing in the tool would have kept it from taking more.",
    ),
    (
        Lesson.Kind.SURPRISED,
        "What is built to lose servers every day can still be too large to be started again soon.",
    ),
)

RELATED: tuple[tuple[RelatedItem.Kind, str, str, str], ...] = (
    (
        RelatedItem.Kind.DOCUMENT,
        "Public account of the event",
        SOURCE,
        "Every fact and every exact time in this COE is from here.",
    ),
    (
        RelatedItem.Kind.CHANGE,
        "Removal of capacity at 09:37",
        "",
        "The command that it started with. Its record is not public.",
    ),
)
