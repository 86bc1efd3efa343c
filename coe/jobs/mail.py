"""Sending one mail to one address, for jobs.

Every mail is a template whose first line is its subject. The job that sends it notes in its own
row that it is done, right after the mail server said that it has the mail (250). Between the two
there is a window: if the worker, its machine or the database ends exactly there, or the line is
cut after the whole mail is with the server and before its 250 is with us, nobody here can know,
and the mail is sent again. That second mail is the same to the letter of its `Message-ID`, by which
mail servers and programs know it for the same and most show it once. Everywhere else a mail is
sent once: what waits for it in the outbox is there exactly if what it tells of is in the database.
"""

from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from socket import gaierror
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string

from coe.jobs.kinds import Hopeless, TryAgain


def send_mail(*, to: str, template: str, context: dict[str, Any], message: str) -> None:
    """Send what `template` says with `context`, or raise why it could not be sent.

    `message` names the mail: it has to be the same when the same mail is tried again, so it stands
    in the payload of the job. Raises `Hopeless` where the server wants no mail for this address,
    or not this mail, and `TryAgain` for whatever may pass.
    """
    text = render_to_string(template, {"site": settings.PUBLIC_URL, **context})
    subject, _, body = text.partition("\n")
    host = urlsplit(settings.PUBLIC_URL).hostname
    headers = {"Message-ID": f"<{message}@{host}>", "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(subject.strip(), body.lstrip(), to=[to], headers=headers)
    try:
        _send(mail)
    except SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise _refused(f"The mail server takes no mail for {to}", code, reason) from error
    except SMTPDataError as error:
        raise _refused("The mail server does not take this mail", *_answer(error)) from error
    except SMTPResponseException as error:
        raise TryAgain(_told("The mail server takes no mail of ours", *_answer(error))) from error
    except (SMTPException, OSError) as error:
        raise TryAgain(_unreachable(error)) from error


def _send(mail: EmailMessage) -> None:
    """The goodbye to the server comes after the commit: it may hang, and the mail is with it."""
    server = mail.connection = get_connection()
    try:
        server.open()
        mail.send()
    except BaseException:
        server.close()
        raise
    transaction.on_commit(server.close, robust=True)


def _answer(error: SMTPResponseException) -> tuple[int, bytes | str]:
    return error.smtp_code, error.smtp_error


def _refused(what: str, code: int, reason: bytes | str) -> Hopeless | TryAgain:
    """5xx is for good; 4xx, as while a mailbox is full or grey-listed, passes."""
    kind = Hopeless if 500 <= code < 600 else TryAgain
    return kind(_told(what, code, reason))


def _told(what: str, code: int, reason: bytes | str) -> str:
    said = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    return f"{what}: it said “{code} {' '.join(said.split())[:300]}”."


def _unreachable(error: Exception) -> str:
    server = f"The mail server {settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    match error.__context__ if isinstance(error, SMTPServerDisconnected) else error:
        case TimeoutError():
            return f"{server} did not answer within {settings.EMAIL_TIMEOUT} seconds."
        case ConnectionRefusedError():
            return f"{server} is not there: the connection was refused."
        case gaierror():
            return f"{server} is not there: nobody knows its name."
        case _:
            return f"{server} broke off ({type(error).__name__})."
