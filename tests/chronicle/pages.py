"""Reading the pages of the history as a person does."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from coe.accounts.models import User
from coe.documents.models import Document
from tests.editor.writer import signed_in


class Reader:
    """Somebody who looks at the history of one COE."""

    def __init__(self, user: User, document: Document) -> None:
        self.client: Client = signed_in(user)
        self.document = document

    def get(self, route: str, **query: Any) -> HttpResponse:
        address = reverse(route, args=[self.document.reference])
        return self.client.get(address, query)  # type: ignore[return-value]

    def history(self, **query: Any) -> str:
        answer = self.get("coe_history", **query)
        assert answer.status_code == 200
        return words(answer)

    def compare(self, **query: Any) -> str:
        named = {name.rstrip("_"): value for name, value in query.items()}
        answer = self.get("coe_compare", **named)
        assert answer.status_code == 200
        return words(answer)

    def bring_back(self, event: int, side: str, *, version: object = None) -> HttpResponse:
        """Press the button of the page that asks, over the version that it shows."""
        address = reverse("coe_bring_back_change", args=[self.document.reference, event])
        page = self.client.get(address, {"side": side})
        if version is None:
            if page.status_code != 200:
                return page  # type: ignore[return-value]
            found = re.search(r'name="version"\s+value="(\d*)"', page.content.decode())
            assert found
            version = found[1]
        data = {"side": side, "version": version, "seen": seen_on(page)}
        return self.client.post(address, data)  # type: ignore[return-value]


def seen_on(page: Any) -> str:
    """What the page that asks sends back of what it said."""
    found = re.search(r'name="seen"\s+value="(\w*)"', page.content.decode())
    return found[1] if found else ""


def words(answer: HttpResponse) -> str:
    """What stands in the main part of a page, without its tags."""
    page = answer.content.decode()
    main = page[page.index("<main") :]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", main))).strip()
