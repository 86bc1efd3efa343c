"""What somebody is to a promise, and so what they may do with it."""

from collections.abc import Collection
from dataclasses import dataclass

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.documents.models import Document
from coe.reviews.rules import Approvers


@dataclass(frozen=True, slots=True)
class Part:
    """What one person is to a promise that they may see.

    Its owner is never its approver, nor of it being done is whoever said so the one who verifies.
    """

    is_owner: bool = False
    is_finisher: bool = False
    is_approver: bool = False
    reads_working_copy: bool = False


def is_owner(part: Part) -> bool:
    return part.is_owner


def is_approver(part: Part) -> bool:
    return part.is_approver


def may_take_up(part: Part) -> bool:
    return part.is_owner or part.is_approver


def may_verify(part: Part) -> bool:
    """Somebody else than who owns it and who did it, and near enough to tell."""
    is_near = part.is_approver or part.reads_working_copy
    return is_near and not (part.is_owner or part.is_finisher)


def may_doubt(part: Part) -> bool:
    """Whoever may see it may say that it did not hold."""
    return True


def approvers_of_promise(promise: Promise, approvers: Approvers | None = None) -> list[User]:
    """Those who decide what the owner of the promise may not decide alone: the approvers of its
    COE, and where that is the owner of the promise, the next above. Empty where there is nobody."""
    document = promise.document
    asked = approvers or Approvers()
    return asked.between(document.incident.team_id, document.owner_id, promise.owner_id)


def parts_of(user: User, promises: Collection[Promise]) -> dict[int, Part]:
    """What `user`, who may see them all, is to each of `promises` now. Three queries at most."""
    theirs = Document.objects.working_copy_visible_to(user)
    keys = {promise.document_id for promise in promises}
    read = set(theirs.filter(pk__in=keys).values_list("pk", flat=True))
    approvers = Approvers()
    return {
        promise.pk: Part(
            is_owner=promise.owner_id == user.pk,
            is_finisher=promise.done_by_id == user.pk,
            is_approver=user in approvers_of_promise(promise, approvers),
            reads_working_copy=promise.document_id in read,
        )
        for promise in promises
    }


def part_of(user: User, promise: Promise, approvers: Approvers | None = None) -> Part:
    """What `user`, who may see the promise, is to it now."""
    seen = Document.objects.working_copy_visible_to(user).filter(pk=promise.document_id)
    return Part(
        is_owner=promise.owner_id == user.pk,
        is_finisher=promise.done_by_id == user.pk,
        is_approver=user in approvers_of_promise(promise, approvers),
        reads_working_copy=seen.exists(),
    )
