"""How and when somebody wants to be told, and what they watch besides."""

from typing import Any

from django import forms
from django.forms import BoundField

from coe.accounts.models import Team, User
from coe.documents.forms import ServiceField, TeamField, ZoneField, ZoneSelect
from coe.incidents.models import Service
from coe.notices.models import Delivery, Kind, Watch
from coe.notices.queries import daily_time, deliveries, gets_weeks, own_zone, usual_zone
from coe.notices.services import choose_mails
from coe.text.plain import LineField
from coe.web.forms import RowChoice

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class OwnZoneSelect(ZoneSelect):
    """A zone of one's own, or else the `usual` one."""

    usual = "UTC"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        usual = ("", f"Where my team works: {self.usual}")
        context["widget"]["zones"] = (usual, *context["widget"]["zones"])
        return context


class MailsForm(forms.Form):
    """For each kind at once, gathered or not at all; and when the mail of the day is due."""

    hour = forms.TypedChoiceField(choices=HOURS, coerce=int, label="Time of the daily mail")
    zone = ZoneField(required=False, label="Time zone", widget=OwnZoneSelect)

    def __init__(self, data: Any = None, *, person: User) -> None:
        self.person = person
        chosen = deliveries(person)
        initial: dict[str, Any] = {kind.value: how for kind, how in chosen.items()}
        initial |= {"hour": daily_time(person).hour, "zone": own_zone(person)}
        super().__init__(data, initial=initial, auto_id="mails-%s")
        if gets_weeks(person):
            self.fields["wants_week"] = forms.BooleanField(
                required=False,
                initial=daily_time(person).wants_week,
                label="On Mondays also how the corrections of my teams stand",
            )
        zone = self.fields["zone"].widget
        assert isinstance(zone, OwnZoneSelect)
        zone.usual = usual_zone(person)
        for kind in Kind:
            self.fields[kind.value] = forms.ChoiceField(
                choices=Delivery, label=kind.label, widget=forms.RadioSelect
            )

    def kinds(self) -> list[BoundField]:
        return [self[kind.value] for kind in Kind]

    def save(self) -> None:
        given = self.cleaned_data
        choose_mails(
            deliveries={kind: Delivery(given[kind.value]) for kind in Kind},
            zone=given["zone"],
            hour=given["hour"],
            wants_week=given.get("wants_week", True),
            by=self.person,
        )


class WatchForm(forms.Form):
    """One more team or service to watch."""

    team = TeamField(queryset=Team.objects.all(), required=False, empty_label="No team")
    service = ServiceField(required=False, empty_label="No service")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="watch-%s")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not self.things():
            raise forms.ValidationError("Choose a team or a service.")
        return given

    def things(self) -> list[Team | Service]:
        return [each for each in (self.cleaned_data["team"], self.cleaned_data["service"]) if each]


class UnwatchForm(forms.Form):
    """Something that a person watches, to be watched no longer."""

    watch = RowChoice(Watch.objects.none())

    def __init__(self, data: Any, *, person: User) -> None:
        super().__init__(data)
        field = self.fields["watch"]
        assert isinstance(field, RowChoice)
        field.queryset = Watch.objects.filter(person=person)


class SeenForm(forms.Form):
    """The last notice that was on the list, and the COE if it is about one alone."""

    until = forms.IntegerField(max_value=2**63 - 1)
    reference = LineField(required=False)
