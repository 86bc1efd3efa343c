"""Mail to people, by way of the outbox: it waits there in the transaction that it tells of.

No link that lets somebody in is ever in the outbox. It is made when the mail is sent, so it is the
one that holds then, and who may not get it any more gets none.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

from django.db.models import Q
from django.utils import timezone

from coe.accounts.invitations import invitation_ends_at, invitation_link, is_open
from coe.accounts.models import PersonState, User
from coe.accounts.resets import reset_link
from coe.jobs.kinds import Hopeless, Lane, job
from coe.jobs.mail import send_mail
from coe.jobs.services import put_job

RESET_PAUSE: Final = timedelta(minutes=5)
RESET_IS_WAITED_FOR: Final = timedelta(hours=1)


def put_invitation(person: User, *, by: User) -> None:
    """Mail the link that lets `person` choose their first password, after this transaction.

    The administrator sees the link as well, and hands it over where mail does not arrive.
    """
    payload = {"person": person.pk, "by": by.name, "message": str(uuid4())}
    put_job("invitation", payload=payload, key=str(person.pk))


@job("invitation", title="Mail an invitation", lane=Lane.MAIL)
def invitation(payload: dict[str, Any]) -> None:
    person = User.objects.filter(pk=payload["person"]).first()
    if person is None or not is_open(person):
        return
    context = {
        "by": payload["by"],
        "link": invitation_link(person),
        "ends_at": invitation_ends_at(person),
    }
    _send(person, "accounts/mail/invitation.txt", context, message=payload["message"])


def put_password_reset(email: str) -> None:
    """Mail a link to choose a new password to whoever has this address and a password.

    Whether somebody has it is looked up by the job: whoever asks is answered by the same one
    statement in the same time.
    """
    payload = {"email": email, "asked_at": timezone.now(), "message": str(uuid4())}
    put_job("password_reset", payload=payload, key=sha256(email.lower().encode()).hexdigest())


@job("password_reset", title="Mail a link for a new password", lane=Lane.MAIL)
def password_reset(payload: dict[str, Any]) -> None:
    """One mail in five minutes for each person, so that the page cannot flood a mailbox; one that
    could not be sent is none."""
    now = timezone.now()
    person = User.objects.with_email(payload["email"]).first()
    if person is None or person.state != PersonState.ACTIVE:
        return
    if datetime.fromisoformat(payload["asked_at"]) < now - RESET_IS_WAITED_FOR:
        raise Hopeless("Nobody waits for this mail any more: it was asked for over an hour ago.")
    is_due = Q(reset_mailed_at__isnull=True) | Q(reset_mailed_at__lt=now - RESET_PAUSE)
    if User.objects.filter(is_due, pk=person.pk).update(reset_mailed_at=now):
        context = {"link": reset_link(person)}
        _send(person, "accounts/mail/password_reset.txt", context, message=payload["message"])


def _send(person: User, template: str, context: dict[str, Any], *, message: str) -> None:
    send_mail(
        to=person.email, template=template, context={"person": person, **context}, message=message
    )
