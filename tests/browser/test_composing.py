"""A summary that is laid out, refreshed when a field changes, and never written over."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_drafting import expect_saved, field
from tests.browser.test_pages import new_draft, violations

COUNT = "How many"


def set_figure(page: Page, amount: str) -> None:
    figures = page.locator("#figures")
    figures.get_by_label(COUNT).fill(amount)
    page.keyboard.press("Control+s")
    expect_saved(page, "figures")


def test_a_draft_is_laid_out_marked_and_refreshed_and_a_typed_word_survives(
    new_page: NewPage,
) -> None:
    page = new_page(bypass_csp=True)
    new_draft(page)
    summary, area = page.locator("#summary"), field(page, "summary")
    lay_out = summary.get_by_role("button", name="Lay out a first draft")
    expect(lay_out).to_have_count(0)
    figures = page.locator("#figures")
    figures.get_by_role("link", name="Add a figure").click()
    figures.get_by_label("What was counted").fill("Uploads that failed")
    set_figure(page, "1200")

    lay_out.click()
    expect(area).to_have_value("A short incident. Uploads that failed: 1,200, estimated.")
    expect(lay_out).to_have_count(0)
    expect(summary.locator("mark")).to_have_text("1,200")
    expect(summary.get_by_role("link", name="the figure “Uploads that failed”")).to_be_visible()
    assert violations(page) == []

    set_figure(page, "1300")
    expect(summary.locator(".composed__text ins")).to_have_text("1,300")
    summary.get_by_role("button", name="Refresh the summary").click()
    expect(area).to_have_value("A short incident. Uploads that failed: 1,300, estimated.")
    expect(summary.locator("mark")).to_have_text("1,300")

    area.press("ControlOrMeta+Home")
    page.keyboard.type("Mine. ")
    page.keyboard.press("Control+s")
    expect_saved(page, "summary")
    expect(summary.locator("mark")).to_have_count(0)
    set_figure(page, "1400")
    expect(summary.get_by_text("What you wrote stays.")).to_be_visible()
    area.press("ControlOrMeta+End")
    page.keyboard.type(" And more.")
    expect(summary.locator(".composed__text")).to_contain_text("And more.")
    expect(summary.locator(".composed__text ins")).to_have_text("1,400")
    summary.get_by_role("button", name="Take these changes over").click()
    expect(area).to_have_value(
        "Mine. A short incident. Uploads that failed: 1,400, estimated. And more."
    )
    page.reload()
    expect(area).to_have_value(
        "Mine. A short incident. Uploads that failed: 1,400, estimated. And more."
    )
