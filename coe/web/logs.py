"""What the log says of a database that is away or full, and what it never says."""

import logging
import re

from django.db import InterfaceError, OperationalError

SECRET = re.compile(r"(/(?:feeds|invitation|password/reset/[^/\s]+)/)[^/\s]+")
"""In the paths that let in whoever knows them, what one has to know."""


class SecretAddresses(logging.Filter):
    """Whoever may read the log gets no calendar by it, and nobody's account."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if SECRET.search(said):
            record.msg, record.args = SECRET.sub(r"\1…", said), ()
        return True


class ShortOutage(logging.Filter):
    """One line for each request that met it: the traceback tells of our code, which is innocent."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, OperationalError | InterfaceError) and _is_outage(error):
            reason = str(error).partition("\n")[0]
            record.msg, record.args = f"{record.getMessage()}: {reason}", ()
            record.exc_info = None
        return True


def _is_outage(error: Exception) -> bool:
    """Whether there is no connection, or the server says that it ends, starts or is full.

    Classes 53 and 57P of PostgreSQL's error codes; a statement that took too long is not one.
    """
    code = getattr(error.__cause__, "sqlstate", None)
    return code is None or code.startswith(("53", "57P"))
