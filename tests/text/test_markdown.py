"""Markdown: what authors write is shown, and nothing else than we allow reaches the page."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coe.text.markdown import MAX_BRACKETS, MAX_CELLS, MAX_MARKS, MAX_NESTING, render, render_phrase
from coe.text.plain import MAX_TEXT

ATTACHMENTS = "/coes/COE-2026-0042/evidence/"
ALLOWED: dict[str, set[str]] = {
    **{tag: set() for tag in ("blockquote", "br", "code", "del", "em", "hr", "li", "p", "pre")},
    **{tag: set() for tag in ("strong", "table", "tbody", "thead", "tr", "ul")},
    **{f"h{level}": {"id"} for level in range(1, 7)},
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"class"},
    "th": {"class", "scope"},
}
SAFE_ADDRESS = re.compile(r"https?://[^/\\]|mailto:|/(?![/\\])|#", re.IGNORECASE)


class Inspector(HTMLParser):
    """Fails on the first tag, attribute or address that no page of ours may hold."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert tag in ALLOWED
        for name, value in attrs:
            assert name in ALLOWED[tag], f"{name} on {tag}"
            self.inspect_value(name, value or "")

    def inspect_value(self, name: str, value: str) -> None:
        if name == "href":
            assert SAFE_ADDRESS.match(value), value
        elif name == "src":
            assert value.startswith(ATTACHMENTS), value
            assert ".." not in value
        elif name == "id":
            assert value.startswith("text-")
        elif name == "class":
            assert value in {"align-left", "align-center", "align-right"}
        elif name == "rel":
            assert value == "noopener noreferrer"
        elif name == "start":
            assert len(value) < 10

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


def inspect(html: str) -> Inspector:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector


def inspected(text: str) -> Inspector:
    return inspect(render(text, attachment_prefix=ATTACHMENTS, id_prefix="text-"))


def flat(html: str) -> str:
    """Without the line breaks between tags, which mean nothing."""
    return re.sub(r"\n\s*(?=<)|(?<=>)\n\s*", "", html)


# What authors write


def test_ordinary_marks_are_read() -> None:
    html = render("The **new** table was *empty*, see `SELECT 1` and ~~the old plan~~.")
    assert html == (
        "<p>The <strong>new</strong> table was <em>empty</em>, "
        "see <code>SELECT 1</code> and <del>the old plan</del>.</p>"
    )


def test_nothing_written_is_nothing_shown() -> None:
    assert render("") == ""
    assert render(" \n\n ") == ""


def test_a_phrase_is_the_words_of_one_paragraph_and_nothing_of_more() -> None:
    assert render_phrase("A **wrong** <limit>") == "A <strong>wrong</strong> &lt;limit&gt;"
    assert render_phrase("Two\nlines") == "Two\nlines"
    for more in (
        "One.\n\nTwo.",
        "- one",
        "# One",
        "> one",
        "One.\n\n- two\n\nThree.",
        "x" * MAX_TEXT * 2,
        "",
    ):
        assert render_phrase(more) == ""


def test_a_list_may_follow_a_line_of_a_paragraph() -> None:
    assert flat(render("We saw:\n- errors\n- delays")) == (
        "<p>We saw:</p><ul><li>errors</li><li>delays</li></ul>"
    )


def test_a_year_at_the_start_of_a_line_does_not_begin_a_list() -> None:
    assert flat(render("It was built in\n1986. It held.")) == (
        "<p>It was built in\n1986. It held.</p>"
    )


def test_two_spaces_nest_a_list() -> None:
    assert flat(render("- cause\n  - deeper\n- other")) == (
        "<ul><li>cause<ul><li>deeper</li></ul></li><li>other</li></ul>"
    )


def test_bullets_nest_below_a_number() -> None:
    assert flat(render("1. stop\n   - the writer\n2. restore")) == (
        "<ol><li>stop<ul><li>the writer</li></ul></li><li>restore</li></ol>"
    )


def test_two_kinds_of_list_are_two_lists() -> None:
    assert flat(render("1. one\n- bullet")) == "<ol><li>one</li></ol><ul><li>bullet</li></ul>"


def test_a_numbered_list_keeps_its_first_number() -> None:
    assert flat(render("4) four\n5) five")) == '<ol start="4"><li>four</li><li>five</li></ol>'


def test_lists_nest_to_a_depth_and_no_further() -> None:
    steps = "\n".join("  " * depth + f"- step {depth}" for depth in range(15))
    html = render(steps)
    assert html.count("<li>") == 15
    assert html.count("<ul>") == 11


def test_code_in_a_list_item_keeps_every_space() -> None:
    html = flat(render("- run\n  ```sh\n  if true; then\n    stop <now>\n  fi\n  ```\n- check"))
    assert "<pre><code>if true; then\n  stop &lt;now&gt;\nfi</code></pre>" in html
    assert html.startswith("<ul><li><p>run</p><pre>")
    assert html.count("<li>") == 2


def test_an_item_that_is_a_fence_holds_the_code() -> None:
    assert flat(render("- ```\n  code\n  ```\n- words")).startswith(
        "<ul><li><pre><code>code</code></pre></li>"
    )


