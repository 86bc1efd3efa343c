"""What the guide that a COE was opened with says of its promises. Another guide, or another
calendar, moves no date that was committed."""

from datetime import date, timedelta

from coe.actions.models import Promise
from coe.policies.rules import GuideRules
from coe.policies.services import asked_of
from coe.policies.team_calendars import Calendars


def first_day_to_verify(promise: Promise, done_on: date) -> date:
    """When somebody can first say that it held, if it was done on that day."""
    return done_on + timedelta(days=_rules(promise).verify_days)


def last_day_alone(promise: Promise, *, today: date) -> date:
    """Up to when the owner moves the due date without asking: so many days, as their team counts
    them, beyond the first date. One without a date gets as long as its priority has, from today."""
    rules = _rules(promise)
    calendar = Calendars().of(promise.team_id)
    if promise.first_due_on is None:
        return calendar.due(today, rules.due_days.get(promise.priority, rules.move_days))
    return calendar.due(promise.first_due_on, rules.move_days)


def _rules(promise: Promise) -> GuideRules:
    """What the guide says of a COE of the severity and the team that readers are told: who writes a
    correction, and may own the promise, changes neither by that."""
    incident = promise.document.incident
    return asked_of(
        promise.document.guide_id,
        severity=promise.severity or incident.severity,
        team=promise.team_id,
        category=incident.category,
    ).rules
