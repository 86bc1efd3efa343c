"""The walk through what changed: `{% load looks %}`."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.utils.timezone import now

from coe.looks.parts import ChangedPart, Changes, Chapter
from coe.text.instants import Instant, Precision, local_clock, local_day

register = template.Library()

WEEK = timedelta(days=6)
"""Within it the name of a day is that of one day."""


@register.filter
def lines(changes: Changes) -> str:
    """All parts with their digests, as the form that ticks all of them sends them."""
    return " ".join(f"{part.key}:{part.digest}" for part in changes.parts)


@register.filter
def followed(chapter: Chapter, changes: Changes) -> Iterator[tuple[ChangedPart, str]]:
    """Each part with the key of the one behind it, in whichever chapter; the last with none."""
    keys = [part.key for part in changes.parts]
    behind = dict(zip(keys, [*keys[1:], ""], strict=True))
    return ((part, behind[part.key]) for part in chapter.parts)


@register.filter
def said_lately(at: datetime, zone: str) -> str:
    """ "today 14:02", "Tuesday 14:02", "3 Nov 2026, 14:02": by the clock of `zone`."""
    where = ZoneInfo(zone)
    moment = Instant(at.replace(second=0, microsecond=0), Precision.MINUTE, None)
    day, today = at.astimezone(where).date(), now().astimezone(where).date()
    clock = local_clock(moment, where)
    if day == today:
        return f"today {clock}"
    if today - day <= WEEK:
        return f"{day:%A} {clock}"
    return f"{local_day(moment, where)}, {clock}"
