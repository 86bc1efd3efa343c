"""Reading what was said about a COE. Whoever calls this has asked who may see the COE."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from coe.accounts.asking import Askers
from coe.accounts.models import User
from coe.discussion.anchors import find
from coe.discussion.mentions import first_words, mentioned
from coe.discussion.models import Message, Thread
from coe.discussion.places import Held, Place, all_held, place_of
from coe.documents.models import Document
from coe.text.difference import Piece, difference


def open_musts(document: Document) -> QuerySet[Thread]:
    """What must be settled before `document` is approved."""
    musts: QuerySet[Thread] = document.threads.filter(
        kind=Thread.Kind.MUST, resolved_at__isnull=True
    )
    return musts.select_related("opened_by").order_by("pk")


@dataclass(frozen=True, slots=True)
class Told:
    """A thread as it is shown: with what stands at its place now.

    `is_gone` says that the words it quotes stand there no longer.
    """

    thread: Thread
    held: Held
    is_gone: bool

    @property
    def place(self) -> Place:
        return self.held.place

    @property
    def messages(self) -> list[Message]:
        return list(self.thread.messages.all())

    @property
    def first(self) -> str:
        """What it was opened with."""
        return next((each.text for each in self.messages), "")

    @property
    def answers(self) -> int:
        """How many messages came after the one it was opened with."""
        opening = self.thread.uid
        return sum(each.uid != opening for each in self.messages)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """How the quoted words become what is suggested."""
        return difference(self.thread.quote, self.thread.replacement)


def threads_of(document: Document) -> list[Told]:
    """Everything that was said about `document`, in the order it was begun."""
    return told(document, told_rows(document))


def told_rows(document: Document) -> QuerySet[Thread]:
    """The threads with all that showing them needs, in two queries."""
    people = ("document", "opened_by__team", "resolved_by")
    threads: QuerySet[Thread] = document.threads.select_related(*people).order_by("pk")
    messages = Prefetch("messages", Message.objects.select_related("author"))
    return threads.prefetch_related(messages)


def told(document: Document, threads: Iterable[Thread]) -> list[Told]:
    """`threads` with what stands at their places now, in a number of queries that does not grow."""
    rows = list(threads)
    held = all_held(document, {place_of(each) for each in rows})
    return [tell(each, held[place_of(each)]) for each in rows]


def tell(thread: Thread, held: Held) -> Told:
    text = held.texts.get(thread.field, "")
    is_gone = not held.is_there or (bool(thread.quote) and find(text, thread.anchor) is None)
    return Told(thread, held, is_gone)


def thread_in(document: Document, uid: UUID) -> Thread:
    """The thread `uid` of `document`; raises `Http404` where it has none."""
    thread = told_rows(document).filter(uid=uid).first()
    if thread is None:
        raise Http404
    return thread


MOST_CALLED = 20
"""Names that one message can call."""


def called_in(text: str, document: Document) -> list[User]:
    """Those whom a message about `document` mentions and who may read its working copy."""
    names = Q()
    for word in sorted(first_words(text))[:MOST_CALLED]:
        names |= Q(name__istartswith=word)
    if not names:
        return []
    people = list(User.objects.filter(names, is_active=True, is_placeholder=False))
    reading = _readers.among([each.pk for each in people], document.reference)
    return mentioned(text, [each for each in people if each.pk in reading])


@Askers
def _readers(person: User, reference: str) -> QuerySet[Document]:
    return Document.objects.working_copy_visible_to(person).filter(reference=reference)
