"""What waits for the decision of a manager: proposed items, COEs in review, requests of owners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from coe.accounts.models import User
from coe.actions.models import ActionItem, Promise, PromiseRequest
from coe.documents.models import Document, State
from coe.promises.rules import Deciders
from coe.reviews.models import ItemDecision
from coe.reviews.proposals import is_complete, proposal_digest, written
from coe.reviews.rules import Approvers

SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposed item that nobody decided as it is now; `value` names it and what was seen of it,
    in a form. `may_accept` is set where the person approves its COE and it is complete."""

    item: ActionItem
    value: str
    is_approver: bool
    may_accept: bool


@dataclass(frozen=True, slots=True)
class InReview:
    """A COE in review, with what of its items nobody decided."""

    document: Document
    is_approver: bool
    items: tuple[Proposed, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the owner of a correction wants decided, and whether the person decides it."""

    request: PromiseRequest
    may_decide: bool


def undecided_items(user: User) -> list[ActionItem]:
    """The items of COEs in review whose working copy `user` may read, which nobody decided as
    they are now, COE by COE in their order. Two queries, however many there are."""
    reviewed = Document.objects.working_copy_visible_to(user).filter(state=State.IN_REVIEW)
    items = ActionItem.objects.filter(document__in=reviewed).select_related(
        "owner__team", "cause", "document__incident"
    )
    made = ItemDecision.objects.filter(document__in=reviewed, withdrawn_at__isnull=True)
    decided = set(made.values_list("document", "uid", "digest"))
    ordered = items.order_by("document", "position", "pk")
    return [
        each
        for each in ordered
        if (each.document_id, each.uid, proposal_digest(each)) not in decided
    ]


def reviews_of(
    user: User, teams: Collection[int], undecided: Iterable[ActionItem], approvers: Approvers
) -> list[InReview]:
    """The COEs of `teams` that are in review, of those whose working copy `user` may read, the
    longest opened first, with what of their items is `undecided`."""
    items: dict[int, list[ActionItem]] = defaultdict(list)
    for item in undecided:
        items[item.document_id].append(item)
    found = []
    for document in _in_review(user, teams):
        is_approver = user in approvers.of(document)
        proposed = (_proposed(each, is_approver) for each in items[document.pk])
        found.append(InReview(document, is_approver, tuple(proposed)))
    return found


def _in_review(user: User, teams: Collection[int]) -> QuerySet[Document]:
    seen = Document.objects.working_copy_visible_to(user).filter(state=State.IN_REVIEW)
    of_teams = seen.filter(incident__team__in=teams)
    return of_teams.select_related("incident", "owner").order_by("created_at", "pk")


def _proposed(item: ActionItem, is_approver: bool) -> Proposed:
    seen = written(item.version, proposal_digest(item), None)
    value = SEPARATOR.join((str(item.document_id), str(item.uid), seen))
    return Proposed(item, value, is_approver, is_approver and is_complete(item))


def asked_of(user: User, teams: Collection[int], approvers: Approvers) -> list[Asked]:
    """What owners of corrections of `teams` asked, the longest waiting first."""
    seen = Promise.objects.visible_to(user).standing().filter(team__in=teams)
    asked = PromiseRequest.objects.filter(outcome="", promise__in=seen).order_by("pk")
    told = asked.select_related("promise__document", "asked_by")
    deciders = Deciders([each.promise for each in told], approvers)
    return [
        Asked(each, each.asked_by_id != user.pk and user in deciders.of(each.promise))
        for each in told
    ]
