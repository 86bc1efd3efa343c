"""Every page as a browser, a keyboard and a screen reader meet it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import NewPage
from tests.browser.ready import give_reasons, write_the_least
from tests.browser.test_review_room import open_ready, say_must, submit, suggest
from tests.browser.visitors import come_as, sign_in
from tests.templates import PASSWORD

COE = "/coes/COE-2017-0001/"
OPEN_ALL = "all => all.forEach(each => each.open = true)"
PHONE: ViewportSize = {"width": 390, "height": 800}
DESK: ViewportSize = {"width": 1280, "height": 720}
PAGES = {
    "nobody": (
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/sent/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/over/over/",
        "/accounts/invitation/over/",
    ),
    "owner": (
        "/",
        "/coes/",
        "/coes/?q=nothing+like+this",
        "/coes/?q=a&severity=9",
        "/coes/new/",
        COE,
        f"{COE}v/1/",
        f"{COE}v/1/changes/",
        f"{COE}draft/",
        f"{COE}review/",
        f"{COE}review/actions/",
        f"{COE}review/changes/",
        f"{COE}review/threads/",
        f"{COE}review/threads/new/",
        f"{COE}meeting/",
        f"{COE}meeting/handout/",
        f"{COE}readers/",
        f"{COE}elsewhere/",
        f"{COE}retract/",
        f"{COE}edit/",
        f"{COE}edit/findings/",
        f"{COE}history/",
        f"{COE}history/compare/",
        "/incidents/",
        "/incidents/new/",
        "/actions/",
        "/actions/?state=any&moved=on&group=team",
        "/actions/views/",
        "/actions/table/read/",
        "/elsewhere/",
        "/teams/",
        "/teams/1/",
        "/teams/clock/",
        "/teams/1/clock/",
        "/notices/settings/",
        "/accounts/password/",
        "/help/",
        "/help/example/",
        "/help/glossary/",
        "/administration/people/",
        "/not/there/",
    ),
    "admin": (
        "/",
        "/administration/people/",
        "/administration/people/invite/",
        "/administration/people/1/",
        "/administration/people/2/deactivate/",
        "/administration/teams/",
        "/administration/teams/1/",
        "/administration/services/",
        "/administration/services/add/",
        "/administration/redact/",
        "/administration/guide/",
        "/administration/guide/1/",
        "/administration/guide/1/preview/",
        "/administration/teams/1/calendar/",
        "/administration/teams/1/chat/",
        "/administration/webhooks/",
        "/administration/webhooks/add/",
        "/administration/trackers/",
        "/administration/trackers/add/",
        "/administration/jobs/",
        "/administration/audit/",
    ),
}


def violations(page: Page, *, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe finds, by all of its rules or by some. What it is content with it need not list."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]


@pytest.mark.parametrize("who", PAGES)
def test_on_every_page_axe_finds_nothing_and_it_fits_a_phone_also_in_the_dark(
    new_page: NewPage, who: str
) -> None:
    """In the dark nothing but the colours differs."""
    page = new_page(bypass_csp=True)
    if who != "nobody":
        come_as(page, who)
    for address in PAGES[who]:
        page.goto(address)
        assert violations(page) == [], address
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, address
        assert violations(page, rules=("color-contrast",)) == [], address
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESK)


def test_an_item_fits_a_phone_and_axe_finds_nothing(new_page: NewPage) -> None:
    page = new_page(viewport=PHONE, color_scheme="dark", bypass_csp=True)
    come_as(page, "manager")
    page.goto("/actions/?state=any")
    page.locator("tbody a").first.click()
    page.wait_for_url("**/coes/*/actions/*/")
    page.locator("main details").evaluate_all(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(page) == []


def test_a_room_in_which_people_talk_fits_a_phone_and_axe_finds_nothing(new_page: NewPage) -> None:
    """As who decides sees it, with a must, a suggestion and an action item to decide."""
    owner, manager = new_page(), new_page(viewport=PHONE, color_scheme="dark", bypass_csp=True)
    come_as(owner, "owner")
    come_as(manager, "manager")
    reference = open_ready(owner)
    submit(owner, f"/coes/{reference}/draft/")
    say_must(manager, f"/coes/{reference}/draft/")
    suggest(manager, f"/coes/{reference}/draft/")
    manager.goto(f"/coes/{reference}/review/threads/")
    ways = [each.get_attribute("href") for each in manager.locator(".talk-list__place").all()]
    manager.goto(f"/coes/{reference}/review/actions/")
    ways.append(manager.get_by_role("link", name="Reject A1").get_attribute("href"))
    assert len(ways) == 3
    rooms = ("draft", "review", "review/actions", "review/changes", "review/threads", "meeting")
    for address in (*ways, *(f"/coes/{reference}/{each}/" for each in rooms)):
        assert address
        manager.goto(address)
        manager.locator(".talk details").evaluate_all(OPEN_ALL)
        assert manager.evaluate("document.documentElement.scrollWidth") == 390, address
        assert violations(manager) == [], address


def test_a_meeting_fits_a_phone_and_axe_finds_nothing(new_page: NewPage) -> None:
    page = new_page(viewport=PHONE, color_scheme="dark", bypass_csp=True)
    come_as(page, "owner")
    page.goto(f"/coes/{open_ready(page)}/meeting/")
    page.get_by_label("Who else is there").fill("A guest")
    steps = {
        "Start reading": "Reading in silence",
        "Go through it": "Going through it",
        "Write it down": "Invoices wait until noon.",
        "End the meeting": "A guest",
    }
    for button, shown in steps.items():
        if button == "Write it down":
            page.get_by_label("What was decided").fill("Invoices wait until noon.")
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("button", name=button)).to_have_count(
            int(button == "Write it down")
        )
        expect(page.get_by_text(shown).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 390, button
        assert violations(page) == [], button


def test_naming_reviewers_fits_a_phone_and_axe_finds_nothing(new_page: NewPage) -> None:
    page = new_page(viewport=PHONE, color_scheme="dark", bypass_csp=True)
    come_as(page, "admin")
    page.goto("/administration/guide/")
    page.get_by_role("button", name="Draft a new version").click()
    page.wait_for_url(re.compile(r"/administration/guide/\d+/"))
    draft = re.sub(r"(/guide/\d+/).*", r"\1", page.url)
    page.goto(f"{draft}reviewers/")
    page.get_by_label("Who", exact=True).select_option("Every leader")
    page.get_by_role("button", name="Add to the draft").click()
    expect(page.get_by_role("region", name="Asked").locator("strong")).to_have_text("Every leader")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(page) == []
    page.goto(draft)
    page.get_by_text("Drop this draft").click()
    page.get_by_role("button", name="Drop the draft").click()
    expect(page.get_by_role("button", name="Draft a new version")).to_be_visible()


def new_draft(page: Page, *, started: str = "") -> None:
    come_as(page, "owner")
    page.goto("/coes/new/")
    page.get_by_label("What happened").fill("A short incident")
    page.get_by_label("When impact started").fill(started)
    page.get_by_role("button", name="Open it and start writing").click()
    page.wait_for_url("**/edit/**")


def test_axe_finds_nothing_in_a_light_coe_section_by_section_with_a_refusal(
    new_page: NewPage,
) -> None:
    page = new_page(viewport=PHONE, bypass_csp=True)
    come_as(page, "owner")
    page.goto("/coes/new/")
    page.get_by_role("button", name="Open it and start writing").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("What happened").fill("A near-miss")
    page.get_by_label("Light").check()
    page.get_by_role("button", name="Open it and start writing").click()
    page.wait_for_url("**/edit/**")
    assert violations(page) == []
    page.get_by_role("button", name="One section at a time").click()
    page.goto(f"{page.url.partition('#')[0].partition('?')[0]}?section=causes")
    page.get_by_role("link", name="Answer this Why did it happen?").click()
    page.get_by_role("button", name="Save and ask why again").click()
    expect(page.locator("#causes .error-summary")).to_be_focused()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_signing_in_and_opening_a_coe_start_at_the_first_field(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/accounts/login/")
    page.keyboard.type("owner@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="do not belong together")).to_be_focused()
    sign_in(page, "owner")
    page.goto("/coes/new/")
    expect(page.get_by_label("What happened")).to_be_focused()
    page.get_by_role("button", name="Open it and start writing").click()
    expect(page.locator(".error-summary")).to_be_focused()


@pytest.mark.parametrize(("script", "zone"), [(True, "Asia/Kolkata"), (False, "UTC")])
def test_a_new_coe_is_in_the_zone_of_the_browser_if_it_can_tell(
    new_page: NewPage, script: bool, zone: str
) -> None:
    """Chromium calls that zone Asia/Calcutta; the team of the demo has UTC."""
    page = new_page(java_script_enabled=script, timezone_id="Asia/Kolkata")
    come_as(page, "owner")
    page.goto("/coes/new/")
    expect(page.get_by_label("Time zone")).to_have_value(zone)
    page.get_by_label("Time zone").select_option("Europe/Paris")
    page.get_by_role("button", name="Open it and start writing").click()
    page.wait_for_load_state()
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Paris")


def test_a_decision_is_made_by_keyboard_beside_the_text(new_page: NewPage) -> None:
    owner = new_page()
    new_draft(owner, started="2026-11-02 09:30")
    edit = f"/{owner.url.split('/', 3)[3].partition('#')[0]}"
    write_the_least(owner, edit)
    give_reasons(owner, edit)
    address = edit.replace("/edit/", "/draft/")
    owner.goto(address)
    owner.get_by_role("button", name="Submit for review").click()
    page = new_page(bypass_csp=True, viewport=PHONE)
    come_as(page, "manager")
    page.goto(address)
    page.locator("#people").scroll_into_view_if_needed()
    expect(page.get_by_role("heading", name="Your decision")).to_be_in_viewport()
    page.get_by_text("Ask for changes").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("What should change")).to_be_in_viewport()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("What should change").fill("How many customers?")
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_text("Sent back to the owner.")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_role("heading", name="Nothing was changed")).to_be_visible()
    assert violations(page) == []


def test_a_refused_entry_moves_the_focus_to_what_is_wrong_and_keeps_the_rest(
    new_page: NewPage,
) -> None:
    page = new_page(bypass_csp=True)
    new_draft(page)
    timeline = page.locator("#timeline")
    timeline.get_by_label("When").fill("25:99")
    timeline.get_by_label("What happened").fill("The text I do not want to lose")
    timeline.get_by_role("button", name="Add entry").click()
    expect(page.locator("#timeline .error-summary")).to_be_focused()
    expect(timeline.get_by_label("What happened")).to_have_value("The text I do not want to lose")
    assert violations(page) == []


def test_a_double_click_adds_one_entry(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    timeline = page.locator("#timeline")
    timeline.get_by_label("When, and what happened").fill("2026-11-14 10:42 Alarm fired")
    timeline.get_by_role("button", name="Add entry").dblclick()
    expect(timeline.locator(".entry__text")).to_have_count(1)
    page.reload()
    expect(timeline.locator(".entry__text")).to_have_count(1)


def test_a_lost_session_leads_to_the_sign_in_page_and_back(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    address = page.url.partition("#")[0]
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save facts").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    page.get_by_label("E-mail").fill("owner@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(re.escape(address)))


def test_the_keyboard_alone_adds_an_entry(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    timeline = page.locator("#timeline")
    line = timeline.get_by_label("When, and what happened")
    line.focus()
    page.keyboard.type("2026-11-14 10:42 Typed without a mouse")
    page.keyboard.press("Enter")
    expect(timeline.locator(".entry__text")).to_have_text("Typed without a mouse")
    expect(line).to_be_focused()
    page.keyboard.type("+5m And on at once")
    page.keyboard.press("Enter")
    expect(timeline.locator(".entry__time").last).to_have_text("10:47")


def test_the_skip_link_comes_first(new_page: NewPage) -> None:
    page = new_page()
    come_as(page, "leader")
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
