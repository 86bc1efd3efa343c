"""The product's addresses, and two views beside them that do as little as a view can."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.views.decorators.http import require_GET

from coe.documents.models import Document

pages: dict[str, str] = {}
"""What the product answered, by the reference of the COE."""


@require_GET
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """One row, and a template of the size of the product's page.

    Its ETag is there already, as that of our page: else a middleware would read all of it for one.
    """
    row = Document.objects.get(reference=reference)
    text = _as_template(reference).render({"row": row}, request)
    return HttpResponse(text, headers={"ETag": '"bare"'})


@require_GET
def one_query(request: HttpRequest, reference: str) -> HttpResponse:
    return HttpResponse(Document.objects.get(reference=reference).reference)


@cache
def _as_template(reference: str) -> Any:
    """The page itself, each mention of the reference read from the row."""
    source = pages[reference].replace(reference, "{{ row.reference }}")
    return engines["django"].from_string(source)


urlpatterns = [
    path("bare/page/<str:reference>/", page),
    path("bare/row/<str:reference>/", one_query),
    path("", include("coe.urls")),
]
