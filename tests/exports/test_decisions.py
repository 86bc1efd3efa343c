"""What was signed and decided, in every form: who signed which text, who disagreed and committed,
what was promised and what was rejected."""

import csv
import io
import json
import re
from dataclasses import replace
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.template.loader import render_to_string

from coe.exports.csv_tables import actions_csv
from coe.exports.front import front_of
from coe.exports.json_form import read_json, write_json
from coe.exports.markdown_reader import read_markdown
from coe.exports.markdown_writer import write_markdown
from coe.exports.report import report
from coe.exports.services import key_of
from coe.pictures.graph import nodes_of
from coe.snapshots.printable import Envelope
from coe.snapshots.serialise import from_plain, to_plain
from tests.exports import samples
from tests.exports.conftest import Printed
from tests.exports.reading import page_texts

REVIEWED = samples.REVIEWED
INLINE = re.compile(r"</?(?:strong|code|a|span|time)\b[^>]*>")
REJECTED = ("Ask two people to confirm every removal of servers", "Train everybody on call")


def words(html: str) -> str:
    """As it is read: words inside a line stand as they do there."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", INLINE.sub("", html))).split())


def test_an_envelope_comes_back_with_every_decision_and_dissent() -> None:
    plain = json.loads(json.dumps(to_plain(REVIEWED.envelope)))
    assert from_plain(Envelope, plain) == REVIEWED.envelope


def test_what_was_published_before_there_were_decisions_is_read_with_none() -> None:
    plain = to_plain(samples.PUBLISHED.envelope)
    del plain["decisions"]
    for signature in plain["signatures"]:
        del signature["dissent"], signature["is_approval"]
    assert from_plain(Envelope, plain) == samples.PUBLISHED.envelope
    (signature,) = from_plain(Envelope, plain).signatures
    assert (signature.dissent, signature.is_approval) == ("", True)


def test_the_approver_is_told_first_and_reviewers_as_they_signed() -> None:
    names = [each.person.name for each in REVIEWED.envelope.signed]
    assert names == ["Adaeze Obi", "Ines Duarte", "Kwame Mensah"]


@pytest.fixture(scope="module")
def page() -> str:
    context = {"printable": REVIEWED, "report": report(REVIEWED)}
    return words(render_to_string("library/article.html", context))


def test_the_page_tells_reviewers_from_the_approver(page: str) -> None:
    assert (
        "Approved by Adaeze Obi (Director, storage), 2 Mar 2017, 08:20 PST "
        "(UTC\N{MINUS SIGN}08:00), the text with the fingerprint 5d1f0c9e7ab3, this one." in page
    )
    assert "Signed, as a reviewer, by Ines Duarte (Billing), 2 Mar 2017, 07:20 PST" in page
    assert f"Disagreed and committed {samples.DISSENT}" in page
    assert page.count("Approved by") == page.count("Disagreed and committed") == 1


def test_the_page_tells_what_was_committed_and_what_nobody_promises(page: str) -> None:
    body = page[page.index("A1 Make the removal tool refuse to take a subsystem", 2000) :]
    promised, _, rejected = body.partition("Proposed and rejected")
    assert "Committed owner Priya Raman Committed date 7 Mar 2017" in promised
    assert "Accepted by Adaeze Obi (Director, storage), 2 Mar 2017" in promised
    assert "Changed by Adaeze Obi (Director, storage), 2 Mar 2017 September instead" in promised
    for title in REJECTED:
        assert title not in promised
        assert title in rejected
    first, _, _ = rejected.partition("A8")
    assert "Committed" not in first
    assert "Rejected by Adaeze Obi (Director, storage), 2 Mar 2017 A second pair" in first


def test_in_short_only_what_is_promised_stands_by_name(page: str) -> None:
    brief, _, _ = page.partition("Contents")
    assert "2 were proposed and rejected" in brief
    assert not any(title in brief for title in REJECTED)


def test_what_was_rejected_answers_no_cause() -> None:
    (first, *_) = report(REVIEWED).chains[0].nodes
    assert (first.answers, [each.number for each in first.refused]) == ((), ["A7", "A8"])
    drawn = nodes_of(REVIEWED.snapshot, REVIEWED.envelope.rejected)
    assert [each.answers for each in drawn if each.number == "C1"] == [()]


def test_the_first_page_on_paper_counts_what_was_rejected() -> None:
    front = front_of(report(REVIEWED))
    assert len(front.corrections) + front.further_corrections == 6
    assert front.rejected_corrections == 2


def test_where_everything_was_rejected_no_form_shows_a_promise() -> None:
    rejected = tuple(
        replace(each, verdict="rejected", owner="", due_on=None)
        for each in REVIEWED.envelope.decisions
    )
    bare = replace(REVIEWED, envelope=replace(REVIEWED.envelope, decisions=rejected), promises=())
    assert report(bare).standing_corrections == ()
    context = {"printable": bare, "report": report(bare)}
    told = words(render_to_string("library/article.html", context))
    assert "8 were proposed and rejected" in told
    assert "Committed owner" not in told


def test_paper_says_who_signed_and_what_was_decided(printed: Printed) -> None:
    text = " ".join(page_texts(printed("REVIEWED")))
    assert "Adaeze Obi Approver (Director, storage) 2 Mar 2017, 08:20" in text
    assert "Ines Duarte Reviewer (Billing) 2 Mar 2017, 07:20" in text
    assert "Disagrees, and commits" in text
    assert f"Kwame Mensah (Capacity planning) signed, and disagrees: {samples.DISSENT}" in text
    assert "Accepted by Adaeze Obi, 2 Mar 2017" in text
    assert "Changed by Adaeze Obi, 2 Mar 2017: September instead of June" in text
    _, _, rejected = text.partition("Proposed and rejected: nobody promises these")
    assert "A7 Ask two people to confirm every removal of servers A second pair of eyes" in rejected
    assert "and 2 that were rejected, in part 8 on page" in text


def test_light_paper_says_it_too() -> None:
    light = replace(REVIEWED, snapshot=replace(REVIEWED.snapshot, form="light"))
    text = words(render_to_string("pdf/light/people.html", _paper(light)))
    assert "Signed, as a reviewer, by Kwame Mensah (Capacity planning) on 2 Mar 2017" in text
    assert f"Disagreed and committed: {samples.DISSENT}" in text
    assert text.index("Approved by Adaeze Obi") < text.index("Signed, as a reviewer")
    items = words(render_to_string("pdf/light/actions.html", _paper(light)))
    kept, _, rejected = items.partition("Proposed and rejected: nobody promises these")
    assert (kept.count("Accepted by"), kept.count("Changed by")) == (5, 1)
    assert "A8 Train everybody on call in reading commands before running them" in rejected
    assert "Priya Raman" not in rejected


def _paper(printable: Any) -> dict[str, Any]:
    return {
        "printable": printable,
        "snapshot": printable.snapshot,
        "envelope": printable.envelope,
        "report": report(printable),
    }


def test_markdown_tells_it_and_reads_back_the_same_text() -> None:
    content = write_markdown(REVIEWED)
    told = content.decode().partition("<!-- coe: standing -->")[2].splitlines()
    assert told[2:10] == [
        "- Approved by Adaeze Obi (Director, storage) at 2017-03-02T16:20:00Z, text "
        f"{samples.DIGEST}: Approved on the condition that the drills start before summer.",
        f"- Signed as a reviewer by Ines Duarte (Billing) at 2017-03-02T15:20:00Z, text "
        f"{samples.DIGEST}",
        "- Signed as a reviewer by Kwame Mensah (Capacity planning) at 2017-03-02T15:45:00Z, text "
        f"{samples.DIGEST}",
        f"  - Disagreed and committed: {samples.DISSENT}",
        "- Accepted: Make the removal tool refuse to take a subsystem below its minimum capacity, "
        "by Priya Raman, due 2017-03-07; decided by Adaeze Obi at 2017-03-02T15:00:00Z",
        *told[7:10],
    ]
    assert (
        "- Rejected: Train everybody on call in reading commands before running them, not "
        "promised; decided by Adaeze Obi at 2017-03-02T15:00:00Z: Training asks people not to err."
    ) in told
    assert read_markdown(content).snapshot == REVIEWED.snapshot


def test_json_tells_it_and_reads_back_the_same_text() -> None:
    content = write_json(REVIEWED)
    envelope = json.loads(content)["envelope"]
    assert [each["is_approval"] for each in envelope["signatures"]] == [False, False, True]
    assert envelope["signatures"][1]["dissent"] == samples.DISSENT
    assert envelope["decisions"][-1] == {
        "uid": str(UUID(int=307)),
        "verdict": "rejected",
        "reason": "Training asks people not to err.",
        "name": "Adaeze Obi",
        "role": "Director, storage",
        "owner": "",
        "due_on": None,
        "at": "2017-03-02T15:00:00Z",
    }
    assert read_json(content).snapshot == REVIEWED.snapshot


def test_the_table_has_the_decision_in_four_columns() -> None:
    text = actions_csv(REVIEWED).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head[-14:-10] == ["Decision", "Reason", "Committed owner", "Committed date"]
    assert rows[0][-14:-10] == ["accepted", "", "Priya Raman", "2017-03-07"]
    assert rows[7][-14:-10] == ["rejected", "Training asks people not to err.", "", ""]
    assert all(
        row[-14:-10] == [""] * 4
        for row in csv.reader(
            io.StringIO(actions_csv(samples.PUBLISHED).decode("utf-8-sig"), newline="")
        )
        if row[0] != "Number"
    )


def test_another_decision_or_dissent_is_another_pdf() -> None:
    """And later progress is another one as well, of the same text under the same digest."""
    envelope = REVIEWED.envelope
    changed = replace(envelope.decisions[0], reason="Soon.")
    dissent = replace(envelope.signatures[0], dissent="Too little.")
    others = (
        replace(envelope, decisions=(changed, *envelope.decisions[1:])),
        replace(envelope, decisions=envelope.decisions[1:]),
        replace(envelope, signatures=(dissent, *envelope.signatures[1:])),
    )
    keys = {key_of(replace(REVIEWED, envelope=each)) for each in (envelope, *others)}
    keys.add(key_of(replace(REVIEWED, promises=REVIEWED.promises[1:])))
    assert len(keys) == 5
