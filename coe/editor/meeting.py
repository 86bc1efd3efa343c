"""What was typed for one thing and what is stored of it, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

Pairs = tuple[tuple[str, str], ...]
"""The names and values that a form sends, in order."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two texts over one version of a thing: typed and, unless it was removed, stored.

    `subject` and `key` are its name in the history, `over` the version that was typed over.
    """

    subject: str
    key: object
    over: int
    typed: forms.Form
    stored: forms.Form | None


def differing(typed: forms.Form, stored: forms.Form) -> list[str]:
    """The names of the fields in which what was typed does not mean what is stored."""
    return [
        bound.name
        for bound in stored.visible_fields()
        if bound.field.has_changed(bound.initial, typed_value(typed, bound.name))
    ]


def typed_value(typed: forms.Form, name: str) -> Any:
    """What was typed in a field: the text as it would be stored where it can be, else as sent."""
    typed.is_valid()
    cleaned, sent = typed.cleaned_data.get(name), typed[name].data
    return cleaned if isinstance(cleaned, str) else sent


def pairs_of(data: QueryDict) -> Pairs:
    """What a form sent, without what the page adds by itself."""
    sent = ((name, str(value)) for name, values in data.lists() for value in values)
    return tuple(pair for pair in sent if pair[0] != "csrfmiddlewaretoken")


def shown_pairs(stored: forms.Form) -> Pairs:
    """What a browser sends of a form of what is stored, if nothing is touched."""
    return tuple((bound.html_name, value) for bound in stored for value in shown_values(bound))


def shown_values(bound: forms.BoundField) -> Sequence[str]:
    """What a browser sends of a field as it is shown."""
    value: Any = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return ["on"] if value else []
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return ["" if value is None else str(value)]
