"""The COE that is printed here, and its HTML as a folder that other programs can print; the COE
that is opened here."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.db import transaction
from pypdf import PdfReader

from coe.accounts.models import User
from coe.actions.models import Priority
from coe.actions.services import add_action
from coe.documents.models import Document
from coe.documents.services import open_coe
from coe.exports import design
from coe.exports.pdf import html_of
from coe.exports.rendering import render_document
from coe.help.example import worked_example
from coe.incidents.models import Severity
from coe.snapshots.printable import Printable
from coe.text.instants import Instant
from coe.timeline.services import add_entry
from coe.whys.models import Cause
from coe.whys.services import add_cause

PAGES: Final = 12


def of_twelve_pages() -> Printable:
    """The worked example with a timeline that is as long as it takes."""
    example = worked_example()
    entries = example.snapshot.entries
    for times in range(1, 40):
        longer = replace(example, snapshot=replace(example.snapshot, entries=entries * times))
        if pages_of(render_document(html_of(longer)).content) >= PAGES:
            return longer
    raise AssertionError("The worked example has lost its timeline.")


def pages_of(content: bytes) -> int:
    return len(PdfReader(BytesIO(content)).pages)


def written_to(folder: Path, html: str) -> None:
    """`html` with its design beside it: fonts unpacked, as we give them to our worker too."""
    links = '<link rel="stylesheet" href="fonts.css"><link rel="stylesheet" href="pdf.css">'
    folder.joinpath("coe.html").write_text(html, encoding="utf-8")
    linked = html.replace("<base ", f"{links}<base data-not-", 1)
    folder.joinpath("linked.html").write_text(linked, encoding="utf-8")
    faces = design.faces().replace(design.address(""), "")
    folder.joinpath("fonts.css").write_text(faces, encoding="utf-8")
    folder.joinpath("pdf.css").write_text(design.stylesheet("full"), encoding="utf-8")
    for name, (_, content) in design.fonts().items():
        folder.joinpath(name).write_bytes(content)


def of_many_rows(owner: User) -> str:
    """A COE with 300 entries, 60 causes and 40 action items, as they are written; its reference."""
    assert owner.team is not None
    document = open_coe(
        uid=uuid4(),
        title="Uploads failed for one customer in ten",
        severity=Severity.TWO,
        team=owner.team,
        zone="Europe/Berlin",
        by=owner,
    )
    with transaction.atomic():
        _fill(document, owner)
    return document.reference


def _fill(document: Document, owner: User) -> None:
    begin = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)
    for number in range(300):
        instant = Instant(begin + timedelta(minutes=number))
        text = f"Alarm {number}: *error rate* of `uploads` over 1 % for five minutes"
        add_entry(document, uid=uuid4(), instant=instant, text=text, by=owner)
    made: list[Cause] = []
    for number in range(60):
        values: dict[str, Any] = {
            "text": f"Retries number {number} were not limited",
            "kind": "latent",
        }
        values |= {"confidence": "likely", "evidence": ""}
        explains = {made[at].pk: made[at] for at in (number // 2, number // 3) if at < number}
        made.append(
            add_cause(
                document, uid=uuid4(), values=values, explains=list(explains.values()), by=owner
            )
        )
    for number in range(40):
        values = {"title": f"Limit retries of client {number}", "done_when": "A test shows it"}
        values |= {"owner_id": owner.pk, "due_on": None, "priority": Priority.P1, "kind": ""}
        values |= {"cause_id": made[number].pk, "tracker": ""}
        add_action(document, uid=uuid4(), values=values, by=owner)
