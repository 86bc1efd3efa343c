"""Checks of the causes and of the safeguards that should have held."""

from collections.abc import Iterator

from coe.guidance.case import Case
from coe.guidance.findings import Found, Mend, Place, check, row
from coe.guidance.prose import plain
from coe.guidance.summary import AWS
from coe.policies.rules import Level
from coe.snapshots.numbering import open_ends
from coe.snapshots.snapshot import CauseValue
from coe.whys.models import Cause, Safeguard

CAUSES, SAFEGUARDS = Place("causes"), Place("safeguards")
CARD = "Card, “The problem with ‘5 whys’”, BMJ Quality & Safety 2017"
COOK = "Cook, “How complex systems fail”, 1998"
GRAVE = 2
"""The severity up to which a single chain of causes is not believed."""
SHOWN = 60


def _of(
    case: Case,
    cause: CauseValue,
    field: str,
    said: str,
    mend: Mend | None = None,
    *,
    lead: str = "",
) -> Found:
    """What is said of a cause, which its readers call C3 “The file was not checked …”.

    What is answered holds for the cause, whatever its number is, and holds on where its words are
    cut another way: they are cut bluntly there, as they always were.
    """
    text = " ".join(plain(cause.text).split())
    blunt = f"{text[:SHOWN].rstrip()}{'…' if len(text) > SHOWN else ''}"
    return Found(
        row("causes", cause.uid, field),
        f"{lead}{case.numbers[cause.uid]} “{_shortened(text)}”{said}",
        mend,
        f"{lead}“{blunt}”{said}",
    )


def _shortened(text: str) -> str:
    """At most SHOWN of it, cut between words where there are any."""
    if len(text) <= SHOWN:
        return text
    words, space, _ = text[: SHOWN + 1].rpartition(" ")
    return f"{words if space else text[:SHOWN]}…"


@check(
    "COE155",
    Level.REASON,
    title="The checks that should have caught it are named",
    why="The reason why a good check failed is usually the best correction.",
    source=COOK,
    before="(no safeguard)",
    after="Canary: failed. It runs for five minutes, and the memory is full after twenty.",
    in_light=False,
)
def no_safeguards(case: Case) -> Iterator[Found]:
    if not case.snapshot.safeguards:
        yield Found(
            SAFEGUARDS,
            "No check is named that should have caught this: review, test, canary, alarm, limit.",
        )


@check(
    "COE156",
    Level.REASON,
    title="A safeguard that did not hold has a reason",
    why="“Failed” is where the question begins: it did what it was built to do.",
    source=COOK,
    before="Alarm on errors: failed.",
    after="Alarm on errors: failed. It counts all banks together, and this one is small.",
    in_light=False,
)
def safeguards_without_reason(case: Case) -> Iterator[Found]:
    for each in case.snapshot.safeguards:
        if each.outcome != Safeguard.Outcome.HELD and not each.why.strip():
            place = row("safeguards", each.uid, "why")
            outcome = Safeguard.Outcome(each.outcome).label.lower()
            yield Found(place, f"“{each.name}” is said to have {_been(outcome)}. Why?")


def _been(outcome: str) -> str:
    return "been missing" if outcome == "missing" else outcome


@check(
    "COE161",
    Level.BLOCKS,
    title="There is a cause",
    why="Without a why there is nothing that a correction could correct.",
    source=AWS,
    before="(no cause)",
    after="Payments failed because the pool of connections was empty.",
)
def no_cause(case: Case) -> Iterator[Found]:
    if not case.snapshot.causes:
        mend = Mend("ask_why", "Ask why it happened", (("answers", Cause.Asks.HAPPENED.value),))
        yield Found(CAUSES, "Nothing says yet why it happened.", mend)


@check(
    "COE162",
    Level.REASON,
    title="Each branch ends in an action item or an accepted risk",
    why="A branch that just stops is a cause that somebody found and nobody will do about.",
    source=AWS,
    before="C3 “Looked in the wrong place first”, with nothing below and no action item.",
    after="C3 … → A4 “Show the last configuration change on the dashboard of the proxy”.",
)
def open_branches(case: Case) -> Iterator[Found]:
    ends = open_ends(case.snapshot)
    for cause in case.snapshot.causes:
        if cause.uid in ends and cause.kind != Cause.Kind.LUCK:
            mend = Mend("make_action", "Make an action item of it", (("cause", str(cause.uid)),))
            said = " has no cause below it, no action item and no accepted risk."
            yield _of(case, cause, "", said, mend)


