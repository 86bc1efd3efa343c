"""Telling people. The room that stores and sends it takes the place of this file."""

from collections.abc import Iterable

from coe.accounts.models import User
from coe.documents.models import Document
from coe.notices.models import Kind


def tell(
    kind: Kind,
    *,
    people: Iterable[User],
    document: Document,
    by: User,
    text: str = "",
    anchor: str = "",
    key: str = "",
) -> None:
    """Tell `people` of an event of `document`, inside its transaction; never `by`, nor who may
    not see it."""
