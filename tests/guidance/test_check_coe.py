"""The command that looks for what is weak in a COE."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from coe.documents.models import Document
from coe.exports.json_form import write_json
from coe.exports.markdown_writer import write_markdown
from coe.guidance.registry import CHECKS
from coe.policies.models import CheckLevel, Guide
from coe.snapshots.printable import Printable
from coe.snapshots.snapshot import Snapshot
from tests.exports.samples import DRAFT
from tests.guidance.samples import SOUND, written

pytestmark = pytest.mark.django_db


def run(*words: str) -> tuple[str, int]:
    """What the command prints, and the code it exits with."""
    said, code = StringIO(), 0
    try:
        call_command("check_coe", *words, stdout=said)
    except SystemExit as end:
        code = int(end.code or 0)
    return said.getvalue(), code


def as_printable(snapshot: Snapshot) -> Printable:
    return replace(DRAFT, snapshot=snapshot)


def file_of(folder: Path, snapshot: Snapshot) -> str:
    file = folder / "coe.json"
    file.write_bytes(write_json(as_printable(snapshot)))
    return str(file)


def test_a_file_in_which_nothing_blocks(tmp_path: Path) -> None:
    weak = written(base=replace(SOUND, safeguards=()), metrics="")
    said, code = run(file_of(tmp_path, weak))
    assert code == 0
    assert said.splitlines()[:3] == [
        "Needs a reason (2)",
        "  COE125  There is no graph of the impact. Link one, or say why there is none.",
        "  COE155  No check is named that should have caught this: review, test, canary, alarm, "
        "limit.",
    ]


def test_a_file_in_which_something_blocks(tmp_path: Path) -> None:
    said, code = run(file_of(tmp_path, written(summary="")))
    assert code == 1
    assert said.startswith("Blocks review (1)\n  COE101  There is no summary yet.")


def test_a_file_in_markdown_says_the_same(tmp_path: Path) -> None:
    file = tmp_path / "coe.md"
    file.write_bytes(write_markdown(as_printable(written(summary=""))))
    assert run(str(file)) == run(file_of(tmp_path, written(summary="")))


def test_findings_for_programs(tmp_path: Path) -> None:
    text = SOUND.section("summary") + " The outage lasted 40 minutes."
    said, code = run(file_of(tmp_path, written(summary=text)), "--json")
    assert code == 0
    assert json.loads(said)[0] == {
        "check": "COE113",
        "level": "reason",
        "place": {"panel": "summary", "row": "", "field": ""},
        "sentence": "“40 minutes” in the summary, but from impact started to resolved it was "
        "1 h 52 min (14:02 to 15:54).",
        "mend": {"name": "copy_duration", "data": {"old": "40 minutes", "new": "1 h 52 min"}},
    }


def test_a_draft_under_its_reference(document: Document) -> None:
    said, code = run(document.reference.lower())
    assert code == 1
    assert "COE101  There is no summary yet." in said


def test_the_guide_of_the_coe_says_what_blocks(document: Document) -> None:
    for each in CHECKS:
        CheckLevel.objects.create(guide=document.guide, check_id=each.id, level="hint")
    said, code = run(document.reference)
    assert code == 0
    assert said.startswith("Hint (")


def test_the_guide_that_a_file_was_written_with_counts(tmp_path: Path) -> None:
    file = file_of(tmp_path, written(summary=""))
    guide = Guide.objects.create(version=1)
    CheckLevel.objects.create(guide=guide, check_id="COE101", level="off")
    said, code = run(file)
    assert code == 0
    assert "COE101" not in said


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("COE-1999-0001", "There is no COE COE-1999-0001, and no file that can be read: No such"),
        ("broken.json", "broken.json, line 1: This is not JSON"),
    ],
)
def test_what_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.json").write_text("{,", encoding="utf-8")
    with pytest.raises(CommandError, match=sentence) as raised:
        run(name)
    assert raised.value.returncode == 2


def test_nothing_to_check() -> None:
    with pytest.raises(CommandError, match="Name a COE or a file") as raised:
        run()
    assert raised.value.returncode == 2


def test_the_checks_are_listed() -> None:
    said, code = run("--list")
    assert code == 0
    assert len(said.splitlines()) == len(CHECKS)
    assert said.startswith("COE101  Blocks review   The summary is there\n")


def test_the_checks_are_listed_for_programs() -> None:
    said, _ = run("--list", "--json")
    first = json.loads(said)[0]
    assert (first["id"], first["level"], first["in_light"]) == ("COE101", "blocks", True)
    assert set(first) == {"id", "title", "why", "source", "before", "after", "in_light", "level"}
