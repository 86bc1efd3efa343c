from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import Truncator

from coe.accounts.fields import PersonChoice
from coe.accounts.models import User
from coe.accounts.queries import active_people
from coe.documents.forms import RowForm
from coe.documents.models import Document, DocumentRow
from coe.incidents.durations import durations
from coe.text.plain import LineField, MarkdownField, TextField
from coe.whys.models import Cause, Explanation, Safeguard
from coe.whys.outlines import QUESTIONS, Place, draw_causes, question_texts
from coe.whys.services import ExplainsItself, add_cause, save_cause

GONE = "Select a valid choice. That cause may have been removed meanwhile."


class ApproverField(PersonChoice):
    """Somebody who accepts a risk: an active person, or who did so and is none now."""

    def keep(self, person_id: int | None) -> None:
        """Offer this person as well, so that saving the row does not lose who accepted it."""
        known = Q(pk__in=active_people()) | Q(pk=person_id)
        self.queryset = User.objects.filter(known)

    def label_from_instance(self, obj: User) -> str:
        label = super().label_from_instance(obj)
        is_known = obj.is_active or obj.is_placeholder
        return label if is_known else f"{label}, deactivated"


class CauseForm(RowForm):
    """A cause, and what it explains: one of the starting questions itself, or other causes."""

    model = Cause

    text = TextField(
        label="Why",
        help_text="One cause. Ask why it was possible, not who did it.",
        error_messages={"required": "Say why, in a sentence."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    primary = forms.ChoiceField(
        label="It explains", required=False, error_messages={"invalid_choice": GONE}
    )
    also = forms.MultipleChoiceField(
        label="It also explains",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": GONE},
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
    risk_reason = TextField(
        label="Why the risk is accepted",
        required=False,
        help_text="Only where nothing will be done about it: the reason, and who accepted it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    risk_approver = ApproverField(
        label="Who accepted the risk",
        required=False,
        empty_label="Nobody yet",
    )

    def __init__(
        self, data: Any = None, *, document: Document, row: DocumentRow | None = None
    ) -> None:
        causes = Cause.objects.filter(document=document)
        places = draw_causes(causes, Explanation.objects.filter(document=document))
        self.others = {
            str(place.cause.uid): place for place in places if row is None or place.cause != row
        }
        super().__init__(data, document=document, row=row)
        choices = [(uid, _option(place)) for uid, place in self.others.items()]
        asked = question_texts(
            durations({m.kind: m.instant for m in document.incident.milestones.all() if m.instant})
        )
        self._offer("primary", [*((each.value, asked[each]) for each in QUESTIONS), *choices])
        self._offer("also", choices)
        if not choices:
            del self.fields["also"]
        approver = self.fields["risk_approver"]
        assert isinstance(approver, ApproverField)
        if isinstance(row, Cause):
            approver.keep(row.risk_approver_id)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def initial_of(self, row: Cause) -> dict[str, Any]:
        explains = row.content()["explains"]
        known = {
            "primary": explains[0] if explains else row.answers,
            "also": explains[1:],
            "risk_approver": row.risk_approver_id,
        }
        return super().initial_of(row) | known

    def initial_of_new(self) -> dict[str, Any]:
        """As sure as the newest cause is: who is, mostly stays so."""
        causes = (place.cause for place in self.others.values())
        newest = max(causes, key=lambda cause: cause.pk, default=None)
        proposed = {"confidence": newest.confidence} if newest else {}
        return super().initial_of_new() | proposed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("also") and cleaned.get("primary", "") not in self.others:
            self.add_error("primary", "Choose what it explains first of all.")
        if cleaned.get("risk_approver") and cleaned.get("risk_reason") == "":
            self.add_error(
                "risk_reason", "Say why the risk was accepted, or leave out who accepted it."
            )
        return cleaned

    def add(
        self, uid: UUID, values: dict[str, Any], *, by: User, token: UUID | None
    ) -> DocumentRow:
        values, explains = self._taken_apart(values)
        return add_cause(
            self.document, uid=uid, values=values, explains=explains, by=by, token=token
        )

    def write(self, version: int, values: dict[str, Any], *, by: User, token: UUID | None) -> None:
        assert isinstance(self.row, Cause)
        values, explains = self._taken_apart(values)
        try:
            save_cause(
                self.row, version=version, values=values, explains=explains, by=by, token=token
            )
        except ExplainsItself as error:
            raise ValidationError({"primary": str(error)}) from error

    def _taken_apart(self, values: dict[str, Any]) -> tuple[dict[str, Any], list[Cause]]:
        """The columns, and the effects: the primary one first and each once.

        The question that it answers is only written where it answers one itself.
        """
        primary, also = values.pop("primary"), values.pop("also", ())
        approver = values.pop("risk_approver")
        values = values | {"risk_approver_id": approver and approver.pk}
        if primary not in self.others:
            return values | {"answers": primary or QUESTIONS[0].value}, []
        explains = dict.fromkeys([primary, *also])
        return values, [self.others[uid].cause for uid in explains]


class KindForm(RowForm):
    """Of which kind a cause is and how sure that is: chosen where the cause is read."""

    model = Cause

    kind = forms.ChoiceField(required=False, choices=Cause.Kind)
    confidence = forms.ChoiceField(choices=Cause.Confidence)


def _option(place: Place) -> str:
    return f"{place.branch.number} {Truncator(place.cause.text).chars(80)}"


class SafeguardForm(RowForm):
    model = Safeguard

    name = LineField(
        limit=200,
        label="Which check",
        error_messages={"required": "Name the check, like “canary at 1 % of the fleet”."},
    )
    kind = forms.ChoiceField(choices=Safeguard.Kind, label="Kind")
    outcome = forms.ChoiceField(
        choices=Safeguard.Outcome,
        label="What it did",
        initial=Safeguard.Outcome.FAILED,
        widget=forms.RadioSelect,
    )
    why = MarkdownField(
        label="Why",
        required=False,
        help_text="Why a check that existed let it pass is usually the best action item.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
