"""No text costs more than ten times the processor time of ordinary text of its size."""

import time
from collections.abc import Iterator

from markdown import Markdown

from coe.text.markdown import _render

SIZE = 5_000
TIMES = 10
FLOOR = 0.15
"""Seconds that any text of this size may take, so that a busy machine fails no test."""

ORDINARY = """\
The deployment of **checkout** at `09:37` removed the *old* table before the new one was read, and
requests to [the dashboard](https://graphs.example/d/1) failed for 4 h 17 min.

- Traffic was moved at 09:55, which helped the `west` region only.
- The rollback needed an approval that nobody on call could give.

| time | what happened |
|---|---|
| 09:37 | deployed |

"""

UNITS = (
    *("[", "![", "[a", "[]", "[](", "[a](b", "[a](<b", '[a](b "', "[ (](", "![[]()", "[^1]"),
    *(
        "[a]: b\n",
        "\n[a]:",
        "[x]",
        "[x][]",
        "`",
        "``",
        "``a`",
        "`|",
        "`a ",
        "*",
        "_",
        "*a ",
        "**a*",
    ),
    *(
        "*a **a ",
        "_a ",
        "*_",
        "~",
        "~~a",
        "a*b_",
        "***a",
        "\\",
        "\\*",
        "<",
        "<!",
        "<![",
        "<a ",
        "</",
    ),
    *(
        "<!--",
        "<div>",
        "<?",
        "&",
        "&#",
        "&#1;",
        "a@a.",
        "https://a ",
        "https://",
        "(",
        ")",
        "!",
        '"',
    ),
    *(
        "# ",
        "#",
        "\n# a",
        "=",
        "\n===",
        "\na\n-",
        "\n---",
        "\n* * *",
        "- ",
        "1. ",
        "* - ",
        "> ",
        ">",
    ),
    *("\n- a", "\n1. a", "\n1) a", "\n> a", "\n>- a", "\n> > a", "\n  - a\n- b", "\n\n- a\n\n"),
    *(
        "\n```\n",
        "```",
        "\n~~~",
        "``` ",
        "\n    a",
        "\n\n    a\n\n",
        "|",
        "|\n",
        "|a|\n|-|\n",
        "\n|",
    ),
    *("\na|b\n-|-\n\n", "a|b|", "\n", "\n\n", " ", " \n", "a  \n", "\t", "\u2028", "é", "a\u0301"),
)


def _spread(unit: str, separator: str, run: int) -> str:
    """Runs of the unit just below the guard of a paragraph, as many as fit."""
    piece = unit * max(1, run // len(unit)) + separator
    return (piece * (SIZE // len(piece) + 1))[:SIZE]


def recipes() -> Iterator[str]:
    for unit in UNITS:
        yield (unit * SIZE)[:SIZE]
        yield _spread(unit, "\n\n", 60)
        yield _spread(unit, "\n- ", 280)
    yield "> " + "- " * 500 + "x" + "\n>" * 500
    yield "[" * (SIZE // 2) + "]" * (SIZE // 2)
    yield "*a **a " * 350 + "a** a* " * 350
    yield "|a" * 300 + "|\n" + "|-" * 300 + "|\n" + "|\n" * 1500
    yield "```{" + " ." * (SIZE // 2)
    yield "\n".join(" " * (2 * depth) + "- a" for depth in range(100))
    yield f"[a]: https://x.example/{'b' * (SIZE // 2)}\n\n" + "[a] " * (SIZE // 8)
    yield "".join(f"{'`' * length} " for length in range(150))


def seconds(text: str) -> float:
    start = time.process_time()
    _render(text, None, 2, "")
    return time.process_time() - start


def allowed() -> float:
    """Measured beside what it is compared with: a busy machine slows both."""
    ordinary = (ORDINARY * (SIZE // len(ORDINARY) + 1))[:SIZE]
    return max(FLOOR, TIMES * seconds(ordinary))


def is_slow(text: str) -> bool:
    """Slow three times: once may be the machine."""
    return all(seconds(text) > FLOOR and seconds(text) > allowed() for _ in range(3))


def test_no_recipe_costs_more_than_ten_times_ordinary_text() -> None:
    assert [text[:30] for text in recipes() if is_slow(text)] == []


def test_the_measure_would_notice_a_quadratic_cost() -> None:
    start = time.process_time()
    Markdown().convert("![[]()" * (SIZE // 12))
    assert time.process_time() - start > allowed()
