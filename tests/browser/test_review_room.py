"""A COE of severity 2 goes through two rounds to publication, as five people see it."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, build_opener

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import NewPage
from tests.browser.ready import give_reasons, read_pdf, write_the_least
from tests.browser.visitors import come_as

TITLE = "Invoices were sent twice to one customer in ten"
UNCLEAR = "People waited. Nothing was lost."
BETTER = "One customer in ten got two invoices. No money was taken twice."
MUST = "Say how many customers were told."
SETTLED = "It says so now: all of them, on the same day."
DISSENT = "I would stop sending at night instead. But decided is better than discussed."
REASON = "Watching is not mending. The limit does it."
WATCHING = "Watch the disk"
WAITING = "Send nothing twice within an hour"
EDITED = "One page in ten was slow for two hours."
NOTE = "Settle the must, and say what was suggested."
NAMES = ("owner", "manager", "ana.silva", "priya.nair", "tomas.rey")


class People(NamedTuple):
    """The page of each who has a part in it."""

    owner: Page
    manager: Page
    ana: Page
    priya: Page
    tomas: Page


def test_two_rounds_lead_from_a_must_to_a_publication(new_page: NewPage) -> None:
    people = People(*(_page_of(new_page, name) for name in NAMES))
    reference = open_ready(people.owner)
    draft, room = f"/coes/{reference}/draft/", f"/coes/{reference}/review/"
    submit(people.owner, draft)
    for name in ("Ana Silva", "Priya Nair", "Tomás Rey"):
        ask(people.owner, room, name)

    _say_what_must_change(people, reference)
    _take_suggestion(people.owner, draft)
    _settle(people.owner, draft)
    submit(people.owner, draft)

    _lose_access(people, reference)
    _accept(people.manager, reference, WAITING)
    read = _sign_both(people, draft)
    stale, one, two = (_tab(new_page, people.manager, draft) for _ in range(3))
    _change_what_was_signed(people, reference, stale=stale)
    signed = _sign_both(people, draft)
    assert signed != read

    assert sorted(_both_approve(one, two, draft)) == [200, 409]
    people.owner.goto(draft)
    assert people.owner.locator('input[name="digest"]').get_attribute("value") == signed
    people.owner.get_by_role("button", name="Publish").click()
    expect(people.owner.get_by_text("Published as version 1.")).to_be_visible()
    _is_published(people.tomas, reference, signed)
    people.owner.goto(f"/actions/?coe={reference}")
    expect(people.owner.get_by_text(WAITING).first).to_be_visible()
    expect(people.owner.get_by_text(WATCHING)).to_have_count(0)


def _say_what_must_change(people: People, reference: str) -> None:
    """The first round: a must and a suggestion hold approval back, and one item is rejected."""
    draft, manager = f"/coes/{reference}/draft/", people.manager
    say_must(people.ana, draft)
    suggest(people.priya, draft)
    manager.goto(draft)
    expect(manager.locator(".decision__blocked")).to_be_visible()
    expect(manager.locator("summary", has_text="Approve")).to_have_count(0)
    manager.goto(f"/coes/{reference}/review/")
    expect(manager.get_by_text("Ana Silva asks for something that must be settled")).to_be_visible()
    _reject(manager, reference, WATCHING)
    _ask_for_changes(manager, draft)


def _lose_access(people: People, reference: str) -> None:
    """Who is let go gets from then on what they would get for a COE that does not exist."""
    pages = ("draft/", "review/", "review/actions/", "review/threads/", "draft.pdf", "draft.json")
    addresses = [f"/coes/{reference}/{each}" for each in pages]
    get = people.tomas.request.get
    assert [get(each).status for each in addresses] == [200] * len(addresses)
    people.tomas.goto(addresses[0])
    _let_go(people.owner, f"/coes/{reference}/review/", "Tomás Rey")
    people.tomas.locator("summary", has_text="Sign").click()
    people.tomas.get_by_label("Note to the owner").fill("Still here.")
    assert _answered(people.tomas, "Sign this text") == 404
    assert [get(each).status for each in addresses] == [404] * len(addresses)


def _sign_both(people: People, draft: str) -> str:
    """Both reviewers sign, one of them disagrees; the digest of what both have read."""
    digests = {_sign(people.ana, draft), _sign(people.priya, draft, dissent=DISSENT)}
    (digest,) = digests
    return digest


def _change_what_was_signed(people: People, reference: str, *, stale: Page) -> None:
    """An edit drops the signatures, and a tab that shows the text before approves nothing."""
    _edit(people.owner, reference)
    stale.locator("summary", has_text="Approve").click()
    assert _answered(stale, "Approve this text") == 409
    expect(stale.get_by_text("The text changed while you were reading it.")).to_be_visible()
    people.owner.goto(f"/coes/{reference}/review/")
    expect(people.owner.get_by_text("Round 2, opened by Robin Owner")).to_be_visible()
    expect(people.owner.get_by_text("Signed an earlier text")).to_have_count(2)
    for page in (people.ana, people.priya):
        _wait_for(page, "Robin Owner edited or reopened it, so it has to be approved anew.")


def _is_published(page: Page, reference: str, digest: str) -> None:
    """Anybody may read it now, and the paper says what was signed, by whom, and what of it they
    disagree with."""
    printed = _printed(page, reference)
    assert f"text {digest[:12]}" in printed
    assert printed.count(f"{digest[:12]}, this one") == 3
    for words in (DISSENT, REASON, BETTER, EDITED):
        assert words in printed, words
    assert UNCLEAR not in printed
    told = page.request.get(f"/coes/{reference}.json").json()
    assert digest in str(told)


def _page_of(new_page: NewPage, name: str) -> Page:
    page = new_page()
    come_as(page, name)
    return page


def _tab(new_page: NewPage, page: Page, address: str) -> Page:
    """Another tab of who looks at `page`."""
    tab = new_page(storage_state=page.context.storage_state())
    tab.goto(address)
    return tab


def _answered(page: Page, button: str) -> int:
    """What pressing a button that sends a form is answered with."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.get_by_role("button", name=button).click()
    return answer.value.status


