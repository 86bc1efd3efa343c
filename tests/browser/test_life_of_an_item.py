"""An action item from its proposal to “did not hold”, and back to verified, as four people see it.

Robin writes the COE, Kim owns the item, Sam approves, and Chris, of another team, reads.
"""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.ready import accept_items, give_reasons, write_the_least
from tests.browser.visitors import come_as

NAMES = ("owner", "colleague", "manager", "stranger")
TITLE = "Alarm when the disk is four fifths full"
INCIDENT = "Reports stopped for a morning"
ALARM = "https://example.com/alarms/7"
SHOWN, DRILLED = "The alarm rang in the drill.", "The second drill filled the disk in one go."
DRILL = "12:00 full, 12:01 rang"
FAILED = "The disk was full on Sunday and nothing rang."
HELD, HELD_AGAIN = "It rang twice since.", "It rang before Sunday’s report this time."
LATE = "The part for the sensor comes in two months."


class People(NamedTuple):
    """The page of each."""

    robin: Page
    kim: Page
    sam: Page
    chris: Page


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_an_item_is_done_fails_and_holds(new_page: NewPage, javascript: bool) -> None:
    _let_items_be_verified_on_their_day(new_page)
    people = People(*(_page_of(new_page, name, javascript) for name in NAMES))
    reference, due_on = _promised(people)
    item = _opened_from(people.kim, reference)
    _nothing_but_doubt(people.chris, item)
    stale = _tab(new_page, people.kim, item)
    _start(people.kim, item)
    _press_a_stale_button(stale)
    _lose_it_while_writing(people, item)
    _move_past_what_the_owner_may(people, item, due_on)
    _done_with_an_address(people.kim, item)
    _is_not_theirs_to_verify(people.kim, item)
    _verify(people.sam, item, HELD)
    _did_not_hold(people.chris, item)
    _is_marked(people, reference, is_failing=True)
    _start_again(people.kim, item)
    _done_with_a_file(people.kim, item)
    _is_marked(people, reference, is_failing=True)
    _verify(people.sam, item, HELD_AGAIN)
    _is_marked(people, reference, is_failing=False)
    _tells_its_story(people.chris, item, reference)


def _let_items_be_verified_on_their_day(new_page: NewPage) -> None:
    """The administrator publishes a guide by which nothing has to hold for days first."""
    page = _page_of(new_page, "admin")
    page.goto("/administration/guide/")
    limit = page.get_by_role("row", name="From done to verified at least")
    if limit.get_by_text("Every COE: 0 days").count():
        return
    page.get_by_role("button", name="Draft a new version").click()
    limit.get_by_role("link").click()
    page.get_by_label("Days").fill("0")
    page.get_by_role("button", name="Add to the draft").click()
    page.goto(page.url.partition("limits/")[0])
    page.get_by_role("link", name="Look at the changes").click()
    page.get_by_role("button", name="Publish version").click()
    expect(
        page.get_by_text("is in force. COEs that are opened from now on keep it.")
    ).to_be_visible()


def _promised(people: People) -> tuple[str, date]:
    """A COE whose one action item Kim owns, proposed, accepted and published; and its due date."""
    reference = _open(people.robin)
    edit = f"/coes/{reference}/edit/"
    write_the_least(people.robin, edit)
    due_on = _propose(people.robin, edit)
    give_reasons(people.robin, edit)
    draft = f"/coes/{reference}/draft/"
    people.robin.goto(draft)
    people.robin.get_by_role("button", name="Submit for review").click()
    expect(people.robin.get_by_text("Submitted.")).to_be_visible()
    accept_items(people.sam, reference)
    people.sam.goto(draft)
    people.sam.locator("summary", has_text="Approve").click()
    people.sam.get_by_role("button", name="Approve this text").click()
    expect(people.sam.get_by_text("Approved: exactly the text you read.")).to_be_visible()
    people.robin.goto(draft)
    people.robin.get_by_role("button", name="Publish").click()
    expect(people.robin.get_by_text("Published as version 1.")).to_be_visible()
    return reference, due_on


