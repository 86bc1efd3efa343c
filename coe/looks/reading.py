"""What the page of a working copy tells of changes since its reader last looked."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.expressions import RawSQL

from coe.accounts.models import User
from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document
from coe.history.known import known_now
from coe.library.unchanged import page_of
from coe.library.views import Beside
from coe.looks.parts import Progress
from coe.looks.queries import Since, look_of, since_last_look
from coe.looks.services import note_look
from coe.looks.walks import Span, progress_of
from coe.notices.models import Watch
from coe.web.http import is_fetched_ahead

_SEEN = """(
    SELECT concat_ws(' ', look.before, count(tick.id), max(tick.ticked_at))
    FROM coe_look look LEFT JOIN coe_tick tick USING (document_id, user_id)
    WHERE look.document_id = coe_document.id AND look.user_id = %s GROUP BY look.id
)"""
"""What the news of a person follow from beside the history of the COE."""


@dataclass(frozen=True, slots=True)
class News:
    """What changed since the person last looked, and how much of that they have ticked off."""

    since: Since
    progress: Progress


@contextmanager
def looking(request: SignedInRequest, document: Document) -> Iterator[dict[str, Any]]:
    """What goes beside the working copy while its page is made, as `changes_since`.

    That the person looked is noted once the page is made, for what was saved before it was begun.
    What a browser fetches ahead, nobody has looked at. Where it cannot be noted, as on a full
    disk, the page is given all the same: what is not noted is told once more.
    """
    known = known_now(document)
    yield {"changes_since": _news(request, document)}
    if not is_fetched_ahead(request):
        with suppress(OperationalError):
            note_look(document, known=known, by=request.user)


def _news(request: SignedInRequest, document: Document) -> News | None:
    """None who never looked, and where only they themselves have written since."""
    look = look_of(document, request.user)
    since = since_last_look(look) if look else None
    if since is None or not since.by_others:
        return None
    progress = progress_of(document, Span(since.pk), request.user)
    return News(since, progress) if progress.total else None


def _with_own(documents: QuerySet[Document], user: User) -> QuerySet[Document]:
    """With what differs from one person to the next: what they have seen, and what they watch."""
    seen = RawSQL(_SEEN, (user.pk,), output_field=TextField())  # noqa: S611  our own words
    watches = Watch.objects.filter(person=user, document=OuterRef("pk"))
    return documents.annotate(seen=seen, is_watched=Exists(watches))


@page_of
def _readable(user: User, reference: str) -> QuerySet[Document]:
    return _with_own(Document.objects.visible_to(user).filter(reference=reference), user)


@page_of
def _draft_readable(user: User, reference: str) -> QuerySet[Document]:
    seen = Document.objects.working_copy_visible_to(user).filter(reference=reference)
    return _with_own(seen, user)


READ = Beside(_readable, looking)
DRAFTED = Beside(_draft_readable, looking)
