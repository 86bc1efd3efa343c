"""Typing that saves itself: on bad networks, in two tabs, by two people, never losing a word."""

import re
from collections.abc import Callable

import psycopg
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.conftest import NewPage
from tests.browser.test_pages import new_draft, violations
from tests.browser.visitors import come_as, sign_in
from tests.templates import PASSWORD

DRAFT = "**/edit/**"


def status(page: Page, panel: str) -> Locator:
    return page.locator(f"#{panel} [data-draft-status]").first


def field(page: Page, panel: str) -> Locator:
    return page.locator(f"#{panel} textarea").first


def expect_saved(page: Page, panel: str) -> None:
    """Everything typed there is saved: nothing has changed since."""
    expect(status(page, panel)).to_have_class(re.compile("status--saved"))


def kept(page: Page) -> list[str]:
    """The keys of what is kept in this browser."""
    return list(page.evaluate("Object.keys(localStorage)"))


def is_kept(page: Page, words: str) -> None:
    """Wait until `words` are kept in this browser."""
    page.wait_for_function(
        "words => Object.values(localStorage).some(each => each.includes(words))", arg=words
    )


def tab_of(page: Page) -> Page:
    """Another tab of the same person, with the same page."""
    other = page.context.new_page()
    other.goto(page.url)
    return other


def on_drafts(page: Page | BrowserContext, then: Callable[[Route], None], times: int = 0) -> None:
    """Do `then` with what saves itself, each time or the first few times."""
    done: list[Route] = []

    def handle(route: Route) -> None:
        if "x-draft" not in route.request.headers or (times and len(done) >= times):
            route.fallback()
            return
        done.append(route)
        then(route)

    page.route(DRAFT, handle)


def events(database: str, page: Page, subject: str) -> list[str]:
    """What the history says was done with things of a kind, one after the other."""
    query = """SELECT action FROM coe_historyevent e JOIN coe_document d ON d.id = e.document_id
               WHERE d.reference = %s AND e.subject = %s ORDER BY e.id"""
    with psycopg.connect(database) as connection:
        found = connection.execute(query, (reference(page), subject)).fetchall()
    return [str(action) for (action,) in found]


def reference(page: Page) -> str:
    return page.url.split("/coes/")[1].split("/")[0]


def add_colleague(page: Page) -> None:
    people = page.locator("#people")
    person = "Kim Colleague (colleague@example.com)"
    people.get_by_label("Add a contributor").select_option(label=person)
    people.get_by_role("button", name="Add contributor").click()
    expect(people.get_by_text("Contributor", exact=True)).to_be_visible()


