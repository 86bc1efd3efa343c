from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, ClassVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms

from coe.accounts.models import Team, User
from coe.documents.contents import Answer
from coe.documents.models import Classification, Document, DocumentRow, Form, Section
from coe.documents.rows import add_row, save_row
from coe.documents.services import facts, open_coe, save_facts, save_section
from coe.incidents.forms import InstantField
from coe.incidents.models import Category, Incident, Service, Severity, is_near_miss
from coe.incidents.registering import impact_start
from coe.text.instants import is_zone, zone_choices
from coe.text.plain import LineField, MarkdownField
from coe.web.forms import RowChoice, StripForm, start_at_first_field
from coe.web.versions import Conflict


class ZoneSelect(forms.Select):
    """A list of some four hundred names: its options are drawn once, and not for every page."""

    template_name = "components/zone_select.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["zones"] = _zones(zone_choices())
        context["widget"]["chosen"] = "".join(context["widget"]["value"])
        return context

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> list[Any]:
        return []

    def use_required_attribute(self, initial: Any) -> bool:
        """As for any list that starts with something to choose."""
        return False


@cache
def _zones(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


class ZoneField(forms.ChoiceField):
    """An IANA time zone."""

    widget = ZoneSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: _zones(zone_choices()), **kwargs)


class TeamField(RowChoice):
    """A team; where `told` is set, with what that says of each."""

    told: Callable[[Team], str] | None = None

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({self.told(obj)})" if self.told else obj.name


class ServiceField(RowChoice):
    """A service of the catalogue, each with the team that owns it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Service.objects.select_related("team"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.team.name})"


NEARLY = "One line: what nearly happened, and to whom."
"""What a near-miss is called by: nobody could not do anything."""


class FactsForm(forms.Form):
    """What the head of a COE states."""

    title = LineField(
        limit=200,
        label="What happened",
        error_messages={"required": "Say in one line what happened to customers."},
        help_text="One line that starts from the customer: who could not do what.",
    )
    severity = forms.TypedChoiceField(choices=Severity, coerce=int, label="How bad it was")
    category = forms.ChoiceField(
        choices=Category, initial=Category.OUTAGE, label="What kind of incident"
    )
    team = TeamField(
        queryset=Team.objects.all(),
        label="Whose it is",
        empty_label=None,
        help_text="The team whose service it was. Who manages it approves the COE.",
    )
    service = ServiceField(
        label="Service",
        required=False,
        empty_label="None of these",
        help_text="The one that failed, not the one that was hurt.",
    )
    zone = ZoneField(label="Time zone", help_text="Times are written and shown in this zone.")
    classification = forms.ChoiceField(
        choices=Classification,
        initial=Classification.INTERNAL,
        label="Classification",
        help_text="Printed on every page. It is a label and keeps nobody out: see Restricted.",
    )
    is_restricted = forms.BooleanField(
        required=False,
        label="Restricted",
        help_text="Only people named on it may read it, also when it is published.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, document: Document) -> None:
        self.document = document
        initial = facts(document) | {"version": document.incident.version}
        initial["team"], initial["service"] = initial["team_id"], initial["service_id"]
        super().__init__(data, initial=initial, auto_id="facts-%s")
        if is_near_miss(document.incident.severity, document.incident.category):
            self.fields["title"].help_text = NEARLY

    def save(self, *, by: User, token: UUID | None = None) -> int:
        """Write the facts; raises what `save_facts` raises.

        Return the version they were typed over: they are saved by hand alone, so nobody goes on
        from the new one, and `token` names nothing.
        """
        values = dict(self.cleaned_data)
        version: int = values.pop("version")
        service = values.pop("service")
        values |= {"team_id": values.pop("team").pk, "service_id": service and service.pk}
        save_facts(self.document, version=version, values=values, by=by)
        return version


class OpenForm(FactsForm):
    """Opening a COE: what, when, how bad, whose."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    impact_started = InstantField(
        required=False,
        label="When impact started",
        help_text="Like 15:10, ~15:10 if you are not sure, yesterday 15:10 or 20 Nov 15:10, in the "
        "time zone below. Of a near-miss, say when the risk began. It is often before anybody "
        "noticed. "
        "Leave it empty if it is not known yet.",
    )
    form = forms.ChoiceField(
        choices=[
            (Form.FULL, "Full: the whole story, where a function was broken or many were hit"),
            (Form.LIGHT, "Light: small and short, where some customers noticed, or nobody did"),
        ],
        initial=Form.FULL,
        required=False,
        label="How much to write",
        help_text="Full fits Sev 1 and 2 and takes an hour. Light fits Sev 3 and 4 and takes a "
        "quarter of an hour: the impact, up to three causes and three action items, no timeline. "
        "It grows into full at any time, and nothing is lost.",
        widget=forms.RadioSelect,
    )
    classification = None  # type: ignore[assignment]
    version = None  # type: ignore[assignment]
    field_order = (
        "title",
        "impact_started",
        "zone",
        "severity",
        "team",
        "service",
        "category",
        "form",
        "is_restricted",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        approved_by: Callable[[Team], str] | None,
        now: datetime,
        incident: Incident | None = None,
    ) -> None:
        """`approved_by` says who would approve a COE of `user` that is a team's.

        A time without a day is the last such moment until `now`. The form is filled from the
        `incident` where that is registered already.
        """
        self.incident = incident
        zone = user.team.zone if user.team else "UTC"
        initial = {
            "uid": uuid4(),
            "team": user.team_id,
            "zone": zone,
            "severity": Severity.THREE,
            "category": Category.OUTAGE,
            "form": Form.FULL,
        }
        initial |= _known_of(incident) if incident else {}
        forms.Form.__init__(self, data, initial=initial)
        self.fields["category"].required = False
        self.fields["category"].help_text = "Where nobody outside noticed it is a near-miss: Sev 4."
        self.fields["severity"].widget.attrs["data-suits"] = not self.is_bound
        start_at_first_field(self)
        team = self.fields["team"]
        assert isinstance(team, TeamField)
        team.told = approved_by
        self.fields["zone"].widget.attrs["data-zone-of-browser"] = not self.is_bound
        typed = self["zone"].value()
        started = self.fields["impact_started"]
        assert isinstance(started, InstantField)
        started.zone = ZoneInfo(typed if is_zone(typed) else "UTC")
        started.now = now

    def open(self, *, by: User) -> Document:
        """Open the COE; raises what `open_coe` raises."""
        values = dict(self.cleaned_data)
        values["form"] = Form(values["form"] or Form.FULL)
        values["category"] = values["category"] or Category.OUTAGE
        return open_coe(by=by, incident=self.incident, **values)


