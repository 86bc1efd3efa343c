from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from coe.accounts.models import User
from coe.documents.forms import RowForm
from coe.documents.models import Document, DocumentRow
from coe.text.plain import TextField
from coe.whys.models import Cause
from coe.whys.services import ExplainsItself, add_cause, save_cause


class CauseForm(RowForm):
    kind_of_row = Cause.kind_of_row

    text = TextField(
        label="Why",
        help_text="One cause. Ask why it was possible, not who did it.",
        error_messages={"required": "Say why, in a sentence."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    primary = forms.ModelChoiceField(
        Cause.objects.none(),
        label="It explains",
        required=False,
        empty_label="The customer impact itself",
        to_field_name="uid",
    )
    also = forms.ModelMultipleChoiceField(
        Cause.objects.none(),
        label="It also explains",
        required=False,
        to_field_name="uid",
        widget=forms.CheckboxSelectMultiple,
    )
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Not decided"), *Cause.Kind.choices]
    )
    confidence = forms.ChoiceField(
        label="How sure",
        choices=Cause.Confidence,
        initial=Cause.Confidence.HYPOTHESIS,
    )
    evidence = forms.URLField(
        label="Evidence", required=False, max_length=1000, assume_scheme="https"
    )

    def __init__(
        self, data: Any = None, *, document: Document, row: DocumentRow | None = None
    ) -> None:
        super().__init__(data, document=document, row=row)
        others = Cause.objects.filter(document=document)
        if row:
            others = others.exclude(pk=row.pk)
        if not others.exists():
            del self.fields["also"]
        for name in self.fields.keys() & {"primary", "also"}:
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = others

    def initial_of(self, row: Cause) -> dict[str, Any]:
        explains = row.content()["explains"]
        known = {"primary": explains[0] if explains else None, "also": explains[1:]}
        return super().initial_of(row) | known

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("also") and not cleaned.get("primary"):
            self.add_error("primary", "Choose what it explains first of all.")
        return cleaned

    def add(self, uid: UUID, values: dict[str, Any], *, by: User) -> None:
        explains = _take_effects(values)
        add_cause(self.document, uid=uid, values=values, explains=explains, by=by)

    def write(self, version: int, values: dict[str, Any], *, by: User) -> None:
        assert isinstance(self.row, Cause)
        explains = _take_effects(values)
        try:
            save_cause(self.row, version=version, values=values, explains=explains, by=by)
        except ExplainsItself as error:
            raise ValidationError({"primary": str(error)}) from error


def _take_effects(values: dict[str, Any]) -> list[Cause]:
    """Take the effects out of the form's values, the primary one first and each once."""
    primary, also = values.pop("primary"), list(values.pop("also", ()))
    return [primary, *(cause for cause in also if cause != primary)] if primary else []
