"""`python -m prove --full-disk`: the disk that holds the database is full, and then has room again.

The private copy's database lies on a small file system in memory, so no other disk is filled.
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Final

import psycopg

from prove.client import NO_ANSWER, Answer, Client, seconds_until_back
from prove.probe import FIRST_SAVE_SECONDS, Attempt, Probe
from prove.product import Product, a_copy

MEGABYTE: Final = 1 << 20
SIZE: Final = 400 * MEGABYTE
LARGE: Final = 20_000
"""Characters, random so that they do not shrink: each save needs room of its own."""
TRIES: Final = 200
REFUSALS: Final = 10
SENTENCES: Final = ("The disk of the database is full", "The database does not answer")
NOT_HERE: Final = 2
WRITE_LOG: Final = "SELECT pg_logical_emit_message(true, 'prove', repeat('x', %s))"


@dataclass(frozen=True)
class Disk:
    """A mounted file system of our own, and the file that takes what is free of it."""

    folder: Path

    def fill(self) -> None:
        """Leave not a byte."""
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in (MEGABYTE, 4096, 1):
                with suppress(OSError):
                    while ballast.write(bytes(size)) == size:
                        pass

    def empty(self) -> None:
        self._ballast.unlink()

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"


def full_disk() -> int:
    """Measure both ways in which a disk is full; 0 if nothing was lost and all came back."""
    if os.geteuid() != 0:
        print("Not measured: only root may mount the small file system that this fills.")
        return NOT_HERE
    with a_copy() as product, small_disk(product.place.home) as disk:
        if disk is None:
            return NOT_HERE
        product.prepare()
        product.start()
        try:
            outcomes = [
                measured("rows", product, disk, lambda: None),
                measured("its log", product, disk, lambda: fill_the_log(product, disk)),
            ]
        finally:
            product.stop()
    return 0 if all(outcomes) else 1


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk | None]:
    """A file system in memory at `folder`; None, and a sentence, where it cannot be mounted."""
    folder.mkdir(mode=0o755, parents=True)
    options = ["-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(folder)]
    mounted = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if mounted.returncode:
        print(
            f"Not measured: a small file system cannot be mounted here ({mounted.stderr.strip()})."
        )
        yield None
        return
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607


def fill_the_log(product: Product, disk: Disk) -> None:
    """Write to PostgreSQL's log alone until it finds no room, and gives up its processes."""
    with suppress(psycopg.OperationalError), psycopg.connect(product.conninfo) as connection:
        for _ in range(SIZE // MEGABYTE):
            connection.execute(WRITE_LOG, [MEGABYTE])
            connection.commit()
            disk.fill()
        raise RuntimeError("There is always room for the log: the disk was not filled.")


def measured(name: str, product: Product, disk: Disk, hit: Callable[[], None]) -> bool:
    """Save until there is no room for `name`, make room, and save again."""
    probe = Probe(product)
    first = product.postmaster()
    disk.fill()
    hit()
    attempt, answers = save_until_refused(probe, disk)
    reading, came_to = probe.read(), "runs on"
    disk.empty()
    back = seconds_until_back(Client(product.url))
    began = time.monotonic()
    probe.save_until_known(attempt)
    saved = time.monotonic() - began
    if product.postmaster() != first:
        came_to = "ended and was started again"
    problems = probe.problems()
    said = sum("retry-after" in each.headers and told(each) for each in answers)
    slowest = max(each.seconds for each in answers)
    print(
        f"no room for {name}: {len(answers)} saves refused, {said} with 503, a sentence and when "
        f"to come back, slowest {slowest:.2f} s; reading answered {reading} meanwhile; PostgreSQL "
        f"{came_to}; serving {back:.2f} s after there was room, first save then {saved:.2f} s",
        *problems,
        sep="\n    ",
        flush=True,
    )
    return said == len(answers) and saved < FIRST_SAVE_SECONDS and not problems


def told(answer: Answer) -> bool:
    return answer.status == 503 and any(each in answer.body for each in SENTENCES)


def save_until_refused(probe: Probe, disk: Disk) -> tuple[Attempt, list[Answer]]:
    """An attempt that finds no room, and how it was refused again and again."""
    for _ in range(TRIES):
        attempt = probe.new_attempt(token_hex(LARGE // 2))
        answer = probe.save(attempt)
        if answer.status != 200:
            answers = [answer]
            while len(answers) < REFUSALS:
                disk.fill()
                with suppress(*NO_ANSWER):
                    answers.append(probe.save(attempt))
                time.sleep(0.2)
            return attempt, answers
    raise RuntimeError("There is always room: the disk was not filled.")
