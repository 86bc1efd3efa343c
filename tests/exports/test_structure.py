"""What the bytes of a printed COE say about it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from coe.exports.pdf import html_of, pdf_of
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
        (2, "Course of the incident"),
        (2, "Summary"),
        (2, "Corrections"),
        (2, "1 Impact"),
        (3, "What was not affected"),
        (2, "2 Timeline"),
        (2, "3 Causes"),
        (2, "4 Corrections"),
        (2, "5 Sign-offs"),
        (2, "6 Promises"),
    ]


def test_headings_lists_and_tables_are_tagged_as_such(printed: Printed) -> None:
    count = Counter(kind for kind, _ in elements(printed("PUBLISHED")))
    assert count["H1"] == 1
    assert count["H2"] == 9
    assert count["H3"] == 1
    assert count["Table"] >= 8
    assert count["LI"] >= len(samples.SNAPSHOT.causes)
    assert count["Link"] > 10


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
        "Sev 1: customers cannot use the service",
        "Version 1",
        "2 March 2017",
        "4 h 17 min",
        "Both had to be restarted from nothing, which nobody had done at this size for years",
        *(action.title for action in snapshot.actions),
        "30 Jun 2017",
        "Page 1 of 5",
    ):
        assert text in front


def test_sections_follow_on_the_second_page(printed: Printed) -> None:
    assert "1 Impact" in page_texts(printed("PUBLISHED"))[1]


def test_every_page_carries_reference_digest_and_number(printed: Printed) -> None:
    pages = page_texts(printed("PUBLISHED"))
    for number, text in enumerate(pages, 1):
        assert f"COE-2017-0007 · Version 1 · text {samples.DIGEST[:12]}" in text
        assert f"Page {number} of {len(pages)}" in text
        assert samples.SNAPSHOT.title in text


def test_links_lead_where_the_authors_said_and_nowhere_else(printed: Printed) -> None:
    snapshot = samples.SNAPSHOT
    written = {entry.evidence for entry in snapshot.entries}
    written |= {action.tracker for action in snapshot.actions}
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


def test_a_review_is_named_as_one() -> None:
    envelope = replace(samples.DRAFT.envelope, state="in_review")
    html = html_of(replace(samples.DRAFT, envelope=envelope))
    assert 'data-watermark="In review, not published"' in html


def test_a_hypothesis_prints_as_one(printed: Printed) -> None:
    text = " ".join(page_texts(printed("PUBLISHED")))
    assert "Contributing factor · Hypothesis, not confirmed Restart drills may have been" in text


def test_promises_stand_as_of_the_day(printed: Printed) -> None:
    last = page_texts(printed("PUBLISHED"))[-1]
    assert "The corrections as they stood on 9 March 2017" in last
    assert last.count("Late") == 1


def test_an_empty_coe_says_quietly_what_is_missing(printed: Printed) -> None:
    pages = page_texts(printed("EMPTY"))
    assert len(pages) == 2
    assert pages[0].count("Not known yet") == 10
    assert pages[1].count("Not written yet.") == 4


def test_an_empty_publication_keeps_its_sections() -> None:
    html = html_of(replace(samples.PUBLISHED, snapshot=samples.EMPTY.snapshot, promises=()))
    assert html.count("Nothing was written here.") == 6
    assert "This publication makes no promises." in words(html)


def test_same_input_gives_same_bytes() -> None:
    later = replace(samples.PUBLISHED, as_of=samples.PUBLISHED.as_of + timedelta(hours=1))
    assert pdf_of(samples.PUBLISHED) == pdf_of(later)
