"""The command that writes a COE to a file."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from coe.documents.models import Document
from coe.exports import services
from coe.exports.rendering import Rendered, RenderingFailed
from tests.exports.reading import opened, page_texts


def export(reference: str, output: Path) -> None:
    call_command("export_coe", reference, "--format", "pdf", "--output", str(output), verbosity=0)


def test_writes_the_working_copy_of_a_draft(document: Document, tmp_path: Path) -> None:
    output = tmp_path / "coe.pdf"
    export(document.reference.lower(), output)
    front = page_texts(opened(output.read_bytes()))[0]
    assert document.reference in front
    assert document.incident.title in front
    assert "Draft, not published" in front


def test_says_which_reference_it_does_not_know(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no COE COE-1999-0001"):
        export("COE-1999-0001", tmp_path / "coe.pdf")


def test_says_what_it_cannot_write(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "render_document", lambda html: Rendered(b"%PDF"))
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        export(document.reference, tmp_path / "missing" / "coe.pdf")


def test_passes_on_why_there_is_no_pdf(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(html: str) -> Rendered:
        raise RenderingFailed("Shorten its longest table.")

    monkeypatch.setattr(services, "render_document", fail)
    with pytest.raises(CommandError, match="Shorten its longest table"):
        export(document.reference, tmp_path / "coe.pdf")
    assert not (tmp_path / "coe.pdf").exists()


def test_knows_no_format_that_is_not_there(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="invalid choice: 'doc'"):
        call_command("export_coe", "COE-1999-0001", "--format", "doc", "--output", str(tmp_path))
