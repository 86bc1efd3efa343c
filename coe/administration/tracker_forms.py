"""The form of a tracker."""

from typing import Any

from django import forms
from django.db.models import Model

from coe.administration.forms import RecordForm
from coe.integrations.addresses import MOST
from coe.text.plain import LineField
from coe.trackers.models import Tracker
from coe.trackers.services import Stated, tracker_facts

_BARE = {"autocomplete": "off", "spellcheck": "false"}


class TrackerForm(RecordForm):
    """A tracker: where it is, which project of it, and by which token it is asked."""

    @staticmethod
    def facts_of(row: Any) -> dict[str, Any]:
        return tracker_facts(row)

    kind = forms.ChoiceField(
        choices=Tracker.Kind.choices,
        label="Kind",
        error_messages={"required": "Choose what it is."},
    )
    name = LineField(
        label="Name",
        limit=100,
        help_text="What people call it. It stands beside each ticket.",
        error_messages={"required": "Type a name."},
    )
    address = LineField(
        label="Address",
        limit=MOST,
        help_text="Where people open it: https://example.atlassian.net, https://github.com.",
        widget=forms.TextInput(attrs={**_BARE, "inputmode": "url", "placeholder": "https://"}),
        error_messages={"required": "Type the address."},
    )
    project = LineField(
        label="Project",
        limit=200,
        help_text="The key of the project in Jira, like PRC; in GitHub the owner and the name of "
        "the repository, like octo/shop.",
        widget=forms.TextInput(attrs=_BARE),
        error_messages={"required": "Type the project."},
    )
    account = LineField(
        label="Account",
        limit=200,
        required=False,
        help_text="Only for Jira Cloud: the e-mail address that the token belongs to.",
        widget=forms.TextInput(attrs=_BARE),
    )
    issue_type = LineField(
        label="Type of new tickets",
        limit=60,
        required=False,
        help_text="Only for Jira, as the project calls it. Task if you leave it empty.",
    )
    token = LineField(
        label="Token",
        limit=1000,
        required=False,
        help_text="It may read issues, and open them if people should. Without one, links are "
        "kept but no state is read. It is not shown again.",
        widget=forms.PasswordInput(attrs={**_BARE, "autocomplete": "new-password"}),
    )
    drops_token = forms.BooleanField(required=False, label="Ask nothing of it any more")

    def __init__(self, data: Any = None, *, row: Model | None = None) -> None:
        super().__init__(data, row=row)
        if row is None:
            del self.fields["drops_token"]
            return
        has_token = isinstance(row, Tracker) and row.is_asked
        self.fields["drops_token"].help_text = "The token is forgotten. Links stay."
        if has_token:
            self.fields["token"].help_text = "Leave it empty to keep the one that there is."
        else:
            del self.fields["drops_token"]

    def save(self, write: Any, **given: Any) -> bool:
        """As any record; what is stated goes to the service in one piece."""

        def written(*, token: str, drops_token: bool = False, **rest: Any) -> None:
            stated = Stated(**{name: rest.pop(name) for name in Stated.__dataclass_fields__})
            if self.row is not None:
                rest["drops_token"] = drops_token
            write(stated=stated, token=token, **rest)

        return super().save(written, **given)
