"""What the templates of widgets need: `{% load widgets %}`."""

from collections.abc import Mapping
from functools import lru_cache

from django import template
from django.forms.utils import flatatt
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def attributes(values: Mapping[str, object]) -> SafeString:
    """`<input{{ widget.attrs|attributes }}>`: a space before each, those that are False left out."""
    return _written(
        tuple(
            (name, value if isinstance(value, bool) else str(value))
            for name, value in values.items()
        )
    )


@lru_cache(maxsize=2048)
def _written(pairs: tuple[tuple[str, str | bool], ...]) -> SafeString:
    """Most pages have the same fields as the page before."""
    return flatatt(dict(pairs))
