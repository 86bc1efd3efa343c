"""What a fetch would be that asks nobody. Only the holes use it."""

from typing import Any

from django.shortcuts import get_object_or_404

from coe.accounts.models import User
from coe.documents.models import Document, Section


def any_document(user: User, reference: str) -> Document:
    return get_object_or_404(Document.objects.with_readers_fields(), reference=reference)


def any_section(user: User, reference: str, slug: str) -> Section:
    return get_object_or_404(Section, document__reference=reference, slug=slug)


def printable_of_any(user: User, reference: str) -> Any:
    from coe.publishing.printables import printable

    return printable(any_document(user, reference))