@check(
    "COE163",
    Level.REASON,
    title="A grave incident has more than one chain of causes",
    why="Incidents of this size need several things to go wrong. One chain is one person’s view.",
    source=CARD,
    before="Customers were hit ← bad file ← file not checked.",
    after="… ← file not checked; … ← no switch to turn the feature off; … ← no canary.",
    heaviest=Level.REASON,
)
def single_chain(case: Case) -> Iterator[Found]:
    causes = [each for each in case.snapshot.causes if each.kind != Cause.Kind.LUCK]
    if case.snapshot.severity > GRAVE:
        return
    roots = [each for each in causes if not each.explains]
    if len(roots) == 1 and all(len(each) == 1 for each in case.below.values()):
        number = "is one cause" if len(causes) == 1 else f"are {len(causes)} causes in one chain"
        yield Found(
            CAUSES,
            f"There {number}. What else had to be so for this to happen?",
            Mend("ask_why", "Ask why else", (("answers", roots[0].answers),)),
            about=str(roots[0].uid),
        )


@check(
    "COE164",
    Level.HINT,
    title="A hypothesis has evidence, or a way to get it",
    why="A correction that rests on a guess may correct nothing.",
    source=CARD,
    before="C2, hypothesis: the file was not checked well enough.",
    after="C2, confirmed: the check reads the first 200 lines (link to the code).",
)
def hypotheses(case: Case) -> Iterator[Found]:
    for cause in case.snapshot.causes:
        if cause.confidence == Cause.Confidence.HYPOTHESIS and not cause.evidence:
            yield _of(case, cause, "evidence", " is a hypothesis without evidence.")


@check(
    "COE165",
    Level.REASON,
    title="The trigger is not the end of the why",
    why="A trigger comes again in another form. What made it possible stays until it is mended.",
    source=COOK,
    before="The only answer to why: “A wrong value was entered.”",
    after="A wrong value was entered ← the tool takes any value.",
)
def bare_trigger(case: Case) -> Iterator[Found]:
    for cause in case.roots:
        is_bare = cause.uid not in case.below and not cause.risk_reason
        if cause.kind == Cause.Kind.TRIGGER and cause.answers == Cause.Asks.HAPPENED and is_bare:
            said = " is a trigger that nothing explains. Why was it possible?"
            mend = Mend("ask_why", "Ask why", (("effect", str(cause.uid)),))
            yield _of(case, cause, "", said, mend)


@check(
    "COE166",
    Level.HINT,
    title="Each cause has a kind",
    why="Trigger, latent condition, failed safeguard: the kind tells where to correct.",
    source=COOK,
    before="C3, without a kind.",
    after="C3, latent condition.",
    in_light=False,
)
def causes_without_kind(case: Case) -> Iterator[Found]:
    """Silent in a light COE: of three causes at most, the text tells more than their kinds, which
    are optional there."""
    for cause in case.snapshot.causes:
        if not cause.kind:
            yield _of(case, cause, "kind", " has no kind.")


@check(
    "COE167",
    Level.BLOCKS,
    title="An accepted risk has somebody who accepts it",
    why="A risk that nobody has accepted is not accepted: it is left.",
    source="ISO 31000, on the owner of a risk",
    before="Risk accepted: too expensive. Approver: (nobody)",
    after="Risk accepted: a drill would stop customers. Approver: the director of storage.",
)
def risk_without_approver(case: Case) -> Iterator[Found]:
    for cause in case.snapshot.causes:
        if cause.risk_reason.strip() and cause.risk_approver is None:
            said = " is accepted by nobody. Say who accepts it."
            yield _of(case, cause, "risk_approver", said, lead="The risk of ")


@check(
    "COE168",
    Level.REASON,
    title="The owner does not accept their own risks",
    why="Whoever writes the COE and carries its corrections should not judge what is left out.",
    source="ISO 31000, on the owner of a risk",
    before="Owner: Robin Owner. Risk accepted by: Robin Owner.",
    after="Risk accepted by: the manager of the team.",
)
def owner_approves(case: Case) -> Iterator[Found]:
    for cause in case.snapshot.causes:
        if cause.risk_approver == case.snapshot.owner:
            lead = f"{case.snapshot.owner.name} owns this COE and accepts the risk of "
            yield _of(case, cause, "risk_approver", ".", lead=lead)
