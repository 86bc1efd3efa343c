"""The link to a PDF: who waits is told so, and who gets none reads why."""

from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NewPage, stop_clock
from tests.browser.visitors import come_as

COE = "/coes/COE-2017-0001/"


def held_back(page: Page) -> list[Route]:
    """The requests for a PDF, which wait here for an answer."""
    asked: list[Route] = []
    page.route("**/*.pdf?download", lambda route: asked.append(route))
    return asked


def test_who_waits_longer_than_a_second_is_told_and_then_reads(new_page: NewPage) -> None:
    page = new_page()
    come_as(page, "owner")
    page.goto(COE)
    page.clock.install()
    stop_clock(page)
    asked = held_back(page)
    with page.expect_request("**/*.pdf?download"):
        page.get_by_role("link", name="PDF").click()
    status = page.locator(".pdf-progress")
    expect(status).to_have_text("")
    page.clock.run_for(1_001)
    expect(status).to_have_text("Preparing the PDF…")
    with page.expect_request(lambda request: request.is_navigation_request()) as opening:
        asked[0].fulfill(status=200, content_type="application/pdf", body="%PDF-1.7")
    assert opening.value.url.endswith(".pdf?download")


def test_busy_is_asked_again_and_a_failure_is_said_where_the_link_is(new_page: NewPage) -> None:
    page = new_page()
    come_as(page, "owner")
    page.goto(COE)
    page.clock.install()
    stop_clock(page)
    sentence = "<p data-reason>Shorten its longest table.</p>"
    answers: list[dict[str, Any]] = [
        {"status": 503, "headers": {"Retry-After": "10"}, "body": ""},
        {"status": 422, "content_type": "text/html", "body": sentence},
    ]
    page.route("**/*.pdf?download", lambda route: route.fulfill(**answers.pop(0)))
    page.get_by_role("link", name="PDF").click()
    status = page.locator(".pdf-progress")
    expect(status).to_have_text("Many PDFs are being made right now. Yours is next.")
    page.clock.run_for(10_000)
    expect(status).to_have_text("Shorten its longest table.")
    assert page.url.endswith(COE)
