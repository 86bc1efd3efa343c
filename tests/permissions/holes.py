"""Does the suite of permission tests notice a hole? `make holes`, or -m tests.permissions.holes.

Takes out one permission check of the product at a time and runs the permission tests on what is
left: they have to fail. Prints one line for each; exits with 1 if a hole was not noticed, or if
no check was found. Words on the command line choose the mutations whose line holds one of them.

Nothing is written: each run is a process of its own, in which the one module is compiled from
the changed source. Third-party modules are imported once, before; the database is made once for
each of the processes that run at the same time.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
from psycopg import sql

from coe.database import embedded
from tests.own_database import OURS
from tests.permissions.mutations import (
    CHECKOUT,
    HARMLESS,
    Mutation,
    all_mutations,
    known_names,
)

AT_ONCE = 2
HEAVY = (
    "django.contrib.auth.hashers",
    "django.db.backends.postgresql.base",
    "django.forms",
    "django.test",
    "django_htmx.middleware",
    "markdown",
    "nh3",
    "whitenoise.middleware",
)
"""What takes long to import and does not depend on the settings."""
FOLDER = "tests/permissions"
# Which tests are run first, by where the hole is: most holes are noticed by them.
FIRST = {
    "coe/accounts": "test_services_check_again.py",
    "coe/administration/access": "test_every_address.py",
    "coe/administration/guide": "test_guide.py",
    "coe/administration/services": "test_services_check_again.py",
    "coe/administration/holdings": "test_what_is_shown.py",
    "coe/administration/redaction": "test_history.py",
    "coe/chronicle": "test_history.py",
    "coe/actions": "test_what_is_shown.py",
    "coe/clocks": "test_every_address.py",
    "coe/home": "test_what_is_shown.py",
    "coe/discussion": "test_every_address.py",
    "coe/documents/models": "test_every_address.py",
    "coe/documents/queries": "test_every_address.py",
    "coe/documents/rows": "test_one_coe_at_a_time.py",
    "coe/editor": "test_one_coe_at_a_time.py",
    "coe/editor/contents": "test_what_is_shown.py",
    "coe/incidents": "test_services_check_again.py",
    "coe/library": "test_what_is_shown.py",
    "coe/policies": "test_services_check_again.py",
    "coe/promises": "test_every_address.py",
    "coe/snapshots": "test_what_is_shown.py",
    "coe/reviews/loads": "test_item_decisions.py",
    "coe/reviews/rules": "test_who_decides.py",
    "coe/steering": "test_every_address.py",
    "coe/trackers": "test_every_address.py",
    "coe/worklist": "test_what_is_shown.py",
}
PYTEST = ["-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:playwright"]
PYTEST += ["-p", "no:xdist", "--reuse-db", "--no-header", "--tb=no", "-q"]


class Changed(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):  # type: ignore[misc]
    """Gives one module from changed source; Python finds all others as always."""

    def __init__(self, mutation: Mutation) -> None:
        self.mutation = mutation

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.mutation.module:
            return None
        return importlib.util.spec_from_file_location(fullname, self.mutation.path, loader=self)

    def get_filename(self, fullname: str) -> str:
        return str(self.mutation.path)

    def get_data(self, path: str | bytes) -> bytes:
        return self.mutation.source.encode()

    def path_stats(self, path: str) -> dict[str, float]:
        raise OSError("never read from, nor written to, a file of byte code")


class Runner:
    """Runs the most promising tests first, and keeps the names of those that failed."""

    def __init__(self, mutation: Mutation | None) -> None:
        self.mutation = mutation
        self.failed: list[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.mutation is None:
            return
        routes, files = routes_of(self.mutation), files_for(self.mutation)

        def place(item: pytest.Item) -> tuple[bool, bool]:
            words = set(re.split(r"[/:\[\] -]+", item.nodeid))
            return not routes & words, not files & words

        items.sort(key=place)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and report.nodeid not in self.failed:
            self.failed.append(report.nodeid)


def routes_of(mutation: Mutation) -> set[str]:
    """The routes of the view that the hole is in, if it is in one."""
    from tests.permissions.routes import patterns

    function = re.split(r"[.:]", mutation.name)[0]
    views = [(each.name, inspect.unwrap(each.callback)) for each in patterns()]
    return {
        str(name)
        for name, view in views
        if (view.__module__, view.__name__) == (mutation.module, function)
    }


def files_for(mutation: Mutation) -> set[str]:
    """The files with tests of what the hole is in."""
    place = str(mutation.path.relative_to(CHECKOUT))
    found = [name for start, name in FIRST.items() if place.startswith(start)]
    return set(found) or {"test_who_decides.py", "test_one_coe_at_a_time.py"}


def run_tests(mutation: Mutation | None, slot: int, *, red: Sequence[str], note: Path) -> int:
    """Run the permission tests in this process; write the names of failures to `note`."""
    import tests.own_database

    name = f"test_coe_{os.getppid()}_{slot:08x}"
    tests.own_database.new_name = lambda: name
    if mutation:
        sys.meta_path.insert(0, Changed(mutation))
    runner = Runner(mutation)
    options = [f"--deselect={each}" for each in red] + (["-x"] if mutation else [])
    code = pytest.main([*PYTEST, *options, FOLDER], plugins=[runner])
    note.write_text("\n".join(runner.failed), encoding="utf-8")
    return int(code)


def start(mutation: Mutation | None, slot: int, *, red: Sequence[str], note: Path) -> int:
    """Start a process that runs the tests, silently; return its id."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        quiet = os.open(note.with_suffix(".log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        code = run_tests(mutation, slot, red=red, note=note)
    finally:
        os._exit(code)


