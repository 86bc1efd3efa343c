import json
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import URLValidator
from django.db.models import Q
from django.utils.timezone import localdate

from coe.accounts.models import User
from coe.actions.models import ActionItem, Priority
from coe.actions.services import add_action, save_action
from coe.documents.forms import RowForm
from coe.documents.models import Document, DocumentRow
from coe.policies.rules import GuideRules
from coe.text.plain import LineField, TextField
from coe.web.forms import DayInput, RowChoice
from coe.whys.models import Cause

URGENCY = {
    Priority.P0: "it could happen again tomorrow",
    Priority.P1: "it could happen again soon",
    Priority.P2: "it could happen again this year",
    Priority.P3: "it is unlikely to happen again",
}
"""Why it is done so soon: when it could happen again, on one scale from P0 to P3."""


class AddressField(LineField):
    """An address that is http or https."""

    address = forms.URLField(assume_scheme="https", max_length=1000)
    is_web = URLValidator(schemes=["http", "https"])

    def clean(self, value: Any) -> str:
        line = super().clean(value)
        if not line:
            return ""
        address = str(self.address.clean(line))
        self.is_web(address)
        return address


class TrackerField(LineField):
    """A ticket by its key, like PRC-881, or by its address; an address is http or https.

    What holds a slash or a colon is meant as an address.
    """

    address = AddressField(limit=1000)

    def clean(self, value: Any) -> str:
        line = super().clean(value)
        return str(self.address.clean(line)) if {"/", ":"} & set(line) else line


class ActionForm(RowForm):
    model = ActionItem

    title = LineField(
        label="What will be done",
        error_messages={"required": "Say what will be done: a verb and an outcome."},
        limit=200,
        help_text="A verb and an outcome: “Add an alarm for more than 1 % failed checkouts”.",
    )
    owner = RowChoice(User.objects.filter(is_active=True), required=False, empty_label="Nobody yet")
    priority = forms.TypedChoiceField(
        choices=[(each.value, f"{each.label}: {URGENCY[each]}") for each in Priority],
        coerce=int,
        initial=Priority.P2,
    )
    due_on = forms.DateField(
        label="Due",
        required=False,
        help_text="Proposed from the priority. Move it as you need.",
        widget=DayInput,
    )
    done_when = TextField(
        label="Done when",
        required=False,
        help_text="How anybody can tell.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Not decided"), *ActionItem.Kind.choices]
    )
    cause = RowChoice(
        Cause.objects.none(),
        label="Cause it answers",
        required=False,
        empty_label="None yet",
        to_field_name="uid",
    )
    tracker = TrackerField(
        limit=1000,
        label="Ticket",
        required=False,
        help_text="Its key, like PRC-881, or its address in your tracker.",
    )

    def __init__(
        self, data: Any = None, *, document: Document, row: DocumentRow | None = None
    ) -> None:
        super().__init__(data, document=document, row=row)
        cause = self.fields["cause"]
        assert isinstance(cause, RowChoice)
        cause.queryset = Cause.objects.filter(document=document)
        if isinstance(row, ActionItem):
            self._keep_owner(row)

    def _keep_owner(self, item: ActionItem) -> None:
        """Offer an owner who is not active as well, so that saving the row does not lose them."""
        owner = self.fields["owner"]
        assert isinstance(owner, RowChoice)
        owner.queryset = User.objects.filter(Q(is_active=True) | Q(pk=item.owner_id))

    def advise(self, rules: GuideRules) -> None:
        """Say beside each priority within how many days the guide of the COE wants it done, and
        propose such a day for a new item: from today in its zone, as its team counts days.

        It is advice and never enforced: who is shown the form is advised, who saves it is not.
        """
        priority = self.fields["priority"]
        assert isinstance(priority, forms.TypedChoiceField)
        priority.choices = [
            (each.value, f"{each.label}: {URGENCY[each]}{_in_brackets(rules.due_within(each))}")
            for each in Priority
        ]
        if self.row is None:
            today = localdate(timezone=ZoneInfo(self.document.zone))
            days = {each: str(rules.due_by(each, today)) for each in rules.due_days}
            priority.widget.attrs["data-due"] = json.dumps(days)
            self.initial["due_on"] = days.get(priority.initial)

    def propose_owner(self, person: User) -> None:
        """Propose `person` as the owner of a new item, where the COE is theirs."""
        if self.row is None and self.document.owner_id == person.pk:
            self.initial["owner"] = person.pk

    def answer(self, cause: UUID | None) -> None:
        """Stand below a cause, with names of its own beside the form for any other item."""
        self.auto_id = f"answer-{cause}-%s"
        self.fields["title"].widget.attrs["data-focus"] = not self.is_bound

    def initial_of(self, row: ActionItem) -> dict[str, Any]:
        return super().initial_of(row) | {"cause": row.cause and row.cause.uid}

    def add(
        self, uid: UUID, values: dict[str, Any], *, by: User, token: UUID | None
    ) -> DocumentRow:
        return add_action(self.document, uid=uid, values=_columns(values), by=by, token=token)

    def write(self, version: int, values: dict[str, Any], *, by: User, token: UUID | None) -> None:
        assert isinstance(self.row, ActionItem)
        save_action(self.row, version=version, values=_columns(values), by=by, token=token)


def _in_brackets(words: str) -> str:
    return f" ({words})" if words else ""


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    """The form's values with people and causes by key, as the history compares them."""
    owner, cause = values.pop("owner"), values.pop("cause")
    return values | {"owner_id": owner and owner.pk, "cause_id": cause and cause.pk}
