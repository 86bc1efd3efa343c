"""The filters of the list, which live in its address."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms

from coe.accounts.models import Team, User
from coe.accounts.queries import in_tree_order, teams_below
from coe.documents.models import State
from coe.incidents.models import Category, Service, Severity
from coe.library.places import Order
from coe.library.queries import FAILED, PUBLISHED, RETRACTED, Catalogue, Filters
from coe.text.plain import LineField
from coe.web import filters

SEVERITIES = [(severity.value, f"Sev {severity.value}") for severity in Severity]
STATES = [
    (PUBLISHED, "Published"),
    *State.choices,
    (FAILED, "An action item did not hold"),
    (RETRACTED, "Retracted"),
]
LATE = "late"
MOST_WORDS = 8
"""More of them find nothing more, and each costs a look at everything that was written."""


class FilterForm(filters.FilterForm):
    """What the list is narrowed by and how it is sorted. Nothing in it is required."""

    narrowing = ("q", "team", "service", "severity", "category", "state", "year", "owner", "clock")
    arranging = {"sort": Order.IMPACT}

    q = LineField(label="Words", required=False, limit=200)
    team = forms.TypedChoiceField(label="Team", required=False, coerce=int, empty_value=None)
    service = forms.TypedChoiceField(label="Service", required=False, coerce=int, empty_value=None)
    severity = forms.TypedChoiceField(
        label="Severity",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Any severity"), *SEVERITIES],
    )
    category = forms.ChoiceField(
        label="Kind of incident",
        required=False,
        choices=[("", "Any kind"), *Category.choices],
    )
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any state"), *STATES])
    year = forms.TypedChoiceField(label="Year", required=False, coerce=int, empty_value=None)
    owner = forms.TypedChoiceField(label="Owner", required=False, coerce=int, empty_value=None)
    clock = forms.ChoiceField(
        label="Due date", required=False, choices=[("", "Late or not"), (LATE, "Late")]
    )
    sort = forms.ChoiceField(label="Sorted by", required=False, choices=Order.choices)

    def __init__(self, data: Any, *, catalogue: Catalogue) -> None:
        super().__init__(data)
        self.catalogue = catalogue
        self.offer("team", [("", "Any team"), *team_choices(catalogue.teams)])
        self.offer("service", [("", "Any service"), *named(catalogue.services)])
        self.offer("owner", [("", "Anybody"), *named(catalogue.owners)])
        self.offer("year", [("", "Any year"), *((year, str(year)) for year in catalogue.years)])

    def clean_q(self) -> str:
        words: str = self.cleaned_data["q"]
        if len(words.split()) > MOST_WORDS:
            raise forms.ValidationError(f"Search for at most {MOST_WORDS} words at once.")
        return words

    def filters(self) -> Filters:
        """What was understood; a filter that was not is left out, and said beside its field."""
        self.full_clean()
        given = {
            name: self.cleaned_data[name]
            for name in ("severity", "category", "state", "year")
            if self.cleaned_data.get(name)
        }
        team = self.cleaned_data.get("team")
        return Filters(
            words=tuple(self.cleaned_data.get("q", "").split()),
            teams=teams_below(self.catalogue.teams, team) if team else None,
            service_id=self.cleaned_data.get("service"),
            owner_id=self.cleaned_data.get("owner"),
            is_late=self.cleaned_data.get("clock") == LATE,
            **given,
        )

    def chosen_team(self) -> Team | None:
        """The team that was chosen."""
        key = self.cleaned_data.get("team")
        return next((each for each in self.catalogue.teams if each.pk == key), None)

    def chosen_service(self) -> Service | None:
        """The service that was chosen."""
        key = self.cleaned_data.get("service")
        return next((each for each in self.catalogue.services if each.pk == key), None)

    def order(self) -> Order:
        return Order(self.cleaned_data.get("sort") or Order.IMPACT)


def team_choices(teams: Iterable[Team]) -> list[tuple[int, str]]:
    """Each team below the one it is part of, further in."""
    tree = in_tree_order(teams)
    return [(team.pk, f"{'– ' * len(above)}{team.name}") for above, team in tree]


def named(things: Iterable[Service | User]) -> Iterator[tuple[int, str]]:
    return ((each.pk, each.name) for each in things)
