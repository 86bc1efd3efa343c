"""The COE's own clock."""

from dataclasses import replace
from datetime import UTC, datetime

from coe.policies.rules import DEFAULT_RULES
from tests.guidance.samples import SOUND, found, moments, said


def test_it_is_published_within_three_weeks_of_the_mitigation() -> None:
    assert said("COE195", SOUND, as_of=datetime(2025, 3, 24, 20, tzinfo=UTC)) == []
    (finding,) = found("COE195", SOUND, as_of=datetime(2025, 3, 25, 8, tzinfo=UTC))
    assert finding.sentence == (
        "More than 15 working days have passed since the mitigation; a COE is published within "
        "them."
    )
    assert (finding.level, finding.place.panel) == ("hint", "submit")


def test_the_guide_says_within_how_many() -> None:
    rules = replace(DEFAULT_RULES, publication_days=4)
    assert len(said("COE195", SOUND, rules=rules)) == 1


def test_days_are_those_of_the_zone_of_the_coe() -> None:
    late = datetime(2025, 3, 25, 6, tzinfo=UTC)  # in Los Angeles it is still Monday
    assert said("COE195", replace(SOUND, zone="America/Los_Angeles"), as_of=late) == []
    assert said("COE195", SOUND, as_of=late)


def test_no_clock_runs_before_the_mitigation_or_for_the_record() -> None:
    open_one = moments(mitigated=None, resolved=None)
    assert said("COE195", open_one, as_of=datetime(2025, 6, 1, tzinfo=UTC)) == []
    assert said("COE195", SOUND, as_of=datetime(2026, 6, 1, tzinfo=UTC)) == []
    assert said("COE195", moments(mitigated=None), as_of=datetime(2025, 6, 1, tzinfo=UTC))
