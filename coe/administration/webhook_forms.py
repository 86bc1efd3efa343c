"""The forms of webhooks and of the chats of teams."""

from typing import Any

from django import forms
from django.db.models import Model

from coe.administration.forms import RecordForm
from coe.integrations.addresses import MOST
from coe.integrations.services import NO_ADDRESS, webhook_facts
from coe.notices.events import Event
from coe.text.plain import LineField

_HINTS = {"autocomplete": "off", "spellcheck": "false", "placeholder": "https://"}


class AddressField(LineField):
    """An address that is called. What is stored is never put into a page."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={**_HINTS, "inputmode": "url"})
        super().__init__(
            label="Address",
            limit=MOST,
            widget=widget,
            error_messages={"required": NO_ADDRESS},
            **options,
        )


class WebhookForm(RecordForm):
    """A webhook: what it is called, where it is, and what it is told."""

    @staticmethod
    def facts_of(row: Any) -> dict[str, Any]:
        return webhook_facts(row)

    name = LineField(
        label="Name",
        limit=100,
        help_text="What it is for, as it is listed.",
        error_messages={"required": "Type a name."},
    )
    address = AddressField()
    events = forms.MultipleChoiceField(
        choices=Event.choices,
        label="It is told when",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    tells_restricted = forms.BooleanField(
        required=False,
        label="Also for restricted COEs",
        help_text="Whoever reads what this address receives then learns of COEs that few here may "
        "see, and their titles once they are published.",
    )

    def __init__(self, data: Any = None, *, row: Model | None = None) -> None:
        super().__init__(data, row=row)
        self.fields["address"].required = row is None
        self.fields["address"].help_text = (
            "It is not shown again. Leave it empty to keep the one that there is."
            if row
            else "Where events are sent to, by POST. It is not shown again."
        )


class ChatForm(forms.Form):
    """Where what concerns a team is told."""

    address = AddressField(
        help_text="The address of an incoming webhook, such as Slack or Mattermost give for a "
        "channel. It is not shown again."
    )
