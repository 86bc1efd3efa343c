"""The first page tells the whole story on one page, whatever there is to tell."""

import re
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from coe.exports import design
from coe.exports.front import FIRST_FACT, GUTTER, WIDTH, Front, _is_lent, front_of
from coe.exports.measure import Face
from coe.exports.pdf import html_of
from coe.exports.pdf_worker import Limits
from coe.exports.rendering import File, render_pdf
from coe.exports.report import report
from coe.snapshots.printable import Printable
from coe.snapshots.snapshot import Snapshot
from tests.exports import fronts, samples
from tests.exports.reading import heights, opened, page_texts

MARGIN = 20 / 25.4 * 72
"""At the foot, in points: below stands the foot line alone."""
ALIKE = "@page { margin-top: 13mm; @top-left { content: none } } .alone { break-before: page }"
"""Gives every page what the first one has."""

STEPS = [fronts.filled(fronts.LATIN, length) for length in range(900, 2_400, 300)]
LISTS = "\n".join(f"{number}. **{fronts.LATIN.strip()}** `x{number}`" for number in range(9))
NESTED = "\n".join(f"{'  ' * depth}- {fronts.LATIN}" for depth in range(6))
HEADED = f"# {fronts.LATIN}\n\n> {fronts.LATIN * 5}\n\n## And\n\n{fronts.LATIN * 4}"
CODED = "`SELECT id FROM iiiiiiii` " * 25

CASES: dict[str, Printable] = {
    "latin": fronts.crowded(),
    "ideographs": fronts.crowded(fronts.IDEOGRAPHS),
    "wide": fronts.crowded(fronts.WIDE),
    "cyrillic": fronts.crowded(fronts.CYRILLIC, title=20, rows=2),
    "endless": fronts.crowded(fronts.ENDLESS, title=20, rows=2),
    "symbols": fronts.crowded(fronts.SYMBOLS, title=90, rows=9),
    "ten thousand words": fronts.crowded(summary=fronts.words(10_000)),
    **{f"summary of {len(text)}": fronts.summarised(text) for text in STEPS},
    "numbered": fronts.summarised(LISTS),
    "nested": fronts.summarised(NESTED),
    "headed": fronts.summarised(HEADED),
    "coded": fronts.summarised(CODED),
    "hard": samples.hard(),
    "emoji": fronts.crowded("🚀"),
    "promised": fronts.crowded(is_promised=True),
    "promised in wide letters": fronts.crowded(fronts.WIDE, is_promised=True),
    "named in symbols": fronts.named_in(fronts.SYMBOLS),
    "draft": replace(fronts.crowded(), envelope=samples.DRAFT.envelope),
    "silent": fronts.silent(),
    "of a kind": replace(
        fronts.crowded(), snapshot=replace(fronts.crowded().snapshot, category="data_loss")
    ),
    "empty": samples.EMPTY,
}


def front(printable: Printable) -> Front:
    return front_of(report(printable))


def laid_out(html: str, *more: str) -> PdfReader:
    """`html` as `pdf_of` lays it out, but with time enough for a busy machine."""
    limits = Limits(cpu_seconds=120, wall_seconds=600)
    sheets = (design.faces(), design.stylesheet("full"), *more)
    files = {name: File(*font) for name, font in design.fonts().items()}
    return opened(render_pdf(html, stylesheets=sheets, files=files, limits=limits))


def head(printable: Printable) -> str:
    """The first page alone, as HTML."""
    html = html_of(printable)
    start, end = html.index('<header class="front">'), html.index("</header>") + len("</header>")
    return html[start:end]


@pytest.fixture(scope="module")
def pages() -> PdfReader:
    """The first pages of all CASES, one after the other, in one document."""
    whole = html_of(samples.PUBLISHED)
    before, after = whole.split('<header class="front">')[0], "</body></html>"
    html = (
        before
        + "".join(f'<div class="alone">{head(each)}</div>' for each in CASES.values())
        + after
    )
    return laid_out(html, ALIKE)


