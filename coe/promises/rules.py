"""What somebody is to a promise, and so what they may do with it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.documents.models import Document
from coe.notices.models import Kind
from coe.notices.services import who_may_know
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


def refusal(rule: Callable[[Part], bool], promise: Promise, part: Part) -> str:
    """Why somebody is refused by `rule`: who it is that may, in a sentence."""
    if rule is may_verify and (part.is_owner or part.is_finisher):
        return "Who owns this, or did it, does not say that it held. Somebody else does."
    if rule is may_verify:
        return "Whoever approves the COE, or can read its working copy, says that it held."
    if rule is may_take_up:
        return "The owner or whoever approves the COE takes this up again."
    if promise.owner is None:
        return "Only its owner does this, and so far nobody owns it."
    return f"{promise.owner.name} owns this and does that."


def approvers_of_promise(promise: Promise, approvers: Approvers | None = None) -> list[User]:
    """Those who decide what the owner of the promise may not decide alone: the approvers of its
    COE, and where that is the owner of the promise, the next above. Empty where there is nobody.

    Of a restricted COE they are the nearest who may read it; where none may, those who would.
    """
    document, asked = promise.document, approvers or Approvers()
    without = (document.owner_id, promise.owner_id)
    nearest = asked.between(promise.team_key, *without)
    if not document.is_restricted:
        return nearest
    return nearest_in_sight(promise, asked, *without) or nearest


def nearest_in_sight(promise: Promise, asked: Approvers, *without: int | None) -> list[User]:
    """Who manages the team, or the nearest above, of those who may know of it and are none of the
    people `without`; empty where there is nobody."""
    while people := asked.between(promise.team_key, *without):
        if known := who_may_be_told(people, promise):
            return known
        without += tuple(person.pk for person in people)
    return []


def who_may_be_told(people: list[User], promise: Promise) -> list[User]:
    """Those of them who can sign in and may know of it."""
    keys = {person.pk for person in people}
    known = who_may_know(Kind.PROMISE_ASKED, keys, promise.document)
    return [person for person in people if person.pk in known]


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
