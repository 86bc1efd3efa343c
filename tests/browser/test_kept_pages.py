"""A page that the browser has kept, in a second tab."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_pages import new_draft

IS_KEPT = """() => {
  const [how] = performance.getEntriesByType("navigation");
  return how.transferSize < how.encodedBodySize;
}"""
"""Whether less was sent than stands on the page."""


def line_added(page: Page, text: str) -> None:
    page.get_by_label("When, and what happened").fill(f"2026-03-14 09:26 {text}")
    page.locator("#timeline").get_by_role("button", name="Add entry").click()
    expect(page.locator("#timeline .entry", has_text=text)).to_be_visible()


def test_two_tabs_with_one_kept_page_add_two_entries(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    page.goto(page.url.partition("?")[0].partition("#")[0])
    other = page.context.new_page()
    other.goto(page.url)
    assert other.evaluate(IS_KEPT)
    line_added(page, "Alarm")
    line_added(other, "Pager")
    page.reload()
    expect(page.locator("#timeline .entry")).to_have_count(2)
