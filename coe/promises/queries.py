"""One promise, as somebody reads it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from coe.accounts.models import User
from coe.actions.models import EvidenceFile, Promise, PromiseEvent, PromiseRequest
from coe.documents.queries import readable_document
from coe.promises.holding import today_of
from coe.promises.models import Serving
from coe.promises.rules import Deciders, Part, may_verify, part_of
from coe.promises.served import also_served
from coe.publishing.printables import current_printable
from coe.snapshots.printable import Printable
from coe.snapshots.snapshot import ActionValue
from coe.trackers.queries import TICKET_FIELDS

NOTHING = "There is no such action item."
Asked, Event = PromiseRequest.Kind, PromiseEvent.Kind
ASKED = {Asked.MOVE: Event.ASKED_TO_MOVE, Asked.WONT_DO: Event.ASKED_WONT_DO}
"""What the story calls a request."""


def readable_promise(user: User, reference: str, uid: UUID) -> Promise:
    """The promise with this UUID of a COE whose publication `user` may read.

    Raises `Http404` as for a COE that is not there, and where it has no such promise; `Retracted`
    where it was retracted.
    """
    document = readable_document(user, reference)
    promise = _promises().filter(document=document, uid=uid).first()
    if promise is None or document.current_version is None:
        raise Http404(NOTHING)
    return promise


def request_of(promise: Promise, key: int) -> PromiseRequest:
    """What was asked of this promise; raises `Http404` where nothing such was."""
    return get_object_or_404(promise.requests.select_related("promise", "asked_by"), pk=key)


def evidence_file(promise: Promise, event: int) -> EvidenceFile:
    """The file of an event of this promise; raises `Http404` where there is none, or none left."""
    kept = EvidenceFile.objects.filter(event=event, event__promise=promise)
    return get_object_or_404(kept.exclude(content=b""))


def _promises() -> QuerySet[Promise]:
    fields = ("document__guide", "done_by", *TICKET_FIELDS)
    return Promise.objects.with_readers_fields().select_related(*fields)


@dataclass(frozen=True)
class Told:
    """A promise with all that its page tells, for the person who reads it."""

    promise: Promise
    reader: User

    @cached_property
    def today(self) -> date:
        return today_of(self.promise)

    @cached_property
    def part(self) -> Part:
        return part_of(self.reader, self.promise, self._above)

    @property
    def may_verify(self) -> bool:
        """Whether the person could say that it held, were it done and had its time."""
        return may_verify(self.part)

    @cached_property
    def deciders(self) -> list[User]:
        """Who decides what its owner may not alone."""
        return self._above.of(self.promise)

    @cached_property
    def _above(self) -> Deciders:
        return Deciders([self.promise])

    @cached_property
    def requests(self) -> list[PromiseRequest]:
        """What was asked and nobody decided yet."""
        return list(self.promise.requests.filter(outcome="").select_related("asked_by"))

    @cached_property
    def events(self) -> list[PromiseEvent]:
        """What happened to it, the last first, without the bytes of files."""
        told = self.promise.events.select_related("owner_before", "owner_after", "file")
        return list(told.defer("file__content").order_by("-pk"))

    @cached_property
    def said_elsewhere(self) -> set[int]:
        """The events whose words stand elsewhere: what waits to be decided has its own place, and
        what was granted without a word was asked for in these words."""
        waiting = {ASKED[Asked(each.kind)] for each in self.requests}
        last = {each.kind: each.pk for each in reversed(self.events) if each.kind in waiting}
        asked = {each.note for each in self.events if each.kind in ASKED.values()}
        granted = (Event.MOVED, Event.WONT_DO)
        repeated = (each for each in self.events if each.kind in granted and each.note in asked)
        return {*last.values(), *(each.pk for each in repeated)}

    @cached_property
    def serves(self) -> list[Serving]:
        """The other COEs that it serves, of those that its reader may see."""
        return list(also_served(self.promise, self.reader))

    @cached_property
    def printable(self) -> Printable | None:
        return current_printable(self.promise.document)

    @cached_property
    def item(self) -> ActionValue | None:
        """What the publication says of it; None where it promises it no more."""
        return self._numbered[1] if self._numbered else None

    @cached_property
    def number(self) -> int | None:
        return self._numbered[0] if self._numbered else None

    @cached_property
    def _numbered(self) -> tuple[int, ActionValue] | None:
        actions = self.printable.snapshot.actions if self.printable else ()
        numbered = enumerate(actions, 1)
        return next((each for each in numbered if each[1].uid == self.promise.uid), None)
