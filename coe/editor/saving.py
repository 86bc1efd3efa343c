"""One attempt to save what a person typed, and what is kept on the page when it fails."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict

from coe.accounts.models import User
from coe.documents.models import Document
from coe.editor.conflicts import report_conflict, was_there
from coe.editor.workspace import Typed
from coe.web.versions import Conflict


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

    def attempt(self, document: Document, data: QueryDict, *, by: User) -> forms.Form | None:
        """Save; return the form with its errors if it could not be. Raises what services raise.

        A row that was removed raises `Conflict`, like one that changed; one that never was is
        `Http404`.
        """
        try:
            form: Any = self.make(data)
        except Http404:
            if self.make_new is None or not was_there(document, self.subject, self.key):
                raise
            raise Conflict from None
        if not form.is_valid():
            return form  # type: ignore[no-any-return]
        try:
            form.save(by=by)
        except ValidationError as error:
            form.add_error(None, error)
            return form  # type: ignore[no-any-return]
        return None


def typed_again(document: Document, saving: Saving, data: QueryDict) -> Typed:
    """The typed text over what is stored now, so that saving it again is a choice, not an accident.

    If the row was removed, the text stands in the form for a new one.
    """
    fresh = data.copy()
    try:
        stored = saving.make(None)
    except Http404:
        assert saving.make_new is not None
        stored = None
        fresh["uid"], fresh["version"] = str(uuid4()), ""
        form = saving.make_new(fresh)
    else:
        fresh["version"] = str(stored["version"].value() or "")
        form = saving.make(fresh)
    report = report_conflict(
        document, subject=saving.subject, key=saving.key, typed=form, stored=stored
    )
    return Typed(saving.panel, form, [report])


@dataclass(frozen=True, slots=True)
class Strip:
    """Several small forms that are saved at once, each for a stored thing of its own.

    `make` gives the forms over what is stored now, filled from the data where it is given. Every
    form has a `version` and carries what it showed. `save` takes those that were changed;
    `key` is the name of a form's thing in the history.
    """

    panel: str
    subject: str
    make: Callable[[Any], list[Any]]
    save: Callable[[list[Any]], None]
    key: Callable[[Any], str]


def clashing_strip(document: Document, strip: Strip, data: QueryDict) -> Typed:
    """The typed strip over the stored one, with a report of each form that clashed.

    What was left alone in the strip takes over what is stored.
    """
    fresh = data.copy()
    reports = []
    for stored, typed in zip(strip.make(None), strip.make(data), strict=True):
        if not typed.has_changed():
            _take_over(fresh, stored)
            continue
        version = str(stored["version"].value())
        if fresh.get(typed.add_prefix("version")) != version:
            report = report_conflict(
                document,
                subject=strip.subject,
                key=strip.key(typed),
                typed=typed,
                stored=stored,
            )
            reports.append(report)
        fresh[typed.add_prefix("version")] = version
    return Typed(strip.panel, strip.make(fresh), reports)


def _take_over(data: QueryDict, stored: forms.Form) -> None:
    """Put what a form shows of the stored thing, and that it showed it, into `data`."""
    for bound in stored:
        value = bound.value()
        data[bound.html_name] = str("" if value is None else value)
        data[bound.html_initial_name] = str("" if value is None else value)
