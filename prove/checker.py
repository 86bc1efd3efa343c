"""Looks for every acknowledged word in the database, with SQL of its own.

Nothing of the product is asked, so that an error there cannot hide itself.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row

from prove.ledger import Ledger, Write

MARKER: Final = re.compile(r"\bm[0-9]+x[0-9]+\b")
Thing = tuple[str, str]
"""A subject and a key, as the history names things."""

THINGS: Final = """
    SELECT 'section' AS subject, slug AS key, version, text
    FROM coe_section WHERE document_id = %(document)s
    UNION ALL
    SELECT 'answer', question.slug, answer.version, answer.text
    FROM coe_answer answer JOIN coe_question question ON question.id = answer.question_id
    WHERE answer.document_id = %(document)s
    UNION ALL SELECT 'lesson', uid::text, version, text
    FROM coe_lesson WHERE document_id = %(document)s
    UNION ALL SELECT 'related', uid::text, version, title || ' ' || note
    FROM coe_relateditem WHERE document_id = %(document)s
    UNION ALL SELECT 'figure', uid::text, version, what || ' ' || basis
    FROM coe_impactfigure WHERE document_id = %(document)s
    UNION ALL SELECT 'entry', uid::text, version, text
    FROM coe_entry WHERE document_id = %(document)s
"""
EVENTS: Final = """
    SELECT event.action, event.subject, event.subject_key AS key, event.version, event.token,
           event.actor_id AS actor, text.content::text AS content
    FROM coe_historyevent event JOIN coe_historytext text ON text.event_id = event.id
    WHERE event.document_id = %(document)s ORDER BY event.id
"""
POSITIONS: Final = """
    SELECT 'lesson' AS kind, position FROM coe_lesson WHERE document_id = %(document)s
    UNION ALL SELECT 'related', position FROM coe_relateditem WHERE document_id = %(document)s
    UNION ALL SELECT 'figure', position FROM coe_impactfigure WHERE document_id = %(document)s
"""


@dataclass
class Finding:
    """What is wrong, each in one line. All empty is what a proof wants."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Versions with gaps, and histories that do not lead from one text to the next."""

    def __bool__(self) -> bool:
        return bool(self.lost or self.doubled or self.broken)

    def lines(self) -> list[str]:
        named = (("lost", self.lost), ("doubled", self.doubled), ("broken", self.broken))
        return [f"{name}: {line}" for name, found in named for line in found]


def check(connection: psycopg.Connection[Any], reference: str, ledger: Ledger) -> Finding:
    """Compare what the clients know with what the COE and its history hold."""
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute("SELECT id FROM coe_document WHERE reference = %s", [reference])
        found = cursor.fetchone()
        assert found is not None
        document = {"document": found["id"]}
        things = cursor.execute(THINGS, document).fetchall()
        events = [_read(event) for event in cursor.execute(EVENTS, document)]
        positions = cursor.execute(POSITIONS, document).fetchall()
    finding = Finding()
    _check_words(things, events, ledger, finding)
    _check_set_aside(events, ledger.clashed, finding)
    _check_removals(things, events, ledger.removed, finding)
    _check_repetitions(events, positions, finding)
    _check_versions(things, events, finding)
    return finding


def _check_words(
    things: list[dict[str, Any]], events: list[dict[str, Any]], ledger: Ledger, finding: Finding
) -> None:
    """Each acknowledged word is there once, or was removed with its row; it was written once."""
    there = Counter(word for thing in things for word in MARKER.findall(thing["text"]))
    removed: Counter[str] = Counter()
    written: Counter[str] = Counter()
    for event in events:
        before, after = _words(event, "before"), _words(event, "after")
        if event["action"] == "removed":
            removed.update(before)
        elif event["action"] in ("added", "changed"):
            written.update(after - before)
    for write in ledger.acknowledged:
        word, told = write.marker, f"{write.marker} in {write.subject} {write.key}"
        if not there[word] and not removed[word]:
            finding.lost.append(f"{told} is in no text")
        elif there[word] + removed[word] > 1:
            finding.doubled.append(f"{told} is in the text {there[word]} times")
        if not written[word]:
            finding.lost.append(f"{told} is not in the history")
        elif written[word] > 1:
            finding.doubled.append(f"{told} was written {written[word]} times")


