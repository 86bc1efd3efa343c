"""Two public incidents as somebody would enter them whole, in sentences of our own.

The object storage event of 28 February 2017 and the database incident of 21 October 2018.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Why:
    """A cause: `explains` and `also` name others by their text, "" the starting question."""

    text: str
    explains: str = ""
    also: str = ""
    kind: str = ""
    confidence: str = ""
    question: str = "Why did it happen?"


@dataclass(frozen=True)
class Correction:
    title: str
    done_when: str
    due: str
    cause: str


@dataclass(frozen=True)
class Story:
    """`lines` is pasted at once, `late` is typed afterwards, each as one line.

    `unfinished` are the stops of the rail that are not complete when all of it is entered.
    """

    title: str
    started: str
    zone: str
    milestones: dict[str, str]
    spoken: tuple[str, ...]
    lines: str
    late: tuple[str, ...]
    entries: int
    first: str
    last: str
    impact: str
    figures: tuple[tuple[str, str, str, str], ...]
    answers: dict[str, dict[str, str]]
    safeguards: tuple[tuple[str, str, str, str], ...]
    whys: tuple[Why, ...]
    corrections: tuple[Correction, ...]
    lessons: tuple[tuple[str, str], ...]
    related: tuple[tuple[str, str, str], ...]
    summary: str
    unfinished: tuple[str, ...] = ()
    printed: tuple[str, ...] = field(default=())


S3 = Story(
    title="Reading and writing objects failed in one region",
    started="2017-02-28 09:37",
    zone="America/Los_Angeles",
    milestones={"Detected": "~09:40", "Mitigated": "13:18", "Resolved": "13:54"},
    spoken=("3 min", "3 h 41 min", "4 h 17 min"),
    lines="""2017-02-28
09:37 A command removes many more servers than intended
09:37-11:37 The status page cannot be changed
12:26 Reading works again in part
13:18 Reading works again in full""",
    late=("13:54 Writing works again, and with it everything", "11:37 The status page works again"),
    entries=6,
    first="A command removes many more servers than intended",
    last="Writing works again, and with it everything",
    impact="Every request to objects in the region failed, for reading and for writing.",
    figures=(
        ("Time without any writing", "257", "minutes", "Measured"),
        ("Customers who were hit", "", "customers", "Estimated"),
    ),
    answers={
        "detection": {"How was it found?": "By our own alarms and by customers at once."},
        "mitigation": {"How was full recovery confirmed?": "Error rates stayed at zero."},
    },
    safeguards=(
        ("A minimum that no removal may go below", "Limit", "Missing", "The tool had none."),
    ),
    whys=(
        Why("Far too many servers were removed"),
        Why(
            "The tool knew no minimum",
            explains="Far too many servers were removed",
            kind="Failed or missing safeguard",
            confidence="Confirmed",
        ),
        Why(
            "Nobody had restarted a subsystem of this size for years",
            question="Why did mitigation take",
        ),
        Why(
            "The index had grown into one very large piece",
            explains="Nobody had restarted a subsystem of this size for years",
            also="Far too many servers were removed",
        ),
    ),
    corrections=(
        Correction(
            "Refuse removals below the minimum",
            "A drill shows the refusal",
            "2017-03-14",
            "The tool knew no minimum",
        ),
        Correction(
            "Split the index into smaller cells",
            "A cell restarts within half an hour",
            "2017-05-30",
            "The index had grown into one very large piece",
        ),
    ),
    lessons=(("Went well", "No object was lost"), ("Went badly", "The status page was stuck")),
    related=(("Document", "The public summary", "https://aws.amazon.com/message/41926/"),),
    summary="Objects could not be read or written for up to 4 h 17 min.",
    unfinished=(
        "Impact",
        "Metrics",
        "Detection",
        "Diagnosis",
        "Mitigation",
        "Prevention",
        "Submit",
    ),
    printed=("Refuse removals below the minimum", "The tool knew no minimum", "4 h 17 min"),
)

GITHUB = Story(
    title="Pages were slow and showed old data for a day",
    started="2018-10-21 22:52",
    zone="UTC",
    milestones={
        "Detected": "2018-10-21 22:54",
        "Acknowledged": "2018-10-21 23:11",
        "Mitigated": "2018-10-22 16:24",
        "Resolved": "2018-10-22 23:03",
    },
    spoken=("2 min", "17 h 32 min", "1 d 11 min"),
    lines="""2018-10-21
