"""What a snapshot that comes from outside has to hold before anything is done with it.

A snapshot that was built from the tables holds it by the rules of its forms and of the database.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import CharField, Model, URLField

from coe.accounts.models import Team, User
from coe.actions.models import ActionItem
from coe.documents.contents import Answer, ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, Section
from coe.incidents.models import Incident, Milestone, Service
from coe.policies.models import Question
from coe.snapshots.serialise import Path, Unreadable, snapshot_from_plain
from coe.snapshots.snapshot import CauseValue, Person, Snapshot
from coe.text.instants import EARLIEST, LATEST, Instant, is_zone
from coe.text.plain import storable_line, storable_text
from coe.timeline.models import Entry
from coe.whys.models import Cause, Safeguard

ROWS: dict[str, tuple[type[Model], str]] = {
    "milestones": (Milestone, "kind state"),
    "sections": (Section, "slug text"),
    "entries": (Entry, "text evidence kind"),
    "causes": (Cause, "text kind confidence evidence answers risk_reason"),
    "actions": (ActionItem, "title done_when priority kind tracker"),
    "answers": (Question, "part slug"),
    "figures": (ImpactFigure, "what amount unit source basis"),
    "safeguards": (Safeguard, "name kind outcome why"),
    "lessons": (Lesson, "kind text"),
    "related": (RelatedItem, "kind title url note"),
}
"""By field of a snapshot: the model of its rows, and the columns that hold them."""
MOST_ROWS = 5_000
"""Of one kind. Three hundred are many; what is far beyond would only take time."""
MOST_PEOPLE = 300
"""Who contributed: more than any response to an incident has."""
ONCE = {"milestones": "kind", "sections": "slug", "answers": "part slug"}
"""What rows are told apart by that have no identity of their own."""


def accept(plain: Any) -> Snapshot:
    """The snapshot that `plain` says in the types of JSON; raises `Unreadable` where it is none
    that this product could have written."""
    snapshot = snapshot_from_plain(plain)
    _check_facts(snapshot)
    for name, (model, columns) in ROWS.items():
        rows = getattr(snapshot, name)
        _refuse_more(len(rows), MOST_ROWS, (name,))
        for place, row in enumerate(rows):
            _check_columns(row, model, columns, (name, place))
        _refuse_twice(name, rows)
    _check_people(snapshot)
    _check_answers(snapshot)
    _check_times(snapshot)
    _check_causes(snapshot.causes)
    _check_corrections(snapshot)
    return snapshot


def _refuse_more(count: int, most: int, path: Path) -> None:
    if count > most:
        raise Unreadable(f"More than {most} are more than a COE holds.", path)


def _check_facts(snapshot: Snapshot) -> None:
    _check_columns(snapshot, Incident, "title severity category", ())
    _check_columns(snapshot, Document, "form classification", ())
    _check(Team._meta.get_field("name"), snapshot.team, ("team",))
    if snapshot.service:
        _check(Service._meta.get_field("name"), snapshot.service, ("service",))
    if not is_zone(snapshot.zone):
        raise Unreadable(f"“{snapshot.zone[:40]}” is no time zone.", ("zone",))
    if not 1 <= snapshot.guide < 2**31:
        raise Unreadable("The version of a guide is a whole number from 1.", ("guide",))


def _check_columns(value: Any, model: type[Model], columns: str, path: Path) -> None:
    for name in columns.split():
        _check(model._meta.get_field(name), getattr(value, name), (*path, name))


def _check(column: Any, value: Any, path: Path) -> None:
    """What the forms refuse, and what the column could not hold."""
    if column.choices and value not in (known := dict(column.flatchoices)):
        if value or not column.blank:
            names = ", ".join(str(each) for each in known)
            raise Unreadable(f"“{str(value)[:40]}” is none of {names}.", path)
    elif value is not None:
        _check_text(column, value, path)
    elif not column.null:
        raise Unreadable("This is missing.", path)


def _check_text(column: Any, value: Any, path: Path) -> None:
    try:
        stored = _as_typed(column, value) if isinstance(value, str) else value
        column.clean(value, None)
    except ValidationError as error:
        raise Unreadable(" ".join(error.messages), path) from error
    if stored != value:
        raise Unreadable(
            "White space around this or the line ends of another system would be lost here. "
            "Remove the white space, and end lines with a line feed alone.",
            path,
        )


def _as_typed(column: Any, text: str) -> str:
    """What the form field of `column` keeps of `text`."""
    is_line = isinstance(column, CharField) and not isinstance(column, URLField)
    return storable_line(text, max_length=column.max_length) if is_line else storable_text(text)


def _refuse_twice(name: str, rows: Iterable[Any]) -> None:
    fields = ONCE.get(name, "uid").split()
    seen = set()
    for place, row in enumerate(rows):
        key = tuple(getattr(row, field) for field in fields)
        if key in seen:
            said = " ".join(str(each) for each in key)
            raise Unreadable(f"“{said}” is here twice.", (name, place, fields[-1]))
        seen.add(key)


def _people(snapshot: Snapshot) -> Iterator[tuple[Path, Person]]:
    yield ("owner",), snapshot.owner
    for place, person in enumerate(snapshot.contributors):
        yield ("contributors", place), person
    for place, cause in enumerate(snapshot.causes):
        if cause.risk_approver:
            yield ("causes", place, "risk_approver"), cause.risk_approver
    for place, action in enumerate(snapshot.actions):
        if action.owner:
            yield ("actions", place, "owner"), action.owner


def _check_people(snapshot: Snapshot) -> None:
    _refuse_more(len(snapshot.contributors), MOST_PEOPLE, ("contributors",))
    for path, person in _people(snapshot):
        _check(User._meta.get_field("name"), person.name, (*path, "name"))
        if person.role:
            _check(Team._meta.get_field("name"), person.role, (*path, "role"))


def _check_answers(snapshot: Snapshot) -> None:
    for place, answer in enumerate(snapshot.answers):
        _check(Question._meta.get_field("text"), answer.question, ("answers", place, "question"))
        _check(Answer._meta.get_field("text"), answer.text, ("answers", place, "text"))


def _check_times(snapshot: Snapshot) -> None:
    """A milestone has a time exactly where it is recorded, and the entry that marks it the same."""
    for place, milestone in enumerate(snapshot.milestones):
        path = ("milestones", place, "instant")
        if (milestone.state == Milestone.State.RECORDED) != (milestone.instant is not None):
            raise Unreadable("A milestone has a time if it is recorded, and only then.", path)
        _check_instant(milestone.instant, path)
    recorded = snapshot.instants()
    marked: set[str] = set()
    for place, entry in enumerate(snapshot.entries):
        _check_instant(entry.instant, ("entries", place, "instant"))
        if entry.milestone:
            _check_mark(entry.milestone, entry.instant, recorded, marked, place)


def _check_mark(
    kind: str, instant: Instant, recorded: Mapping[str, Instant], marked: set[str], place: int
) -> None:
    path = ("entries", place, "milestone")
    if recorded.get(kind) != instant:
        raise Unreadable(
            f"The entry marks “{kind.replace('_', ' ')[:40]}”, which is not recorded at the time "
            "of the entry.",
            path,
        )
    if kind in marked:
        raise Unreadable("Another entry marks this milestone already.", path)
    marked.add(kind)


def _check_instant(instant: Instant | None, path: Path) -> None:
    for moment in (instant.at, instant.end or instant.at) if instant else ():
        if not EARLIEST <= moment <= LATEST:
            raise Unreadable(f"The year {moment.year} is not between 1970 and 2100.", path)


def _check_causes(causes: tuple[CauseValue, ...]) -> None:
    """What causes explain is there, each once, and no cause explains itself through others."""
    places = {cause.uid: place for place, cause in enumerate(causes)}
    _refuse_more(sum(len(each.explains) for each in causes), MOST_ROWS, ("causes",))
    for place, cause in enumerate(causes):
        path = ("causes", place, "explains")
        for uid in cause.explains:
            if uid not in places:
                raise Unreadable(f"There is no cause {uid}.", path)
        if len(set(cause.explains)) < len(cause.explains):
            raise Unreadable("It explains one cause twice.", path)
    left = _in_circles(causes)
    if left:
        first = min(places[uid] for uid in left)
        raise Unreadable(
            "This cause explains itself, straight or through others.", ("causes", first, "explains")
        )


def _in_circles(causes: tuple[CauseValue, ...]) -> set[UUID]:
    """The causes that are left when those that nothing unsettled stands above are taken away."""
    above = {cause.uid: len(cause.explains) for cause in causes}
    below: dict[UUID, list[UUID]] = {}
    for cause in causes:
        for uid in cause.explains:
            below.setdefault(uid, []).append(cause.uid)
    settled = [uid for uid, count in above.items() if not count]
    counts = Counter(above)
    for effect in settled:
        for uid in below.get(effect, ()):
            counts[uid] -= 1
            if not counts[uid]:
                settled.append(uid)
    return above.keys() - set(settled)


def _check_corrections(snapshot: Snapshot) -> None:
    causes = {cause.uid for cause in snapshot.causes}
    for place, action in enumerate(snapshot.actions):
        if action.cause and action.cause not in causes:
            raise Unreadable(f"There is no cause {action.cause}.", ("actions", place, "cause"))
