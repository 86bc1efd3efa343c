from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from coe.accounts.fields import PersonChoice
from coe.accounts.models import User
from coe.actions.forms import AddressField
from coe.actions.models import Promise, PromiseState
from coe.documents.models import Document
from coe.promises.dates import NO_REASON
from coe.promises.files import accepted_file
from coe.promises.served import MOST_FOUND, linkable
from coe.promises.services import NO_EVIDENCE, Evidence, Upload
from coe.text.plain import LineField, TextField
from coe.web.forms import DayInput, RowChoice

MOST_SAID = 5_000


def _words(label: str, hint: str = "", **options: Any) -> TextField:
    """Some sentences."""
    widget = forms.Textarea(attrs={"rows": 3})
    return TextField(label=label, help_text=hint, limit=MOST_SAID, widget=widget, **options)


class EvidenceField(forms.FileField):
    """A small picture, text or PDF, as it may be kept."""

    def clean(self, data: Any, initial: Any = None) -> Upload | None:
        given = super().clean(data, initial)
        return accepted_file(given) if isinstance(given, UploadedFile) else None


class StepForm(forms.Form):
    """Where a button leads, and the state in which it was drawn."""

    to = forms.TypedChoiceField(
        choices=PromiseState.choices, coerce=PromiseState, widget=forms.HiddenInput
    )
    start = forms.TypedChoiceField(
        choices=PromiseState.choices, coerce=PromiseState, widget=forms.HiddenInput
    )

    def said(self) -> dict[str, Any]:
        """What `move_promise` takes."""
        return dict(self.cleaned_data)


class WordForm(StepForm):
    """A step that asks for a word."""

    note = _words("Why")

    def __init__(
        self, data: Any = None, *, label: str, hint: str, asks: str, **options: Any
    ) -> None:
        super().__init__(data, **options)
        note = self.fields["note"]
        note.label, note.help_text = label, hint
        note.error_messages["required"] = asks


class DoneForm(StepForm):
    """That it is done, and what shows it."""

    note = _words(
        "What the evidence shows",
        "Somebody who was not there should see from it that this is done.",
        error_messages={"required": "Say what the evidence shows."},
    )
    evidence = AddressField(
        label="Where it is to be seen",
        help_text="The change, the alarm, the ticket, the record of a drill. A file does as well.",
        limit=1000,
        required=False,
        widget=forms.URLInput,
    )
    file = EvidenceField(
        label="Or a file that shows it",
        help_text="A picture, plain text or a PDF of at most 2 MB. A picture is kept without "
        "what its file says beside it.",
        required=False,
    )

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data
        is_shown = given.get("evidence") or given.get("file")
        if not is_shown and not self.errors.keys() & {"evidence", "file"}:
            self.add_error("evidence", NO_EVIDENCE)

    def said(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return given | {"evidence": Evidence(given.pop("evidence"), given.pop("file"))}


class DueForm(forms.Form):
    """Another due date than the one that was seen."""

    seen = forms.DateField(required=False, widget=forms.HiddenInput)
    due_on = forms.DateField(
        label="Due", widget=DayInput, error_messages={"required": "Choose the day."}
    )
    reason = _words(
        "Why",
        "It stays beside the new date, for everybody who reads this.",
        error_messages={"required": NO_REASON},
    )


class WontDoForm(forms.Form):
    reason = _words(
        "Why it should not be done",
        "What has changed since it was promised, and what stays possible without it.",
        error_messages={"required": "Say why it should not be done."},
    )


class OwnerForm(forms.Form):
    """Who does it from now on."""

    to = PersonChoice(
        label="To whom",
        empty_label="Choose somebody",
        error_messages={"required": "Choose who does it from now on."},
    )
    reason = _words(
        "Why", "They read it first.", error_messages={"required": "Say why you hand it over."}
    )


class DecideForm(forms.Form):
    """The answer to what the owner asked."""

    answer = forms.ChoiceField(
        choices=(("grant", "Grant it"), ("refuse", "Refuse it")), widget=forms.HiddenInput
    )
    note = _words("Your answer", "Needed if it is not granted.", required=False)


class ItemChoice(RowChoice):
    """One of the action items, told by what they are about."""

    def label_from_instance(self, obj: Promise) -> str:
        day = f"{obj.due_on:%-d %b %Y}".replace(" ", "\N{NO-BREAK SPACE}") if obj.due_on else ""
        due = f", due {day}" if day else ""
        who = obj.owner.name if obj.owner else "nobody yet"
        state = str(obj.get_state_display()).lower()
        return f"{obj.document.reference}: {obj.title} ({who}{due}, {state})"


class SearchForm(forms.Form):
    """What somebody looks for among the action items of other COEs."""

    q = LineField(
        label="Find an action item of another COE",
        help_text="Words of its title, or the number of its COE.",
        limit=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    @property
    def words(self) -> str:
        return str(self.cleaned_data["q"]) if self.is_valid() else ""


class LinkForm(forms.Form):
    """Which item serves a COE, and what it mends there: any that is `linkable`, of which the first
    with these words are `found` and shown."""

    promise = ItemChoice(
        Promise.objects.none(),
        label="Which one",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the action item.",
            "invalid_choice": "This is not there to be linked any more. Choose again.",
        },
    )
    note = LineField(
        label="What it mends here",
        help_text="One sentence. Everybody who reads this COE reads it, even those who may not "
        "read the COE of the item.",
        error_messages={"required": "Say what it mends here."},
    )

    def __init__(self, data: Any = None, *, document: Document, by: User, words: str = "") -> None:
        super().__init__(data, auto_id="link-%s")
        found = list(linkable(document, by, words=words)[: MOST_FOUND + 1])
        self.found, self.has_more = found[:MOST_FOUND], len(found) > MOST_FOUND
        choice = self.fields["promise"]
        assert isinstance(choice, ItemChoice)
        choice.queryset = linkable(document, by)
        choice.choices = [(each.pk, choice.label_from_instance(each)) for each in self.found]
