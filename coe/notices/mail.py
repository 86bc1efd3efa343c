"""The mails: what somebody should know at once, and what was gathered of a day.

Each is written when it is sent, so whoever lost sight of a COE meanwhile, or their account, is
told nothing of it. Of a restricted COE a mail says who did what and where to look, and no word of
its content: mail lies about.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from textwrap import fill, shorten
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from coe.accounts.models import User
from coe.jobs.mail import send_mail
from coe.notices.daily import last_due
from coe.notices.models import DailyMail, Delivery, Notice
from coe.notices.queries import daily_time

MOST_QUOTED = 600
"""Characters of what somebody wrote; the rest is behind the link."""
MOST_IN_SUBJECT = 90
"""Characters of the title of an action item."""
MOST_IN_A_MAIL = 100
"""Notices in the mail of a day; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as a mail tells it. `title`, `item` and `quote` are empty where the COE is
    restricted."""

    notice: Notice
    reference: str
    title: str
    item: str
    quote: str
    link: str

    @property
    def sentence(self) -> str:
        """What happened, as the list at home says it."""
        return render_to_string("notices/mail/sentence.txt", {"notice": self.notice}).strip()

    @property
    def name(self) -> str:
        """The COE, in a line."""
        return f"{self.reference}: {self.title}" if self.title else self.reference

    @property
    def item_in_short(self) -> str:
        """The action item, as a subject names it."""
        if not self.item:
            return f"an action item of {self.reference}"
        return f"{shorten(self.item, MOST_IN_SUBJECT, placeholder=' …')} ({self.reference})"


@transaction.atomic
def mail_notice(key: int, *, as_of: datetime) -> None:
    """Mail a notice that is to be known at once; nothing if it was mailed or seen already, or if
    its person may not know of it any more or wants no mail of it.

    Raises what `send_mail` raises; then nothing is done.
    """
    notice = _with_all(Notice.objects.filter(pk=key)).first()
    if notice is None:
        return
    person = notice.person
    if not Notice.objects.to_mail(person, Delivery.AT_ONCE).filter(pk=key).exists():
        return
    context = {"told": _told(notice)}
    _send(f"{notice.kind}", person, context, message=f"notice-{key}")
    Notice.objects.filter(pk=key).update(mailed_at=as_of)


@transaction.atomic
def mail_day(person: User, *, as_of: datetime) -> None:
    """Mail what was gathered for `person`, if it is due by `as_of`; once for each of their days.

    Whoever does this at the same time waits, and then finds that it is done. What the person may
    not know of any more is not mailed later either. Raises what `send_mail` raises; then nothing
    is done.
    """
    time = daily_time(person)
    day, due_at = last_due(as_of, zone=ZoneInfo(time.zone), hour=time.hour)
    waiting = Notice.objects.waiting(Delivery.DAILY).filter(person=person, at__lte=as_of)
    if not waiting.filter(at__lt=due_at).exists() or not _is_first(person, day, as_of):
        return
    taken = list(waiting.values_list("pk", flat=True))
    found = Notice.objects.to_mail(person, Delivery.DAILY).filter(pk__in=taken)
    gathered = list(_with_all(found).order_by("document__reference", "pk"))
    if gathered:
        context = _of_day(gathered)
        _send("daily", person, context, message=f"daily-{person.pk}-{day:%Y%m%d}")
    mailed = Notice.objects.filter(pk__in=[each.pk for each in gathered])
    mailed.update(mailed_at=as_of)
    waiting.filter(pk__in=taken).update(delivery=Delivery.OFF)


def _is_first(person: User, day: Any, as_of: datetime) -> bool:
    sent_at = {"sent_at": as_of}
    _, is_first = DailyMail.objects.get_or_create(person=person, day=day, defaults=sent_at)
    return is_first


def _of_day(gathered: list[Notice]) -> dict[str, Any]:
    told = [_told(each) for each in gathered[:MOST_IN_A_MAIL]]
    coes = [[*group] for _, group in groupby(told, key=lambda each: each.reference)]
    return {
        "coes": coes,
        "number": len(gathered),
        "number_of_coes": len({each.document_id for each in gathered}),
        "more": len(gathered) - len(told),
    }


def _told(notice: Notice) -> Told:
    is_restricted = notice.document.is_restricted
    return Told(
        notice=notice,
        reference=notice.document.reference,
        title="" if is_restricted else notice.title,
        item="" if is_restricted else notice.item,
        quote="" if is_restricted else _quoted(notice.words),
        link=settings.PUBLIC_URL + notice.address,
    )


def _quoted(text: str) -> str:
    """The beginning of it, as mails quote."""
    short = shorten(text, MOST_QUOTED, placeholder=" …") if text else ""
    return fill(short, 76, initial_indent="> ", subsequent_indent="> ", break_long_words=False)


def _with_all(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    return notices.select_related("person", "by", "document")


def _send(name: str, person: User, context: dict[str, Any], *, message: str) -> None:
    send_mail(
        to=person.email,
        template=f"notices/mail/{name}.txt",
        context={
            "person": person,
            "settings_link": settings.PUBLIC_URL + reverse("notice_settings"),
            "home_link": settings.PUBLIC_URL + reverse("home"),
            **context,
        },
        message=message,
    )
