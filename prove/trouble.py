"""What goes wrong while people write: processes are killed, one after the other."""

import random
import threading
from collections import Counter
from typing import Final

from prove.client import Client, seconds_until_back
from prove.product import Product

KINDS: Final = ("worker", "worker", "backend", "worker", "postmaster", "jobs")
"""A round: web workers most often, a process of PostgreSQL, PostgreSQL's first process, and the
worker of the outbox."""
MEAN_SECONDS: Final = 3.0


class Trouble(threading.Thread):
    """Kills by SIGKILL until it is told to stop; `done` counts what it killed.

    Each time it waits until the product serves again, so that what is killed was at work.
    """

    def __init__(self, product: Product, seed: object) -> None:
        super().__init__(name="trouble", daemon=True)
        self.done: Counter[str] = Counter()
        self.is_over = threading.Event()
        self._product = product
        self._chance = random.Random(f"{seed} trouble")  # noqa: S311  nothing secret

    def run(self) -> None:
        round_: list[str] = []
        while not self.is_over.wait(self._chance.uniform(0.5, 1.5) * MEAN_SECONDS):
            round_ = round_ or self._chance.sample(KINDS, len(KINDS))
            self.cause(round_.pop())
            seconds_until_back(Client(self._product.url))

    def cause(self, kind: str) -> None:
        if kind == "worker":
            self._product.kill_worker(self._chance)
        elif kind == "backend":
            self._product.kill_backend(self._chance)
        elif kind == "jobs":
            self._product.kill_worker_of_jobs()
        else:
            self._product.kill_postmaster()
        self.done[kind] += 1
