from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms

from coe.accounts.models import User
from coe.accounts.queries import active_people
from coe.actions.forms import ActionForm
from coe.actions.models import ActionItem
from coe.reviews.loads import Load
from coe.reviews.proposals import Seen, read_seen
from coe.text.plain import TextField
from coe.web.forms import DayInput, RowChoice

WRITTEN = ("title", "done_when", "reason")
"""The fields whose words somebody would miss."""


class SeenField(forms.CharField):
    """What was on the screen, as `written` has it."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Seen:
        seen = read_seen(super().clean(value))
        if seen is None:
            raise forms.ValidationError("This page is out of date. Load it again.")
        return seen


class SeenForm(forms.Form):
    seen = SeenField()

    def typed(self) -> str:
        """What was written, for whoever would have to write it again."""
        words = (self[name].value() or "" for name in WRITTEN if name in self.fields)
        return "\n\n".join(filter(None, words))


class ReasonForm(SeenForm):
    reason = TextField(
        label="Why",
        limit=10_000,
        help_text="Whoever proposed it reads this, and it is printed beside the item.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RejectForm(ReasonForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].error_messages["required"] = (
            "Say why it is rejected, so that its authors understand."
        )


class OwnerChoice(RowChoice):
    """Somebody, with what they have to do already."""

    loads: Mapping[int, Load] = {}

    def label_from_instance(self, obj: User) -> str:
        load = self.loads.get(obj.pk)
        if load is None or load.is_nothing:
            return obj.name
        open_ones = len(load.promises)
        parts = (
            f"{open_ones} open" if open_ones else "",
            f"{load.late} late" if load.late else "",
            f"{len(load.proposed)} proposed" if load.proposed else "",
        )
        return f"{obj.name} ({', '.join(part for part in parts if part)})"


class ChangeForm(ReasonForm):
    """What the manager would have otherwise, and why."""

    field_order = ("seen", "owner", "due_on", "priority", "title", "done_when", "reason")

    owner = OwnerChoice(
        active_people(),
        empty_label="Choose who",
        help_text="In brackets what they have promised already, as far as you may see it.",
        error_messages={"required": "Somebody has to own it. Choose who."},
    )
    due_on = forms.DateField(
        label="Due",
        widget=DayInput,
        error_messages={"required": "It has to be due on a day. Choose one."},
    )
    priority = ActionForm.base_fields["priority"]
    title = ActionForm.base_fields["title"]
    done_when = ActionForm.base_fields["done_when"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].error_messages["required"] = (
            "Say why it was changed, so that its owner understands."
        )

    def weigh(self, loads: Mapping[int, Load]) -> None:
        """Say beside each person what they have to do already."""
        owner = self.fields["owner"]
        assert isinstance(owner, OwnerChoice)
        owner.loads = loads

    @staticmethod
    def initial_of(item: ActionItem, seen: str) -> dict[str, Any]:
        names = ("owner_id", "due_on", "priority", "title", "done_when")
        values = {name.removesuffix("_id"): getattr(item, name) for name in names}
        return {"seen": seen, **values}

    def columns(self) -> dict[str, Any]:
        """What was typed, by column of the proposal."""
        data = self.cleaned_data
        names = ("due_on", "priority", "title", "done_when")
        return {"owner_id": data["owner"].pk} | {name: data[name] for name in names}


def read_many(values: list[str]) -> dict[UUID, Seen] | None:
    """What was ticked: action items, each as it was seen; None where that is not what our page
    sends."""
    pairs = [each.partition("|") for each in values]
    found = [(uid, read_seen(rest)) for uid, _, rest in pairs]
    try:
        return (
            {UUID(uid): seen for uid, seen in found if seen}
            if all(seen for _, seen in found)
            else None
        )
    except ValueError:
        return None
