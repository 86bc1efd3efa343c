"""The forms in which the draft of the guide is written."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from coe.accounts.models import Team, User
from coe.administration.forms import RecordForm
from coe.administration.guide_words import UNITS, category_label, severity_choices
from coe.documents.models import Document
from coe.guidance.findings import Check
from coe.guidance.registry import BY_ID
from coe.incidents.models import Category
from coe.policies.editing import question_facts, ruling_facts
from coe.policies.models import Guide, Part, Ruling
from coe.policies.rules import BY_SEVERITY, Asking, Level, Limit
from coe.text.plain import LineField

MOST_OF_A_LIMIT = 100_000
MAY_BE_NONE = (Limit.VERIFY_DAYS, Limit.MOVE_DAYS)
"""Where none is a rule as well: verified on the day on which it is done, moved never alone."""
NEVER_BLOCKS = (
    "It cannot block review: sometimes there is nothing to mend, and a reason is all that can "
    "be asked."
)


class QuestionForm(RecordForm):
    """A question, and which COEs it is asked of."""

    @staticmethod
    def facts_of(row: Any) -> dict[str, Any]:
        return question_facts(row)

    part = forms.ChoiceField(choices=Part, label="Part")
    text = LineField(
        limit=200,
        label="Question",
        help_text="One that has led to a correction somewhere, and that nobody answers with yes.",
        error_messages={"required": "Type the question."},
    )
    hint = LineField(
        limit=300, required=False, label="Hint", help_text="Stands below it and says where to look."
    )
    severities = forms.TypedMultipleChoiceField(
        choices=severity_choices,
        coerce=int,
        required=False,
        label="Asked of",
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none to ask it of COEs of every severity.",
    )
    categories = forms.MultipleChoiceField(
        choices=Category,
        required=False,
        label="Asked of incidents of the kind",
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none to ask it of every kind.",
    )
    team = forms.ModelChoiceField(
        Team.objects.all(),
        required=False,
        empty_label="Every team",
        label="Team",
        help_text="This team and the teams below it.",
    )

    def _shown(self, fact: str, stored: Any) -> str:
        if fact == "severities":
            return ", ".join(f"Sev {each}" for each in stored[fact]) or "every severity"
        if fact == "categories":
            return ", ".join(map(category_label, stored[fact])) or "every kind"
        return super()._shown(fact, stored)


class RulingForm(RecordForm):
    """What the draft says of a check, a limit or a section, and for which COEs."""

    @staticmethod
    def facts_of(row: Any) -> dict[str, Any]:
        return ruling_facts(row)

    value = forms.Field()
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

    def __init__(
        self, data: Any = None, *, about: str, name: str, row: Ruling | None = None
    ) -> None:
        super().__init__(data, row=row)
        self.auto_id = f"ruling-{row.pk if row else 'new'}-%s"
        self.fields["value"] = _value_field(about, name)
        if name.partition(":")[0] in BY_SEVERITY:
            del self.fields["severity"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return {"severity": None, **cleaned}

    def _shown(self, fact: str, stored: Any) -> str:
        if fact == "category":
            return f"“{category_label(stored[fact])}”" if stored[fact] else "every kind"
        return super()._shown(fact, stored)


def _value_field(about: str, name: str) -> forms.Field:
    if about == "limits":
        limit = Limit(name.partition(":")[0])
        return forms.IntegerField(
            label=UNITS.get(limit, "minutes").capitalize(),
            min_value=0 if limit in MAY_BE_NONE else 1,
            max_value=MOST_OF_A_LIMIT,
            error_messages={"required": "Type a number.", "invalid": "Type a whole number."},
        )
    if about == "sections":
        return forms.ChoiceField(choices=Asking.choices, label="Wanted")
    return _level_field(BY_ID[name])


def _level_field(check: Check) -> forms.Field:
    levels = [each for each in Level if check.weight(each) == each]
    return forms.ChoiceField(
        choices=[(each.value, each.label) for each in levels],
        label="Level",
        help_text="" if Level.BLOCKS in levels else NEVER_BLOCKS,
        error_messages={"invalid_choice": "Choose one of the levels of this check."},
    )


class SinceForm(forms.Form):
    """The version that another is compared with: one of the `earlier` ones."""

    since = forms.ModelChoiceField(
        Guide.objects.none(), to_field_name="version", empty_label=None, label="Beside"
    )

    def __init__(self, data: Any = None, *, earlier: QuerySet[Guide]) -> None:
        super().__init__(data)
        self.fields["since"].queryset = earlier  # type: ignore[attr-defined]


class PreviewForm(forms.Form):
    """The COE that a version of the guide is tried on: one that `reader` may read."""

    coe = LineField(
        label="COE",
        limit=20,
        help_text="Its reference, like COE-2026-0042. You can choose those that you may read.",
        error_messages={"required": "Say which COE to try it on."},
    )

    def __init__(self, data: Any = None, *, reader: User) -> None:
        self.reader = reader
        super().__init__(data)

    def clean_coe(self) -> Document:
        reference = self.cleaned_data["coe"].upper()
        readable = Document.objects.visible_to(self.reader).not_retracted()
        readable = readable.with_readers_fields()
        document = readable.filter(reference=reference).first()
        if document is None:
            raise ValidationError("There is no COE of this reference that you may read.")
        return document