def test_a_fence_nobody_closed_runs_to_the_end() -> None:
    assert render("```\na\n- b") == "<pre><code>a\n- b\n</code></pre>"


def test_a_fence_is_closed_by_one_as_long() -> None:
    assert render("````\n```\n````\nafter") == ("<pre><code>```\n</code></pre>\n<p>after</p>")


def test_a_table_may_follow_a_line_of_a_paragraph() -> None:
    html = flat(render("The times:\n| when | what |\n|---|--:|\n| 09:37 | `a|b` |"))
    assert html == (
        "<p>The times:</p><table>"
        '<thead><tr><th scope="col">when</th><th class="align-right" scope="col">what</th></tr>'
        "</thead><tbody><tr><td>09:37</td>"
        '<td class="align-right"><code>a|b</code></td></tr></tbody></table>'
    )


def test_a_quotation_holds_a_list() -> None:
    assert flat(render("They wrote:\n> It is:\n> - slow\n>   - everywhere")) == (
        "<p>They wrote:</p><blockquote><p>It is:</p>"
        "<ul><li>slow<ul><li>everywhere</li></ul></li></ul></blockquote>"
    )


def test_a_channel_is_no_heading_and_a_time_in_brackets_is_shown() -> None:
    assert render("#incident-42 opened\n[09:37]: deployed") == (
        "<p>#incident-42 opened\n[09:37]: deployed</p>"
    )


def test_angle_brackets_are_words() -> None:
    assert render("Restart <pod-name>, then a<b && b>c.") == (
        "<p>Restart &lt;pod-name&gt;, then a&lt;b &amp;&amp; b&gt;c.</p>"
    )


def test_a_cell_may_break_its_line() -> None:
    assert "<td>one<br>" in flat(render("|a|b|\n|-|-|\n|one<br>two|three|"))


def test_a_named_address_is_filled_in() -> None:
    html = render("See [the graph][g].\n\n[g]: https://graphs.example/1 'CPU'")
    assert 'href="https://graphs.example/1"' in html
    assert 'title="CPU"' in html


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://x.example/a_b_c.", "https://x.example/a_b_c"),
        ("(https://x.example/q)", "https://x.example/q"),
        ("https://x.example/w_(x)!", "https://x.example/w_(x)"),
        ("**https://x.example**", "https://x.example"),
        ("<https://x.example/y>", "https://x.example/y"),
    ],
)
def test_a_bare_address_is_a_link(text: str, address: str) -> None:
    assert f'<a href="{address}" rel="noopener noreferrer">{address}</a>' in render(text)


def test_the_text_of_a_link_is_not_a_second_link() -> None:
    assert render("[https://a.example](https://b.example)").count("<a ") == 1


def test_headings_stand_below_those_of_the_page() -> None:
    html = flat(render("# Cause\n## Trigger\n##### Detail\n# Cause"))
    assert html == "<h3>Cause</h3><h4>Trigger</h4><h5>Detail</h5><h3>Cause</h3>"
    assert render("# Cause", heading_offset=0) == "<h1>Cause</h1>"


def test_a_level_that_the_author_skips_is_closed_up() -> None:
    assert render("### Why\n\n##### How\n\n# What") == "<h3>Why</h3>\n<h4>How</h4>\n<h3>What</h3>"


def test_headings_have_ids_only_with_a_prefix_and_each_its_own() -> None:
    html = flat(render("# What failed\n# What failed\n# ¿?", id_prefix="summary-"))
    assert html == (
        '<h3 id="summary-what-failed">What failed</h3>'
        '<h3 id="summary-what-failed-2">What failed</h3>'
        '<h3 id="summary-heading">¿?</h3>'
    )


# Images


def test_an_attachment_is_shown() -> None:
    html = render(f"![CPU at 100 %]({ATTACHMENTS}cpu.png)", attachment_prefix=ATTACHMENTS)
    assert html == f'<p><img alt="CPU at 100 %" src="{ATTACHMENTS}cpu.png"></p>'


@pytest.mark.parametrize(
    "source",
    [
        "https://elsewhere.example/pixel.png",
        f"{ATTACHMENTS}../../sign-out/",
        f"{ATTACHMENTS}x.png?next=/sign-out/",
        f"https://elsewhere.example{ATTACHMENTS}x.png",
        "/coes/COE-2026-0043/evidence/x.png",
        "data:image/png;base64,AAAA",
    ],
)
def test_any_other_image_is_a_link_or_words(source: str) -> None:
    inspector = inspected(f"![a graph]({source})")
    assert "img" not in inspector.tags
    assert inspector.words == "a graph"


def test_without_a_prefix_no_image_is_shown() -> None:
    assert "<img" not in render(f"![CPU]({ATTACHMENTS}cpu.png)")


# What must not get through


