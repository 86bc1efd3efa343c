from itertools import chain

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coe.accounts.requests import SignedInRequest
from coe.clocks.queries import without_coe
from coe.clocks.reading import Clocks
from coe.documents.models import Document
from coe.documents.queries import KEPT_FOR, discarded_drafts
from coe.home import queries
from coe.notices.queries import unseen_page
from coe.reviews.rules import Approvers

MOST_INCIDENTS = 5
"""What home tells of incidents without a COE; the others are a page away."""


@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    user, approvers = request.user, Approvers()
    waiting = {
        "to_write": queries.to_write(user),
        "to_judge": queries.to_judge(user, approvers),
        "to_review": queries.to_review(user, approvers),
        "to_publish": queries.to_publish(user),
        "to_correct": queries.to_correct(user),
    }
    promised = queries.promised(user)
    listed = list(chain.from_iterable(waiting.values()))
    is_clear = not listed and not promised
    unseen = unseen_page(user, request.GET.get("page"))
    is_first_use = is_clear and not Document.objects.visible_to(user).exists()
    drafts = list(discarded_drafts(user))
    just = request.GET.get("discarded", "")
    discarded = {
        "discarded": drafts,
        "just_discarded": [each for each in drafts if each.reference == just],
        "days": KEPT_FOR.days,
    }
    others = queries.with_others(user, approvers)
    context = {
        **waiting,
        **discarded,
        "promised": promised,
        "unseen": unseen,
        "is_clear": is_clear,
        "is_first_use": is_first_use,
        "with_others": others,
        "clocks": Clocks().of([*listed, *(each.document for each in others)]),
        "without_coe": list(without_coe(user)[: MOST_INCIDENTS + 1]),
        "most_incidents": MOST_INCIDENTS,
    }
    return render(request, "home/home.html", context)
