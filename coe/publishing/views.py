from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.queries import readable_working_copy
from coe.publishing.services import publish
from coe.web.errors import StaleAnswer, stale
from coe.web.http import see_other


@require_POST
def publish_coe(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    try:
        publication = publish(document, by=request.user, digest=request.POST.get("digest", ""))
    except StaleAnswer as error:
        return stale(request, error, way_back=reverse("coe_draft", args=[reference]))
    messages.success(request, f"Published as version {publication.version}.")
    return see_other("coe_read", document.reference)
