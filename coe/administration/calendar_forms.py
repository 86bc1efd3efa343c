"""How a team counts days, as a form."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from coe.administration.forms import RecordForm
from coe.policies.team_calendars import calendar_facts
from coe.text.days import read_day
from coe.text.instants import UnreadableInstant
from coe.text.plain import TextField, storable_line

MOST_HOLIDAYS = 500
MAX_NAME = 100


class HolidaysField(TextField):
    """A day on each line and what it is called behind it. Cleans to the names by day."""

    def clean(self, value: Any) -> Any:
        found: dict[date, str] = {}
        for number, line in enumerate((super().clean(value) or "").splitlines(), 1):
            if line.strip():
                day, name = _read(line.strip(), number)
                if day in found:
                    raise ValidationError(f"Line {number}: {day} is there twice. Keep one of them.")
                found[day] = name
        if len(found) > MOST_HOLIDAYS:
            raise ValidationError(f"At most {MOST_HOLIDAYS} days. Leave out those long past.")
        return found


def _read(line: str, number: int) -> tuple[date, str]:
    try:
        read = read_day(line, 0, near=None)
    except UnreadableInstant as error:
        raise ValidationError(f"Line {number}: {error}") from error
    if read is None:
        raise ValidationError(
            f"Line {number} does not begin with a day. It looks like 2026-12-25 Christmas Day."
        )
    day, behind = read
    return day, storable_line(line[behind:].strip(" ,:"), max_length=MAX_NAME)


class CalendarForm(RecordForm):
    """Whether a team has a calendar of its own, what its due dates count, its holidays."""

    @staticmethod
    def facts_of(row: Any) -> dict[str, Any]:
        return calendar_facts(row)

    has_own = forms.BooleanField(
        required=False,
        label="It has a calendar of its own",
        help_text="Otherwise it follows the calendar of the team above it.",
    )
    counts_working_days = forms.BooleanField(
        required=False,
        label="Due dates count working days",
        help_text="Monday to Friday, without the holidays below. Otherwise every day counts.",
    )
    holidays = HolidaysField(
        label="Holidays",
        required=False,
        limit=50_000,
        help_text="A day on each line, and what it is called: 2026-12-25 Christmas Day.",
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def _typed(self, fact: str) -> object:
        typed = super()._typed(fact)
        if fact != "holidays" or not isinstance(typed, dict):
            return typed
        return "\n".join(f"{day} {typed[day]}".strip() for day in sorted(typed))
