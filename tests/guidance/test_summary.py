"""The summary: there, short, and saying how long it lasted."""

from dataclasses import replace

import pytest

from coe.policies.rules import DEFAULT_RULES
from tests.guidance.samples import SOUND, found, said, written


@pytest.mark.parametrize("text", ["", "  \n", "> Only a quotation.", "**  **"])
def test_a_summary_without_words_is_missing(text: str) -> None:
    (finding,) = found("COE101", written(summary=text))
    assert finding.place.panel == "summary"
    assert finding.sentence.startswith("There is no summary yet")


def test_a_snapshot_without_sections_has_no_summary() -> None:
    assert found("COE101", replace(SOUND, sections=()))


def test_one_word_is_a_summary() -> None:
    assert said("COE101", written(summary="Fire.")) == []


def test_it_is_too_long_with_one_word_more_than_the_guide_allows() -> None:
    assert said("COE102", written(summary="word " * 300)) == []
    assert said("COE102", written(summary="word " * 301)) == [
        "The summary has 301 words; it should have at most 300."
    ]


def test_marks_dashes_and_quotations_are_no_words() -> None:
    text = "> " + "quoted " * 300 + "\n\n**word** – | " * 299
    assert said("COE102", written(summary=text)) == []


def test_the_guide_says_how_long_it_may_be() -> None:
    rules = replace(DEFAULT_RULES, summary_words=4)
    assert said("COE102", written(summary="One two three four"), rules=rules) == []
    assert len(said("COE102", written(summary="One two three four five"), rules=rules)) == 1


def test_it_says_how_long_it_lasted() -> None:
    vague = written(summary="Payments failed in March. We rolled back, and they recovered.")
    assert said("COE103", vague) == ["The summary does not say how long it lasted."]


@pytest.mark.parametrize(
    "text",
    [
        "Payments failed for 40 minutes.",
        "Payments failed from 14:02 to 15:54.",
        "Payments failed from 3 to 5 March.",
        "Payments failed on 3 March from 14:02 until we rolled back.",
        "Payments were paid out on the next morning.",
        "Payments failed overnight.",
        "",
    ],
)
def test_a_duration_two_moments_or_words_for_them_say_it(text: str) -> None:
    assert said("COE103", written(summary=text)) == []


@pytest.mark.parametrize("text", ["Payments failed at 14:02.", "Payments failed on 3 March."])
def test_one_moment_does_not(text: str) -> None:
    assert len(said("COE103", written(summary=text))) == 1


def test_a_near_miss_has_no_length() -> None:
    text = "The drill almost wrote over the ledger."
    assert said("COE103", written(base=replace(SOUND, severity=4), summary=text)) == []
    assert said("COE103", written(base=replace(SOUND, severity=3), summary=text))