def test_typing_saves_itself_and_leaves_everything_where_it_is(
    new_page: NewPage, live_database: str
) -> None:
    page = new_page()
    new_draft(page)
    section, area = page.locator("#summary"), field(page, "summary")
    held: list[Route] = []
    on_drafts(page, held.append, times=1)
    area.click()
    page.keyboard.type("A **bold** word")
    expect(status(page, "summary")).to_have_text("Not saved yet")
    section.get_by_role("button", name="Preview").click()
    expect(section.locator(".preview strong")).to_be_visible()
    page.locator("details.menu").evaluate("menu => { menu.open = true; }")
    area.evaluate("each => { each.focus(); each.setSelectionRange(4, 8); }")
    expect(status(page, "summary")).to_have_text("Saving…")
    held[0].continue_()
    expect_saved(page, "summary")
    expect(status(page, "summary")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    expect(page.locator("#said")).to_have_text("Summary: Saved")
    assert area.evaluate("each => [each.selectionStart, each.selectionEnd]") == [4, 8]
    expect(area).to_be_focused()
    expect(section.locator(".preview strong")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(section.get_by_role("button", name="Bold")).to_be_visible()

    page.keyboard.press("End")
    page.keyboard.type(", and on")
    page.keyboard.press("Control+s")
    expect_saved(page, "summary")
    expect(area).to_have_value("A **bold** word, and on")
    page.reload()
    expect(area).to_have_value("A **bold** word, and on")
    expect(page.locator("#rail").get_by_text("complete").first).to_be_attached()
    assert events(live_database, page, "section") == ["changed", "changed"]
    assert kept(page) == []


def test_without_a_network_it_is_kept_and_sent_when_there_is_one(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    address, context = page.url, page.context
    context.set_offline(True)
    field(page, "summary").fill("Typed offline")
    expect(status(page, "summary")).to_contain_text("Not saved: no connection.")
    expect(status(page, "summary")).to_contain_text("Kept in this browser.")
    context.set_offline(False)
    expect_saved(page, "summary")
    assert kept(page) == []

    context.set_offline(True)
    field(page, "summary").fill("Typed offline, then closed")
    page.locator("#questions-impact textarea").first.fill("An answer as well")
    is_kept(page, "An answer as well".replace(" ", "+"))
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    notice = again.locator("#kept")
    expect(notice.get_by_text("was kept in this browser. It is saved now.")).to_have_count(2)
    expect(field(again, "summary")).to_have_value("Typed offline, then closed")
    expect_saved(again, "summary")
    expect_saved(again, "questions-impact")
    assert kept(again) == []
    again.reload()
    expect(field(again, "summary")).to_have_value("Typed offline, then closed")
    expect(field(again, "questions-impact")).to_have_value("An answer as well")
    expect(notice).to_be_hidden()


def test_a_lost_answer_is_asked_for_again_and_is_no_conflict(
    new_page: NewPage, live_database: str
) -> None:
    page = new_page()
    new_draft(page)
    sent: list[tuple[str, str | None]] = []

    def lose(route: Route) -> None:
        sent.append((route.request.headers["x-draft"], route.request.post_data))
        if len(sent) == 1:
            route.fetch()
            field(page, "summary").press_sequentially(" and went on")
            route.abort()
        else:
            route.continue_()

    on_drafts(page, lose)
    field(page, "summary").fill("Typed once")
    expect(field(page, "summary")).to_have_value("Typed once and went on")
    expect_saved(page, "summary")
    assert sent[1] == sent[0], "the very same attempt"
    assert sent[2][0] != sent[0][0]
    assert len(sent) == 3
    assert events(live_database, page, "section") == ["changed", "changed"]
    expect(page.locator("[data-clash]")).to_have_count(0)
    page.reload()
    expect(field(page, "summary")).to_have_value("Typed once and went on")


def test_two_people_in_one_text_see_both_and_choose(new_page: NewPage) -> None:
    mine, theirs = new_page(bypass_csp=True), new_page()
    new_draft(mine)
    add_colleague(mine)
    for panel in ("summary", "impact", "metrics"):
        field(mine, panel).fill("One.\n\nTwo.")
        field(mine, panel).blur()
        expect_saved(mine, panel)
    come_as(theirs, "colleague")
    theirs.goto(mine.url)

    def clash(panel: str, their_text: str, my_text: str) -> Locator:
        field(theirs, panel).fill(their_text)
        field(theirs, panel).blur()
        expect_saved(theirs, panel)
        field(mine, panel).fill(my_text)
        both = mine.locator(f"#{panel} [data-clash]")
        expect(both).to_contain_text("Kim Colleague saved this")
        expect(field(mine, panel)).to_have_value(my_text)
        expect(field(mine, panel)).to_be_focused()
        expect(status(mine, panel)).to_contain_text("Not saved: Kim Colleague saved this")
        return both

    both = clash("summary", "One, said Kim.\n\nTwo.", "One, said I.\n\nTwo.")
    field(mine, "summary").press("End")
    mine.keyboard.type(" And on.")
    both.get_by_role("button", name="Keep mine").click()
    expect_saved(mine, "summary")
    expect(both).to_have_count(0)

    both = clash("impact", "Kim was faster.", "I was slower.")
    status(mine, "impact").get_by_role("link", name="See both texts").click()
    both.get_by_role("button", name="Take theirs").click()
    expect_saved(mine, "impact")

    both = clash("metrics", "One of theirs.\n\nTwo.", "One.\n\nTwo of mine.")
    assert violations(mine) == []
    merged = both.locator("textarea")
    expect(merged).to_have_value("One of theirs.\n\nTwo of mine.")
    merged.press("End")
    merged.fill("One of theirs.\n\nTwo of mine.\n\nThree of both.")
    both.get_by_role("button", name="Save both").click()
    expect_saved(mine, "metrics")

    strip = "questions-impact"
    answers = theirs.locator(f"#{strip} textarea")
    answers.nth(1).fill("Theirs alone")
    both = clash(strip, "One in nine", "One in ten")
    mine.locator(f"#{strip} textarea").nth(2).fill("Typed while choosing")
    both.get_by_role("button", name="Keep mine").click()
    expect_saved(mine, strip)

    mine.reload()
    answers = mine.locator(f"#{strip} textarea")
    expect(answers.nth(0)).to_have_value("One in ten")
    expect(answers.nth(1)).to_have_value("Theirs alone")
    expect(answers.nth(2)).to_have_value("Typed while choosing")
    expect(field(mine, "summary")).to_have_value("One, said I.\n\nTwo. And on.")
    expect(field(mine, "impact")).to_have_value("Kim was faster.")
    expect(field(mine, "metrics")).to_have_value("One of theirs.\n\nTwo of mine.\n\nThree of both.")


def test_two_tabs_of_one_person_follow_each_other(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    other = tab_of(page)
    field(page, "summary").fill("From the first tab")
    field(page, "summary").blur()
    expect_saved(page, "summary")
    expect(field(other, "summary")).to_have_value("From the first tab")
    field(other, "summary").press("End")
    field(other, "summary").press_sequentially(", on in the second")
    expect_saved(other, "summary")
    expect(field(page, "summary")).to_have_value("From the first tab, on in the second")

    held: list[Route] = []
    on_drafts(page, held.append, times=1)
    with page.expect_request(DRAFT):
        field(page, "summary").fill("At the same time")
        field(page, "summary").blur()
    field(other, "summary").fill("At once")
    field(other, "summary").blur()
    expect_saved(other, "summary")
    held[0].continue_()
    both = page.locator("#summary [data-clash]")
    expect(both).to_contain_text("You, in another tab, saved this")
    both.get_by_role("button", name="Keep mine").click()
    expect_saved(page, "summary")
    expect(field(other, "summary")).to_have_value("At the same time")


def test_a_row_that_was_removed_meanwhile_can_be_added_again(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    lessons = page.locator("#lessons")
    lessons.get_by_role("link", name="Add a lesson").click()
    lessons.get_by_label("What was learned").fill("Drills help")
    lessons.get_by_role("button", name="Add a lesson").click()
    expect(lessons.locator(".row__body")).to_have_text(["Drills help"])
    other = tab_of(page)
    lessons.get_by_role("link", name="Edit Drills help").click()
    row = lessons.locator("li form")
    row.get_by_label("What was learned").press("End")
    other.on("dialog", lambda dialog: dialog.accept())
    other.get_by_role("button", name="Remove Drills help").click()
    expect(other.get_by_text("Drills help")).to_have_count(0)
    page.keyboard.type(", often")
    both = lessons.locator("[data-clash]")
    expect(both).to_contain_text("You, in another tab, removed this")
    both.get_by_role("button", name="Add mine again").click()
    expect(row.locator("[data-draft-status]")).to_have_class(re.compile("status--saved"))
    row.get_by_role("button", name="Save lesson").click()
    expect(lessons.locator(".row__body")).to_have_text(["Drills help, often"])
    page.reload()
    expect(lessons.locator(".row__body")).to_have_text(["Drills help, often"])


def test_a_lost_session_asks_for_signing_in_elsewhere_and_goes_on_by_itself(
    new_page: NewPage,
) -> None:
    page = new_page()
    new_draft(page)
    page.context.clear_cookies(name="sessionid")
    field(page, "summary").fill("Typed after the session was over")
    expect(status(page, "summary")).to_contain_text("Not saved: you are signed out.")
    with page.context.expect_page() as opened:
        status(page, "summary").get_by_role("link", name="Sign in in another tab").click()
    opened.value.get_by_label("E-mail").fill("owner@example.com")
    opened.value.get_by_label("Password").fill(PASSWORD)
    opened.value.get_by_role("button", name="Sign in").click()
    page.bring_to_front()
    expect_saved(page, "summary")
    field(page, "summary").press_sequentially(", and on")
    expect(status(page, "summary")).to_have_text(re.compile("changed since"))
    expect_saved(page, "summary")

    page.context.clear_cookies(name="sessionid")
    sign_in(opened.value, "colleague")
    field(page, "summary").fill("Not for Kim to say")
    expect(status(page, "summary")).to_contain_text("Somebody else has signed in in this browser.")
    expect(field(page, "summary")).to_have_value("Not for Kim to say")
    opened.value.goto("/")
    assert opened.value.evaluate("keeping.all().length") == 0, "nobody sees what others typed"


def test_access_taken_away_stops_it_and_leaves_the_text(new_page: NewPage) -> None:
    owner, page = new_page(), new_page()
    new_draft(owner)
    add_colleague(owner)
    come_as(page, "colleague")
    page.goto(owner.url)
    owner.on("dialog", lambda dialog: dialog.accept())
    owner.get_by_role("button", name="Remove Kim Colleague").click()
    expect(owner.locator("#people").get_by_text("Contributor", exact=True)).to_have_count(0)
    field(page, "summary").fill("Typed too late")
    expect(page.get_by_role("alert")).to_contain_text("Nothing more can be saved here.")
    expect(status(page, "summary")).to_contain_text("Not saved")
    expect(field(page, "summary")).to_have_value("Typed too late")


def test_a_restricted_coe_leaves_nothing_in_the_browser(new_page: NewPage) -> None:
    page = new_page()
    come_as(page, "owner")
    page.goto("/coes/new/")
    page.get_by_label("What happened").fill("Only for a few")
    page.get_by_label("Restricted").check()
    page.get_by_role("button", name="Open it and start writing").click()
    page.wait_for_url("**/edit/**")
    page.context.set_offline(True)
    field(page, "summary").fill("Not for this browser")
    expect(status(page, "summary")).to_contain_text("kept on this page only: leave it open.")
    assert kept(page) == []
    leaving = "window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert page.evaluate(leaving) is False, "there is a warning"
    page.context.set_offline(False)
    expect_saved(page, "summary")
    assert page.evaluate(leaving) is True
    assert kept(page) == []


def test_signing_out_asks_first_and_then_leaves_nothing(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    on_drafts(page.context, lambda route: route.abort())
    field(page, "summary").fill("Not sent yet")
    expect(status(page, "summary")).to_contain_text("Not saved: the service cannot be reached.")
    asked: list[str] = []
    answers = iter(("dismiss", "accept"))

    def answer(dialog: object) -> None:
        asked.append(dialog.message)  # type: ignore[attr-defined]
        getattr(dialog, next(answers))()

    page.on("dialog", answer)
    for _ in range(2):
        page.locator("details.menu").evaluate("menu => { menu.open = true; }")
        page.get_by_role("button", name="Sign out").click()
        if len(asked) == 1:
            expect(field(page, "summary")).to_have_value("Not sent yet")
            assert len(kept(page)) == 1
    page.wait_for_url("**/login/**")
    assert kept(page) == []
    assert len(asked) == 2
    assert asked[0].startswith("Not saved yet: “Summary” of COE-")


def test_back_shows_what_is_stored(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    address = page.url
    other = tab_of(page)
    field(page, "summary").fill("Typed before leaving")
    field(page, "summary").blur()
    expect_saved(page, "summary")
    page.goto(address.replace("/edit/", "/draft/"))
    expect(field(other, "summary")).to_have_value("Typed before leaving")
    field(other, "summary").fill("Typed elsewhere since")
    field(other, "summary").blur()
    expect_saved(other, "summary")
    other.close()
    page.go_back()
    expect(field(page, "summary")).to_have_value("Typed elsewhere since")
    field(page, "summary").press("End")
    field(page, "summary").press_sequentially(", and on")
    expect_saved(page, "summary")
    expect(page.locator("[data-clash]")).to_have_count(0)


def test_a_row_is_kept_half_typed_and_added_once(new_page: NewPage, live_database: str) -> None:
    page = new_page()
    new_draft(page)
    figures, notice = page.locator("#figures"), page.locator("#kept")
    rows = figures.locator(".row__title")
    figures.get_by_role("link", name="Add a figure").click()
    figures.get_by_label("What was counted").fill("Customers who saw errors")
    figures.get_by_label("How many").fill("18,400")
    expect(status(page, "figures")).to_have_class(re.compile("status--saved"))
    figures.get_by_label("How many").fill("184,000")
    figures.get_by_role("button", name="Add a figure").dblclick()
    expect(rows).to_have_text(["184,000 Customers who saw errors"])
    expect(figures.get_by_label("What was counted")).to_be_focused()
    expect(figures.get_by_label("What was counted")).to_have_value("")
    assert events(live_database, page, "figure") == ["added", "changed", "changed"]

    figures.get_by_label("Unit").fill("minutes")
    expect(status(page, "figures")).to_contain_text("Not saved yet: Say what was counted")
    figures.get_by_role("button", name="Move up").click()
    expect(figures.get_by_label("Unit")).to_have_value("minutes")
    expect(status(page, "figures")).to_contain_text("Not saved yet: Say what was counted")
    is_kept(page, "minutes")
    address = page.url
    context = page.context
    page.close()

    page = context.new_page()
    page.goto(address)
    figures, notice = page.locator("#figures"), page.locator("#kept")
    expect(notice).to_contain_text("Not saved yet: Say what was counted")
    notice.get_by_role("button", name="Open it").click()
    expect(figures.get_by_label("Unit")).to_have_value("minutes")
    figures.get_by_label("What was counted").fill("Time without writing")
    expect(notice).to_contain_text("It is saved now.")
    expect(figures.get_by_label("What was counted")).to_be_focused()
    figures.get_by_role("button", name="Add a figure").click()
    expect(figures.locator(".row__title")).to_have_count(2)
    assert kept(page) == []
    page.reload()
    expect(figures.locator(".row__title")).to_have_count(2)
