"""The filters of a list, which live in its address, and what is said of those that are on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, with the address of the list without it."""

    label: str
    value: str
    address: str


class FilterForm(forms.Form):
    """What a list is narrowed by (`narrowing`) and how it is arranged, with what an address without
    a word about that means (`arranging`). Nothing in it is required."""

    narrowing: ClassVar[tuple[str, ...]] = ()
    arranging: ClassVar[Mapping[str, str]] = {}

    def chips(self) -> list[Chip]:
        """In the order of the form; of those that were understood."""
        kept = self.address()
        return [
            Chip(str(self.fields[name].label), self._called(name), _without(kept, name))
            for name in self._that_are_on()
        ]

    def address(self) -> QueryDict:
        """What the address of the list has to hold: the filters that are on, and another order."""
        query = QueryDict(mutable=True)
        for name in self._that_are_on():
            value = self.cleaned_data[name]
            query[name] = "on" if value is True else str(value)
        for name, usual in self.arranging.items():
            if (chosen := self.cleaned_data.get(name) or usual) != usual:
                query[name] = chosen
        return query

    def offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        """Let one choose among these."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _that_are_on(self) -> list[str]:
        off = (None, "", False)
        return [each for each in self.narrowing if self.cleaned_data.get(each) not in off]

    def _called(self, name: str) -> str:
        value = self.cleaned_data[name]
        if value is True:
            return ""
        if isinstance(value, date):
            return f"{value:%-d %B %Y}"
        choices: Any = getattr(self.fields[name], "choices", ())
        called = {str(key): label for key, label in choices}
        return str(called.get(str(value), value)).lstrip("– ")


def _without(query: QueryDict, name: str) -> str:
    rest = query.copy()
    rest.pop(name, None)
    return f"?{rest.urlencode()}" if rest else "?"
