from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from coe.incidents.models import Milestone
from coe.text.instants import Instant, UnreadableInstant, format_instant, is_zone
from coe.text.plain import LineField
from coe.text.reading import parse_instant
from coe.web.forms import StripForm


class InstantField(LineField):
    """A moment typed as text in one zone; cleans to an `Instant`, or None where it may be empty.

    `zone`, `day` (the date of a time typed without one) and `now` (where that is not known either)
    are set by the form that knows them.
    """

    zone = ZoneInfo("UTC")
    day: date | None = None
    now: datetime | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(limit=80, **kwargs)

    def clean(self, value: Any) -> Instant | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_instant(text, zone=self.zone, day=self.day, now=self.now)
        except UnreadableInstant as error:
            raise ValidationError(str(error), code="unreadable") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether it is another moment than `initial`, however it is written."""
        if not isinstance(initial, Instant):
            return super().has_changed(initial, data)
        try:
            return self.clean(data) != initial
        except ValidationError:
            return True

    def prepare_value(self, value: Any) -> Any:
        return format_instant(value, self.zone) if isinstance(value, Instant) else value


def zone_on_screen(data: Any, stored: str) -> str:
    """The zone that the times of a form were shown and typed in, which it carries along.

    Somebody may have changed the stored one since the page was opened.
    """
    sent = data.get("zone", "") if data else ""
    return sent if is_zone(sent) else stored


MEANINGS = {
    Milestone.Kind.IMPACT_STARTED: "Customers were first hit, often unnoticed.",
    Milestone.Kind.DETECTED: "One of you noticed, or was told.",
    Milestone.Kind.ACKNOWLEDGED: "Somebody began to work on it.",
    Milestone.Kind.DIAGNOSED: "You knew what to do about it.",
    Milestone.Kind.MITIGATED: "Customers were fine again: a rollback is enough.",
    Milestone.Kind.RESOLVED: "Nothing was left to repair, often the same moment.",
}
"""What each milestone is, in a few words beside its field."""
OF_NEAR_MISS = MEANINGS | {
    Milestone.Kind.IMPACT_STARTED: "The risk began, often unnoticed.",
    Milestone.Kind.MITIGATED: "The risk was over: a stopgap is enough.",
}
"""The same where nobody outside was hit."""


class MilestoneForm(StripForm):
    """One milestone of the strip: its state, and when it was."""

    state = forms.ChoiceField(
        choices=Milestone.State, label="What is known", show_hidden_initial=True
    )
    when = InstantField(required=False, label="When", show_hidden_initial=True)

    def __init__(
        self,
        data: Any = None,
        *,
        milestone: Milestone,
        zone: ZoneInfo,
        day: date | None,
        now: datetime,
        is_near_miss: bool,
    ) -> None:
        self.milestone = milestone
        self.key = milestone.kind
        label = milestone.get_kind_display()
        super().__init__(
            data,
            prefix=milestone.kind,
            initial={
                "state": milestone.state,
                "when": milestone.instant,
                "version": milestone.version,
            },
        )
        self.fields["state"].label = f"{label}: what is known"
        self.fields["when"].label = f"{label}: when"
        when = self.fields["when"]
        assert isinstance(when, InstantField)
        when.zone, when.day, when.now = zone, day, now
        meanings = OF_NEAR_MISS if is_near_miss else MEANINGS
        when.help_text = meanings[Milestone.Kind(milestone.kind)]

    @property
    def stored_version(self) -> int:
        return self.milestone.version

    def clean(self) -> dict[str, Any]:
        """A time that was typed is meant: it makes the milestone recorded."""
        cleaned = super().clean() or self.cleaned_data
        state, when = cleaned.get("state"), cleaned.get("when")
        if when and state == Milestone.State.PENDING:
            cleaned["state"] = Milestone.State.RECORDED
        elif when and state == Milestone.State.NOT_APPLICABLE:
            self.add_error("when", "Remove the time, or say that the milestone is recorded.")
        elif state == Milestone.State.RECORDED and not when and "when" not in self.errors:
            self.add_error("when", "Say when it was, or that it is not known yet.")
        return cleaned
