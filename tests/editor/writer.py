"""Somebody at the workspace: reads its forms as a browser does, and sends them."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse

from coe.accounts.models import User
from coe.documents.models import Document
from coe.editor.panels import PANELS, QUESTIONS
from tests.web.pages import Form, Reader

PLAIN, HTMX = False, True
URLENCODED = "application/x-www-form-urlencoded"


@cache
def _application() -> ClientHandler:
    """One for all: made anew, it reads the folder of static files each time."""
    return ClientHandler(enforce_csrf_checks=False)


def signed_in(person: User) -> Client:
    client = Client()
    client.handler = _application()
    client.force_login(person)
    return client


def panel_of(path: str) -> str:
    """The panel with the form for an address below that of the page, or nothing."""
    kind, *rest = path.rstrip("/").split("/")
    among = {"sections": rest[0], "questions": f"{QUESTIONS}{rest[0]}"} if rest else {}
    panel = among.get(kind, kind)
    return panel if panel in PANELS else ""


@dataclass
class Answer:
    """An answer, read. `panel` is what the page shows of one panel."""

    response: HttpResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return self.response.content.decode()

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.text)

    def form(self, action: str) -> Form:
        return self.reader.form(action)

    def is_panel(self, panel: str) -> bool:
        """Whether it is that panel and nothing around it."""
        start = rf'\s*<section class="section"\s+id="{panel}"'
        is_alone = self.text.count("</section>") == self.text.count("<section")
        return bool(re.match(start, self.text)) and is_alone and "<html" not in self.text

    def attributes(self, name: str, form: Form) -> dict[str, str]:
        """The attributes of the control `name` in a form: the last that stands on the page."""
        prefix = form.attributes["action"]
        inside, found = "", {}
        for tag, attributes in self.reader.tags:
            if tag == "form":
                inside = attributes.get("action", "")
            if attributes.get("name") == name and inside == prefix:
                found = attributes
        return found

    def errors_at(self, name: str, form: Form) -> str:
        """What is said at a field, found the way a screen reader finds it."""
        control = self.attributes(name, form)
        if control.get("aria-invalid") != "true":
            return ""
        return self.words_of(f"{control['id']}_error")

    def words_of(self, name: str) -> str:
        """The words in the element with this id, up to its end."""
        found = re.search(rf'<div[^>]*id="{re.escape(name)}">(.*?)</div>', self.text, re.DOTALL)
        return re.sub(r"<[^>]+>|\s+", " ", found[1]).strip() if found else ""


@dataclass
class Writer:
    client: Client
    document: Document

    @property
    def page_address(self) -> str:
        return reverse("coe_edit", args=[self.document.reference])

    def address(self, path: str) -> str:
        return f"{self.page_address}{path}"

    def open(self, query: str = "") -> Answer:
        answer = Answer(self.client.get(self.page_address + query))  # type: ignore[arg-type]
        assert answer.status == 200
        return answer

    def form(self, path: str, query: str = "") -> dict[str, Any]:
        """The fields of a form of the page, with the values that a browser would send.

        Of its panel, where that is known or opened by `query`: it takes a third of the time, and
        has the forms that it has on the page (tests/editor/test_panels.py).
        """
        if not query and (panel := panel_of(path)):
            query = f"?close={panel}"
        headers = {"HX-Request": "true"} if query else {}
        response = self.client.get(self.page_address + query, headers=headers)
        fields = Answer(response).form(self.address(path)).fields  # type: ignore[arg-type]
        return {name: values for name, values in fields.items() if values}

    def send(self, path: str, data: dict[str, Any], *, by_htmx: bool = False) -> Answer:
        headers = {"HX-Request": "true"} if by_htmx else {}
        body = urlencode(data, doseq=True)
        return self.send_bytes(path, body.encode(), **headers)

    def draft(self, path: str, data: dict[str, Any], *, token: object = None) -> Answer:
        """Save as the browser does while one types; `token` names the attempt."""
        body = urlencode(data, doseq=True).encode()
        return self.send_bytes(path, body, **{"X-Draft": str(token or uuid4())})

    def send_bytes(self, path: str, body: bytes, **headers: str) -> Answer:
        response = self.client.post(
            self.address(path), body, content_type=URLENCODED, headers=headers
        )
        return Answer(response)  # type: ignore[arg-type]

    def save(self, path: str, query: str = "", **typed: Any) -> Answer:
        """Open the page, type, send the form, all at once and plainly."""
        return self.send(path, self.form(path, query) | typed)
