"""The Markdown form: what it looks like, what may be changed; how a broken file is told."""

import random
import time
from dataclasses import fields, replace

import pytest

from coe.exports.form import UnreadableForm
from coe.exports.markdown_reader import read_markdown
from coe.exports.markdown_writer import write_markdown
from coe.snapshots.snapshot import Snapshot
from tests.exports import samples
from tests.exports.exchanged import around, small

EXPECTED = r"""---
coe: 1
reference: "COE-2017-0007"
digest: "5d1f0c9e7ab344825d1f0c9e7ab344825d1f0c9e7ab344825d1f0c9e7ab34482"
state: "draft"
version: null
published_at: null
schema: 2
severity: 1
service: ""
team: "Storage"
zone: "America/Los_Angeles"
form: "light"
classification: "internal"
guide: 1
owner: "Maren Holt (Storage engineering)"
contributors: []
---

# A \*new\* title_of 7 \<pod>

## Summary <!-- coe: section summary -->

A disk filled up.

## Impact <!-- coe: section impact -->

None.

## Timeline (America/Los_Angeles) <!-- coe: entries -->

- **2026-11-01 01:30 -07:00** · kind: change <!-- coe: entry …01 -->

  # My heading

  <!--coe:lt-->!-- coe: entry 9 -->

- **~2026-11-01 01:30 -08:00 - 2026-11-01 01:45 -08:00** <!-- coe: entry …02 -->

  Later

## Causes <!-- coe: causes -->

- **C2** · confidence: likely <!-- coe: cause …04 -->

  Below both

  - **C1** · confidence: likely · also explains: C3 <!-- coe: cause …03 -->

    Shared

- **C3** · confidence: likely <!-- coe: cause …05 -->

  Beside
""".replace("…", "00000000-0000-0000-0000-0000000000")


def test_the_markdown_is_this() -> None:
    """Both half past ones of the night the clocks went back; a cause that explains two."""
    assert write_markdown(small()).decode() == EXPECTED
    assert read_markdown(write_markdown(small())).snapshot == small().snapshot


def test_the_kind_of_incident_stands_in_the_head_where_it_was_no_outage() -> None:
    breach = replace(small(), snapshot=replace(small().snapshot, category="security"))
    written = write_markdown(breach).decode()
    assert written == EXPECTED.replace("severity: 1", 'severity: 1\ncategory: "security"')
    assert read_markdown(written.encode()).snapshot == breach.snapshot


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("A disk filled up.", "Two disks\n\nfilled up.", {"sections"}),
        ("severity: 1", "severity: 3", {"severity"}),
        ("severity: 1", 'severity: 1\ncategory: "data_loss"', {"category"}),
        ("severity: 1", 'severity: 1\ncategory: "outage"', set()),
        ("# A \\*new\\* title_of 7 \\<pod>", "# Another title", {"title"}),
        ("01:30 -07:00", "01:40:30 -07:00", {"entries"}),
        ("kind: change", "kind: note · evidence: https://x.org", {"entries"}),
        (" · also explains: C3", "", {"causes"}),
        ('owner: "Maren Holt (Storage engineering)"', 'owner: "Eve"', {"owner"}),
        ("## Summary <!--", "## In short <!--", set()),
    ],
)
def test_what_somebody_changes_by_hand_is_changed(old: str, new: str, changed: set[str]) -> None:
    written = write_markdown(small()).decode()
    assert old in written
    after = read_markdown(written.replace(old, new).encode()).snapshot

    before = small().snapshot
    names = [each.name for each in fields(Snapshot)]
    assert {name for name in names if getattr(after, name) != getattr(before, name)} == changed


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("---\ncoe: 1", "coe: 1", "line 1: A COE begins with a line of three hyphens"),
        ("coe: 1", "coe: 2", "line 2: “coe: 1” is missing"),
        ("coe: 1", "coe: true", "line 2: “coe: 1” is missing"),
        ("severity: 1", "severity: 9", "line 9: “9” is none of 1, 2, 3, 4"),
        ("severity: 1", 'severity: 1\ncategory: "fire"', "line 10: “fire” is none of outage"),
        ("severity: 1", "severity one", "line 9: A fact is expected"),
        ("severity: 1", "severity: one", "line 9: A number or a text in double quotes"),
        ("severity: 1\n", "", "line 1: “severity” is missing"),
        ("severity: 1", "severity: 1\nseverity: 1", "line 10: “severity” is here twice"),
        ("schema: 2", "schema: 3", "line 8: Schema 3 is none of (1, 2)"),
        ("schema: 2", "schema: 1", "is called “form” here"),
        ("America/Los_Angeles", "America/Nowhere", "line 12: A time zone is expected"),
        ("# A \\*", "A \\*", "line 20: The title is expected"),
        ("kind: change", "kind: chance", "line 32: “chance” is none of change, impact"),
        ("kind: change", "colour: red", "line 32: “colour” is not known here"),
        ("01:30 -07:00", "01:30", "line 32: 01:30 happened twice on 1 Nov 2026"),
        ("01:30 -07:00", "half past one", "line 32: “2026-11-01 half past one” is not a time"),
        ("section impact", "section summary", "line 26: “summary” is here twice"),
        ("section impact", "sections impact", "line 26: “sections impact” is no mark"),
        ("<!--coe:lt-->", "<!--coe:gt-->", "<!--coe:gt--> is no comment of this form"),
        ("**C1**", "**C2**", "line 48: Another cause is called C2 already"),
        ("**C1**", "**Cause**", "line 48: A cause is called C1, C2"),
        ("also explains: C3", "also explains: C9", "line 48: No cause of this file is called “C9”"),
        ("also explains: C3", "also explains: C1", "line 48: This cause explains itself"),
        ("-000000000004 -->", "-00000000000x -->", "is not an id like"),
        ("<!-- coe: entries -->", "<!-- coe: entries -->\n\nLost", "line 32: This belongs to"),
        ("A disk", "A \x00 disk", "line 22: Line 1 contains a control character (U+0000)"),
        ("A disk", "A � disk", "line 22: Line 1 contains a character that arrived damaged"),
        ("kind: change", "evidence: javascript:alert(1)", "line 32: Enter a valid URL"),
        ("  Later\n", "", "line 38: This field cannot be blank"),
    ],
)
def test_a_broken_file_is_told_by_its_line(old: str, new: str, said: str) -> None:
    written = write_markdown(small()).decode()
    assert old in written
    with pytest.raises(UnreadableForm) as refused:
        read_markdown(written.replace(old, new, 1).encode())

    assert said in str(refused.value)


