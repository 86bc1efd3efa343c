"""The forms by which a promise gets its ticket."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms

from coe.actions.forms import TrackerField
from coe.actions.models import Promise
from coe.promises.rules import Part
from coe.promises.tickets import may_name_ticket
from coe.trackers.models import Tracker
from coe.trackers.queries import TicketOf, trackers_for_tickets


class TicketForm(forms.Form):
    """Another ticket than the one that was seen."""

    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    tracker = TrackerField(
        limit=1000,
        label="Ticket",
        required=False,
        help_text="Its key, like PRC-881, or its address. Leave it empty for none.",
    )


class OpenTicketForm(forms.Form):
    """In which tracker; of a restricted COE with a word that it is meant."""

    tracker = forms.ModelChoiceField(
        Tracker.objects.exclude(sealed_token=""),
        label="Where",
        error_messages={
            "required": "Choose where.",
            "invalid_choice": "No ticket can be opened there any more.",
        },
    )
    is_confirmed = forms.BooleanField(
        required=False,
        label="Open it although few may see this COE",
        help_text="Its title is the reference of the COE alone, and it leads back here. Whoever "
        "reads the tracker learns that this COE exists.",
    )

    def __init__(
        self, data: Any = None, *, promise: Promise, trackers: list[Tracker] | None = None
    ) -> None:
        super().__init__(data, auto_id="open_ticket-%s")
        where = self.fields["tracker"]
        if trackers:
            where.choices = [(each.pk, each.name) for each in trackers]  # type: ignore[attr-defined]
            where.initial = trackers[0].pk
        if trackers and len(trackers) == 1:
            where.widget = forms.HiddenInput()
        if not promise.document.is_restricted:
            del self.fields["is_confirmed"]


@dataclass(frozen=True)
class TicketWays:
    """What the page of a promise tells of its ticket, and what one person may do about it."""

    promise: Promise
    part: Part
    typed: Mapping[str, forms.Form] = field(default_factory=dict)

    @cached_property
    def told(self) -> TicketOf:
        return TicketOf(self.promise)

    @property
    def naming(self) -> forms.Form | None:
        if not self._may:
            return None
        link = self.promise.tracker
        first = {"seen": link, "tracker": link}
        return self.typed.get("ticket") or TicketForm(initial=first, auto_id="ticket-%s")

    @cached_property
    def trackers(self) -> list[Tracker]:
        """Where a ticket can be opened for it now."""
        wanted = self.told.wanted
        is_waited_for = wanted is not None and wanted.is_waiting
        is_free = self.promise.is_to_be_done and not self.promise.tracker and not is_waited_for
        return trackers_for_tickets() if self._may and is_free else []

    @property
    def opening(self) -> forms.Form | None:
        if typed := self.typed.get("open_ticket"):
            return typed
        if not self.trackers:
            return None
        return OpenTicketForm(promise=self.promise, trackers=self.trackers)

    @property
    def _may(self) -> bool:
        return self.promise.dropped_at is None and may_name_ticket(self.part)

    def __bool__(self) -> bool:
        return bool(self._may or self.promise.tracker or self.told.wanted)
