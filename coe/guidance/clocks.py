"""Times of day in prose: 14:02, 09:37 AM PST, 9 pm, 11:05 UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from coe.guidance.prose import Span

OFFSETS = {
    "UTC": 0, "GMT": 0, "Z": 0,
    "PST": -8, "PDT": -7, "MST": -7, "MDT": -6, "CDT": -5, "EST": -5, "EDT": -4,
    "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "JST": 9,
}  # fmt: skip
"""Hours from UTC of the short names that mean one zone. CST, IST and BST mean several."""
UNCLEAR = ("CST", "IST", "BST", "AEST", "AEDT", "PT", "ET", "CT", "MT")

_NAMES = "|".join(sorted({*OFFSETS, *UNCLEAR}, key=len, reverse=True))
_CLOCK = re.compile(
    r"(?:(?<![\d:.,/-])|(?<=:\d\d-))(?:(?P<about>~|about|around|approximately|roughly)\s*)?"
    r"(?:(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d:])"
    r"|(?P<round>1[0-2]|0?[1-9])(?=\s?[ap]\.?m\b))"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
    rf"(?:\s?\(?(?P<zone>{_NAMES})\b)?"
    r"(?:(?:\s(?=-)|\s?(?=[+−]))(?P<sign>[+−-])(?P<by>0\d|1[0-4]):?(?P<quarters>00|15|30|45)\b)?",
    re.IGNORECASE | re.ASCII,
)
HALF_DAY = 12


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day that a text names.

    `zone` is the one that was written with it, None where none was; `is_clear` is False where a
    short name was written that means several zones. `has_half` says that am or pm was written.
    """

    words: str
    span: Span
    hour: int
    minute: int
    is_about: bool
    has_half: bool
    zone: tzinfo | None
    is_clear: bool

    def minutes_from(self, moment: datetime, zone: ZoneInfo) -> int:
        """How far the clock of `moment` is from it: of the two times that a clock of twelve hours
        can mean, the nearer."""
        local = moment.astimezone(self.zone or zone)
        apart = abs(self.hour * 60 + self.minute - local.hour * 60 - local.minute)
        if not self.has_half and self.hour <= HALF_DAY:
            apart = min(apart, abs(apart - HALF_DAY * 60))
        return apart

    def is_at(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether it can be `moment`: to the minute, or roughly where it says so."""
        return self.minutes_from(moment, zone) <= (10 if self.is_about else 0)


def clocks_in(text: str) -> list[Clock]:
    """Every time of day in `text`, in order."""
    return [_clock(match) for match in _CLOCK.finditer(text)]


def _clock(match: re.Match[str]) -> Clock:
    half = (match["half"] or "").lower()
    hour = int(match["hour"] or match["round"])
    if half:
        hour = hour % HALF_DAY + (HALF_DAY if half == "p" else 0)
    name = (match["zone"] or "").upper()
    return Clock(
        words=" ".join(match.group().split()),
        span=Span(*match.span()),
        hour=hour,
        minute=int(match["minute"] or 0),
        is_about=bool(match["about"]),
        has_half=bool(half),
        zone=_zone(match, name),
        is_clear=name not in UNCLEAR,
    )


def _zone(match: re.Match[str], name: str) -> tzinfo | None:
    if match["sign"]:
        size = timedelta(hours=int(match["by"]), minutes=int(match["quarters"]))
        return timezone(-size if match["sign"] != "+" else size)
    if name in OFFSETS:
        return timezone(timedelta(hours=OFFSETS[name])) if OFFSETS[name] else UTC
    return None