def _open(page: Page) -> str:
    page.goto("/coes/new/")
    page.get_by_label("What happened").fill(INCIDENT)
    page.get_by_label("When impact started").fill("2026-11-02 09:37")
    page.get_by_label("How bad it was").select_option("2")
    page.get_by_role("button", name="Open it and start writing").click()
    page.wait_for_url("**/edit/**")
    return page.url.split("/")[-3]


def _propose(page: Page, edit: str) -> date:
    """Propose one item for Kim, beside the one that is there, and return its due date."""
    due_on = datetime.now(UTC).date() + timedelta(days=30)
    page.goto(f"{edit}?add=actions")
    actions = page.locator("#actions")
    actions.get_by_label("What will be done").fill(TITLE)
    actions.get_by_label("Done when").fill("The alarm rings in a drill.")
    actions.get_by_label("Owner").select_option(label="Kim Colleague")
    actions.get_by_label("Due").fill(due_on.isoformat())
    actions.get_by_role("button", name="Add an action item").click()
    expect(actions.get_by_role("heading", name=TITLE)).to_be_visible()
    return due_on


def _opened_from(page: Page, reference: str) -> str:
    """The address of the item, to which the COE leads."""
    page.goto(f"/coes/{reference}/")
    page.get_by_role("link", name=TITLE).last.click()
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    expect(_standing(page)).to_contain_text("Accepted")
    return page.url


def _nothing_but_doubt(page: Page, item: str) -> None:
    """Who only reads is offered nothing of what others do."""
    page.goto(item)
    expect(page.get_by_role("button", name="Start")).to_have_count(0)
    expect(page.locator(".promise-way")).to_have_count(0)


def _start(page: Page, item: str) -> None:
    page.goto(item)
    page.get_by_role("button", name="Start").click()
    expect(_standing(page)).to_contain_text("In progress")


def _press_a_stale_button(stale: Page) -> None:
    """Another tab still offers to start it: nothing is done twice."""
    assert _answered(stale, stale.get_by_role("button", name="Start")) == 409
    expect(stale.get_by_text("This is now “In progress”")).to_be_visible()
    stale.get_by_role("link", name="See it as it is now").click()
    expect(_standing(stale)).to_contain_text("In progress")


def _lose_it_while_writing(people: People, item: str) -> None:
    """Sam hands it to Robin while Kim says that it is done: Kim is told whose it is, and nothing
    that Kim wrote is lost."""
    people.kim.goto(item)
    done = _way(people.kim, "done")
    done.get_by_label("What the evidence shows").fill(SHOWN)
    done.get_by_label("Where it is to be seen").fill(ALARM)
    _hand_over(people.sam, item, "Robin Owner")
    assert _answered(people.kim, done.locator("button")) == 403
    expect(people.kim.get_by_text("Robin Owner owns this and does that.")).to_be_visible()
    expect(people.kim.get_by_text(SHOWN)).to_be_visible()
    _hand_over(people.robin, item, "Kim Colleague")


def _hand_over(page: Page, item: str, name: str) -> None:
    page.goto(item)
    form = _way(page, "owner")
    choice = form.get_by_label("To whom")
    choice.select_option(label=choice.locator("option", has_text=name).inner_text())
    form.get_by_label("Why").fill("So that it is not held up.")
    form.locator("button").click()
    expect(page.get_by_text(f"Handed over to {name}.")).to_be_visible()


def _move_past_what_the_owner_may(people: People, item: str, due_on: date) -> None:
    """Kim asks, and it stays due until Sam grants it; first date and move stay visible."""
    wanted = due_on + timedelta(days=60)
    people.kim.goto(item)
    form = _way(people.kim, "due")
    form.get_by_label("Due").fill(wanted.isoformat())
    form.get_by_label("Why").fill(LATE)
    form.locator("button").click()
    expect(people.kim.get_by_text("Until it is decided the due date stays")).to_be_visible()
    expect(_facts(people.kim)).to_contain_text(_day(due_on))
    people.sam.goto(item)
    request = people.sam.locator(".promise-request")
    expect(request).to_contain_text(LATE)
    request.get_by_role("button", name="Grant it").click()
    expect(people.sam.get_by_text("Granted.")).to_be_visible()
    facts = _facts(people.sam)
    expect(facts).to_contain_text(_day(wanted))
    expect(facts).to_contain_text(f"first {_day(due_on)}, moved once")


