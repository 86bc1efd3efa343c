"""What the summary says in numbers is what the fields say."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from coe.guidance.counts import counts_in
from coe.snapshots.snapshot import EntryValue, FigureValue, Snapshot
from coe.text.instants import Instant, Precision
from tests.guidance.samples import (
    FIGURES,
    SOUND,
    at,
    entry,
    found,
    moments,
    said,
    uid,
    written,
)

SEATTLE = replace(SOUND, zone="America/Los_Angeles")
"""Its timeline reads 05:58 to 07:54."""


def with_entries(*more: EntryValue) -> Snapshot:
    return replace(SOUND, entries=(*SOUND.entries, *more))


# Times


def test_a_time_is_compared_with_the_milestone_that_its_sentence_names() -> None:
    (finding,) = found("COE111", written(summary="It was detected at 11:11."))
    assert finding.sentence == "“11:11” in the summary, but “Detected” is recorded at 14:10."
    assert finding.mend is not None
    assert (finding.mend.name, dict(finding.mend.data)) == (
        "copy_time",
        {"old": "11:11", "new": "14:10"},
    )


@pytest.mark.parametrize(
    ("sentence", "milestone", "clock"),
    [
        ("Impact started at 11:11.", "Impact started", "14:02"),
        ("The alarm fired at 11:11.", "Detected", "14:10"),
        ("The page was acknowledged at 11:11.", "Acknowledged", "14:12"),
        ("The root cause was found at 11:11.", "Diagnosed", "14:50"),
        ("The change was rolled back at 11:11.", "Mitigated", "15:00"),
        ("Everything was back to normal at 11:11.", "Resolved", "15:54"),
    ],
)
def test_each_milestone_has_its_words(sentence: str, milestone: str, clock: str) -> None:
    assert said("COE111", written(summary=sentence)) == [
        f"“11:11” in the summary, but “{milestone}” is recorded at {clock}."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It was detected at 14:10.",
        "It was detected at 2:10 PM.",
        "It was detected at 06:10 AM PST.",
        "It was detected at about 14:15.",
        "From 14:20 to 14:45 the network was looked at.",  # both ends of an entry
        "It was detected at 11:11 CST.",  # which of three zones?
        "The refused payments took 9 people.",
    ],
)
def test_times_that_the_timeline_knows(text: str) -> None:
    assert said("COE111", written(summary=text)) == []
    assert said("COE116", written(summary=text)) == []


def test_times_are_those_of_the_zone_of_the_coe() -> None:
    assert said("COE111", written(base=SEATTLE, summary="Detected at 06:10.")) == []
    assert said("COE111", written(base=SEATTLE, summary="Detected at 14:10 UTC.")) == []
    assert said("COE111", written(base=SEATTLE, summary="Detected at 14:10.")) == [
        "“14:10” in the summary, but “Detected” is recorded at 06:10."
    ]


def test_with_two_times_or_two_milestones_in_a_sentence_none_is_named() -> None:
    text = "It was detected at 11:11 and resolved at 11:17."
    assert said("COE111", written(summary=text)) == []
    assert len(said("COE116", written(summary=text))) == 2
    assert said("COE111", written(summary="Detected and resolved by 11:11.")) == []
    assert said("COE111", written(summary="It was detected after 11:11, at 11:17.")) == []
    assert len(said("COE116", written(summary="It was detected after 11:11, at 11:17."))) == 2
    assert said("COE116", written(summary="It was detected at 11:11.")) == []


def test_a_milestone_that_is_not_known_contradicts_nothing() -> None:
    unknown = moments(base=written(summary="It was detected at 11:11."), detected=None)
    assert said("COE111", unknown) == []
    assert said("COE116", unknown) == ["“11:11” in the summary is nowhere on the timeline."]


@pytest.mark.parametrize(
    ("clock", "nearest"),
    [
        ("13:43", "13:58"),  # 15 minutes
        ("14:04", "14:02"),
        ("14:07", "14:10"),
        ("16:54", "15:54"),  # an hour
        ("18:54", "15:54"),  # three
    ],
)
def test_a_time_that_misses_a_moment_narrowly(clock: str, nearest: str) -> None:
    assert said("COE111", written(summary=f"Then, at {clock}, it went on.")) == [
        f"“{clock}” in the summary, but what is nearest to it on the timeline happened at "
        f"{nearest}."
    ]
    assert said("COE116", written(summary=f"Then, at {clock}, it went on.")) == []


@pytest.mark.parametrize("clock", ["16:11", "19:54", "13:42"])
def test_a_time_that_misses_them_all_is_a_hint_at_most(clock: str) -> None:
    text = written(summary=f"Then, at {clock}, it went on.")
    assert said("COE111", text) == []
    (finding,) = found("COE116", text)
    assert finding.level == "hint"
    assert finding.sentence == f"“{clock}” in the summary is nowhere on the timeline."


@pytest.mark.parametrize("clock", ["14:00", "14:30", "15:30"])
def test_full_and_half_hours_are_said_of_schedules(clock: str) -> None:
    text = written(summary=f"The job that runs at {clock} failed.")
    assert said("COE111", text) == []
    assert said("COE116", text) == []


def test_a_time_that_another_text_explains_is_no_riddle() -> None:
    explained = written(summary="The feed of 14:07 was late.", impact="The feed of 14:07 was late.")
    assert said("COE111", explained) == []
    assert said("COE116", explained) == []


def test_where_no_moment_is_known_no_time_is_wrong() -> None:
    none = moments(
        base=replace(written(summary="Detected at 11:11, for 1 h 5 min."), entries=()),
        **dict.fromkeys(SOUND.instants()),
    )
    assert said("COE111", none) == []
    assert said("COE116", none) == []


def test_a_summary_far_too_long_is_compared_in_part() -> None:
    wrong = "It was detected at 11:11."
    assert said("COE111", written(summary="x " * 2000 + wrong))
    assert said("COE111", written(summary="x " * 2500 + wrong)) == []


# Days


@pytest.mark.parametrize(
    "text",
    [
        "On 3 March 2025 payments failed.",
        "On 3 March payments failed, as on 7 January 2024.",
        "On 2025-03-03 payments failed.",
        "Payments failed.",
    ],
)
def test_days_of_the_timeline(text: str) -> None:
    assert said("COE112", written(summary=text)) == []


def test_the_same_day_of_another_year_is_a_slip() -> None:
    assert said("COE112", written(summary="On 3 March 2024, after 3 March 2025.")) == [
        "“3 March 2024” in the summary, but the timeline is of 2025."
    ]


def test_a_day_by_which_something_will_be_done_is_no_day_of_the_incident() -> None:
    due = replace(SOUND, actions=(replace(SOUND.actions[0], due_on=date(2026, 3, 3)),))
    assert said("COE112", written(base=due, summary="It ends by 3 March 2026.")) == []
    assert said("COE112", written(base=due, summary="It ended on 3 March 2027."))
    both = "On 3 April 2025 payments failed. It ends by 3 March 2026."
    assert len(said("COE112", written(base=due, summary=both))) == 1


def test_a_summary_that_names_no_day_of_the_incident() -> None:
    assert said("COE112", written(summary="On 3 April 2025 payments failed, until 4 April.")) == [
        "“3 April 2025” in the summary, but the timeline begins on 3 March 2025."
    ]


def test_a_day_between_the_first_and_the_last_or_of_another_text_is_known() -> None:
    long = with_entries(entry(20, "09:00"), replace(entry(21, "09:00"), instant=at("09:00", 7)))
    assert said("COE112", written(base=long, summary="On 5 March it was worst.")) == []
    assert said("COE112", written(base=long, summary="On 7 March it was worst.")) == []
    assert said("COE112", written(base=long, summary="On 8 March it was worst."))
    told = written(summary="On 7 January it was planned.", impact="Planned on 7 January 2025.")
    assert said("COE112", told) == []
    other = written(summary="On 7 January 2023 it began.", impact="Planned on 7 January 2025.")
    assert said("COE112", other)
    another = written(summary="On 8 January 2025 it began.", impact="Planned on 7 January 2025.")
    assert said("COE112", another)


def test_days_are_those_of_the_zone_of_the_coe() -> None:
    tokyo = replace(SOUND, zone="Asia/Tokyo")
    assert said("COE112", written(base=tokyo, summary="On 3 March payments failed.")) == []
    late = replace(tokyo, entries=(replace(entry(1, "15:10"), milestone=""),))
    late = moments(base=late, **dict.fromkeys(SOUND.instants()))
    assert said("COE112", written(base=late, summary="On 4 March payments failed.")) == []
    assert said("COE112", written(base=late, summary="On 3 March payments failed."))


def test_without_a_timeline_every_day_may_be_right() -> None:
    none = moments(base=replace(SOUND, entries=()), **dict.fromkeys(SOUND.instants()))
    assert said("COE112", written(base=none, summary="On 3 April payments failed.")) == []


# Durations


def test_how_long_impact_lasted_is_compared_with_the_milestones() -> None:
    (finding,) = found("COE113", written(summary="The outage lasted 40 minutes."))
    assert finding.sentence == (
        "“40 minutes” in the summary, but from impact started to resolved it was 1 h 52 min "
        "(14:02 to 15:54)."
    )
    assert finding.mend is not None
    assert (finding.mend.name, dict(finding.mend.data)) == (
        "copy_duration",
        {"old": "40 minutes", "new": "1 h 52 min"},
    )


@pytest.mark.parametrize(
    "text",
    [
        "The outage lasted 40 minutes.",
        "Impact on customers took about 30 minutes.",
        "It was a 40-minute outage.",
        "There were 40 minutes of downtime.",
        "For 45 minutes customers could not pay.",
        "Payments failed for up to 4 h 20 min.",
    ],
)
def test_durations_that_contradict(text: str) -> None:
    assert len(said("COE113", written(summary=text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The outage lasted 1 h 52 min.",
        "The outage lasted 1 h 53 min.",  # minutes are rounded
        "The outage lasted two hours.",
        "The outage lasted about 100 minutes.",
        "The outage lasted 58 minutes.",  # until it was mitigated
        "The outage lasted 1 h 44 min.",  # since it was detected
        "For 25 minutes customers could not pay while the network was looked at.",  # an entry
        "Customers could not pay until the pool, which is full after 45 minutes, was larger.",
        "For 45 minutes nobody looked.",  # of whom that is said is not known
        "A session now ends after 30 minutes.",
        "The report had run for 300 hours.",
        "It took 8 min until anybody knew.",
    ],
)
def test_durations_that_agree_or_speak_of_something_else(text: str) -> None:
    assert said("COE113", written(summary=text)) == []


def test_a_figure_may_say_how_long_it_lasted() -> None:
    figure = FigureValue(uid(402), "Time without payments", Decimal(45), "minutes", "measured", "x")
    with_figure = replace(SOUND, figures=(*FIGURES, figure))
    text = "The outage lasted 45 minutes. For 45 minutes customers could not pay."
    assert said("COE113", written(base=with_figure, summary=text)) == []
    other = replace(SOUND, figures=(replace(figure, unit="orders"),))
    assert len(said("COE113", written(base=other, summary=text))) == 2
    unknown = replace(SOUND, figures=(replace(figure, amount=None),))
    assert len(said("COE113", written(base=unknown, summary=text))) == 2


@pytest.mark.parametrize(
    ("unit", "amount"),
    [("s", 9000), ("sec", 9000), ("min", 150), ("minutes", 150), ("hours", "2.5"), ("h", "2.5")],
)
def test_figures_in_every_unit_of_time(unit: str, amount: str | int) -> None:
    figure = FigureValue(uid(402), "Without payments", Decimal(amount), unit, "measured", "x")
    text = "The outage lasted 2 h 30 min."
    with_figure = replace(SOUND, figures=(figure,))
    assert said("COE113", written(base=with_figure, summary=text)) == []


def test_a_duration_that_another_text_explains_is_known() -> None:
    text = "For 45 minutes customers could not pay."
    explained = written(summary=text, impact="Nobody could pay for 45 minutes.")
    assert said("COE113", explained) == []


def test_a_duration_to_the_minute_that_misses_a_span_narrowly() -> None:
    assert said("COE113", written(summary="It was over after 1 h 50 min.")) == [
        "“1 h 50 min” in the summary, but from impact started to resolved it was 1 h 52 min "
        "(14:02 to 15:54)."
    ]
    assert said("COE113", written(summary="It was over after 56 minutes.")) == [
        "“56 minutes” in the summary, but from impact started to mitigated it was 58 min "
        "(14:02 to 15:00)."
    ]
    assert said("COE113", written(summary="It was over after 1 h 40 min.")) == [
        "“1 h 40 min” in the summary, but from detected to resolved it was 1 h 44 min "
        "(14:10 to 15:54)."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It was over after about 105 minutes.",
        "It was over after 2 hours.",
        "It is tried again after 9 min.",  # too short to tell
        "It was over after 67 minutes.",  # more than a tenth away
    ],
)
def test_what_is_rounded_short_or_far_misses_nothing(text: str) -> None:
    assert said("COE113", written(summary=text)) == []


@pytest.mark.parametrize(
    ("seconds", "text", "count"),
    [
        (726, "Seen after 11 min.", 1),  # 66 seconds, which is less than a tenth
        (720, "Seen after 11 min.", 0),  # a minute is rounding
        (734, "Seen after 11 min.", 0),  # 74 seconds, which is more than a tenth
        (6600, "Seen after 99 min.", 1),  # 11 minutes, which is a tenth
        (0, "The outage lasted 3 hours.", 0),
        (631, "Seen after 9.5 min.", 0),  # 61 seconds, but too short to tell
        (661, "Seen after 10 min.", 0),  # round numbers are said of other things too
        (1001, "Seen after 15 min.", 0),
        (3961, "Seen after 1 h 5 min.", 1),
    ],
)
def test_how_narrowly_a_span_is_missed(seconds: int, text: str, count: int) -> None:
    detected = Instant(at("14:02").at + timedelta(seconds=seconds), Precision.SECOND)
    known = {**dict.fromkeys(SOUND.instants()), "impact_started": at("14:02"), "detected": detected}
    bare = moments(known, base=replace(SOUND, entries=()))
    assert len(said("COE113", written(base=bare, summary=text))) == count


def test_an_approximate_milestone_makes_its_durations_approximate() -> None:
    about = moments(resolved=at("15:54", precision=Precision.ABOUT))
    assert said("COE113", written(base=about, summary="The outage lasted 1 h 35 min.")) == []
    (sentence,) = said("COE113", written(base=about, summary="The outage lasted 40 minutes."))
    assert "it was about 1 h 52 min" in sentence


def test_while_it_is_not_resolved_impact_lasts_until_it_is_mitigated() -> None:
    open_one = moments(resolved=None)
    (sentence,) = said("COE113", written(base=open_one, summary="The outage lasted 3 hours."))
    assert "from impact started to mitigated it was 58 min (14:02 to 15:00)" in sentence


def test_where_the_milestones_do_not_say_it_nothing_is_contradicted() -> None:
    for unknown in (
        moments(resolved=None, mitigated=None),
        moments(impact_started=None),
        moments(impact_started="16:00"),  # reversed, which has a check of its own
        moments(resolved="14:02"),
    ):
        assert said("COE113", written(base=unknown, summary="The outage lasted 3 hours.")) == []


def test_a_duration_to_the_minute_that_lies_nowhere_is_a_hint() -> None:
    text = written(summary="The vendor answered after 4 h 31 min.")
    assert said("COE113", text) == []
    assert said("COE116", text) == [
        "“4 h 31 min” in the summary lies between no two moments of the timeline."
    ]
    for known in ("It was over after 1 h 50 min.", "It took 271 minutes.", "It took 1 h 44 min."):
        assert said("COE116", written(summary=known)) == []
    assert said("COE116", written(summary="It took about 4 h 31 min.")) == []


# Numbers


def test_a_number_is_compared_with_the_figure_of_its_unit() -> None:
    (finding,) = found("COE114", written(summary="3,200 customers could not pay."))
    assert finding.sentence == (
        "“3,200” in the summary, but the figure “Customers who could not pay” says 2,300 customers."
    )
    assert finding.mend is not None
    assert (finding.mend.name, dict(finding.mend.data)) == (
        "copy_figure",
        {"old": "3,200", "new": "2,300"},
    )


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("2,301 customers", "7"),
        ("about 2,301 customers", "7"),
        ("2.3 million requests", "7"),
        ("two customers", "7"),
        ("€2,301", "€7"),
        ("$ 2,301", "$ 7"),
        ("12 % of uploads", "7 %"),
        ("12% of uploads", "7%"),
        ("about 12 percent of uploads", "7 percent"),
    ],
)
def test_another_amount_in_the_same_words(text: str, instead: str) -> None:
    (count,) = counts_in(text)
    assert count.saying("7") == instead


@pytest.mark.parametrize(
    "text",
    [
        "2,300 customers could not pay.",
        "About 2,200 customers could not pay.",
        "More than 2,000 customers could not pay.",
        "Two customers wrote.",
        "40 customers wrote.",
        "3,200 orders were placed.",
        "On 3 March 2025, from 14:02 on, for 24 hours.",
    ],
)
def test_numbers_that_agree_or_count_something_else(text: str) -> None:
    assert said("COE114", written(summary=text)) == []


def test_a_figure_without_a_unit_is_known_by_what_it_counts() -> None:
    figure = FigureValue(uid(402), "Refused payments", Decimal(19400), "", "measured", "x")
    counted = replace(SOUND, figures=(figure,))
    assert said("COE114", written(base=counted, summary="49,400 payments failed.")) == [
        "“49,400” in the summary, but the figure “Refused payments” says 19,400."
    ]
    assert said("COE114", written(base=counted, summary="49,400 orders failed.")) == []


def test_the_unit_counts_more_than_the_words_beside_it() -> None:
    share = FigureValue(
        uid(402), "Orders of those customers", Decimal(40), "orders", "measured", ""
    )
    both = replace(SOUND, figures=(share, *FIGURES))
    assert said("COE114", written(base=both, summary="45 customers wrote.")) == []


def test_shares_are_compared_with_shares() -> None:
    share = FigureValue(uid(402), "Share of payments", Decimal(31), "%", "measured", "x")
    shared = replace(SOUND, figures=(*FIGURES, share))
    assert said("COE114", written(base=shared, summary="31 % of them failed.")) == []
    assert said("COE114", written(base=shared, summary="13 percent of them failed.")) == [
        "“13 percent” in the summary, but the figure “Share of payments” says 31 %."
    ]
    assert said("COE114", written(base=shared, summary="30 payments failed.")) == []


def test_millions_may_stand_in_the_unit() -> None:
    money = FigureValue(uid(402), "Money", Decimal("2.1"), "million €", "measured", "x")
    paid = replace(SOUND, figures=(money,))
    assert said("COE114", written(base=paid, summary="2.1 million € were paid.")) == []
    assert said("COE114", written(base=paid, summary="2.2 million € were paid.")) == [
        "“2.2 million” in the summary, but the figure “Money” says 2.1 million €."
    ]


def test_a_number_that_another_text_explains_or_that_is_small_in_words_is_let_pass() -> None:
    told = written(summary="2,400 customers were told.", impact="2,400 customers were told.")
    assert said("COE114", told) == []
    few = replace(SOUND, figures=(replace(FIGURES[0], amount=Decimal(5)),))
    assert said("COE114", written(base=few, summary="Six customers wrote.")) == []
    assert said("COE114", written(base=few, summary="6 customers wrote."))
    ten = replace(SOUND, figures=(replace(FIGURES[0], amount=Decimal(12)),))
    assert said("COE114", written(base=ten, summary="Ten customers wrote."))
    unknown = replace(SOUND, figures=(replace(FIGURES[0], amount=None),))
    assert said("COE114", written(base=unknown, summary="2,400 customers wrote.")) == []


def test_numbers_of_days_times_and_durations_are_no_counts() -> None:
    for amount, text in (
        (2052, "On 3 March 2025 customers wrote."),
        (42, "For 24 hours customers"),
    ):
        counted = replace(SOUND, figures=(replace(FIGURES[0], amount=Decimal(amount)),))
        assert said("COE114", written(base=counted, summary=text)) == []
    beside = "On 3 March 2025, at 14:02, 3,200 customers could not pay for 58 minutes."
    assert len(said("COE114", written(summary=beside))) == 1


# Action items


def test_the_action_items_are_counted() -> None:
    assert said("COE115", written(summary="Five action items follow.")) == [
        "“Five action items” in the summary, but there are 3."
    ]
    assert len(said("COE115", written(summary="We take 4 corrective actions."))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Three action items follow.",
        "The first two action items are done.",
        "Of them, the two action items on alarms come first.",
        "Two weeks later the action items were due.",
    ],
)
def test_a_part_of_them_is_no_count(text: str) -> None:
    assert said("COE115", written(summary=text)) == []
