"""Who takes part in a COE, as forms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from coe.accounts.fields import PersonChoice
from coe.accounts.models import User
from coe.accounts.queries import active_people
from coe.documents.models import Document, Participant


class ContributorForm(forms.Form):
    """Somebody who shall write along: offered are those who neither write nor review it yet."""

    person = PersonChoice(
        label="Add a contributor",
        empty_label="Choose somebody",
        error_messages={"required": "Choose who shall write along."},
        help_text="They can write in every section, and submit. You can remove them again.",
    )

    def __init__(self, data: Any = None, *, document: Document) -> None:
        super().__init__(data, auto_id="contributor-%s")
        self.document = document
        others = active_people().exclude(pk=document.owner_id)
        field = self.fields["person"]
        assert isinstance(field, PersonChoice)
        field.queryset = others
        parts = document.participants.exclude(role=Participant.Role.READER)
        free = others.exclude(pk__in=parts.values("user"))
        offered = [(each.pk, field.label_from_instance(each)) for each in free]
        field.widget.choices = [("", field.empty_label), *offered]

    def clean_person(self) -> User:
        """Who writes already may be sent again; who reviews stays apart from who writes."""
        person: User = self.cleaned_data["person"]
        parts = self.document.participants.filter(user=person).values_list("role", flat=True)
        if set(parts) - {Participant.Role.READER} == {Participant.Role.REVIEWER}:
            raise ValidationError(
                f"{person.name} was asked to review this COE, so they do not write it as well."
            )
        return person


class HandOverForm(forms.Form):
    """Who takes a COE over."""

    to = PersonChoice(
        label="Who takes it over",
        empty_label="Choose somebody",
        error_messages={"required": "Choose who takes it over."},
    )

    def __init__(self, data: Any = None, *, document: Document) -> None:
        super().__init__(data)
        field = self.fields["to"]
        assert isinstance(field, PersonChoice)
        field.queryset = active_people().exclude(pk=document.owner_id)
