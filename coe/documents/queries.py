"""Fetching a COE through the person who asks."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.timezone import now

from coe.accounts.asking import Asking
from coe.accounts.models import User
from coe.accounts.opened import note_opened
from coe.database.kept import Row
from coe.documents.models import Document, Participant, Section, State

KEPT_FOR = timedelta(days=30)
"""How long a discarded draft can be brought back."""
NOTHING = "There is nothing here that you may see."
READ_ONLY = "You can read this draft. Its owner can add you as a contributor."


class Retracted(Exception):
    """Readers get nothing of it but a stub: who retracted it, when and why.

    `version` is the one that was asked for, None for the one that readers get.
    """

    def __init__(self, document: Document, version: int | None = None) -> None:
        super().__init__(f"{document.reference} was retracted.")
        self.document = document
        self.version = version


def readable_document(user: User, reference: str) -> Document:
    """The COE of which `user` may read something; raises `Http404` as for one that is not there.

    Raises `Retracted` for one that is, to everybody: its working copy is read as such.
    """
    document = known_document(user, reference)
    if document.is_retracted:
        raise Retracted(document)
    return document


def known_document(user: User, reference: str) -> Document:
    """The COE of which `user` may know; raises `Http404` as for one that is not there.

    Of one that is retracted they may get no more than the stub.
    """
    return _opened(user, _found(_known.first(user, reference)))


@Asking
def _known(user: User, reference: str) -> QuerySet[Document]:
    return Document.objects.known_to(user).with_readers_fields().filter(reference=reference)


def readable_working_copy(user: User, reference: str) -> Document:
    """The COE whose working copy `user` may read; raises `Http404` otherwise."""
    return _opened(user, _found(_working_copy.first(user, reference)))


@Asking
def _working_copy(user: User, reference: str) -> QuerySet[Document]:
    seen = Document.objects.working_copy_visible_to(user).with_readers_fields()
    return seen.filter(reference=reference)


def writable_document(user: User, reference: str) -> Document:
    """The COE that `user` may write in.

    Raises `Http404` to those who may not see its working copy and `PermissionDenied` to those
    who may only read it. Both are known from one statement: whoever is writing asks all the time.
    """
    document = _opened(user, _found(_with_part.first(user, reference)))
    may_write = document.owner_id == user.pk or document.is_contributed  # type: ignore[attr-defined]
    if not may_write:
        raise PermissionDenied(READ_ONLY)
    return document


@Asking
def _with_part(user: User, reference: str) -> QuerySet[Document]:
    """The COE whose working copy `user` may read, and whether they contribute to it."""
    parts = Participant.objects.filter(user=user, role=Participant.Role.CONTRIBUTOR)
    seen = Document.objects.working_copy_visible_to(user).with_readers_fields()
    documents = seen.annotate(is_contributed=Exists(parts.filter(document=OuterRef("pk"))))
    return documents.filter(reference=reference)


def writable_section(user: User, reference: str, slug: str) -> Section:
    """The section of the COE that `user` may write in, in one query; raises as `writable_document`.

    `Http404` as well where there is no such section.
    """
    section = _found(_section_with_part.first(user, reference, slug))
    _opened(user, section.document)
    is_contributor = section.is_contributor  # type: ignore[attr-defined]
    if not (section.document.owner_id == user.pk or is_contributor):
        raise PermissionDenied(READ_ONLY)
    return section


@Asking
def _section_with_part(user: User, reference: str, slug: str) -> QuerySet[Section]:
    """The section of a COE whose working copy `user` may read, and whether they contribute."""
    documents = Document.objects.working_copy_visible_to(user).filter(reference=reference)
    parts = Participant.objects.filter(
        document=OuterRef("document"), user=user, role=Participant.Role.CONTRIBUTOR
    )
    sections = Section.objects.filter(document__in=documents, slug=slug)
    return sections.select_related("document").annotate(is_contributor=Exists(parts))


def _found(row: Row | None) -> Row:
    """Raises the same for what is not there and for what may not be known of."""
    if row is None:
        raise Http404(NOTHING)
    return row


def _opened(user: User, document: Document) -> Document:
    note_opened(user, document.pk, is_restricted=document.is_restricted)
    return document


def owned_document(user: User, reference: str) -> Document:
    """The COE that `user` owns.

    Raises `Http404` to those who may not see its working copy and `PermissionDenied` to those
    who may read or write it without being its owner.
    """
    document = readable_working_copy(user, reference)
    if document.owner_id != user.pk:
        raise PermissionDenied("Only the owner of a COE does this.")
    return document


def own_document(user: User, reference: str) -> Document:
    """`owned_document`, also of a draft that `user` has discarded."""
    mine = Document.objects.filter(owner=user).with_readers_fields()
    found = mine.filter(reference=reference).first()
    return _opened(user, found) if found else owned_document(user, reference)


def discarded_drafts(user: User) -> QuerySet[Document]:
    """The drafts that `user` has discarded and can still bring back, the last one first."""
    mine = Document.objects.discarded_by(user, since=now() - KEPT_FOR)
    return mine.with_readers_fields().order_by("-discarded_at", "-pk")


def is_author(user: User, document: Document) -> bool:
    """Whether `user` is the owner of the COE or one of its contributors."""
    if document.owner_id == user.pk:
        return True
    roles = document.participants.filter(user=user, role=Participant.Role.CONTRIBUTOR)
    return roles.exists()


def authors_of(document: Document) -> list[User]:
    """The owner of the COE and its contributors."""
    parts = document.participants.filter(role=Participant.Role.CONTRIBUTOR)
    writing = Q(pk=document.owner_id) | Q(pk__in=parts.values("user"))
    return list(User.objects.filter(writing))


def taking_part_in(document: Document) -> list[User]:
    """The owner of the COE and everybody who takes part in it."""
    part = Q(pk=document.owner_id) | Q(pk__in=document.participants.values("user"))
    return list(User.objects.filter(part))


def is_editable(document: Document) -> bool:
    """Whether its text may change now: always, except while it is approved."""
    return document.state != State.APPROVED