def _wait_for(page: Page, notice: str) -> None:
    """Look at the first page until it says so: the worker writes it a moment after the edit."""
    told = page.get_by_text(notice)
    for _ in range(60):
        page.goto("/")
        if told.count():
            break
        page.wait_for_timeout(1_000)
    expect(told.first).to_be_visible()


def submit(page: Page, draft: str) -> None:
    page.goto(draft)
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("Submitted.")).to_be_visible()


def open_ready(page: Page) -> str:
    """A COE of severity 2 with two action items, ready to be submitted; its reference."""
    page.goto("/coes/new/")
    page.get_by_label("What happened").fill(TITLE)
    page.get_by_label("When impact started").fill("2026-11-02 09:37")
    page.get_by_label("How bad it was").select_option("2")
    page.get_by_role("button", name="Open it and start writing").click()
    page.wait_for_url("**/edit/**")
    reference = page.url.split("/")[-3]
    edit = f"/coes/{reference}/edit/"
    write_the_least(page, edit)
    page.goto(f"{edit}?add=actions")
    form = page.locator(f'form[action="{edit}actions/add/"]').first
    fields = form.evaluate("form => Object.fromEntries(new FormData(form))")
    assert page.request.post(f"{edit}actions/add/", form={**fields, "title": WAITING}).ok
    give_reasons(page, edit)
    return reference


def ask(page: Page, room: str, name: str) -> None:
    page.goto(room)
    choice = page.locator('#people select[name="person"]')
    choice.select_option(label=choice.locator("option", has_text=name).inner_text())
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#people li", has_text=name)).to_be_visible()


def _let_go(page: Page, room: str, name: str) -> None:
    page.goto(room)
    page.locator("#people li", has_text=name).get_by_role("button").click()
    expect(page.locator("#people li", has_text=name)).to_have_count(0)


def say_must(page: Page, draft: str) -> None:
    page.goto(draft)
    page.locator('[data-place="section:summary"] summary', has_text="Comment").click()
    form = page.locator('[data-place="section:summary"] form[data-say]')
    form.get_by_label("A must").check()
    form.get_by_label("What you want to say").fill(MUST)
    form.get_by_role("button", name="Send").click()
    expect(page.get_by_text(MUST).first).to_be_attached()


