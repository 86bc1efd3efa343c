"""What the checks say of the COEs of the demo: the exemplary one is sound, the draft is weak."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from coe.demo.seeding import DemoCoe, demo_coes, reconstruction
from coe.guidance.findings import Finding
from coe.guidance.registry import check
from coe.policies.rules import DEFAULT_RULES, Level

TODAY = datetime(2026, 11, 21, 12, tzinfo=UTC)


def findings(name: str) -> tuple[Finding, ...]:
    return check(reconstruction(name).snapshot, DEFAULT_RULES, TODAY)


def test_in_the_exemplary_coe_there_are_hints_at_most() -> None:
    assert [(each.check, each.level) for each in findings("s3_2017")] == [
        ("COE144", Level.HINT),  # nothing is known of 12:26 to 13:18
        ("COE164", Level.HINT),  # it says itself that one cause is a reading of ours
        ("COE178", Level.HINT),  # all corrections are one person's
    ]


def test_the_weak_draft_shows_what_a_reviewer_would_ask() -> None:
    found = Counter(each.check for each in findings("cloudflare_2025"))
    assert found == {
        "COE103": 1,  # how long?
        "COE122": 1,  # how many?
        "COE123": 1,  # a figure without number and reason
        "COE124": 1,  # what was not affected?
        "COE125": 1,  # no graph
        "COE132": 2,  # diagnosed and resolved are not known
        "COE134": 1,  # impact started when it was detected
        "COE144": 2,  # 90 and 79 minutes without a word
        "COE145": 1,  # acknowledged at 11:32, by nobody on the timeline
        "COE146": 1,  # nothing links to the impact
        "COE151": 5,  # fourteen questions in five parts
        "COE155": 1,  # no safeguard
        "COE162": 1,  # “Looked in the wrong place first.”, and then?
        "COE164": 3,  # three guesses
        "COE166": 2,  # two causes without a kind
        "COE172": 1,  # “Look into …” has no owner,
        "COE173": 1,  # no day,
        "COE174": 2,  # and like the other no end
        "COE179": 1,  # nothing prevents it
    }


def test_the_coe_in_review_has_two_weak_places() -> None:
    found = findings("github_2018")
    assert [(each.check, each.place.panel) for each in found if each.level != Level.HINT] == [
        ("COE162", "causes"),  # are the replicas sized for a normal day?
    ]
    assert [each.place.panel for each in found if each.check == "COE151"] == [
        "questions-mitigation",  # would earlier escalation have helped?
    ]


def test_nothing_that_was_found_is_in_other_words_on_the_next_day() -> None:
    """An answer to it would be gone."""
    for coe in demo_coes():
        today, tomorrow = (
            {
                (each.check, each.place): each.sentence
                for each in check(coe.snapshot, DEFAULT_RULES, at)
            }
            for at in (TODAY, TODAY + timedelta(days=1))
        )
        both = today.keys() & tomorrow.keys()
        assert {each: today[each] for each in both} == {each: tomorrow[each] for each in both}


@pytest.mark.parametrize("coe", demo_coes(), ids=lambda coe: coe.name[:30])
def test_no_number_in_a_summary_of_the_demo_is_called_wrong(coe: DemoCoe) -> None:
    """They are all right: each was worked out when they were written."""
    found = check(coe.snapshot, DEFAULT_RULES, TODAY)
    assert [each.sentence for each in found if "COE111" <= each.check <= "COE119"] == []


def test_no_secret_and_no_address_is_seen_where_none_is() -> None:
    for coe in demo_coes():
        found = check(coe.snapshot, DEFAULT_RULES, TODAY)
        assert [each.sentence for each in found if "COE191" <= each.check <= "COE194"] == []
