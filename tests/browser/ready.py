"""Making a COE ready for review beside the story that a test is about: over HTTP, by its owner."""

import re

from playwright.sync_api import Page, expect

TRIES, BUSY = 12, 503
LEAST = (
    ("", "sections/summary/", {"text": "One page in ten was slow for an hour."}),
    ("", "sections/impact/", {"text": "People waited. Nothing was lost."}),
    ("?add=causes", "causes/add/", {"text": "The disk was full."}),
    ("?add=actions", "actions/add/", {"title": "Watch the disk"}),
)
"""What blocks where it is missing: the query that opens a form, its address, what is typed."""


def write_the_least(page: Page, edit: str) -> None:
    """Write what a COE with a start of its impact needs, so that nothing blocks its review."""
    for query, path, typed in LEAST:
        page.goto(f"{edit}{query}")
        form = page.locator(f'form[action="{edit}{path}"]').first
        fields = form.evaluate("form => Object.fromEntries(new FormData(form))")
        assert page.request.post(f"{edit}{path}", form={**fields, **typed}).ok


def give_reasons(page: Page, edit: str) -> int:
    """Give everything that needs a reason one, and return how many there were."""
    address = f"{edit}findings/"
    listed = page.request.get(address).text()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', listed)
    assert token
    keys = dict.fromkeys(re.findall(r"/reason/\?key=([0-9a-f]{64})", listed))
    for key in keys:
        typed = {"csrfmiddlewaretoken": token[1], "key": key, "reason": "It is not known."}
        assert page.request.post(f"{address}reason/", form=typed).ok
    return len(keys)


def accept_items(page: Page, reference: str) -> None:
    """Accept every action item that is complete, as whoever approves the COE does."""
    page.goto(f"/coes/{reference}/review/actions/")
    page.get_by_role("button", name="Accept all that are ticked").click()
    expect(page.get_by_role("link", name="to approve the text")).to_be_visible()


def read_pdf(page: Page, address: str) -> bytes:
    """The PDF, also where others are being made first: then it is asked for again, as the page
    does for a person."""
    for _ in range(TRIES):
        answer = page.request.get(address)
        if answer.status != BUSY:
            break
        page.wait_for_timeout(1000 * int(answer.headers["retry-after"]))
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()
