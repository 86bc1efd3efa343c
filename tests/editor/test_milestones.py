"""The strip of milestones: three states, and times as people write them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from coe.documents.models import Document
from tests.editor.writer import HTMX, PLAIN, Writer

AT = datetime(2026, 11, 14, 10, 15, tzinfo=UTC)


def stored(document: Document, kind: str) -> tuple[str, datetime | None]:
    milestone = document.incident.milestones.get(kind=kind)
    return milestone.state, milestone.at


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_a_time_typed_beside_not_known_yet_makes_it_recorded(
    owner: Writer, document: Document, by_htmx: bool
) -> None:
    sent = owner.form("milestones/")
    assert sent["detected-state"] == ["pending"]
    answer = owner.send(
        "milestones/", sent | {"detected-when": "2026-11-14 02:15"}, by_htmx=by_htmx
    )
    assert answer.status == (200 if by_htmx else 303)
    assert stored(document, "detected") == ("recorded", AT)
    assert stored(document, "resolved") == ("pending", None)


def test_not_applicable_is_kept_without_a_time(owner: Writer, document: Document) -> None:
    owner.save("milestones/", **{"acknowledged-state": "not_applicable"})
    assert stored(document, "acknowledged") == ("not_applicable", None)


def refused(owner: Writer, name: str, **typed: str) -> str:
    sent: dict[str, Any] = owner.form("milestones/") | typed
    answer = owner.send("milestones/", sent)
    assert answer.status == 422
    return answer.errors_at(name, answer.form(owner.address("milestones/")))


def test_not_applicable_with_a_time_is_a_question(owner: Writer, document: Document) -> None:
    typed = {"detected-state": "not_applicable", "detected-when": "2026-11-14 02:15"}
    said = refused(owner, "detected-when", **typed)
    assert said == "Remove the time, or say that the milestone is recorded."
    assert stored(document, "detected") == ("pending", None)


def test_recorded_without_a_time_is_a_question(owner: Writer, document: Document) -> None:
    said = refused(owner, "detected-when", **{"detected-state": "recorded"})
    assert said == "Say when it was, or that it is not known yet."
    assert stored(document, "detected") == ("pending", None)


def test_one_that_cannot_be_read_keeps_the_others_from_being_saved(
    owner: Writer, document: Document
) -> None:
    typed = {"detected-when": "2026-11-14 02:15", "resolved-when": "later"}
    assert "“later” is not a time that can be read." in refused(owner, "resolved-when", **typed)
    assert stored(document, "detected") == ("pending", None)


def test_a_time_without_a_day_is_on_the_first_day_that_is_known(
    owner: Writer, document: Document
) -> None:
    owner.save("milestones/", **{"detected-when": "2026-11-14 02:15"})
    owner.save("milestones/", **{"resolved-when": "03:00"})
    assert stored(document, "resolved") == (
        "recorded",
        datetime(2026, 11, 14, 11, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("text", "precision", "shown"),
    [
        ("~2026-11-14 02:15", "about", "~2026-11-14 02:15"),
        ("2026-11-14 02:15", "minute", "2026-11-14 02:15"),
        ("2026-11-14 02:15:00", "second", "2026-11-14 02:15:00"),
        ("2026-11-14T10:15Z", "minute", "2026-11-14 02:15"),
        (" 2026-11-14   2:15 ", "minute", "2026-11-14 02:15"),
    ],
)
def test_how_exactly_it_is_known_is_kept(
    owner: Writer, document: Document, text: str, precision: str, shown: str
) -> None:
    owner.save("milestones/", **{"detected-when": text})
    milestone = document.incident.milestones.get(kind="detected")
    assert (milestone.at, milestone.precision) == (AT, precision)
    assert owner.form("milestones/")["detected-when"] == [shown]


def test_a_time_is_taken_back_by_emptying_it(owner: Writer, document: Document) -> None:
    owner.save("milestones/", **{"detected-when": "2026-11-14 02:15"})
    owner.save("milestones/", **{"detected-when": "", "detected-state": "pending"})
    assert stored(document, "detected") == ("pending", None)


def test_times_are_shown_in_the_zone_of_the_coe_after_it_changed(
    owner: Writer, document: Document
) -> None:
    owner.save("milestones/", **{"detected-when": "2026-11-14 02:15"})
    owner.save("facts/", zone="Asia/Tokyo")
    assert owner.form("milestones/")["detected-when"] == ["2026-11-14 19:15"]
    assert stored(document, "detected") == ("recorded", AT)


@pytest.mark.parametrize("day", ["1970-01-01 00:00", "2100-12-31 23:59", "1970-01-01 00:00 +14:00"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_the_first_and_the_last_moment_can_be_written_and_shown(
    owner: Writer, document: Document, day: str, zone: str
) -> None:
    owner.save("facts/", zone=zone)
    owner.save("milestones/", **{"detected-when": day})
    assert stored(document, "detected")[0] == "recorded"
    assert owner.save("milestones/").status == 303
