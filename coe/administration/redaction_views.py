"""The page on which a pasted secret is removed from the history of a COE."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from coe.accounts.requests import SignedInRequest
from coe.administration.access import administrators_only
from coe.administration.forms import RemoveSecretForm, SecretForm
from coe.administration.redaction import look_for_secret, remove_secret
from coe.audit.models import AuditKind
from coe.audit.services import write_down
from coe.web.http import get_or_post, posted, see_other


@sensitive_post_parameters("secret")
@administrators_only
@get_or_post
def redact(request: SignedInRequest) -> HttpResponse:
    """Look where it stands, then empty the saves that hold it."""
    data = posted(request)
    form = SecretForm(data)
    if not form.is_valid():
        return _page(request, {"form": form}, status=422 if form.is_bound else 200)
    removing = RemoveSecretForm(data if request.POST.get("step") == "remove" else None)
    if not removing.is_valid():
        context = {"form": form, "removing": removing} | _found(request, form.cleaned_data)
        return _page(request, context, status=422 if removing.is_bound else 200)
    given = removing.cleaned_data
    count = remove_secret(
        given["reference"], secret=given["secret"], reason=given["reason"], by=request.user
    )
    places = "place is" if count == 1 else "places are"
    messages.success(request, f"{count} {places} emptied in {given['reference'].reference}.")
    return see_other("redact")


def _found(request: SignedInRequest, given: dict[str, Any]) -> dict[str, Any]:
    """Where it stands. No office opens a restricted COE unseen."""
    document = given["reference"]
    if document.is_restricted:
        write_down(AuditKind.SEARCHED, request, status=200, reference=document.reference)
    found = look_for_secret(document, secret=given["secret"], by=request.user)
    return {"document": document, "found": found}


def _page(request: SignedInRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    return render(request, "administration/redact.html", context, status=status)
