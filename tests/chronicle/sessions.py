"""A COE being written by several people, one random service call after the other."""

import random
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.actions.services import add_action, save_action
from coe.documents.contents import Answer, ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, DocumentRow, Participant, Section
from coe.documents.rows import add_row, move_row, remove_row, save_row
from coe.documents.services import (
    AnswerChange,
    add_participant,
    facts,
    grow_document,
    remove_participant,
    save_answers,
    save_facts,
    save_section,
)
from coe.incidents.models import Category, Milestone, Service
from coe.reviews.services import hand_over_document
from coe.text.instants import Instant, Precision
from coe.timeline.models import Entry
from coe.timeline.services import (
    Mark,
    MilestoneChange,
    NewEntry,
    add_entries,
    add_entry,
    put_in_place,
    save_entry,
    save_milestones,
)
from coe.web.errors import StaleAnswer
from coe.whys.models import Cause, Safeguard
from coe.whys.queries import siblings
from coe.whys.services import (
    CannotNest,
    ExplainsItself,
    add_cause,
    nest_cause,
    remove_cause,
    save_cause,
    unnest_cause,
)
from tests.documents.making import moment

PLAIN: tuple[type[DocumentRow], ...] = (ImpactFigure, Safeguard, Lesson, RelatedItem)
REFUSED = (StaleAnswer, ValidationError, CannotNest, ExplainsItself)


