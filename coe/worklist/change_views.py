"""Changing many items with a table: it is read and shown first, then done all or not at all."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from coe.accounts.requests import SignedInRequest
from coe.actions.models import PromiseState
from coe.web.errors import StaleAnswer, stale
from coe.web.http import get_or_post, see_other
from coe.worklist.changes import apply_changes, preview
from coe.worklist.queries import changed_items
from coe.worklist.reading import (
    MOST_BYTES,
    MOST_CHANGES,
    Change,
    packed,
    read_changes,
    read_packed,
    text_of,
)
from coe.worklist.table import ASKED

DONE = "table_of_action_items"
"""In the session: of each line that the last table changed its number, its item and which of the
columns. No word of a COE is kept there."""


class TableForm(forms.Form):
    """A table that comes back from a spreadsheet."""

    table = forms.FileField(
        label="The table, as CSV",
        error_messages={
            "required": "Choose the table that you filled in.",
            "empty": "This file is empty. Choose the table that you filled in.",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_table(self) -> list[Change]:
        given: UploadedFile[Any] = self.cleaned_data["table"]
        if (given.size or 0) > MOST_BYTES:
            raise ValidationError("This is too large for a table of action items.")
        return read_changes(text_of(given.read()))


class AppliedForm(forms.Form):
    """The changes that were previewed, and what the preview said of each, as digests."""

    changes = forms.CharField(strip=False, widget=forms.HiddenInput)
    digests = forms.CharField(max_length=20 * MOST_CHANGES, widget=forms.HiddenInput)

    def clean_digests(self) -> list[str]:
        digests: str = self.cleaned_data["digests"]
        return digests.split()

    def clean_changes(self) -> list[Change]:
        return read_packed(self.cleaned_data["changes"])


@get_or_post
def action_import(request: SignedInRequest) -> HttpResponse:
    if request.method != "POST":
        return _import_page(request, TableForm())
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return _import_page(request, form, status=422)
    changes: list[Change] = form.cleaned_data["table"]
    outcomes = preview(changes, by=request.user)
    context = {
        "outcomes": outcomes,
        "wrong": [each for each in outcomes if each.errors],
        "right": [each for each in outcomes if each.steps],
        "digests": " ".join(each.digest for each in outcomes),
        "packed": packed(changes),
    }
    return render(request, "worklist/preview.html", context)


@require_POST
def action_import_apply(request: SignedInRequest) -> HttpResponse:
    form = AppliedForm(request.POST)
    back = reverse("action_import")
    if not form.is_valid():
        unread = StaleAnswer("What was previewed did not come back whole, so nothing was done.")
        return stale(request, unread, way_back=back)
    given: dict[str, Any] = form.cleaned_data
    try:
        outcomes = apply_changes(given["changes"], digests=given["digests"], by=request.user)
    except StaleAnswer as error:
        return stale(request, error, way_back=back)
    request.session[DONE] = [
        (each.number, each.key, [step.what for step in each.steps])
        for each in outcomes
        if each.steps
    ]
    return see_other("action_import_done")


@require_GET
def action_import_done(request: SignedInRequest) -> HttpResponse:
    """What the last table of this session changed, as it is now and as far as one may see it."""
    done = request.session.get(DONE, [])
    items = changed_items(request.user, [key for _, key, _ in done])
    lines = [(number, items[key], what) for number, key, what in done if key in items]
    return render(request, "worklist/done.html", {"lines": lines, "count": len(done)})


def _import_page(request: SignedInRequest, form: TableForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "columns": ASKED, "states": PromiseState.labels}
    return render(request, "worklist/import.html", context, status=status)
