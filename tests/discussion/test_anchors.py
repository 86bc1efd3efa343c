from hypothesis import given
from hypothesis import strategies as st

from coe.discussion.anchors import ALONE, CONTEXT, Anchor, Span, anchor_at, find, meant

few = st.text(alphabet="ab. \n", max_size=200)
words = st.text(alphabet="abcdef ", min_size=1, max_size=30)


def span_of(text: str, quote: str, *, from_end: bool = False) -> Span:
    start = text.rindex(quote) if from_end else text.index(quote)
    return Span(start, start + len(quote))


@given(before=few, quote=words, after=few)
def test_what_was_just_quoted_stands_where_it_was_quoted(
    before: str, quote: str, after: str
) -> None:
    text, span = before + quote + after, Span(len(before), len(before) + len(quote))
    assert find(text, anchor_at(text, span)) == span


@given(
    before=few,
    after=few,
    inserted=st.text(alphabet="ab. \n", max_size=120),
    place=st.integers(0, 400),
)
def test_text_that_is_put_in_elsewhere_leaves_a_quote_in_its_place(
    before: str, after: str, inserted: str, place: int
) -> None:
    quote = "the disk was full"
    text = before + quote + after
    anchor = anchor_at(text, Span(len(before), len(before) + len(quote)))
    if place <= len(before):
        before = before[:place] + inserted + before[place:]
    else:
        place %= len(after) + 1
        after = after[:place] + inserted + after[place:]
    assert find(before + quote + after, anchor) == Span(len(before), len(before) + len(quote))


@given(
    beginning=st.text(alphabet="ab. ", min_size=CONTEXT, max_size=300),
    between=st.text(alphabet="cd. ", min_size=2 * CONTEXT, max_size=300),
    end=st.text(alphabet="ef. ", min_size=CONTEXT, max_size=300),
    inserted=st.text(alphabet="abcdef. ", max_size=80),
    is_first=st.booleans(),
)
def test_equal_quotes_are_told_apart_while_text_is_put_in_elsewhere(
    beginning: str, between: str, end: str, inserted: str, is_first: bool
) -> None:
    quote = "it failed"
    text = f"{beginning}1 {quote} 2{between}3 {quote} 4{end}"
    anchor = anchor_at(text, span_of(text, quote, from_end=not is_first))
    longer = inserted + text
    assert find(longer, anchor) == span_of(longer, quote, from_end=not is_first)


@given(before=few, after=few)
def test_a_quote_that_was_deleted_is_gone(before: str, after: str) -> None:
    quote = "the disk was full"
    text = before + quote + after
    anchor = anchor_at(text, Span(len(before), len(before) + len(quote)))
    assert find(before + after, anchor) is None


@given(quote=words, before=few, after=few, edited=few)
def test_what_is_found_are_always_the_quoted_words(
    quote: str, before: str, after: str, edited: str
) -> None:
    text = before + quote + after
    anchor = anchor_at(text, Span(len(before), len(before) + len(quote)))
    if found := find(edited, anchor):
        assert edited[found.start : found.end] == quote


def test_words_that_only_look_like_a_deleted_quote_are_not_taken_for_it() -> None:
    text = "In the north it failed at once. In the south it failed an hour later."
    anchor = anchor_at(text, span_of(text, "it failed"))
    assert find("In the north. In the south it failed an hour later.", anchor) is None


def test_a_quote_that_moved_to_another_paragraph_is_found_there() -> None:
    anchor = anchor_at("One.\n\nThe disk was full.\n\nTwo.", Span(6, 24))
    assert anchor.quote == "The disk was full."
    assert find("Two.\n\nOne, rewritten. The disk was full.", anchor) == Span(22, 40)


def test_a_quote_of_nothing_stands_nowhere() -> None:
    assert find("The disk was full.", Anchor("")) is None
    assert meant("The disk was full.", "") == []


def test_context_grows_until_no_other_place_has_it() -> None:
    line = "The write failed because the disk of the host was full, so nothing was kept.\n"
    text = f"First.\n{line}{line}{line}Last.\n"
    start = len("First.\n") + len(line) + line.index("disk")
    anchor = anchor_at(text, Span(start, start + 4))
    assert len(anchor.before + anchor.after) - anchor.rival >= CONTEXT
    assert find(text, anchor) == Span(start, start + 4)
    assert anchor_at("only here", Span(0, 4)).rival == ALONE


def test_words_are_found_as_they_are_read_whatever_marks_stand_between_them() -> None:
    text = (
        "It hit **one customer** in ten, see [the graph](https://example.org) of `p99`,\nand _so_."
    )
    for read, written in {
        "one customer": "one customer",
        "one customer in ten": "**one customer** in ten",
        "hit one customer": "hit **one customer**",
        "the graph of p99, and": "the graph](https://example.org) of `p99`,\nand",
    }.items():
        (span,) = meant(text, read)
        assert text[span.start : span.end] == written


def test_what_is_read_around_a_selection_tells_equal_words_apart() -> None:
    text = "At 9:00 it **failed**. At 9:30 it **failed** again."
    assert len(meant(text, "failed")) == 2
    (span,) = meant(text, "failed", before="At 9:30 it ", after=" again.")
    assert span == span_of(text, "failed", from_end=True)


@given(text=st.text(max_size=300), typed=st.text(max_size=60))
def test_whatever_is_typed_is_looked_for_without_harm(text: str, typed: str) -> None:
    for span in meant(text, typed):
        assert 0 <= span.start < span.end <= len(text)
