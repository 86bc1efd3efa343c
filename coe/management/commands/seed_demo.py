from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from coe.demo.seeding import RECONSTRUCTIONS, seed_demo


class Command(BaseCommand):
    help = "Adds the demo people, teams, services and COEs where they are missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--only",
            choices=list(RECONSTRUCTIONS),
            action="append",
            default=[],
            help="one COE, in place of all; may be given several times",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        new = seed_demo(only=options["only"])
        if len(new) == 1:
            self.stdout.write(f"The demo COE {new[0].reference} is new.")
        else:
            self.stdout.write(f"{len(new) or 'No'} demo COEs are new.")