def _done_with_an_address(page: Page, item: str) -> None:
    """Without anything that shows it, it is not done, and what was typed is still there."""
    page.goto(item)
    form = _way(page, "done")
    form.get_by_label("What the evidence shows").fill(SHOWN)
    assert _answered(page, form.locator("button")) == 422
    form = page.locator("#way-done")
    expect(form.get_by_label("What the evidence shows")).to_have_value(SHOWN)
    form.get_by_label("Where it is to be seen").fill(ALARM)
    form.locator("button").click()
    expect(_standing(page)).to_contain_text("Done")
    expect(page.get_by_role("link", name=ALARM)).to_be_visible()


def _done_with_a_file(page: Page, item: str) -> None:
    page.goto(item)
    form = _way(page, "done")
    form.get_by_label("What the evidence shows").fill(DRILLED)
    drill: FilePayload = {"name": "drill.txt", "mimeType": "text/plain", "buffer": DRILL.encode()}
    form.get_by_label("file that shows it").set_input_files(drill)
    form.locator("button").click()
    expect(_standing(page)).to_contain_text("Done")
    link = page.get_by_role("link", name="drill.txt").get_attribute("href")
    assert link
    assert page.request.get(link).text() == DRILL


def _is_not_theirs_to_verify(page: Page, item: str) -> None:
    page.goto(item)
    expect(page.locator("#way-verified")).to_have_count(0)


def _verify(page: Page, item: str, how: str) -> None:
    page.goto(item)
    form = _way(page, "verified")
    form.get_by_label("How one can tell").fill(how)
    form.locator("button").click()
    expect(_standing(page)).to_contain_text("Verified")


def _did_not_hold(page: Page, item: str) -> None:
    page.goto(item)
    form = _way(page, "did_not_hold")
    form.get_by_label("What happened").fill(FAILED)
    form.locator("button").click()
    expect(_standing(page)).to_contain_text("Did not hold")


def _start_again(page: Page, item: str) -> None:
    page.goto(item)
    expect(page.get_by_text(FAILED)).to_be_visible()
    page.get_by_role("button", name="Start again").click()
    expect(_standing(page)).to_contain_text("In progress")


def _is_marked(people: People, reference: str, *, is_failing: bool) -> None:
    """Whether the COE says it, on its page to who wrote it and in the list to a reader."""
    people.robin.goto(f"/coes/{reference}/")
    told = people.robin.get_by_text("An action item of this COE did not hold.")
    expect(told).to_have_count(int(is_failing))
    people.chris.goto("/coes/")
    row = people.chris.get_by_role("row", name=reference)
    expect(row).to_have_count(1)
    expect(row.get_by_text("An action item did not hold")).to_have_count(int(is_failing))


def _tells_its_story(page: Page, item: str, reference: str) -> None:
    """All of it stays, the last first, also what was once shown not to hold."""
    page.goto(item)
    told = page.locator(".promise-story li").all_inner_texts()
    words = (HELD_AGAIN, DRILLED, "started again", FAILED, HELD, SHOWN, LATE, "started", reference)
    assert len(told) == 12
    places = [next(n for n, text in enumerate(told) if word in text) for word in words[:-2]]
    assert places == sorted(places)


def _standing(page: Page) -> Locator:
    return page.locator(".promise-standing")


def _facts(page: Page) -> Locator:
    return page.locator("dl.facts").first


def _way(page: Page, slug: str) -> Locator:
    """What may be done, opened."""
    way = page.locator(f"#way-{slug}")
    way.locator("summary").click()
    return way


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"


def _answered(page: Page, button: Locator) -> int:
    """What pressing a button that sends a form is answered with."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        button.click()
    return answer.value.status


def _page_of(new_page: NewPage, name: str, javascript: bool = True) -> Page:
    page = new_page(java_script_enabled=javascript)
    come_as(page, name)
    return page


def _tab(new_page: NewPage, page: Page, address: str) -> Page:
    """Another tab of who looks at `page`."""
    tab = new_page(storage_state=page.context.storage_state())
    tab.goto(address)
    return tab
