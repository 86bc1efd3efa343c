"""Fields that forms about people share."""

from typing import Any

from django import forms
from django.core.validators import EmailValidator, MaxLengthValidator

from coe.accounts.models import User
from coe.accounts.queries import active_people
from coe.text.plain import LineField, storable_text
from coe.web.forms import RowChoice

NOT_AN_ADDRESS = "This is not an e-mail address. It looks like name@example.com."
MAX_EMAIL = 254
MAX_NAME = 100
MAX_PASSWORD = 200


class EmailField(LineField):
    """The e-mail address of one person."""

    def __init__(self, *, label: str = "E-mail address", autocomplete: str = "off") -> None:
        super().__init__(
            label=label,
            limit=MAX_EMAIL,
            error_messages={"required": "Type an e-mail address."},
            validators=[EmailValidator(message=NOT_AN_ADDRESS)],
            widget=forms.EmailInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"}),
        )


class PersonChoice(RowChoice):
    """One of the active people, told apart from namesakes by their address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(active_people(), **kwargs)

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name} ({'placeholder' if obj.is_placeholder else obj.email})"


class PasswordField(forms.CharField):
    """A password as it was typed, spaces and all; it never goes back into a page.

    The page gets no maxlength: a browser would cut off what is pasted beyond it without a word.
    """

    def __init__(self, *, label: str, autocomplete: str, help_text: str = "") -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            strip=False,
            error_messages={"required": "Type a password."},
            validators=[
                MaxLengthValidator(
                    MAX_PASSWORD,
                    f"This has %(show_value)s characters and {MAX_PASSWORD} fit. Shorten it.",
                )
            ],
            widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        )

    def to_python(self, value: object) -> str | None:
        text = super().to_python(value)
        storable_text(text or "")
        return text
