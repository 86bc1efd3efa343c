"""What somebody sent to be saved."""

from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict

from coe.accounts.models import User
from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document
from coe.history.queries import versions_written
from coe.web.drafts import draft_token


@dataclass(frozen=True, slots=True)
class Attempt:
    """What `by` sent to `address`. `token` names the attempt where the browser may repeat it."""

    document: Document
    data: QueryDict
    address: str
    by: User
    token: UUID | None = None

    def version_over(self, name: str = "version") -> int:
        """The version that the field `name` says it was typed over; 0 for a new row."""
        return version_of(self.data.get(name) or "0")

    def written(self, subject: str, *keys: object) -> dict[str, int | None]:
        """The versions that this attempt wrote before, by the key of the thing."""
        return versions_written(self.document.pk, subject, keys, by=self.by, token=self.token)


def attempt_of(request: SignedInRequest, document: Document) -> Attempt:
    """Raises `BadRequest` where the name of the attempt is none."""
    address, token = request.get_full_path(), draft_token(request)
    return Attempt(document, request.POST, address, request.user, token)


def version_of(text: str) -> int:
    """The version that a form names; -1, which no row has, for what is no version."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if is_number else -1
