"""The filters of the list of action items, and the form that keeps them under a name."""

from typing import Any

from django import forms

from coe.accounts.queries import teams_below
from coe.actions.models import ActionItem, PromiseState
from coe.actions.models import Priority as Priorities
from coe.library.forms import MOST_WORDS, SEVERITIES, named, team_choices
from coe.text.plain import LineField
from coe.web import filters
from coe.web.forms import DayInput
from coe.whys.models import Cause
from coe.worklist.orders import NAMELESS, Group, Order
from coe.worklist.queries import ANY, DECISION, ME, NOBODY, NONE, VERIFICATION, Catalogue, Wanted

STATES = [("", "Still to be done"), *PromiseState.choices, (ANY, "Any state")]
WAITING = [
    ("", "Any or none"),
    (VERIFICATION, "Somebody to verify it"),
    (DECISION, "A decision"),
]
NOT_A_DAY = "Choose a day, like 2026-11-22."


def _number(label: str, **options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, required=False, coerce=int, empty_value=None, **options
    )


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=DayInput, error_messages={"invalid": NOT_A_DAY}
    )


class FilterForm(filters.FilterForm):
    """What the list is narrowed by, sorted and grouped. Nothing in it is required."""

    narrowing = (
        "q",
        "state",
        "owner",
        "team",
        "waiting",
        "priority",
        "since",
        "until",
        "service",
        "severity",
        "kind",
        "cause",
        "coe",
        "late",
        "moved",
    )
    arranging = {"sort": Order.DUE, "group": Group.NONE}

    q = LineField(label="Words", required=False, limit=200)
    state = forms.ChoiceField(label="State", required=False, choices=STATES)
    owner = forms.ChoiceField(label="Owner", required=False)
    team = _number("Team")
    waiting = forms.ChoiceField(label="Waits for", required=False, choices=WAITING)
    priority = _number("Priority", choices=[("", "Any priority"), *Priorities.choices])
    since = _day("Due from")
    until = _day("Due until")
    service = forms.ChoiceField(label="Service", required=False)
    severity = _number("Severity", choices=[("", "Any severity"), *SEVERITIES])
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Any kind"), *ActionItem.Kind.choices]
    )
    cause = forms.ChoiceField(
        label="Kind of cause",
        required=False,
        choices=[("", "Any cause"), *Cause.Kind.choices, (NONE, NAMELESS[Group.CAUSE])],
    )
    coe = LineField(label="COE", required=False, limit=20)
    late = forms.BooleanField(label="Late", required=False)
    moved = forms.BooleanField(label="Moved", required=False)
    sort = forms.ChoiceField(label="Sorted by", required=False, choices=Order.choices)
    group = forms.ChoiceField(label="Grouped by", required=False, choices=Group.choices)

    def __init__(self, data: Any, *, catalogue: Catalogue) -> None:
        super().__init__(data)
        self.catalogue = catalogue
        anybody = [("", "Anybody"), (ME, "Me"), (NOBODY, NAMELESS[Group.OWNER])]
        self.offer("owner", [*anybody, *named(catalogue.owners)])
        self.offer("team", [("", "Any team"), *team_choices(catalogue.teams)])
        any_service = [("", "Any service"), (NONE, NAMELESS[Group.SERVICE])]
        self.offer("service", [*any_service, *named(catalogue.services)])

    def clean_q(self) -> str:
        words: str = self.cleaned_data["q"]
        if len(words.split()) > MOST_WORDS:
            raise forms.ValidationError(f"Search for at most {MOST_WORDS} words at once.")
        return words

    def wanted(self) -> Wanted:
        """What was understood; a filter that was not is left out, and said beside its field."""
        self.full_clean()
        given = self.cleaned_data
        team = given.get("team")
        same = ("state", "waiting", "owner", "service", "priority", "kind", "cause", "severity")
        return Wanted(
            words=tuple(given.get("q", "").split()),
            teams=teams_below(self.catalogue.teams, team) if team else None,
            since=given.get("since"),
            until=given.get("until"),
            reference=given.get("coe", "").strip(),
            is_late=given.get("late", False),
            is_moved=given.get("moved", False),
            **{name: given[name] for name in same if name in given},
        )

    def order(self) -> Order:
        return Order(self.cleaned_data.get("sort") or Order.DUE)

    def grouped(self) -> Group:
        return Group(self.cleaned_data.get("group") or Group.NONE)

    def has_further(self) -> bool:
        """Whether one of the filters is on that are folded away."""
        return any(self.cleaned_data.get(name) for name in FURTHER)

    def further(self) -> list[forms.BoundField]:
        """The filters that are folded away until one of them is on."""
        return [self[name] for name in FURTHER]


FURTHER = ("since", "until", "service", "severity", "kind", "cause", "coe", "late", "moved")


class ViewForm(forms.Form):
    """A view to be kept: its name, and the address of the list as the page wrote it."""

    name = LineField(
        label="Name of this view",
        limit=60,
        error_messages={"required": "Give the view a name, like “Late in my team”."},
    )
    query = forms.CharField(required=False, widget=forms.HiddenInput)
    is_shared = forms.BooleanField(required=False, label="My team sees it too")
