from django import forms

from coe.text.plain import TextField


class DecisionForm(forms.Form):
    """A verdict on the text with `digest`, read beside the `answers` to its findings (their
    digest, empty where there are none); asking for changes needs a note that says which."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    answers = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    note = TextField(
        label="Note to the owner",
        required=False,
        limit=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ChangesForm(DecisionForm):
    note = TextField(
        label="What should change",
        help_text="Say what is missing or unclear, and where. The owner reads this first.",
        limit=10_000,
        error_messages={"required": "Say what should change, so that the owner can act on it."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
