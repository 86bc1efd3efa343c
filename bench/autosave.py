"""What saving while one types costs when many type at once, beside the least that could be done.

The product is started as `make run` does. 32 writers save as fast as each is answered, each in a
section of their own, so that nobody waits for a lock; then the same people ask the bare view, which
has them signed in by the same middleware, as the bare pages have; and then nobody asks it.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles
from typing import Final
from uuid import uuid4

import psycopg

from bench.bare_urls import TABLES
from bench.pairs import Figure, in_turn
from prove.client import Client
from prove.crowd import opened, person_at, seen, signed_in
from prove.pages import hidden_of
from prove.product import Product, a_product
from prove.units import Unit, texts_of

WRITERS: Final = 32
SAVES: Final = 10
SECTIONS: Final = 3
PARAGRAPHS: Final = "The queue grew until nothing was accepted any more.\n\n" * 30


class Typist:
    """One writer with a section of their own, and two rows of the bare table: one that they write
    signed in, one that they write as nobody."""

    def __init__(self, number: int, client: Client, unit: Unit) -> None:
        self.number = number
        self.client = client
        self.unit = unit
        self.bare = {"version": "1"}
        self.nobody = client.stranger()
        self.bare_of_nobody = {"version": "1"}
        self.count = 0

    def save(self) -> list[float]:
        return [self._save_once() for _ in range(SAVES)]

    def save_bare(self) -> list[float]:
        return [self._save_bare_once(self.client, self.number, self.bare) for _ in range(SAVES)]

    def save_as_nobody(self) -> list[float]:
        row = self.number + WRITERS
        return [self._save_bare_once(self.nobody, row, self.bare_of_nobody) for _ in range(SAVES)]

    def _save_once(self) -> float:
        self.count += 1
        fields = self.unit.form.fields | {"text": f"{PARAGRAPHS}{self.count}"}
        path, token = self.unit.form.action, str(uuid4())
        answer = seen(self.client.post(path, fields, X_Draft=token), 200)
        self.unit.form.fields |= hidden_of(answer.body)
        return answer.seconds

    def _save_bare_once(self, client: Client, row: int, hidden: dict[str, str]) -> float:
        self.count += 1
        fields = hidden | {"text": f"{PARAGRAPHS}{self.count}"}
        answer = seen(client.post(f"/bare/{row}/", fields), 200)
        hidden |= hidden_of(answer.body)
        return answer.seconds


def of_saving(runs: int) -> Iterator[Figure]:
    """The 95th percentile of one save in each run."""
    with a_product("bench.bare_settings") as product:
        product.start()
        with psycopg.connect(product.conninfo) as connection:
            connection.execute(TABLES)
        typists = typists_of(product)
        with ThreadPoolExecutor(WRITERS) as pool:

            def p95_of(save: Callable[[Typist], list[float]]) -> Callable[[], float]:
                return lambda: p95(list(pool.map(save, typists)))

            ours, theirs = in_turn(runs, p95_of(Typist.save), p95_of(Typist.save_bare))
            again, nobodys = in_turn(runs, p95_of(Typist.save), p95_of(Typist.save_as_nobody))
    name = f"Saving while {WRITERS} type at once, p95, against one UPDATE and one INSERT"
    yield Figure(f"{name}, signed in as well", "ms", ours, theirs, 2)
    yield Figure(f"{name} by nobody", "ms", again, nobodys)


def typists_of(product: Product) -> list[Typist]:
    references = [opened(product, 1) for _ in range(-(-WRITERS // SECTIONS))]
    owner = signed_in(product, person_at(0))
    pages = [owner.get(f"/coes/{reference}/edit/").body for reference in references]
    sections = [unit for page in pages for unit in texts_of(page) if unit.subject == "section"]
    return [Typist(number, owner.another(), sections[number]) for number in range(WRITERS)]


def p95(runs: list[list[float]]) -> float:
    """Of the seconds of every save, in milliseconds."""
    return quantiles([seconds for run in runs for seconds in run], n=20)[-1] * 1000