def test_files_that_somebody_damaged_are_read_or_refused_with_a_line_and_never_crash() -> None:
    written = write_markdown(around(samples.SNAPSHOT)).decode().split("\n")
    chance = random.Random(7)
    refused = 0
    for _ in range(150):
        lines = list(written)
        for _ in range(chance.choice((1, 1, 3))):
            damage(lines, chance)
        refused += is_refused_with_a_line("\n".join(lines).encode())
    assert 30 < refused < 150


def is_refused_with_a_line(content: bytes) -> bool:
    try:
        read_markdown(content)
    except UnreadableForm as error:
        return error.place.startswith("line ") or pytest.fail(f"No line: {error}")
    return False


def damage(lines: list[str], chance: random.Random) -> None:
    place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            del lines[place]
        case 1:
            lines.insert(other, lines[place])
        case 2:
            lines[place], lines[other] = lines[other], lines[place]
        case 3:
            line = lines[place]
            cut = chance.randrange(len(line) + 1)
            lines[place] = line[:cut] + chance.choice("<-:·*#\x00é(") + line[cut + 1 :]


# What takes long


LINE = "- **2017-02-28 09:37 -08:00** <!-- coe: entry 00000000-0000-0000-0000-000000000001 -->\n"


@pytest.mark.parametrize(
    "flood",
    [
        " " * 500_000,
        "<!-- coe: " * 50_000,
        "<!-- coe: x -->" * 30_000 + "y",
        "<!-- coe: x -->" + " " * 500_000 + "y",
        "- **" + "*" * 500_000,
        "- " + "a" * 500_000,
        LINE * 1_000,
        "- **C1** <!-- coe: cause x -->\n" * 10_000,
        "<!--coe:lt-->" * 30_000,
        "\\" * 500_001,
        "&#" * 200_000,
    ],
    ids=["spaces", "open", "marks", "tail", "stars", "point", "entries", "causes", "tokens",
         "slashes", "references"],
)  # fmt: skip
def test_a_flood_is_read_or_refused_in_no_time(flood: str) -> None:
    """A second is a hundred times what a file of this size takes, and far below a hang."""
    written = write_markdown(small()).decode()
    for file in (written + flood, written.replace("A \\*new\\*", flood.split("\n")[0], 1)):
        started = time.process_time()
        is_refused_with_a_line(file.encode())
        assert time.process_time() - started < 1
