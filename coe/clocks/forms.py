"""Registering an incident before its COE, and deciding that it needs none."""

from datetime import datetime
from typing import Any

from django import forms

from coe.accounts.models import User
from coe.documents.forms import OpenForm
from coe.incidents.models import Category, Incident
from coe.incidents.registering import change_incident, register_incident
from coe.text.plain import TextField


class RegisterForm(OpenForm):
    """What is known of an incident right after it."""

    form = None  # type: ignore[assignment]
    is_restricted = None  # type: ignore[assignment]

    def __init__(
        self, data: Any = None, *, user: User, now: datetime, incident: Incident | None = None
    ) -> None:
        super().__init__(data, user=user, approved_by=None, now=now, incident=incident)
        self.fields["team"].help_text = (
            "The team whose service it was. It finds the incident among those without a COE, and "
            "so do the managers above it."
        )

    def register(self, *, by: User) -> Incident:
        """Register it; raises what `register_incident` raises."""
        return register_incident(by=by, **self._said())

    def _said(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        del values["zone"]
        values["category"] = values["category"] or Category.OUTAGE
        return values


class ChangeForm(RegisterForm):
    """What is known of a registered incident by now."""

    uid = None  # type: ignore[assignment]
    version = forms.IntegerField(widget=forms.HiddenInput)  # type: ignore[assignment]

    def __init__(self, data: Any = None, *, user: User, now: datetime, incident: Incident) -> None:
        super().__init__(data, user=user, now=now, incident=incident)
        self.initial["version"] = incident.version

    def change(self, *, by: User) -> Incident:
        """Write it; raises what `change_incident` raises."""
        assert self.incident
        return change_incident(self.incident, by=by, **self._said())


class SetAsideForm(forms.Form):
    """Why an incident needs no COE."""

    reason = TextField(
        label="Why it needs no COE",
        help_text="Whoever finds it in the list reads this.",
        limit=2_000,
        error_messages={"required": "Say why, so that nobody has to ask you in a year."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
