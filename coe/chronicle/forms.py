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

NOW = "now"
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
    Action.SIGNED: "signed",
    Action.SIGNATURES_DROPPED: "signatures dropped",
    Action.EXCUSED: "reviewer excused",
}
"""What a landmark is called where moments are chosen."""


class MomentField(forms.CharField):
    """A moment of the history of a COE: an event, or now. Cleans to the key of the event, None for
    now. The newest are offered; every event may be named."""

    def __init__(self, *, document: Document, options: list[tuple[str, str]], label: str) -> None:
        self.document = document
        super().__init__(label=label, widget=forms.Select(choices=options))

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
        zone = ZoneInfo(document.zone)
        names = {each.pk: each.name for each in writers}
        options = [(NOW, "Now")]
        for each in moments:
            said = f"{_clock(each.ended_at, zone)}: {names[each.actor_id]}, {_deed(each)}"
            options.append((str(each.last), said))
        options.append((str(opened), "When it was opened"))
        for name, label in (("from", "From"), ("to", "To")):
            offered = list(dict(options).items())
            key = as_key(asked[name])
            is_offered = asked[name] in dict(offered)
            if key is not None and not is_offered and (at := moment_of(document, key)):
                offered.append((asked[name], f"{_clock(at, zone)}: a single save"))
            self.fields[name] = MomentField(document=document, options=offered, label=label)


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


def _clock(at: datetime, zone: ZoneInfo) -> str:
    moment = Instant(at.replace(second=0, microsecond=0), Precision.MINUTE, None)
    return f"{local_day(moment, zone)}, {local_clock(moment, zone)}"
