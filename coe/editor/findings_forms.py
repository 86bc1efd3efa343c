from django import forms

from coe.text.plain import TextField

MOST_OF_A_REASON = 2000
"""Characters: it is read beside the finding, so it is a few sentences."""


class ReasonForm(forms.Form):
    """Why the finding with `key` may stand, typed `over` a reason (its digest) or over none."""

    key = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    over = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput, required=False)
    at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8)
    reason = TextField(
        limit=MOST_OF_A_REASON,
        label="Why it may stand",
        help_text="For your reviewers, who read it first: in a sentence or two.",
        error_messages={"required": "Say why it may stand, so that the reviewer can agree."},
        widget=forms.Textarea(attrs={"rows": 3, "data-focus": True}),
    )

    def __init__(
        self,
        data: object = None,
        *,
        key: str,
        over: str = "",
        at: str = "",
        reason: str = "",
    ) -> None:
        initial = {"key": key, "over": over, "at": at, "reason": reason}
        super().__init__(data, initial=initial, auto_id=f"reason-{key[:12]}-%s")  # type: ignore[arg-type]
        self.fields["reason"].widget.attrs["data-focus"] = not self.is_bound
