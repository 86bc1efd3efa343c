"""A client that speaks HTTP: cookies, the token against forged requests, and bad manners."""

import random
import socket
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode, urlsplit

from prove.pages import Form, forms_of

TIMEOUT_SECONDS: Final = 15
"""How long a client waits for one answer: what static/js/drafting.js waits."""

IDLE_SECONDS: Final = 1.0
"""gunicorn closes a connection on which nothing was said for two seconds."""

NO_ANSWER: Final = (OSError, HTTPException)
"""What is raised where no answer came, so that nobody knows what became of the request."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str
    seconds: float


class Client:
    """One browser: a connection that is kept open, and its cookies."""

    def __init__(self, url: str) -> None:
        self._url = url
        parts = urlsplit(url)
        self._address = (parts.hostname or "localhost", parts.port or 80)
        self._connection: HTTPConnection | None = None
        self._heard_at = 0.0
        self._cookies: dict[str, str] = {}

    def another(self) -> "Client":
        """A further connection of the same browser: it is signed in where this one is."""
        client = Client(self._url)
        client._cookies = dict(self._cookies)
        return client

    def stranger(self) -> "Client":
        """A connection of another browser, which is signed in nowhere."""
        return Client(self._url)

    def get(self, path: str, **headers: str) -> Answer:
        """Raises one of `NO_ANSWER`."""
        return self._answered("GET", path, b"", headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Raises one of `NO_ANSWER`."""
        return self._answered("POST", path, urlencode(fields).encode(), self._of_post(headers))

    def post_and_leave(
        self,
        path: str,
        fields: dict[str, str],
        *,
        chance: random.Random,
        whole: float = 0.7,
        **headers: str,
    ) -> None:
        """Send a request and close the connection instead of listening.

        `whole` is how likely all of it is sent, and not only a part.
        """
        body = urlencode(fields).encode()
        sent = len(body) if chance.random() < whole else chance.randrange(len(body))
        given = self._of_post(headers) | {"Content-Length": str(len(body)), **self._identity()}
        connection = self._connect()
        try:
            connection.putrequest("POST", path)
            for name, value in given.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders(body[:sent])
            time.sleep(chance.choice((0, 0, 0.01, 0.05)))
        except NO_ANSWER:
            pass
        finally:
            connection.close()

    def sign_in(self, email: str, password: str) -> None:
        form = form_to("/accounts/login/", self.get("/accounts/login/").body)
        fields = form.fields | {"email": email, "password": password}
        answer = self.post(form.action, fields)
        if answer.status not in (302, 303):
            raise RuntimeError(f"{email} could not sign in: {answer.status}.")

    def _answered(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if self._connection is None or time.monotonic() - self._heard_at > IDLE_SECONDS:
            self.hang_up()
            self._connection = self._connect()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        began = time.monotonic()
        try:
            self._connection.request(method, path, body or None, given | self._identity())
            heard = self._connection.getresponse()
            text = heard.read().decode(errors="replace")
        except NO_ANSWER:
            self.hang_up()
            raise
        self._heard_at = time.monotonic()
        for name, value in heard.getheaders():
            if name.lower() == "set-cookie":
                self._keep(value)
        found = {name.lower(): value for name, value in heard.getheaders()}
        return Answer(heard.status, found, text, time.monotonic() - began)

    def hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> HTTPConnection:
        connection = HTTPConnection(*self._address, timeout=TIMEOUT_SECONDS)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _of_post(self, headers: dict[str, str]) -> dict[str, str]:
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self._cookies.get("csrftoken", ""),
            **headers,
        }

    def _identity(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return {"Cookie": cookies} if cookies else {}

    def _keep(self, header: str) -> None:
        for name, morsel in SimpleCookie(header).items():
            self._cookies[name] = morsel.value


def form_to(action: str, html: str) -> Form:
    """The form of a page that goes to `action` ("": to its own page); KeyError if there is none."""
    for form in forms_of(html):
        if urlsplit(form.action).path == action:
            return form
    raise KeyError(action)


def seconds_until_back(client: Client) -> float:
    """How long until the product says that it serves again."""
    began = time.monotonic()
    while True:
        try:
            if client.get("/healthz").status == 200:
                return time.monotonic() - began
        except NO_ANSWER:
            pass
        time.sleep(0.02)
