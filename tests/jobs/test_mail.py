"""A mail server that is away, hangs, refuses or breaks off: real SMTP, real waiting."""

import socket
from collections.abc import Iterator

import pytest
from django.utils.timezone import now
from pytest_django import Settings

from coe.accounts.mail import put_invitation
from coe.accounts.models import User
from coe.jobs.models import Job
from coe.jobs.services import run_waiting_jobs
from tests.accounts.conftest import make_invited
from tests.jobs.mail_server import MailServer, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 0.3
        settings.PUBLIC_URL = "https://coe.example.org"
        yield server


@pytest.fixture
def ada(db: None) -> User:
    return make_invited("Ada")


def tried(to: User) -> Job:
    """How the job of a mail stands after one try."""
    put_invitation(to, by=to)
    assert run_waiting_jobs() == 1
    return Job.objects.get()


def test_a_mail_has_a_sender_an_identity_and_says_that_no_person_wrote_it(
    server: MailServer, ada: User
) -> None:
    job = tried(ada)
    assert (job.state, job.error) == (Job.State.DONE, "")
    (mail,) = server.mails
    assert (mail["To"], mail["From"]) == ("ada@example.org", "coe@localhost")
    assert mail["Subject"] == "Your access to Corrections of Error"
    assert mail["Message-ID"] == f"<{job.payload['message']}@coe.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("word", "answer", "sentence"),
    [
        ("HELLO", None, "The mail server 127.0.0.1:{port} did not answer within 0.3 seconds."),
        ("RCPT", None, "The mail server 127.0.0.1:{port} did not answer within 0.3 seconds."),
        (
            "RCPT",
            "450 4.2.2 Mailbox full",
            "The mail server takes no mail for ada@example.org: it said “450 4.2.2 Mailbox full”.",
        ),
        (
            "MAIL",
            "530 Sign in first",
            "The mail server takes no mail of ours: it said “530 Sign in first”.",
        ),
        (
            "END",
            "451 Try later",
            "The mail server does not take this mail: it said “451 Try later”.",
        ),
    ],
)
def test_what_may_pass_is_tried_again_until_it_has(
    server: MailServer, ada: User, word: str, answer: str | None, sentence: str
) -> None:
    server.says[word] = answer
    job = tried(ada)
    assert (job.state, job.tries, job.lost) == (Job.State.WAITING, 1, 0)
    assert job.error == sentence.format(port=server.port)
    assert job.due_at > now()
    assert server.mails == []
    del server.says[word]
    assert run_waiting_jobs(as_of=job.due_at) == 1
    assert len(server.mails) == 1


@pytest.mark.parametrize(
    ("word", "answer", "sentence"),
    [
        (
            "RCPT",
            "550 5.1.1 No such person",
            "The mail server takes no mail for ada@example.org: "
            "it said “550 5.1.1 No such person”.",
        ),
        (
            "END",
            "554 Looks like spam",
            "The mail server does not take this mail: it said “554 Looks like spam”.",
        ),
    ],
)
def test_what_is_refused_for_good_is_kept_with_what_the_server_said(
    server: MailServer, ada: User, word: str, answer: str, sentence: str
) -> None:
    server.says[word] = answer
    job = tried(ada)
    assert (job.state, job.error) == (Job.State.FAILED, sentence)
    assert server.mails == []


def test_a_server_that_is_gone_is_said_to_be(
    server: MailServer, ada: User, settings: Settings
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = nobody.getsockname()[1]
        assert tried(ada).error == (
            f"The mail server 127.0.0.1:{settings.EMAIL_PORT} is not there: "
            "the connection was refused."
        )


def test_a_server_that_takes_the_mail_and_hangs_at_the_goodbye_has_it_once(
    server: MailServer, ada: User
) -> None:
    server.says["QUIT"] = None
    assert tried(ada).state == Job.State.DONE
    assert run_waiting_jobs() == 0
    assert len(server.mails) == 1


def test_a_mail_whose_receipt_was_lost_is_sent_again_as_the_same_mail(
    server: MailServer, ada: User
) -> None:
    """The window that `coe.jobs.mail` tells of."""
    server.says["END"] = "250 "
    server.before["END"] = lambda: (_ for _ in ()).throw(ConnectionAbortedError)
    job = tried(ada)
    assert job.state == Job.State.WAITING
    server.before.clear()
    run_waiting_jobs(as_of=job.due_at)
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_who_was_deactivated_meanwhile_gets_no_mail(server: MailServer, ada: User) -> None:
    put_invitation(ada, by=ada)
    User.objects.update(is_active=False)
    run_waiting_jobs()
    assert server.mails == []
