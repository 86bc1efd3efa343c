from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client

from coe.accounts.models import PersonState, User
from coe.history.models import HistoryEvent

COMMAND = "coe.management.commands.create_admin"

pytestmark = pytest.mark.django_db


def run(**options: str) -> str:
    out = StringIO()
    call_command("create_admin", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the person types, question by question; without an answer left the input ends."""
    waiting: list[str] = []

    def answer(question: str) -> str:
        if not waiting:
            raise EOFError
        return waiting.pop(0)

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(f"{COMMAND}.getpass", answer)
    return waiting


def test_it_asks_and_the_administrator_can_sign_in(answers: list[str], client: Client) -> None:
    answers += [" ada@example.org ", "Ada", "blue-kettle-sings", "blue-kettle-sings"]
    assert run() == "ada@example.org is an administrator and can sign in.\n"
    person = User.objects.get()
    assert (person.is_administrator, person.is_leader, person.state) == (
        True,
        False,
        PersonState.ACTIVE,
    )
    assert HistoryEvent.objects.get().actor == person
    typed = {"email": "ada@example.org", "password": "blue-kettle-sings"}
    assert client.post("/accounts/login/", typed).status_code == 303


def test_told_everything_it_asks_nothing_and_prints_a_link(
    answers: list[str], client: Client
) -> None:
    lines = run(email="ada@example.org", name="Ada").splitlines()
    assert lines[0] == "ada@example.org is an administrator. To choose a password, open:"
    assert lines[1].startswith("http://localhost:")
    path = "/" + lines[1].split("/", 3)[3]
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["ADA@example.org"], "Somebody with this e-mail address is here already."),
        (["not an address"], "E-mail address: This is not an e-mail address."),
        (["new@example.org", ""], "Name: Type a name."),
        (["new@example.org", "N\x00"], "Name: Line 1 contains a control character"),
        (["new@example.org", "N\udcff"], "Name: Line 1 contains a character that arrived damaged"),
        (["new@example.org", "New", "short", "short"], "This password is too short."),
        (["new@example.org", "New", "blue-kettle-1", "blue-kettle-2"], "This differs from"),
        (["new@example.org"], "Stopped. Nobody was added."),
        ([], "Stopped. Nobody was added."),
    ],
)
def test_what_is_wrong_is_a_sentence_and_nobody_is_added(
    answers: list[str], typed: list[str], sentence: str
) -> None:
    User.objects.create(email="ada@example.org", name="Ada")
    answers += [*typed, "Name"] if len(typed) == 1 and "new" not in typed[0] else typed
    with pytest.raises(CommandError) as stopped:
        run()
    assert sentence in str(stopped.value)
    assert User.objects.count() == 1


def test_half_of_the_options_is_a_sentence(answers: list[str]) -> None:
    with pytest.raises(CommandError, match="Give both --email and --name, or neither"):
        run(email="ada@example.org")


def test_a_database_that_is_away_is_a_sentence(
    answers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**values: object) -> User:
        raise OperationalError("connection refused")

    monkeypatch.setattr(f"{COMMAND}.create_administrator", away)
    with pytest.raises(CommandError, match="The database does not answer: connection refused"):
        run(email="ada@example.org", name="Ada")
