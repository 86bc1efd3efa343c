"""The page on which administrators read who opened what few may see, and take it with them."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coe.accounts.fields import MAX_NAME
from coe.accounts.requests import SignedInRequest
from coe.administration.access import administrators_only
from coe.audit.models import AuditEvent, AuditKind
from coe.audit.queries import AuditFilters, audit_events, page_of_events
from coe.audit.services import write_down
from coe.exports.csv_tables import MARK, Lines
from coe.text.plain import LineField
from coe.web.forms import DayInput

NOT_A_DAY = "Choose a day, like 2026-11-22."
HEAD = (
    "At (UTC)",
    "Person",
    "E-mail address",
    "Administrator",
    "What",
    "COE",
    "Restricted",
    "Method",
    "Address",
    "Answer",
)


class AuditForm(forms.Form):
    """The filters of the audit; they live in its address."""

    who = LineField(label="Name or e-mail", required=False, limit=MAX_NAME)
    reference = LineField(label="COE", required=False, limit=20)
    kind = forms.ChoiceField(
        required=False, choices=[("", "Anything"), *AuditKind.choices], label="What"
    )
    since = forms.DateField(
        required=False, widget=DayInput, label="From", error_messages={"invalid": NOT_A_DAY}
    )
    until = forms.DateField(
        required=False, widget=DayInput, label="Until", error_messages={"invalid": NOT_A_DAY}
    )
    is_restricted = forms.BooleanField(required=False, label="Restricted COEs only")
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    @property
    def filters(self) -> AuditFilters:
        given: dict[str, Any] = {**self.cleaned_data}
        del given["before"]
        return AuditFilters(**given)


@administrators_only
@require_safe
def audit(request: SignedInRequest) -> HttpResponse:
    form = AuditForm(request.GET)
    context: dict[str, Any] = {"form": form, "query": request.GET}
    if form.is_valid():
        context["page"] = page_of_events(form.filters, before=form.cleaned_data["before"])
    return render(request, "administration/audit.html", context, status=422 if form.errors else 200)


@administrators_only
@require_safe
def audit_csv(request: SignedInRequest) -> HttpResponseBase:
    """What fits, all of it, as a table for a spreadsheet; that it was taken is in it first."""
    form = AuditForm(request.GET)
    if not form.is_valid():
        context = {"form": form, "query": request.GET}
        return render(request, "administration/audit.html", context, status=422)
    write_down(AuditKind.AUDIT_EXPORTED, request, status=200, address=request.get_full_path())
    return StreamingHttpResponse(
        _lines(form.filters),
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
    )


def _lines(filters: AuditFilters) -> Iterator[str]:
    lines = Lines()
    yield MARK + lines.written(HEAD)
    for event in audit_events(filters).iterator(chunk_size=500):
        yield lines.written(_cells(event))


def _cells(event: AuditEvent) -> tuple[str, ...]:
    return (
        event.at.isoformat(timespec="seconds"),
        event.person.name,
        event.person.email,
        "yes" if event.is_administrator else "no",
        event.get_kind_display(),
        event.reference,
        "yes" if event.is_restricted else "no",
        event.method,
        event.address,
        str(event.status),
    )
