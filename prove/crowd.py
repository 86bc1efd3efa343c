"""Several people over one COE: opening it, letting them in, and letting them write for a while."""

import random
import time
from dataclasses import dataclass
from statistics import quantiles
from typing import Final

import psycopg

from prove.checker import Finding, check
from prove.client import Answer, Client, form_to
from prove.ledger import Ledger
from prove.product import PASSWORD, Product
from prove.trouble import Trouble
from prove.writer import Writer

EVERYBODY: Final = {
    "owner@example.com": "Robin Owner",
    "colleague@example.com": "Kim Colleague",
    "manager@example.com": "Sam Manager",
    "leader@example.com": "Alex Leader",
    "ana.silva@example.com": "Ana Silva",
    "ines.duarte@example.com": "Ines Duarte",
    "jonas.weber@example.com": "Jonas Weber",
}
"""Who writes, of the people of the demo (coe.accounts.demo): the one who opens the COE first."""
ENDING_SECONDS: Final = 120
"""How long the writers may take to learn what became of their last words."""


@dataclass(frozen=True)
class Outcome:
    """What came of a run. `stuck` are clients that never learned what became of their words."""

    ledger: Ledger
    finding: Finding
    killed: str
    stuck: int

    @property
    def is_safe(self) -> bool:
        return not (self.finding or self.stuck or self.ledger.oddities)

    def __str__(self) -> str:
        cuts = quantiles(self.ledger.seconds, n=100) if len(self.ledger.seconds) > 1 else [0.0] * 99
        return (
            f"acknowledged {len(self.ledger.acknowledged)}, lost {len(self.finding.lost)}, "
            f"doubled {len(self.finding.doubled)}, conflicts {len(self.ledger.clashed)}, "
            f"p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms"
        )

    def details(self) -> list[str]:
        odd = [f"odd: {times} times {what}" for what, times in self.ledger.oddities.items()]
        stuck = [f"stuck: {self.stuck} clients"] if self.stuck else []
        return [f"killed: {self.killed}", *self.finding.lines(), *odd, *stuck]


def write_together(product: Product, *, seconds: float, clients: int, seed: object) -> Outcome:
    """Let `clients` write in the started product for `seconds`, and look for every word after."""
    reference = opened(product, clients)
    ledger = Ledger()
    writers = [
        Writer(number, signed_in(product, person_at(number)), reference, ledger, seed)
        for number in range(clients)
    ]
    trouble = Trouble(product, seed)
    threads: list[Writer | Trouble] = [trouble, *writers]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    for thread in threads:
        thread.is_over.set()
    deadline = time.monotonic() + ENDING_SECONDS
    for thread in threads:
        thread.join(max(0.1, deadline - time.monotonic()))
    stuck = sum(writer.is_alive() for writer in writers)
    killed = ", ".join(f"{times} {kind}" for kind, times in sorted(trouble.done.items()))
    return Outcome(ledger, checked(product, reference, ledger), killed, stuck)


def checked(product: Product, reference: str, ledger: Ledger) -> Finding:
    with psycopg.connect(product.conninfo) as connection:
        return check(connection, reference, ledger)


def person_at(number: int) -> str:
    """The owner first; when everybody has come once, they come again as with a second tab."""
    return list(EVERYBODY)[number % len(EVERYBODY)]


def signed_in(product: Product, email: str) -> Client:
    client = Client(product.url)
    client.sign_in(email, PASSWORD)
    return client


def opened(product: Product, clients: int) -> str:
    """The reference of a new COE that the first `clients` people may write in."""
    owner = signed_in(product, person_at(0))
    form = form_to("", owner.get("/coes/new/").body)
    title = f"Uploads failed {random.getrandbits(32):08x}"
    made = seen(owner.post("/coes/new/", form.fields | {"title": title}), 303)
    reference = made.headers["location"].split("/")[2]
    address = f"/coes/{reference}/edit/people/add/"
    offered = form_to(address, owner.get(f"/coes/{reference}/edit/").body).options["person"]
    for person in {person_at(number) for number in range(clients)} - {person_at(0)}:
        name = EVERYBODY[person]
        key = next(key for key, label in offered.items() if label.startswith(name))
        seen(owner.post(address, {"person": key}), 303)
    return reference


def seen(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        raise RuntimeError(f"Expected {status}, got {answer.status}: {answer.body[:500]}")
    return answer
