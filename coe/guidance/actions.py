"""Checks of the action items: owned, dated, bounded, and against the right causes."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

from coe.actions.models import ActionItem, Priority
from coe.guidance.case import Case
from coe.guidance.findings import Found, Mend, Place, check, row
from coe.guidance.milestones import DETECTED, START
from coe.guidance.recurrence import is_same_correction
from coe.guidance.summary import AWS, SRE
from coe.policies.rules import Level
from coe.snapshots.snapshot import ActionValue
from coe.text.durations import describe_duration
from coe.whys.models import Cause

ACTIONS = Place("actions")
MANY = 3
"""From so many action items on it is noticed that one person has them all."""
CURBS = {ActionItem.Kind.PREVENT, ActionItem.Kind.LIMIT}


def _of(case: Case, action: ActionValue, field: str, said: str, about: str = "") -> Found:
    """What is said of an item, which its readers call A1 “Add an alarm …”.

    What is answered holds for the item, whatever its number is.
    """
    title = f"“{action.title}”"
    return Found(
        row("actions", action.uid, field),
        f"{case.numbers[action.uid]} {title} {said}",
        about=about or f"{title} {said}",
    )


def _lacking(
    case: Case, field: str, lacks: Callable[[ActionValue], bool], said: str
) -> Iterator[Found]:
    for action in case.snapshot.actions:
        if lacks(action):
            yield _of(case, action, field, said)


@check(
    "COE171",
    Level.BLOCKS,
    title="There is an action item",
    why="The corrections are what a COE is for.",
    source=AWS,
    before="(no action item)",
    after="Refuse a configuration file of more than 200 lines, by 14 March.",
)
def no_action(case: Case) -> Iterator[Found]:
    snapshot = case.snapshot
    is_accepted = any(each.risk_reason for each in snapshot.causes)
    if not snapshot.actions and not is_accepted:
        yield Found(ACTIONS, "There is no action item. What will be corrected?")


@check(
    "COE172",
    Level.REASON,
    title="Each action item has an owner",
    why="What everybody owns is done by nobody.",
    source=SRE,
    before="A1 “Add an alarm”, owner: nobody.",
    after="A1 “Add an alarm”, owner: Ana Silva.",
    is_gap=True,
)
def without_owner(case: Case) -> Iterator[Found]:
    return _lacking(case, "owner", lambda each: each.owner is None, "has no owner.")


@check(
    "COE173",
    Level.REASON,
    title="Each action item has a day",
    why="Without a day it cannot be late, so nobody will miss it.",
    source="PagerDuty’s and Atlassian’s published service levels for corrections",
    before="A1 “Add an alarm”, due: some day.",
    after="A1 “Add an alarm”, due: 14 March 2025.",
    is_gap=True,
)
def without_day(case: Case) -> Iterator[Found]:
    return _lacking(case, "due_on", lambda each: each.due_on is None, "has no due date.")


@check(
    "COE174",
    Level.REASON,
    title="Each action item says when it is done",
    why="If nobody can tell when it is done, it is done when nobody asks any more.",
    source="Google, “Postmortem action items: plan the work and work the plan”, 2017",
    before="Done when: (empty)",
    after="Done when: a planted empty backup fails in the test environment.",
    in_light=False,
    is_gap=True,
)
def without_end(case: Case) -> Iterator[Found]:
    def lacks(action: ActionValue) -> bool:
        return not action.done_when.strip()

    return _lacking(case, "done_when", lacks, "does not say how anybody can tell that it is done.")


@check(
    "COE175",
    Level.REASON,
    title="Each action item answers a cause",
    why="A correction without a cause was wanted before the incident, and will not prevent the "
    "next.",
    source=AWS,
    before="A4 “Move to the new servers”, answers: nothing.",
    after="A4 “Move to the new servers”, answers: C5 “The old ones cannot be restarted alone”.",
    is_gap=True,
)
def without_cause(case: Case) -> Iterator[Found]:
    return _lacking(case, "cause", lambda each: each.cause is None, "answers no cause.")


@check(
    "COE176",
    Level.HINT,
    title="Due dates are within the policy",
    why="What is urgent and due in half a year is not urgent, or will not be done.",
    source="the guide; published service levels lie between 14 days and 8 weeks",
    before="P0, due in 120 days.",
    after="P0: switch the feature off by default, due in 7 days; P2: rebuild it, due in 60.",
)
def due_late(case: Case) -> Iterator[Found]:
    for action in case.snapshot.actions:
        last, due = case.rules.due_by(action.priority, case.today), action.due_on
        if due is not None and last is not None and due > last:
            label, within = Priority(action.priority).label, case.rules.due_within(action.priority)
            said = f"is due on {due.day} {due:%B %Y}. {label} is done within {within}."
            yield _of(case, action, "due_on", said)


@check(
    "COE177",
    Level.REASON,
    title="Due dates are after the incident",
    why="A correction that was due before the error is a slip of the date.",
    source="the calendar",
    before="Due: 12 January 2024, for an incident in March 2025.",
    after="Due: 12 April 2025.",
)
def due_before(case: Case) -> Iterator[Found]:
    start = case.instants.get(START)
    day = case.local(start.at).date() if start else None
    for action in case.snapshot.actions:
        if day and action.due_on and action.due_on < day:
            said = f"is due on {action.due_on:%Y-%m-%d}, before the incident."
            yield _of(case, action, "due_on", said)


@check(
    "COE178",
    Level.HINT,
    title="The action items are not all one person’s",
    why="One person with every correction does them one after the other, or not at all.",
    source=SRE,
    before="A1 to A6, owner: Ana Silva.",
    after="A1 to A3, owner: Ana Silva; A4 to A6: Tomás Rey.",
    heaviest=Level.REASON,
)
def one_owner(case: Case) -> Iterator[Found]:
    owners = Counter(each.owner for each in case.snapshot.actions if each.owner)
    if len(case.snapshot.actions) >= MANY and len(owners) == 1:
        ((person, count),) = owners.items()
        if count == len(case.snapshot.actions):
            said = f"{person.name} owns all {count} action items."
            yield Found(ACTIONS, said, about=person.name)


@check(
    "COE179",
    Level.REASON,
    title="One action item prevents it, or limits how far it goes",
    why="Faster detection and mitigation make the next one shorter; only prevention ends it.",
    source=AWS,
    before="A1 detect faster, A2 process.",
    after="A1 detect faster, A2 prevent: a rule that makes the wrong value impossible.",
    heaviest=Level.REASON,
)
def none_prevents(case: Case) -> Iterator[Found]:
    kinds = {each.kind for each in case.snapshot.actions}
    if kinds and not kinds & CURBS:
        yield Found(
            ACTIONS, "No action item is said to prevent this, or to limit how far it can go."
        )


@check(
    "COE180",
    Level.REASON,
    title="A slow detection has an action item",
    why="What was found late this time will be found late next time.",
    source="the guide, whose limits are ours",
    before="Detected 1 h 35 min in; every action item prevents.",
    after="A3 detect faster: an alarm by kind of order, at five times the usual share.",
    heaviest=Level.REASON,
)
def none_detects(case: Case) -> Iterator[Found]:
    seconds = case.seconds(START, DETECTED)
    limit = case.rules.slow_detection.get(case.snapshot.severity)
    if seconds is None or limit is None or seconds <= limit * 60 or not case.snapshot.actions:
        return
    detection = case.chain(Cause.Asks.DETECTION)
    if not any(
        each.kind == ActionItem.Kind.DETECT or each.cause in detection
        for each in case.snapshot.actions
    ):
        yield Found(
            ACTIONS,
            f"Detection took {describe_duration(seconds)}, and no action item makes it faster.",
            Mend("make_action", "Add one", (("kind", ActionItem.Kind.DETECT.value),)),
        )


@check(
    "COE181",
    Level.HINT,
    title="Due dates are ahead",
    why="A day that is past promises nothing to whoever reads it.",
    source="the calendar",
    before="A draft of May 2025, with an action item due in April.",
    after="The same, due in June; or the action item is done, and its evidence linked.",
    heaviest=Level.REASON,
)
def due_past(case: Case) -> Iterator[Found]:
    """What is entered for the record has its days behind it, rightly."""
    start = case.instants.get(START)
    first = case.local(start.at).date() if start else date.min
    for action in case.snapshot.actions:
        due = action.due_on
        if due and first <= due < case.today and not case.is_old:
            yield _of(case, action, "due_on", f"was due on {due.day} {due:%B %Y}.")


@check(
    "COE182",
    Level.REASON,
    title="An action item is not that of an earlier COE again",
    why="If the same correction was made before, it did not hold; if it was not, that is what has "
    "to be corrected.",
    source=AWS,
    before="A1 “Restore the backup once a month”, which was due in 2024 after an earlier incident.",
    after="A1 “Stop releases while the last restore is older than a month”.",
    heaviest=Level.REASON,
)
def promised_before(case: Case) -> Iterator[Found]:
    """What was due only after this had begun may still come: two COEs can wait for one.

    What an author answers holds for the item as it is called, whatever other COEs do later.
    """
    start = case.instants.get(START)
    if start is None:
        return
    day = case.local(start.at).date()
    past = [each for each in case.earlier if each.due_on < day]
    for action in case.snapshot.actions:
        for each in past:
            if is_same_correction(action.title, each.title):
                due = f"{each.due_on.day} {each.due_on:%B %Y}"
                said = (
                    f"was due on {due} in {each.reference} already. Say what became of it, and "
                    "what is done otherwise."
                )
                yield _of(case, action, "title", said, about=action.title)
                break
