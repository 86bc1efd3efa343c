from typing import Any
from uuid import uuid4

from django import forms

from coe.discussion.models import Thread
from coe.discussion.places import Place
from coe.discussion.services import Said
from coe.text.plain import MarkdownField, TextField

MOST_SAID = 10_000
MOST_QUOTED = 2_000
BACKS = ("draft", "thread")
"""Where somebody goes on after they said something: on the page of the COE, or of the thread."""


class ThreadForm(forms.Form):
    """What somebody says about a place. Which words are meant is typed or pasted, or filled in
    from a selection (`static/js/quoting.js`), which knows what stands around it."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.CharField(widget=forms.HiddenInput)
    back = forms.ChoiceField(choices=[(each, each) for each in BACKS], widget=forms.HiddenInput)
    before = TextField(limit=1_000, required=False, widget=forms.HiddenInput)
    after = TextField(limit=1_000, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="What it is", widget=forms.RadioSelect)
    quote = TextField(
        label="Words it is about",
        required=False,
        limit=MOST_QUOTED,
        help_text="Copied from the text. Leave it empty to speak about all of it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    replacement = TextField(
        label="Words instead",
        required=False,
        limit=MOST_SAID,
        help_text="The authors take them with one click. Empty takes the quoted words out.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = MarkdownField(
        label="What you want to say",
        limit=MOST_SAID,
        error_messages={"required": "Say what you mean."},
        widget=forms.Textarea(attrs={"rows": 3, "data-mentions": True}),
    )

    def __init__(
        self, data: Any = None, *, place: Place, may_demand: bool, back: str = "thread"
    ) -> None:
        initial = {"uid": uuid4(), "on": str(place), "back": back, "kind": Thread.Kind.QUESTION}
        super().__init__(data, initial=initial, auto_id=f"say-{place.subject}-{place.key}-%s")
        is_suggestion = self["kind"].value() == Thread.Kind.SUGGESTION
        self.fields["text"].required = not is_suggestion
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [
            (value, label) for value, label in KINDS if may_demand or value != Thread.Kind.MUST
        ]

    def typed(self) -> str:
        """What was written, for whoever would have to write it again."""
        words = (self.cleaned_data[name] for name in ("quote", "replacement", "text"))
        return "\n\n".join(filter(None, words))

    def said(self) -> Said:
        names = ("kind", "text", "quote", "replacement", "before", "after")
        return Said(**{name: self.cleaned_data[name] for name in names})


KINDS = (
    (Thread.Kind.QUESTION, "A question or remark"),
    (Thread.Kind.SUGGESTION, "A suggestion: other words"),
    (Thread.Kind.MUST, "A must: it is not approved before this is settled"),
)


class ReplyForm(forms.Form):
    """Something that is said in a thread; `back` is where to go on."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    back = forms.ChoiceField(choices=[(each, each) for each in BACKS], required=False)
    text = MarkdownField(
        label="Your answer",
        limit=MOST_SAID,
        error_messages={"required": "Say something, then send it."},
        widget=forms.Textarea(attrs={"rows": 3, "data-mentions": True}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"uid": uuid4()}, auto_id="reply-%s")


class ResolveForm(forms.Form):
    """That a thread is settled; whoever did not open it says how."""

    back = forms.ChoiceField(choices=[(each, each) for each in BACKS], required=False)
    note = TextField(
        label="How it was settled",
        required=False,
        limit=MOST_SAID,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="resolve-%s")
