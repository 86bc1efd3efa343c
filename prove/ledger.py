"""What the clients know: which of their words the server has acknowledged."""

import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Write:
    """Something that a client typed: a word that is nowhere else, and the thing it stands in.

    `subject` and `key` are the names of the thing in the history of the COE.
    """

    marker: str
    subject: str
    key: str


@dataclass
class Ledger:
    """Filled by several threads at once, read when they have ended.

    `seconds` is how long each acknowledged write took from the first try until the client knew,
    with every repetition and outage in between.
    """

    acknowledged: list[Write] = field(default_factory=list)
    clashed: list[Write] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    oddities: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, write: Write, seconds: float) -> None:
        with self.lock:
            self.acknowledged.append(write)
            self.seconds.append(seconds)

    def clash(self, write: Write) -> None:
        with self.lock:
            self.clashed.append(write)

    def remove(self, subject: str, key: str) -> None:
        with self.lock:
            self.removed.append((subject, key))

    def wonder(self, about: str) -> None:
        """Note an answer that no client should get."""
        with self.lock:
            self.oddities[about] += 1
