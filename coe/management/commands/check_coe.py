"""Look for what is weak in a COE, in the database or in a file, and list the checks."""

import json
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coe.accounts.models import Team
from coe.documents.models import Document
from coe.exports.form import MOST_BYTES, UnreadableForm
from coe.exports.texts import read_text
from coe.guidance.findings import Finding
from coe.guidance.queries import earlier_actions
from coe.guidance.registry import CHECKS, check
from coe.policies.models import Guide
from coe.policies.rules import DEFAULT_RULES, GuideRules, Level
from coe.policies.services import rules_of
from coe.publishing.printables import printable
from coe.publishing.queries import asked_as_read
from coe.snapshots.snapshot import Snapshot

BLOCKED, UNREADABLE = 1, 2


class Command(BaseCommand):
    """Acts for whoever operates the machine, who can read the database anyway: nobody's sight
    limits it."""

    help = (
        "Look for what is weak in a COE: the publication under a reference, else its working copy, "
        "or a file in the JSON or Markdown form. Exits with 1 where something blocks its review, "
        "with 2 where it cannot be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("coe", metavar="REF|FILE", nargs="?", help="COE-2026-0042, or a file")
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument("--list", action="store_true", help="list the checks instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self.stdout.write(_checks_as_json() if options["json"] else _checks_as_text())
            return
        if not options["coe"]:
            raise CommandError("Name a COE or a file, or ask for --list.", returncode=UNREADABLE)
        findings = _findings(options["coe"])
        as_text = _as_json if options["json"] else _as_text
        self.stdout.write(as_text(findings))
        if any(each.level == Level.BLOCKS for each in findings):
            sys.exit(BLOCKED)


def _findings(name: str) -> tuple[Finding, ...]:
    document = Document.objects.kept().with_readers_fields().filter(reference=name.upper()).first()
    if document is None:
        return _findings_of_file(Path(name))
    whole = printable(document)
    as_of = whole.envelope.published_at or whole.as_of
    asked = asked_as_read(document, whole.snapshot, guide=document.guide_id)
    earlier = earlier_actions(document, whole.snapshot)
    return check(whole.snapshot, asked.rules, as_of, earlier)


def _findings_of_file(file: Path) -> tuple[Finding, ...]:
    """By the rules of the guide that it was written with, where that is known here."""
    try:
        with file.open("rb") as opened:
            snapshot = read_text(opened.read(MOST_BYTES + 1)).snapshot
    except OSError as error:
        said = f"There is no COE {file}, and no file that can be read: {error.strerror}."
        raise CommandError(said, returncode=UNREADABLE) from error
    except UnreadableForm as error:
        raise CommandError(f"{file}, {error}", returncode=UNREADABLE) from error
    return check(snapshot, _rules_for(snapshot), datetime.now(UTC))


def _rules_for(snapshot: Snapshot) -> GuideRules:
    guide = Guide.objects.published().filter(version=snapshot.guide).first()
    team = Team.objects.filter(name=snapshot.team).values_list("pk", flat=True).first()
    if guide is None:
        return DEFAULT_RULES
    return rules_of(guide, severity=snapshot.severity, team=team, category=snapshot.category)


def _as_text(findings: tuple[Finding, ...]) -> str:
    lines = []
    for level in Level:
        found = [each for each in findings if each.level == level]
        if found:
            lines.append(f"{level.label} ({len(found)})")
        lines += [f"  {each.check}  {each.sentence}" for each in found]
    return "\n".join(lines) or "Nothing was found."


def _as_json(findings: tuple[Finding, ...]) -> str:
    plain = [
        {
            "check": each.check,
            "level": each.level.value,
            "place": {
                "panel": each.place.panel,
                "row": each.place.row,
                "field": each.place.field,
            },
            "sentence": each.sentence,
            "mend": each.mend and {"name": each.mend.name, "data": dict(each.mend.data)},
        }
        for each in findings
    ]
    return json.dumps(plain, ensure_ascii=False, indent=2)


def _checks_as_text() -> str:
    return "\n".join(f"{each.id}  {each.level.label:14}  {each.title}" for each in CHECKS)


def _checks_as_json() -> str:
    keys = ("id", "title", "why", "source", "before", "after", "in_light")
    plain = [
        {**{key: getattr(each, key) for key in keys}, "level": each.level.value} for each in CHECKS
    ]
    return json.dumps(plain, ensure_ascii=False, indent=2)
