"""What cannot be laid out in full is printed plainly: all of its words, and why."""

import re

import pytest

from coe.exports import rendering
from coe.exports.pdf import html_of
from coe.exports.pdf_worker import Limits
from coe.exports.plain import MOST_LINES, plain_form
from coe.exports.rendering import RenderingFailed, render_document
from tests.exports import samples
from tests.exports.reading import elements, opened, outline, page_texts


def paragraphs(html: str) -> list[str]:
    """What stands under the note, a block each."""
    found = re.findall(r"<(h\d|p)(?: class=code)?>(.*?)</\1>", plain_form(html, "Why."))
    return [text for _, text in found]


def page(body: str) -> str:
    return f'<!DOCTYPE html><html lang="en"><title>T</title><body data-footer="f">{body}'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One <em>two</em>\n three.</p><p>Four</p>", ["One two three.", "Four"]),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", ["– a", "– b", "– c"]),
        ("<table><tr><th>a</th><td>b<p>c</p></td></tr></table>", ["a · b", "c"]),
        ("<pre><code>if x:\n    y()\n\nz</code></pre>", ["if x:", "    y()", "z"]),
        ('<a href="https://e.org/">there</a>', ["there (https://e.org/)"]),
        ('<a href="https://e.org/">https://e.org/</a>', ["https://e.org/"]),
        ('<a href="#c1">C1</a><img alt="A graph" src="x">', ["C1[A graph]"]),
        ("<svg><title>A line</title><text>axis</text></svg>", ["[A line]"]),
        ("<style>p {}</style>&lt;pod&gt; &amp; co", ["&lt;pod&gt; &amp; co"]),
        ("<br><br>", []),
    ],
)
def test_all_words_are_kept_without_their_layout(html: str, expected: list[str]) -> None:
    assert paragraphs(html) == expected


def test_language_title_and_what_margins_show_come_along() -> None:
    html = '<html lang="de"><head><title>A &amp; B</title></head><body data-footer="&quot;F&quot;">'
    plain = plain_form(html, "Why <this>.")
    assert '<html lang="de">' in plain
    assert "<title>A &amp; B</title>" in plain
    assert '<body data-footer="&quot;F&quot;">' in plain
    assert '<p class="plain-note">Why &lt;this&gt;.</p>' in plain


def test_more_lines_than_fit_run_on_and_none_is_lost() -> None:
    html = "<h2>Log</h2>" + "".join(f"<p>line {n}</p>" for n in range(MOST_LINES * 2))
    blocks = paragraphs(html)
    assert blocks[0] == "Log"
    assert len(blocks) < 60
    assert re.findall(r"line (\d+)", " ".join(blocks)) == [str(n) for n in range(MOST_LINES * 2)]


def test_what_does_not_fit_even_so_is_counted() -> None:
    plain = plain_form("<p>" + "word " * 200_000, "Why.")
    assert re.search(r"About 7,\d\d\d further lines do not fit into a PDF", plain)


def test_a_long_word_is_given_places_to_break() -> None:
    assert paragraphs(f"<p>{'x' * 130}</p>") == [f"{'x' * 60}\u200b{'x' * 60}\u200b{'x' * 10}"]


def test_all_of_a_coe_is_in_its_plain_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "FULL_LIMITS", Limits(output_mb=0))
    rendered = render_document(html_of(samples.DRAFT))
    reader = opened(rendered.content)
    text = " ".join(page_texts(reader))
    assert rendered.is_plain
    assert "This is the plain form of the document" in text
    assert "became larger than a PDF may be" in text
    assert "Draft, not published" in text
    assert "Somebody" not in text
    for words in ("4 h 17 min", "Direct users of S3", "Objects were unreachable but not lost"):
        assert words in text
    titles = [title for _, title in outline(reader)]
    assert samples.SNAPSHOT.title in titles
    assert {kind for kind, _ in elements(reader)} >= {"Document", "H1", "H2", "P"}


BOMBS = {
    "span": ("<table><tr><td colspan=123456>cell 1</table>", "too large", ["cell 1"]),
    "rows": ("<table>" + "<tr><td>a<td>b" * 4_100 + "</table>last", "too large", ["last"]),
    "log": ("<p>" + "ok<br>" * 6_000 + "end", "too large", ["ok / ok", "end"]),
    "pages": ('<p style="break-after:page">x</p>' * 6_000 + "end", "took longer", ["x / x", "end"]),
    "nesting": ("<blockquote>" * 1_200 + "deep", "nested too deeply", ["deep"]),
}
LIMITS = {
    "pages": Limits(cpu_seconds=1),
    "nesting": Limits(calls=3_000, cpu_seconds=60, wall_seconds=120),
}
"""Each meets the limit that it is about, and on a slow machine no other before it."""


@pytest.mark.parametrize("name", BOMBS)
def test_what_breaks_the_layout_is_printed_plainly(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb, why, there = BOMBS[name]
    monkeypatch.setattr(rendering, "FULL_LIMITS", LIMITS.get(name, Limits()))
    monkeypatch.setattr(rendering, "PLAIN_LIMITS", Limits(cpu_seconds=60, wall_seconds=120))
    rendered = render_document(page(bomb))
    text = " ".join(page_texts(opened(rendered.content)))
    assert rendered.is_plain
    assert why in text
    assert all(words in text for words in there)


def test_where_even_that_fails_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "FULL_LIMITS", Limits(output_mb=0))
    monkeypatch.setattr(rendering, "PLAIN_LIMITS", Limits(wall_seconds=0.01))
    with pytest.raises(RenderingFailed, match="took longer than a PDF may take"):
        render_document(page("<p>Text"))
