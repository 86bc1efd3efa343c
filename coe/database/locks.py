"""Locks on names, for what has no row yet."""

from django.db import connection


def lock_name(name: str, key: int = 0) -> None:
    """Let one transaction at a time go on under this name and key; held until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [name, key])
