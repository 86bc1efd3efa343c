"""Text, moments and durations in templates: `{% load text %}`."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from coe.text.amounts import format_amount
from coe.text.durations import describe_duration, machine_duration
from coe.text.instants import (
    Instant,
    Precision,
    describe_instant,
    local_clock,
    local_day,
    machine_instant,
)
from coe.text.markdown import render, render_phrase

register = template.Library()


@register.filter
def markdown(text: str, attachment_prefix: str | None = None) -> SafeString:
    """`{{ section.text|markdown }}`, or with the address below which its images lie."""
    return render(text, attachment_prefix=attachment_prefix)


@register.filter
def phrase(text: str) -> SafeString:
    """`{{ cause.text|phrase }}` inside a paragraph; empty where the text is more than one."""
    return render_phrase(text)


@register.filter
def duration(seconds: int | None, about: object = False) -> str | SafeString:
    """`{{ seconds|duration:is_about }}`; nothing where it is not known."""
    if seconds is None:
        return ""
    words = describe_duration(seconds, about=bool(about))
    return format_html('<time datetime="{}">{}</time>', machine_duration(seconds), words)


@register.filter
def instant(value: Instant | datetime | None, zone: ZoneInfo | str) -> str | SafeString:
    """`{{ entry.instant|instant:document.zone }}`: day, time and offset."""
    if value is None:
        return ""
    moment = _as_instant(value)
    return _time(moment, describe_instant(moment, _as_zone(zone)))


@register.filter
def clock(value: Instant | datetime | None, zone: ZoneInfo | str) -> str | SafeString:
    """`{{ entry.instant|clock:document.zone }}`: the time of day, below a heading with the day."""
    return "" if value is None else _clock(_as_instant(value), _as_zone(zone))


@lru_cache(maxsize=4096)
def _clock(moment: Instant, zone: ZoneInfo) -> SafeString:
    """A timeline has hundreds, and is drawn again and again."""
    return _time(moment, local_clock(moment, zone))


@register.filter
def day(value: Instant | datetime | None, zone: ZoneInfo | str) -> str:
    """`{{ entry.instant|day:document.zone }}`: the day alone, where the zone is stated once."""
    return local_day(_as_instant(value), _as_zone(zone)) if value else ""


@register.filter
def shortened(value: object, most: int) -> str:
    """`{{ entry|shortened:40 }}`: as `truncatechars`, quick where nothing has to go."""
    text = str(value)
    return text if len(text) <= most else Truncator(text).chars(most)


@register.filter
def is_address(text: str) -> bool:
    """`{% if action.tracker|is_address %}`: whether it may become a link."""
    return text.lower().startswith(("http://", "https://"))


@register.filter
def amount(value: Decimal | None) -> str:
    """`{{ figure.amount|amount }}`; nothing where it is not known."""
    return "" if value is None else format_amount(value)


def _as_instant(value: Instant | datetime) -> Instant:
    if isinstance(value, Instant):
        return value
    return Instant(value.replace(second=0, microsecond=0), Precision.MINUTE)


def _as_zone(zone: ZoneInfo | str) -> ZoneInfo:
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)


def _time(moment: Instant, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', machine_instant(moment.at), words)
