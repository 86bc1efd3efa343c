"""What the worker does about reminders: looks every hour, reminds, mails the week."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from coe.accounts.models import User
from coe.jobs.kinds import Lane, job
from coe.reminders.services import put_reminders, remind
from coe.reminders.weekly import mail_week


@job("send_reminders", title="See who is to be reminded", every=timedelta(hours=1))
def look_for_reminders(payload: dict[str, Any]) -> None:
    put_reminders(as_of=now())


@job("remind", title="Remind of an action item")
def remind_of_promise(payload: dict[str, Any]) -> None:
    remind(payload["promise"], as_of=now())


@job("mail_week", title="Mail how the action items of a team stand", lane=Lane.MAIL)
def mail_of_week(payload: dict[str, Any]) -> None:
    mail_week(User.objects.get(pk=payload["person"]), as_of=now())
