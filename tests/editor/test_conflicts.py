"""Two people at one thing: nothing is lost, nothing is overwritten by accident."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from coe.actions.models import ActionItem
from coe.documents.models import Document
from coe.timeline.models import Entry
from coe.whys.models import Cause
from coe.whys.services import remove_cause
from tests.documents.rivals import Rival
from tests.editor.kinds import EDITS, Kind
from tests.editor.writer import HTMX, PLAIN, Answer, Writer
from tests.people import People

ROWS = [kind for kind in EDITS if kind.is_row]
TEXTS = [kind for kind in EDITS if kind.panel != "milestones"]


def clash(owner: Writer, contributor: Writer, kind: Kind, by_htmx: bool) -> Answer:
    """The owner opens the form, the contributor saves, the owner sends."""
    mine = owner.form(kind.path, kind.query) | kind.typed
    theirs = kind.typed | {kind.main: "Their words"}
    assert contributor.save(kind.path, kind.query, **theirs).status == 303
    return owner.send(kind.path, mine, by_htmx=by_htmx)


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize("kind", TEXTS, ids=str)
def test_a_stale_form_gets_both_texts_and_who_was_faster(
    owner: Writer, contributor: Writer, rows: dict[str, Any], kind: Kind, by_htmx: bool
) -> None:
    kind = kind.on(rows)
    answer = clash(owner, contributor, kind, by_htmx)
    assert answer.status == 409
    assert "Contributor saved this" in " ".join(answer.text.split())
    assert kind.typed[kind.main] in answer.text
    assert "Their words" in answer.text
    assert answer.is_panel(kind.panel) == by_htmx


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize("kind", TEXTS, ids=str)
def test_a_stale_form_changes_nothing(
    owner: Writer,
    contributor: Writer,
    document: Document,
    rows: dict[str, Any],
    kind: Kind,
    by_htmx: bool,
) -> None:
    kind = kind.on(rows)
    clash(owner, contributor, kind, by_htmx)
    assert kind.stored(document) in ("Their words", ["Their words"])


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize("kind", TEXTS, ids=str)
def test_saving_again_after_reading_both_keeps_mine(
    owner: Writer,
    contributor: Writer,
    document: Document,
    rows: dict[str, Any],
    kind: Kind,
    by_htmx: bool,
) -> None:
    kind = kind.on(rows)
    answer = clash(owner, contributor, kind, by_htmx)
    form = answer.form(owner.address(kind.path))
    assert {name: form.fields[name] for name in kind.typed} == {
        name: [text] for name, text in kind.typed.items()
    }
    again = owner.send(kind.path, form.fields, by_htmx=by_htmx)
    assert again.status == (200 if by_htmx else 303)
    mine = kind.typed[kind.main]
    assert kind.stored(document) in (mine, [mine])


@pytest.mark.parametrize("kind", TEXTS, ids=str)
def test_saving_again_clashes_again_if_somebody_was_faster_again(
    owner: Writer, contributor: Writer, document: Document, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    form = clash(owner, contributor, kind, PLAIN).form(owner.address(kind.path))
    contributor.save(kind.path, kind.query, **{kind.main: "A third text"})
    answer = owner.send(kind.path, form.fields)
    assert answer.status == 409
    assert "A third text" in answer.text
    assert kind.stored(document) in ("A third text", ["A third text"])


def test_two_people_in_two_panels_do_not_meet(
    owner: Writer, contributor: Writer, rows: dict[str, Any]
) -> None:
    kinds = [kind.on(rows) for kind in EDITS]
    opened = [owner.form(kind.path, kind.query) | kind.typed for kind in kinds]
    for place, kind in enumerate(kinds):
        writer = (owner, contributor)[place % 2]
        assert writer.send(kind.path, opened[place]).status == 303


def test_moving_a_row_does_not_disturb_who_writes_in_it(
    owner: Writer, contributor: Writer, entry: Entry
) -> None:
    path = f"timeline/{entry.uid}/"
    opened = owner.form(path, f"?row={entry.uid}") | {"text": "Mine"}
    assert contributor.send(f"{path}move/", {"to": "down"}).status == 303
    assert owner.send(path, opened).status == 303


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_for_a_cause_whose_removal_is_in_flight_can_be_sent_without_it(
    owner: Writer, document: Document, cause: Cause
) -> None:
    mine = owner.form("actions/add/", "?add=actions") | {"title": "Typed", "cause": str(cause.uid)}
    with transaction.atomic():
        remove_cause(Cause.objects.get(pk=cause.pk), version=1, by=document.owner)
        rival = Rival(lambda: owner.send("actions/add/", mine))
        assert rival.is_held_up()
    answer = rival.finish()
    assert isinstance(answer, Answer)
    assert answer.status == 409
    again = answer.form(owner.address("actions/add/")).fields | {"cause": ""}
    assert owner.send("actions/add/", again).status == 303
    assert ActionItem.objects.get(document=document).title == "Typed"


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize("kind", ROWS, ids=str)
def test_the_text_for_a_row_that_was_removed_stands_in_a_form_for_a_new_one(
    owner: Writer,
    contributor: Writer,
    document: Document,
    rows: dict[str, Any],
    kind: Kind,
    by_htmx: bool,
) -> None:
    kind = kind.on(rows)
    mine = owner.form(kind.path, kind.query) | kind.typed
    remove = f"{kind.panel}/{rows[kind.panel].uid}/remove/"
    assert contributor.send(remove, contributor.form(remove, kind.buttons)).status == 303
    answer = owner.send(kind.path, mine, by_htmx=by_htmx)
    assert answer.status == 409
    assert "Contributor removed this" in " ".join(answer.text.split())
    form = answer.form(owner.address(f"{kind.panel}/add/"))
    assert {name: form.fields[name] for name in kind.typed} == {
        name: [text] for name, text in kind.typed.items()
    }
    assert form.fields["uid"] != [str(rows[kind.panel].uid)]
    again = owner.send(f"{kind.panel}/add/", form.fields, by_htmx=by_htmx)
    assert again.status == (200 if by_htmx else 303)
    assert kind.stored(document) == [kind.typed[kind.main]]


@pytest.mark.parametrize("kind", EDITS, ids=str)
def test_a_version_that_was_never_shown_saves_nothing(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    before = kind.stored(document)
    name = {"milestones": "detected-version", "questions-detection": "found-by-version"}.get(
        kind.panel, "version"
    )
    sent = owner.form(kind.path, kind.query) | kind.typed
    for version in ("", "x", "0", "-1", "9" * 30, "9" * 5000, "1.5", "\x00"):
        answer = owner.send(kind.path, sent | {name: version}, by_htmx=HTMX)
        assert (version, answer.status in (409, 422)) == (version, True)
        assert kind.stored(document) == before
        assert [text for text in kind.typed.values() if text not in answer.text] == []


def strip(writer: Writer, **typed: str) -> dict[str, Any]:
    """The form of the milestones with some of them filled in."""
    fields = {name.replace("_at", "-when"): text for name, text in typed.items()}
    return writer.form("milestones/") | fields


def test_one_milestone_that_somebody_else_set_is_shown_with_both_times(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    mine = strip(owner, detected_at="2026-11-14 02:15")
    assert (
        contributor.send("milestones/", strip(contributor, detected_at="2026-11-14 02:20")).status
        == 303
    )
    for by_htmx in (PLAIN, HTMX):
        answer = owner.send("milestones/", mine, by_htmx=by_htmx)
        assert answer.status == 409
        assert "Contributor saved this" in " ".join(answer.text.split())
        assert "2026-11-14 02:15" in answer.text
        assert "2026-11-14 02:20" in answer.text
        assert answer.is_panel("milestones") == by_htmx
    stored = document.incident.milestones.get(kind="detected").at
    assert stored == datetime(2026, 11, 14, 10, 20, tzinfo=UTC)
    fields = answer.form(owner.address("milestones/")).fields
    assert owner.send("milestones/", fields).status == 303
    stored = document.incident.milestones.get(kind="detected").at
    assert stored == datetime(2026, 11, 14, 10, 15, tzinfo=UTC)


def test_every_milestone_that_somebody_else_set_is_shown_before_it_can_be_overwritten(
    owner: Writer, contributor: Writer
) -> None:
    mine = strip(owner, detected_at="2026-11-14 02:15", resolved_at="2026-11-14 04:00")
    theirs = strip(contributor, detected_at="2026-11-14 02:20", resolved_at="2026-11-14 05:45")
    assert contributor.send("milestones/", theirs).status == 303
    answer = owner.send("milestones/", mine)
    assert answer.status == 409
    shown = [each for each in ("02:15", "02:20", "04:00", "05:45") if each not in answer.text]
    assert shown == []


def test_a_milestone_that_only_somebody_else_set_is_not_undone_by_the_one_that_i_set(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    """The strip is one form: what was left alone in it must not be sent back as it was."""
    mine = strip(owner, detected_at="2026-11-14 02:15")
    theirs = strip(contributor, resolved_at="2026-11-14 05:45")
    assert contributor.send("milestones/", theirs).status == 303
    answer = owner.send("milestones/", mine)
    if answer.status == 409:
        answer = owner.send("milestones/", answer.form(owner.address("milestones/")).fields)
    resolved = document.incident.milestones.get(kind="resolved").at
    assert resolved == datetime(2026, 11, 14, 13, 45, tzinfo=UTC)


def test_changing_the_zone_does_not_move_times_that_are_on_the_screen_in_the_old_one(
    owner: Writer, document: Document, people: People
) -> None:
    """The facts are saved by HTMX: the rest of the page still shows times of the old zone."""
    at = datetime(2026, 11, 14, 10, 15, tzinfo=UTC)
    owner.save("milestones/", **{"detected-when": "2026-11-14 02:15"})
    assert document.incident.milestones.get(kind="detected").at == at
    on_screen = owner.form("milestones/")
    facts = owner.form("facts/") | {"zone": "Asia/Tokyo"}
    assert owner.send("facts/", facts, by_htmx=HTMX).status == 200
    owner.send("milestones/", on_screen, by_htmx=HTMX)
    assert document.incident.milestones.get(kind="detected").at == at


def test_a_time_typed_while_somebody_else_changes_the_zone_is_not_read_in_the_new_one(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    mine = owner.form("timeline/add/") | {"line": "2026-11-14 02:20 Alarm"}
    contributor.save("facts/", zone="Asia/Tokyo")
    answer = owner.send("timeline/add/", mine)
    moments = {row.at for row in Entry.objects.filter(document=document)}
    assert answer.status == 409 or moments == {datetime(2026, 11, 14, 10, 20, tzinfo=UTC)}
