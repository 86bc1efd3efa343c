"""Do the tests of the checks notice a wrong condition? `make inversions`, or -m on this module.

Inverts one condition of `coe/guidance` at a time, leaves out one part of it, or moves one of its
boundaries, and runs the tests of this folder: one has to fail. Prints a line for each that nobody
noticed, and exits with 1 if there is one. Words on the command line choose the conditions whose
line holds one of them.

Nothing is written. Each run is a fork, in which the one module is compiled from the changed source
and the tests are called without pytest: they are pure functions, so there is nothing to set up.

Left out are the modules of the answers to findings (`STORED`). Their tests need rows, and so the
fixtures of pytest and a database for each run: about ten seconds where a run here takes a
fraction of one. Whether somebody may answer is left out one check at a time by
`tests/permissions/holes.py`.
"""

import ast
import copy
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import django

from tests.permissions.mutations import CHECKOUT, Mutation, _Replacer, _short

ROOM = CHECKOUT / "coe" / "guidance"
TESTS = Path(__file__).parent
AT_ONCE = 2
SECONDS = 120
"""What runs longer has met an endless loop, and is noticed as well."""
DATABASE = {"test_check_coe", "test_earlier", "test_waivers", "test_work"}
"""Files of tests that need more than a snapshot; they are left out."""
STORED = {"models", "queries", "reading", "services", "ways"}
"""Modules of answers to findings and of ways to their places, which tests with pages are of."""

BOUNDARIES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
HARMLESS = {
    "minutes_from: self.hour <= HALF_DAY at its boundary": "12 hours and 0 are the same on it",
    "_near: length.seconds < NEAR_FROM at its boundary": "ten minutes are round",
    "can_be: self.value <= amount <= 1.5 * self.value at its boundary": "equal was let pass before",
    "can_be: amount <= self.value <= 1.5 * amount at its boundary": "likewise",
    "_lies_between: place < len(places) and places[place] - start <= 2 * leng... without "
    "places[place] - start <= 2 * length.seconds + length.unit": "only ends the search sooner",
    "_lies_between: places[place] - start <= 2 * length.seconds + length.unit at its boundary": (
        "likewise"
    ),
    "overlaps: self.start < other.end at its boundary": "words do not stand that close",
    "overlaps: other.start < self.end at its boundary": "likewise",
    "take: not self.is_whole_asked": "looks at the whole at once, which is slower",
    "_is_told: part is None or case.is_light without part is None": "no answer is of no part",
    "_later_ones: seconds is not None and seconds >= 0 without seconds is not None": (
        "is asked of moments that are known"
    ),
    "people_named: name in text and _holds(text, name) without name in text": "only saves time",
}
"""What changes nothing that anybody could see, with the reason."""

Edit = tuple[ast.AST, str, Callable[[ast.AST], ast.AST]]


def all_mutations() -> list[Mutation]:
    paths = (path for path in sorted(ROOM.glob("*.py")) if path.stem not in STORED)
    return [each for path in paths for each in mutations_of(path)]


def mutations_of(path: Path) -> Iterator[Mutation]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    places = {id(node): place for place, node in enumerate(ast.walk(tree))}
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node, name, change in edits(function):
            if (called := f"{function.name}: {name}") in HARMLESS:
                continue
            mutant = copy.deepcopy(tree)
            target = list(ast.walk(mutant))[places[id(node)]]
            _Replacer(target, change).visit(mutant)
            ast.fix_missing_locations(mutant)
            yield Mutation(path, getattr(node, "lineno", 0), called, ast.unparse(mutant))


def edits(function: ast.FunctionDef) -> Iterator[Edit]:
    """Each condition of `function` the other way round, in parts, and with other boundaries."""
    for node in (each for statement in function.body for each in ast.walk(statement)):
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            yield node.test, f"not {_short(node.test)}", _inverted
        elif isinstance(node, ast.comprehension):
            for test in node.ifs:
                yield test, f"not {_short(test)}", _inverted
        elif isinstance(node, ast.Return) and _is_condition(node.value):
            assert node.value is not None
            yield node.value, f"return not {_short(node.value)}", _inverted
        elif isinstance(node, ast.BoolOp):
            for index, value in enumerate(node.values):
                yield node, f"{_short(node)} without {_short(value)}", _without(index)
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in BOUNDARIES:
            yield node, f"{_short(node)} at its boundary", _moved


