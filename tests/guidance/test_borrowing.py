"""Words of others in another text: whole sentences, plain lines as Markdown, and their numbers."""

import pytest

from coe.guidance.borrowing import continued, ended, escaped, numbers_in, sentences_of
from coe.text.markdown import render


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("", []),
        ("One is here. Two is\nthere.\n\nThree is not.", ["One is here.", "Two is there."]),
        ("No end to it", ["No end to it."]),
        ("Is it so? Yes it is! Well then…", ["Is it so?", "Yes it is!", "Well then…"]),
        ("First of them; Second of them.", ["First of them.", "Second of them."]),
        ("Approx. No. 5 failed. It was late.", ["Approx. No. 5 failed.", "It was late."]),
        ("None.", ["None."]),
        ("Nearly (none.", []),
        ("# Heading\nThe words below.", ["The words below."]),
        ("- an item\n\nThe words below.", ["The words below."]),
        ("The words above.\n- an item", ["The words above."]),
        ("The words above.\n1. an item", ["The words above."]),
        ("The words above.\n---\nbelow", ["The words above."]),
        ("| a | b |\n|---|---|", []),
        ("> said by others", []),
        ("```\ncode of it\n```", ["code of it."]),
        ("    code of it", []),
        ("-minus is a word here", ["-minus is a word here."]),
        ("It **opens a mark. And closes** it.", []),
        ("It was [here. And more of](it).", []),
        ("It is `closed` here. It `opens one here.", ["It is `closed` here."]),
        ("All is closed (here). It (opens one here.", ["All is closed (here)."]),
        (f"{'word ' * 44}end. And more of it.", [f"{'word ' * 44}end.", "And more of it."]),
        (f"It was short. So {'word ' * 45}end. And more.", ["It was short."]),
    ],
)
def test_the_sentences_of_the_first_paragraph(markdown: str, expected: list[str]) -> None:
    assert sentences_of(markdown) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So it was", "So it was."),
        ("So it was ;", "So it was."),
        ("So it was.", "So it was."),
        ("“So it was.”", "“So it was.”"),
        ("(so it was)", "(so it was)."),
    ],
)
def test_a_sentence_ends(text: str, expected: str) -> None:
    assert ended(text) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The list is old.", "the list is old."),
        ("A list is old.", "a list is old."),
        ("Nine lists are old.", "nine lists are old."),
        ("it is old.", "it is old."),
        ("IT is old.", "IT is old."),
        ("A/B tests are old.", "A/B tests are old."),
        ("I was late.", "I was late."),
        ("May was late.", "May was late."),
        ("Postgres is old.", "Postgres is old."),
        ("No. 5 is old.", "No. 5 is old."),
        ("**The** list is old.", "**The** list is old."),
        ("None.", "None."),
        ("", ""),
    ],
)
def test_behind_a_colon_only_the_capital_of_a_common_word_goes(
    sentence: str, expected: str
) -> None:
    assert continued(sentence) == expected


@pytest.mark.parametrize(
    "line",
    ["Plain words: 5 % of it", "snake_case and <pod-name>", "2 < 3 & 4 > 3", "Customers' cards"],
)
def test_a_line_that_shows_itself_stays_as_it_is(line: str) -> None:
    assert escaped(line) == line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("*all* of them", r"\*all\* of them"),
        ("# one", r"\# one"),
        ("- one", r"\- one"),
        ("1. one", r"1\. one"),
        ("> one", r"\> one"),
        ("[a](https://example.com)", r"\[a\](https://example.com)"),
        ("_a_ b_c", r"\_a\_ b_c"),
    ],
)
def test_a_line_that_would_show_another_thing_is_escaped(line: str, expected: str) -> None:
    assert escaped(line) == expected
    assert render(expected).strip().startswith("<p>")


def test_numbers_as_they_stand() -> None:
    text = "On 3 March 2025, at 14:02, 2,300 of one hundred customers waited for about 5 min."
    assert list(numbers_in(text)) == ["3 March 2025", "14:02", "2,300", "about 5 min"]
    assert list(numbers_in("S3 and one of them")) == []
