"""Links that let somebody choose their first password.

The link is a signed value and no row: whose it is, and a fingerprint of the invitation. The
fingerprint covers the unusable password, the address and the day of invitation, so the link
works once, and renewing the invitation or correcting the address ends the one before. It is the
same whenever it is shown, and its end counts from the invitation and not from the showing.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from coe.accounts.models import PersonState, User

LIFETIME = timedelta(days=14)

_signer = signing.Signer(salt="invitation")


def invitation_token(person: User) -> str:
    """The part of the link that proves that `person` was invited."""
    return _signer.sign_object([person.pk, _fingerprint(person)])


def invitation_link(person: User) -> str:
    """The whole address that `person` opens to choose a password."""
    return settings.PUBLIC_URL + reverse("accept_invitation", args=[invitation_token(person)])


def invitation_ends_at(person: User) -> datetime | None:
    """When the link stops working; null for somebody who was never invited."""
    return person.invited_at + LIFETIME if person.invited_at else None


def is_open(person: User) -> bool:
    """Whether `person` was invited, has not accepted yet and is still in time."""
    ends_at = invitation_ends_at(person)
    return person.state == PersonState.INVITED and ends_at is not None and ends_at > timezone.now()


def invited_person(token: str, *, lock: bool = False) -> User | None:
    """Whose open invitation `token` is, or None: forged, used, renewed, too late, deactivated.

    With `lock` the row is locked, so that of two acceptances at once one succeeds.
    """
    try:
        pk, given = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    people = User.objects.select_for_update() if lock else User.objects.all()
    person = people.filter(pk=pk).first()
    if person is None or not is_open(person):
        return None
    return person if constant_time_compare(given, _fingerprint(person)) else None


def _fingerprint(person: User) -> str:
    invited_at = person.invited_at.isoformat() if person.invited_at else ""
    value = "\n".join((person.password, person.email.lower(), invited_at))
    return salted_hmac("coe.accounts.invitation", value, algorithm="sha256").hexdigest()[:32]
