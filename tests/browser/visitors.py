"""Coming to the started product as somebody, without typing the password in every test."""

from secrets import token_hex

import psycopg
from playwright.sync_api import Page

from tests.templates import PASSWORD

COPY = """INSERT INTO django_session (session_key, session_data, expire_date)
          SELECT %s, session_data, expire_date FROM django_session WHERE session_key = %s"""


def sign_in(page: Page, name: str) -> None:
    """Sign in as one of the demo people, by the form."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


class Visitors:
    """Who has signed in at a started product. They come again with a session of their own, like
    the one that they got then: what a test does in it no other test sees.
    """

    def __init__(self, site: str, database: str) -> None:
        self.site = site
        self.database = database
        self._kept: dict[str, str] = {}

    def come_as(self, page: Page, name: str) -> None:
        if copy := self._copied(self._kept.get(name)):
            page.context.add_cookies([{"name": "sessionid", "value": copy, "url": self.site}])
            return
        sign_in(page, name)
        cookies = {each["name"]: each["value"] for each in page.context.cookies()}
        self._kept[name] = self._copied(cookies["sessionid"])

    def _copied(self, key: str | None) -> str:
        """The key of a new session like that one; "" where that one has ended."""
        if key is None:
            return ""
        new = token_hex(16)
        with psycopg.connect(self.database) as connection:
            is_copied = connection.execute(COPY, [new, key]).rowcount
        return new if is_copied else ""


_present: list[Visitors] = []
"""Those of the product that this process has started, in which all its tests are."""


def receive(site: str, database: str) -> None:
    """From now on people come to the product at this address."""
    _present[:] = [Visitors(site, database)]


def come_as(page: Page, name: str) -> None:
    """Have `page` signed in as one of the demo people, wherever it is then."""
    _present[0].come_as(page, name)
