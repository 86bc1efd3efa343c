"""What the bytes of a printed COE say about it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from coe.exports.pdf import html_of
from tests.exports import samples
from tests.exports.conftest import Printed
from tests.exports.reading import addresses, elements, fonts, outline, page_texts, words


def test_is_tagged_and_says_its_language_and_title(printed: Printed) -> None:
    reader = printed("PUBLISHED")
    catalog: Any = reader.root_object
    assert str(catalog["/MarkInfo"]["/Marked"]) == "True"
    assert catalog["/Lang"] == "en"
    assert str(catalog["/ViewerPreferences"]["/DisplayDocTitle"]) == "True"
    assert reader.metadata is not None
    assert reader.metadata.title == "COE-2017-0007: Amazon S3 unavailable in Northern Virginia"


def test_names_itself_pdf_ua_and_nobody_in_its_metadata(printed: Printed) -> None:
    reader = printed("PUBLISHED")
    catalog: Any = reader.root_object
    described = catalog["/Metadata"].get_object().get_data().decode()
    assert 'pdfuaid:part="1"' in described
    assert reader.metadata is not None
    assert set(reader.metadata) == {"/Title", "/Producer"}
    people = [samples.OWNER, samples.MANAGER, samples.INDEX_LEAD]
    assert not any(person.name in described + str(reader.metadata) for person in people)
    assert "Date" not in described


def test_outline_follows_the_headings(printed: Printed) -> None:
    assert outline(printed("PUBLISHED")) == [
        (1, "Amazon S3 unavailable in Northern Virginia"),
        (2, "1 Impact"),
        (3, "What was not affected"),
        (3, "From customers"),
        (2, "2 Metrics"),
        (2, "3 Timeline"),
        (2, "4 Incident questions"),
        (3, "Detection"),
        (3, "Mitigation"),
        (3, "Prevention"),
        (2, "5 Safeguards"),
        (2, "6 Causes"),
        (3, "Why did it happen?"),
        (3, "Why did detection take about 4 min?"),
        (3, "Why did mitigation take 3 h 41 min?"),
        (2, "7 Lessons"),
        (3, "Went well"),
        (3, "Got lucky"),
        (2, "8 Action items"),
        (2, "9 Related items"),
        (2, "10 People"),
        (2, "11 Promises"),
    ]


def test_headings_lists_and_tables_are_tagged_as_such(printed: Printed) -> None:
    count = Counter(kind for kind, _ in elements(printed("PUBLISHED")))
    assert count["H1"] == 1
    assert count["H2"] == 16
    assert count["H3"] == 10
    assert count["Table"] >= 10
    assert count["LI"] >= len(samples.SNAPSHOT.causes)
    assert count["Link"] > 10


def test_lists_hold_items_and_nothing_else(printed: Printed) -> None:
    for name in ("PUBLISHED", "DRAFT"):
        lists = [element for kind, element in elements(printed(name)) if kind == "L"]
        below = {str(each.get_object()["/S"]) for element in lists for each in element["/K"]}  # type: ignore[attr-defined]
        assert below == {"/LI"}


def test_every_table_has_a_row_of_heads(printed: Printed) -> None:
    for name in ("PUBLISHED", "DRAFT"):
        tables = [element for kind, element in elements(printed(name)) if kind == "Table"]
        for table in tables:
            parts: list[Any] = [each.get_object() for each in table["/K"]]  # type: ignore[attr-defined]
            assert str(parts[0]["/S"]) == "/THead"


def test_every_data_cell_names_its_header_cells(printed: Printed) -> None:
    found = elements(printed("PUBLISHED"))
    heads = {str(element["/ID"]) for kind, element in found if kind == "TH"}
    cells: list[Any] = [element for kind, element in found if kind == "TD"]
    assert len(heads) > 30
    assert len(cells) > 60
    for cell in cells:
        named = {str(name) for name in cell["/A"]["/Headers"]}
        assert named
        assert named <= heads


def test_every_figure_has_an_alternative(printed: Printed) -> None:
    for name in ("PUBLISHED", "HARD"):
        figures = [element for kind, element in elements(printed(name)) if kind == "Figure"]
        assert all(str(element.get("/Alt", "")) for element in figures)


def test_fonts_are_ours_and_embedded(printed: Printed) -> None:
    found = fonts(printed("PUBLISHED"))
    assert len(found) == 5
    assert all(found.values())
    assert all("+IBM-Plex-" in name for name in found)


def test_first_page_tells_the_story(printed: Printed) -> None:
    front = page_texts(printed("PUBLISHED"))[0]
    snapshot = samples.SNAPSHOT
    for text in (
        snapshot.title,
        "COE-2017-0007",
        "Sev 1 Customers cannot use the service",
        "Version 1",
        "2 Mar 2017",
        "4 h 17 min",
        "Both had to be restarted from nothing, which nobody had done at this size for years",
        *(action.title for action in snapshot.actions),
        "30 Jun 2017",
        "Confidential",
        "Page 1 of 8",
    ):
        assert text in front


def test_sections_follow_on_the_second_page(printed: Printed) -> None:
    second = page_texts(printed("PUBLISHED"))[1]
    assert second.index("Contents") < second.index("11 Promises 8") < second.index("Customers with")


def test_every_page_carries_reference_digest_and_number(printed: Printed) -> None:
    pages = page_texts(printed("PUBLISHED"))
    for number, text in enumerate(pages, 1):
        standing = f"COE-2017-0007 · Version 1 · text {samples.DIGEST[:12]} · Confidential"
        assert standing in text
        assert f"Page {number} of {len(pages)}" in text
        assert samples.SNAPSHOT.title in text


def test_links_lead_where_the_authors_said_and_nowhere_else(printed: Printed) -> None:
    snapshot = samples.SNAPSHOT
    written = {entry.evidence for entry in snapshot.entries}
    written |= {action.tracker for action in snapshot.actions}
    written |= {item.url for item in snapshot.related}
    assert addresses(printed("PUBLISHED")) == written - {""}


def test_links_inside_lead_somewhere(printed: Printed) -> None:
    reader = printed("PUBLISHED")
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    inside = {str(note["/Dest"]) for note in notes if "/Dest" in note}
    assert inside
    assert inside <= set(reader.named_destinations)


def test_watermark_stands_on_every_page_of_what_is_not_published(printed: Printed) -> None:
    assert all("Draft, not published" in text for text in page_texts(printed("DRAFT")))
    assert not any("not published" in text for text in page_texts(printed("PUBLISHED")))


@pytest.mark.parametrize(
    ("state", "mark"),
    [
        ("draft", "Draft, not published"),
        ("in_review", "In review, not published"),
        ("changes_requested", "Changes requested, not published"),
        ("approved", "Approved, not published"),
    ],
)
def test_the_watermark_names_the_state(state: str, mark: str) -> None:
    envelope = replace(samples.DRAFT.envelope, state=state)
    html = html_of(replace(samples.DRAFT, envelope=envelope))
    assert f'data-watermark="{mark}"' in html
    assert 'data-watermark=""' in html_of(samples.PUBLISHED)


def test_a_signature_says_who_signed_as_what_and_when_with_its_zone(printed: Printed) -> None:
    last = page_texts(printed("PUBLISHED"))[-1]
    assert (
        "Adaeze Obi Approver (Director, storage) 2 Mar 2017, 08:20 PST (UTC\N{MINUS SIGN}08:00)"
        in last
    )


def test_a_hypothesis_prints_as_one(printed: Printed) -> None:
    text = " ".join(page_texts(printed("PUBLISHED")))
    assert "Contributing factor · Hypothesis, not confirmed Restart drills may have been" in text


def test_promises_stand_as_of_the_day(printed: Printed) -> None:
    last = page_texts(printed("PUBLISHED"))[-1]
    assert "As of 9 March 2017: 0 of 6 verified, 1 late. By due date." in last
    assert last.count("Accepted, late") == 1
    assert last.count("Accepted") == 6


def test_an_empty_coe_says_quietly_what_is_missing(printed: Printed) -> None:
    pages = page_texts(printed("EMPTY"))
    assert len(pages) == 3
    assert "Not known yet: impact started, detected, acknowledged, diagnosed" in pages[0]
    assert " ".join(pages).count("Not written yet.") == 11


def test_an_empty_publication_is_as_short_as_what_it_holds() -> None:
    empty = replace(samples.PUBLISHED, snapshot=samples.EMPTY.snapshot, promises=())
    html = html_of(empty)
    assert "Not written yet." not in html
    assert words(html).count("<h2>") == 1
    assert '<span class="section-number">1</span> People' in html
    assert "Not answered" not in html


def test_a_figure_says_how_many_how_it_is_known_and_on_what_basis(printed: Printed) -> None:
    text = " ".join(page_texts(printed("PUBLISHED")))
    for row in (
        "Requests that failed 1,250,000 requests Measured Counted at the front end",
        "Share of customers 62.5 % Estimated From the accounts",
        "Lost orders Not known Nobody counted yet.",
    ):
        assert row in text


def test_a_safeguard_says_whether_it_held_and_why_not(printed: Printed) -> None:
    text = " ".join(page_texts(printed("PUBLISHED")))
    for row in (
        "Limit on removal Limit Missing Nobody asked for it.",
        "Playbook Runbook Failed It took any number.",
        "Front-end alarm Alarm Held",
    ):
        assert row in text


def test_questions_stand_above_their_answers_and_what_waits_only_on_a_working_copy(
    printed: Printed,
) -> None:
    published, draft = (" ".join(page_texts(printed(name))) for name in ("PUBLISHED", "DRAFT"))
    for text in (published, draft):
        assert "How was it found? By an alarm of the front end." in text
        assert "Which rule would make this impossible? A floor." in text
    assert "Not answered: Should it have been found sooner, and by what?" in draft
    assert "Not answered: What did it cost the business?" in draft
    for waiting in ("Not answered", "found sooner", "Diagnosis What slowed"):
        assert waiting not in published


def test_an_accepted_risk_says_who_accepted_it_and_why(printed: Printed) -> None:
    text = " ".join(page_texts(printed("PUBLISHED")))
    assert "Risk accepted by Adaeze Obi, Director, storage: A drill would stop customers." in text


def test_an_open_end_is_said_to_be_one_to_its_authors_alone() -> None:
    snapshot = replace(samples.SNAPSHOT, actions=())
    draft = html_of(replace(samples.DRAFT, snapshot=snapshot))
    assert draft.count("Open: no action item answers it, and the risk is not accepted") == 3
    published = html_of(replace(samples.PUBLISHED, snapshot=snapshot, promises=()))
    assert "Open:" not in published


def test_entries_say_their_kind_and_an_older_text_without_kinds_has_no_empty_column(
    printed: Printed,
) -> None:
    text = " ".join(page_texts(printed("PUBLISHED")))
    assert "11:37 +2 h Communication The status page" in text
    assert "13:54 +4 h 17 min Resolution Resolved Placement" in text
    older = tuple(replace(each, kind="", milestone="") for each in samples.SNAPSHOT.entries)
    html = html_of(replace(samples.PUBLISHED, snapshot=replace(samples.SNAPSHOT, entries=older)))
    assert 'class="kind">Communication' not in html
    assert 'colspan="2"' in html


def test_the_hour_of_printing_changes_nothing() -> None:
    later = replace(samples.PUBLISHED, as_of=samples.PUBLISHED.as_of + timedelta(hours=1))
    assert html_of(samples.PUBLISHED) == html_of(later)
