"""What is said about a COE, as one person sees it: beside the text, in lists, in the workspace."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID, uuid4

from coe.accounts.models import User
from coe.discussion.forms import ThreadForm
from coe.discussion.models import Thread
from coe.discussion.places import Place, place_of
from coe.discussion.queries import Told, threads_of
from coe.discussion.rules import Part, part_in
from coe.documents.models import Document
from coe.documents.queries import is_editable, taking_part_in


@dataclass(frozen=True)
class Shown:
    """A thread with what the person who looks at it may do: nothing while the COE is approved."""

    told: Told
    part: Part
    may_speak: bool

    @property
    def thread(self) -> Thread:
        return self.told.thread

    @cached_property
    def new_uid(self) -> UUID:
        """The identity of the next answer that is written here."""
        return uuid4()

    @property
    def may_resolve(self) -> bool:
        return self.may_speak and self.thread.is_open and self.part.may_resolve(self.thread)

    @property
    def needs_note(self) -> bool:
        return self.part.needs_note(self.thread)

    @property
    def may_reopen(self) -> bool:
        is_settled = not self.thread.is_open and not self.thread.taken_at
        return self.may_speak and is_settled and self.part.may_reopen(self.thread)

    @property
    def may_take(self) -> bool:
        is_open = self.thread.is_open and not self.thread.emptied_at
        return self.may_speak and is_open and self.part.may_take(self.thread)


@dataclass(frozen=True, slots=True)
class Spot:
    """What is said at one place: what is open, and what is settled."""

    place: Place
    open: tuple[Shown, ...]
    settled: tuple[Shown, ...]

    @property
    def is_bare(self) -> bool:
        """Whether nothing was ever said here."""
        return not self.open and not self.settled


class Talk:
    """Everything that is said about `document`, read when it is asked for."""

    def __init__(self, document: Document, user: User) -> None:
        self.document, self.user = document, user

    @cached_property
    def may_speak(self) -> bool:
        return is_editable(self.document)

    @cached_property
    def part(self) -> Part:
        return part_in(self.document, self.user)

    @cached_property
    def shown(self) -> list[Shown]:
        return [self.show(each) for each in threads_of(self.document)]

    def show(self, told: Told) -> Shown:
        return Shown(told, self.part, self.may_speak)

    @property
    def open(self) -> list[Shown]:
        return [each for each in self.shown if each.thread.is_open]

    @property
    def open_musts(self) -> list[Shown]:
        return [each for each in self.open if each.thread.kind == Thread.Kind.MUST]

    @cached_property
    def names(self) -> list[str]:
        """Who is proposed when somebody is mentioned."""
        others = (each for each in taking_part_in(self.document) if each.is_active)
        return [each.name for each in others if each.pk != self.user.pk]

    def at(self, place: Place) -> Spot:
        here = self._by_place.get(place, ())
        still = tuple(each for each in here if each.thread.is_open)
        return Spot(place, still, tuple(each for each in here if not each.thread.is_open))

    def form_at(self, place: Place) -> ThreadForm:
        """The form to say something at a place of the page."""
        return ThreadForm(place=place, may_demand=self.part.may_demand, back="draft")

    @cached_property
    def _by_place(self) -> Mapping[Place, list[Shown]]:
        found: dict[Place, list[Shown]] = defaultdict(list)
        for each in self.shown:
            found[place_of(each.thread)].append(each)
        return found


SHOWS = {"open": "Open", "musts": "Musts", "mine": "Mine", "all": "All"}


def chosen(shown: Iterable[Shown], show: str, user: User) -> list[Shown]:
    """Those that the list shows under one of `SHOWS`; mine are those that `user` spoke in."""
    return [each for each in shown if _is_chosen(each, show, user)]


def _is_chosen(each: Shown, show: str, user: User) -> bool:
    if show == "open":
        return each.thread.is_open
    if show == "musts":
        return each.thread.kind == Thread.Kind.MUST
    return show != "mine" or _spoke(each, user)


def _spoke(each: Shown, user: User) -> bool:
    spoke = any(message.author_id == user.pk for message in each.told.messages)
    return each.thread.opened_by_id == user.pk or spoke
