"""What somebody is to a promise, and so what they may do with it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.documents.models import Document
from coe.notices.models import Kind
from coe.notices.services import who_may_know, who_may_know_which
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


class Deciders:
    """Those who decide over `promises`, from the teams and leaders as they are now.

    Three queries at most, however many promises there are: teams, leaders, and who of those above
    may know of which restricted COE.
    """

    def __init__(self, promises: Iterable[Promise], approvers: Approvers | None = None) -> None:
        self._promises = list(promises)
        self._approvers = approvers or Approvers()

    def of(self, promise: Promise) -> list[User]:
        """Those who decide what the owner of the promise may not decide alone: the approvers of
        its COE, and where that is the owner of the promise, the next above. Empty where there is
        nobody.

        Of a restricted COE they are the nearest who may read it; where none may, those who would.
        """
        without = (promise.document.owner_id, promise.owner_id)
        nearest = self.in_sight(promise, *without)
        return nearest or self._approvers.between(promise.team_id, *without)

    def verifiers(self, promise: Promise) -> list[User]:
        """Those who are asked whether it held: the nearest whom neither owning it nor having done
        it keeps from saying so."""
        return self.in_sight(promise, promise.owner_id, promise.done_by_id)

    def in_sight(self, promise: Promise, *without: int | None) -> list[User]:
        """Who manages the team, or the nearest above, of those who may know of it and are none of
        the people `without`; empty where there is nobody."""
        while people := self._approvers.between(promise.team_id, *without):
            if known := [each for each in people if self._may_know(each, promise)]:
                return known
            without += tuple(person.pk for person in people)
        return []

    def _may_know(self, person: User, promise: Promise) -> bool:
        """What is promised was published: only what is restricted is kept from anybody."""
        document = promise.document
        return not document.is_restricted or (person.pk, document.reference) in self._known

    @cached_property
    def _known(self) -> set[tuple[int, str]]:
        """Who above the teams may know of which of the restricted COEs, in one query for all."""
        few = [promise for promise in self._promises if promise.document.is_restricted]
        teams = {promise.team_id for promise in few}
        above = {person.pk for team in teams for person in self._approvers.above(team)}
        references = {promise.document.reference for promise in few}
        return who_may_know_which(Kind.PROMISE_ASKED, above, references)


def deciders_of(promise: Promise) -> list[User]:
    """Those who decide over one promise (`Deciders.of`)."""
    return Deciders([promise]).of(promise)


def may_know(person: User, promise: Promise) -> bool:
    """Whether the person can sign in and may know of the promise."""
    return bool(who_may_know(Kind.PROMISE_ASKED, {person.pk}, promise.document))


def parts_of(
    user: User, promises: Collection[Promise], deciders: Deciders | None = None
) -> dict[int, Part]:
    """What `user`, who may see them all, is to each of `promises` now. Four queries at most."""
    theirs = Document.objects.working_copy_visible_to(user)
    keys = {promise.document_id for promise in promises}
    read = set(theirs.filter(pk__in=keys).values_list("pk", flat=True))
    deciders = deciders or Deciders(promises)
    return {
        promise.pk: Part(
            is_owner=promise.owner_id == user.pk,
            is_finisher=promise.done_by_id == user.pk,
            is_approver=user in deciders.of(promise),
            reads_working_copy=promise.document_id in read,
        )
        for promise in promises
    }


def part_of(user: User, promise: Promise, deciders: Deciders | None = None) -> Part:
    """What `user`, who may see the promise, is to it now."""
    return parts_of(user, [promise], deciders)[promise.pk]
