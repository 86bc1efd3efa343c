"""Databases of test runs that were killed do not pile up."""

import subprocess
from pathlib import Path

import psycopg

from coe.database import embedded
from tests import own_database


def test_only_the_databases_of_dead_runs_are_dropped(
    checkout: Path, bystander: subprocess.Popen[bytes]
) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    dead = f"test_coe_{gone.pid}_0123abcd"
    living = f"test_coe_{bystander.pid}_0123abcd"
    with embedded.running(checkout) as conninfo:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            for name in (dead, living, "test_coe_mine"):
                connection.execute(f"CREATE DATABASE {name}")
        assert own_database.drop_leftovers(conninfo) == [dead]
        assert own_database.drop_leftovers(conninfo) == []


def test_names_are_never_the_same_twice() -> None:
    assert own_database.new_name() != own_database.new_name()
