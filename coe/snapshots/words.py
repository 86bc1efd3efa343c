"""The words of a COE, as they are searched."""

from collections.abc import Iterator

from coe.snapshots.snapshot import Snapshot

MOST_CHARACTERS = 100_000
"""In one piece: PostgreSQL takes about a megabyte of words at once."""


def searched_texts(snapshot: Snapshot) -> Iterator[str]:
    """What people wrote, in pieces of at most `MOST_CHARACTERS`, cut between two lines."""
    lines: list[str] = []
    size = 0
    for line in _lines(snapshot):
        if lines and size + len(line) > MOST_CHARACTERS:
            yield "\n".join(lines)
            lines, size = [], 0
        lines.append(line[:MOST_CHARACTERS])
        size += len(line) + 1
    yield "\n".join(lines)


def _lines(snapshot: Snapshot) -> Iterator[str]:
    yield from (snapshot.title, snapshot.service, snapshot.team)
    yield from (each.text for each in snapshot.sections)
    yield from (each.text for each in snapshot.answers)
    yield from (each.text for each in snapshot.entries)
    yield from (each.text for each in snapshot.lessons)
    for cause in snapshot.causes:
        yield from (cause.text, cause.risk_reason)
    for action in snapshot.actions:
        yield from (action.title, action.done_when)
    for figure in snapshot.figures:
        yield from (figure.what, figure.basis)
    for check in snapshot.safeguards:
        yield from (check.name, check.why)
    for item in snapshot.related:
        yield from (item.title, item.note)
