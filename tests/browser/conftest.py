"""The started product, and a real browser in front of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from coe.database import embedded
from tests.own_database import new_name

CHECKOUT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
PASSWORD = "correct horse battery"
PATIENCE_MS = 15_000
"""For what a page is waited to show: more workers than processors make it wait as well."""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def live_database(database_server: None) -> Iterator[str]:
    """The address of an empty database of this run's own, for the started product."""
    given = os.environ.get("DATABASE_URL") or embedded.address(CHECKOUT)
    name = f"{new_name()}_live"
    with psycopg.connect(given, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        parts = {**conninfo_to_dict(given), "dbname": name}
        yield _address(parts)
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        connection.execute(drop.format(sql.Identifier(name)))


def _address(parts: dict[str, str | int | None]) -> str:
    name = parts.pop("dbname")
    return f"postgresql:///{name}?" + "&".join(
        f"{key}={quote(str(value), safe='')}" for key, value in parts.items()
    )


@pytest.fixture(scope="session")
def site(live_database: str) -> Iterator[str]:
    """The address of the product as `make run` starts it, with one COE of the demo loaded."""
    environment = {
        **os.environ,
        "DATABASE_URL": live_database,
        "COE_DEMO_PASSWORD": PASSWORD,
        "PYTHONUNBUFFERED": "1",
    }
    manage = [sys.executable, "manage.py"]
    for command in (["migrate"], ["seed_demo", "--only", "s3_2017"]):
        subprocess.run(
            [*manage, *command], cwd=CHECKOUT, env=environment, check=True, capture_output=True
        )
    server = subprocess.Popen(
        [*manage, "run", "--port", "0"],
        cwd=CHECKOUT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    line = server.stdout.readline()
    assert line.startswith("COE is at "), line
    yield line.removeprefix("COE is at ").strip().rstrip("/")
    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=30) == 0


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser, site: str) -> Iterator[NewPage]:
    """Makes pages in contexts of their own; what the console complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def make(**options: object) -> Page:
        context = browser.new_context(base_url=site, **options)  # type: ignore[arg-type]
        contexts.append(context)
        return listened_to(context.new_page(), complaints)

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def listened_to(page: Page, complaints: list[str]) -> Page:
    """`page`, from now on with what its console complains of in `complaints`."""
    page.on("console", lambda message: _note(complaints, message.type, message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def _note(complaints: list[str], kind: str, text: str) -> None:
    """Errors and warnings, except for the browser's own line about a page that says no, or about
    no answer."""
    is_refusal = any(f"status of {code}" in text for code in (401, 403, 404, 409, 410, 422, 503))
    silences = ("Failed to load resource: net::ERR_", "htmx:afterRequest", "htmx:sendError")
    is_silence = text.startswith(silences)
    if kind in ("error", "warning") and not is_refusal and not is_silence:
        complaints.append(text)


def sign_in(page: Page, name: str) -> None:
    """Sign in as one of the demo people."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
