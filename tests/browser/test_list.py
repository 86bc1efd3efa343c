"""The list in a browser: the results follow the filters, and Back goes back."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.visitors import come_as


def test_the_results_follow_the_filters_and_back_goes_back(new_page: NewPage) -> None:
    page = new_page()
    come_as(page, "owner")
    page.goto("/coes/")
    rows = page.locator("#results tbody tr")
    everything = rows.count()
    assert everything
    words = page.get_by_label("Words")
    words.press_sequentially("nosuchword")
    expect(page.get_by_text("Nothing fits these filters")).to_be_visible()
    expect(words).to_be_focused()
    assert page.url.endswith("/coes/?q=nosuchword")
    page.get_by_label("Severity").select_option("4")
    expect(page.get_by_text("Clear all", exact=True)).to_be_visible()
    assert page.url.endswith("/coes/?q=nosuchword&severity=4")
    page.go_back()
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.get_by_label("Severity")).to_have_value("")
    page.locator(".chip").click()
    expect(rows).to_have_count(everything)
    assert page.url.rstrip("?").endswith("/coes/")


@pytest.mark.parametrize("sort", ["title", "severity"])
def test_the_list_works_without_javascript(new_page: NewPage, sort: str) -> None:
    page = new_page(java_script_enabled=False)
    come_as(page, "owner")
    page.goto("/coes/")
    page.get_by_label("Words").fill("nosuchword")
    page.get_by_label("Sorted by").select_option(sort)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Nothing fits these filters")).to_be_visible()
    page.get_by_role("link", name="Remove the filter Words nosuchword").click()
    expect(page.locator("#results tbody tr").first).to_be_visible()
    assert page.url.endswith(f"/coes/?sort={sort}")
