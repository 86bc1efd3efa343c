"""The reconstruction in review is in its second round.

What the first round was about, what came of it and what the manager decided so far stands here;
what is read now is the fixture.
"""

from dataclasses import replace
from datetime import date

from coe.demo.lives import judge, live_until
from coe.demo.reviewers import ask_reviewers, sign_texts
from coe.demo.talks import TAKEN, Kind, Talk, hold_talks, settle_talks
from coe.discussion.models import Subject
from coe.documents.contents import ImpactFigure
from coe.documents.models import Document, State
from coe.documents.rows import save_row
from coe.reviews.decisions import decide_item
from coe.reviews.models import ItemDecision
from coe.reviews.proposals import Seen, proposal_digest, proposals_of
from coe.reviews.rules import approvers_of
from coe.snapshots.snapshot import SectionValue, Snapshot

NAME = "github_2018"
PRECISE, VAGUE = "from its network hub for 43 seconds.", "from its network hub for a moment."
UNCOUNTED = "Users who were served stale data"
NOT_COUNTED = "Not counted by anything."
STATUS = "Show a status for each function instead of one colour for the whole site"
BEFORE_THE_FREEZE = date(2018, 12, 14)
NOTE = (
    "Say in the summary how long the break was, and in the last figure what could bound it. "
    "The causes are as clear as I have seen them. Then I decide the action items."
)

FIRST = (
    Talk(
        "owner@example.com",
        Kind.SUGGESTION,
        Subject.SECTION,
        "summary",
        "It is known to the second, and it is the number that everybody will ask for.",
        quote="for a moment",
        replacement="for 43 seconds",
        came=TAKEN,
    ),
    Talk(
        "priya.nair@example.com",
        Kind.QUESTION,
        Subject.ACTION,
        "Raise one alarm",
        "Is a minute enough? Links flap for half of that every week, and nobody should be woken.",
        quote="within 60 seconds",
        answers=(
            (
                "colleague@example.com",
                "Yes: what raises the alarm is the promotion and not the link. @Priya, a flap that "
                "promotes nothing stays silent.",
            ),
            ("priya.nair@example.com", "Then it is right as it stands."),
        ),
    ),
    Talk(
        "manager@example.com",
        Kind.MUST,
        Subject.FIGURE,
        UNCOUNTED,
        "“Not counted” must not be the last word. Say what could give a bound, however rough.",
        quote=NOT_COUNTED,
        came="The log of requests could give an upper bound. It says so now.",
    ),
)
SECOND = (
    Talk(
        "leader@example.com",
        Kind.MUST,
        Subject.ANSWER,
        "escalation",
        "This has no answer yet. The team for databases was called 19 minutes after the first "
        "alert. Would ten minutes less have changed what you decided?",
    ),
    Talk(
        "owner@example.com",
        Kind.SUGGESTION,
        Subject.LESSON,
        "Pausing jobs 27 minutes in",
        "So that nobody counts from the alert.",
        quote="27 minutes in",
        replacement="27 minutes after the break",
    ),
)
Verdict = ItemDecision.Verdict
DECIDED: dict[str, tuple[ItemDecision.Verdict, str]] = {
    "Configure failover so that": (Verdict.ACCEPTED, ""),
    "Keep queued webhooks for 72": (Verdict.ACCEPTED, ""),
    STATUS: (
        Verdict.CHANGED,
        "Nothing of this kind ships in the freeze at the end of the year. The middle of January "
        "is a day that holds.",
    ),
    "Practise restoring all clusters": (
        Verdict.REJECTED,
        "The backups next door come first. Propose it again once the largest cluster was restored "
        "in three hours, and we know what is left to practise.",
    ),
}
"""By action item what the manager decided on it; nobody has on the others."""


def first_text(snapshot: Snapshot) -> Snapshot:
    """What was submitted first: vague in two places, with a day that the manager moved since."""
    sections = tuple(
        SectionValue(each.slug, each.text.replace(PRECISE, VAGUE)) for each in snapshot.sections
    )
    figures = tuple(
        replace(each, basis=NOT_COUNTED) if each.what == UNCOUNTED else each
        for each in snapshot.figures
    )
    actions = tuple(
        replace(each, due_on=BEFORE_THE_FREEZE) if each.title == STATUS else each
        for each in snapshot.actions
    )
    return replace(snapshot, sections=sections, figures=figures, actions=actions)


def review(document: Document, snapshot: Snapshot) -> None:
    """Two rounds: changes are asked for in the first, and in the second the text is that of
    `snapshot`, with some action items decided and one signature under it."""
    live_until(State.IN_REVIEW, document)
    ask_reviewers(document, NAME)
    hold_talks(document, FIRST)
    judge(document, State.CHANGES_REQUESTED, note=NOTE)
    _bound(document, snapshot)
    settle_talks(document, FIRST)
    document.refresh_from_db()
    live_until(State.IN_REVIEW, document)
    hold_talks(document, SECOND)
    _decide(document, snapshot)
    sign_texts(document, NAME)


def _bound(document: Document, snapshot: Snapshot) -> None:
    """The owner says what could bound the figure that nobody counted."""
    (bounded,) = (each for each in snapshot.figures if each.what == UNCOUNTED)
    row = ImpactFigure.objects.get(document=document, uid=bounded.uid)
    save_row(row, version=row.version, values={"basis": bounded.basis}, by=document.owner)


def _decide(document: Document, snapshot: Snapshot) -> None:
    """The manager decides some of the action items, one after the other."""
    (moved,) = (each.due_on for each in snapshot.actions if each.title == STATUS)
    for title, (verdict, reason) in DECIDED.items():
        item = proposals_of(document).get(title__startswith=title)
        values = {"due_on": moved} if verdict == Verdict.CHANGED else None
        decide_item(
            document,
            uid=item.uid,
            verdict=verdict,
            seen=Seen(item.version, proposal_digest(item)),
            reason=reason,
            values=values,
            by=approvers_of(document)[0],
        )
