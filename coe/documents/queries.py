"""Fetching a COE through the person who asks."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from coe.accounts.models import User
from coe.documents.models import Document, Participant, State


def readable_document(user: User, reference: str) -> Document:
    """The COE of which `user` may read something; raises `Http404` as for one that is not there."""
    documents = Document.objects.visible_to(user).with_readers_fields()
    return get_object_or_404(documents, reference=reference)


def readable_working_copy(user: User, reference: str) -> Document:
    """The COE whose working copy `user` may read; raises `Http404` otherwise."""
    documents = Document.objects.working_copy_visible_to(user).with_readers_fields()
    return get_object_or_404(documents, reference=reference)


def writable_document(user: User, reference: str) -> Document:
    """The COE that `user` may write in.

    Raises `Http404` to those who may not see its working copy and `PermissionDenied` to those
    who may only read it.
    """
    document = readable_working_copy(user, reference)
    if not is_author(user, document):
        raise PermissionDenied("You can read this draft. Its owner can add you as a contributor.")
    return document


def is_author(user: User, document: Document) -> bool:
    """Whether `user` is the owner of the COE or one of its contributors."""
    if document.owner_id == user.pk:
        return True
    roles = document.participants.filter(user=user, role=Participant.Role.CONTRIBUTOR)
    return roles.exists()


def is_editable(document: Document) -> bool:
    """Whether its text may change now: always, except while it is approved."""
    return document.state != State.APPROVED
