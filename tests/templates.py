"""Databases that the workers of one run make once; each copies what it needs."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from coe.database.server import holding, trying

CHECKOUT = Path(__file__).resolve().parent.parent
PASSWORD = "correct horse battery"
"""Of the people of the demo in the seeded one."""


@dataclass(frozen=True)
class Templates:
    """Those of one run, whose workers share `folder`. Their names begin with `prefix`."""

    conninfo: str
    prefix: str
    folder: Path

    def migrated(self) -> str:
        """The name of an empty database with every table."""
        return self._made("migrated", "template1", "migrate", "--verbosity", "0")

    def seeded(self) -> str:
        """The name of one with the people of the demo and one of its COEs."""
        return self._made("seeded", self.migrated(), "seed_demo", "--only", "s3_2017")

    def _made(self, kind: str, model: str, *command: str) -> str:
        """Made by who asks first, aside and then renamed; the others wait."""
        name, part = f"{self.prefix}_{kind}", f"{self.prefix}_part_{kind}"
        with holding(self.folder / f"{kind}.lock"), connected(self.conninfo) as connection:
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(known, [name]).fetchone() is None:
                drop(connection, part)
                copy(connection, model, part)
                subprocess.run(
                    [sys.executable, "manage.py", *command],
                    cwd=CHECKOUT,
                    env={**os.environ, "COE_DEMO_PASSWORD": PASSWORD}
                    | {"DATABASE_URL": address_of(self.conninfo, part)},
                    check=True,
                    capture_output=True,
                )
                rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                connection.execute(rename.format(sql.Identifier(part), sql.Identifier(name)))
        return name

    def drop(self) -> None:
        with connected(self.conninfo) as connection:
            for name in ("migrated", "seeded"):
                drop(connection, f"{self.prefix}_{name}")


@contextmanager
def shared(templates: Templates) -> Iterator[Templates]:
    """The templates for one of the workers; the last one to leave drops them."""
    users = templates.folder / "templates.lock"
    mine = os.open(users, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(mine, fcntl.LOCK_SH)
    try:
        yield templates
    finally:
        os.close(mine)
        with trying(users) as last:
            if last is not None:
                templates.drop()


def connected(conninfo: str) -> psycopg.Connection:
    """To the server, outside of the databases that are copied."""
    return psycopg.connect(conninfo, dbname="postgres", autocommit=True)


def copy(connection: psycopg.Connection, model: str, name: str) -> None:
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    connection.execute(create.format(sql.Identifier(name), sql.Identifier(model)))


def drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def address_of(conninfo: str, name: str) -> str:
    """The DATABASE_URL of another database of that server."""
    parts = conninfo_to_dict(conninfo)
    parts.pop("dbname", None)
    return f"postgresql:///{name}?" + "&".join(
        f"{key}={quote(str(value), safe='')}" for key, value in parts.items()
    )
