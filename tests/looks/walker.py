"""Somebody who reads a working copy and walks through what changed in it."""

import re
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from coe.accounts.models import User
from coe.documents.models import Document
from coe.looks.models import Look
from tests.chronicle.pages import words
from tests.editor.writer import signed_in
from tests.web.pages import Form
from tests.web.pages import Reader as Page


class Walker:
    def __init__(self, user: User, document: Document) -> None:
        self.user, self.document = user, document
        self.client: Client = signed_in(user)

    def address(self, route: str = "coe_what_changed") -> str:
        return reverse(route, args=[self.document.reference])

    def read(self, **headers: str) -> str:
        """Open the reading page; return what it says."""
        answer = self.client.get(self.address("coe_draft"), headers=headers)
        assert answer.status_code == 200
        return words(answer)  # type: ignore[arg-type]

    def get(self, **query: Any) -> HttpResponse:
        return self.client.get(self.address(), query)  # type: ignore[return-value]

    def walk(self, **query: Any) -> str:
        answer = self.get(**query)
        assert answer.status_code == 200
        return words(answer)

    def forms(self, route: str, **query: Any) -> list[Form]:
        page = Page(self.get(**query).content.decode())
        there = self.address(route)
        return [form for form in page.forms if form.attributes.get("action") == there]

    def tick(self, form: Form, **headers: str) -> HttpResponse:
        """Press the button of a form as it stands on the page."""
        return self.client.post(form.attributes["action"], form.fields, headers=headers)  # type: ignore[return-value]

    def tick_all(self, **query: Any) -> HttpResponse:
        (form,) = self.forms("coe_tick_all", **query)
        return self.tick(form)

    def goes_away(self, minutes: int) -> None:
        """So long ago did everything happen that is noted of this person."""
        gone = timedelta(minutes=minutes)
        looks = Look.objects.filter(user=self.user)
        looks.update(seen_at=F("seen_at") - gone, before_at=F("before_at") - gone)

    def news(self) -> str:
        """ "2 changes since you last looked", as the reading page says it; empty without it."""
        found = re.search(r"\d+ changes? since you last looked[^.]*\.", self.read())
        return found[0] if found else ""
