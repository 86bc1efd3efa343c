"""Where a quote stands in a text that goes on changing. Pure: texts in, places out.

An anchor keeps the quoted words and what stood around them. Where the words stand once they are
found wherever they were moved. Where equal words stand elsewhere too, what is around them decides:
the context is kept so long that none of the others has it, and later one is taken only if it has
more of it than any of those others had (`rival`). So a quote that was deleted is never found in
words that look like it; if in doubt it is gone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CONTEXT = 48
"""Characters kept on each side, more where equal words stand elsewhere."""
MOST_CONTEXT = 4_000
MOST_EQUAL = 300
"""Equal quotes that are told apart; of more, those that stand first."""
ALONE = -1

_TOKEN = re.compile(r"\w+|[^\w\s]")
_MARKS = r"*_`~\\\[<>#|+:-"
_MARK = rf"[{_MARKS}]|\](?:\([^)\s]*\))?"
_GLUE = rf"(?:{_MARK})*"
_GAP = rf"(?:{_MARK})*\s(?:\s|{_MARK})*"
"""What Markdown may put between two words that are read next to each other."""
_PAIRED = "*_`~"
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text, from `start` up to `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """Quoted words and what stood around them; `rival` is how much of that equal words elsewhere
    had at most, `ALONE` where there were none."""

    quote: str
    before: str = ""
    after: str = ""
    rival: int = ALONE


def anchor_at(text: str, span: Span) -> Anchor:
    """What to keep of `span`, so that it is found again in what becomes of `text`."""
    quote = text[span.start : span.end]
    others = [each for each in _equal(text, quote) if each != span]
    reach = CONTEXT
    while True:
        before = text[max(0, span.start - reach) : span.start]
        after = text[span.end : span.end + reach]
        rival = max((_shared(text, each, before, after) for each in others), default=ALONE)
        is_told_apart = rival == ALONE or len(before) + len(after) - rival >= CONTEXT
        if is_told_apart or reach >= min(MOST_CONTEXT, len(text)):
            return Anchor(quote, before, after, rival)
        reach *= 2


def find(text: str, anchor: Anchor) -> Span | None:
    """Where the quote stands in `text` now; None where it is gone, or nobody can tell."""
    best, most = None, anchor.rival
    for span in _equal(text, anchor.quote):
        shared = _shared(text, span, anchor.before, anchor.after)
        if shared > most:
            best, most = span, shared
    return best


def meant(text: str, typed: str, *, before: str = "", after: str = "") -> Sequence[Span]:
    """Where somebody who typed or selected `typed` may have meant it in the Markdown `text`.

    What is read is compared, so marks between the words do no harm. `before` and `after` are what
    is read around the selection, where that is known. One span: that is it; several: nobody can
    tell.
    """
    spans = list(_equal(text, typed)) or list(_alike(text, typed))
    if len(spans) < 2 or not (before or after):
        return spans
    shared = [_read_alike(text, span, before, after) for span in spans]
    return [span for span, each in zip(spans, shared, strict=True) if each == max(shared)]


def _equal(text: str, quote: str) -> Iterator[Span]:
    start = text.find(quote) if quote else -1
    for _ in range(MOST_EQUAL):
        if start < 0:
            return
        yield Span(start, start + len(quote))
        start = text.find(quote, start + 1)


def _alike(text: str, typed: str) -> Iterator[Span]:
    tokens = list(_TOKEN.finditer(typed))
    if not tokens:
        return
    pattern, end = "", tokens[0].start()
    for token in tokens:
        glue = _GAP if token.start() > end else _GLUE
        pattern += (glue if pattern else "") + re.escape(token.group())
        end = token.end()
    for count, found in enumerate(re.finditer(pattern, text)):
        if count == MOST_EQUAL:
            return
        yield _with_marks(text, Span(*found.span()))


def _with_marks(text: str, span: Span) -> Span:
    """With the marks at its ends whose other half is inside."""
    start, end = span.start, span.end
    inside = text[start:end]
    while start and text[start - 1] in _PAIRED and text[start - 1] in inside:
        start -= 1
    while end < len(text) and text[end] in _PAIRED and text[end] in inside:
        end += 1
    return Span(start, end)


def _shared(text: str, span: Span, before: str, after: str) -> int:
    """How many characters next to `span` are those that stood around the quote."""
    ahead = text[max(0, span.start - len(before)) : span.start]
    return _same(ahead[::-1], before[::-1]) + _same(text[span.end : span.end + len(after)], after)


def _read_alike(text: str, span: Span, before: str, after: str) -> int:
    reach = 2 * max(len(before), len(after))
    ahead = _read(text[max(0, span.start - reach) : span.start])[::-1]
    behind = _read(text[span.end : span.end + reach])
    return _same(ahead, _read(before)[::-1]) + _same(behind, _read(after))


def _read(text: str) -> str:
    return _NO_WORD.sub("", text)


def _same(one: str, other: str) -> int:
    """The length of what both begin with."""
    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return length
    return next(place for place in range(length) if one[place] != other[place])
