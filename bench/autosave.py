"""What saving while one types costs when many type at once, beside the least that could be done.

The product is started as `make run` does. 32 writers save as fast as each is answered, each in a
section of their own, so that nobody waits for a lock; then the same connections ask the bare view.
"""

from collections.abc import Iterator
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
    """One writer with a section of their own, and a row of the bare table."""

    def __init__(self, number: int, client: Client, unit: Unit) -> None:
        self.number = number
        self.client = client
        self.unit = unit
        self.bare = {"version": "1"}
        self.count = 0

    def save(self) -> list[float]:
        return [self._save_once() for _ in range(SAVES)]

    def save_bare(self) -> list[float]:
        return [self._save_bare_once() for _ in range(SAVES)]

    def _save_once(self) -> float:
        self.count += 1
        fields = self.unit.form.fields | {"text": f"{PARAGRAPHS}{self.count}"}
        path, token = self.unit.form.action, str(uuid4())
        answer = seen(self.client.post(path, fields, X_Draft=token), 200)
        self.unit.form.fields |= hidden_of(answer.body)
        return answer.seconds

    def _save_bare_once(self) -> float:
        self.count += 1
        fields = self.bare | {"text": f"{PARAGRAPHS}{self.count}"}
        answer = seen(self.client.post(f"/bare/{self.number}/", fields), 200)
        self.bare = hidden_of(answer.body)
        return answer.seconds


def of_saving(runs: int) -> Iterator[Figure]:
    """The 95th percentile of one save in each run."""
    with a_product("bench.bare_settings") as product:
        product.start()
        with psycopg.connect(product.conninfo) as connection:
            connection.execute(TABLES)
        typists = typists_of(product)
        with ThreadPoolExecutor(WRITERS) as pool:
            ours, theirs = in_turn(
                runs,
                lambda: p95(list(pool.map(Typist.save, typists))),
                lambda: p95(list(pool.map(Typist.save_bare, typists))),
            )
    name = f"Saving while {WRITERS} type at once, p95, against one UPDATE and one INSERT"
    yield Figure(name, "ms", ours, theirs, 2)


def typists_of(product: Product) -> list[Typist]:
    references = [opened(product, 1) for _ in range(-(-WRITERS // SECTIONS))]
    owner = signed_in(product, person_at(0))
    pages = [owner.get(f"/coes/{reference}/edit/").body for reference in references]
    sections = [unit for page in pages for unit in texts_of(page) if unit.subject == "section"]
    return [Typist(number, owner.another(), sections[number]) for number in range(WRITERS)]


def p95(runs: list[list[float]]) -> float:
    """Of the seconds of every save, in milliseconds."""
    return quantiles([seconds for run in runs for seconds in run], n=20)[-1] * 1000
