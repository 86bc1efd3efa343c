"""Checks of the summary: that it is there, short, and says how long it took."""

import re
from collections.abc import Iterator

from coe.documents.models import SectionSlug
from coe.guidance.case import Case
from coe.guidance.clocks import clocks_in
from coe.guidance.days import days_in
from coe.guidance.findings import Found, Place, check
from coe.guidance.lengths import lengths_in
from coe.guidance.prose import plain
from coe.policies.rules import Level

SUMMARY = Place("summary")
AWS = "AWS, “Why you should develop a correction of error (COE)”"
SRE = "Google, “Site Reliability Engineering”, chapter 15 and its example of a postmortem"
FEWEST_MOMENTS = 2
"""Two times or days are a beginning and an end, which say how long it took as well."""
_IN_WORDS = re.compile(
    r"\b(?:(?:next|following|same) (?:morning|day|night|week)|overnight|all (?:day|night)|"
    r"(?:a|an|the whole) (?:minute|hour|day|night|week|month))\b",
    re.IGNORECASE,
)
NEAR_MISS = 4
"""The severity at which nobody outside noticed, so that there is no impact to measure."""


def summary_of(case: Case) -> str:
    """The words of the summary, without Markdown and without what stands in block quotes."""
    return plain(case.snapshot.section(SectionSlug.SUMMARY))


def count_words(text: str) -> int:
    """How many words `text` has, as a reader counts them."""
    return sum(any(map(str.isalnum, each)) for each in text.split())


@check(
    "COE101",
    Level.BLOCKS,
    title="The summary is there",
    why="It is read first, and by most readers it is all that is read.",
    source=AWS,
    before="(empty)",
    after="On 3 March 2025, from 14:02 to 15:54, 2,300 customers could not pay, because …",
)
def summary_missing(case: Case) -> Iterator[Found]:
    if not summary_of(case):
        yield Found(SUMMARY, "There is no summary yet. Write it last: it will be read first.")


@check(
    "COE102",
    Level.REASON,
    title="The summary is short enough to be read alone",
    why="It should fit into one mail, and be understood without the pages below it.",
    source=f"{AWS}; the limit of words is the guide’s",
    before="A summary of 480 words that repeats the timeline.",
    after="A summary of 180 words: what happened, why, how it ended, how long, what changes.",
)
def summary_too_long(case: Case) -> Iterator[Found]:
    words = count_words(summary_of(case))
    if words > case.rules.summary_words:
        yield Found(
            SUMMARY,
            f"The summary has {words} words; it should have at most {case.rules.summary_words}.",
        )


@check(
    "COE103",
    Level.HINT,
    title="The summary says how long it lasted",
    why="How long customers were hit is the first thing that a reader asks.",
    source=AWS,
    before="Payments failed in March. We rolled back, and they recovered.",
    after="Payments failed on 3 March 2025 for 1 h 52 min, until we rolled back.",
)
def summary_without_length(case: Case) -> Iterator[Found]:
    text = summary_of(case)
    is_near_miss = case.snapshot.severity == NEAR_MISS
    if not text or is_near_miss or lengths_in(text) or _IN_WORDS.search(text):
        return
    if len(clocks_in(text)) + len(days_in(text)) < FEWEST_MOMENTS:
        yield Found(SUMMARY, "The summary does not say how long it lasted.")
