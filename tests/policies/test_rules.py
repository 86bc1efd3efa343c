"""The levels and limits of a guide: the product's own, except where the guide has another."""

import pytest
from django.db import IntegrityError, transaction

from coe.policies.models import CheckLevel, Guide, GuideLimit
from coe.policies.rules import BY_NUMBER, DEFAULT_RULES, GuideRules, Level, Limit
from coe.policies.services import rules_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide() -> Guide:
    return Guide.objects.create(version=1)


def test_a_guide_that_says_nothing_has_those_of_the_product(guide: Guide) -> None:
    assert rules_of(guide) == DEFAULT_RULES


def test_every_limit_is_a_field_of_the_rules() -> None:
    assert {each.value for each in Limit} | {"levels", "sections", "calendar"} == set(
        GuideRules.__dataclass_fields__
    )
    for each in Limit:
        assert isinstance(getattr(DEFAULT_RULES, each), int) is (each not in BY_NUMBER)


def test_a_guide_has_levels_of_its_own(guide: Guide) -> None:
    CheckLevel.objects.create(guide=guide, check_id="COE125", level=Level.HINT)
    other = Guide.objects.create(version=2)
    CheckLevel.objects.create(guide=other, check_id="COE125", level=Level.OFF)
    rules = rules_of(guide)
    assert rules.level_of("COE125", Level.REASON) == Level.HINT
    assert rules.level_of("COE101", Level.BLOCKS) == Level.BLOCKS


def test_a_guide_has_limits_of_its_own(guide: Guide) -> None:
    GuideLimit.objects.create(guide=guide, name=Limit.SUMMARY_WORDS, value=200)
    GuideLimit.objects.create(guide=guide, name=Limit.DUE_DAYS, of=0, value=7)
    GuideLimit.objects.create(guide=guide, name=Limit.DUE_DAYS, of=3, value=120)
    rules = rules_of(guide)
    assert rules.summary_words == 200
    assert dict(rules.due_days) == {0: 7, 1: 30, 2: 60, 3: 120}
    assert rules.slow_detection == DEFAULT_RULES.slow_detection
    assert dict(DEFAULT_RULES.due_days) == {0: 14, 1: 30, 2: 60, 3: 90}


@pytest.mark.parametrize(
    ("name", "of"), [(Limit.SUMMARY_WORDS, 1), (Limit.DUE_DAYS, None), ("slow_detection", None)]
)
def test_a_limit_holds_for_a_number_or_for_all(guide: Guide, name: str, of: int | None) -> None:
    with (
        pytest.raises(IntegrityError, match="guide_limit_of_a_number_or_none"),
        transaction.atomic(),
    ):
        GuideLimit.objects.create(guide=guide, name=name, of=of, value=5)


def test_a_limit_is_there_once(guide: Guide) -> None:
    GuideLimit.objects.create(guide=guide, name=Limit.GAP_MINUTES, value=15)
    with pytest.raises(IntegrityError, match="guide_limit_once"), transaction.atomic():
        GuideLimit.objects.create(guide=guide, name=Limit.GAP_MINUTES, value=20)
