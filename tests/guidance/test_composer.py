"""The first draft of a summary: what it says of a COE, and that nothing in it is wrong."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from coe.demo.incidents import small_incidents
from coe.guidance.case import Case
from coe.guidance.clocks import clocks_in
from coe.guidance.composer import MOST_WORDS, Composition, compose
from coe.guidance.counts import counts_in
from coe.guidance.days import days_in
from coe.guidance.lengths import lengths_in
from coe.guidance.parts import Mark
from coe.guidance.registry import BY_SUBJECT
from coe.guidance.summary import count_words
from coe.policies.rules import DEFAULT_RULES
from coe.snapshots.snapshot import FigureValue, SectionValue, Snapshot
from coe.text.instants import Precision
from tests.guidance.samples import (
    AS_OF,
    FIGURES,
    OWNER,
    SOUND,
    action,
    at,
    cause,
    entry,
    moments,
    uid,
    written,
)
from tests.snapshots.strategies import AUTHORED

GIFT_CARDS = """\
Gift cards could be spent twice for nine minutes. 41 gift cards were spent twice, 1,730 € in all. \
No customer lost anything.

Impact on Checkout started on 5 Nov 2026, 13:41 CET (UTC+01:00). It was detected after 5 min \
(13:46) and mitigated after 9 min (13:50). What ended it: “Gift cards are switched off, then on \
with the old service alone.”

For nine minutes two services kept two books of the same cards. Behind it: nothing keeps the old \
service from spending once the new one does (likely).

One action item follows:

- Let the old service refuse to spend from the moment that the new one begins (Tomás Rey, by \
4 Dec 2026)"""
DRILL = """\
A restore drill almost wrote over the live ledger. There was no impact. Had there been room on the \
disk, the ledger of the day would have been replaced by the one of the night before.

The risk began on 11 Nov 2026, 14:31 CET (UTC+01:00). It was detected and mitigated at once, and \
resolved after 49 min (15:20).

The old name of the scratch server points to the live ledger since servers were renamed in \
October. Behind it: the restore command writes over any database that it may write to, without \
asking what it is.

One action item follows:

