"""What arrives in the mailboxes of the tests."""

from datetime import datetime

from django.core import mail

from coe.jobs.services import run_waiting_jobs


def arrived(*, as_of: datetime | None = None) -> list[tuple[str, str]]:
    """Let the worker do what is due; whom it mailed by that, and under which subject."""
    before = len(mail.outbox)
    run_waiting_jobs(as_of=as_of)
    return sorted(
        (sent.to[0].partition("@")[0], str(sent.subject)) for sent in mail.outbox[before:]
    )


def latest() -> str:
    """The text of the last mail."""
    return str(mail.outbox[-1].body).rstrip()
