"""The edited merge of what was typed and what is stored, ready-made where that can be done."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from coe.editor.meeting import Meeting, Pairs, differing, pairs_of, shown_values, typed_value
from coe.history.replay import content_at
from coe.text.instants import Instant, Precision
from coe.text.merge import merge
from coe.text.plain import LineField, TextField

Make = Callable[[QueryDict], Sequence[forms.Form]]


@dataclass(frozen=True, slots=True)
class Merged:
    """A form of its own: `fields` are shown to be edited, `hidden` go along.

    `is_clean` says that everything that either of them changed is in it; where it is not, a field
    that both have changed holds what was typed.
    """

    fields: tuple[forms.BoundField, ...]
    hidden: Pairs
    is_clean: bool


def merged_of(document_id: int, meetings: Sequence[Meeting], mine: QueryDict, make: Make) -> Merged:
    """Over what the unit would send of `mine`; `make` gives its forms over such data."""
    data, shown, are_clean = mine.copy(), set[str](), True
    for meeting in meetings:
        assert meeting.stored
        base = content_at(document_id, meeting.subject, meeting.key, meeting.over)
        for name in differing(meeting.typed, meeting.stored):
            values = _merged_values(base or {}, name, meeting.typed, meeting.stored[name])
            html_name = meeting.typed.add_prefix(name)
            shown.add(html_name)
            are_clean = are_clean and values is not None
            if values is not None:
                data.setlist(html_name, list(values))
    hidden = tuple(pair for pair in pairs_of(data) if pair[0] not in shown)
    fields = [bound for form in make(data) for bound in _apart(form) if bound.html_name in shown]
    return Merged(tuple(fields), hidden, are_clean)


def _apart(form: forms.Form) -> forms.Form:
    """With names of its own in the page, beside the same fields of the unit itself."""
    form.auto_id = f"merged-{form.auto_id}"
    return form


def _merged_values(
    base: Mapping[str, Any], name: str, typed: forms.Form, stored: forms.BoundField
) -> Sequence[str] | None:
    """What the field holds when both are taken over; None where both have changed it."""
    field, mine, theirs = stored.field, typed_value(typed, name), shown_values(stored)
    try:
        before = _before(base, name, field)
    except KeyError:
        return None
    if not field.has_changed(before, mine):
        return theirs
    if not field.has_changed(before, theirs[0] if theirs else ""):
        return [mine]
    is_text = type(field) is LineField or isinstance(field, TextField)
    text = merge(before, mine, theirs[0]) if is_text else None
    return None if text is None else [text]


def _before(base: Mapping[str, Any], name: str, field: forms.Field) -> Any:
    """What the field held before either of them; raises `KeyError` where that is not known."""
    if name == "when":
        return _instant(base)
    value = base[name] if name in base else base[f"{name}_id"]
    with suppress(ValidationError):
        return field.clean(value) if isinstance(value, str) else value
    return value


def _instant(base: Mapping[str, Any]) -> Instant | None:
    if base["at"] is None:
        return None
    end = base.get("end_at")
    return Instant(
        datetime.fromisoformat(base["at"]),
        Precision(base.get("precision", Precision.MINUTE)),
        datetime.fromisoformat(end) if end else None,
    )
