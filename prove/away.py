"""`python -m prove --away 30`: the database is away, twice: gone, and there but standing still."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from coe.database.server import holding
from prove.client import Client, seconds_until_back
from prove.probe import (
    FIRST_SAVE_SECONDS,
    SLOWEST_SECONDS,
    SLOWEST_STILL_SECONDS,
    Probe,
)
from prove.product import Product, a_product

SENTENCE = "The database does not answer"


@dataclass(frozen=True)
class Outage:
    """A way of being away, and how many seconds the slowest answer may take meanwhile."""

    of: Callable[[Product], AbstractContextManager[None]]
    slowest: float


def away(seconds: float) -> int:
    """Measure both outages; 0 if each was told at once and nothing was lost."""
    with a_product() as product:
        product.start()
        outcomes = [
            measured("gone", Outage(gone, SLOWEST_SECONDS), product, seconds),
            measured("standing still", Outage(still, SLOWEST_STILL_SECONDS), product, seconds),
        ]
    return 0 if all(outcomes) else 1


@contextmanager
def gone(product: Product) -> Iterator[None]:
    """Killed, and kept from being started again by whoever could."""
    with holding(product.place.gate):
        product.kill_postmaster()
        product.wait_until_database_is_gone()
        yield


@contextmanager
def still(product: Product) -> Iterator[None]:
    """Every process is stopped: connections open and nobody answers."""
    product.freeze_database()
    try:
        yield
    finally:
        product.thaw_database()


def measured(name: str, outage: Outage, product: Product, seconds: float) -> bool:
    """Ask all through the outage, then save at once; whether it is as it should be."""
    probe = Probe(product)
    probe.save(probe.new_attempt())
    attempt = probe.new_attempt()
    with outage.of(product):
        probe.ask_for(seconds, attempt)
    back = seconds_until_back(Client(product.url))
    began = time.monotonic()
    probe.save_until_known(attempt)
    saved = time.monotonic() - began
    refusals, problems = probe.refusals(SENTENCE), probe.problems()
    print(
        f"database {name} for {seconds:.0f} s: {len(probe.answers)} requests, {refusals} answered "
        f"503 with a sentence and when to come back, slowest {probe.slowest():.2f} s; "
        f"serving {back:.2f} s after its return, first save then {saved:.2f} s",
        *problems,
        sep="\n    ",
        flush=True,
    )
    is_told = refusals == len(probe.answers) and probe.slowest() < outage.slowest
    return is_told and saved < FIRST_SAVE_SECONDS and not problems
