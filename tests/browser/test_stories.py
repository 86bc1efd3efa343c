"""Two real incidents entered whole, reordered and submitted, with and without JavaScript."""

from io import BytesIO

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from coe.editor.panels import stop_of
from tests.browser.conftest import NewPage
from tests.browser.ready import give_reasons, read_pdf
from tests.browser.stories import GITHUB, S3, Correction, Story, Why
from tests.browser.visitors import come_as

WAYS = {
    "storage with script": (S3, True),
    "storage without script": (S3, False),
    "database with script": (GITHUB, True),
}


@pytest.mark.parametrize(("story", "javascript"), WAYS.values(), ids=WAYS)
def test_a_real_incident_is_entered_whole_and_submitted(
    new_page: NewPage, story: Story, javascript: bool
) -> None:
    page = new_page(java_script_enabled=javascript)
    come_as(page, "owner")
    page.goto("/")
    reference = open_coe(page, story)
    if story is GITHUB or not javascript:
        page.get_by_role("button", name="One section at a time").click()
    write_milestones(page, story)
    write_timeline(page, story)
    write_impact(page, story)
    write_answers(page, story)
    write_rows(page, story)
    write_causes(page, story)
    write_actions(page, story)
    reorder(page, story)
    write_text(page, "summary", story.summary)
    assert not_yet_complete(page) == list(story.unfinished)
    panel(page, "submit").get_by_role("button", name="Submit for review").click()
    expect(page.get_by_role("heading", name="Not submitted yet")).to_be_visible()
    in_the_way = page.locator(".weighed__list li").count()
    assert give_reasons(page, f"/coes/{reference}/edit/") == in_the_way
    page.get_by_role("link", name="Back to the workspace").click()
    panel(page, "submit").get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("Submitted.")).to_be_visible()
    expect(page.get_by_text(story.whys[-1].text).first).to_be_visible()
    printed = " ".join(text_of_pdf(page, reference).split())
    assert [words for words in story.printed if words not in printed] == []


def panel(page: Page, slug: str) -> Locator:
    """A section of the workspace; where one stands at a time, the page that holds it is opened."""
    section = page.locator(f"section#{slug}")
    stop = page.locator(f'nav a[href*="section={stop_of(slug)}"]')
    page.wait_for_load_state("domcontentloaded")  # or what is counted is half a page
    if stop.count() and not section.count():
        stop.first.click()
        page.wait_for_load_state("domcontentloaded")
    return section


def click_save(page: Page, slug: str, button: str) -> None:
    """Press a button of a panel, and wait until the page says that it was saved."""
    panel(page, slug).get_by_role("button", name=button, exact=True).click()
    said = page.locator(f"#{slug} .status--saved").or_(page.get_by_text("Saved.", exact=True))
    expect(said.first).to_be_visible()


def open_coe(page: Page, story: Story) -> str:
    page.get_by_role("link", name="New COE").click()
    page.get_by_label("What happened").fill(story.title)
    page.get_by_label("When impact started").fill(story.started)
    page.get_by_label("Time zone").select_option(story.zone)
    page.get_by_label("How bad it was").select_option("1")
    page.get_by_role("button", name="Open it and start writing").click()
    page.wait_for_url("**/edit/**")
    return page.url.split("/")[-3]


def write_milestones(page: Page, story: Story) -> None:
    milestones = panel(page, "milestones")
    for label, when in story.milestones.items():
        milestones.get_by_role("group", name=label).get_by_label("When").fill(when)
    left = {"Acknowledged", "Diagnosed"} - story.milestones.keys()
    for label in left:
        group = milestones.get_by_role("group", name=label)
        group.get_by_label("what is known").select_option(label="Not applicable")
    click_save(page, "milestones", "Save milestones")
    for words in story.spoken:
        expect(milestones.get_by_text(words).first).to_be_visible()


def write_timeline(page: Page, story: Story) -> None:
    """Many lines at once, then one line each for what was forgotten: they find their places."""
    timeline = panel(page, "timeline")
    timeline.get_by_text("Paste several lines").click()
    timeline.get_by_role("textbox", name="Lines").fill(story.lines)
    timeline.get_by_role("button", name="Look through them").click()
    page.get_by_role("button", name="Add these lines").click()
    expect(page.get_by_text("to the timeline.")).to_be_visible()
    for line in story.late:
        panel(page, "timeline").get_by_label("When, and what happened").fill(line)
        panel(page, "timeline").get_by_label("When, and what happened").press("Enter")
        said = line.split(" ", 2)[-1] if line[:2] == "20" else line.split(" ", 1)[1]
        expect(panel(page, "timeline").locator(".entry__text", has_text=said)).to_be_visible()
    texts = panel(page, "timeline").locator(".entry__text").all_inner_texts()
    assert len(texts) == story.entries
    assert (story.first in texts[0], story.last in texts[-1]) == (True, True)


def write_text(page: Page, slug: str, text: str) -> None:
    panel(page, slug).locator("textarea").fill(text)
    click_save(page, slug, f"Save {slug}")


