"""What the guide that a COE was opened with says of its promises. Another guide, or another
calendar, moves no date that was committed."""

from datetime import date, timedelta

from coe.actions.models import Promise
from coe.documents.guiding import rules_for
from coe.policies.team_calendars import Calendars


def first_day_to_verify(promise: Promise, done_on: date) -> date:
    """When somebody can first say that it held, if it was done on that day."""
    return done_on + timedelta(days=rules_for(promise.document).verify_days)


def last_day_alone(promise: Promise, *, today: date) -> date:
    """Up to when the owner moves the due date without asking: so many days, as their team counts
    them, beyond the first date. One without a date gets as long as its priority has, from today."""
    rules = rules_for(promise.document)
    calendar = Calendars().of(promise.document.incident.team_id)
    if promise.first_due_on is None:
        return calendar.due(today, rules.due_days.get(promise.priority, rules.move_days))
    return calendar.due(promise.first_due_on, rules.move_days)
