from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document
from coe.documents.queries import KEPT_FOR, discarded_drafts
from coe.home import queries
from coe.notices.queries import unseen_page
from coe.reviews.rules import Approvers


@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    user, approvers = request.user, Approvers()
    waiting = {
        "to_write": queries.to_write(user),
        "to_judge": queries.to_judge(user, approvers),
        "to_review": queries.to_review(user, approvers),
        "to_publish": queries.to_publish(user),
        "to_correct": queries.to_correct(user),
        "promised": queries.promised(user),
    }
    is_clear = not any(waiting.values())
    unseen = unseen_page(user, request.GET.get("page"))
    is_first_use = is_clear and not Document.objects.visible_to(user).exists()
    drafts = list(discarded_drafts(user))
    just = request.GET.get("discarded", "")
    discarded = {
        "discarded": drafts,
        "just_discarded": [each for each in drafts if each.reference == just],
        "days": KEPT_FOR.days,
    }
    context = {
        **waiting,
        **discarded,
        "unseen": unseen,
        "is_clear": is_clear,
        "is_first_use": is_first_use,
        "with_others": queries.with_others(user, approvers),
    }
    return render(request, "home/home.html", context)
