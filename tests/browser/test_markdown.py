"""Writing Markdown in a real browser: what is pasted, the tools, the preview, the sheet of help."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import NewPage, listened_to
from tests.browser.pasted_shapes import HOSTILE, SHAPES
from tests.browser.test_pages import new_draft, violations

SAMPLES = Path(__file__).parent / "pasted"
"""What the clipboard holds after copying from other programs. The sentences are our own."""

PATIENCE_MS = 20_000
"""For a megabyte, on a busy machine; what grows with the square of the text takes minutes."""

ENDLESS = {
    "nested boxes": "<div>" * 2_000 + "a<b>b</b>",
    "nested lists": "<ul><li>" * 2_000 + "a",
    "nested marks": "<b><i>" * 1_000 + "a",
    "nested quotations": "<blockquote>" * 2_000 + "a",
    "nested tables": "<table><tr><td>" * 150 + "<p>words</p>" * 60_000,
    "nested templates": "<template>" * 90_000,
    "a megabyte of paragraphs": "<p>some <b>bold</b> text</p>" * 36_000,
    "a megabyte of items": "<ul>" + "<li>a" * 200_000,
    "a megabyte of cells": "<table><tr>" + "<td>a" * 200_000,
    "a megabyte of brackets": "<b>a</b>" + "[a" * 500_000,
    "a megabyte of opened tags": "<a " * 330_000,
    "a megabyte of spaces": "<b>a</b>" + " &nbsp;" * 140_000,
    "a megabyte of spaces in code": "<pre>a" + " " * 1_000_000 + "b</pre>",
    "a megabyte of style": f'<p>a<b style="{"text-decoration:" * 60_000}">b</b></p>',
    "a megabyte of style of Word": f'<p style="{"mso-list:" * 110_000}">a</p>',
}


def convert(page: Page, html: str) -> str | None:
    found: str | None = page.evaluate("html => markdownFromHtml(html)", html)
    return found


def texts(page: Page, shapes: dict[str, tuple[str, str | None]]) -> dict[str, str | None]:
    return {name: convert(page, html) for name, (html, _) in shapes.items()}


@pytest.fixture(scope="module")
def workspace(browser: Browser, site: str) -> Iterator[Page]:
    """The workspace of a new COE, in a browser that stays open: pages beside it load quickly."""
    permissions = ["clipboard-read", "clipboard-write"]
    context = browser.new_context(base_url=site, permissions=permissions)
    page = context.new_page()
    new_draft(page)
    yield page
    context.close()


@pytest.fixture
def page(workspace: Page) -> Iterator[Page]:
    """The same workspace opened anew. What another test wrote may be in it: it saves itself.

    But what that test left unsaved is not taken up: it would be sent beside what this one types.
    """
    workspace.evaluate("localStorage.clear()")
    complaints: list[str] = []
    page = listened_to(workspace.context.new_page(), complaints)
    page.goto(workspace.url)
    yield page
    page.close()
    assert complaints == []


def summary(page: Page) -> Locator:
    return page.locator("#summary textarea")


def select(area: Locator, start: int, end: int) -> None:
    area.evaluate("(area, [start, end]) => area.setSelectionRange(start, end)", [start, end])


def selected(area: Locator) -> Any:
    return area.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")


def copy(page: Page, html: str, plain: str) -> None:
    """Put it on the clipboard, as another program would."""
    page.evaluate(
        """([html, plain]) => navigator.clipboard.write([new ClipboardItem({
            "text/html": new Blob([html], {type: "text/html"}),
            "text/plain": new Blob([plain], {type: "text/plain"}),
        })])""",
        [html, plain],
    )


def test_what_other_programs_copy_becomes_markdown(page: Page) -> None:
    samples = sorted(SAMPLES.glob("*.html"))
    found = {each.stem: convert(page, each.read_text()) for each in samples}
    assert found == {
        each.stem: each.with_suffix(".md").read_text().rstrip("\n") for each in samples
    }
    assert len(found) == 5


def test_each_shape_becomes_the_markdown_it_means(page: Page) -> None:
    assert texts(page, SHAPES) == {name: markdown for name, (_, markdown) in SHAPES.items()}


def test_what_is_hostile_becomes_words_and_runs_nothing(page: Page) -> None:
    assert texts(page, HOSTILE) == {name: markdown for name, (_, markdown) in HOSTILE.items()}
    assert page.evaluate("globalThis.harm") is None


def test_what_is_long_or_deep_ends_soon(page: Page) -> None:
    timed = """html => {
        const start = performance.now();
        markdownFromHtml(html);
        return performance.now() - start;
    }"""
    slow = {name: page.evaluate(timed, html) for name, html in ENDLESS.items()}
    assert {name: took for name, took in slow.items() if took > PATIENCE_MS} == {}


def test_pasting_puts_markdown_at_the_caret_and_undo_takes_it_out(page: Page) -> None:
    area = summary(page)
    area.fill("Before after")
    select(area, 6, 7)
    copy(page, "<ul><li>one</li><li><b>two</b></li></ul>", "one\ntwo")
    page.keyboard.press("Control+v")
    expect(area).to_have_value("Before\n\n- one\n- **two**\n\nafter")
    page.keyboard.type("!")
    expect(area).to_have_value("Before\n\n- one\n- **two**!\n\nafter")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(area).to_have_value("Before after")


def test_pasting_plainly_or_into_code_puts_the_plain_words(page: Page) -> None:
    area = summary(page)
    copy(page, "<p>one <b>two</b></p>", "one two")
    area.fill("")
    page.keyboard.press("Control+Shift+v")
    expect(area).to_have_value("one two")
    area.fill("```\n")
    page.keyboard.press("Control+v")
    expect(area).to_have_value("```\none two")
    copy(page, "<span>only_words_</span>", "only_words_")
    area.fill("")
    page.keyboard.press("Control+v")
    expect(area).to_have_value("only_words_")


def test_a_long_paste_is_quick_exact_and_can_be_undone(page: Page) -> None:
    area = summary(page)
    area.fill("")
    lines = "".join(f"<li>a <b>&amp;lt;</b>  {number}</li>" for number in range(1_000))
    copy(page, f"<ul>{lines}</ul>", "plain")
    page.keyboard.press("Control+v")
    wanted = "\n".join(f"- a **&lt;** {number}" for number in range(1_000))
    expect(area).to_have_value(wanted)
    page.keyboard.press("Control+z")
    expect(area).to_have_value("")


def test_a_small_field_takes_what_is_pasted_without_a_toolbar(page: Page) -> None:
    page.goto(f"{page.url.partition('#')[0]}?add=lessons")
    lessons = page.locator("#lessons")
    area = lessons.get_by_label("What was learned")
    area.focus()
    copy(page, "<p>Ran <code>drain_all</code></p>", "Ran drain_all")
    page.keyboard.press("Control+v")
    expect(area).to_have_value("Ran `drain_all`")
    expect(lessons.get_by_role("toolbar")).to_have_count(0)


TOOLS = (
    ("Bold", "a word b", (2, 6), "a **word** b", "word"),
    ("Bold", "a **word** b", (4, 8), "a word b", "word"),
    ("Italic", "a **word** b", (4, 8), "a ***word*** b", "word"),
    ("Link", "a word b", (2, 6), "a [word](https://) b", "https://"),
    ("Link", "https://example.com/", (0, 20), "[](https://example.com/)", ""),
    ("List", "one\ntwo", (1, 5), "- one\n- two", "- one\n- two"),
    ("List", "- one\n- two", (0, 11), "one\ntwo", "one\ntwo"),
    ("Code", "a word b", (2, 6), "a `word` b", "word"),
    ("Code", "one\ntwo", (0, 7), "```\none\ntwo\n```", ""),
    ("Quote", "one", (1, 1), "> one", ""),
    ("Table", "", (0, 0), "| Column | Column |\n| --- | --- |\n|  |  |", "Column"),
)
"""A button, what is typed and selected, what it makes of it, and what is selected then."""


def test_a_tool_marks_the_selection_and_undo_takes_it_back(page: Page) -> None:
    area = summary(page)
    for button, typed, at, expected, then in TOOLS:
        area.fill(typed)
        select(area, *at)
        page.locator("#summary").get_by_role("button", name=button, exact=True).click()
        expect(area).to_have_value(expected)
        expect(area).to_be_focused()
        assert selected(area) == then, (button, typed)
        page.keyboard.press("Control+z")
        expect(area).to_have_value(typed)


def test_the_keys_do_what_the_tools_do(page: Page) -> None:
    area = summary(page)
    for key, expected in (("b", "**word**"), ("i", "*word*"), ("k", "[word](https://)")):
        area.fill("word")
        select(area, 0, 4)
        page.keyboard.press(f"Control+{key}")
        expect(area).to_have_value(expected)


def test_the_toolbar_is_one_stop_of_the_tab_key_and_the_arrows_move_in_it(page: Page) -> None:
    section = page.locator("#summary")
    section.get_by_role("button", name="Bold").focus()
    for key, name in (("ArrowRight", "Italic"), ("End", "Quote"), ("ArrowRight", "Bold")):
        page.keyboard.press(key)
        expect(section.get_by_role("button", name=name, exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(section.get_by_role("button", name="Preview")).to_be_focused()
    page.keyboard.press("Tab")
    expect(section.get_by_role("link", name="Help")).to_be_focused()
    page.keyboard.press("Tab")
    expect(summary(page)).to_be_focused()


def test_the_preview_opens_follows_the_typing_and_closes(page: Page) -> None:
    section, area = page.locator("#summary"), summary(page)
    area.fill("A **bold** word")
    button = section.get_by_role("button", name="Preview")
    button.click()
    expect(section.locator(".preview strong")).to_have_text("bold")
    expect(button).to_have_attribute("aria-expanded", "true")
    area.press("End")
    page.keyboard.type(", *then*")
    expect(section.locator(".preview em")).to_have_text("then")
    expect(area).to_be_focused()
    button.click()
    expect(section.locator(".preview")).to_have_count(0)
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(area).to_have_value("A **bold** word, *then*")
    section.get_by_role("button", name="Save").click()
    expect(section.locator(".status--saved")).to_be_visible()


def test_a_preview_of_too_much_says_so(page: Page) -> None:
    section = page.locator("#summary")
    summary(page).evaluate("area => { area.value = 'x'.repeat(100001); }")
    section.get_by_role("button", name="Preview").click()
    expect(section.locator(".preview .field__errors")).to_contain_text("100,001 characters")


def test_the_sheet_of_help_opens_over_what_is_written(page: Page) -> None:
    summary(page).fill("Not lost")
    link = page.locator("#summary").get_by_role("link", name="Help")
    link.click()
    sheet = page.get_by_role("dialog", name="Writing in Markdown")
    expect(sheet.get_by_role("cell").first).to_contain_text("Paragraphs")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(link).to_be_focused()
    link.click()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()
    expect(summary(page)).to_have_value("Not lost")


def test_without_javascript_the_preview_keeps_what_is_typed(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    new_draft(page)
    section, area = page.locator("#summary"), summary(page)
    expect(section.get_by_role("button", name="Bold")).to_have_count(0)
    area.fill("A **bold** word")
    section.get_by_role("button", name="Preview").click()
    expect(section.locator(".preview strong")).to_have_text("bold")
    expect(area).to_have_value("A **bold** word")
    section.get_by_role("button", name="Save").click()
    expect(summary(page)).to_have_value("A **bold** word")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_and_it_fits(new_page: NewPage, scheme: str, width: int) -> None:
    """In the dark nothing but the colours differs."""
    rules = ("color-contrast",) if scheme == "dark" else ()
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    new_draft(page)
    section = page.locator("#summary")
    summary(page).fill("# Title\n\n| a | b |\n| --- | --- |\n| c | d |")
    section.get_by_role("button", name="Preview").click()
    expect(section.locator(".preview table")).to_be_visible()
    assert violations(page, rules=rules) == []
    section.get_by_role("link", name="Help").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page, rules=rules) == []
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/help/markdown/")
    assert violations(page, rules=rules) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
