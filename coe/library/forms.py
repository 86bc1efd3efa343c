from django import forms

from coe.documents.models import State
from coe.library.queries import PUBLISHED
from coe.text.plain import LineField


class FilterForm(forms.Form):
    """The filters of the list; they live in its address."""

    q = LineField(label="Words", required=False, limit=200)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any state"), (PUBLISHED, "Published"), *State.choices],
    )
