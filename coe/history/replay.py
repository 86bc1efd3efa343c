"""What a thing said at a version, told again from its history."""

from typing import Any

from coe.history.models import Action
from coe.history.queries import WRITTEN, events_of

WHOLE = {"section", "answer"}
"""Things of one text: each save tells all of it, and there may be hundreds."""
FOLLOWED = "happened"
"""What is told of an entry whose milestone took it along: no field of its own."""
Told = tuple[int, dict[str, Any] | None]
"""The version that an event led to, and its text; None where it has been redacted."""


def content_at(document_id: int, subject: str, key: object, version: int) -> dict[str, Any] | None:
    """The fields that a thing had at `version`, as its history keeps them (JSON).

    Where a thing was there before its history begins, a field that no save has changed is
    missing: it is as it is now. None where nothing is told of that version, or where a text that
    is needed has been redacted.
    """
    told = _last_life(document_id, subject, key, version)
    first = told[0][0] if told else 0
    if version not in {first - 1, *(at for at, _ in told)}:
        return None
    names = {name for _, text in told if text for name in text["after"]}
    fields: dict[str, Any] = {}
    lost: set[str] = set()
    for at, text in told:
        if at > version and text is None:
            lost |= names - set(fields)
            break
        if at > version:
            assert text
            fields = {**text["before"], **fields}
            lost -= set(text["before"])
        elif text is None:
            fields, lost = {}, set(names)
        else:
            fields |= text["after"]
            lost -= set(text["after"])
    return None if lost or not fields else fields


def _last_life(document_id: int, subject: str, key: object, version: int) -> list[Told]:
    """What is told of the thing since it was added, as far as `version` needs it."""
    events = events_of(document_id, subject, key).filter(action__in=WRITTEN)
    if subject in WHOLE:
        events = events.filter(version__in=(version, version + 1))
    told: list[Told] = []
    for action, reached, text in events.values_list("action", "version", "text__content"):
        if action == Action.ADDED:
            told.clear()
        at = reached if reached is not None else told[-1][0] if told else 1
        told.append((at, text and {side: _fields(text[side]) for side in ("before", "after")}))
    return told


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != FOLLOWED}
