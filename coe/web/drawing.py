"""Fragments of pages that are drawn once for the same values."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

LONGEST = 2_000
"""Characters of what people wrote, in a fragment that is remembered. With `_MANY` it keeps what is
remembered within some tens of megabytes in each process."""
_MANY = 8_192


def drawn(template: str, values: Any, *, length: int = 0) -> SafeString:
    """The template with the fields of `values` (a NamedTuple) as its variables, and no others.

    It is remembered by all that it is told, so it cannot be out of date: the template must not
    ask for the time, for the request or for the database. Two values that are equal must look
    the same. `length` is that of the texts in it that may be long; beyond `LONGEST` it is drawn
    each time.
    """
    if length > LONGEST or settings.DEBUG:
        return _draw(template, values)
    return _remembered(template, values)


def _draw(template: str, values: Any) -> SafeString:
    return render_to_string(template, values._asdict())


_remembered = lru_cache(maxsize=_MANY)(_draw)
