"""Reading one COE: what each address gives to whom."""

import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from coe.accounts.models import User
from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, State
from coe.documents.rows import add_row
from coe.documents.services import AnswerChange, save_answers
from coe.exports.pdf import html_of
from coe.whys.models import Safeguard
from coe.whys.services import add_cause
from tests.library.pages import body, forms, get, words
from tests.people import People
from tests.reviews.steps import (
    ask_for_changes,
    bring_to,
    digest_on_screen,
    fresh,
    propose,
    publish_draft,
    reopen,
    state_facts,
    submit,
    write,
)

TITLE = "Uploads failed for one customer in ten"
OUTSIDERS = ("leader", "stranger", "admin")
INSIDERS = ("owner", "contributor", "colleague", "manager", "director")
MISSING = "COE-1999-0001"


@pytest.fixture(autouse=True)
def printing_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF's page before it is laid out: what stands on paper is asked here, not how."""
    monkeypatch.setattr("coe.exports.views.pdf_of", lambda printable: html_of(printable).encode())


@pytest.fixture
def corrected(document: Document, people: People) -> Document:
    """Published, and drafted again with other words everywhere."""
    propose(document, "Alarm at 80 % full", by=people.owner)
    write(document, "One in ten.", by=people.owner)
    publish_draft(document, people)
    reopen(document, by=people.owner)
    write(document, "Secretword in the summary.", by=people.owner)
    state_facts(document, title="Secretword in the title", by=people.owner)
    propose(document, "Secretword in an action", by=people.owner)
    return fresh(document)


def addresses(document: Document) -> dict[str, str]:
    base = f"/coes/{document.reference}"
    return {
        "page": f"{base}/",
        "pdf": f"{base}.pdf",
        "draft": f"{base}/draft/",
        "draft pdf": f"{base}/draft.pdf",
    }


def test_a_draft_is_read_by_those_who_may_and_is_not_there_for_others(
    document: Document, people: People, client: Client
) -> None:
    for address in addresses(document).values():
        for name in INSIDERS:
            answer = get(client, getattr(people, name), address)
            assert answer.status_code == 200, (name, address)
            assert TITLE in words(answer)
        for name in OUTSIDERS:
            assert get(client, getattr(people, name), address).status_code == 404, (name, address)


def test_what_one_may_not_know_of_answers_as_what_is_not_there(
    document: Document, people: People, client: Client
) -> None:
    client.force_login(people.stranger)
    for name, address in addresses(document).items():
        hidden = client.get(address)
        missing = client.get(address.replace(document.reference, MISSING))
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert body(hidden) == body(missing), name
        assert hidden.headers["Content-Type"] == missing.headers["Content-Type"]


def test_the_draft_of_a_published_coe_is_not_there_for_strangers(
    corrected: Document, people: People, client: Client
) -> None:
    where = addresses(corrected)
    for name in OUTSIDERS:
        client.force_login(getattr(people, name))
        for address in (where["draft"], where["draft pdf"]):
            hidden = client.get(address)
            missing = client.get(address.replace(corrected.reference, MISSING))
            assert hidden.status_code == 404
            assert body(hidden) == body(missing)


def test_no_word_of_a_correction_reaches_a_reader_of_the_publication(
    corrected: Document, people: People, client: Client
) -> None:
    where = addresses(corrected)
    for name in (*OUTSIDERS, "owner"):
        for address in (where["page"], where["pdf"], "/actions/"):
            answer = get(client, getattr(people, name), address)
            assert answer.status_code == 200, (name, address)
            assert "Secretword" not in answer.content.decode(), (name, address)
            assert "Alarm at 80 % full" in words(answer), (name, address)


def test_the_writers_of_a_correction_read_it_under_its_own_address(
    corrected: Document, people: People, client: Client
) -> None:
    where = addresses(corrected)
    for name in ("contributor", "colleague", "director"):
        for address in (where["draft"], where["draft pdf"]):
            answer = get(client, getattr(people, name), address)
            text = words(answer)
            assert "Secretword in the title" in text
            assert "Secretword in the summary." in text
            assert "Secretword in an action" in text