@pytest.mark.parametrize(
    "text",
    [
        "<script>steal()</script>",
        "<img src=q onerror=steal()>",
        "<svg onload=steal()><style>@import 'q'</style></svg>",
        "<math><mtext><style><img src=q onerror=steal()></style></mtext></math>",
        "<!-- <b> --><b onclick=steal()>x</b>",
        "<iframe srcdoc='<script>steal()</script>'></iframe>",
        "<button hx-post=/sign-out hx-trigger=load>x</button>",
        "<p data-hx-get=/sign-out data-hx-trigger=load>x</p>",
        "<a rel=attachment href=file:///etc/hosts>x</a>",
        "<td colspan=99999>x",
        "<input name=csrfmiddlewaretoken>",
        "<base href=https://elsewhere.example>",
        "[x](javascript:steal())",
        "[x](JAVA&#83;CRIPT:steal())",
        "[x](java\tscript:steal())",
        "[x](<java\nscript:steal()>)",
        "[x](\x01javascript:steal())",
        "[x](vbscript:steal)",
        "[x](data:text/html,<script>steal()</script>)",
        "[x](file:///etc/hosts)",
        "[x](//elsewhere.example)",
        "[x](/\\elsewhere.example)",
        "[x](\\\\elsewhere.example)",
        "[x](https:elsewhere.example)",
        "[x](https:/elsewhere.example)",
        "[x](https:\\\\elsewhere.example)",
        "[x](ht\ntps://elsewhere.example)",
        "[x](q 'title\" onclick=\"steal()')",
        "[x][y]\n\n[y]: javascript:steal()",
        "[x][y]\n\n[y]: <https:elsewhere.example>",
        "<javascript:steal()>",
        '![x](q"onerror="steal())',
        '```x" onclick="steal()\n</code><script>steal()</script>\n```',
        "`<script>steal()</script>`",
        "~~~\n</pre><script>steal()</script>",
        "    </code></pre><script>steal()</script>",
        "|<script>|\n|-|\n|<b onclick=steal()>|",
        "# <script>steal()</script> {: onclick=steal() }",
        "x\n{: onclick=steal() }",
        "[^1]\n\n[^1]: <script>steal()</script>",
        "99999999999. far too many",
        "\x02wzxhzdk:0\x03 and \x02klzzwxh:0000\x03",
        "![<script>steal()</script>](https://elsewhere.example)",
        "&lt;script&gt;steal()&lt;/script&gt;",
    ],
)
def test_an_attack_becomes_words(text: str) -> None:
    inspected(text)


STARTS = ("\n\n", "\n- ", "\n  ", "\n1. ", "\n> ", "\n```\n", "\n|a|\n|-|\n", "\n[a]: ")
ODDITIES = ("```", "](", "http://", "javascript:", "&#106;", "a", "\x02", "é")
MARKS = st.sampled_from([*"[]()!*_~`<>\\|#=-+.:\"'& \t\n", *STARTS, *ODDITIES])


@example("\ud800")
@example("\x00")
@given(st.text() | st.lists(MARKS, max_size=60).map("".join))
def test_no_text_fails_and_no_text_leaves_the_allowed_set(text: str) -> None:
    inspected(text)


@given(st.lists(st.sampled_from(["alpha", "<beta>", "R&D", "#delta", "[09:37]:"])))
def test_no_word_is_lost(words: list[str]) -> None:
    shown = inspected("\n".join(words)).words
    assert shown.split() == words


# The guard


def test_text_over_the_length_is_shown_as_typed() -> None:
    html = render("**a** " * (MAX_TEXT // 6 + 1))
    assert html.startswith("<pre>**a** **a**")


@pytest.mark.parametrize("marker", ["> ", ">", "- ", "1. ", "* - "])
def test_text_nested_too_deep_is_shown_as_typed(marker: str) -> None:
    text = f"before\n\n{marker * (MAX_NESTING + 1)}<x>"
    assert render(text).startswith("<pre>before\n\n")
    assert "&lt;x&gt;</pre>" in render(text)


def test_a_long_rule_is_not_nesting() -> None:
    assert render("a\n\n" + "- " * 40 + "\n\nb") == "<p>a</p>\n<hr>\n<p>b</p>"


def test_only_the_tangled_paragraph_loses_its_marks() -> None:
    html = flat(render("**a**\n\n" + "[b" * (MAX_BRACKETS + 1) + " **c**\n\n**d**"))
    assert "<strong>a</strong>" in html
    assert "**c**" in html
    assert "<strong>d</strong>" in html


def test_a_table_does_not_grow_beyond_its_text() -> None:
    wide = "|a" * 100 + "|\n" + "|-" * 100 + "|\n"
    assert "<table>" in render(wide + "|b" * 100)
    assert "<table>" not in render(wide + "|\n" * 500)
    assert MAX_CELLS < 100 * 500


def test_addresses_do_not_grow_beyond_their_text() -> None:
    bomb = f"[a]: https://x.example/{'b' * 20_000}\n\n" + "[a]\n\n" * 1_000
    assert render(bomb).startswith("<pre>")


def test_the_same_text_is_read_once() -> None:
    assert render("once **only**") is render("once **only**")


def test_a_paragraph_may_have_many_marks() -> None:
    html = render("`code` and [a link](https://x.example) " * (MAX_BRACKETS // 2))
    assert html.count("<code>") == MAX_BRACKETS // 2
    assert MAX_MARKS > MAX_BRACKETS
