"""Each test run has a database of its own in the checkout's embedded server."""

import os
import re
from pathlib import Path
from secrets import token_hex

import psycopg
from psycopg import sql

OURS = re.compile(r"test_coe_(\d+)_[0-9a-f]{8}\w*")


def new_name() -> str:
    """A name that no other run has; it tells which process the database belongs to."""
    return f"test_coe_{os.getpid()}_{token_hex(4)}"


def drop_leftovers(conninfo: str) -> list[str]:
    """Drop the databases of runs whose process is gone, and return their names.

    Only for a server of this machine: elsewhere a process id says nothing. Call it before this
    run has a database, since one with our own process id is left over from an earlier process.
    """
    with psycopg.connect(conninfo, dbname="postgres", autocommit=True) as connection:
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
        leftovers = [name for name in names if _is_left_over(name)]
        for name in leftovers:
            statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(statement.format(sql.Identifier(name)))
    return leftovers


def _is_left_over(name: str) -> bool:
    found = OURS.fullmatch(name)
    if found is None:
        return False
    process = int(found[1])
    return process == os.getpid() or not Path(f"/proc/{process}").exists()