def test_the_way_to_the_draft_is_shown_to_those_who_may_go_it(
    corrected: Document, people: People, client: Client
) -> None:
    where = addresses(corrected)
    for name in INSIDERS:
        page = get(client, getattr(people, name), where["page"]).content.decode()
        assert f'href="{where["draft"]}"' in page, name
    for name in OUTSIDERS:
        page = get(client, getattr(people, name), where["page"]).content.decode()
        assert "/draft/" not in page, name
        assert "/edit/" not in page, name


def test_a_restricted_publication_is_not_there_for_those_who_are_not_named(
    document: Document, people: People, client: Client
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    publish_draft(document, people)
    for name in ("owner", "contributor", "manager"):
        for address in addresses(document).values():
            assert get(client, getattr(people, name), address).status_code == 200
    for name in ("colleague", "director", *OUTSIDERS):
        client.force_login(getattr(people, name))
        for address in addresses(document).values():
            hidden = client.get(address)
            assert hidden.status_code == 404, (name, address)
            assert body(hidden) == body(client.get(address.replace(document.reference, MISSING)))


def test_whoever_is_not_signed_in_learns_nothing(corrected: Document, client: Client) -> None:
    for address in addresses(corrected).values():
        for reference in (corrected.reference, MISSING):
            asked = address.replace(corrected.reference, reference)
            answer = client.get(asked)
            assert (answer.status_code, answer["Location"]) == (
                302,
                f"/accounts/login/?next={asked}",
            )


def test_the_file_is_called_after_what_is_in_it(
    corrected: Document, people: People, client: Client
) -> None:
    where, reference = addresses(corrected), corrected.reference
    published = get(client, people.owner, where["pdf"])
    assert published["Content-Disposition"] == f'inline; filename="{reference}-v1.pdf"'
    drafted = get(client, people.owner, where["draft pdf"])
    assert drafted["Content-Disposition"] == f'inline; filename="{reference}-draft.pdf"'


def test_a_pdf_is_shown_at_its_address_and_saved_by_the_link_under_download(
    corrected: Document, people: People, client: Client
) -> None:
    where, reference = addresses(corrected), corrected.reference
    page = get(client, people.owner, f"/coes/{reference}/").content.decode()
    assert f'href="{where["pdf"]}?download"' in page
    saved = get(client, people.owner, f"{where['pdf']}?download")
    assert saved["Content-Disposition"] == f'attachment; filename="{reference}-v1.pdf"'


BUTTONS = """
draft             owner        submit
draft             contributor  submit
draft             colleague
draft             manager
draft             director
in_review         owner        withdraw
in_review         contributor
in_review         colleague
in_review         manager      approve request-changes
in_review         director
changes_requested owner        submit
changes_requested contributor  submit
changes_requested colleague
changes_requested manager
changes_requested director
approved          owner        publish reopen
approved          contributor
approved          colleague
approved          manager      publish
approved          director
"""
ROWS = [line.split() for line in BUTTONS.split("\n") if line]


def offered(client: Client, user: User, document: Document) -> dict[str, str]:
    """The forms on the working copy's page, by the button's last word of the address.

    Without those that say something about it, which everybody has who may read it.
    """
    found = forms(get(client, user, f"/coes/{document.reference}/draft/"))
    start = f"/coes/{document.reference}/"
    words = {action.removeprefix(start).strip("/"): form for action, form in found.items()}
    return {word: form for word, form in words.items() if not word.startswith("review/threads")}


@pytest.mark.parametrize("state", State.values)
def test_only_the_buttons_that_one_may_press_are_shown(
    state: str, document: Document, people: People, client: Client
) -> None:
    bring_to(document, State(state), people)
    for _, name, *buttons in (row for row in ROWS if row[0] == state):
        assert set(offered(client, getattr(people, name), document)) == set(buttons), name


def test_once_the_text_is_out_there_is_nothing_to_publish_but_a_correction_to_open(
    document: Document, people: People, client: Client
) -> None:
    publish_draft(document, people)
    assert set(offered(client, people.owner, document)) == {"reopen"}
    assert set(offered(client, people.manager, document)) == set()
    for name in (*INSIDERS, *OUTSIDERS):
        page = get(client, getattr(people, name), f"/coes/{document.reference}/")
        assert forms(page) == {}, "readers of a publication press nothing"


@pytest.mark.parametrize(
    ("state", "name", "button"),
    [
        (State.IN_REVIEW, "manager", "approve"),
        (State.IN_REVIEW, "manager", "request-changes"),
        (State.APPROVED, "owner", "publish"),
        (State.APPROVED, "manager", "publish"),
    ],
)
def test_a_form_that_is_about_the_text_carries_the_digest_of_the_text_that_is_shown(
    state: State, name: str, button: str, document: Document, people: People, client: Client
) -> None:
    bring_to(document, state, people)
    form = offered(client, getattr(people, name), document)[button]
    assert f'name="digest" value="{digest_on_screen(document)}"' in form
    assert "csrfmiddlewaretoken" in form


def test_what_was_asked_for_is_shown_until_it_is_submitted_again(
    document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    ask_for_changes(document, by=people.manager, note="How many customers?")
    address = f"/coes/{document.reference}/"
    assert "Manager asked for changes: How many customers?" in words(
        get(client, people.contributor, address)
    )
    submit(document, by=people.owner)
    assert "How many customers?" not in words(get(client, people.contributor, address))


def test_a_draft_says_that_it_is_one_and_a_publication_which_version_it_is(
    document: Document, people: People, client: Client
) -> None:
    address = f"/coes/{document.reference}/"
    assert 'class="watermark"' in get(client, people.owner, address).content.decode()
    publish_draft(document, people)
    page = get(client, people.stranger, address)
    assert 'class="watermark"' not in page.content.decode()
    assert "Published v1" in words(page)
    assert "Approved by Manager (Platform)" in words(page)


@pytest.mark.parametrize(
    "reference", ["COE-2026-1", "COE-2026-0000001", "coe-2026-0001", "COE-2026-0001%00", "new%2F"]
)
def test_an_address_that_is_no_reference_is_not_there(
    reference: str, people: People, client: Client
) -> None:
    assert get(client, people.owner, f"/coes/{reference}/").status_code == 404


def test_a_renamed_owner_publishes_by_the_button_on_the_page(
    document: Document, people: People, client: Client
) -> None:
    bring_to(document, State.APPROVED, people)
    User.objects.filter(pk=people.owner.pk).update(name="Olive Owner")
    form = offered(client, people.owner, document)["publish"]
    (digest,) = re.findall(r'name="digest" value="(\w{64})"', form)
    answer: Any = client.post(f"/coes/{document.reference}/publish/", {"digest": digest})
    assert answer.status_code == 303
    assert "Published v1" in words(client.get(answer["Location"]))


def full(document: Document, people: People) -> None:
    """Something of each kind, with one question answered."""
    by = people.owner
    write(document, "One in ten.", by=by)
    answer = document.answers.get(question__slug="found-by")
    save_answers(document, changes=[AnswerChange(answer, 1, "By an *alarm*.")], by=by)
    for kind, values in (
        (ImpactFigure, {"what": "Requests", "amount": Decimal("1200.50"), "unit": "requests"}),
        (Safeguard, {"name": "Canary <b>", "kind": "canary", "outcome": "missing"}),
        (Lesson, {"kind": "lucky", "text": "It was *night*."}),
        (RelatedItem, {"kind": "change", "title": "Rollout 9", "url": "https://c.example.org/9"}),
        (RelatedItem, {"kind": "feedback", "title": "A letter", "note": "They waited."}),
    ):
        add_row(kind, document=document, uid=uuid4(), values=values, by=by)
    risk = {"risk_reason": "It is rare.", "risk_approver_id": people.manager.pk}
    for values in ({"text": "Disks filled up"}, {"text": "Nobody looked", **risk}):
        add_cause(document, uid=uuid4(), values=values, explains=[], by=by)


def test_everything_that_was_written_is_read_on_the_page_and_on_paper(
    document: Document, people: People, client: Client
) -> None:
    full(document, people)
    publish_draft(document, people)
    for address in (addresses(document)["page"], addresses(document)["pdf"]):
        page = get(client, people.stranger, address)
        text = words(page)
        for sentence in (
            "How was it found? By an alarm .",
            "Requests 1,200.5 requests Estimated",
            "Canary <b> Canary Missing",
            "It was night .",
            "Rollout 9",
            "A letter",
            "They waited.",
            "Why did it happen?",
            "Risk accepted by Manager, Platform: It is rare.",
            "Internal",
            "Contributor (Payments)",
        ):
            assert sentence in text, (address, sentence)
        assert "Canary <b>" not in page.content.decode()
        for waiting in ("Not answered", "Not written yet", "Open:", "Metrics"):
            assert waiting not in text, (address, waiting)


def test_whoever_may_read_a_draft_is_told_what_is_still_open(
    document: Document, people: People, client: Client
) -> None:
    full(document, people)
    for address in (addresses(document)["draft"], addresses(document)["draft pdf"]):
        text = words(get(client, people.colleague, address))
        assert text.count("Open: no action item answers it, and the risk is not accepted") == 1
        assert "Not answered: Should it have been found sooner, and by what?" in text
        assert "Metrics" in text


def test_a_light_draft_shows_what_it_has_and_what_a_light_one_asks_for(
    document: Document, people: People, client: Client
) -> None:
    Document.objects.filter(pk=document.pk).update(form="light", classification="strict")
    page = get(client, people.colleague, addresses(document)["draft"])
    text = words(page)
    assert "Light COE Strictly confidential" in text
    assert "Action items" in text
    for left_out in ("Metrics", "Safeguards", "Lessons", "Incident questions", "Not answered"):
        assert f"</span> {left_out}" not in page.content.decode()
        assert f'aria-label="Link to {left_out}"' not in page.content.decode()


def test_the_contents_name_every_part_of_the_page_in_its_order(
    document: Document, people: People, client: Client
) -> None:
    full(document, people)
    page = get(client, people.owner, addresses(document)["draft"]).content.decode()
    linked = re.findall(r'<li><a href="#([a-z]+)">', page)
    there = re.findall(r'<section class="article__section"\s+id="([a-z]+)"', page)
    assert linked == there
    assert there[0] == "summary"
    assert there[-2:] == ["people", "elsewhere"]


def test_the_page_opens_on_the_story_in_short_before_its_parts(
    document: Document, people: People, client: Client
) -> None:
    full(document, people)
    propose(document, "Alarm at 80 % full", by=people.owner)
    publish_draft(document, people)
    page = get(client, people.stranger, addresses(document)["page"])
    text = words(page)
    story = text[: text.index("Contents")]
    for sentence in (
        "Not known:",
        "Summary",
        "One in ten.",
        "Requests 1,200.5 requests Estimated",
        "C1 Hypothesis: Disks filled up",
        "A1 Alarm at 80 % full",
    ):
        assert sentence in story
    assert "Not stated" not in text


def test_every_part_can_be_linked_to_and_the_files_are_offered(
    document: Document, people: People, client: Client
) -> None:
    full(document, people)
    publish_draft(document, people)
    page = get(client, people.stranger, addresses(document)["page"]).content.decode()
    parts = re.findall(r'<section class="article__section"\s+id="([a-z]+)"', page)
    assert parts
    assert all(f'href="#{part}"' in page for part in parts)
    downloads = re.findall(r'<details class="downloads">.*?</details>', page, re.DOTALL)
    reference = document.reference
    assert [re.findall(r'href="([^"]+)"', each) for each in downloads] == [
        [
            f"/coes/{reference}.pdf?download",
            f"/coes/{reference}.md",
            f"/coes/{reference}.json",
            f"/coes/{reference}/timeline.csv",
            f"/coes/{reference}/actions.csv",
        ]
    ]


def test_a_light_coe_without_entries_offers_no_table_of_them(
    document: Document, people: People, client: Client
) -> None:
    address = addresses(document)["draft"]
    assert "/timeline.csv" in get(client, people.owner, address).content.decode()
    Document.objects.filter(pk=document.pk).update(form="light")
    page = get(client, people.owner, address).content.decode()
    assert "/timeline.csv" not in page
    assert "/actions.csv" in page
