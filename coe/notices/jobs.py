"""What the worker does about notices: mails them, gathers them, forgets them."""

from typing import Any

from django.utils.timezone import now

from coe.accounts.models import User
from coe.jobs.kinds import Lane, job
from coe.jobs.services import put_job
from coe.notices.mail import mail_day, mail_notice
from coe.notices.services import forget_seen, gather


@job("mail_notices", title="Mail what somebody should know", lane=Lane.MAIL)
def mail_notices(payload: dict[str, Any]) -> None:
    """One mail is one job, so that one that cannot be sent holds up no other."""
    notices: list[int] = payload["notices"]
    if len(notices) == 1:
        mail_notice(notices[0], as_of=now())
        return
    for notice in notices:
        put_job("mail_notices", payload={"notices": [notice]})


@job("gather_notices", title="See whose mail of the day is due")
def gather_notices(payload: dict[str, Any]) -> None:
    gather(as_of=now())


@job("mail_day", title="Mail what was gathered of a day", lane=Lane.MAIL)
def mail_of_day(payload: dict[str, Any]) -> None:
    mail_day(User.objects.get(pk=payload["person"]), as_of=now())


@job("forget_notices", title="Forget what was seen long ago")
def forget_notices(payload: dict[str, Any]) -> None:
    forget_seen(as_of=now())
