"""`manage.py send_reminders`: tell once who is to be reminded by now."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from coe.reminders.services import send_reminders


class Command(BaseCommand):
    help = (
        "Remind of action items that are due, late or to be verified, and put the mails of the "
        "week into the outbox. The worker does it every hour; again, late or twice at once "
        "changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at", metavar="TIME", type=_moment, help="as if it were then: 2026-11-22T08:00+01:00"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        told = send_reminders(as_of=options["at"] or now())
        self.stdout.write(f"{told} reminder{'' if told == 1 else 's'} told.")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise CommandError("Say in which zone that is: 2026-11-22T08:00+01:00, or …Z.")
    return moment
