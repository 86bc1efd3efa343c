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
    """Nobody is told anything until notices are stored."""
