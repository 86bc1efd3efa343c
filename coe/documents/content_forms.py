"""The forms of the rows in `contents`."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.forms import RowForm
from coe.text.amounts import UnreadableAmount, format_amount, parse_amount
from coe.text.plain import LineField, MarkdownField, TextField

MOST_PERCENT = 100


class AmountField(LineField):
    """How many, as people write it (`parse_amount`).

    Cleans to a Decimal of at most four places, None where it is empty. A unit has its own field.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(limit=60, required=False, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text)
        except UnreadableAmount as error:
            raise ValidationError(str(error), code="unreadable") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether it is another number than `initial`, however it is written."""
        if not isinstance(initial, Decimal):
            return super().has_changed(initial, data)
        try:
            return self.clean(data) != initial
        except ValidationError:
            return True

    def prepare_value(self, value: Any) -> Any:
        return format_amount(value) if isinstance(value, Decimal) else value


class FigureForm(RowForm):
    model = ImpactFigure

    what = LineField(
        limit=200,
        label="What was counted",
        error_messages={"required": "Say what was counted, like “customers who saw errors”."},
    )
    amount = AmountField(
        label="How many",
        help_text="A number, like 18,400. Leave it empty while nobody knows: that is shown.",
    )
    unit = LineField(
        limit=40, required=False, label="Unit", help_text="customers, requests, %, minutes, EUR"
    )
    source = forms.ChoiceField(
        choices=ImpactFigure.Source, initial=ImpactFigure.Source.ESTIMATED, label="How we know"
    )
    basis = TextField(
        label="Basis",
        required=False,
        help_text="Where the number comes from, or what the estimate rests on.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        amount = cleaned.get("amount")
        if amount is not None and amount < 0:
            self.add_error("amount", "Impact is counted from nothing upwards: leave the sign away.")
        if amount is not None and cleaned.get("unit", "") == "%" and amount > MOST_PERCENT:
            self.add_error(
                "amount", "More than 100 % of what? If it is a count, name what is counted as unit."
            )
        return cleaned


class LessonForm(RowForm):
    model = Lesson

    kind = forms.ChoiceField(
        choices=Lesson.Kind, label="What kind", initial=Lesson.Kind.WELL, widget=forms.RadioSelect
    )
    text = MarkdownField(
        label="What was learned",
        error_messages={"required": "Say what was learned."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RelatedForm(RowForm):
    model = RelatedItem

    kind = forms.ChoiceField(choices=RelatedItem.Kind, label="What it is")
    title = LineField(
        limit=200,
        label="Title",
        error_messages={"required": "Say what it is, so that a reader need not open it."},
        help_text="For an earlier COE its reference is enough: COE-2026-0042.",
    )
    url = forms.URLField(label="Link", required=False, max_length=1000, assume_scheme="https")
    note = TextField(
        label="Why it belongs here", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
