"""Two people in one workspace, each in a browser of their own."""

from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.conftest import NewPage, stop_clock
from tests.browser.test_drafting import expect_saved
from tests.browser.test_pages import new_draft, violations
from tests.browser.visitors import come_as

KIM = "Kim Colleague"


def look_again(page: Page) -> None:
    """Let the time to the next sign of life pass, and wait for what it is told."""
    with page.expect_response("**/edit/here/"):
        page.clock.run_for(16_000)


def hold(page: Page) -> None:
    """Let the time to the next sign of life pass, and none from then on, unless it is let."""
    with page.expect_response("**/edit/here/"):
        stop_clock(page)


def is_told(answer: Response, place: str) -> bool:
    """Whether it answers a sign of life from this place."""
    return f"place={place}&" in (answer.request.post_data or "")


def two_writers(new_page: NewPage) -> tuple[Page, Page]:
    """The owner and a contributor of one draft, each with its workspace open."""
    owner, kim = new_page(bypass_csp=True), new_page()
    for page in (owner, kim):
        page.clock.install()
    new_draft(owner)
    choice = owner.get_by_label("Add a contributor")
    choice.select_option(choice.locator("option", has_text=KIM).get_attribute("value"))
    owner.locator("#people").get_by_role("button", name="Add contributor").click()
    expect(owner.locator("#people .row__title").filter(has_text=KIM)).to_be_visible()
    come_as(kim, "colleague")
    kim.goto(owner.url)
    return owner, kim


def save(page: Page, slug: str, text: str) -> None:
    panel = page.locator(f"#{slug}")
    page.locator(f"#{slug}-form textarea").fill(text)
    panel.get_by_role("button", name="Save").first.click()
    expect_saved(page, slug)


def news_of(page: Page, slug: str) -> Locator:
    return page.locator(f"#{slug} > .news")


def test_two_people_see_each_other_and_what_the_other_saved(new_page: NewPage) -> None:
    owner, kim = two_writers(new_page)
    kim.locator("#summary-form textarea").focus()
    with kim.expect_response(lambda answer: is_told(answer, "summary")):
        look_again(kim)
    expect(kim.locator("#here")).to_contain_text("Also here: Robin Owner")
    hold(owner)
    expect(owner.locator("#here")).to_contain_text(f"Also here: {KIM} (Summary)")
    expect(owner.locator("#summary .mark")).to_have_text(f"{KIM} is here")
    expect(owner.locator("[data-said]")).to_have_text(f"{KIM} is here now.")

    save(kim, "summary", "Uploads failed for an hour.")
    save(kim, "impact", "One customer in ten.")
    owner.locator("#impact-form textarea").fill("Mine, and not sent")
    with owner.expect_response("**/edit/findings/"):  # what is found follows it too
        look_again(owner)
        expect(news_of(owner, "summary")).to_contain_text(f"{KIM} changed Summary")
        owner.clock.run_for(1000)
    owner.clock.resume()
    assert violations(owner) == []
    news_of(owner, "summary").get_by_role("link", name="Show").click()
    text = owner.locator("#summary-form textarea")
    expect(text).to_have_value("Uploads failed for an hour.")
    expect(news_of(owner, "summary")).to_have_count(0)

    expect(owner.locator("#impact .clash")).to_contain_text(f"{KIM} saved this")
    expect(owner.locator("#impact-form textarea")).to_have_value("Mine, and not sent")


def test_who_may_not_write_any_more_is_told_so_and_asked_no_more(new_page: NewPage) -> None:
    owner, kim = two_writers(new_page)
    stopped = "addEventListener('coe:stopped', e => { window.stopped = e.detail.status })"
    kim.evaluate(f"document.body.{stopped}")
    owner.once("dialog", lambda dialog: dialog.accept())
    owner.locator("#people").get_by_role("button", name=f"Remove {KIM}").click()
    expect(owner.locator("#people .row__title").filter(has_text=KIM)).to_have_count(0)
    look_again(kim)
    expect(kim.get_by_role("alert")).to_contain_text("You cannot write in this COE any more")
    assert kim.evaluate("window.stopped") == 403
    asked: list[str] = []
    kim.on("request", lambda request: asked.append(request.url))
    kim.clock.run_for(16_000)
    assert asked == []
