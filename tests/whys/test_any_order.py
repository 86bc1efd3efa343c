"""Whatever is done to the causes, in whatever order and by how many people at once: they stay a
graph without circles, and each is drawn exactly once.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coe.accounts.models import User
from coe.documents.models import Document
from coe.documents.rows import move_row
from coe.web.versions import Conflict
from coe.whys.graph import reachable
from coe.whys.models import Cause, Explanation
from coe.whys.queries import siblings
from coe.whys.services import (
    CannotNest,
    ExplainsItself,
    add_cause,
    nest_cause,
    remove_cause,
    save_cause,
    unnest_cause,
)
from tests.documents.making import make_cause
from tests.documents.rivals import at_once, kinds_of_errors
from tests.people import People
from tests.whys.drawing import places

Step = tuple[str, int, int, int]

DEEDS = ("nest", "unnest", "up", "down", "save", "add", "remove")
STEPS = st.tuples(st.sampled_from(DEEDS), *[st.integers(0, 30)] * 3)


def do(step: Step, document: Document, by: User) -> None:
    """One step, on the causes that there are; what is refused with a sentence changes nothing."""
    deed, *picks = step
    there = list(Cause.objects.filter(document=document))
    if not there or deed == "add":
        answers = list(Cause.Asks)[picks[0] % 3]
        explains = chosen(there, picks[1:])
        values = {"text": f"cause {len(there)}", "answers": answers}
        add_cause(document, uid=uuid4(), values=values, explains=explains, by=by)
        return
    cause = there[picks[0] % len(there)]
    deeds: dict[str, Callable[[], None]] = {
        "nest": lambda: nest_cause(cause, version=cause.version, by=by),
        "unnest": lambda: unnest_cause(cause, version=cause.version, by=by),
        "up": lambda: move_row(cause, steps=-1, among=siblings(cause), by=by),
        "down": lambda: move_row(cause, steps=1, among=siblings(cause), by=by),
        "save": lambda: save_cause(
            cause, version=cause.version, values={}, explains=chosen(there, picks[1:]), by=by
        ),
        "remove": lambda: remove_cause(cause, version=cause.version, by=by),
    }
    with suppress(CannotNest, ExplainsItself):
        deeds[deed]()


def chosen(there: list[Cause], picks: list[int]) -> list[Cause]:
    """One or two effects, or where a number points past the causes that there are, none."""
    found = [there[pick] for pick in picks if pick < len(there)]
    return list(dict.fromkeys(found))


def check(document: Document) -> None:
    """No circle, each cause drawn once, each with effects below one, every place another."""
    causes = list(Cause.objects.filter(document=document))
    edges = list(Explanation.objects.filter(document=document))
    upwards = [(edge.cause_id, edge.effect_id) for edge in edges]
    for cause_id, effect_id in upwards:
        assert cause_id not in reachable(effect_id, upwards)
    assert sorted(place.cause.pk for place in places(document)) == sorted(c.pk for c in causes)
    drawn = [edge.cause_id for edge in edges if edge.is_primary]
    assert sorted(drawn) == sorted({edge.cause_id for edge in edges})
    assert len({cause.position for cause in causes}) == len(causes)


@pytest.mark.django_db
@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(STEPS, min_size=5, max_size=25))
def test_no_sequence_of_steps_closes_a_circle_or_loses_a_cause(
    document: Document, people: People, steps: list[Step]
) -> None:
    with transaction.atomic():
        for number in range(4):
            make_cause(document, f"start {number}")
        for step in steps:
            do(step, document, people.owner)
            check(document)
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_people_who_rearrange_at_once_keep_every_cause_and_every_place(
    document: Document, people: People, seed: int
) -> None:
    top = make_cause(document, "top")
    for number in range(5):
        make_cause(document, f"cause {number}", explains=[top] if number % 2 else [])
    before = set(Cause.objects.values_list("pk", flat=True))
    positions = sorted(Cause.objects.values_list("position", flat=True))

    def somebody(number: int) -> Callable[[], None]:
        choice = random.Random(10 * seed + number)
        deeds = ("nest", "unnest", "up", "down")
        steps = [(choice.choice(deeds), choice.randrange(30), 0, 0) for _ in range(10)]

        def work() -> None:
            for step in steps:
                with suppress(Conflict):
                    do(step, document, people.owner)

        return work

    rivals = at_once(somebody(1), somebody(2), somebody(3))

    assert kinds_of_errors(rivals) == []
    assert set(Cause.objects.values_list("pk", flat=True)) == before
    assert sorted(Cause.objects.values_list("position", flat=True)) == positions
    check(document)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_nest_one_cause_at_once_exactly_one_does(
    document: Document, people: People
) -> None:
    make_cause(document, "one")
    two = make_cause(document, "two")
    copies = [Cause.objects.get(pk=two.pk) for _ in range(2)]

    rivals = at_once(
        *[lambda copy=copy: nest_cause(copy, version=1, by=people.owner) for copy in copies]
    )

    assert kinds_of_errors(rivals) == ["Conflict"]
    check(document)
