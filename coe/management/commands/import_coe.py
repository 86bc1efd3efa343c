"""Enter a COE from a file as a draft: what `export_coe` wrote as JSON or Markdown."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coe.accounts.models import Team, User
from coe.exports.form import MOST_BYTES, UnreadableForm
from coe.exports.texts import read_text
from coe.importers.services import CannotImport, import_coe


class Command(BaseCommand):
    """Acts for whoever operates the machine. The draft is its owner's: the history names them as
    who entered it, and that it was imported."""

    help = "Enter a COE from a file as a draft; prints its reference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="JSON or Markdown")
        parser.add_argument(
            "--owner", metavar="EMAIL", help="who owns the draft, in place of the file's owner"
        )
        parser.add_argument("--team", metavar="NAME", help="whose it is, in place of the file's")
        parser.add_argument(
            "--restricted", action="store_true", help="only who takes part in it may read it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            imported = import_coe(
                read_text(_content(file)),
                owner=_owner(options["owner"]),
                team=_team(options["team"]),
                is_restricted=options["restricted"],
            )
        except UnreadableForm as error:
            raise CommandError(f"{file}, {error}") from error
        except CannotImport as error:
            raise CommandError(str(error)) from error
        self.stdout.write(imported.document.reference)
        for note in imported.notes:
            self.stderr.write(note)


def _content(file: Path) -> bytes:
    """At most one byte more than is read anyway, so that a film does not fill the memory."""
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def _owner(email: str | None) -> User | None:
    if email is None:
        return None
    person = User.objects.with_email(email).filter(is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody who can sign in has the address {email}.")
    return person


def _team(name: str | None) -> Team | None:
    if name is None:
        return None
    team = Team.objects.filter(name=name).first()
    if team is None:
        raise CommandError(f"There is no team “{name}”.")
    return team