def suggest(page: Page, draft: str) -> None:
    page.goto(draft)
    page.locator('[data-place="section:impact"] summary', has_text="Comment").click()
    form = page.locator('[data-place="section:impact"] form[data-say]')
    form.get_by_label("A suggestion").check()
    form.get_by_label("Words it is about").fill(UNCLEAR)
    form.get_by_label("Words instead").fill(BETTER)
    form.get_by_role("button", name="Send").click()
    said = page.locator('[data-place="section:impact"]')
    expect(said.locator("summary", has_text="1 comment")).to_be_visible()


def _take_suggestion(page: Page, draft: str) -> None:
    page.goto(draft)
    page.locator('[data-place="section:impact"] summary', has_text="1 comment").click()
    page.get_by_role("button", name="Take it over").click()
    expect(page.locator("#impact").get_by_text(BETTER)).to_be_visible()


def _settle(page: Page, draft: str) -> None:
    page.goto(draft)
    must = page.locator('[data-place="section:summary"]')
    must.locator("summary", has_text="1 comment").click()
    must.locator("summary", has_text="Settle it").click()
    must.get_by_label("How it was settled").fill(SETTLED)
    must.get_by_role("button", name="Settle it").click()
    expect(must.locator("summary", has_text="1 settled")).to_be_visible()


def _reject(page: Page, reference: str, title: str) -> None:
    item = _item(page, reference, title)
    item.get_by_role("link", name="Reject").click()
    page.locator("#reject").get_by_label("Why").fill(REASON)
    page.get_by_role("button", name="Reject it").click()
    expect(page.get_by_text(REASON).first).to_be_visible()


def _accept(page: Page, reference: str, title: str) -> None:
    _item(page, reference, title).get_by_role("button", name="Accept").click()
    expect(page.get_by_text("All 2 are decided")).to_be_visible()


def _item(page: Page, reference: str, title: str) -> Locator:
    page.goto(f"/coes/{reference}/review/actions/")
    return page.locator("article.item", has=page.get_by_role("heading", name=title))


def _ask_for_changes(page: Page, draft: str) -> None:
    page.goto(draft)
    page.locator("summary", has_text="Ask for changes").click()
    page.get_by_label("What should change").fill(NOTE)
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_text("Sent back to the owner.")).to_be_visible()


def _sign(page: Page, draft: str, *, dissent: str = "") -> str:
    """Sign what is on the screen, and return its digest."""
    page.goto(draft)
    page.locator("summary", has_text="Sign").click()
    digest = page.locator('form[action$="/sign/"] input[name="digest"]').input_value()
    page.get_by_label("I disagree and commit").fill(dissent)
    page.get_by_role("button", name="Sign this text").click()
    expect(page.get_by_text("You have signed this text")).to_be_visible()
    return digest


def _edit(page: Page, reference: str) -> None:
    """Write another summary, as it is saved while one types."""
    page.goto(f"/coes/{reference}/edit/")
    page.locator("#summary textarea").fill(EDITED)
    expect(page.locator("#summary .status--saved")).to_be_visible()


def _both_approve(one: Page, two: Page, draft: str) -> list[int]:
    """What two tabs are answered that approve the same text at the same moment."""
    calls, start = [], Barrier(2)
    for page in (one, two):
        page.goto(draft)
        form = page.locator('form[action$="/approve/"]')
        fields = form.evaluate("form => Object.fromEntries(new FormData(form))")
        cookies = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())
        address = page.url.replace("/draft/", "/approve/")
        head = {"Cookie": cookies, "Referer": page.url}
        calls.append(Request(address, urlencode(fields).encode(), head))

    def send(call: Request) -> int:
        start.wait()
        try:
            with build_opener().open(call) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code

    with ThreadPoolExecutor(2) as both:
        return list(both.map(send, calls))


def _printed(page: Page, reference: str) -> str:
    pdf = read_pdf(page, f"/coes/{reference}.pdf")
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join("\n".join(each.extract_text() for each in pages).split())
