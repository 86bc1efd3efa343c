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
UNLESS_JUST_READ = """
WHERE NOT EXISTS (
    SELECT FROM coe_auditevent last WHERE last.at > now() - interval '1 minute'
        AND (last.person_id, last.kind, last.address) = (%s, %s, %s)
)"""
"""Looking again within a minute is the same look: pages ask for their parts after each save."""


def write_down(
    kind: AuditKind, request: HttpRequest, *, status: int, reference: str = "", address: str = ""
) -> None:
    """Append what the person of `request` did to the audit; `address` is its path otherwise.

    What cannot be written is told to the log of the server, and to nobody who asks for a page.
    """
    is_administrator = getattr(request.user, "is_administrator", False)
    who, where = (request.user.pk, kind), (address or request.path)[:LONGEST]
    written = [*who, is_administrator, request.method, where, status, reference]
    is_reading = kind == AuditKind.READ
    try:
        with connection.cursor() as cursor:
            if is_reading:
                cursor.execute(WRITE + UNLESS_JUST_READ, [*written, *who, where])
            else:
                cursor.execute(WRITE, written)
    except DatabaseError:
        logger.exception("The audit misses one event: %s %s", kind, request.path)
