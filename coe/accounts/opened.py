"""What a request opened for a person: the audit (coe.audit) is told by whoever let them in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coe.accounts.models import User


@dataclass(frozen=True, slots=True)
class Opened:
    """The COE of this key, of which a person was let see something."""

    document: int
    is_restricted: bool


def note_opened(person: "User", document: int, *, is_restricted: bool) -> None:
    """Keep with `person`, who lives as long as the request, what it opened for them last."""
    person.opened = Opened(document, is_restricted)
