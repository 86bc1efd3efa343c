"""`manage.py run_worker`: do what waits in the outbox until told to end."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from coe.database.ending import ENDING_SIGNALS
from coe.jobs.services import run_waiting_jobs
from coe.jobs.worker import run_worker


class Command(BaseCommand):
    help = "Send mail, make PDFs and do whatever else waits, until Ctrl-C or SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            run_waiting_jobs()
            return
        stop = threading.Event()
        for number in ENDING_SIGNALS:
            signal.signal(number, lambda *_: stop.set())
        if code := run_worker(stop):
            raise SystemExit(code)