def run_all(mutations: Sequence[Mutation], *, red: Sequence[str], folder: Path) -> Iterator[str]:
    """Run the tests on each mutation, some at once; yield its line when it is done."""
    waiting = list(mutations)
    running: dict[int, tuple[int, Mutation, Path]] = {}
    slots = list(range(AT_ONCE))
    while waiting or running:
        while waiting and slots:
            mutation, slot = waiting.pop(0), slots.pop()
            note = folder / f"{len(waiting)}.txt"
            running[start(mutation, slot, red=red, note=note)] = (slot, mutation, note)
        child, status = os.wait()
        slot, mutation, note = running.pop(child)
        slots.append(slot)
        yield verdict(mutation, os.waitstatus_to_exitcode(status), note)


def verdict(mutation: Mutation, code: int, note: Path) -> str:
    if code == pytest.ExitCode.TESTS_FAILED:
        (failed, *_) = note.read_text(encoding="utf-8").splitlines()
        return f"caught      {mutation}  by {failed.rpartition('::')[2]}"
    if code == pytest.ExitCode.OK:
        return f"NOT CAUGHT  {mutation}"
    return f"NOT CAUGHT  {mutation}  the tests did not run (exit code {code})"


@contextmanager
def database_server() -> Iterator[None]:
    """The server for as long as this runs; takes the databases of the runs away at the end."""
    if address := os.environ.get("DATABASE_URL"):
        yield
        drop_databases(address)
        return
    with embedded.running(CHECKOUT) as address:
        yield
        drop_databases(address)


def drop_databases(address: str) -> None:
    with psycopg.connect(address, dbname="postgres", autocommit=True) as connection:
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
        ours = [
            name
            for name in names
            if (found := OURS.fullmatch(name)) and found[1] == str(os.getpid())
        ]
        for name in ours:
            statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(statement.format(sql.Identifier(name)))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(words: Sequence[str]) -> int:
    os.chdir(CHECKOUT)
    started = time.monotonic()
    if unknown := set(HARMLESS) - known_names():
        say(f"HARMLESS names what is not there any more: {', '.join(sorted(unknown))}")
        return 1
    mutations = all_mutations()
    if words:
        mutations = [each for each in mutations if any(word in str(each) for word in words)]
    for name in HEAVY:
        with suppress(ImportError):
            importlib.import_module(name)
    with database_server(), tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        red = baseline(folder)
        for name in red:
            say(f"left out    {name}, which fails without a hole too")
        for name, reason in HARMLESS.items():
            say(f"left out    {name}: {reason}")
        lines = []
        for line in run_all(mutations, red=red, folder=folder):
            say(line)
            lines.append(line)
    open_holes = [line for line in lines if not line.startswith("caught")]
    seconds = time.monotonic() - started
    say(f"{len(lines)} holes made, {len(open_holes)} not caught, in {seconds:.0f} s")
    return 1 if open_holes or not lines else 0


def baseline(folder: Path) -> list[str]:
    """The tests that fail with every check in place; raises if they do not run at all."""
    note = folder / "baseline.txt"
    child = start(None, 0, red=[], note=note)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise SystemExit(note.with_suffix(".log").read_text(encoding="utf-8"))
    return note.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
