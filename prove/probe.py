"""Measuring an outage from outside: who gets which answer, how soon, and what is saved after."""

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from prove.client import NO_ANSWER, Answer
from prove.crowd import checked, opened, person_at, signed_in
from prove.ledger import Ledger, Write
from prove.pages import hidden_of
from prove.product import Product
from prove.units import Unit, texts_of

SLOWEST_SECONDS: Final = 5.0
"""A database that is gone is told at once; this is for busy machines."""
SLOWEST_STILL_SECONDS: Final = 20.0
"""One that stands still is given up after 15 s by what was under way, and in 5 s by what comes."""
FIRST_SAVE_SECONDS: Final = 2.0

Attempt = tuple[Write, dict[str, str], str]
"""A word, the fields that carry it, and the token they are sent with."""


@dataclass
class Probe:
    """Two people with the same COE open: one saves a section, one reads; their answers are kept."""

    product: Product
    ledger: Ledger = field(default_factory=Ledger)
    answers: list[Answer] = field(default_factory=list)
    unanswered: int = 0

    def __post_init__(self) -> None:
        self.reference = opened(self.product, 1)
        self.page = f"/coes/{self.reference}/edit/"
        self._client = signed_in(self.product, person_at(0))
        self._unit = section_in(self._client.get(self.page).body)
        self._count = 0

    def new_attempt(self, padding: str = "") -> Attempt:
        """A word of its own in the section, what is sent of it, and its token."""
        self._count += 1
        marker = f"m0x{self._count}"
        words = [each for each in (self._unit.form.fields["text"], f"{marker} {padding}") if each]
        fields = self._unit.form.fields | {"text": "\n".join(words)}
        return Write(marker, "section", self._unit.key), fields, str(uuid4())

    def save(self, attempt: Attempt) -> Answer:
        """Send an attempt once; note it where it is acknowledged. Raises one of `NO_ANSWER`."""
        write, fields, token = attempt
        answer = self._client.post(self._unit.form.action, fields, X_Draft=token)
        if answer.status == 200:
            self._unit.form.fields = fields | hidden_of(answer.body)
            self.ledger.acknowledge(write, answer.seconds)
        return answer

    def send_half(self, attempt: Attempt, chance: random.Random) -> None:
        """Send a part of it and hang up."""
        _, fields, token = attempt
        path = self._unit.form.action
        self._client.post_and_leave(path, fields, chance=chance, whole=0, X_Draft=token)

    def save_until_known(self, attempt: Attempt) -> Answer:
        """Send it until it is acknowledged, as fast as refusals come back."""
        while True:
            try:
                answer = self.save(attempt)
            except NO_ANSWER:
                answer = None
            if answer is not None and answer.status == 200:
                return answer
            time.sleep(0.02)

    def read(self) -> int:
        """The status of the page that shows what is stored."""
        return self._client.get(self.page).status

    def ask_for(self, seconds: float, attempt: Attempt, *, crowd: int = 4) -> None:
        """Let a crowd send `attempt` and read for a while, each again once they are answered."""
        until = time.monotonic() + seconds
        threads = [
            threading.Thread(target=self._ask, args=(until, attempt, number), daemon=True)
            for number in range(crowd)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _ask(self, until: float, attempt: Attempt, number: int) -> None:
        """Saves and reads in turn, over connections of their own with the same cookies."""
        client = self._client.another()
        _, fields, token = attempt
        while time.monotonic() < until:
            began = time.monotonic()
            try:
                if number % 2:
                    answer = client.get(self.page)
                else:
                    answer = client.post(self._unit.form.action, fields, X_Draft=token)
                self.answers.append(answer)
            except NO_ANSWER:
                self.unanswered += 1
                self.answers.append(Answer(0, {}, "", time.monotonic() - began))
            time.sleep(0.25)

    def slowest(self) -> float:
        return max(answer.seconds for answer in self.answers)

    def refusals(self, sentence: str) -> int:
        """How many answers said 503, when to come back, and `sentence`."""
        return sum(
            answer.status == 503 and "retry-after" in answer.headers and sentence in answer.body
            for answer in self.answers
        )

    def problems(self) -> list[str]:
        """What the search for every acknowledged word found."""
        return checked(self.product, self.reference, self.ledger).lines()


def section_in(page: str) -> Unit:
    return next(unit for unit in texts_of(page) if unit.key == "summary")
