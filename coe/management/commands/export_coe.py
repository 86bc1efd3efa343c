"""Write a COE to a file: the current publication, else the working copy."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coe.documents.models import Document
from coe.exports.rendering import RenderingFailed
from coe.exports.services import pdf_of
from coe.exports.texts import TEXTS
from coe.publishing.printables import printable
from coe.snapshots.printable import Printable


class Command(BaseCommand):
    """Acts for whoever operates the machine, who can read the database anyway: nobody's sight
    limits it."""

    help = "Write a COE to a file: the current publication, else the working copy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", metavar="REF", help="such as COE-2026-0042")
        parser.add_argument("--format", choices=["pdf", *TEXTS], required=True)
        parser.add_argument("--output", metavar="FILE", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        output: Path = options["output"]
        content = _export(printable(_document(options["reference"])), options["format"])
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{output}: {len(content)} bytes")


def _document(reference: str) -> Document:
    documents = Document.objects.kept().with_readers_fields()
    found = documents.filter(reference=reference.upper()).first()
    if found is None:
        raise CommandError(f"There is no COE {reference}.")
    return found


def _export(whole: Printable, ending: str) -> bytes:
    if ending in TEXTS:
        return TEXTS[ending].write(whole)
    try:
        return pdf_of(whole)
    except RenderingFailed as error:
        raise CommandError(str(error)) from error
