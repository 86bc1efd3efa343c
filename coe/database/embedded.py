"""The embedded PostgreSQL: one server for each checkout, started by the first who needs it.

Each process that uses the server holds a shared lock on `tenants`; the last one out stops it.
Each process of the server inherits a lock on `alive`; when that lock can be taken, none of them
lives, and a left-over postmaster.pid is stale whatever its process id now belongs to.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from coe.database.ending import ignore_ending_signals, interrupted_by_termination
from coe.database.installation import make_folders
from coe.database.place import EmbeddedPostgresError, Place, place_for, refuse_untested
from coe.database.server import Server, conninfo_for, holding, trying

__all__ = [
    "EmbeddedPostgresError",
    "address",
    "connection_settings",
    "revive",
    "running",
    "settings_from_url",
]

CONNECT_SECONDS = 3
TIMEOUTS = "-c statement_timeout=10s -c lock_timeout=5s"
PATIENCE_SECONDS = 15
"""How long an answer may take in all: longer than any statement (see coe.database.backend)."""
NOTICE_DEAD_PEER = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""What libpq is told of TCP, so that a server whose network is gone is given up after about ten
seconds, like a statement that takes too long, and not after the two hours of the kernel."""


def address(checkout: Path) -> str:
    """The conninfo of the database of `checkout`, whether the server runs or not."""
    return conninfo_for(place_for(checkout))


def connection_settings(conninfo: str) -> dict[str, object]:
    """Django's DATABASES entry for a libpq conninfo or address.

    Its own `options` come after our timeouts and so override them, and where they speak of
    statements we wait as long as the server does. Raises ImproperlyConfigured
    when it cannot be parsed or names no database.
    """
    try:
        given = conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError as error:
        raise ImproperlyConfigured(f"The database address is not one: {error}") from error
    if not given.get("dbname"):
        raise ImproperlyConfigured("The database address names no database.")
    named = {
        "NAME": given.pop("dbname"),
        "USER": given.pop("user", None) or "",
        "PASSWORD": given.pop("password", None) or "",
        "HOST": given.pop("host", None) or "",
        "PORT": str(given.pop("port", None) or ""),
    }
    own = str(given.pop("options", None) or "")
    return {
        "ENGINE": "coe.database.backend",
        **named,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": CONNECT_SECONDS,
            **NOTICE_DEAD_PEER,
            **given,
            "options": f"{TIMEOUTS} {own}".rstrip(),
            "patience": None if "statement_timeout" in own else PATIENCE_SECONDS,
        },
    }


def settings_from_url(url: str) -> dict[str, object]:
    """Django's DATABASES entry for the value of DATABASE_URL.

    Raises ImproperlyConfigured when it is not a postgresql:// address with a database's name.
    """
    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql:// or postgres://.")
    return connection_settings(url)


@contextmanager
def running(checkout: Path) -> Iterator[str]:
    """Be a tenant of the checkout's server: start it if need be, stop it when last to leave.

    Yields the conninfo of its database, which exists then. Child processes that inherit
    descriptors are tenants too, for as long as they live. SIGTERM and SIGHUP become
    KeyboardInterrupt meanwhile, so that leaving happens in order. Raises EmbeddedPostgresError.
    """
    place = place_for(checkout)
    refuse_untested(checkout, place, Path("/proc/self/mountinfo").read_text())
    make_folders(place)
    with interrupted_by_termination(), _tenancy(place):
        yield conninfo_for(place)


def revive(checkout: Path) -> bool:
    """Start the server of a checkout again if it has died; whether it had.

    For tenants, who look every now and then: PostgreSQL restarts after the crash of one of its
    processes by itself, but not when its first process was killed, and not while the disk is
    too full to recover. Raises EmbeddedPostgresError when it does not start: look again later.
    """
    place = place_for(checkout)
    server = Server(place)
    if server.is_alive():
        return False
    try:
        with holding(place.gate) as gate:
            server.start(gate)
    except (OSError, psycopg.OperationalError) as error:
        raise EmbeddedPostgresError(f"PostgreSQL did not start: {error}") from error
    return True


@contextmanager
def _tenancy(place: Place) -> Iterator[None]:
    """Hold the tenants' lock, with the server up; the last one to let go stops the server."""
    server = Server(place)
    tenancy = os.open(place.tenants, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with holding(place.gate) as gate:
            fcntl.flock(tenancy, fcntl.LOCK_SH)
            server.start(gate)
        os.set_inheritable(tenancy, True)
        yield
    finally:
        try:
            ignore_ending_signals()
        finally:  # also when one more came just before they were ignored
            _leave(place, server, tenancy)


def _leave(place: Place, server: Server, tenancy: int) -> None:
    os.close(tenancy)
    with holding(place.gate), trying(place.tenants) as last:
        if last is not None:
            server.stop()
