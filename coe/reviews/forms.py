from collections.abc import Iterable
from typing import Any

from django import forms

from coe.accounts.fields import PersonChoice
from coe.accounts.models import User
from coe.accounts.queries import active_people
from coe.documents.models import Document, Participant
from coe.reviews.models import Reviewer
from coe.text.plain import TextField

LONG_NOTE = 10_000


class JudgementForm(forms.Form):
    """About the text with `digest`, read beside the `answers` to its findings (their digest, empty
    where there are none)."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    answers = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


class DecisionForm(JudgementForm):
    """A name under a text, with a word to its owner or with why one does not agree."""

    note = TextField(
        label="Note to the owner",
        required=False,
        limit=LONG_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    dissent = TextField(
        label="I disagree and commit, because",
        help_text="Only if you do. It is kept with your name and printed.",
        required=False,
        limit=LONG_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ChangesForm(JudgementForm):
    note = TextField(
        label="What should change",
        help_text="Say what is missing or unclear, and where. The owner reads this first.",
        limit=LONG_NOTE,
        error_messages={"required": "Say what should change, so that the owner can act on it."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AskForm(forms.Form):
    """Somebody who shall review it: offered are those who have no part in the COE yet."""

    person = PersonChoice(
        label="Ask somebody to review it",
        empty_label="Choose somebody",
        error_messages={"required": "Choose who shall review it."},
        help_text="They can read it, comment on it and sign it. You can let them go again.",
    )

    def __init__(self, data: Any = None, *, document: Document) -> None:
        super().__init__(data, auto_id="ask-%s")
        others = active_people().exclude(pk=document.owner_id)
        writing = Participant.Role.CONTRIBUTOR
        contributors = document.participants.filter(role=writing).values("user")
        field = self.fields["person"]
        assert isinstance(field, PersonChoice)
        field.queryset = others.exclude(pk__in=contributors)
        free = field.queryset.exclude(pk__in=document.participants.values("user"))
        offered = [(each.pk, field.label_from_instance(each)) for each in free]
        field.widget.choices = [("", field.empty_label), *offered]


class PersonForm(forms.Form):
    """Somebody who is on the page."""

    person = forms.ModelChoiceField(
        User.objects.all(),
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "This person is not there any more."},
    )


class ExcuseForm(forms.Form):
    """For whose signature the approval does not wait any more: offered (`offer`) are those it waits
    for."""

    person = PersonChoice(
        label="Approve it without",
        empty_label="Choose somebody",
        error_messages={"required": "Choose whom you do not wait for."},
    )
    reason = TextField(
        label="Why",
        help_text="They and the authors read it, and it stays with this round.",
        limit=LONG_NOTE,
        error_messages={"required": "Say why it is approved without them."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, document: Document) -> None:
        super().__init__(data, auto_id="excuse-%s")
        required = Reviewer.objects.filter(
            round__document=document, round__closed_at=None, is_required=True
        )
        field = self.fields["person"]
        assert isinstance(field, PersonChoice)
        field.queryset = User.objects.filter(pk__in=required.values("user"))

    def offer(self, waits: Iterable[User]) -> None:
        field = self.fields["person"]
        assert isinstance(field, PersonChoice)
        offered = [(each.pk, field.label_from_instance(each)) for each in waits]
        field.widget.choices = [("", field.empty_label), *offered]
