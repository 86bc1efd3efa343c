from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coe.accounts.models import User
from coe.accounts.requests import SignedInRequest
from coe.clocks.reading import Clocks
from coe.documents.models import Document
from coe.documents.queries import KEPT_FOR, discarded_drafts
from coe.home.queries import MOST_PROMISES, waiting_for, with_others
from coe.notices.queries import unseen_page
from coe.reviews.rules import Approvers


@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    user, waiting = request.user, waiting_for(request.user)
    knows_any = Document.objects.visible_to(user)
    context = {
        "waiting": waiting,
        "most_promises": MOST_PROMISES,
        "clocks": Clocks().of(waiting.documents),
        "unseen": unseen_page(user, request.GET.get("page")),
        "just_discarded": _just_discarded(user, request.GET.get("discarded", "")),
        "is_first_use": waiting.is_nothing and not knows_any.exists(),
    }
    return render(request, "home/home.html", context)


def _just_discarded(user: User, reference: str) -> list[Document]:
    """The draft of this reference, to undo that; nothing is read where none is named."""
    drafts = discarded_drafts(user) if reference else ()
    return [each for each in drafts if each.reference == reference]


@require_GET
def elsewhere(request: SignedInRequest) -> HttpResponse:
    """What waits for others, and the drafts that can be brought back."""
    others = with_others(request.user, Approvers())
    context = {
        "with_others": others,
        "clocks": Clocks().of(each.document for each in others),
        "discarded": list(discarded_drafts(request.user)),
        "days": KEPT_FOR.days,
    }
    return render(request, "home/elsewhere.html", context)
