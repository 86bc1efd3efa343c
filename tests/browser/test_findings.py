"""Findings follow what is typed, without a reload and without a hand at what is being written."""

from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.conftest import NewPage
from tests.browser.test_drafting import field
from tests.browser.test_pages import new_draft, violations

WRONG = "“90 minutes” in the summary"


def with_milestones(page: Page) -> None:
    """A draft whose impact lasted 40 minutes."""
    new_draft(page)
    strip = page.locator("#milestones")
    strip.get_by_label("Impact started: when").fill("2026-11-14 10:00")
    strip.get_by_label("Resolved: when").fill("2026-11-14 10:40")
    strip.get_by_role("button", name="Save milestones").click()
    expect(strip.get_by_text("Resolved 40 min after impact started")).to_be_visible()


def test_a_wrong_duration_is_found_while_one_types_and_put_right_by_the_mend(
    new_page: NewPage,
) -> None:
    page = new_page(bypass_csp=True)
    with_milestones(page)
    page.evaluate("window.isSamePage = true")
    found, area = page.locator("[data-found=summary]"), field(page, "summary")
    expect(found).to_be_hidden()
    area.click()
    page.keyboard.type("The outage lasted 90 minutes. No upload got through.")
    area.evaluate("each => each.setSelectionRange(4, 10)")
    finding = found.locator(".finding", has_text=WRONG)
    expect(finding).to_be_visible()
    assert area.evaluate("each => [each.selectionStart, each.selectionEnd]") == [4, 10]
    expect(area).to_be_focused()
    mark = page.locator("#rail [data-found-at=summary]")
    expect(mark).to_contain_text("need")
    expect(page.locator("#found-said")).to_contain_text("finding")
    assert violations(page) == []

    finding.get_by_role("button", name="Write 40 min").press("Enter")
    expect(area).to_have_value("The outage lasted 40 min. No upload got through.")
    expect(finding).to_have_count(0)
    expect(mark).to_be_empty()
    assert page.evaluate("window.isSamePage") is True


def test_a_reason_survives_what_is_found_meanwhile_and_a_hint_is_dismissed_by_keyboard(
    new_page: NewPage,
) -> None:
    page = new_page()
    with_milestones(page)
    found, area = page.locator("[data-found=summary]"), field(page, "summary")
    area.fill("The outage lasted 90 minutes.")
    finding = found.locator(".finding", has_text=WRONG)
    finding.get_by_role("link", name="Give a reason").press("Enter")
    reason = finding.get_by_label("Why it may stand")
    expect(reason).to_be_focused()
    reason.fill("Half of it was")
    page.locator("[data-found=milestones] .finding").first.wait_for()
    area.fill("Uploads failed.")
    hint = found.locator(".finding", has_text="does not say how long it lasted")
    expect(hint).to_be_visible()
    expect(reason).to_have_value("Half of it was")
    area.fill("The outage lasted 90 minutes.")
    expect(hint).to_have_count(0)
    reason.press("End")
    page.keyboard.type(" planned.")
    finding.get_by_role("button", name="Keep the reason").press("Enter")
    expect(finding).to_have_count(0)

    area.fill("Uploads failed.")
    hint.get_by_role("button", name="Dismiss").press("Enter")
    expect(hint).to_have_count(0)
    expect(page.locator("#summary-heading")).to_be_focused()
    page.get_by_role("link", name="What would a bar raiser say?").first.click()
    dismissed = page.get_by_role("region", name="Dismissed")
    sentence = "The summary does not say how long it lasted."
    expect(dismissed.get_by_text(sentence, exact=True)).to_be_visible()
    dismissed.get_by_role("button", name="Take back").press("Enter")
    expect(dismissed).to_have_count(0)
    expect(page.get_by_role("region", name="Hint")).to_contain_text("how long it lasted")


def test_what_was_asked_before_a_finding_was_dismissed_does_not_bring_it_back(
    new_page: NewPage,
) -> None:
    page = new_page()
    with_milestones(page)
    area = field(page, "summary")
    area.fill("Uploads failed.")
    hint = page.locator("[data-found=summary] .finding", has_text="how long it lasted")
    expect(hint).to_be_visible()
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        held.append((route, route.fetch()))

    page.route("**/edit/findings/", hold, times=1)
    with page.expect_request("**/edit/findings/"):
        area.fill("Uploads failed again.")
    hint.get_by_role("button", name="Dismiss").click()
    expect(hint).to_have_count(0)
    page.locator("[data-found=summary]").evaluate(
        """slot => new MutationObserver(() => { slot.dataset.cameBack ||= slot.textContent })
            .observe(slot, { childList: true, subtree: true })"""
    )
    ((route, before),) = held
    assert "how long it lasted" in before.text()
    with page.expect_response("**/edit/findings/") as late:
        route.fulfill(response=before)
    with page.expect_response("**/edit/findings/") as again:
        late.value.finished()
    again.value.finished()
    expect(hint).to_have_count(0)
    expect(page.locator("[data-came-back]")).to_have_count(0)


def test_a_mend_opens_the_form_in_its_panel_with_the_cursor_in_it(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    causes = page.locator("#causes")
    causes.get_by_role("link", name="Answer this Why did it happen?").click()
    causes.get_by_label("Why", exact=True).fill("A wrong value was entered")
    causes.get_by_label("Kind").select_option(label="Trigger")
    causes.get_by_role("button", name="Save", exact=True).click()
    finding = page.locator("[data-found=causes] .finding", has_text="no cause below it")
    finding.get_by_role("link", name="Make an action item of it").press("Enter")
    title = causes.get_by_label("What will be done")
    expect(title).to_be_focused()
    page.keyboard.type("Refuse such a value")
    causes.get_by_role("button", name="Add an action item").click()
    expect(finding).to_have_count(0)
