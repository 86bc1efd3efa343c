"""Links that let somebody choose a new password, by Django's own tokens.

A token covers the present password, the address and the last sign-in, so it works once, and not
after the person signed in by the password or was deactivated.
"""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from coe.accounts.models import User


def reset_link(person: User) -> str:
    """The whole address that `person` opens to choose a new password."""
    token = default_token_generator.make_token(person)
    path = reverse("password_reset_confirm", args=[int_to_base36(person.pk), token])
    return settings.PUBLIC_URL + path


def person_of_reset(key: str, token: str) -> User | None:
    """Whose link for a new password this is, or None if it is forged, used or too old."""
    try:
        person = User.objects.filter(pk=base36_to_int(key), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    if person is None or not default_token_generator.check_token(person, token):
        return None
    return person
