"""One attempt to save what a person typed: stored, known again, or why not.

What was typed is known again where this attempt has stored it before (only the answer got lost),
or where somebody has stored the very same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict

from coe.documents.locks import ReadOnly
from coe.editor.attempts import Attempt
from coe.editor.clashes import clash_of
from coe.editor.meeting import Meeting, differing, shown_pairs
from coe.editor.workspace import Typed
from coe.history.queries import events_of
from coe.web.errors import StaleAnswer
from coe.web.forms import StripForm
from coe.web.versions import Conflict


class MovedOn(StaleAnswer):
    """What a row names, a cause or a milestone, was removed while it was being saved."""

    def __init__(self) -> None:
        super().__init__("Something that this names was removed meanwhile. Look, then save again.")


@dataclass(frozen=True, slots=True)
class Saved:
    """It is stored. `fields` are the hidden fields of the form as they are from now on.

    They go on from what was sent, never from what somebody may have stored since.
    """

    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """It is not stored: mistakes in the forms, a clash, or a reason.

    `status` is that of the page; `is_over` says that nothing here can be written any more.
    """

    typed: Typed
    forms: Sequence[forms.Form]
    status: int
    is_over: bool = False


Outcome = Saved | Refused


@dataclass(frozen=True, slots=True)
class Saving:
    """What is saved where: `make` reads the stored thing and gives its form over the data.

    `subject` and `key` are its name in the history. `make_new` gives the form to add the typed
    text again when the row itself was removed meanwhile.
    """

    panel: str
    subject: str
    key: object
    make: Callable[[Any], Any]
    make_new: Callable[[Any], Any] | None = None
    is_adding: bool = False

    def save(self, attempt: Attempt) -> Outcome:
        """Save what was sent, or say why not.

        A row that was removed clashes, like one that changed; one that never was is `Http404`.
        """
        try:
            form: Any = self.make(attempt.data)
        except Http404:
            events = events_of(attempt.document.pk, self.subject, self.key)
            if not (self.make_new and events.exists()):
                raise
            return self._known(attempt) or self._clash(attempt)
        try:
            if form.is_valid():
                return Saved({"version": str(form.save(by=attempt.by, token=attempt.token))})
        except ValidationError as error:
            form.add_error(None, error)
        except Conflict:
            return self._known(attempt) or self._clash(attempt)
        except StaleAnswer as error:
            return self._known(attempt) or _stale(Typed(self.panel, form), [form], error)
        return self._known(attempt) or Refused(Typed(self.panel, form), [form], 422)

    def _known(self, attempt: Attempt) -> Saved | None:
        """What this attempt has stored before."""
        written = attempt.written(self.subject, self.key).get(str(self.key))
        is_this = written == attempt.version_over() + 1
        return Saved({"version": str(written)}) if is_this else None

    def _clash(self, attempt: Attempt) -> Outcome:
        """What was typed beside what is stored now, unless both say the same."""
        data, stored = attempt.data.copy(), self._stored()
        if stored is None:
            assert self.make_new is not None
            data["uid"], data["version"] = str(uuid4()), ""
            typed = self.make_new(data)
        else:
            typed, version = self.make(data), stored["version"].value()
            if version in (None, attempt.version_over()):
                return _stale(Typed(self.panel, typed), [typed], MovedOn())
            if typed.is_valid() and not differing(typed, stored):
                return Saved({"version": str(version)})
            data["version"] = str(version)
            typed = self.make(data)
        meeting = Meeting(self.subject, self.key, attempt.version_over(), typed, stored)
        mine, theirs = typed.data, _as_shown(stored) if stored else None
        clash = clash_of(
            attempt,
            [meeting],
            panel=self.panel,
            mine=mine,
            theirs=theirs,
            make=lambda data: [self.make(data)],
        )
        return Refused(Typed(self.panel, typed, clash), [typed], 409)

    def _stored(self) -> Any:
        try:
            return self.make(None)
        except Http404:
            return None


@dataclass(frozen=True, slots=True)
class Strip:
    """Several small forms that are saved at once, each for a stored thing of its own.

    `make` gives the forms over what is stored now, filled from the data where it is given. `write`
    takes those that were changed, and the name of the attempt.
    """

    panel: str
    subject: str
    make: Callable[[Any], list[Any]]
    write: Callable[[list[Any], UUID | None], None]
    is_adding = False

    def save(self, attempt: Attempt) -> Outcome:
        """Save what was changed, all or nothing; else say why not."""
        forms = self.make(attempt.data)
        changed = [form for form in forms if form.has_changed()]
        typed = Typed(self.panel, forms)
        if not all(form.is_valid() for form in forms):
            return self._known(attempt, changed) or Refused(typed, forms, 422)
        try:
            self.write(changed, attempt.token)
        except Conflict:
            return self._known(attempt, changed) or self._clash(attempt)
        except StaleAnswer as error:
            return self._known(attempt, changed) or _stale(typed, forms, error)
        return _saved(attempt, {form: form.stored_version for form in changed})

    def _known(self, attempt: Attempt, changed: Sequence[StripForm]) -> Saved | None:
        """What this attempt has stored before, all of it."""
        written = attempt.written(self.subject, *(form.key for form in changed))
        over = {form: attempt.version_over(form.add_prefix("version")) for form in changed}
        if not any(written.get(form.key) == version + 1 for form, version in over.items()):
            return None
        return _saved(attempt, {form: written.get(form.key) or over[form] for form in changed})

    def _clash(self, attempt: Attempt) -> Outcome:
        """The typed strip over the stored one, with a report of each form that clashed.

        What was left alone in the strip takes over what is stored. Where the clashing ones say
        the same as what is stored, the others are saved.
        """
        data = attempt.data.copy()
        meetings = []
        known = {}
        for stored, typed in zip(self.make(None), self.make(attempt.data), strict=True):
            over = attempt.version_over(typed.add_prefix("version"))
            is_typed = typed.has_changed()
            if is_typed and over != stored.stored_version:
                if typed.is_valid() and not differing(typed, stored):
                    known[typed] = stored.stored_version
                else:
                    meetings.append(Meeting(self.subject, typed.key, over, typed, stored))
            _take_over(data, stored, values=not is_typed)
        if not meetings:
            others = self.save(replace(attempt, data=data))
            if isinstance(others, Refused):
                return others
            return Saved(_saved(attempt, known).fields | others.fields)
        theirs = data.copy()
        for meeting in meetings:
            assert isinstance(meeting.stored, StripForm)
            _take_over(theirs, meeting.stored, values=True)
        forms = self.make(data)
        clash = clash_of(
            attempt, meetings, panel=self.panel, mine=data, theirs=theirs, make=self.make
        )
        return Refused(Typed(self.panel, forms, clash), forms, 409)


Unit = Saving | Strip


def _as_shown(stored: forms.Form) -> QueryDict:
    """What a browser sends of a form of what is stored, if nothing is touched."""
    data = QueryDict(mutable=True)
    for name, value in shown_pairs(stored):
        data.appendlist(name, value)
    return data


def _take_over(data: QueryDict, stored: StripForm, *, values: bool) -> None:
    """Let `data` be typed over what is stored now; with `values` it says the same."""
    for name, value in shown_pairs(stored):
        if name == stored.add_prefix("version"):
            data[name] = value
            continue
        data[f"initial-{name}"] = value
        if values:
            data[name] = value


def _saved(attempt: Attempt, versions: Mapping[StripForm, int]) -> Saved:
    """The hidden fields of the forms that were saved: each shows what was typed from now on."""
    fields = {}
    for form, version in versions.items():
        fields[form.add_prefix("version")] = str(version)
        for bound in form.visible_fields():
            fields[bound.html_initial_name] = attempt.data.get(bound.html_name, "")
    return Saved(fields)


def _stale(typed: Typed, forms: Sequence[forms.Form], error: StaleAnswer) -> Refused:
    kept = replace(typed, reason=error.reason)
    return Refused(kept, forms, 409, is_over=isinstance(error, ReadOnly))
