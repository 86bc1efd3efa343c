"""Writing the audit: one insert beside every transaction, which never fails a page."""

import logging

from django.db import DatabaseError, connection
from django.http import HttpRequest

from coe.audit.models import AuditKind

logger = logging.getLogger(__name__)

LONGEST = 200
WRITE = """
INSERT INTO coe_auditevent (person_id, kind, document_id, reference, is_restricted,
    is_administrator, method, address, status)
SELECT %s, %s, document.id, asked.reference, COALESCE(document.is_restricted, false), %s, %s, %s, %s
FROM (VALUES (%s)) AS asked (reference) LEFT JOIN coe_document document USING (reference)"""
"""The same statement for a COE that is there and for one that is not, and the same work."""


def write_down(
    kind: AuditKind, request: HttpRequest, *, status: int, reference: str = "", address: str = ""
) -> None:
    """Append what the person of `request` did to the audit; `address` is its path otherwise.

    What cannot be written is told to the log of the server, and to nobody who asks for a page.
    """
    is_administrator = getattr(request.user, "is_administrator", False)
    asked = (is_administrator, request.method, (address or request.path)[:LONGEST], status)
    try:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [request.user.pk, kind, *asked, reference])
    except DatabaseError:
        logger.exception("The audit misses one event: %s %s", kind, request.path)
