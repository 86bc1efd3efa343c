"""COEs built by hand, for looking at and for tests of what paper does to them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from coe.snapshots.printable import (
    REJECTED,
    DecisionValue,
    Envelope,
    Printable,
    PromiseValue,
    Signature,
)
from coe.snapshots.snapshot import (
    ActionValue,
    AnswerValue,
    CauseValue,
    EntryValue,
    FigureValue,
    LessonValue,
    MilestoneValue,
    Person,
    RelatedValue,
    SafeguardValue,
    SectionValue,
    Snapshot,
)
from coe.text.instants import Instant, Precision

PACIFIC = ZoneInfo("America/Los_Angeles")
DIGEST = "5d1f0c9e7ab34482" * 4

OWNER = Person("Maren Holt", "Storage engineering")
INDEX_LEAD = Person("Tomás Iglesias", "Index subsystem")
TOOLS_LEAD = Person("Priya Raman", "Operations tooling")
STATUS_LEAD = Person("Jonas Weber", "Customer status")
MANAGER = Person("Adaeze Obi", "Director, storage")


def uid(number: int) -> UUID:
    return UUID(int=number)


def at(clock: str, day: int = 28, precision: Precision = Precision.MINUTE) -> Instant:
    """A time of February 2017 as the wall clock in Seattle showed it."""
    hour, minute = map(int, clock.split(":"))
    return Instant(datetime(2017, 2, day, hour, minute, tzinfo=PACIFIC), precision, None)


SUMMARY = """\
On the morning of 28 February 2017 Amazon S3 in Northern Virginia answered no requests for close \
to three hours and took **4 h 17 min** to return to normal. An engineer, following the team's \
playbook while looking into a slow billing process, removed servers with a command whose input \
was wrong: it took out many more servers than were meant, among them those of the index and \
placement subsystems.

Both had to be restarted from nothing, which nobody had done at this size for years, and the \
safety checks on the metadata took longer than anyone expected. Reading, listing and deleting \
worked normally again at 13:18, writing at 13:54. We have made the tool slower and unable to go \
below the capacity that a subsystem needs; dividing the index into smaller cells begins now \
instead of later this year."""

IMPACT = """\
Customers with objects in the region could not read, list, write or delete them from 09:37. Three \
groups felt it:

- **Direct users of S3** had every request fail until 12:26, when reads began to come back.
- **Users of services built on S3** in the region could not start EC2 instances, restore EBS \
volumes from snapshots or invoke Lambda functions reliably.
- **Everybody watching the status page** saw green until 11:37, because its console needed S3.

# What was not affected

Objects were unreachable but not lost: the restart included checks of the metadata's integrity. \
Other regions kept answering.

