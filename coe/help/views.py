from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coe.accounts.requests import SignedInRequest
from coe.exports.report import report
from coe.guidance.registry import BY_SUBJECT
from coe.help.example import worked_example
from coe.policies.rules import Level


@require_GET
def about(request: SignedInRequest) -> HttpResponse:
    return render(request, "help/about.html")


@require_GET
def glossary(request: SignedInRequest) -> HttpResponse:
    return render(request, "help/glossary.html")


@require_GET
def checks(request: SignedInRequest) -> HttpResponse:
    """Every check as it describes itself."""
    return render(request, "help/checks.html", {"subjects": BY_SUBJECT, "levels": Level})


@require_GET
def example(request: SignedInRequest) -> HttpResponse:
    text = worked_example()
    return render(request, "help/example.html", {"printable": text, "report": report(text)})
