"""The forms of signing in, being invited and choosing a password."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from coe.accounts.fields import MAX_NAME, EmailField, PasswordField
from coe.accounts.models import User
from coe.accounts.services import accept_invitation, change_password
from coe.accounts.throttle import SignInPaused, client_address, count_try, forgive
from coe.text.plain import LineField
from coe.web.forms import start_at_first_field

WRONG = "The e-mail address and the password do not belong together. Check both and try again."


class NameForm(forms.Form):
    """Who somebody is: what every way of adding a person asks."""

    email = EmailField()
    name = LineField(
        label="Name",
        limit=MAX_NAME,
        help_text="As others will read it.",
        error_messages={"required": "Type a name."},
    )


class SignInForm(forms.Form):
    """E-mail address and password; valid if they are those of somebody who may come in.

    A wrong password, an address that nobody has and a person who was deactivated get the same
    words, after the same work of hashing. `pause` says that there were too many tries.
    """

    email = EmailField(autocomplete="username")
    password = PasswordField(label="Password", autocomplete="current-password")

    person: User | None = None
    pause: SignInPaused | None = None

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        self.request = request
        start_at_first_field(self)

    def clean(self) -> None:
        if self.errors:
            return
        try:
            self.person = _person_of(self.request, **self.cleaned_data)
        except SignInPaused as pause:
            self.pause = pause
            raise ValidationError(str(pause)) from pause
        if self.person is None:
            raise ValidationError(WRONG)


class NewPasswordForm(forms.Form):
    """A new password, twice; judged by the rules for passwords and by who `person` is."""

    password = PasswordField(
        label="New password",
        autocomplete="new-password",
        help_text="At least 10 characters. A few words that only you would put together do well.",
    )
    password_again = PasswordField(label="The same again", autocomplete="new-password")

    def __init__(self, user: User, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.person = user
        start_at_first_field(self)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password

    def clean(self) -> None:
        first, second = (self.cleaned_data.get(name) for name in ("password", "password_again"))
        if first and second and first != second:
            self.add_error("password_again", "This differs from the password above.")

    def save(self) -> User:
        change_password(person=self.person, password=self.cleaned_data["password"])
        return self.person


class ChangePasswordForm(NewPasswordForm):
    """The present password, so that an open screen is not enough, and a new one."""

    present = PasswordField(label="Present password", autocomplete="current-password")
    field_order = ("present", "password", "password_again")

    def __init__(self, request: HttpRequest, user: User, data: Any = None) -> None:
        super().__init__(user, data)
        self.request = request

    def clean_present(self) -> str:
        present: str = self.cleaned_data["present"]
        try:
            if _person_of(self.request, self.person.email, present) is None:
                raise ValidationError("This is not your present password.")
        except SignInPaused as pause:
            raise ValidationError(str(pause)) from pause
        return present


class AcceptInvitationForm(NewPasswordForm):
    """The first password of somebody who was invited."""

    def __init__(self, user: User, token: str, data: Any = None) -> None:
        super().__init__(user, data)
        self.fields["password"].label = "Password"
        self.token = token

    def save(self) -> User:
        return accept_invitation(token=self.token, password=self.cleaned_data["password"])


class PasswordResetForm(forms.Form):
    """Where to mail the link for a new password."""

    email = EmailField(autocomplete="username")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        start_at_first_field(self)


def _person_of(request: HttpRequest, email: str, password: str) -> User | None:
    """Who signs in with these, if anybody does; counts the try (see `coe.accounts.throttle`)."""
    this_try = count_try(email, client_address(request))
    person = authenticate(request, username=email, password=password)
    if not isinstance(person, User):
        return None
    forgive(this_try)
    return person