| Operation | Came back in part | Normal |
| --- | --- | --- |
| GET, LIST, DELETE | 12:26 | 13:18 |
| PUT | 13:18 | 13:54 |"""


def _entries() -> tuple[EntryValue, ...]:
    rows = (
        ("09:37", "The command to remove a few billing servers ran with a wrong input and removed "
         "a much larger set. Requests began to fail.", ""),
        ("09:45", "Capacity of the index subsystem was below what it needs. A full restart was "
         "the only way back.", "https://dashboards.example.com/s3/us-east-1/index?from=0930"),
        ("11:37", "The status page could be changed again. Until then its administration console "
         "had failed with S3, and news went out by `@AWSCloud` and a banner.", ""),
        ("12:26", "Enough of the index was active to serve some GET, LIST and DELETE requests.",
         ""),
        ("13:18", "The index had recovered. The placement subsystem, which depends on it, began "
         "its own restart.", "https://tickets.example.com/S3-48213"),
        ("13:54", "Placement had recovered; PUT worked and S3 was back to normal. Services built "
         "on it went on working through their backlogs.", ""),
    )  # fmt: skip
    kinds = ("change", "diagnosis", "communication", "mitigation", "mitigation", "resolution")
    marks = ("impact_started", "", "", "", "mitigated", "resolved")
    return tuple(
        EntryValue(uid(100 + number), at(clock), text, evidence, kinds[number], marks[number])
        for number, (clock, text, evidence) in enumerate(rows)
    )


METRICS = "The share of failed requests stood at 100 % from 09:37 to 12:26."


def _answers() -> tuple[AnswerValue, ...]:
    rows = (
        ("impact", "who", "Which customers were hit, and how many?", "All of the region."),
        ("impact", "business", "What did it cost the business?", ""),
        ("detection", "found-by", "How was it found?", "By an alarm of the **front end**."),
        ("detection", "sooner", "Should it have been found sooner, and by what?", ""),
        ("diagnosis", "slowed", "What slowed the diagnosis down?", ""),
        ("mitigation", "confirmed", "How was full recovery confirmed?", "By requests that worked."),
        ("prevention", "impossible", "Which rule would make this impossible?", "A floor."),
    )
    return tuple(AnswerValue(*each) for each in rows)


def _figures() -> tuple[FigureValue, ...]:
    return (
        FigureValue(uid(401), "Requests that failed", Decimal("1250000"), "requests", "measured",
                    "Counted at the front end from 09:37 to 13:54."),
        FigureValue(uid(402), "Share of customers", Decimal("62.5"), "%", "estimated",
                    "From the accounts that wrote in a normal hour."),
        FigureValue(uid(403), "Lost orders", None, "orders", "estimated", "Nobody counted yet."),
    )  # fmt: skip


def _safeguards() -> tuple[SafeguardValue, ...]:
    return (
        SafeguardValue(uid(501), "Limit on removal", "limit", "missing", "Nobody asked for it."),
        SafeguardValue(uid(502), "Playbook", "runbook", "failed", "It took any number."),
        SafeguardValue(uid(503), "Front-end alarm", "alarm", "held", ""),
    )


LESSONS = (
    LessonValue(uid(601), "lucky", "It was a quiet morning."),
    LessonValue(uid(602), "well", "Four teams came within *minutes*."),
    LessonValue(uid(603), "well", "Nothing was lost."),
)

RELATED = (
    RelatedValue(uid(701), "change", "Removal of servers", "https://changes.example.com/9", ""),
    RelatedValue(uid(702), "metric", "Failed requests", "https://graphs.example.com/f", "Peak"),
    RelatedValue(uid(703), "feedback", "Letter of a customer", "", "They waited for hours."),
    RelatedValue(uid(704), "coe", "COE-2015-0031", "", "Its action item did not hold."),
)


def _causes() -> tuple[CauseValue, ...]:
    rows = (
        (1, "trigger", "confirmed", (), "A command from the playbook was run with an input that "
         "named far more servers than the task needed."),
        (2, "safeguard", "confirmed", (1,), "The tool removed whatever it was told to, at once, "
         "with no check against the capacity that a subsystem needs to live."),
        (3, "latent", "confirmed", (2,), "It was written when the fleet was small enough for one "
         "command to be harmless, and was never looked at again as the fleet grew."),
        (4, "amplifier", "confirmed", (), "Index and placement could only come back by a full "
         "restart, and one took hours."),
        (5, "latent", "confirmed", (4,), "No restart had been practised at this size for years, "
         "so nobody knew how long the metadata checks would take."),
        (6, "contributing", "likely", (4, 2), "The index was one large unit. The work to divide it "
         "into cells stood in the plan for later in the year."),
        (7, "contributing", "hypothesis", (5,), "Restart drills may have been dropped because "
         "none could be done without touching customers."),
        (8, "contributing", "confirmed", (), "Customers learned late, because the console of the "
         "status page stored its own state in the region that had failed."),
    )  # fmt: skip
    asks = {4: "mitigation", 8: "detection"}
    risks = {7: ("A drill would stop customers.", MANAGER)}
    return tuple(
        CauseValue(uid(200 + number), text, kind, confidence, "", tuple(uid(200 + n) for n in up),
                   asks.get(number, "happened"), *risks.get(number, ("", None)))
        for number, kind, confidence, up, text in rows
    )  # fmt: skip


def _actions() -> tuple[ActionValue, ...]:
    rows = (
        ("Make the removal tool refuse to take a subsystem below its minimum capacity",
         "A removal that would do so is refused in production, shown by a test run each week.",
         TOOLS_LEAD, date(2017, 3, 7), 0, "prevent", 2),
        ("Make the tool remove capacity in small steps with a pause between them",
         "No step takes more than 5 % of a subsystem, and each can be stopped.",
         TOOLS_LEAD, date(2017, 3, 14), 0, "limit", 2),
        ("Check every other operational tool for the same two safeguards",
         "The list of tools is published, each with its two answers and a date for every gap.",
         TOOLS_LEAD, date(2017, 4, 28), 1, "prevent", 3),
        ("Divide the index subsystem into cells that restart on their own",
         "The largest cell restarts in under 30 minutes, measured in the region.",
         INDEX_LEAD, date(2017, 9, 29), 1, "mitigate", 6),
        ("Practise a full restart of index and placement each quarter",
         "Two drills held, with the time each took written in the runbook.",
         INDEX_LEAD, date(2017, 6, 30), 2, "mitigate", 5),
        ("Run the console of the status page from several regions",
         "The page can be changed while any one region is cut off, shown in a drill.",
         STATUS_LEAD, date(2017, 3, 31), 1, "detect", 8),
    )  # fmt: skip
    return tuple(
        ActionValue(uid(300 + number), title, done, owner, due, priority, kind, uid(200 + cause),
                    f"https://tickets.example.com/S3-{48300 + number}" if number < 2 else "")
        for number, (title, done, owner, due, priority, kind, cause) in enumerate(rows)
    )  # fmt: skip


SNAPSHOT = Snapshot(
    title="Amazon S3 unavailable in Northern Virginia",
    severity=1,
    service="Simple Storage Service",
    team="Storage",
    zone="America/Los_Angeles",
    owner=OWNER,
    contributors=(INDEX_LEAD, TOOLS_LEAD),
    milestones=(
        MilestoneValue("impact_started", "recorded", at("09:37")),
        MilestoneValue("detected", "recorded", at("09:41", precision=Precision.ABOUT)),
        MilestoneValue("acknowledged", "not_applicable", None),
        MilestoneValue("diagnosed", "pending", None),
        MilestoneValue("mitigated", "recorded", at("13:18")),
        MilestoneValue("resolved", "recorded", at("13:54")),
    ),
    sections=(
        SectionValue("summary", SUMMARY),
        SectionValue("impact", IMPACT),
        SectionValue("metrics", METRICS),
    ),
    entries=_entries(),
    causes=_causes(),
    actions=_actions(),
    classification="confidential",
    answers=_answers(),
    figures=_figures(),
    safeguards=_safeguards(),
    lessons=LESSONS,
    related=RELATED,
)

PUBLISHED = Printable(
    snapshot=SNAPSHOT,
    digest=DIGEST,
    envelope=Envelope(
        reference="COE-2017-0007",
        state="approved",
        version=1,
        published_at=datetime(2017, 3, 2, 17, 0, tzinfo=UTC),
        signatures=(
            Signature(MANAGER, datetime(2017, 3, 2, 16, 20, tzinfo=UTC), DIGEST,
                      "Approved on the condition that the drills start before summer."),
        ),
    ),
    promises=tuple(
        PromiseValue(action.uid, action.title, action.owner.name if action.owner else "",
                     action.due_on, action.due_on == date(2017, 3, 7))
        for action in SNAPSHOT.actions
    ),
    as_of=datetime(2017, 3, 9, 12, 0, tzinfo=UTC),
)  # fmt: skip

DECIDED_AT = datetime(2017, 3, 2, 15, 0, tzinfo=UTC)
REVIEWERS = (Person("Ines Duarte", "Billing"), Person("Kwame Mensah", "Capacity planning"))
DISSENT = (
    "Dividing the index by September is too late: the next full restart may come before. I would "
    "have stopped other work for it. I commit to the plan as it stands."
)
MORE_ACTIONS = (
    ActionValue(uid(306), "Ask two people to confirm every removal of servers", "No removal runs "
                "with one name.", TOOLS_LEAD, date(2017, 4, 14), 2, "prevent", uid(201), ""),
    ActionValue(uid(307), "Train everybody on call in reading commands before running them",
                "All names are on the list.", OWNER, date(2017, 5, 31), 3, "process", uid(201), ""),
)  # fmt: skip


def _decision(action: ActionValue, verdict: str, reason: str = "") -> DecisionValue:
    is_rejected = verdict == REJECTED
    return DecisionValue(
        uid=action.uid,
        verdict=verdict,
        reason=reason,
        name=MANAGER.name,
        role=MANAGER.role,
        owner="" if is_rejected or action.owner is None else action.owner.name,
        due_on=None if is_rejected else action.due_on,
        at=DECIDED_AT,
    )


DECISIONS = (
    *(_decision(each, "accepted") for each in SNAPSHOT.actions[:3]),
    _decision(SNAPSHOT.actions[3], "changed", "September instead of June: two cells have to be "
              "live for a month before the others follow."),
    *(_decision(each, "accepted") for each in SNAPSHOT.actions[4:]),
    _decision(MORE_ACTIONS[0], REJECTED, "A second pair of eyes gets tired. A1 makes the tool "
              "refuse, which never does."),
    _decision(MORE_ACTIONS[1], REJECTED, "Training asks people not to err."),
)  # fmt: skip

REVIEWED = replace(
    PUBLISHED,
    snapshot=replace(SNAPSHOT, actions=(*SNAPSHOT.actions, *MORE_ACTIONS)),
    envelope=replace(
        PUBLISHED.envelope,
        signatures=(
            Signature(REVIEWERS[0], datetime(2017, 3, 2, 15, 20, tzinfo=UTC), DIGEST, "",
                      is_approval=False),
            Signature(REVIEWERS[1], datetime(2017, 3, 2, 15, 45, tzinfo=UTC), DIGEST, "",
                      DISSENT, is_approval=False),
            *PUBLISHED.envelope.signatures,
        ),
        decisions=DECISIONS,
    ),
)  # fmt: skip
"""Signed by two reviewers, one of whom disagrees, and the approver, who rejected two of eight."""

DRAFT = replace(
    PUBLISHED,
    envelope=Envelope("COE-2017-0007", "draft", None, None, ()),
    promises=(),
)

EMPTY = replace(
    DRAFT,
    snapshot=replace(
        SNAPSHOT,
        service="",
        contributors=(),
        milestones=tuple(
            MilestoneValue(each.kind, "pending", None) for each in SNAPSHOT.milestones
        ),
        sections=(),
        entries=(),
        causes=(),
        actions=(),
        classification="internal",
        answers=tuple(replace(each, text="") for each in SNAPSHOT.answers),
        figures=(),
        safeguards=(),
        lessons=(),
        related=(),
    ),
)

LIGHT = replace(
    EMPTY,
    snapshot=replace(
        EMPTY.snapshot,
        form="light",
        sections=(SectionValue("summary", "A disk filled up."), SectionValue("impact", "None.")),
        milestones=SNAPSHOT.milestones,
        causes=SNAPSHOT.causes[:1],
    ),
)

LONG_ADDRESS = "https://dashboards.example.com/" + "abcdefghij0123456789" * 20

LONG_TITLE = "Orders confirmed twice, charged twice and shipped once after a retry " * 2
"""138 characters of plain words, then one that cannot be hyphenated."""

HARD_TEXT = f"""\
The address {LONG_ADDRESS} and the word {"Donaudampfschifffahrt" * 9} have to break somewhere.

