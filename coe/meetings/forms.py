from typing import Any
from uuid import UUID, uuid4

from django import forms

from coe.accounts.fields import PersonChoice
from coe.exports.report import Chapter
from coe.text.plain import TextField

MINUTES = (5, 10, 15, 20, 25, 30, 45, 60)
USUAL = 15
MOST_DECIDED = 2_000
"""Characters of one decision: a paragraph."""


class StartForm(forms.Form):
    """Who presents, how long everybody reads, who is there."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    presenter = PersonChoice(
        label="Who presents it",
        empty_label="Choose somebody",
        error_messages={"required": "Choose who presents it."},
    )
    minutes = forms.TypedChoiceField(
        label="Reading in silence",
        coerce=int,
        choices=[(each, f"{each} minutes") for each in MINUTES],
        help_text="Everybody reads the whole text before anybody speaks. You can give more time.",
        error_messages={"invalid_choice": "Choose one of the lengths that are offered."},
    )
    present = TextField(
        label="Who else is there",
        required=False,
        limit=5_000,
        help_text="A name on each line. It goes into the record.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, presenter: int | None = None) -> None:
        first = {"uid": uuid4(), "presenter": presenter, "minutes": USUAL}
        super().__init__(data, initial=first, auto_id="meeting-%s")


class DecisionForm(forms.Form):
    """What was decided, and about which part."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    chapter = forms.ChoiceField(
        label="About",
        required=False,
        error_messages={"invalid_choice": "This part is no longer there. Choose another."},
    )
    text = TextField(
        label="What was decided",
        limit=MOST_DECIDED,
        error_messages={"required": "Write down what was decided."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, data: Any = None, *, chapters: tuple[Chapter, ...], chapter: str = ""
    ) -> None:
        super().__init__(data, initial={"uid": uuid4(), "chapter": chapter}, auto_id="decided-%s")
        parts = [(each.slug, each.title) for each in chapters]
        field = self.fields["chapter"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "The whole COE"), *parts]


class DecisionKeyForm(forms.Form):
    """Which decision is taken back."""

    uid = forms.UUIDField()

    def key(self) -> UUID | None:
        """None where what came is no key."""
        return self.cleaned_data["uid"] if self.is_valid() else None
