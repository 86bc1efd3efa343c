"""What the list is sorted by."""

from collections.abc import Callable
from typing import Any

from django.db.models import TextChoices

from coe.web.places import Key, digit, moment, words


class Order(TextChoices):
    """What the list is sorted by; `key` in coe.library.queries has the values."""

    IMPACT = "impact", "Impact start, newest first"
    TITLE = "title", "Title"
    SEVERITY = "severity", "Severity, worst first"
    REFERENCE = "reference", "Reference, newest first"
    PUBLISHED = "published", "Published, newest first"

    @property
    def is_falling(self) -> bool:
        return self in (Order.IMPACT, Order.REFERENCE, Order.PUBLISHED)

    @property
    def keys(self) -> tuple[Key, ...]:
        read: Callable[[str], Any] = words
        if self == Order.SEVERITY:
            read = digit
        elif self in (Order.IMPACT, Order.PUBLISHED):
            read = moment
        return Key("key", read, self.is_falling), Key("reference", words, self.is_falling)
