"""The causes entered and rearranged with the keyboard alone."""

from playwright.sync_api import Locator, Page, Route, expect

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
        why(page).evaluate("field => field.scrollIntoView({block: 'center', behavior: 'instant'})")
        page.keyboard.press("Enter")
        expect(cause(page, text)).to_be_in_viewport()
        expect(why(page)).to_be_in_viewport()
    is_asked(page)


def test_a_branching_chain_is_entered_with_the_keyboard_alone(new_page: NewPage) -> None:
    page = new_page(bypass_csp=True)
    new_draft(page)
    enter_chain(page)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(cause(page, "Nobody was warned")).to_be_focused()
    assert outline(page) == [
        "C1 Uploads were refused",
        "C2 The disk was full",
        "C3 Nobody was warned",
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
        "C1 Uploads were refused",
        "C2 The disk was full",
        "C3 Nobody was warned",
        "C4 A second line belongs to it",
    ]
    page.reload()
    assert outline(page)[-1] == "C4 A second line belongs to it"
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

    for key, depth, number in (
        ("Shift+Tab", 1, "C3"),
        ("Shift+Tab", 0, "C3"),
        ("Tab", 1, "C3"),
        ("Tab", 2, "C3"),
        ("Shift+Tab", 1, "C3"),
        ("Alt+ArrowUp", 1, "C2"),
        ("Alt+ArrowDown", 1, "C3"),
    ):
        page.keyboard.press(key)
        row = page.locator(f"#causes .cause--depth-{depth}", has_text="Nobody was warned")
        expect(row.locator("[data-cause]")).to_have_attribute("data-cause", number)
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
    expect(page.get_by_label("Kind of C3")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(last).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(last).not_to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Kind of C3")).to_be_focused()
    expect(last).to_have_attribute("data-cause", "C3")
    expect(page.get_by_text("Escape leaves")).to_be_visible()


def test_an_empty_answer_is_refused_where_it_was_typed(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    enter_chain(page)
    page.keyboard.press("Enter")
    expect(page.locator("#causes .error-summary")).to_be_focused()
    expect(page.locator("#causes .cause--new")).to_contain_text("Say why, in a sentence.")


def test_a_cause_is_judged_and_answered_where_it_stands(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 800}, bypass_csp=True)
    new_draft(page)
    enter_chain(page)
    page.route("**/edit/causes/add/", lambda route: route.abort())
    page.keyboard.type("Half a sentence")
    why(page).evaluate("field => field.form.scrollIntoView()")
    kind = page.get_by_label("Kind of C3")
    kind.focus()
    kind.select_option("Failed or missing safeguard")
    expect(page.locator("#causes-status")).to_contain_text("Saved")
    expect(page.get_by_label("Kind of C3")).to_be_focused()
    expect(why(page)).to_have_value("Half a sentence")
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    opener = page.locator("#causes").get_by_role("link", name="Add an action item for C3")
    opener.focus()
    page.keyboard.press("Enter")
    title = page.locator(".cause__answer").get_by_label("What will be done")
    expect(title).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(title).to_have_count(0)
    expect(cause(page, "Nobody was warned")).to_be_focused()
    opener.click()
    title.fill("Warn at 80 %")
    page.keyboard.press("Enter")
    expect(page.locator("#causes").get_by_text("Answered by Warn at 80 %")).to_be_visible()
    expect(cause(page, "Nobody was warned")).to_be_focused()
    expect(why(page)).to_have_value("Half a sentence")
    expect(page.locator("#actions .action")).to_have_count(1)
    expect(page.locator("#trace").get_by_text("Nothing is left over")).to_be_visible()


def test_a_choice_made_while_another_is_saved_is_saved_after_it(new_page: NewPage) -> None:
    page = new_page()
    new_draft(page)
    enter_chain(page)
    page.keyboard.press("Escape")
    expect(cause(page, "Nobody was warned")).to_be_focused()
    waiting: list[Route] = []
    page.route("**/kind/", lambda route: waiting.append(route), times=1)
    with page.expect_request("**/kind/"):
        page.get_by_label("Kind of C2").select_option("Trigger")
    page.get_by_label("How sure C2 is").select_option("Confirmed")
    with page.expect_response(lambda each: "confirmed" in (each.request.post_data or "")) as second:
        waiting[0].continue_()
    assert second.value.status == 200
    page.reload()
    expect(page.get_by_label("Kind of C2")).to_have_value("trigger")
    expect(page.get_by_label("How sure C2 is")).to_have_value("confirmed")

    with page.expect_response("**/kind/"):
        page.locator(".cause", has=page.get_by_label("Kind of C2")).locator(
            "[name=version][id]"
        ).evaluate("field => field.value = 1")
        page.get_by_label("Kind of C2").select_option("Luck: limited the damage")
    expect(page.locator("#causes")).to_contain_text("Somebody else saved this")
    page.get_by_label("Kind of C2").select_option("Luck: limited the damage")
    expect(page.locator("#causes-status")).to_contain_text("Saved")


def test_a_form_opened_in_its_place_closes_with_escape_and_leaves_the_guide_open(
    new_page: NewPage,
) -> None:
    page = new_page()
    new_draft(page)
    figures = page.locator("#figures")
    figures.get_by_text("What belongs here").click()
    adder = figures.get_by_role("link", name="Add a figure")
    adder.click()
    expect(figures.get_by_label("What was counted")).to_be_focused()
    expect(figures.get_by_text("What, how many, of which unit")).to_be_visible()
    page.keyboard.press("Escape")
    expect(adder).to_be_focused()
    expect(figures.get_by_text("What, how many, of which unit")).to_be_visible()


def test_what_answers_what_follows_every_save(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 800})
    new_draft(page)
    enter_chain(page)
    trace = page.locator("#trace")
    expect(trace.locator("td").get_by_text("No action and no accepted risk")).to_be_visible()
    actions = page.locator("#actions")
    actions.get_by_role("link", name="Add an action item").click()
    actions.get_by_label("What will be done").fill("Warn at 80 %")
    actions.get_by_label("Cause it answers").select_option("Nobody was warned")
    actions.get_by_role("button", name="Add an action item").click()
    expect(trace.get_by_text("Nothing is left over")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
