"""The command as a process of its own, killed between two promises."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.db import connection

from coe.database import embedded
from coe.documents.models import Document
from coe.notices.models import Kind, Notice
from coe.reminders.models import Reminder
from coe.reminders.services import send_reminders
from tests.jobs.workers import wait_until
from tests.people import People
from tests.reminders.clocks import promise_all
from tests.templates import address_of

LATE = datetime(2044, 3, 16, 20, tzinfo=UTC)
GATE = 0x0C0E
WAITS = f"""
CREATE SEQUENCE gate_of_tests;
CREATE FUNCTION gate_of_tests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('gate_of_tests') > 2 THEN PERFORM pg_advisory_xact_lock({GATE}); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gate_of_tests BEFORE INSERT ON coe_notice
    FOR EACH ROW EXECUTE FUNCTION gate_of_tests();
"""
GOES_ON = """
DROP TRIGGER gate_of_tests ON coe_notice;
DROP FUNCTION gate_of_tests();
DROP SEQUENCE gate_of_tests;
"""
AT_GATE = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"""


@contextmanager
def gate_before_the_third() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
        cursor.execute(WAITS)
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])
        cursor.execute(GOES_ON)


def is_at_gate() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(AT_GATE, [GATE])
        return bool(cursor.fetchone() == (1,))


def one_pass() -> subprocess.Popen[bytes]:
    conninfo = os.environ.get("DATABASE_URL") or embedded.address(settings.BASE_DIR)
    address = address_of(conninfo, connection.settings_dict["NAME"])
    command = [sys.executable, "manage.py", "send_reminders", "--at", LATE.isoformat()]
    environment = {**os.environ, "DATABASE_URL": address}
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_pass_told_is_told_once_and_the_rest_by_the_next(
    document: Document, people: People
) -> None:
    due = date(2044, 3, 15)
    promise_all(document, *[(f"No. {each}", people.contributor, due) for each in range(5)])
    with gate_before_the_third():
        killed = one_pass()
        wait_until(is_at_gate)
        killed.kill()
        killed.wait()
    assert sorted(Reminder.objects.values_list("promise__title", flat=True)) == ["No. 0", "No. 1"]
    assert send_reminders(as_of=LATE) == 3
    assert Reminder.objects.count() == 5
    told = Notice.objects.filter(kind=Kind.PROMISE_LATE, seen_at=None)
    assert (told.count(), told.values("anchor").distinct().count()) == (5, 5)
