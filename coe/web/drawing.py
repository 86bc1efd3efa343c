"""Fragments of pages that are drawn once for the same values."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

LONGEST = 2_000
"""Characters of what people wrote, in a fragment that is remembered."""
_MANY = 4_096
"""Most fragments are of about a kilobyte, with what they were drawn from."""


def drawn(template: str, values: Any, *, length: int = 0) -> SafeString:
    """The template with the fields of `values` (a NamedTuple) as its variables, and no others.

    It is remembered by all that it is told, so it cannot be out of date: the template must not
    ask for the time, for the request or for the database. Two values that are equal must look
    the same: so no field holds a `SafeString` that people wrote, which equals what is escaped.
    `length` is that of the texts in it that may be long; beyond `LONGEST` it is drawn
    each time.
    """
    if length > LONGEST or settings.DEBUG:
        return _draw(template, values)
    return _remembered(template, values)


def drawn_with_token(
    template: str, values: Any, token: SafeString, *, length: int = 0
) -> SafeString:
    """`drawn`, with `token` wherever the template says `{{ token }}`: it differs for each page.

    `values` has a field of that name that says `TOKEN`.
    """
    remembers = length <= LONGEST and not settings.DEBUG
    first, *others = (_remembered_parts if remembers else _parts)(template, values)
    for part in others:
        first += token + part
    return first


TOKEN = "\x00"  # noqa: S105  no password
"""Stands for the token until it is known. No text that people wrote has this character in it."""


def _parts(template: str, values: Any) -> list[SafeString]:
    """What stands before, between and after the tokens: as safe as the whole that was drawn."""
    return [SafeString(part) for part in _draw(template, values).split(TOKEN)]


def _draw(template: str, values: Any) -> SafeString:
    return render_to_string(template, values._asdict())


_remembered = lru_cache(maxsize=_MANY)(_draw)
_remembered_parts = lru_cache(maxsize=_MANY // 4)(_parts)
