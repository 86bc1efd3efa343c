"""From signing in to the printed page: the S3 event of 2017 entered by hand."""

from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import NewPage
from tests.browser.ready import accept_items, give_reasons, read_pdf
from tests.browser.visitors import sign_in

TITLE = "Reading and writing objects failed in one region"
ENTRIES = (
    ("2017-02-28 09:37", "A command removes many more servers than intended."),
    ("12:26", "Reads work again in part."),
    ("13:54", "Writes work again; all is back to normal."),
    ("11:37", "The status page can be updated again."),
)


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_an_incident_becomes_a_printed_coe(new_page: NewPage, javascript: bool) -> None:
    owner = new_page(java_script_enabled=javascript)
    sign_in(owner, "owner")
    reference = open_coe(owner)
    write_facts_and_texts(owner)
    write_timeline(owner)
    write_causes(owner)
    write_actions(owner)
    give_reasons(owner, f"/coes/{reference}/edit/")
    owner.get_by_role("button", name="Submit for review").click()
    expect(owner.get_by_text("Submitted.")).to_be_visible()

    manager = new_page(java_script_enabled=javascript)
    sign_in(manager, "manager")
    waiting = manager.get_by_role("region", name="To approve")
    waiting.get_by_role("link", name=reference).click()
    expect(manager.get_by_role("heading", level=1)).to_have_text(TITLE)
    accept_items(manager, reference)
    manager.goto(f"/coes/{reference}/draft/")
    manager.get_by_text("Approve", exact=True).click()
    manager.get_by_role("button", name="Approve this text").click()
    expect(manager.get_by_text("Approved: exactly the text you read.")).to_be_visible()

    owner.goto("/")
    waiting = owner.get_by_role("region", name="To write")
    waiting.get_by_role("link", name=reference).click()
    owner.get_by_role("button", name="Publish").click()
    expect(owner.get_by_text("Published as version 1.")).to_be_visible()

    leader = new_page(java_script_enabled=javascript)
    sign_in(leader, "leader")
    leader.get_by_role("link", name="COEs", exact=True).click()
    leader.get_by_role("row", name=reference).get_by_role("link").click()
    expect(leader.get_by_text("A command removes many more servers than intended.")).to_be_visible()
    pdf = read_pdf(leader, f"/coes/{reference}.pdf")
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    assert reference in text
    assert "Refuse removals below the minimum" in text
    assert "not published" not in text


def open_coe(page: Page) -> str:
    """Open the COE by the form and return its reference."""
    page.get_by_role("link", name="New COE").click()
    page.get_by_label("What happened").fill(TITLE)
    page.get_by_label("When impact started").fill("2017-02-28 09:37")
    page.get_by_label("Time zone").select_option("America/Los_Angeles")
    page.get_by_label("How bad it was").select_option("1")
    page.get_by_role("button", name="Open it and start writing").click()
    page.wait_for_url("**/edit/**")
    return page.url.split("/")[-3]


def saved(page: Page, panel: str) -> None:
    """Wait until the page says that the panel was saved, in either way."""
    in_panel = page.locator(f"#{panel} .status--saved")
    expect(in_panel.or_(page.get_by_text("Saved.", exact=True)).first).to_be_visible()


def write_facts_and_texts(page: Page) -> None:
    milestones = page.locator("#milestones")
    for label, when in (("Mitigated", "13:18"), ("Resolved", "13:54"), ("Detected", "~09:40")):
        milestones.get_by_role("group", name=label).get_by_label("When").fill(when)
    milestones.get_by_role("button", name="Save milestones").click()
    saved(page, "milestones")
    expect(milestones.get_by_text("4 h 17 min")).to_be_visible()
    for panel, text in (
        ("impact", "Every request failed."),
        ("summary", "**Four hours** without."),
    ):
        page.locator(f"#{panel} textarea").fill(text)
        page.locator(f"#{panel}").get_by_role("button", name="Save").click()
        saved(page, panel)


def write_timeline(page: Page) -> None:
    timeline = page.locator("#timeline")
    for when, text in ENTRIES:
        timeline.get_by_label("When, and what happened").fill(f"{when} {text}")
        timeline.get_by_label("When, and what happened").press("Enter")
        expect(timeline.locator(".entry__text", has_text=text)).to_be_visible()
    times = [each.strip() for each in timeline.locator(".entry__time").all_inner_texts()]
    assert times == ["09:37", "11:37", "12:26", "13:54"]
    timeline.get_by_role("link", name="Edit Reads work again in part.").click()
    form = timeline.locator("li form.row-open")
    form.get_by_label("What happened").fill("Reads work again for some.")
    form.get_by_role("button", name="Save entry").click()
    expect(timeline.locator(".entry__text", has_text="Reads work again for some.")).to_be_visible()


def write_causes(page: Page) -> None:
    causes = page.locator("#causes")

    def add(text: str, *, explains: str = "", also: str = "") -> None:
        opener = causes.get_by_role("link", name="Add a cause")
        why = causes.get_by_label("Why", exact=True)
        expect(opener.or_(why)).to_be_visible()
        if opener.count():
            opener.click()
        why.fill(text)
        if explains:
            causes.get_by_label("It explains").select_option(label=explains)
        if also:
            causes.get_by_role("checkbox", name=also, exact=True).check()
        causes.get_by_role("button", name="Add a cause").click()
        expect(causes.locator(".cause__text", has_text=text)).to_be_visible()

    add("Too many servers were removed.")
    add("Restarting took hours.")
    add(
        "The tool knew no minimum.",
        explains="C1 Too many servers were removed.",
        also="C2 Restarting took hours.",
    )
    expect(causes.get_by_text("Also explains C3 Restarting took hours.")).to_be_visible()
    causes.get_by_role("button", name="Move up: Restarting took hours.").click()
    expect(causes.locator(".cause__text").first).to_contain_text("Restarting took hours.")
    page.on("dialog", lambda dialog: dialog.accept())
    add("A cause entered by mistake.")
    causes.get_by_role("button", name="Remove A cause entered by mistake.").click()
    expect(causes.locator(".cause__text")).to_have_count(3)


def write_actions(page: Page) -> None:
    page.reload()
    actions = page.locator("#actions")
    actions.get_by_role("link", name="Add an action item").click()
    actions.get_by_label("What will be done").fill("Refuse removals below the minimum")
    actions.get_by_label("Done when").fill("A drill shows the refusal.")
    actions.get_by_label("Owner").select_option(label="Robin Owner")
    actions.get_by_label("Due").fill("2017-03-14")
    actions.get_by_label("Cause it answers").select_option(label="The tool knew no minimum.")
    actions.get_by_role("button", name="Add an action item").click()
    expect(actions.get_by_role("heading", name="Refuse removals below the minimum")).to_be_visible()
