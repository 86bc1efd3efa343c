"""The pages of the guide: its versions, what each says, what one changes, and trying one on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from coe.accounts.requests import SignedInRequest
from coe.administration.access import administrators_only
from coe.administration.guide_forms import PreviewForm, SinceForm
from coe.administration.guide_pages import GuidePage, difference_of
from coe.administration.guide_preview import preview
from coe.audit.models import AuditKind
from coe.audit.services import write_down
from coe.documents.models import Document
from coe.policies.comparison import digest_of_guide
from coe.policies.drafts import begin_draft, draft_guide, drop_draft, publish_draft
from coe.policies.models import Guide
from coe.policies.queries import guide_value
from coe.policies.services import current_guide
from coe.web.http import get_or_post, see_other

RECENT = 8


@administrators_only
@require_safe
def guide(request: SignedInRequest) -> HttpResponse:
    """The guide that is in force, and all versions."""
    return _version(request, current_guide())


@administrators_only
@require_safe
def version(request: SignedInRequest, version: int) -> HttpResponse:
    return _version(request, _guide(version))


def _version(request: SignedInRequest, shown: Guide) -> HttpResponse:
    context = {
        "page": GuidePage(shown),
        "seen": digest_of_guide(guide_value(shown)),
        "guide": shown,
        "current": current_guide(),
        "draft": draft_guide(),
        "versions": Guide.objects.published().order_by("-version"),
    }
    return render(request, "administration/guide.html", context)


@administrators_only
@require_POST
def begin(request: SignedInRequest) -> HttpResponse:
    draft = begin_draft(by=request.user)
    return see_other("guide_version", draft.version)


@administrators_only
@require_POST
def drop(request: SignedInRequest, version: int) -> HttpResponse:
    _guide(version)
    drop_draft(version=version, seen=request.POST.get("seen", ""), by=request.user)
    messages.success(request, f"The draft of version {version} is dropped.")
    return see_other("guide")


@administrators_only
@get_or_post
def publish(request: SignedInRequest, version: int) -> HttpResponse:
    """What the draft changes, and the button that puts it in force."""
    draft = _guide(version)
    if request.method == "POST":
        publish_draft(version=version, seen=request.POST.get("seen", ""), by=request.user)
        messages.success(
            request, f"Version {version} is in force. COEs that are opened from now on keep it."
        )
        return see_other("guide")
    context = {
        "guide": draft,
        "difference": difference_of(current_guide(), draft),
        "seen": digest_of_guide(guide_value(draft)),
    }
    return render(request, "administration/guide_publish.html", context)


@administrators_only
@require_safe
def changes(request: SignedInRequest, version: int) -> HttpResponse:
    """What a version says otherwise than the one before, or than an earlier one."""
    after = _guide(version)
    earlier = Guide.objects.published().filter(version__lt=version).order_by("-version")
    if not earlier:
        raise Http404
    form = SinceForm(request.GET if "since" in request.GET else None, earlier=earlier)
    before = form.cleaned_data["since"] if form.is_valid() else earlier[0]
    context = {"difference": difference_of(before, after), "form": form}
    status = 422 if form.errors else 200
    return render(request, "administration/guide_compare.html", context, status=status)


@administrators_only
@require_safe
def try_on(request: SignedInRequest, version: int) -> HttpResponse:
    """What this version would say of a COE that is there."""
    tried = _guide(version)
    form = PreviewForm(request.GET if "coe" in request.GET else None, reader=request.user)
    recent = Document.objects.visible_to(request.user).not_retracted()
    recent = recent.with_readers_fields()[:RECENT]
    context: dict[str, Any] = {"guide": tried, "form": form, "recent": recent}
    if form.is_valid():
        _note_reading(request, form.cleaned_data["coe"])
        context["preview"] = preview(form.cleaned_data["coe"], tried, reader=request.user)
    status = 422 if form.errors else 200
    return render(request, "administration/guide_preview.html", context, status=status)


def _note_reading(request: SignedInRequest, document: Document) -> None:
    """Trying a guide on a COE shows what is found in it."""
    if document.is_restricted:
        write_down(AuditKind.READ, request, status=200, reference=document.reference)


def _guide(version: int) -> Guide:
    if version >= 2**31:
        raise Http404
    return get_object_or_404(Guide, version=version)
