"""A person who drafts, and what static/js/drafting.js does for them, by plain HTTP.

One save in flight for each unit; the same body with the same token until the outcome is known;
only then the next.
"""

import random
import threading
import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from prove.client import NO_ANSWER, Answer, Client, form_to
from prove.ledger import Ledger, Write
from prove.pages import forms_of, hidden_of
from prove.units import PANELS, Unit, new_row, rows_of, texts_of

AGAIN: Final = (429, 502, 503, 504)
"""Answers that say nothing of what was sent: it is sent again."""
PAUSE_SECONDS: Final = 0.15
"""The mean pause between two writes of one client."""
SAME_ROW_AGAIN: Final = 0.4
LATE_REPETITION: Final = 0.06
HISTORY_OF_ATTEMPTS: Final = 20


@dataclass(frozen=True)
class Attempt:
    """One try to save: its body never changes, however often it is sent."""

    path: str
    fields: dict[str, str]
    token: str


class Writer(threading.Thread):
    """One client. Begins with the text that all begin with, so that some of them must clash."""

    def __init__(self, number: int, client: Client, reference: str, ledger: Ledger, seed: object):
        super().__init__(name=f"writer {number}", daemon=True)
        self.number = number
        self.client = client
        self.edit = f"/coes/{reference}/edit/"
        self.ledger = ledger
        self.chance = random.Random(f"{seed} {number}")  # noqa: S311  nothing secret
        self.is_over = threading.Event()
        self._count = 0
        self._texts: list[Unit] = []
        self._rows: list[tuple[str, str]] = []
        self._acknowledged: list[Attempt] = []
        self.read_page()

    def run(self) -> None:
        self.write(next(unit for unit in self._texts if unit.key == "summary"))
        while not self.is_over.is_set():
            time.sleep(self.chance.expovariate(1 / PAUSE_SECONDS))
            self.act()

    def act(self) -> None:
        """Do one of the things that people do, and now and then send something old again."""
        what = self.chance.choices(
            (self.write_text, self.add_row, self.change_row, self.move_row, self.remove_row,
             self.read_page),
            (45, 15, 20, 8, 5, 7),
        )[0]  # fmt: skip
        what()
        if self._acknowledged and self.chance.random() < LATE_REPETITION:
            self.send_late(self.chance.choice(self._acknowledged))

    def read_page(self) -> None:
        """Load the workspace anew: every text as it is by now."""
        page = self.read(self.edit).body
        self._texts, self._rows = texts_of(page), rows_of(page)

    def write_text(self) -> None:
        self.write(self.chance.choice(self._texts))

    def add_row(self) -> None:
        panel = self.chance.choice(list(PANELS))
        unit = self.new_unit(panel)
        self.write(unit)
        self._rows.append((panel, unit.key))
        if unit.field != "line" and self.chance.random() < SAME_ROW_AGAIN:
            self.write(unit)

    def change_row(self) -> None:
        if unit := self.open_row():
            self.write(unit)

    def move_row(self) -> None:
        rows = [row for row in self._rows if PANELS[row[0]].can_move]
        if rows:
            panel, uid = self.chance.choice(rows)
            to = self.chance.choice(("up", "down"))
            try:
                self.client.post(f"{self.edit}{panel}/{uid}/move/", {"to": to}, HX_Request="true")
            except NO_ANSWER:
                return  # a person looks before they move it again

    def remove_row(self) -> None:
        unit = self.open_row()
        if unit is None:
            return
        fields = {"version": unit.form.fields["version"]}
        path = f"{self.edit}{unit.panel}/{unit.key}/remove/"
        answer = None
        while answer is None or answer.status in AGAIN:
            answer = self.answer_to(path, fields, HX_Request="true")
        if answer.status == 200:
            self.ledger.remove(unit.subject, unit.key)
        elif answer.status != 409:
            self.note(answer, "a removal")

    def open_row(self) -> Unit | None:
        """The form of one of the rows; None if somebody has removed it meanwhile."""
        if not self._rows:
            return None
        panel, uid = self.chance.choice(self._rows)
        return self.form_of_row(panel, uid)

    def form_of_row(self, panel: str, uid: str) -> Unit | None:
        page = self.read(f"{self.edit}?row={uid}", HX_Request="true").body
        try:
            form = form_to(f"{self.edit}{panel}/{uid}/", page)
        except KeyError:
            self._rows = [row for row in self._rows if row[1] != uid]
            return None
        return Unit(form, PANELS[panel].changing, PANELS[panel].subject, uid, panel)

    def write(self, unit: Unit) -> None:
        """Type something and see it saved, through outages and clashes."""
        self._count += 1
        marker = f"m{self.number}x{self._count}"
        began = time.monotonic()
        while True:
            unit.typed(marker, self.chance)
            write = Write(marker, unit.subject, unit.key)
            answer = self.save(unit)
            if answer.status != 409:
                break
            self.ledger.clash(write)
            unit = self.over_theirs(unit, answer.body)
        if answer.status == 200:
            self.ledger.acknowledge(write, time.monotonic() - began)
        else:
            self.note(answer, f"a save of {unit.subject} ({unit.form.action})")
            self.read_page()

    def save(self, unit: Unit) -> Answer:
        """Send one attempt until its outcome is known; take over what the form has to know."""
        attempt = Attempt(unit.form.action, dict(unit.form.fields), self.new_token())
        answer = self.delivered(attempt)
        if answer.status == 200:
            unit.form.fields |= hidden_of(answer.body)
            unit.form.action = address_in(answer.body) or unit.form.action
            self._acknowledged = [*self._acknowledged[1 - HISTORY_OF_ATTEMPTS :], attempt]
        return answer

    def over_theirs(self, unit: Unit, clash: str) -> Unit:
        """The unit as it is stored now, which the answer to a clash brings along.

        A row that is gone becomes a new one.
        """
        for form in forms_of(clash):
            if form.take == "theirs":
                unit.form.fields |= form.fields
                return unit
        return self.new_unit(unit.panel)

    def new_unit(self, panel: str) -> Unit:
        page = self.read(f"{self.edit}?add={panel}", HX_Request="true").body
        return new_row(form_to(f"{self.edit}{panel}/add/", page), panel, self.chance)

    def delivered(self, attempt: Attempt) -> Answer:
        while True:
            self.misbehave(attempt)
            answer = self.answer_to(attempt.path, attempt.fields, X_Draft=attempt.token)
            if answer is not None and answer.status not in AGAIN:
                return answer

    def misbehave(self, attempt: Attempt) -> None:
        """Now and then send it and close the line, so that nobody hears the answer."""
        while self.chance.random() < 0.12:
            try:
                self.client.post_and_leave(
                    attempt.path, attempt.fields, chance=self.chance, X_Draft=attempt.token
                )
            except NO_ANSWER:
                return

    def send_late(self, attempt: Attempt) -> None:
        """What a slow network delivers once more, long after its answer: nothing may happen."""
        answer = self.answer_to(attempt.path, attempt.fields, X_Draft=attempt.token)
        if answer is not None and answer.status not in (200, *AGAIN):
            self.note(answer, "an attempt that was acknowledged before")

    def answer_to(self, path: str, fields: dict[str, str], **headers: str) -> Answer | None:
        """None, after a pause, where no answer came."""
        try:
            answer = self.client.post(path, fields, **headers)
        except NO_ANSWER:
            self.pause()
            return None
        if answer.status in AGAIN:
            self.pause()
        return answer

    def read(self, path: str, **headers: str) -> Answer:
        while True:
            try:
                answer = self.client.get(path, **headers)
            except NO_ANSWER:
                self.pause()
                continue
            if answer.status == 200:
                return answer
            if answer.status not in AGAIN:
                self.note(answer, f"reading {path}")
            self.pause()

    def pause(self) -> None:
        time.sleep(self.chance.uniform(0.1, 0.6))

    def new_token(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    def note(self, answer: Answer, about: str) -> None:
        self.ledger.wonder(f"{answer.status} to {about}")


def address_in(html: str) -> str:
    """The address to save to from now on, where the answer names one."""
    _, found, rest = html.partition('data-address="')
    return rest.partition('"')[0] if found else ""