def _check_set_aside(
    events: list[dict[str, Any]], clashed: Iterable[Write], finding: Finding
) -> None:
    """What was refused because somebody else was first is kept beside the text."""
    kept = {
        word
        for event in events
        if event["action"] == "set_aside"
        for word in _words(event, "after")
    }
    for write in clashed:
        if write.marker not in kept:
            finding.lost.append(f"{write.marker} clashed in {write.subject} and was not kept")


def _check_removals(
    things: list[dict[str, Any]],
    events: list[dict[str, Any]],
    removed: Iterable[Thing],
    finding: Finding,
) -> None:
    there = {(thing["subject"], thing["key"]) for thing in things}
    told = Counter((each["subject"], each["key"]) for each in events if each["action"] == "removed")
    for thing in removed:
        if thing in there:
            finding.lost.append(f"The removal of {' '.join(thing)}: it is there")
        if told[thing] != 1:
            finding.broken.append(f"{' '.join(thing)} was removed {told[thing]} times")


def _check_repetitions(
    events: list[dict[str, Any]], positions: list[dict[str, Any]], finding: Finding
) -> None:
    """No row was added twice, no attempt written twice, no two rows share a place."""
    added = Counter((each["subject"], each["key"]) for each in events if each["action"] == "added")
    tokens = Counter(
        (each["subject"], each["key"], each["actor"], each["token"])
        for each in events
        if each["token"] is not None
    )
    places = Counter((each["kind"], each["position"]) for each in positions)
    for what, counted in (("added", added), ("written by one attempt", tokens)):
        for which, times in counted.items():
            if times > 1:
                finding.doubled.append(f"{which[0]} {which[1]} was {what} {times} times")
    finding.broken += [f"Two rows at {place}" for place, times in places.items() if times > 1]


def _check_versions(
    things: list[dict[str, Any]], events: list[dict[str, Any]], finding: Finding
) -> None:
    """Versions count on from 1 without a gap, and each change starts from the one before it."""
    version: dict[Thing, int] = defaultdict(lambda: 1)
    held: dict[Thing, dict[str, Any]] = defaultdict(dict)
    for event in events:
        thing = event["subject"], event["key"]
        if event["action"] not in ("added", "changed") or event["version"] is None:
            continue
        expected = version[thing] + (event["action"] == "changed")
        if event["version"] != expected:
            finding.broken.append(f"{' '.join(thing)}: {event['version']} follows {expected - 1}")
        version[thing] = event["version"]
        for name, value in event["before"].items():
            if held[thing].get(name, value) != value:
                finding.broken.append(f"{' '.join(thing)} v{event['version']} is not over the last")
        held[thing] |= event["after"]
    there = {(row["subject"], row["key"]) for row in things}
    gone = {(each["subject"], each["key"]) for each in events if each["action"] == "removed"}
    for thing in sorted(version.keys() - there - gone):
        finding.broken.append(f"{' '.join(thing)} is gone, and nobody removed it")
    for row in things:
        thing = row["subject"], row["key"]
        if row["version"] != version[thing]:
            told = f"is at {row['version']}, its history at {version[thing]}"
            finding.broken.append(f"{' '.join(thing)} {told}")


def _read(event: dict[str, Any]) -> dict[str, Any]:
    """An event with both sides of its text; of a text that was erased nothing is left."""
    content = json.loads(event["content"] or "{}")
    return event | {"before": content.get("before", {}), "after": content.get("after", {})}


def _words(event: dict[str, Any], side: str) -> Counter[str]:
    """The markers in all that an event says of one side."""
    said = event[side].values()
    return Counter(word for value in said for word in MARKER.findall(str(value)))
