"""The draft of the guide as a phone and a screen reader meet it, with what is hard to lay out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_pages import violations
from tests.browser.visitors import come_as

LONG = "Which" + "alarm" * 39
"""As long as a question may be, and without a place to break."""


@pytest.fixture
def draft(new_page: NewPage) -> Iterator[Page]:
    """The page of a draft, on a phone; the draft is dropped afterwards."""
    page = new_page(viewport={"width": 390, "height": 800}, bypass_csp=True)
    come_as(page, "admin")
    page.goto("/administration/guide/")
    page.get_by_role("button", name="Draft a new version").click()
    page.wait_for_url("**/guide/2/")
    yield page
    page.goto("/administration/guide/2/")
    page.get_by_text("Drop this draft").click()
    page.get_by_role("button", name="Drop the draft").click()
    expect(page.get_by_text("The draft of version 2 is dropped.")).to_be_visible()


def expect_it_fits(page: Page) -> None:
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") == 390, page.url


def test_a_draft_fits_a_phone_on_each_of_its_pages(draft: Page) -> None:
    draft.get_by_role("link", name="Add a question on Detection").click()
    draft.get_by_label("Question").fill(LONG)
    draft.get_by_role("button", name="Add the question").click()
    expect(draft.locator("strong", has_text=LONG)).to_be_visible()
    expect_it_fits(draft)
    draft.goto("/administration/guide/2/levels/COE101/")
    for _ in range(2):
        draft.get_by_role("button", name="Add to the draft").click()
    expect(draft.locator(".error-summary")).to_be_focused()
    expect_it_fits(draft)
    for page in ("publish/", "preview/?coe=COE-1999-0001", "preview/?coe=COE-2017-0001"):
        draft.goto(f"/administration/guide/2/{page}")
        expect_it_fits(draft)
