from uuid import UUID

from django.db import transaction

from coe.accounts.models import User
from coe.documents.locks import lock_for_content, lock_order
from coe.documents.models import Document
from coe.documents.rows import add_row, save_row
from coe.incidents.models import instant_values
from coe.text.instants import Instant
from coe.timeline.models import Entry


@transaction.atomic
def add_entry(
    document: Document, *, uid: UUID, instant: Instant, text: str, evidence: str = "", by: User
) -> Entry:
    """Add an entry in front of the first that is later; adding the same `uid` again is once.

    Raises `ReadOnly` if the document is approved.
    """
    lock_for_content(document)
    lock_order(document, Entry)
    later = Entry.objects.filter(document=document, at__gt=instant.at).first()
    values = {**instant_values(instant), "text": text, "evidence": evidence}
    return add_row(Entry, document=document, uid=uid, values=values, by=by, before=later)


def save_entry(
    entry: Entry, *, version: int, instant: Instant, text: str, evidence: str = "", by: User
) -> None:
    """Write an entry over the one that had `version`; it keeps its place.

    Raises `Conflict` if somebody else saved it, `ReadOnly` if the document is approved.
    """
    values = {**instant_values(instant), "text": text, "evidence": evidence}
    save_row(entry, version=version, values=values, by=by)
