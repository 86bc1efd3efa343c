from django import forms

from coe.text.plain import TextField


class RetractForm(forms.Form):
    """Why the version that was on the screen is retracted."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = TextField(
        label="Why it is retracted",
        help_text="Everybody who follows a link to it reads this. Repeat nothing that has to go.",
        limit=2_000,
        error_messages={"required": "Say why, so that whoever relied on it knows what to think."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
