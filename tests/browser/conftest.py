"""The started product, and a real browser in front of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.visitors import receive
from tests.own_database import new_name
from tests.templates import PASSWORD, Templates, address_of, connected, copy, drop

CHECKOUT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
PATIENCE_MS = 60_000
"""For what a page is waited to do or show: on a busy machine even the first page takes half."""
OFF = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
)
"""Features of the browser that are off: those that Playwright turns off, whose list is replaced by
this one, and what is drawn below an address bar that nobody sees, which is a page beside each."""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={','.join(OFF)}",
]


@pytest.fixture(scope="session")
def live_database(templates: Templates) -> Iterator[str]:
    """The address of a database of the started product's own, with one COE of the demo in it."""
    name = f"{new_name()}_live"
    with connected(templates.conninfo) as connection:
        copy(connection, templates.seeded(), name)
        yield address_of(templates.conninfo, name)
        drop(connection, name)


@pytest.fixture(scope="session")
def site(live_database: str) -> Iterator[str]:
    """The address of the product as `make run` starts it."""
    environment = {
        **os.environ,
        "DATABASE_URL": live_database,
        "COE_DEMO_PASSWORD": PASSWORD,
        "PYTHONUNBUFFERED": "1",
    }
    server = subprocess.Popen(
        [sys.executable, "manage.py", "run", "--port", "0"],
        cwd=CHECKOUT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    line = server.stdout.readline()
    assert line.startswith("COE is at "), line
    url = line.removeprefix("COE is at ").strip().rstrip("/")
    Thread(target=server.stdout.read, daemon=True).start()  # mail is printed there
    receive(url, live_database)
    yield url
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
        context.set_default_timeout(PATIENCE_MS)
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


def stop_clock(page: Page) -> None:
    """Let a minute pass on a page whose clock is installed, and no time from then on, unless it
    is let: however slow the machine is, nothing happens earlier than the test says."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 60)


def _note(complaints: list[str], kind: str, text: str) -> None:
    """Errors and warnings, except for the line of the browser or of HTMX about a page that says
    no, or about no answer, also where a later request took the place of one."""
    lines = ("status of {}", "Response Status Error Code {}")
    codes = (401, 403, 404, 409, 410, 422, 503)
    is_refusal = any(line.format(code) in text for line in lines for code in codes)
    silences = (
        "Failed to load resource: net::ERR_",
        "htmx:afterRequest",
        "htmx:sendAbort",
        "htmx:sendError",
        "htmx:timeout",
    )
    is_silence = text.startswith(silences)
    if kind in ("error", "warning") and not is_refusal and not is_silence:
        complaints.append(text)
