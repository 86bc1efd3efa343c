"""The filters that are on, each with the address of the list without it."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from coe.library.forms import FilterForm
from coe.library.places import Order

FILTERS = ("q", "team", "service", "severity", "category", "state", "year", "owner", "clock")


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    value: str
    address: str


def chips_of(form: FilterForm) -> list[Chip]:
    """In the order of the form; of those that were understood."""
    kept = address_of(form)
    return [
        Chip(str(form.fields[name].label), _called(form, name), _without(kept, name))
        for name in FILTERS
        if form.cleaned_data.get(name) not in (None, "")
    ]


def address_of(form: FilterForm) -> QueryDict:
    """What the address of the list has to hold: the filters that are on, and another order."""
    query = QueryDict(mutable=True)
    for name in FILTERS:
        value = form.cleaned_data.get(name)
        if value not in (None, ""):
            query[name] = str(value)
    if form.order() != Order.IMPACT:
        query["sort"] = form.order()
    return query


def _called(form: FilterForm, name: str) -> str:
    value = form.cleaned_data[name]
    choices: Any = getattr(form.fields[name], "choices", ())
    called = {str(key): label for key, label in choices}
    return str(called.get(str(value), value)).lstrip("– ")


def _without(query: QueryDict, name: str) -> str:
    rest = query.copy()
    rest.pop(name, None)
    return f"?{rest.urlencode()}" if rest else "?"
