"""Whom the draft of a guide asks to review, as a form."""

from collections.abc import Iterator
from typing import Any

from django import forms

from coe.accounts.models import Team
from coe.accounts.queries import active_people
from coe.administration.forms import RecordForm
from coe.administration.guide_words import severity_choices
from coe.incidents.models import Category
from coe.policies.models import GuideReviewer, Naming
from coe.policies.queries import ASKED


def people_and_roles() -> Iterator[tuple[str, str]]:
    """Who can be named, as `GuideReviewer.who` writes it: roles first, then people by name."""
    yield "", "Choose who is asked"
    yield Naming.LEADERS.value, "Every leader"
    for team in Team.objects.all():
        yield f"{Naming.MANAGER}:{team.pk}", f"The manager of {team.name}"
    for person in active_people():
        yield f"{Naming.PERSON}:{person.pk}", f"{person.name} ({person.email})"


class ReviewerForm(RecordForm):
    """Somebody who is asked to review, and which COEs; cleans to what `add_ruling` takes."""

    who = forms.ChoiceField(
        choices=people_and_roles,
        label="Who",
        error_messages={
            "required": "Choose a person or a role.",
            "invalid_choice": "Choose one of those who are here now.",
        },
    )
    severity = forms.TypedChoiceField(
        choices=lambda: [("", "Every severity"), *severity_choices()],
        coerce=int,
        empty_value=None,
        required=False,
        label="Severity",
    )
    category = forms.ChoiceField(
        choices=[("", "Every kind"), *Category.choices], required=False, label="Kind of incident"
    )
    team = forms.ModelChoiceField(
        Team.objects.all(), required=False, empty_label="Every team", label="Team"
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "who" not in cleaned:
            return cleaned
        naming, _, key = cleaned.pop("who").partition(":")
        row = GuideReviewer(naming=naming)
        if naming == Naming.PERSON:
            row.person_id = int(key)
        elif naming == Naming.MANAGER:
            row.managed_id = int(key)
        return {**cleaned, "ruling": row, "value": ASKED}