- 22:52 Optical equipment is replaced; for 43 seconds the two sites cannot reach each other
- 22:52:43 The network is whole again, but the primaries have moved to the other coast
- 22:54 First alerts
- 23:02 The shape of the database clusters is seen to be wrong
- 23:07 Deployments are locked by hand
- 23:09 Status yellow
- 23:13 Status red; the database engineers are called
- 23:19 Webhooks and page builds are paused to protect the data
- 00:05 A plan: restore, synchronise, move back, work off the queues
- 00:41 Restoring begins for every cluster
- 06:51 The first clusters are restored and catch up
- 07:46 A post says what happened, late: it needed the page builds
- 11:12 All primaries are back on the first coast
- 16:24 All copies are in step again
- 16:45 Five million webhooks and 80,000 page builds begin to be worked off""",
    late=("23:03 All queues are empty, status green", "2018-10-22 13:15 More copies are added"),
    entries=17,
    first="Optical equipment is replaced",
    last="All queues are empty, status green",
    impact="Pages that write were slow or failed, and what was shown was hours old.",
    figures=(
        ("Webhooks that were queued", "5,000,000", "webhooks", "Estimated"),
        ("Webhooks that were dropped", "200,000", "webhooks", "Estimated"),
        ("Writes to be put right by hand on the busiest cluster", "954", "writes", "Measured"),
    ),
    answers={
        "detection": {"How was it found?": "By our own alerts within two minutes."},
        "diagnosis": {"What slowed the diagnosis down?": "The clusters had a shape nobody knew."},
        "prevention": {
            "Which rule or limit would make this impossible?": "No promotion across regions."
        },
    },
    safeguards=(
        ("Promotion stays within a region", "Limit", "Missing", "It was configured to be allowed."),
        ("Restoring is tested each day", "Test", "Held", ""),
    ),
    whys=(
        Why("Two sites held writes that the other did not have", confidence="Confirmed"),
        Why(
            "The failover moved primaries across the country",
            explains="Two sites held writes that the other did not have",
            kind="Trigger",
        ),
        Why(
            "The failover was allowed to cross regions",
            explains="The failover moved primaries across the country",
            kind="Latent condition",
            confidence="Confirmed",
        ),
        Why(
            "Applications cannot work with the far database",
            explains="The failover moved primaries across the country",
            also="Two sites held writes that the other did not have",
        ),
        Why(
            "Backups of several terabytes lay far away",
            question="Why did mitigation take",
            kind="Amplifier",
        ),
    ),
    corrections=(
        Correction(
            "Keep promotions within a region",
            "A drill of the partition keeps the primaries",
            "2018-11-15",
            "The failover was allowed to cross regions",
        ),
        Correction(
            "Keep a recent backup near each cluster",
            "The largest cluster is restored in two hours",
            "2019-01-31",
            "Backups of several terabytes lay far away",
        ),
        Correction(
            "Show the state of each component",
            "Webhooks can be red while reading is green",
            "2019-02-28",
            "",
        ),
    ),
    lessons=(
        ("Went well", "Data came first, and none of it was lost"),
        ("Surprised us", "The post needed what had been paused"),
    ),
    related=(
        (
            "Document",
            "The public analysis",
            "https://github.blog/2018-10-30-oct21-post-incident-analysis/",
        ),
    ),
    summary="For 24 h 11 min pages were slow and showed old data after a partition of 43 seconds.",
    unfinished=(
        "Impact",
        "Metrics",
        "Detection",
        "Diagnosis",
        "Mitigation",
        "Prevention",
        "Causes",
        "Action items",
        "Lessons",
        "Submit",
    ),
    printed=("Keep promotions within a region", "17 h 32 min", "200,000"),
)
