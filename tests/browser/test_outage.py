"""Typing while the server dies and while the network is away: nothing typed is ever gone."""

from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect

from prove.client import form_to
from prove.crowd import opened, person_at, signed_in
from prove.product import PASSWORD, Product
from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_drafting import expect_saved, status
from tests.browser.wire import Wire


@pytest.fixture
def wire(product: Product) -> Iterator[Wire]:
    """The network between the browser and the product."""
    port = urlsplit(product.url).port
    assert port is not None
    wire = Wire(port)
    yield wire
    wire.close()


@pytest.fixture
def context(browser: Browser, wire: Wire) -> Iterator[BrowserContext]:
    """Somebody's browser, signed in."""
    context = browser.new_context(base_url=wire.url)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(person_at(0))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    page.close()
    yield context
    context.close()


@pytest.fixture
def edit(product: Product) -> str:
    """The address of the workspace of a new COE."""
    return f"/coes/{opened(product, 1)}/edit/"


def summary_of(page: Page) -> Locator:
    return page.locator("#summary-form textarea[name=text]")


def stored(product: Product, edit: str) -> str:
    """The summary that somebody else would read now."""
    page = signed_in(product, person_at(0)).get(edit).body
    return form_to(f"{edit}sections/summary/", page).fields["text"]


def test_a_server_that_is_killed_between_two_keystrokes_costs_no_word(
    context: BrowserContext, product: Product, edit: str
) -> None:
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(edit)
    summary = summary_of(page)
    summary.press_sequentially("Uploads failed ")
    expect_saved(page, "summary")
    summary.press_sequentially("for one customer ")
    product.kill()
    summary.press_sequentially("in ten")
    expect(status(page, "summary")).to_contain_text("Not saved:")
    product.start()
    expect_saved(page, "summary")

    assert summary.input_value() == "Uploads failed for one customer in ten"
    place = summary.evaluate("field => [document.activeElement === field, field.selectionStart]")
    assert place == [True, len("Uploads failed for one customer in ten")]
    assert stored(product, edit) == "Uploads failed for one customer in ten"
    summary.press_sequentially(".")
    expect_saved(page, "summary")
    page.reload()
    expect(summary_of(page)).to_have_value("Uploads failed for one customer in ten.")
    assert errors == []


def test_what_was_typed_without_a_network_is_saved_after_a_reload(
    context: BrowserContext, wire: Wire, product: Product, edit: str
) -> None:
    page = context.new_page()
    page.goto(edit)
    summary_of(page).press_sequentially("Before. ")
    expect_saved(page, "summary")
    wire.cut()
    summary_of(page).press_sequentially("Typed on a train.")
    expect(status(page, "summary")).to_contain_text("Not saved:")
    with suppress(Error):
        page.reload()
    page.wait_for_url("chrome-error://**")
    assert stored(product, edit) == "Before."

    wire.mend()
    page.goto(edit)
    expect(summary_of(page)).to_have_value("Before. Typed on a train.")
    expect(page.get_by_text("was kept in this browser")).to_be_visible()
    expect_saved(page, "summary")
    assert stored(product, edit) == "Before. Typed on a train."
