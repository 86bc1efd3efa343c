"""A correction that an earlier COE promised, and that is promised again."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coe.guidance.recurrence import ANY, EarlierAction, is_same_correction, telling_parts
from coe.guidance.registry import check
from coe.policies.rules import DEFAULT_RULES, Level
from coe.snapshots.snapshot import Snapshot
from tests.guidance.samples import AS_OF, SOUND, action, found, moments, uid

TITLE = "Restore the backup of orders once a month"
EARLIER = EarlierAction(
    "COE-2024-0007", "Once a month, restore backups of orders.", date(2025, 3, 2)
)
"""Due on the day before the incident."""
AGAIN = replace(SOUND, actions=(action(1, title="Add an alarm"), action(2, title=TITLE)))


def said(snapshot: Snapshot, *earlier: EarlierAction) -> list[str]:
    return [each.sentence for each in found("COE182", snapshot, earlier=earlier)]


def test_what_was_due_before_and_is_promised_again_is_found() -> None:
    (finding,) = found("COE182", AGAIN, earlier=[EARLIER])
    assert finding.sentence == (
        "A2 “Restore the backup of orders once a month” was due on 2 March 2025 in COE-2024-0007 "
        "already. Say what became of it, and what is done "
        "otherwise."
    )
    place = finding.place
    assert (place.panel, place.row, place.field) == ("actions", str(uid(302)), "title")
    assert finding.level == Level.REASON


def test_it_is_among_all_findings_where_the_earlier_ones_are_told() -> None:
    def ids(*earlier: EarlierAction) -> list[str]:
        return [each.check for each in check(AGAIN, DEFAULT_RULES, AS_OF, earlier)]

    assert "COE182" in ids(EARLIER)
    assert "COE182" not in ids()


def test_what_is_due_after_this_began_may_still_come() -> None:
    assert said(AGAIN, replace(EARLIER, due_on=date(2025, 3, 3))) == []
    west = replace(moments(impact_started="02:00", base=AGAIN), zone="America/Los_Angeles")
    assert said(west, replace(EARLIER, due_on=date(2025, 3, 1)))
    assert said(west, EARLIER) == []


def test_while_nobody_knows_when_it_began_nothing_was_due_before() -> None:
    """Else it would be found from one day to the next, without a change of the text."""
    unknown = moments(impact_started=None, base=AGAIN)
    assert said(unknown, replace(EARLIER, due_on=date(2024, 3, 9))) == []


def test_an_answer_holds_for_the_item_whatever_other_coes_do() -> None:
    other = replace(EARLIER, reference="COE-2023-0001", due_on=date(2024, 1, 5))
    (first,) = found("COE182", AGAIN, earlier=[EARLIER])
    (second,) = found("COE182", AGAIN, earlier=[other])
    assert first.sentence != second.sentence
    assert first.key == second.key
    renamed = replace(SOUND, actions=(action(2, title=f"{TITLE}!"),))
    (third,) = found("COE182", renamed, earlier=[EARLIER])
    assert third.key != first.key


def test_it_is_said_once_of_an_item_and_of_each_item() -> None:
    other = replace(EARLIER, reference="COE-2023-0001", due_on=date(2024, 1, 5))
    (sentence,) = said(AGAIN, EARLIER, other)
    assert "COE-2024-0007" in sentence
    twice = replace(SOUND, actions=(action(1, title=TITLE), action(2, title=TITLE)))
    assert len(said(twice, EARLIER)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TITLE, TITLE),
        (TITLE, "restore THE backups of the orders, once a month!"),
        ("Test the restore monthly", "Test restores, monthly"),
        (TITLE, "Restore the backup of all live orders once a month"),
        ("Page when a bank has not confirmed", "Page when the banks have not confirmed"),
    ],
)
def test_the_same_in_other_small_words_or_one_word_more(one: str, other: str) -> None:
    assert is_same_correction(one, other)
    assert is_same_correction(other, one)


ALIKE = "page query queries address addresses y as when not the ban bans 80 4711 disk full"
WORDS = st.sampled_from([*ALIKE.split(), "Straße", "ПОЖАР", "réseau", "İo"])
TITLES = st.lists(WORDS, max_size=7).map(" ".join)


@settings(deadline=None)
@given(TITLES, TITLES, st.data())
def test_what_is_the_same_has_the_parts_by_which_it_is_looked_for(
    one: str, more: str, data: st.DataObject
) -> None:
    """A shuffled title with other endings and a word more or less is the same, or nearly."""
    words = [*one.split(), *more.split()[:1]]
    other = " ".join(data.draw(st.permutations(words))).upper()
    for mine, theirs in ((one, other), (other, one), (one, more)):
        if is_same_correction(mine, theirs):
            parts = telling_parts(mine)
            assert len(parts) >= 2
            assert sum(part not in theirs.lower() for part in parts) <= 1


def test_titles_are_looked_for_by_their_longest_words() -> None:
    assert telling_parts("Answer the queries of customers") == ("customer", "answer", "quer")
    assert telling_parts("Query the replicas of orders") == ("replica", "order", "quer")
    assert telling_parts("Пожар в здании сегодня") == ("", "")
    assert telling_parts("Page somebody") == telling_parts("") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TITLE, "Restore the backup of invoices once a month"),
        (TITLE, "Restore the encrypted backup of live orders once a month"),
        ("Test the restore monthly", "Test the restore of orders monthly"),
        ("Add an alarm", "Add an alarm"),
        ("Page when a bank has not confirmed", "Page when a bank has confirmed"),
        ("Allow 300 questions a second", "Allow 400 questions a second"),
        ("", ""),
    ],
)
def test_another_thing_a_wider_one_or_too_few_words_to_tell(one: str, other: str) -> None:
    assert not is_same_correction(one, other)
    assert not is_same_correction(other, one)


def test_a_title_with_one_word_that_a_database_can_compare_may_be_any() -> None:
    assert telling_parts("Größen täglich prüfen, überall: Speicher") == ANY
    assert telling_parts("Größen täglich prüfen: Platten, Speicher") != ANY
