"""Which events of a COE somebody has seen the outcome of."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max, Q
from django.utils.timezone import now

from coe.history.models import HistoryEvent

if TYPE_CHECKING:
    from coe.documents.models import Document

SETTLED_AFTER = timedelta(seconds=60)
"""No save takes that long: an event that is older is seen by everybody, or never will be."""
MOST_NUMBERS = 5000
LONGEST_NUMBER = 18
"""Digits: any number of that length fits a column for keys."""


@dataclass(frozen=True, slots=True)
class Known:
    """The events of a COE that a page knows: all up to `settled`, and those in `recent`.

    Events are numbered before they are committed, so that one may be seen before another with a
    smaller number. A page that kept the newest number alone would never hear of the other.
    """

    settled: int = 0
    recent: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return ".".join(str(number) for number in (self.settled, *sorted(self.recent)))

    def __contains__(self, event: int) -> bool:
        return event <= self.settled or event in self.recent

    @property
    def last(self) -> int:
        """The newest of them; 0 where there is none."""
        return max(self.settled, *self.recent) if self.recent else self.settled


def read_known(text: str) -> Known | None:
    """What `str` of a `Known` says; None for anything else."""
    words = text.split(".", MOST_NUMBERS)
    if not all(_is_number(word) for word in words):
        return None
    settled, *recent = map(int, words)
    return Known(settled, frozenset(recent))


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) <= LONGEST_NUMBER


def known_now(document: "Document") -> Known:
    """What a page knows that is made after this was asked."""
    edge = now() - SETTLED_AFTER
    found = HistoryEvent.objects.filter(document=document).aggregate(
        settled=Max("pk", filter=Q(at__lte=edge)),
        recent=ArrayAgg("pk", filter=Q(at__gt=edge), default=[]),
    )
    return Known(found["settled"] or 0, frozenset(found["recent"]))