@pytest.fixture(scope="module")
def reached(pages: PdfReader) -> dict[str, float]:
    """How high above the lower edge the last line of each page stands, in points."""
    lines = {name: heights(page) for name, page in zip(CASES, pages.pages, strict=True)}
    foot = min(lines["empty"])
    return {name: min(each - {foot}) for name, each in lines.items()}


def test_each_first_page_is_one_page(pages: PdfReader) -> None:
    texts = page_texts(pages)
    assert [text.count("Correction of Error") for text in texts] == [1] * len(CASES)


def test_no_first_page_reaches_into_its_margin(reached: dict[str, float]) -> None:
    assert {name: height for name, height in reached.items() if height < MARGIN} == {}


def test_the_room_of_a_first_page_is_used_where_there_is_more_to_say(
    reached: dict[str, float],
) -> None:
    """A page that leaves something out ends in its last fifth."""
    left_out = [name for name, case in CASES.items() if not front(case).is_complete]
    assert len(left_out) > 10
    assert {name: reached[name] for name in left_out if reached[name] > 842 / 5} == {}


def test_what_is_not_whole_says_where_the_rest_is(pages: PdfReader) -> None:
    for text, case in zip(page_texts(pages), CASES.values(), strict=True):
        shown = front(case)
        said = [
            ("The whole summary stands on page", not shown.is_summary_whole),
            (f"… and {shown.further_causes} more in part", shown.further_causes),
            (f"… and {shown.further_corrections} more in part", shown.further_corrections),
            (
                f"… and {shown.further_figures} more in part",
                shown.figures and shown.further_figures,
            ),
        ]
        for words, is_so in said:
            assert (words in text) == bool(is_so), words


def test_a_summary_that_fits_stands_there_whole_to_its_last_word(pages: PdfReader) -> None:
    whole = 0
    for text, case in zip(page_texts(pages), CASES.values(), strict=True):
        summary = report(case).summary
        if summary in STEPS and front(case).is_summary_whole:
            whole += 1
            assert summary.replace(" ", "") in text.replace(" ", "")
    assert 1 < whole < len(STEPS)


@pytest.fixture(scope="module")
def crowded() -> PdfReader:
    return laid_out(html_of(fronts.crowded(summary=fronts.words(2_000))))


def test_a_long_summary_is_begun_on_the_first_page_and_whole_in_their_section(
    crowded: PdfReader,
) -> None:
    first, second, *_ = page_texts(crowded)
    assert "word0 word1 word2" in first
    assert "word1999" not in first
    assert "The whole summary stands on page 2" in first
    assert second.index("Contents") < second.index("word0 word1")
    there = set(re.findall(r"word\d+", " ".join(page_texts(crowded)[1:])))
    assert there == {f"word{number}" for number in range(2_000)}


def test_of_forty_causes_and_sixty_corrections_the_first_page_names_some_and_counts_the_others(
    crowded: PdfReader,
) -> None:
    first, *others = page_texts(crowded)
    shown = front(fronts.crowded(summary=fronts.words(2_000)))
    assert len(shown.causes) + shown.further_causes == 40
    assert len(shown.corrections) + shown.further_corrections == 60
    assert min(len(shown.causes), len(shown.corrections)) >= 3
    assert all(f"A{number} " in first for number in range(1, 1 + len(shown.corrections)))
    assert f"… and {shown.further_corrections} more in part" in first
    assert "A60 " in " ".join(others)


def test_nothing_of_the_longest_title_is_cut_off(crowded: PdfReader) -> None:
    title = fronts.crowded().snapshot.title
    assert len(title) > 295
    assert title.replace(" ", "") in page_texts(crowded)[0].replace(" ", "")


def test_the_causes_nearest_to_the_impact_are_named_first_and_in_their_order() -> None:
    shown = front(fronts.crowded(rows=40)).causes
    numbers = [int(each.reference.number[1:]) for each in shown]
    assert numbers == sorted(numbers)
    assert all(number % 3 == 1 for number in numbers)


