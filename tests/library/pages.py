"""Pages as people get them: who asks, and what stands on the page."""

import re
from html import unescape
from typing import Any

from django.test import Client

from coe.accounts.models import User

TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=)"\w+"')


def get(client: Client, user: User, address: str) -> Any:
    client.force_login(user)
    return client.get(address)


def body(response: Any) -> str:
    """The page without what differs from one answer to the next by design."""
    return TOKEN.sub(r"\1", response.content.decode())


def words(response: Any) -> str:
    """The page as it is read: without tags, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body(response))).split())


def table(response: Any) -> list[list[str]]:
    """The rows of the page's table, each cell as it is read."""
    rows = re.findall(r"<tr(?: data-walk-item)?>(.*?)</tr>", body(response), re.DOTALL)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]*>", " ", each).split()) for each in row] for row in cells][1:]


def forms(response: Any) -> dict[str, str]:
    """The forms inside the page proper, by where they are sent."""
    main = body(response).split("<main", 1)[1]
    found = re.findall(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', main, re.DOTALL)
    return dict(found)
