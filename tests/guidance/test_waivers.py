"""Answers to findings: who gives them, to what, and for how long they hold."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from coe.documents.locks import ReadOnly
from coe.documents.models import Document, State
from coe.guidance.models import Waiver
from coe.guidance.reading import answers_digest, examine
from coe.guidance.services import (
    AnsweredMeanwhile,
    FindingGone,
    dismiss_finding,
    take_back_waiver,
    waive_finding,
)
from coe.history.models import HistoryEvent
from coe.policies.rules import Level
from coe.snapshots.services import take_snapshot
from tests.guidance.answering import NO_GRAPH, found, open_checks, take_back, weigh
from tests.people import People
from tests.reviews.steps import bring_to, fresh, write

WHY = "The graph is in the dashboard of the bank."
PERSONS = (
    *("owner", "contributor", "colleague", "manager"),
    *("director", "leader", "stranger", "admin"),
)
AUTHORS = {"owner", "contributor"}


@pytest.fixture
def weak(document: Document) -> Document:
    """Something in it blocks, something needs a reason, and something is a hint."""
    weigh(document, COE101=Level.BLOCKS, COE121=Level.HINT, COE125=Level.REASON)
    return document


def events(document: Document) -> list[tuple[str, str, object]]:
    told = HistoryEvent.objects.filter(document=document, subject="finding").order_by("pk")
    return [(each.action, each.actor.name, each.text.content) for each in told]


def test_everything_is_open_until_somebody_answers(weak: Document) -> None:
    seen = examine(weak)
    assert [each.check for each in seen.open] == ["COE101", "COE121", "COE125"]
    assert [each.check for each in seen.blockers] == ["COE101"]
    assert [each.check for each in seen.unreasoned] == ["COE125"]
    assert [each.check for each in seen.hints] == ["COE121"]
    assert [each.check for each in seen.in_the_way] == ["COE101", "COE125"]
    assert (seen.waived, seen.dismissed) == ((), ())


def test_a_hint_is_dismissed_and_the_history_says_by_whom(weak: Document, people: People) -> None:
    finding = found(weak, "COE121")
    dismiss_finding(weak, key=finding.key, by=people.contributor)
    ((seen, waiver),) = examine(weak).dismissed
    assert seen == finding
    assert (waiver.kind, waiver.reason, waiver.by) == ("dismissed", "", people.contributor)
    assert open_checks(weak) == ["COE101", "COE125"]
    ((action, name, content),) = events(weak)
    assert (action, name) == ("added", "Contributor")
    assert content == {
        "before": {},
        "after": {
            "check_id": "COE121",
            "panel": finding.place.panel,
            "row": "",
            "field": "",
            "sentence": finding.sentence,
            "kind": "dismissed",
            "reason": "",
        },
    }


def test_what_needs_a_reason_is_out_of_the_way_with_one(weak: Document, people: People) -> None:
    waive_finding(weak, key=found(weak, "COE125").key, reason=f"  {WHY}\n", by=people.owner)
    ((finding, waiver),) = examine(weak).waived
    assert (finding.sentence, waiver.sentence) == (NO_GRAPH, NO_GRAPH)
    assert (waiver.kind, waiver.reason) == ("waived", WHY)
    assert [each.check for each in examine(weak).in_the_way] == ["COE101"]


def test_a_hint_may_stand_for_a_reason_as_well(weak: Document, people: People) -> None:
    key = found(weak, "COE121").key
    dismiss_finding(weak, key=key, by=people.owner)
    waive_finding(weak, key=key, reason=WHY, by=people.owner)
    dismiss_finding(weak, key=key, by=people.owner)  # which takes no reason away
    assert [waiver.reason for _, waiver in examine(weak).waived] == [WHY]
    assert examine(weak).dismissed == ()


def test_what_blocks_is_neither_dismissed_nor_waived(weak: Document, people: People) -> None:
    key = found(weak, "COE101").key
    with pytest.raises(ValidationError, match="It has to be corrected"):
        waive_finding(weak, key=key, reason=WHY, by=people.owner)
    with pytest.raises(ValidationError, match="It has to be corrected"):
        dismiss_finding(weak, key=key, by=people.owner)
    assert events(weak) == []


def test_what_needs_a_reason_is_not_dismissed_without_one(weak: Document, people: People) -> None:
    key = found(weak, "COE125").key
    with pytest.raises(ValidationError, match="This needs a reason"):
        dismiss_finding(weak, key=key, by=people.owner)
    with pytest.raises(ValidationError) as caught:
        waive_finding(weak, key=key, reason=" \n", by=people.owner)
    assert list(caught.value.message_dict) == ["reason"]
    assert not Waiver.objects.exists()


def test_the_database_refuses_a_waiver_without_a_reason(weak: Document, people: People) -> None:
    dismiss_finding(weak, key=found(weak, "COE121").key, by=people.owner)
    with pytest.raises(IntegrityError, match="waiver_has_a_reason"), transaction.atomic():
        Waiver.objects.update(kind="waived")


@pytest.mark.parametrize("state", State.values)
def test_only_authors_answer_and_only_while_it_can_be_written(
    state: str, weak: Document, people: People
) -> None:
    bring_to(weak, State(state), people)
    weigh(weak, COE121=Level.HINT, COE125=Level.REASON)
    hint, reason = found(weak, "COE121").key, found(weak, "COE125").key
    digest = Waiver(reason=WHY).digest
    for name in PERSONS:
        person = getattr(people, name)
        refused: type[Exception] | None = None if name in AUTHORS else PermissionDenied
        if state == State.APPROVED:
            refused = ReadOnly
        for attempt in (
            lambda by=person: dismiss_finding(weak, key=hint, by=by),
            lambda by=person: waive_finding(weak, key=reason, reason=WHY, by=by),
            lambda by=person: take_back_waiver(weak, key=reason, over=digest, by=by),
            lambda by=person: take_back_waiver(weak, key=hint, by=by),
        ):
            before = len(events(weak))
            if refused is None:
                attempt()
            else:
                with pytest.raises(refused):
                    attempt()
            assert len(events(weak)) == before + (refused is None), (state, name)
    assert not Waiver.objects.exists()


def test_who_is_no_author_any_more_answers_nothing(weak: Document, people: People) -> None:
    weak.participants.all().delete()
    with pytest.raises(PermissionDenied):
        dismiss_finding(weak, key=found(weak, "COE121").key, by=people.contributor)


def test_an_answer_holds_for_these_words_alone(weak: Document, people: People) -> None:
    weigh(weak, COE102=Level.REASON)
    write(weak, "word " * 310, by=people.owner)
    first = found(weak, "COE102")
    waive_finding(weak, key=first.key, reason=WHY, by=people.owner)
    assert open_checks(weak) == []

    write(weak, "word " * 320, by=people.owner)
    second = found(weak, "COE102")
    assert first.sentence != second.sentence
    assert open_checks(weak) == ["COE102"]
    assert (examine(weak).waived, examine(weak).unreasoned) == ((), (second,))

    write(weak, "word " * 310, by=people.owner)
    assert open_checks(weak) == []


def test_what_is_found_no_more_is_not_answered(weak: Document, people: People) -> None:
    key = found(weak, "COE121").key
    write(weak, "Nobody could pay.", by=people.owner, slug="impact")
    with pytest.raises(FindingGone, match="the text has changed"):
        dismiss_finding(weak, key=key, by=people.owner)
    with pytest.raises(FindingGone):
        waive_finding(weak, key="0" * 64, reason=WHY, by=people.owner)
    assert not Waiver.objects.exists()


def test_the_same_answer_twice_is_told_once(weak: Document, people: People) -> None:
    hint, reason = found(weak, "COE121").key, found(weak, "COE125").key
    for _ in range(2):
        dismiss_finding(weak, key=hint, by=people.owner)
        waive_finding(weak, key=reason, reason=WHY, by=people.owner)
    assert [action for action, _, _ in events(weak)] == ["added", "added"]
    over = weak.waivers.get(key=reason).digest
    waive_finding(weak, key=reason, reason="It was lost.", over=over, by=people.contributor)
    assert events(weak)[2:] == [
        (
            "changed",
            "Contributor",
            {"before": {"reason": WHY}, "after": {"reason": "It was lost."}},
        )
    ]
    waiver = Waiver.objects.get(key=reason)
    assert (waiver.reason, waiver.by) == ("It was lost.", people.contributor)


def test_a_reason_is_never_written_over_unread(weak: Document, people: People) -> None:
    key, mine = found(weak, "COE125").key, "It was lost."
    theirs = waive_finding(weak, key=key, reason=WHY, by=people.contributor)
    for over in ("", "0" * 64):
        with pytest.raises(AnsweredMeanwhile, match="Contributor gave another reason") as caught:
            waive_finding(weak, key=key, reason=mine, over=over, by=people.owner)
        assert caught.value.there == theirs
        with pytest.raises(AnsweredMeanwhile):
            take_back_waiver(weak, key=key, over=over, by=people.owner)
    take_back(weak, "COE125", by=people.contributor)
    with pytest.raises(AnsweredMeanwhile, match="was taken back"):
        waive_finding(weak, key=key, reason=mine, over=theirs.digest, by=people.owner)
    assert not weak.waivers.filter(key=key).exists()


def test_an_answer_is_taken_back_once_and_the_finding_is_open(
    weak: Document, people: People
) -> None:
    key = found(weak, "COE125").key
    waive_finding(weak, key=key, reason=WHY, by=people.owner)
    take_back(weak, "COE125", by=people.contributor)
    take_back_waiver(weak, key=key, by=people.contributor)
    assert open_checks(weak) == ["COE101", "COE121", "COE125"]
    assert [(action, name) for action, name, _ in events(weak)] == [
        ("added", "Owner"),
        ("removed", "Contributor"),
    ]


def test_what_was_a_hint_and_weighs_more_now_is_asked_again(weak: Document, people: People) -> None:
    key = found(weak, "COE121").key
    dismiss_finding(weak, key=key, by=people.owner)
    weigh(weak, COE121=Level.REASON)
    assert open_checks(weak) == ["COE121"]
    waive_finding(weak, key=key, reason=WHY, by=people.owner)
    assert open_checks(weak) == []
    weigh(weak, COE121=Level.BLOCKS)
    assert open_checks(weak) == ["COE121"]


def test_the_digest_of_the_answers_follows_every_answer(weak: Document, people: People) -> None:
    seen = {answers_digest(weak)}
    assert seen == {""}
    waive_finding(weak, key=found(weak, "COE125").key, reason=WHY, by=people.owner)
    seen.add(answers_digest(weak))
    (first,) = weak.waivers.all()
    waive_finding(weak, key=first.key, reason="Lost.", over=first.digest, by=people.owner)
    seen.add(answers_digest(weak))
    dismiss_finding(weak, key=found(weak, "COE121").key, by=people.owner)
    seen.add(answers_digest(weak))
    assert len(seen) == 4
    take_back(weak, "COE121", by=people.owner)
    take_back(weak, "COE125", by=people.owner)
    assert answers_digest(weak) == ""


def test_looking_takes_as_many_queries_however_much_was_answered(
    weak: Document, people: People
) -> None:
    def queries() -> int:
        document = Document.objects.with_readers_fields().get(pk=weak.pk)
        with CaptureQueriesContext(connection) as captured:
            examine(document)
        return len(captured)

    before = queries()
    dismiss_finding(weak, key=found(weak, "COE121").key, by=people.owner)
    waive_finding(weak, key=found(weak, "COE125").key, reason=WHY, by=people.contributor)
    assert (before, queries()) == (14, 14)


def test_an_answer_does_not_touch_the_text(weak: Document, people: People) -> None:
    before = take_snapshot(fresh(weak)).digest
    waive_finding(weak, key=found(weak, "COE125").key, reason=WHY, by=people.owner)
    assert take_snapshot(fresh(weak)).digest == before
