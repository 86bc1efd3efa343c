"""The kinds of jobs: each is a function, registered by its name where it is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

Run = Callable[[dict[str, Any]], None]


class Lane(StrEnum):
    """Jobs of different lanes do not wait for each other: a mail server that hangs holds up
    mails, a PDF that takes a minute holds up PDFs, and a server of somebody else's holds up what
    is told to such, or asked of trackers, alone."""

    DATABASE = "database"
    MAIL = "mail"
    PRINT = "print"
    CALL = "call"
    TRACK = "track"


@dataclass(frozen=True, slots=True)
class Kind:
    """`title` says what such a job does, on the page of the jobs. One that is done `every` so often
    is put by the worker itself (`coe.jobs.regular`)."""

    name: str
    run: Run
    lane: Lane
    title: str
    every: timedelta | None = None


KINDS: dict[str, Kind] = {}


class TryAgain(Exception):
    """The job could not be done now; the message says why, in a sentence for administrators."""


class Hopeless(Exception):
    """The job cannot be done however often it is tried; the message says why, in a sentence."""


def job(
    name: str, *, title: str = "", lane: Lane = Lane.DATABASE, every: timedelta | None = None
) -> Callable[[Run], Run]:
    """Register a function as what is done for jobs of this name.

    It is called in a transaction that also notes that the job is done: what it writes to the
    database is there exactly once. It raises `TryAgain` or `Hopeless`; whatever else it raises is
    tried again as well. Its module stands in `coe.apps`, so that a worker knows it.
    """

    def register(run: Run) -> Run:
        if name in KINDS:
            raise RuntimeError(f"There are two kinds of jobs called {name}.")
        said = title or name.replace("_", " ").capitalize()
        KINDS[name] = Kind(name, run, lane, said, every)
        return run

    return register


def kinds_of(lane: Lane) -> list[str]:
    return [kind.name for kind in KINDS.values() if kind.lane == lane]


def title_of(kind: str) -> str:
    """What a job of this kind does; a worker of another release may know more of them."""
    return KINDS[kind].title if kind in KINDS else kind
