"""Reminding: each once, in the transaction that tells.

Nothing here changes a promise, and no date moves.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.jobs.models import Job
from coe.jobs.services import put_job
from coe.notices.events import Event, announce
from coe.notices.models import Kind as Notice
from coe.notices.services import clear, tell
from coe.policies.team_calendars import Calendars
from coe.promises.holding import hold
from coe.promises.rules import Deciders, may_know
from coe.reminders.ladder import Kind, Step
from coe.reminders.models import Reminder
from coe.reminders.queries import promises_to_remind_of, standing_steps, watched_promises
from coe.reminders.weekly import people_to_mail
from coe.reminders.words import said
from coe.web.errors import StaleAnswer

NOTICES = {
    Kind.DUE: Notice.PROMISE_DUE,
    Kind.LATE: Notice.PROMISE_LATE,
    Kind.MANAGER: Notice.PROMISE_ESCALATED,
    Kind.ABOVE: Notice.PROMISE_ESCALATED,
    Kind.VERIFY: Notice.PROMISE_TO_VERIFY,
}
OVERTAKEN = {Kind.LATE: (Notice.PROMISE_DUE, Notice.PROMISE_LATE), Kind.DUE: (Notice.PROMISE_DUE,)}
"""What nobody needs to see any more once they are told of this."""
ANNOUNCED = {
    Kind.LATE: Event.ITEM_LATE,
    Kind.MANAGER: Event.ITEM_ESCALATED,
    Kind.ABOVE: Event.ITEM_ESCALATED,
}
"""What other programs are told of it."""


def send_reminders(*, as_of: datetime) -> int:
    """One pass: tell what is due to be told by `as_of`, and return how many reminders that were.

    What was told is not told again, whoever else does this at the same time, and whatever became
    of a pass before. Each promise is a transaction of its own. The mails of the week are put into
    the outbox. Raises an `ExceptionGroup` at the end where it failed for some: the others are told.
    """
    told, errors = 0, []
    for key in promises_to_remind_of(as_of=as_of):
        try:
            told += remind(key, as_of=as_of)
        except Exception as error:  # whatever it is, the others are told
            errors.append(error)
    with transaction.atomic():
        _put_weeks(as_of)
    if errors:
        raise ExceptionGroup(f"{told} were told; of others nobody could be reminded", errors)
    return told


def put_reminders(*, as_of: datetime) -> None:
    """Put a job for each promise of which somebody is to be told, and for each mail of a week:
    one that fails holds up no other. Call it in a transaction."""
    _put_new("remind", "promise", promises_to_remind_of(as_of=as_of))
    _put_weeks(as_of)


def _put_weeks(as_of: datetime) -> None:
    _put_new("mail_week", "person", (person.pk for person in people_to_mail(as_of=as_of)))


def _put_new(kind: str, name: str, keys: Iterable[int]) -> None:
    """One job each, but for those that wait already, to be tried again."""
    waiting = Job.objects.filter(kind=kind, state=Job.State.WAITING)
    known = set(waiting.values_list("key", flat=True))
    for key in keys:
        if str(key) not in known:
            put_job(kind, payload={name: key}, key=str(key))


@transaction.atomic
def remind(key: int, *, as_of: datetime) -> int:
    """Tell of the promise of this key what stands at `as_of` and was not told; how many that were.

    It is held and looked at again, so what was done, moved or dropped meanwhile is not told. A
    person is told one thing of it at a time. What nobody may be told stays to be told.
    """
    promise = _held(key)
    if promise is None:
        return 0
    told: set[int] = set()
    number = 0
    for step in standing_steps(promise, as_of, Calendars()):
        people = _who(promise, step.kind)
        if people and _is_first(promise, step):
            fresh = [person for person in people if person.pk not in told]
            _tell(promise, step, fresh)
            _announce(promise, step)
            told |= {person.pk for person in people}
            number += 1
    return number


def _held(key: int) -> Promise | None:
    """The promise, held, if it is still watched."""
    promise = watched_promises().filter(pk=key).first()
    try:
        return promise and watched_promises().filter(pk=hold(promise).pk).first()
    except StaleAnswer:
        return None


def _is_first(promise: Promise, step: Step) -> bool:
    _, is_first = Reminder.objects.get_or_create(
        promise=promise, kind=step.kind, days=step.days, due_on=step.due_on
    )
    return is_first


def _tell(promise: Promise, step: Step, people: list[User]) -> None:
    anchor = str(promise.uid)
    for overtaken in OVERTAKEN.get(step.kind, ()):
        clear(overtaken, promise.document, anchor=anchor)
    tell(
        NOTICES[step.kind],
        people=people,
        document=promise.document,
        by=None,
        text=said(promise, step, people),
        anchor=anchor,
    )


def _announce(promise: Promise, step: Step) -> None:
    """Programs are told once that it is late, and not each week again."""
    event = ANNOUNCED.get(step.kind)
    if event is None or (event == Event.ITEM_LATE and _is_again(promise, step)):
        return
    announce(event, document=promise.document, items=[promise.uid])


def _is_again(promise: Promise, step: Step) -> bool:
    told = Reminder.objects.filter(promise=promise, kind=step.kind, due_on=step.due_on)
    return told.exclude(days=step.days).exists()


def _who(promise: Promise, kind: Kind) -> list[User]:
    """Whom to tell: the owner, and where they have left or may not know of it the manager.

    Escalations go to the approver of the COE and to the next above; to verify are asked those
    whom neither owning nor doing it keeps from it.
    """
    deciders = Deciders([promise])
    owner, head = promise.owner, promise.document.owner_id
    if kind in (Kind.DUE, Kind.LATE) and owner and may_know(owner, promise):
        return [owner]
    if kind == Kind.VERIFY:
        return deciders.verifiers(promise)
    managers = deciders.in_sight(promise, promise.owner_id, head)
    if kind != Kind.ABOVE:
        return managers
    passed = [manager.pk for manager in managers]
    return deciders.in_sight(promise, promise.owner_id, head, *passed)