Symbols 🙂🚀 and other scripts 障害の原因 稳定性 Ошибка Σφάλμα stay in the text, and so does `code`.

```
{"SELECT id, name, region FROM objects WHERE " * 8}
    indented by four
```

{chr(10).join(f"{'  ' * depth}- level {depth + 1}" for depth in range(40))}"""


def hard() -> Printable:
    """What breaks layouts: 200 rows, a long title, long words, deep lists, a chain of causes."""
    step = Instant(datetime(2017, 2, 27, 22, 0, tzinfo=PACIFIC), Precision.MINUTE, None)
    entries = tuple(
        EntryValue(
            uid(1000 + number),
            replace(step, at=datetime.fromtimestamp(step.at.timestamp() + number * 420, UTC)),
            f"Row {number} of the timeline." if number % 90 else HARD_TEXT,
            LONG_ADDRESS if number % 90 == 0 else "",
        )
        for number in range(200)
    )
    chain = tuple(
        CauseValue(uid(5000 + number), f"Cause {number} of a long chain.", "", "likely", "",
                   (uid(5000 + number - 1),) if number else ())
        for number in range(30)
    )  # fmt: skip
    snapshot = replace(
        SNAPSHOT,
        title=(LONG_TITLE + "x" * 200)[:200],
        sections=(SectionValue("summary", HARD_TEXT), SectionValue("impact", HARD_TEXT)),
        answers=tuple(replace(each, text=HARD_TEXT) for each in SNAPSHOT.answers[:2]),
        figures=tuple(
            replace(
                SNAPSHOT.figures[0],
                uid=uid(8000 + number),
                basis=LONG_ADDRESS,
                what="x" * 200,
                amount=Decimal("9" * 15 + ".9999"),
                unit="y" * 40,
            )
            for number in range(25)
        ),
        safeguards=tuple(
            replace(
                SNAPSHOT.safeguards[0],
                uid=uid(8100 + number),
                name="Check " + "z" * 190,
                why="\n\n".join(["Why."] * 4),
            )
            for number in range(25)
        ),
        lessons=tuple(
            replace(LESSONS[0], uid=uid(8200 + number), text=f"Lesson {number}. {LONG_ADDRESS}")
            for number in range(20)
        ),
        related=tuple(
            replace(each, uid=uid(8300 + number), title="w" * 200, url=LONG_ADDRESS)
            for number, each in enumerate(RELATED * 5)
        ),
        entries=entries,
        causes=chain,
        actions=tuple(
            replace(SNAPSHOT.actions[number % 6], uid=uid(7000 + number), cause=chain[number].uid)
            for number in range(12)
        ),
    )
    return replace(DRAFT, snapshot=snapshot)
