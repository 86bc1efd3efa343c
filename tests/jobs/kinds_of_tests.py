"""Kinds of jobs that a worker of the tests knows besides the product's, and that worker.

    python -m tests.jobs.kinds_of_tests run_worker

A gate is an advisory lock: a job waits at it for as long as a test holds it.
"""

import os
import signal
import sys
import time
from typing import Any

from django.db import connection

GATE = 0x0B0E


def wait_at_gate() -> None:
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [GATE])
            if cursor.fetchone() == (True,):
                return
            time.sleep(0.02)


def register() -> None:
    from coe.accounts.models import Team
    from coe.jobs.kinds import job

    @job("add_team")
    def add_team(payload: dict[str, Any]) -> None:
        """Its effect is a row; it waits at the gate before it, or between it and the commit."""
        if payload.get("waits") == "before":
            wait_at_gate()
        Team.objects.create(name=payload["name"])
        if payload.get("waits") == "after":
            wait_at_gate()

    @job("poison")
    def poison(payload: dict[str, Any]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def rest_regular() -> None:
    """The tests count jobs: what a worker puts by itself would be among them."""
    from coe.jobs.kinds import KINDS

    for kind in [*KINDS.values()]:
        if kind.every:
            del KINDS[kind.name]


def main() -> None:
    import django
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "coe.settings"
    django.setup()
    register()
    rest_regular()
    call_command(*sys.argv[1:])


if __name__ == "__main__":
    main()