def _known_of(incident: Incident) -> dict[str, Any]:
    """What is registered of an incident, by the fields of `OpenForm`; times in its team's zone."""
    return {
        "title": incident.title,
        "severity": incident.severity,
        "category": incident.category,
        "team": incident.team_id,
        "service": incident.service_id,
        "zone": incident.team.zone,
        "impact_started": impact_start(incident),
    }


class SectionForm(forms.Form):
    """The text of one section."""

    text = MarkdownField(required=False, widget=forms.Textarea(attrs={"rows": 8}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, section: Section) -> None:
        self.section = section
        super().__init__(
            data,
            initial={"text": section.text, "version": section.version},
            auto_id=f"{section.slug}-%s",
        )
        self.fields["text"].label = section.get_slug_display()

    def save(self, *, by: User, token: UUID | None = None) -> int:
        """Write the text and return its version; raises what `save_section` raises."""
        save_section(
            self.section,
            version=self.cleaned_data["version"],
            text=self.cleaned_data["text"],
            by=by,
            token=token,
        )
        return self.section.version


class RowForm(forms.Form):
    """A row that is added (it brings its own `uid`) or saved over the `version` it was read in.

    `model` is the kind of row; fields of its names are written as they are. A form whose fields
    are not the columns overrides `add` and `write`.
    """

    model: ClassVar[type[DocumentRow]]

    uid = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, document: Document, row: DocumentRow | None = None
    ) -> None:
        self.document = document
        self.row = row
        initial = self.initial_of(row) if row else self.initial_of_new()
        auto_id = f"{row.uid}-%s" if row else self.ids_of_new()
        super().__init__(data, initial=initial, auto_id=auto_id)

    @classmethod
    def ids_of_new(cls) -> str:
        """What the fields of a row to be added are called on a page, each in place of %s."""
        return f"new-{cls.model.kind_of_row}-%s"

    @classmethod
    def first_of_new(cls) -> str:
        """The id of the field that somebody who adds a row starts with."""
        shown = (name for name, each in cls.base_fields.items() if not each.widget.is_hidden)
        return cls.ids_of_new() % next(shown)

    def initial_of(self, row: Any) -> dict[str, Any]:
        """What the fields of a stored row hold."""
        values = {name: getattr(row, name, None) for name in self.base_fields}
        return values | {"uid": row.uid, "version": row.version}

    def initial_of_new(self) -> dict[str, Any]:
        """What the fields of a row to be added start with."""
        return {"uid": uuid4()}

    def save(self, *, by: User, token: UUID | None = None) -> int:
        """Add the row, or write it over its version, and return the version it has now.

        Raises what the services raise.
        """
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("uid", "version")
        }
        if self.row is None:
            return self.add(self.cleaned_data["uid"], values, by=by, token=token).version
        if self.cleaned_data["version"] is None:
            raise Conflict
        self.write(self.cleaned_data["version"], values, by=by, token=token)
        return self.row.version

    def add(
        self, uid: UUID, values: dict[str, Any], *, by: User, token: UUID | None
    ) -> DocumentRow:
        document = self.document
        return add_row(self.model, document=document, uid=uid, values=values, by=by, token=token)

    def write(self, version: int, values: dict[str, Any], *, by: User, token: UUID | None) -> None:
        assert self.row is not None
        save_row(self.row, version=version, values=values, by=by, token=token)


class AnswerForm(StripForm):
    """The answer to one question."""

    text = MarkdownField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), show_hidden_initial=True
    )

    def __init__(self, data: Any = None, *, answer: Answer) -> None:
        self.answer = answer
        self.key = answer.question.slug
        super().__init__(
            data,
            prefix=answer.question.slug,
            initial={"text": answer.text, "version": answer.version},
        )
        self.fields["text"].label = answer.question.text
        self.fields["text"].help_text = answer.question.hint

    @property
    def stored_version(self) -> int:
        return self.answer.version