def write_impact(page: Page, story: Story) -> None:
    write_text(page, "impact", story.impact)
    for what, amount, unit, source in story.figures:
        figures = add(page, "figures", "Add a figure")
        figures.get_by_label("What was counted").fill(what)
        figures.get_by_label("How many").fill(amount)
        figures.get_by_label("Unit").fill(unit)
        figures.get_by_label("How we know").select_option(label=source)
        figures.get_by_role("button", name="Add a figure").click()
        expect(panel(page, "figures").locator(".row__title", has_text=what)).to_be_visible()


def write_answers(page: Page, story: Story) -> None:
    for part, answers in story.answers.items():
        for question, answer in answers.items():
            questions = panel(page, f"questions-{part}")
            questions.get_by_role("textbox", name=question).fill(answer)
        click_save(page, f"questions-{part}", "Save answers")


def write_rows(page: Page, story: Story) -> None:
    for name, kind, outcome, why in story.safeguards:
        safeguards = add(page, "safeguards", "Add a safeguard")
        safeguards.get_by_label("Which check").fill(name)
        safeguards.get_by_label("Kind").select_option(label=kind)
        safeguards.get_by_label(outcome, exact=True).check()
        safeguards.get_by_label("Why").fill(why)
        safeguards.get_by_role("button", name="Add a safeguard").click()
        expect(panel(page, "safeguards").locator(".row__title", has_text=name)).to_be_visible()
    for kind, text in story.lessons:
        lessons = add(page, "lessons", "Add a lesson")
        lessons.get_by_label(kind, exact=True).check()
        lessons.get_by_label("What was learned").fill(text)
        lessons.get_by_role("button", name="Add a lesson").click()
        expect(panel(page, "lessons").locator(".row__body", has_text=text)).to_be_visible()
    for kind, title, url in story.related:
        related = add(page, "related", "Add a related item")
        related.get_by_label("What it is").select_option(label=kind)
        related.get_by_label("Title").fill(title)
        related.get_by_label("Link").fill(url)
        related.get_by_role("button", name="Add a related item").click()
        expect(panel(page, "related").locator(".row__title", has_text=title)).to_be_visible()


def add(page: Page, slug: str, ask: str) -> Locator:
    """The open form for a new row of a panel."""
    opener = panel(page, slug).get_by_role("link", name=ask)
    if opener.count():
        opener.click()
    form = panel(page, slug).locator("form.row-open")
    expect(form).to_be_visible()
    return form


def write_causes(page: Page, story: Story) -> None:
    for why in story.whys:
        form = add(page, "causes", "Add a cause")
        more = form.locator("details.cause__more:not([open]) > summary")
        if more.count():
            more.click()
        write_cause(form, why)
        form.get_by_role("button", name="Add a cause").click()
        written = panel(page, "causes").locator(".cause__text", has_text=why.text)
        expect(written).to_be_visible()


def write_cause(form: Locator, why: Why) -> None:
    form.get_by_label("Why", exact=True).fill(why.text)
    above = form.get_by_label("It explains").locator(
        "option", has_text=why.explains or why.question
    )
    form.get_by_label("It explains").select_option(above.first.get_attribute("value"))
    if why.also:
        form.get_by_role("checkbox", name=why.also).check()
    if why.kind:
        form.get_by_label("Kind").select_option(label=why.kind)
    if why.confidence:
        form.get_by_label("How sure").select_option(label=why.confidence)


def write_actions(page: Page, story: Story) -> None:
    page.reload()
    for correction in story.corrections:
        form = add(page, "actions", "Add an action item")
        write_action(form, correction)
        form.get_by_role("button", name="Add an action item").click()
        title = panel(page, "actions").get_by_role("heading", name=correction.title)
        expect(title).to_be_visible()


def write_action(form: Locator, correction: Correction) -> None:
    form.get_by_label("What will be done").fill(correction.title)
    form.get_by_label("Done when").fill(correction.done_when)
    form.get_by_label("Owner").select_option(label="Robin Owner")
    form.get_by_label("Due").fill(correction.due)
    if correction.cause:
        cause = form.get_by_label("Cause it answers")
        option = cause.locator("option", has_text=correction.cause)
        cause.select_option(option.first.get_attribute("value"))


def reorder(page: Page, story: Story) -> None:
    """The last correction goes to the front of its neighbour."""
    last = story.corrections[-1].title
    actions = panel(page, "actions")
    actions.get_by_role("button", name=f"Move up: {last[:39]}").click()
    titles = actions.get_by_role("heading", level=3)
    expect(titles.nth(len(story.corrections) - 2)).to_have_text(last)
    page.reload()
    expect(titles.nth(len(story.corrections) - 2)).to_have_text(last)


def not_yet_complete(page: Page) -> list[str]:
    """The stops of the rail that are empty or only begun, whatever is found there by now."""
    page.reload()
    links = page.locator("#rail .rail__link").evaluate_all(
        """links => links.map((link) => {
            const own = link.cloneNode(true);
            own.querySelector(".rail__found")?.remove();
            return own.textContent;
        })"""
    )
    words = [" ".join(text.split()) for text in links]
    return [text.split(" begun")[0].split(" empty")[0] for text in words if "complete" not in text]


def text_of_pdf(page: Page, reference: str) -> str:
    pdf = read_pdf(page, f"/coes/{reference}/draft.pdf")
    return "\n".join(each.extract_text() for each in PdfReader(BytesIO(pdf)).pages)
