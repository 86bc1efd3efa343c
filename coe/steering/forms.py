"""What is sent about many items at once."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from coe.accounts.fields import PersonChoice
from coe.reviews.decision_forms import read_many
from coe.reviews.proposals import Seen as SeenProposal
from coe.steering.items import Seen, read_ticked
from coe.text.plain import TextField
from coe.web.forms import DayInput

MOVE, HAND_OVER = "move", "hand_over"
MOST_TICKED = 200
MOST_DAYS = 730
NOTHING = "Tick the items that you mean."
NOT_WHOLE = "What was ticked did not come back whole. Tick it again."
NO_REASON = "Say why, so that whoever waits for them understands."


class Ticked(forms.Field):
    """The items that were ticked; each as `read` takes it back from its value."""

    widget = forms.MultipleHiddenInput

    def __init__(self, read: Any) -> None:
        super().__init__(error_messages={"required": NOTHING})
        self._read = read

    def clean(self, value: Any) -> Any:
        values = super().clean(value or None)
        if len(values) > MOST_TICKED:
            raise ValidationError(f"Tick at most {MOST_TICKED} items at once.")
        found = self._read(values)
        if found is None:
            raise ValidationError(NOT_WHOLE)
        return found


def _seen(values: Iterable[str]) -> list[Seen] | None:
    """Each once."""
    found = {value: read_ticked(value) for value in values}
    seen = [each for each in found.values() if each]
    return seen if len(seen) == len(found) else None


def _proposed(values: Iterable[str]) -> dict[int, dict[UUID, SeenProposal]] | None:
    """By COE (its key), the items as they were seen."""
    found: dict[int, dict[UUID, SeenProposal]] = {}
    for value in values:
        key, _, rest = value.partition("|")
        item = read_many([rest])
        if not item or not (key.isascii() and key.isdecimal() and len(key) < 19):
            return None
        found.setdefault(int(key), {}).update(item)
    return found


class AcceptForm(forms.Form):
    """Proposed items to be accepted as they are."""

    item = Ticked(_proposed)


class ChangeForm(forms.Form):
    """Items that are moved or handed over, for one reason. `do` is the button that was pressed."""

    do = forms.ChoiceField(
        choices=((MOVE, "Move"), (HAND_OVER, "Hand over")), widget=forms.HiddenInput
    )
    item = Ticked(_seen)
    reason = TextField(
        label="Why",
        limit=5_000,
        widget=forms.Textarea(attrs={"rows": 1}),
        error_messages={"required": NO_REASON},
    )
    to = PersonChoice(label="To whom", empty_label="Choose somebody", required=False)
    due_on = forms.DateField(label="To the day", required=False, widget=DayInput)
    days = forms.IntegerField(label="Or by days", required=False, min_value=1, max_value=MOST_DAYS)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("do") == HAND_OVER and not self.errors.get("to") and not given.get("to"):
            self.add_error("to", "Choose who does them from now on.")
        if given.get("do") == MOVE:
            self._refuse_unclear(given)
        return given

    def _refuse_unclear(self, given: dict[str, Any]) -> None:
        if self.errors.get("due_on") or self.errors.get("days"):
            return
        if given.get("due_on") and given.get("days"):
            self.add_error("days", "Give a day or a number of days, not both.")
        elif not (given.get("due_on") or given.get("days")):
            self.add_error("due_on", "Choose the day, or say by how many days.")


def ticked_in(posted: QueryDict) -> frozenset[str]:
    """What was ticked, to be ticked again."""
    return frozenset(posted.getlist("item"))
