from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from coe.chronicle.facts import WHO_READS
from coe.chronicle.queries import as_key, moment_of
from coe.chronicle.sittings import Sitting, Writer
from coe.documents.models import Document
from coe.history.models import Action
from coe.library.changes import LABELS
from coe.text.instants import Instant, Precision, local_clock, local_day

NOW, OPENED = "now", "When it was opened"
DEEDS = {
    Action.SUBMITTED: "submitted",
    Action.WITHDRAWN: "taken back from review",
    Action.CHANGES_REQUESTED: "changes requested",
    Action.APPROVED: "approved",
    Action.REOPENED: "reopened",
    Action.PUBLISHED: "published",
    Action.RETRACTED: "retracted",
    Action.HANDED_OVER: "handed over",
    Action.DISCARDED: "discarded",
    Action.RESTORED: "brought back",
    Action.REDACTED: "history emptied in part",
    Action.SEARCHED: "searched for a secret",
    Action.MET: "met about",
    Action.SIGNED: "signed",
    Action.SIGNATURES_DROPPED: "signatures dropped",
    Action.EXCUSED: "reviewer excused",
}
"""What a landmark is called where moments are chosen."""


Options = list[tuple[str, str]]
"""Moments that are offered: the key of an event or `NOW`, and what it is called."""


class MomentField(forms.CharField):
    """A moment of the history of a COE: an event, or now. Cleans to the key of the event, None for
    now. Some are offered, in groups with a name or without; every event may be named."""

    def __init__(
        self, *, document: Document, groups: list[tuple[str, Options]], asked: str, label: str
    ) -> None:
        self.document = document
        offered = [(value, said) for _, options in groups for value, said in options]
        choices: list[Any] = []
        for name, options in groups:
            choices += [(name, options)] if name and options else options
        self.names = dict(offered)
        if asked not in self.names and (alone := _alone(document, asked)):
            choices.append(alone)
            self.names[asked] = alone[1]
        super().__init__(label=label, widget=forms.Select(choices=choices))

    def called(self, value: str) -> str:
        """What a moment that may be chosen is called."""
        return self.names.get(value, "")

    def clean(self, value: Any) -> int | None:
        if value == NOW:
            return None
        key = as_key(str(value))
        if key is None or moment_of(self.document, key) is None:
            raise ValidationError(
                "This history has no such moment. Choose one of those that are offered."
            )
        return key


class MomentsForm(forms.Form):
    """Which two moments are compared. What the address does not say is the opening and now."""

    def __init__(
        self,
        data: QueryDict,
        *,
        document: Document,
        opened: int,
        moments: list[Sitting],
        writers: list[Writer],
    ) -> None:
        asked = {"from": data.get("from") or str(opened), "to": data.get("to") or NOW}
        super().__init__(asked)
        options = [(NOW, "Now"), *sittings_offered(document, moments, writers)]
        groups = [("", [*options, (str(opened), OPENED)])]
        for name, label in (("from", "From"), ("to", "To")):
            self.fields[name] = MomentField(
                document=document, groups=groups, asked=asked[name], label=label
            )


def sittings_offered(document: Document, moments: list[Sitting], writers: list[Writer]) -> Options:
    """The ends of these sittings, by when they were and what was done."""
    zone = ZoneInfo(document.zone)
    names = {each.pk: each.name for each in writers}
    return [
        (
            str(each.last),
            f"{said_moment(each.ended_at, zone)}: {names[each.actor_id]}, {_deed(each)}",
        )
        for each in moments
    ]


def said_moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment of the history where it is chosen: "14 Nov 2026, 09:12"."""
    moment = Instant(at.replace(second=0, microsecond=0), Precision.MINUTE, None)
    return f"{local_day(moment, zone)}, {local_clock(moment, zone)}"


class FactsChoice(forms.Form):
    """Which facts are brought back. What decides who may read the COE is not proposed."""

    facts = forms.MultipleChoiceField(
        label="What should be as it was",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick what should be as it was.",
            "invalid_choice": "One of these is as it was by now. Look again at what is left.",
        },
    )

    def __init__(self, data: QueryDict | None, *, names: list[str]) -> None:
        proposed = [name for name in names if name not in WHO_READS]
        super().__init__(data, initial={"facts": proposed})
        field = self.fields["facts"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(name, LABELS[name]) for name in names]

    @property
    def decides_who_reads(self) -> bool:
        """Whether something is offered that does."""
        return any(name in WHO_READS for name, _ in self.fields["facts"].choices)  # type: ignore[attr-defined]


def _deed(sitting: Sitting) -> str:
    if sitting.landmark:
        return DEEDS[Action(sitting.landmark)]
    return f"{sitting.saves} save{'' if sitting.saves == 1 else 's'}"


def _alone(document: Document, asked: str) -> tuple[str, str] | None:
    """A single save that an address names; None where the history has none such."""
    key = as_key(asked)
    at = None if key is None else moment_of(document, key)
    return (asked, f"{said_moment(at, ZoneInfo(document.zone))}: a single save") if at else None
