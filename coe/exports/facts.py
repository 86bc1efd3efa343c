"""The facts at the head of a COE, and what its text is called in its state."""

from dataclasses import dataclass

from coe.documents.models import State
from coe.exports.course import day_of
from coe.incidents.models import Category, Severity
from coe.snapshots.printable import Printable


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the facts at the head; `remark` may be empty."""

    label: str
    value: str
    remark: str = ""


def state_of(printable: Printable) -> str:
    return str(State(printable.envelope.state).label)


def standing_of(printable: Printable) -> str:
    version = printable.envelope.version
    return state_of(printable) if version is None else f"Version {version}"


def facts_of(printable: Printable) -> tuple[Fact, ...]:
    """Those that are stated; a role that repeats the team says nothing, nor that it was an
    outage, as most incidents are."""
    snapshot, envelope = printable.snapshot, printable.envelope
    owner, day = snapshot.owner, day_of(envelope.published_at or printable.as_of, snapshot)
    written = f"{day.day} {day:%b %Y}".replace(" ", "\N{NO-BREAK SPACE}")
    severity, _, meaning = str(Severity(snapshot.severity).label).partition(": ")
    category = "" if snapshot.category == Category.OUTAGE else Category(snapshot.category).label
    facts = (
        Fact("Severity", severity, meaning[:1].upper() + meaning[1:]),
        Fact("Kind", str(category)),
        Fact("Service", snapshot.service),
        Fact("Team", snapshot.team),
        Fact("Owner", owner.name, owner.role if owner.role != snapshot.team else ""),
        Fact("Published", standing_of(printable), written)
        if printable.is_published
        else Fact("State", standing_of(printable), f"as of {written}"),
    )
    return tuple(fact for fact in facts if fact.value)
