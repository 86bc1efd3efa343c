"""What a reminder says. The day, and never how far away it is: a mail may be read later."""

from collections.abc import Sequence
from datetime import date

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.reminders.ladder import Kind, Step


def said(promise: Promise, step: Step, people: Sequence[User]) -> str:
    """What `people` are told, in sentences."""
    title = f"“{promise.title}”"
    if step.kind == Kind.VERIFY:
        return f"{title} was done on {_day(promise.done_on)}. {_asked_to_verify(promise)}"
    verb = "is" if step.kind == Kind.DUE else "was"
    tail = "." if step.kind == Kind.DUE else " and is not done."
    sentence = f"{title} {verb} due on {_day(promise.due_on)}{tail}"
    return sentence if promise.owner in people else f"{sentence} {_whose(promise)}"


def _asked_to_verify(promise: Promise) -> str:
    return "Say whether it held since, and how one can tell."


def _whose(promise: Promise) -> str:
    if promise.owner is None:
        return "Nobody owns it."
    has_left = "" if promise.owner.is_active else ", who has left"
    return f"It is owned by {promise.owner.name}{has_left}."


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else "a day that nobody named"