def _is_condition(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id in ("any", "all", "bool")
    is_not = isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)
    return is_not or isinstance(value, ast.Compare | ast.BoolOp)


def _inverted(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.expr)
    return ast.UnaryOp(ast.Not(), node)


def _without(index: int) -> Callable[[ast.AST], ast.AST]:
    def change(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.BoolOp)
        del node.values[index]
        return node if len(node.values) > 1 else node.values[0]

    return change


def _moved(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.Compare)
    node.ops[0] = BOUNDARIES[type(node.ops[0])]()
    return node


def calls_of(module: ModuleType) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Each test of `module` with each of its parameters, by name."""
    for name, test in vars(module).items():
        if name.startswith("test_"):
            marks = [each for each in getattr(test, "pytestmark", ()) if each.name == "parametrize"]
            for values in product(*(_named(*mark.args) for mark in marks)):
                given = {key: value for part in values for key, value in part.items()}
                yield name, partial(test, **given)


def _named(names: str | Sequence[str], rows: Sequence[Any]) -> list[dict[str, Any]]:
    keys = [each.strip() for each in names.split(",")] if isinstance(names, str) else list(names)
    return [dict(zip(keys, row if len(keys) > 1 else (row,), strict=True)) for row in rows]


def first_failure(mutation: Mutation | None) -> str:
    """The name of the first test that fails, empty where none does."""
    for name in [
        each for each in sys.modules if each.startswith(("coe.guidance", "tests.guidance"))
    ]:
        del sys.modules[name]
    from tests.permissions.holes import Changed

    if mutation:
        sys.meta_path.insert(0, Changed(mutation))
    try:
        for path in files_for(mutation):
            for name, call in calls_of(importlib.import_module(f"tests.guidance.{path.stem}")):
                try:
                    call()
                except BaseException:
                    return name
    except BaseException as error:
        return f"the import: {error!r}"
    return ""


def files_for(mutation: Mutation | None) -> list[Path]:
    """The files of tests, that of the module first."""
    first = f"test_{mutation.path.stem}" if mutation else ""
    files = [each for each in TESTS.glob("test_*.py") if each.stem not in DATABASE]
    return sorted(files, key=lambda each: (each.stem != first, each.stem))


def start(mutation: Mutation | None) -> int:
    child = os.fork()
    if child:
        return child
    signal.alarm(SECONDS)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os._exit(1 if first_failure(mutation) else 0)


def run_all(mutations: Sequence[Mutation]) -> Iterator[Mutation]:
    """Those that nobody noticed."""
    waiting, running = list(mutations), dict[int, Mutation]()
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            mutation = waiting.pop(0)
            running[start(mutation)] = mutation
        child, status = os.wait()
        mutation = running.pop(child)
        if status == 0:
            yield mutation


def main(words: Sequence[str]) -> int:
    os.chdir(CHECKOUT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coe.settings")
    django.setup()
    started = time.monotonic()
    mutations = all_mutations()
    if words:
        mutations = [each for each in mutations if any(word in str(each) for word in words)]
    for path in files_for(None):
        importlib.import_module(f"tests.guidance.{path.stem}")
    _, status = os.waitpid(start(None), 0)
    if status:
        sys.stdout.write("A test fails with every condition as it is, so nothing can be said.\n")
        return 1
    survivors = 0
    for mutation in run_all(mutations):
        survivors += 1
        sys.stdout.write(f"NOT NOTICED  {mutation}\n")
        sys.stdout.flush()
    seconds = time.monotonic() - started
    sys.stdout.write(
        f"{len(mutations)} conditions changed, {survivors} not noticed, {seconds:.0f} s\n"
    )
    return 1 if survivors or not mutations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