def test_a_hypothesis_is_named_as_one_on_the_first_page_too() -> None:
    causes = {each.reference.number: each.text for each in front(samples.PUBLISHED).causes}
    assert [text for text in causes.values() if text.startswith("Hypothesis: ")] == [
        text for text in causes.values() if "drills" in text
    ]
    assert all(each.text.startswith("Hypothesis: ") for each in front(fronts.crowded()).causes)


def test_a_table_in_a_summary_is_left_to_its_section() -> None:
    shown = front(fronts.summarised("Two regions.\n\n| a | b |\n| - | - |\n| c | d |"))
    assert not shown.is_summary_whole
    assert shown.summary == ("Two regions.",)


def test_room_is_left_for_lines_with_characters_of_other_fonts_wherever_they_stand() -> None:
    latin, other = fronts.crowded().snapshot, fronts.named_in("🚀").snapshot

    def is_lent(snapshot: Snapshot) -> bool:
        return _is_lent(report(replace(samples.PUBLISHED, snapshot=snapshot)))

    assert not is_lent(latin)
    assert is_lent(replace(latin, figures=other.figures))
    assert is_lent(replace(latin, actions=other.actions))
    assert is_lent(replace(latin, owner=replace(latin.owner, role="🚀")))


def test_a_date_among_the_facts_is_never_broken() -> None:
    """Also where the kind of incident leaves each fact the least room."""
    for printable, said in ((samples.PUBLISHED, "2 Mar 2017"), (samples.DRAFT, "as of 9 Mar 2017")):
        breach = replace(printable, snapshot=replace(printable.snapshot, category="security"))
        facts = report(breach).facts
        start, _, year = facts[-1].remark.rpartition("\N{NO-BREAK SPACE}")
        assert " ".join(facts[-1].remark.split()) == said
        day = f"{start}\N{NO-BREAK SPACE}{year}".removeprefix("as of ")
        assert " " not in day
        assert len(facts) == 6
        assert Face(8.0).width(day) < (WIDTH - FIRST_FACT) / 5 - GUTTER


def places_of(page: PageObject) -> dict[str, float]:
    """How far from the left edge each run of words of 9 pt begins, in points."""
    found: dict[str, float] = {}

    def note(text: str, cm: list[float], tm: list[float], *_: Any) -> None:
        space = (len(text) - len(text.lstrip(" "))) * Face(9.0).width(" ") / 25.4 * 72
        found[text.strip()] = cm[0] * tm[4] + cm[4] + space

    page.extract_text(visitor_text=note)
    return found


def test_the_first_line_of_a_cause_begins_where_its_others_do() -> None:
    text = "cause word " * 20
    causes = tuple(replace(each, text=text) for each in samples.SNAPSHOT.causes[:1])
    printable = replace(samples.PUBLISHED, snapshot=replace(samples.SNAPSHOT, causes=causes))
    places = places_of(laid_out(html_of(printable)).pages[0])
    begun = [left for run, left in places.items() if run.startswith(("cause", "word"))]
    assert len(begun) == 2
    assert begun[0] == pytest.approx(begun[1], abs=0.1)


def test_what_is_not_stated_is_not_printed_as_a_fact() -> None:
    for printable in (fronts.silent(), samples.EMPTY):
        assert '<th scope="col">Service</th>' not in html_of(printable)
        assert "Not stated" not in html_of(printable)
    assert '<th scope="col">Service</th>' in html_of(samples.PUBLISHED)


def test_a_publication_says_nothing_of_what_it_does_not_hold() -> None:
    html = head(fronts.silent())
    for absent in ("Summary", "Impact", "Causes", "Action items", "Not written yet"):
        assert absent not in html


def test_corrections_stand_with_their_state_once_they_are_promised() -> None:
    published, draft = front(samples.PUBLISHED), front(samples.DRAFT)
    assert [each.standing for each in published.corrections] == ["Late", *["Accepted"] * 5]
    assert {each.standing for each in draft.corrections} == {""}
    assert ">State</th>" in head(samples.PUBLISHED)
    assert 'class="standing"' not in head(samples.DRAFT)
