from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q

from coe.accounts.models import User
from coe.actions.models import ActionItem, Priority
from coe.actions.services import add_action, save_action
from coe.documents.forms import RowForm
from coe.documents.models import Document, DocumentRow
from coe.text.plain import LineField, TextField
from coe.whys.models import Cause


class ActionForm(RowForm):
    model = ActionItem

    title = LineField(
        label="What will be done",
        error_messages={"required": "Say what will be done: a verb and an outcome."},
        limit=200,
        help_text="A verb and an outcome: “Add an alarm for more than 1 % failed checkouts”.",
    )
    done_when = TextField(
        label="Done when",
        required=False,
        help_text="How anybody can tell.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True), required=False, empty_label="Nobody yet"
    )
    due_on = forms.DateField(
        label="Due", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    priority = forms.TypedChoiceField(choices=Priority, coerce=int, initial=Priority.P2)
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Not decided"), *ActionItem.Kind.choices]
    )
    cause = forms.ModelChoiceField(
        Cause.objects.none(),
        label="Cause it answers",
        required=False,
        empty_label="None yet",
        to_field_name="uid",
    )
    tracker = forms.URLField(
        label="Link to the team's tracker", required=False, max_length=1000, assume_scheme="https"
    )

    def __init__(
        self, data: Any = None, *, document: Document, row: DocumentRow | None = None
    ) -> None:
        super().__init__(data, document=document, row=row)
        cause = self.fields["cause"]
        assert isinstance(cause, forms.ModelChoiceField)
        cause.queryset = Cause.objects.filter(document=document)
        if isinstance(row, ActionItem):
            self._keep_owner(row)

    def _keep_owner(self, item: ActionItem) -> None:
        """Offer an owner who is not active as well, so that saving the row does not lose them."""
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = User.objects.filter(Q(is_active=True) | Q(pk=item.owner_id))

    def initial_of(self, row: ActionItem) -> dict[str, Any]:
        return super().initial_of(row) | {"cause": row.cause and row.cause.uid}

    def add(self, uid: UUID, values: dict[str, Any], *, by: User) -> None:
        add_action(self.document, uid=uid, values=_columns(values), by=by)

    def write(self, version: int, values: dict[str, Any], *, by: User) -> None:
        assert isinstance(self.row, ActionItem)
        save_action(self.row, version=version, values=_columns(values), by=by)


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    """The form's values with people and causes by key, as the history compares them."""
    owner, cause = values.pop("owner"), values.pop("cause")
    return values | {"owner_id": owner and owner.pk, "cause_id": cause and cause.pk}
