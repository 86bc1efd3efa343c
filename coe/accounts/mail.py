"""Mail about accounts. Each mail is a template whose first line is its subject."""

import logging
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from coe.accounts.invitations import invitation_ends_at, invitation_link
from coe.accounts.models import User
from coe.accounts.resets import reset_link

logger = logging.getLogger(__name__)

RESET_THREAD = "mail for a new password"


def send_invitation(person: User, *, by: User) -> None:
    """Mail the link that lets `person` choose their first password.

    A mail that cannot be sent is logged; the administrator sees the link and hands it over.
    """
    context = {
        "by": by,
        "link": invitation_link(person),
        "ends_at": invitation_ends_at(person),
    }
    _send_or_log(_message("invitation", person, context))


def send_password_reset(person: User) -> None:
    """Mail the link to choose a new password, without waiting for the mail server.

    Waiting would tell the asker, by the time it takes, whether the address is known here. A mail
    that cannot be sent is logged; the person asks again.
    """
    message = _message("password_reset", person, {"link": reset_link(person)})
    Thread(target=_send_or_log, args=[message], name=RESET_THREAD).start()


def _message(name: str, person: User, context: dict[str, object]) -> EmailMessage:
    context = {"person": person, "site": settings.PUBLIC_URL, **context}
    text = render_to_string(f"accounts/mail/{name}.txt", context)
    subject, _, body = text.partition("\n")
    return EmailMessage(subject.strip(), body.lstrip(), to=[person.email])


def _send_or_log(message: EmailMessage) -> None:
    try:
        message.send()
    except OSError:
        logger.exception("Mail could not be sent: %s", message.subject)
