"""The causes entered and rearranged with the keyboard alone."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_pages import new_draft, violations


def outline(page: Page) -> list[str]:
    """Each cause with its number, in reading order."""
    texts = page.locator("#causes .cause__text").all_inner_texts()
    return [" ".join(text.split()) for text in texts]


def cause(page: Page, text: str) -> Locator:
    return page.locator("#causes [data-cause]", has_text=text)


def why(page: Page) -> Locator:
    return page.locator("#causes [data-next-why]").get_by_label("Why", exact=True)


def is_asked(page: Page) -> None:
    """Wait for the form for the next why: it has the focus, and its keys are told."""
    expect(page.get_by_text("Escape closes this.")).to_be_visible()
    expect(why(page)).to_be_focused()
    expect(why(page)).to_have_value("")


def enter_chain(page: Page) -> None:
    """Answer the first question, and ask why twice; the form for a fourth cause is open then."""
    page.locator("#causes").get_by_role("link", name="Answer this Why did it happen?").focus()
    page.keyboard.press("Enter")
    for text in ("Uploads were refused", "The disk was full", "Nobody was warned"):
        is_asked(page)
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(cause(page, text)).to_be_visible()
    is_asked(page)


def test_a_branching_chain_is_entered_with_the_keyboard_alone(new_page: NewPage) -> None:
    page = new_page(bypass_csp=True)
    new_draft(page)
    enter_chain(page)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(cause(page, "Nobody was warned")).to_be_focused()
    assert outline(page) == [
        "1 Uploads were refused",
        "1.1 The disk was full",
        "1.1.1 Nobody was warned",
    ]

    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(cause(page, "Uploads were refused")).to_be_focused()
    page.keyboard.press("Enter")
    is_asked(page)
    page.keyboard.type("A second line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("belongs to it")
    page.keyboard.press("Enter")
    expect(cause(page, "belongs to it")).to_be_visible()
    is_asked(page)
    page.keyboard.press("Escape")
    expect(cause(page, "A second line")).to_be_focused()
    assert outline(page) == [
        "1 Uploads were refused",
        "1.1 The disk was full",
        "1.1.1 Nobody was warned",
        "1.2 A second line belongs to it",
    ]
    page.reload()
    assert outline(page)[-1] == "1.2 A second line belongs to it"
    assert violations(page) == []


def test_causes_are_nested_taken_out_and_moved_and_the_focus_stays_with_them(
    new_page: NewPage,
) -> None:
    page = new_page()
    new_draft(page)
    enter_chain(page)
    page.keyboard.press("Escape")
    last = cause(page, "Nobody was warned")
    expect(last).to_be_focused()

    for key, number in (
        ("Shift+Tab", "1.2"),
        ("Shift+Tab", "2"),
        ("Tab", "1.2"),
        ("Tab", "1.1.1"),
        ("Shift+Tab", "1.2"),
        ("Alt+ArrowUp", "1.1"),
        ("Alt+ArrowDown", "1.2"),
    ):
        page.keyboard.press(key)
        expect(last).to_have_attribute("data-cause", number)
        expect(last).to_be_focused()


def test_the_outline_never_holds_the_focus(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    enter_chain(page)
    page.keyboard.press("Escape")
    last = cause(page, "Nobody was warned")
    expect(last).to_be_focused()

    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Add an action item for 1.1.1")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(last).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(last).not_to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Add an action item for 1.1.1")).to_be_focused()
    expect(last).to_have_attribute("data-cause", "1.1.1")
    expect(page.get_by_text("Escape leaves")).to_be_visible()


def test_an_empty_answer_is_refused_where_it_was_typed(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    enter_chain(page)
    page.keyboard.press("Enter")
    expect(page.locator("#causes .error-summary")).to_be_focused()
    expect(page.locator("#causes .cause--new")).to_contain_text("Say why, in a sentence.")


def test_what_answers_what_follows_every_save(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 800})
    new_draft(page)
    enter_chain(page)
    trace = page.locator("#trace")
    expect(trace.locator("td").get_by_text("No action and no accepted risk")).to_be_visible()
    page.locator("#causes").get_by_role("link", name="Add an action item for 1.1.1").click()
    actions = page.locator("#actions")
    chosen = actions.get_by_label("Cause it answers").locator("option:checked")
    expect(chosen).to_contain_text("Nobody was warned")
    actions.get_by_label("What will be done").fill("Warn at 80 %")
    actions.get_by_role("button", name="Add an action item").click()
    expect(trace.get_by_text("Nothing is left over")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
