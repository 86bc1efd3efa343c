"""Bringing back what was: a thing as the history knows it, over what is there now."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from coe.accounts.models import User
from coe.actions.services import add_action, save_action
from coe.chronicle.events import Thing
from coe.chronicle.facts import COLUMNS
from coe.chronicle.places import place_again
from coe.chronicle.plans import Plan, milestone_of, text_of
from coe.chronicle.state import DOCUMENT, ROW_MODELS
from coe.documents.contents import Answer
from coe.documents.locks import lock_for_content, lock_order
from coe.documents.models import Document, DocumentRow, Section
from coe.documents.rows import add_row, save_row
from coe.documents.services import AnswerChange, facts, save_answers, save_facts, save_section
from coe.history.models import Action
from coe.history.queries import last_change
from coe.history.services import record
from coe.reviews.services import ask_who_approves
from coe.timeline.models import Entry
from coe.timeline.services import MilestoneChange, add_entry, save_entry, save_milestones
from coe.web.errors import StaleAnswer
from coe.web.versions import Conflict
from coe.whys.models import Cause
from coe.whys.services import ExplainsItself, add_cause, hold_cause, save_cause


@transaction.atomic
def bring_back(document: Document, plan: Plan, *, version: int | None, by: User) -> None:
    """Write what `plan` says over what has `version`, or add the row again, with its identity and
    at its place, where `version` is None; recorded like every save, and as brought back.

    Raises `Conflict` if it was changed, removed or added again since, `ReadOnly` if the COE is
    approved, `StaleAnswer` where something that is there now is in the way.
    """
    if (plan.version is None) != (version is None):
        raise Conflict
    subject, key = _told_as(document, plan.thing)
    last = last_change(document.pk, subject, key)
    try:
        if plan.row is None and version is None:
            _add(document, plan, by=by)
        else:
            _save(document, plan, version or 0, by=by)
    except (ExplainsItself, ValidationError) as error:
        sentence = " ".join(getattr(error, "messages", [str(error)]))
        raise StaleAnswer(f"It cannot be brought back as it was. {sentence}") from error
    if last_change(document.pk, subject, key) != last:
        marked = "facts" if plan.thing == DOCUMENT else subject
        after = {"moment": plan.moment}
        record(
            Action.RESTORED,
            by=by,
            subject=marked,
            key=key,
            document_id=document.pk,
            after=after,
        )


def chosen_of(plan: Plan, names: list[str]) -> Plan:
    """The plan for these of the facts alone."""
    return replace(plan, values={name: plan.values[name] for name in names})


def _told_as(document: Document, thing: Thing) -> Thing:
    """How the history names it: the facts by the reference."""
    return ("document", document.reference) if thing == DOCUMENT else thing


def _add(document: Document, plan: Plan, *, by: User) -> None:
    subject, uid, values = plan.thing[0], UUID(plan.thing[1]), plan.values
    before, place = _before(document, plan)
    if subject == "entry":
        add_entry(document, uid=uid, by=by, place=place, **values)
    elif subject == "cause":
        own = {name: value for name, value in values.items() if name != "explains"}
        add_cause(document, uid=uid, values=own, explains=values["explains"], before=before, by=by)
    elif subject == "action":
        add_action(document, uid=uid, values=values, before=before, by=by)
    else:
        add_row(
            ROW_MODELS[subject], document=document, uid=uid, values=values, before=before, by=by
        )


def _before(document: Document, plan: Plan) -> tuple[Any, int]:
    """In front of which row it comes back (None: behind all), and how many stand before it.

    The order then stays as it is until the transaction ends. What an action item answers is held
    first, as whoever adds one does: else two who wait for each other could wait for good.
    """
    kind = ROW_MODELS[plan.thing[0]]
    assert plan.neighbours
    lock_for_content(document)
    hold_cause(document, plan.values.get("cause_id"))
    lock_order(document, kind)
    place = place_again(document, kind, plan.neighbours, plan.values).number
    rows = kind._default_manager.filter(document=document)
    return rows[place : place + 1].first(), place


def _save(document: Document, plan: Plan, version: int, *, by: User) -> None:
    values = plan.values
    if plan.row:
        _save_row(plan.row, version, values, by=by)
    elif plan.thing == DOCUMENT:
        then = {COLUMNS[name]: value for name, value in values.items()}
        save_facts(document, version=version, values=facts(document) | then, by=by)
        ask_who_approves(document, by=by)
    elif plan.thing[0] == "milestone":
        milestone = milestone_of(document, plan.thing)
        change = MilestoneChange(milestone, version, values["state"], values["instant"])
        save_milestones(document, changes=[change], by=by)
    else:
        text = text_of(document, plan.thing)
        _save_text(document, text, version, values["text"], by=by)


def _save_text(
    document: Document, text: Section | Answer, version: int, words: str, *, by: User
) -> None:
    if isinstance(text, Section):
        save_section(text, version=version, text=words, by=by)
    else:
        save_answers(document, changes=[AnswerChange(text, version, words)], by=by)


def _save_row(row: DocumentRow, version: int, values: dict[str, Any], *, by: User) -> None:
    if isinstance(row, Entry):
        save_entry(row, version=version, by=by, **values)
    elif isinstance(row, Cause):
        own = {name: value for name, value in values.items() if name != "explains"}
        save_cause(row, version=version, values=own, explains=values["explains"], by=by)
    elif row.kind_of_row == "action":
        save_action(row, version=version, values=values, by=by)  # type: ignore[arg-type]
    else:
        save_row(row, version=version, values=values, by=by)
