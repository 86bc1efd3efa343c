"""What a reminder says. The day, and never how far away it is: a mail may be read later."""

from collections.abc import Sequence
from datetime import date

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.reminders.ladder import Kind, Step


def said(promise: Promise, step: Step, people: Sequence[User]) -> str:
    """What `people` are told: its title, and below it in sentences."""
    return f"{promise.title}\n{_words(promise, step, people)}"


def _words(promise: Promise, step: Step, people: Sequence[User]) -> str:
    if step.kind == Kind.VERIFY:
        return f"{promise.done_by} did it on {_day(promise.done_on)}."
    verb = "is" if step.kind == Kind.DUE else "was"
    tail = "." if step.kind == Kind.DUE else " and is not done."
    sentence = f"It {verb} due on {_day(promise.due_on)}{tail}"
    return sentence if promise.owner in people else f"{sentence} {_whose(promise)}"


def _whose(promise: Promise) -> str:
    if promise.owner is None:
        return "Nobody owns it."
    has_left = "" if promise.owner.is_active else ", who has left"
    return f"Its owner is {promise.owner.name}{has_left}."


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else "a day that nobody named"