- Let the restore command refuse a database that took a write in the last hour (Kim Colleague, by \
25 Nov 2026)"""


def of_demo(words: str) -> Snapshot:
    (found,) = (each.snapshot for each in small_incidents() if words in each.snapshot.title)
    return found


def text_of(snapshot: Snapshot) -> str:
    return compose(snapshot).text


def test_a_draft_of_the_demo_and_a_light_coe_of_it() -> None:
    assert text_of(of_demo("Gift cards could")) == GIFT_CARDS
    assert text_of(of_demo("A restore drill")) == DRILL


def test_each_number_says_which_field_it_is() -> None:
    marks = compose(of_demo("Gift cards could")).marks
    assert [(each.words, each.source, each.panel) for each in marks] == [
        ("nine minutes", "the title", "facts"),
        ("41", "the impact", "impact"),
        ("1,730", "the impact", "impact"),
        ("5 Nov 2026, 13:41 CET (UTC+01:00)", "Impact started", "milestones"),
        ("5 min", "impact started to detected", "milestones"),
        ("13:46", "Detected", "milestones"),
        ("9 min", "impact started to mitigated", "milestones"),
        ("13:50", "Mitigated", "milestones"),
        ("nine minutes", "C1", "causes"),
        ("One action item", "counted", "actions"),
        ("4 Dec 2026", "A1, due", "actions"),
    ]


def found_in(snapshot: Snapshot, text: str) -> list[str]:
    """What the checks of the summary find where it says `text`."""
    kept = [each for each in snapshot.sections if each.slug != "summary"]
    whole = replace(snapshot, sections=(*kept, SectionValue("summary", text)))
    case = Case(whole, DEFAULT_RULES, AS_OF)
    return [each.check for check in BY_SUBJECT["Summary"] for each in check.findings(case)]


def unmarked(composition: Composition) -> Iterator[str]:
    """The numbers of a draft that stand in none of its marks."""
    text = composition.text
    covered = [False] * len(text)
    for words in {each.words for each in composition.marks}:
        place = text.find(words)
        while place >= 0:
            covered[place : place + len(words)] = [True] * len(words)
            place = text.find(words, place + 1)
    for find in (clocks_in, days_in, lengths_in, counts_in):
        for each in find(text):
            digits = [at for at in range(each.span.start, each.span.end) if text[at].isdigit()]
            if not all(covered[at] for at in digits):
                yield each.words


@settings(max_examples=60, deadline=None)
@given(AUTHORED)
def test_no_check_finds_anything_in_what_was_laid_out(snapshot: Snapshot) -> None:
    composition = compose(snapshot)
    assert count_words(composition.text) <= MOST_WORDS
    assert list(unmarked(composition)) == []
    if composition.text:
        assert set(found_in(snapshot, composition.text)) <= {"COE103"}
    assert compose(snapshot) == composition


@pytest.mark.parametrize("words", ["26 minutes", "refused every order", "a day early", "drill"])
def test_nor_in_what_was_laid_out_of_the_demo(words: str) -> None:
    snapshot = of_demo(words)
    composition = compose(snapshot)
    assert found_in(snapshot, composition.text) == []
    assert list(unmarked(composition)) == []


def test_what_the_summary_says_already_is_not_asked() -> None:
    assert text_of(SOUND) == text_of(written(summary="Another one, of 42 minutes."))
    assert text_of(SOUND).startswith(
        "Card payments were refused. 2,300 customers read that their card was refused. Invoices "
        "were not affected.\n\nImpact on Checkout started on 3 Mar 2025, 14:02 UTC. It was "
        "detected after 8 min (14:10), mitigated after 58 min (15:00) and resolved after 1 h "
        "52 min (15:54). What ended it: “The old size is back.”\n\nThe reason with the number 1 in "
        "the test. Behind it: the reason with the number 2 in the test."
    )


BARE = replace(
    moments(dict.fromkeys((each.kind for each in SOUND.milestones), None)),
    sections=(),
    entries=(),
    causes=(),
    actions=(),
    figures=(),
)


def test_of_a_title_alone_nothing_is_laid_out() -> None:
    assert compose(BARE) == Composition("", ())
    assert compose(replace(BARE, figures=(replace(FIGURES[0], amount=None),))).text == ""
    assert compose(moments(diagnosed="14:50", base=BARE)).text == ""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"sections": (SectionValue("impact", "They could not pay"),)}, " They could not pay."),
        ({"figures": FIGURES}, " Customers who could not pay: 2,300."),
        ({"causes": (cause(1, text="It was full"),)}, "\n\nIt was full."),
        ({"actions": (action(1, owner=None, due_on=None),)},
         "\n\nOne action item follows:\n\n- Correct the reason with the number 1"),
        ({"milestones": moments(impact_started="14:02", base=BARE).milestones},
         "\n\nImpact on Checkout started on 3 Mar 2025, 14:02 UTC."),
    ],
)  # fmt: skip
def test_one_thing_beside_the_title_is_enough(more: dict[str, object], said: str) -> None:
    snapshot = replace(BARE, **more)  # type: ignore[arg-type]
    assert text_of(snapshot) == f"Card payments were refused.{said}"


def when(snapshot: Snapshot) -> str:
    return text_of(snapshot).removeprefix("Card payments were refused.").strip()


def test_what_is_not_known_of_the_milestones_is_left_out() -> None:
    def known(**clocks: object) -> str:
        return when(moments(base=BARE, **clocks))  # type: ignore[arg-type]

    assert known(impact_started="14:02", resolved="15:54") == (
        "Impact on Checkout started on 3 Mar 2025, 14:02 UTC. "
        "It was resolved after 1 h 52 min (15:54)."
    )
    assert known(detected="14:10", mitigated="15:00") == (
        "It was detected on 3 Mar 2025, 14:10 UTC and mitigated after 50 min (15:00)."
    )
    assert known(mitigated="15:00") == "It was mitigated on 3 Mar 2025, 15:00 UTC."
    assert known(impact_started="14:02", detected="13:50") == (
        "Impact on Checkout started on 3 Mar 2025, 14:02 UTC."
    )
    about = at("14:10", precision=Precision.ABOUT)
    assert known(impact_started="14:02", detected=about) == (
        "Impact on Checkout started on 3 Mar 2025, 14:02 UTC. "
        "It was detected after about 8 min (about 14:10)."
    )
    assert known(impact_started=about, detected="14:10") == (
        "Impact on Checkout started on 3 Mar 2025, about 14:10 UTC. "
        "It was detected at about the same time."
    )
    assert known(impact_started="14:02", detected="14:02", mitigated=at("14:02", day=4)) == (
        "Impact on Checkout started on 3 Mar 2025, 14:02 UTC. "
        "It was detected at once and mitigated after 1 d (4 Mar 2025, 14:02)."
    )


def test_a_near_miss_has_no_impact_and_a_coe_may_have_no_service() -> None:
    started = moments(impact_started="14:02", base=BARE)
    risk = "The risk began on 3 Mar 2025, 14:02 UTC."
    assert when(replace(started, severity=4)) == risk
    assert when(replace(started, category="near_miss")) == risk
    nameless = replace(started, service="")
    assert when(nameless) == "Impact started on 3 Mar 2025, 14:02 UTC."
    assert when(replace(nameless, severity=4)) == risk


def test_what_came_at_the_same_moment_is_one_and_a_day_is_named_once() -> None:
    """What was detected and mitigated at once, and resolved on the day after that."""
    same = moments(impact_started="14:02", detected="14:10", mitigated="14:10", base=BARE)
    assert when(same) == (
        "Impact on Checkout started on 3 Mar 2025, 14:02 UTC. "
        "It was detected and mitigated after 8 min (14:10)."
    )
    assert when(moments(resolved="15:54", base=same)).endswith(
        "It was detected and mitigated after 8 min (14:10), and resolved after 1 h 52 min (15:54)."
    )
    tomorrow = at("14:02", day=4)
    assert when(moments(detected=tomorrow, mitigated=tomorrow, base=same)).endswith(
        "It was detected and mitigated after 1 d (4 Mar 2025, 14:02)."
    )
    late = {"detected": tomorrow, "mitigated": at("15:02", day=4)}
    assert when(moments(late, resolved=at("14:02", day=5), base=same)).endswith(
        "It was detected after 1 d (4 Mar 2025, 14:02), mitigated after 1 d 1 h (15:02) "
        "and resolved after 2 d (5 Mar 2025, 14:02)."
    )


def test_a_zone_whose_short_name_means_another_is_left_out() -> None:
    """CDT is five hours behind UTC in Chicago, and four in Havana."""
    havana = replace(moments(impact_started=at("14:02", day=20), base=BARE), zone="America/Havana")
    assert when(havana) == "Impact on Checkout started on 20 Mar 2025, 10:02."


def test_a_sentence_that_contradicts_a_field_is_left_out() -> None:
    said = "They could not pay. The outage lasted 3 hours."
    assert "They could not pay." in text_of(written(impact=said))
    assert "3 hours" not in text_of(written(impact=said))
    assert "3 hours" not in text_of(replace(SOUND, title="The outage lasted 3 hours"))
    measured = written(impact="They could not pay. The outage lasted 1 h 52 min.")
    assert "The outage lasted 1 h 52 min." in text_of(measured)


def test_what_contradicts_a_field_only_where_it_stands_is_left_out_as_well() -> None:
    """“for 3 hours” and “failed” are two texts, and one sentence."""
    snapshot = written(impact="customers failed to pay by card.")
    snapshot = replace(snapshot, title="It was slow for 3 hours etc")
    assert text_of(snapshot).startswith("It was slow for 3 hours etc.")
    assert "customers failed" not in text_of(snapshot)
    assert found_in(snapshot, text_of(snapshot)) == []


def test_a_figure_is_told_once_and_an_estimate_is_called_one() -> None:
    def figure(what: str, amount: str, unit: str, source: str = "measured") -> FigureValue:
        return FigureValue(uid(450), what, Decimal(amount), unit, source, "")

    def told(*figures: FigureValue, impact: str = "Many could not pay.") -> str:
        text = text_of(written(impact=impact, base=replace(BARE, sections=SOUND.sections,
                                                           figures=figures)))  # fmt: skip
        return text.removeprefix(f"Card payments were refused. {impact}").strip()

    assert told(figure("Failed payments", "19400", "payments")) == "Failed payments: 19,400."
    assert told(figure("Failed payments", "19400", "")) == "Failed payments: 19,400."
    assert told(figure("Payments", "19400", "payments")) == "Payments: 19,400."
    odd = figure("Failed", "5", "a;")
    assert told(odd) == "Failed: 5 a."
    assert list(unmarked(compose(replace(BARE, figures=(odd,))))) == []
    assert told(figure("Revenue:", "310000", "€", "estimated")) == "Revenue: 310,000 €, estimated."
    said = "19,400 payments failed."
    assert told(figure("Failed payments", "19400", "payments"), impact=said) == ""
    several = [figure(f"Number {letter}", f"{10 + n}", "") for n, letter in enumerate("abcd")]
    assert told(*several) == "Number a: 10. Number b: 11. Number c: 12."


def why(*causes: object) -> str:
    text = text_of(replace(BARE, causes=causes))  # type: ignore[arg-type]
    return text.removeprefix("Card payments were refused.").strip()


def test_why_is_the_first_cause_and_the_ends_of_its_branches() -> None:
    first, second = cause(1, text="It was full."), cause(2, text="No alarm rang.", explains=[1])
    third = cause(3, text="An old limit held.", explains=[2])
    fourth = cause(4, text="Nobody asked.", explains=[1])
    fifth = cause(5, text="Five.", explains=[1])
    head = "It was full."
    assert why(first) == head
    assert why(first, second) == f"{head} Behind it: no alarm rang."
    assert why(first, second, third) == f"{head} Behind it: an old limit held."
    assert why(first, second, third, fourth, fifth) == (
        f"{head} Behind it: an old limit held. Nobody asked."
    )
    luck = cause(6, "luck", text="Luck.", explains=[1])
    assert why(first, luck) == head
    assert why(first, second, replace(luck, explains=(second.uid,))) == (
        f"{head} Behind it: no alarm rang."
    )


def test_behind_what_has_a_colon_no_sentence_begins_with_a_capital_that_may_be_a_name() -> None:
    first, named = cause(1, text="It was full."), cause(2, text="Postgres keeps all.", explains=[1])
    assert why(first, named) == "It was full. Postgres keeps all."
    late = replace(cause(3, text="Alarms were off."), answers="detection")
    assert why(late) == "Alarms were off."


def test_why_is_told_by_question_and_what_is_not_sure_is_said_to_be() -> None:
    late = replace(cause(3, text="No alarm rang."), answers="detection", confidence="likely")
    slow = replace(cause(4, text="The key was lost"), answers="mitigation")
    slow = replace(slow, confidence="hypothesis")
    assert why(cause(1, text="It was full."), late, slow) == (
        "It was full. It was not noticed sooner: no alarm rang (likely). "
        "It was not mitigated sooner: the key was lost (a hypothesis)."
    )


def test_a_cause_is_told_whole_and_all_of_it_is_as_sure() -> None:
    """Half of a reason is none; of what is longer than a reason the first sentence is told."""
    two = "It was full. It had no end."
    three = f"{two} It grew and grew."
    assert why(cause(1, text=two)) == two
    assert why(cause(1, text=three)) == three
    assert why(cause(1, text=f"{three} It was old too.")) == "It was full."
    likely = replace(cause(1, text=two), confidence="likely")
    assert why(likely) == "It was full. It had no end (both likely)."
    unsure = replace(cause(1, text=three), confidence="hypothesis")
    assert why(unsure) == "It was full. It had no end. It grew and grew (all hypotheses)."


def test_causes_that_are_long_together_are_told_by_their_first_sentences() -> None:
    more = f"It was so {' '.join(['word'] * 36)}."
    first = cause(1, text=f"It was full. {more}")
    second = cause(2, text=f"No alarm rang. {more}", explains=[1])
    third = cause(3, text=f"Nobody asked. {more}", explains=[1])
    assert why(first) == f"It was full. {more}"
    assert why(first, second) == f"It was full. {more} Behind it: no alarm rang. {more}"
    assert why(first, second, third) == why(first, second)


def test_a_title_that_the_impact_says_again_is_left_out() -> None:
    title = "No backup of invoices for nine nights; customers lost nothing"
    said = (
        "No customer was hit. For nine nights there was no backup of the invoices. "
        "Nobody counted. Nothing was lost: no restore was needed."
    )
    again = written(impact=said, base=replace(SOUND, title=title, figures=()))
    assert text_of(again).startswith(f"{said}\n\n")
    other = replace(again, title="A password was changed and a job was not told")
    assert text_of(other).startswith(f"A password was changed and a job was not told. {said}\n\n")
    three_of_four = replace(again, title="Invoices counted nine weeks")
    assert text_of(three_of_four).startswith(f"{said}\n\n")
    alone = replace(again, sections=())
    assert text_of(alone).startswith(f"{title}.\n\n")


@pytest.mark.parametrize(
    ("impact", "told"),
    [
        ("None.", "There was no impact."),
        ("None. A disk was full.", "There was no impact. A disk was full."),
        ("None outside of one team.", "Impact: None outside of one team."),
    ],
)
def test_an_impact_that_is_denied_is_denied_in_a_sentence(impact: str, told: str) -> None:
    bare = replace(BARE, sections=SOUND.sections)
    assert text_of(written(impact=impact, base=bare)) == f"Card payments were refused. {told}"


def test_the_impact_is_told_to_its_end_where_that_is_short() -> None:
    bare = replace(BARE, sections=SOUND.sections)
    five = "It was slow. It then failed. All of it failed. None of it worked. Nobody was told."
    assert text_of(written(impact=five, base=bare)).endswith(f"refused. {five}")
    assert text_of(written(impact=f"{five} Nobody at all.", base=bare)).endswith(f"refused. {five}")
    long = " ".join(["word"] * 36)
    three = written(impact=f"One {long}. Two {long}. Three {long}.", base=bare)
    assert text_of(three).endswith(f"refused. One {long}. Two {long}.")
    full = " ".join(["word"] * 44)
    ninety = f"One {full}. Two {full}."
    assert text_of(written(impact=ninety, base=bare)).endswith(f"refused. {ninety}")


def test_an_entry_is_quoted_and_quotes_in_it_are_the_inner_ones() -> None:
    last = entry(6, "15:00", "“Also bought” is off.", milestone="mitigated")
    marked = replace(moments(mitigated="15:00", base=BARE), entries=(last,))
    assert when(marked).endswith("What ended it: “‘Also bought’ is off.”")


def test_what_is_done_is_counted_and_listed_with_who_and_when() -> None:
    def items(*actions: object) -> str:
        text = text_of(replace(BARE, actions=actions))  # type: ignore[arg-type]
        return text.removeprefix("Card payments were refused.").strip()

    one = action(1, title="Add *an* alarm", owner=OWNER, due_on=date(2026, 3, 3))
    two = action(2, title="Page somebody", owner=None, due_on=date(2025, 4, 1))
    three = action(3, title="Ask twice", owner=OWNER, due_on=None)
    assert items(one, two, three) == (
        "Three action items follow:\n\n"
        "- Add \\*an\\* alarm (Robin Owner, by 3 Mar 2026)\n"
        "- Page somebody (by 1 Apr 2025)\n"
        "- Ask twice (Robin Owner)"
    )
    many = items(*(action(n, title=f"Do {n}", owner=None, due_on=None) for n in range(1, 12)))
    assert many.startswith("11 action items follow, among them:\n\n- Do 1\n")
    assert many.endswith("- Do 6")


def test_a_due_day_of_another_year_is_no_day_of_the_incident() -> None:
    later = replace(SOUND, actions=(action(1, due_on=date(2026, 3, 3)),))
    assert "by 3 Mar 2026" in text_of(later)
    assert found_in(later, text_of(later)) == []


def test_an_item_for_which_there_is_no_room_is_counted() -> None:
    crowded = replace(BARE, actions=(action(1),))
    assert (
        compose(crowded, most=9).text == "Card payments were refused.\n\nOne action item follows."
    )
    words = count_words(text_of(crowded))
    assert compose(crowded, most=words) == compose(crowded) != compose(crowded, most=words - 1)


def test_a_long_coe_is_still_a_short_draft() -> None:
    long = " ".join(["word"] * 38)
    items = tuple(action(n, title=" ".join(["do"] * 60), owner=None, due_on=None) for n in range(9))
    causes = (
        cause(1, text=f"First {long}."),
        cause(2, text=f"Second {long}.", explains=[1]),
        cause(3, text=f"Third {long}.", answers="detection"),
    )
    whole = replace(written(impact=f"{long}. {long}. {long}."), actions=items, causes=causes)
    assert MOST_WORDS - 60 < count_words(text_of(whole)) <= MOST_WORDS
    assert count_words(compose(whole, most=90).text) <= 90
    assert "Nine action items follow" in text_of(whole)


def test_the_entry_of_another_milestone_did_not_end_it() -> None:
    last = entry(7, "15:54", "All is well.", milestone="resolved")
    marked = replace(moments(resolved="15:54", base=BARE), entries=(last,))
    assert "ended" not in text_of(marked)


def test_a_mark_names_its_words_once() -> None:
    marks = compose(SOUND).marks
    assert len(marks) == len(set(marks))
    assert Mark("58 min", "impact started to mitigated", "milestones") in marks
