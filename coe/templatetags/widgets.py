"""What the templates of widgets need: `{% load widgets %}`."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from coe.web.forms import written_attributes

register = template.Library()


@register.filter
def attributes(values: Mapping[str, object]) -> SafeString:
    """`<input{{ widget.attrs|attributes }}>`: a space before each, what is False left out."""
    return written_attributes(values)


@register.filter
def options(choices: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """`<select>{{ choices|options:chosen }}</select>`: values with their labels."""
    return drawn_options(tuple(choices), chosen)


@lru_cache(maxsize=512)
def drawn_options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """The options of a list, drawn once for each that is chosen."""
    rows = ((value, " selected" if value == chosen else "", label) for value, label in choices)
    return format_html_join("\n", '<option value="{}"{}>{}</option>', rows)
