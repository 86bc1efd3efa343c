from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from coe.accounts.forms import NameForm, NewPasswordForm
from coe.accounts.invitations import invitation_link
from coe.accounts.models import User
from coe.accounts.services import EMAIL_TAKEN, create_administrator


class Command(BaseCommand):
    help = (
        "Adds an administrator. Asks for e-mail address, name and password; with --email and "
        "--name it asks nothing and prints a link by which the person chooses a password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", help="the e-mail address to sign in with")
        parser.add_argument("--name", help="the name as others read it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._create(options["email"], options["name"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except (EOFError, KeyboardInterrupt) as error:
            raise CommandError("Stopped. Nobody was added.") from error
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}".strip()) from error

    def _create(self, email: str | None, name: str | None) -> None:
        if (email is None) != (name is None):
            raise CommandError("Give both --email and --name, or neither.")
        if email is not None and name is not None:
            person = _checked(email, name)
            person = create_administrator(email=person.email, name=person.name, password=None)
            self.stdout.write(f"{person.email} is an administrator. To choose a password, open:")
            self.stdout.write(invitation_link(person))
            return
        person = _checked(input("E-mail address: "), input("Name: "))
        create_administrator(email=person.email, name=person.name, password=_ask_password(person))
        self.stdout.write(f"{person.email} is an administrator and can sign in.")


def _checked(email: str, name: str) -> User:
    """Somebody of this address and name, not stored; raises `ValidationError` with a sentence."""
    form = NameForm({"email": email, "name": name})
    if not form.is_valid():
        raise ValidationError(
            [f"{form[name].label}: {form.errors[name][0]}" for name in form.errors]
        )
    if User.objects.with_email(form.cleaned_data["email"]).exists():
        raise ValidationError(EMAIL_TAKEN)
    return User(**form.cleaned_data)


def _ask_password(person: User) -> str:
    """A password that the form of an invitation would take; asks twice."""
    typed = {"password": getpass("Password: "), "password_again": getpass("The same again: ")}
    form = NewPasswordForm(person, typed)
    if not form.is_valid():
        raise ValidationError(
            [str(sentence) for errors in form.errors.values() for sentence in errors]
        )
    return typed["password"]