class Session:
    """Random deeds of `authors` in `document`; the same `seed` does the same."""

    def __init__(self, document: Document, authors: Sequence[User], seed: int) -> None:
        self.pk = document.pk
        self.authors = authors
        self.choice = random.Random(seed)
        self.others: list[User] = list(User.objects.order_by("pk"))

    @property
    def document(self) -> Document:
        return Document.objects.with_readers_fields().get(pk=self.pk)

    def step(self, without: Collection[str] = ()) -> str:
        """Do something, or be refused; return what it was. `without` names deeds that are left
        out."""
        deed = self.choice.choice([each for each in DEEDS if each.__name__ not in without])
        try:
            deed(self)
        except REFUSED:
            return f"{deed.__name__} (refused)"
        return deed.__name__

    def by(self) -> User:
        return self.choice.choice(self.authors)

    def words(self) -> str:
        return " ".join(self.choice.choices(WORDS, k=self.choice.randrange(1, 8)))

    def uid(self) -> UUID:
        return UUID(int=self.choice.getrandbits(128), version=4)

    def instant(self) -> Instant:
        start = moment("09:00").at + timedelta(minutes=self.choice.randrange(600))
        end = start + timedelta(minutes=7) if self.choice.random() < 0.2 else None
        return Instant(start, self.choice.choice(list(Precision)), end)

    def some(self, rows: Sequence[Any]) -> Any:
        """One of them; with none there is nothing to do."""
        if not rows:
            raise StaleAnswer("Nothing is there.")
        return self.choice.choice(rows)

    def causes(self) -> list[Cause]:
        return list(Cause.objects.filter(document=self.pk))

    def effects(self) -> list[Cause]:
        causes = self.causes()
        return self.choice.sample(causes, k=min(len(causes), self.choice.randrange(3)))

    def mark(self) -> Mark | None:
        if self.choice.random() < 0.5:
            return None
        milestone = self.choice.choice(list(self.document.incident.milestones.order_by("pk")))
        return Mark(milestone, milestone.version)

    def write_section(self) -> None:
        section = self.some(list(Section.objects.filter(document=self.pk).order_by("pk")))
        save_section(section, version=section.version, text=self.words(), by=self.by())

    def write_answers(self) -> None:
        answers = list(Answer.objects.filter(document=self.pk).select_related("question"))
        chosen = self.choice.sample(answers, k=2)
        changes = [AnswerChange(each, each.version, self.words()) for each in chosen]
        save_answers(self.document, changes=changes, by=self.by())

    def write_facts(self) -> None:
        document = self.document
        service = self.choice.choice([None, *Service.objects.order_by("pk")])
        values = facts(document) | {
            "title": " ".join(self.words().split()),  # one line, as the form takes it
            "severity": self.choice.randrange(1, 5),
            "category": self.choice.choice(Category.values),
            "service_id": service and service.pk,
            "zone": self.choice.choice(["UTC", "Asia/Kolkata"]),
            "classification": self.choice.choice(["internal", "public"]),
        }
        save_facts(document, version=document.incident.version, values=values, by=self.by())

    def write_milestones(self) -> None:
        chosen = self.choice.sample(list(self.document.incident.milestones.order_by("pk")), k=2)
        changes = []
        for each in chosen:
            state = self.choice.choice(Milestone.State.values)
            instant = self.instant() if state == Milestone.State.RECORDED else None
            changes.append(MilestoneChange(each, each.version, state, instant))
        save_milestones(self.document, changes=changes, by=self.by())

    def add_entry(self) -> None:
        add_entry(
            self.document,
            uid=self.uid(),
            instant=self.instant(),
            text=self.words(),
            mark=self.mark(),
            by=self.by(),
        )

    def paste_entries(self) -> None:
        new = [NewEntry(self.uid(), self.instant(), self.words()) for _ in range(3)]
        add_entries(self.document, entries=new, by=self.by())

    def write_entry(self) -> None:
        entry = self.some(list(Entry.objects.filter(document=self.pk)))
        mark = self.mark()
        save_entry(
            entry,
            version=entry.version,
            instant=self.instant(),
            text=self.words(),
            evidence=self.choice.choice(["", "https://example.com/graph"]),
            kind=self.choice.choice(["", "impact"]),
            mark=mark,
            by=self.by(),
        )

    def place_entry(self) -> None:
        put_in_place(self.some(list(Entry.objects.filter(document=self.pk))), by=self.by())

    def add_plain(self) -> None:
        kind = self.choice.choice(PLAIN)
        there = list(kind._default_manager.filter(document=self.pk))
        before = self.choice.choice([None, *there])
        values = self.plain_values(kind)
        add_row(
            kind, document=self.document, uid=self.uid(), values=values, by=self.by(), before=before
        )

    def plain_values(self, kind: type[DocumentRow]) -> dict[str, Any]:
        text = self.words()
        values: dict[type[DocumentRow], dict[str, Any]] = {
            ImpactFigure: {"what": text, "amount": self.choice.choice([None, 3, 1250.5])},
            Safeguard: {"name": text, "kind": "test", "outcome": "held"},
            Lesson: {"kind": self.choice.choice(Lesson.Kind.values), "text": text},
            RelatedItem: {"kind": "page", "title": text, "note": self.words()},
        }
        return values[kind]

    def any_row(self) -> DocumentRow:
        kinds: tuple[type[DocumentRow], ...] = (*PLAIN, Entry, ActionItem)
        rows = [row for kind in kinds for row in kind._default_manager.filter(document=self.pk)]
        return self.some(rows)  # type: ignore[no-any-return]

    def write_plain(self) -> None:
        row = self.any_row()
        if type(row) in PLAIN:
            values = self.plain_values(type(row))
            save_row(row, version=row.version, values=values, by=self.by())

    def move_row(self) -> None:
        row: Any = self.any_row()
        among = type(row)._default_manager.filter(document=self.pk)
        if isinstance(row, Lesson):
            among = among.filter(kind=row.kind)
        move_row(row, steps=self.choice.choice([-1, 1, 2]), among=among, by=self.by())

    def remove_row(self) -> None:
        row = self.any_row()
        remove_row(row, version=row.version, by=self.by())

    def add_cause(self) -> None:
        values = {"text": self.words(), "answers": self.choice.choice(Cause.Asks.values)}
        add_cause(
            self.document, uid=self.uid(), values=values, explains=self.effects(), by=self.by()
        )

    def write_cause(self) -> None:
        cause = self.some(self.causes())
        approver = self.choice.choice([None, *self.others])
        values = {"text": self.words(), "risk_approver_id": approver and approver.pk}
        save_cause(
            cause, version=cause.version, values=values, explains=self.effects(), by=self.by()
        )

    def arrange_cause(self) -> None:
        cause = self.some(self.causes())
        self.choice.choice([nest_cause, unnest_cause])(cause, version=cause.version, by=self.by())

    def move_cause(self) -> None:
        cause = self.some(self.causes())
        steps = self.choice.choice([-1, 1])
        move_row(cause, steps=steps, among=siblings(cause), by=self.by())

    def remove_cause(self) -> None:
        cause = self.some(self.causes())
        remove_cause(cause, version=cause.version, by=self.by())

    def action_values(self) -> dict[str, Any]:
        cause = self.choice.choice([None, *self.causes()])
        owner = self.choice.choice([None, *self.others])
        return {
            "title": self.words(),
            "owner_id": owner and owner.pk,
            "cause_id": cause and cause.pk,
            "due_on": self.choice.choice([None, moment("09:00").at.date()]),
        }

    def add_action(self) -> None:
        add_action(self.document, uid=self.uid(), values=self.action_values(), by=self.by())

    def write_action(self) -> None:
        item = self.some(list(ActionItem.objects.filter(document=self.pk)))
        save_action(item, version=item.version, values=self.action_values(), by=self.by())

    def change_people(self) -> None:
        person = self.choice.choice(self.others)
        role = self.choice.choice(list(Participant.Role))
        service = self.choice.choice([add_participant, remove_participant])
        service(self.document, user=person, role=role, by=self.by())

    def hand_over(self) -> None:
        document = self.document
        hand_over_document(document, to=self.choice.choice(self.others), by=document.owner)

    def grow(self) -> None:
        grow_document(self.document, by=self.by())


WORDS = ("queue", "disk", "größer", "*bold*", "<pod>", "09:14", "\n\n", "rolled back", "— 5 %")
DEEDS: tuple[Callable[[Session], None], ...] = (
    Session.write_section,
    Session.write_answers,
    Session.write_facts,
    Session.write_milestones,
    Session.add_entry,
    Session.paste_entries,
    Session.write_entry,
    Session.place_entry,
    Session.add_plain,
    Session.add_plain,
    Session.write_plain,
    Session.move_row,
    Session.move_row,
    Session.remove_row,
    Session.add_cause,
    Session.add_cause,
    Session.write_cause,
    Session.arrange_cause,
    Session.move_cause,
    Session.remove_cause,
    Session.add_action,
    Session.write_action,
    Session.change_people,
    Session.hand_over,
    Session.grow,
)
