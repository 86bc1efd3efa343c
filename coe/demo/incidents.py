"""The small COEs of the demo: two dozen invented incidents of four teams and two years.

Each is told in a few lines in `fixtures/incidents/`, a file for each team, and becomes a whole
snapshot here. The same lines are the same snapshot everywhere, down to the identity of each row.
Rows are lists of values:

    timeline    when, kind, text; at the time of a milestone (`moments`) it marks that milestone
    figures     what, amount, unit, source, basis
    causes      name, the name of what it explains, question, kind, confidence, text
    actions     title, done when, owner, priority, kind, name of the cause, due
    safeguards  name, kind, outcome, why
    lessons     kind, text

Times are local times of `zone`, on `day` where they have no date.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings

from coe.accounts.demo import COWORKERS, DEMO_PEOPLE
from coe.demo.services import DEMO_SERVICES
from coe.documents.models import SectionSlug
from coe.incidents.models import Milestone
from coe.policies.default_guide import QUESTIONS
from coe.snapshots.snapshot import (
    ActionValue,
    AnswerValue,
    CauseValue,
    EntryValue,
    FigureValue,
    LessonValue,
    MilestoneValue,
    Person,
    SafeguardValue,
    SectionValue,
    Snapshot,
)
from coe.text.instants import Instant
from coe.text.reading import parse_instant

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "incidents"
FAMILY = UUID("0b7d9a52-6c1e-4f0a-9b3d-2f5e8c4a2024")
"""Row identities are made from this, the title, and the kind and number of the row."""

Told = Mapping[str, Any]
_PEOPLE = {demo.name: demo for demo in (*DEMO_PEOPLE, *COWORKERS)}


@dataclass(frozen=True, slots=True)
class Incident:
    """What an incident became: its COE, how far that has come, and the last reviewer's word."""

    snapshot: Snapshot
    state: str
    note: str


def small_incidents() -> Iterator[Incident]:
    """Every incident of every team, in the order of the files."""
    for path in sorted(FOLDER.glob("*.toml")):
        for told in tomllib.loads(path.read_text(encoding="utf-8"))["incident"]:
            yield Incident(_snapshot(told), told["state"], told.get("note", ""))


def _snapshot(told: Told) -> Snapshot:
    milestones = tuple(_milestones(told))
    return Snapshot(
        title=told["title"],
        severity=told["severity"],
        service=told["service"],
        team=DEMO_SERVICES[told["service"]],
        zone=told["zone"],
        owner=_person(told["owner"]),
        contributors=tuple(_person(name) for name in told.get("contributors", ())),
        milestones=milestones,
        sections=tuple(
            SectionValue(slug.value, told.get(slug.value, "").strip()) for slug in SectionSlug
        ),
        entries=tuple(_entries(told, milestones)),
        causes=tuple(_causes(told)),
        actions=tuple(_actions(told)),
        form=told.get("form", "full"),
        answers=tuple(
            AnswerValue(part, slug, question, told.get("answers", {}).get(slug, ""))
            for part, slug, question, _ in QUESTIONS
        ),
        figures=tuple(
            FigureValue(uid, what, Decimal(amount), unit, source, basis)
            for uid, (what, amount, unit, source, basis) in _rows(told, "figures")
        ),
        safeguards=tuple(SafeguardValue(uid, *row) for uid, row in _rows(told, "safeguards")),
        lessons=tuple(LessonValue(uid, *row) for uid, row in _rows(told, "lessons")),
    )


def _person(name: str) -> Person:
    demo = _PEOPLE[name]
    return Person(name, "Leadership" if demo.is_leader else demo.team or "")


def _rows(told: Told, kind: str) -> Iterator[tuple[UUID, list[Any]]]:
    """The rows of one kind, each with its identity."""
    for number, row in enumerate(told.get(kind, ()), 1):
        yield uuid5(FAMILY, f"{told['title']} {kind} {number}"), row


def _instant(told: Told, when: str) -> Instant:
    day = date.fromisoformat(told["day"])
    return parse_instant(when, zone=ZoneInfo(told["zone"]), day=day)


def _milestones(told: Told) -> Iterator[MilestoneValue]:
    for kind in Milestone.Kind:
        state, instant = Milestone.State.PENDING, None
        if kind in told["moments"]:
            state, instant = Milestone.State.RECORDED, _instant(told, told["moments"][kind])
        elif kind in told.get("not_applicable", ()):
            state = Milestone.State.NOT_APPLICABLE
        yield MilestoneValue(kind.value, state.value, instant)


def _entries(told: Told, milestones: tuple[MilestoneValue, ...]) -> Iterator[EntryValue]:
    kinds: dict[Instant, str] = {}
    for each in milestones:
        if each.instant:
            kinds.setdefault(each.instant, each.kind)
    for uid, (when, kind, text) in _rows(told, "timeline"):
        instant = _instant(told, when)
        yield EntryValue(uid, instant, text, "", kind, kinds.pop(instant, ""))


def _causes(told: Told) -> Iterator[CauseValue]:
    names = {row[0]: uid for uid, row in _rows(told, "causes")}
    for uid, (_, effect, asks, kind, confidence, text) in _rows(told, "causes"):
        explains = (names[effect],) if effect else ()
        yield CauseValue(uid, text, kind, confidence, "", explains, asks)


def _actions(told: Told) -> Iterator[ActionValue]:
    causes = {row[0]: uid for uid, row in _rows(told, "causes")}
    for uid, (title, done_when, owner, priority, kind, cause, due) in _rows(told, "actions"):
        yield ActionValue(
            uid=uid,
            title=title,
            done_when=done_when,
            owner=_person(owner) if owner else None,
            due_on=date.fromisoformat(due) if due else None,
            priority=priority,
            kind=kind,
            cause=causes[cause],
            tracker="",
        )
