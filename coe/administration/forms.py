"""The forms of the administrators' pages."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.datastructures import MultiValueDict

from coe.accounts.fields import MAX_NAME, PersonChoice
from coe.accounts.forms import NameForm
from coe.accounts.models import PersonState, Team, User
from coe.accounts.saving import as_seen, read_seen
from coe.accounts.services import person_facts, team_facts
from coe.documents.forms import ZoneField
from coe.documents.models import Document
from coe.incidents.catalogue import service_facts
from coe.text.plain import LineField, TextField
from coe.web.versions import Conflict

LEAST_SECRET = 4
"""Characters: less stands in many texts by chance, and emptying those would lose them."""


class PeopleFilter(forms.Form):
    """The filters of the list of people; they live in its address."""

    q = LineField(label="Name or e-mail", required=False, limit=MAX_NAME)
    state = forms.ChoiceField(
        required=False, choices=[("", "Anybody"), *PersonState.choices], label="Who"
    )


class RecordForm(forms.Form):
    """A form over a person, a team or a service, or for adding one.

    It carries along which facts it showed (`seen`), so that it does not silently undo what
    somebody else changed in the meantime. See `rebase`.
    """

    def __init__(self, data: Any = None, *, row: Model | None = None) -> None:
        self.row = row
        facts = self.facts_of(row) if row else {}
        super().__init__(data, initial={_field(name): value for name, value in facts.items()})
        self.seen = str(self.data.get("seen", "")) if self.is_bound else as_seen(facts)
        self.overtaken: list[str] = []
        self.status = 200

    @staticmethod
    def facts_of(row: Any) -> dict[str, Any]:
        """What is stated about `row`, as history keeps it."""
        raise NotImplementedError

    def save(self, write: Callable[..., object], **given: Any) -> bool:
        """Call the service `write` with what was typed; whether it was written.

        What the service refuses stands at the fields afterwards, and `status` is that of the
        answer: 422 for what is not right, 409 if somebody else was faster.
        """
        if not self.is_valid():
            self.status = 422 if self.is_bound else 200
            return False
        if self.row is not None:
            given["seen"] = self.seen
        try:
            write(**self.cleaned_data, **given)
        except ValidationError as error:
            self.add_error(None, error)
            self.status = 422
        except Conflict:
            if self.row is not None:
                self.rebase(self.row)
            self.status = 409
        return self.status == 200

    def rebase(self, row: Model) -> None:
        """Bring the form up to what is stored now, after somebody else was faster.

        A field that was left alone takes over what is stored. One that was changed here as well
        keeps what was typed and says what is stored. Saving again is then a decision.
        """
        row.refresh_from_db()
        stored, seen = self.facts_of(row), read_seen(self.seen)
        data = MultiValueDict(self.data)
        for fact in [name for name in stored if stored[name] != seen.get(name)]:
            name, typed = _field(fact), self._typed(fact)
            self.overtaken.append(str(self.fields[name].label))
            if fact in seen and typed == seen[fact]:
                value = stored[fact]
                data.setlist(name, value if isinstance(value, list) else [value])
            elif typed != stored[fact]:
                self.add_error(name, f"Somebody else made it {self._shown(fact, stored)}.")
        self.data, self.seen = data, as_seen(stored)

    def _typed(self, fact: str) -> object:
        value = self.cleaned_data[_field(fact)]
        return value.pk if isinstance(value, Model) else value

    def _shown(self, fact: str, stored: Mapping[str, Any]) -> str:
        value, field = stored[fact], self.fields[_field(fact)]
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(field, forms.ModelChoiceField) and value is not None:
            value = field.label_from_instance(field.clean(value))
        return f"“{value}”" if value else "empty"


class PersonForm(RecordForm, NameForm):
    """Who somebody is, where they belong, and what they may do."""

    @staticmethod
    def facts_of(row: Any) -> dict[str, Any]:
        return person_facts(row)

    team = forms.ModelChoiceField(
        Team.objects.all(), required=False, empty_label="No team", label="Team"
    )
    is_leader = forms.BooleanField(
        required=False, label="Leader", help_text="Approves where no manager up the tree can."
    )
    is_administrator = forms.BooleanField(
        required=False,
        label="Administrator",
        help_text="Keeps people, teams and services. The role opens no drafts.",
    )


class TeamForm(RecordForm):
    """A team and its place in the tree."""

    @staticmethod
    def facts_of(row: Any) -> dict[str, Any]:
        return team_facts(row)

    name = LineField(label="Name", limit=MAX_NAME, error_messages={"required": "Type a name."})
    parent = forms.ModelChoiceField(
        Team.objects.all(), required=False, empty_label="No team: it is at the top", label="Part of"
    )
    manager = PersonChoice(
        required=False,
        empty_label="Nobody",
        label="Manager",
        help_text="Approves the COEs of this team and of the teams below it. Without one, the next "
        "manager up the tree does.",
    )
    zone = ZoneField(
        label="Time zone", initial="UTC", help_text="Due days end at midnight in this zone."
    )


class ServiceForm(RecordForm):
    """A service and the team that runs it."""

    @staticmethod
    def facts_of(row: Any) -> dict[str, Any]:
        return service_facts(row)

    name = LineField(label="Name", limit=MAX_NAME, error_messages={"required": "Type a name."})
    team = forms.ModelChoiceField(
        Team.objects.all(),
        empty_label="Choose a team",
        label="Team",
        error_messages={"required": "Choose the team that runs it."},
    )


class HandOverForm(forms.Form):
    """Who takes over what somebody still holds."""

    to = PersonChoice(
        label="Who takes over",
        empty_label="Choose somebody",
        help_text="They get all of it.",
        error_messages={"required": "Say who takes over."},
    )

    def __init__(self, data: Any = None, *, of: User, is_needed: bool) -> None:
        super().__init__(data)
        self.of = of
        self.fields["to"].required = is_needed

    def clean_to(self) -> User | None:
        to: User | None = self.cleaned_data["to"]
        if to == self.of:
            raise ValidationError(f"{to.name} is who leaves. Choose somebody else.")
        return to


class SecretForm(forms.Form):
    """Which text to look for in the history of which COE; `reference` cleans to the COE."""

    reference = LineField(
        label="COE",
        limit=20,
        help_text="Its reference, like COE-2026-0042.",
        error_messages={"required": "Say in which COE it was pasted."},
    )
    secret = TextField(
        label="The secret, exactly as it was pasted",
        limit=10_000,
        help_text="A password, a key, a name: only this. At least 4 characters, in the same case.",
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Paste what is to be found."},
    )

    def clean_reference(self) -> Document:
        reference = self.cleaned_data["reference"].upper()
        document = Document.objects.with_readers_fields().filter(reference=reference).first()
        if document is None:
            raise ValidationError("There is no COE of this reference.")
        return document

    def clean_secret(self) -> str:
        secret: str = self.cleaned_data["secret"].strip()
        if len(secret) < LEAST_SECRET:
            raise ValidationError("This is so short that it stands in many places by chance.")
        return secret


class RemoveSecretForm(SecretForm):
    """As above, with the reason, which everybody who may read the history reads."""

    reason = LineField(
        label="Why",
        limit=200,
        help_text="Everybody who may read the history reads this: do not repeat the secret.",
        error_messages={"required": "Say why it is removed."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        secret = cleaned.get("secret")
        if secret and secret in cleaned.get("reason", ""):
            self.add_error("reason", "The reason repeats the secret. Say it without.")
        return cleaned


def _field(fact: str) -> str:
    """The form's name of a fact: `team` for `team_id`."""
    return fact.removesuffix("_id")
