"""What the checks find, as the authors meet it: beside the panels, and on a page of its own."""

import re
from dataclasses import replace
from html import unescape

import pytest

from coe.actions.models import ActionItem
from coe.documents.models import Document, State
from coe.editor.findings import Board, Tally, begun_stops
from coe.guidance.findings import Place
from coe.guidance.models import Waiver
from coe.guidance.ways import Way
from coe.policies.rules import Level
from coe.snapshots.services import take_snapshot
from tests.editor.conftest import new_action, new_cause
from tests.editor.writer import HTMX, Answer, Writer
from tests.guidance.answering import weigh
from tests.people import People

AT_PANEL = {"at": "panel"}


def beside(writer: Writer) -> Answer:
    """What the page asks for by itself."""
    headers = {"HX-Request": "true"}
    return Answer(writer.client.get(writer.address("findings/"), headers=headers))  # type: ignore[arg-type]


def page(writer: Writer) -> Answer:
    return Answer(writer.client.get(writer.address("findings/")))  # type: ignore[arg-type]


def said(text: str) -> list[str]:
    """The sentences of the findings in a piece of HTML."""
    found = re.findall(r"finding__said\">(.*?)</p>", text, re.DOTALL)
    return [unescape(re.findall(r"<span>(.*?)</span>", each, re.DOTALL)[-1]) for each in found]


def group(answer: Answer, name: str) -> list[str]:
    """The sentences under one heading of the page."""
    section = re.search(rf'aria-labelledby="found-{name}".*?</section>', answer.text, re.DOTALL)
    return said(section[0]) if section else []


def at_panel(answer: Answer, panel: str) -> list[str]:
    piece = re.search(rf'data-for="{panel}".*?</ul>', answer.text, re.DOTALL)
    return said(piece[0]) if piece else []


def marks(answer: Answer) -> dict[str, str]:
    """What is in the way by stop, in the words that are read aloud."""
    found = re.findall(
        r'data-stop="([^"]*)">(.*?)</span>\s*(?=<span data-stop|</div>)', answer.text, re.DOTALL
    )
    told = {stop: re.findall(r'visually-hidden">([^<]*)<', mark) for stop, mark in found}
    return {stop: words[0] for stop, words in told.items() if words}


def key_of(writer: Writer, check: str) -> str:
    (shown,) = (each for each in Board(writer.document).open if each.check.id == check)
    return shown.key


def take_back_of(writer: Writer) -> str:
    """Where the button of the one reason on the page sends it."""
    found = re.findall(
        r'formaction="[^"]*edit/(findings/take-back/\?over=\w{64})"', page(writer).text
    )
    (path,) = found
    return str(path)


NO_OWNER = "A1 “Add an alarm” answers no cause."
NO_END = "A1 “Add an alarm” does not say how anybody can tell that it is done."
NO_LENGTH = "The summary does not say how long it lasted."


@pytest.fixture
def begun(document: Document, people: People, owner: Writer) -> Writer:
    """A summary without a duration, and an action item without an end, day or cause."""
    owner.save("sections/summary/", text="Uploads failed for one customer in ten.")
    new_action(document, people.owner, "Add an alarm")
    return owner


def test_an_empty_draft_says_nothing_beside_its_panels_and_all_on_the_page(owner: Writer) -> None:
    answer = beside(owner)
    assert answer.status == 200
    assert said(answer.text) == []
    assert marks(answer) == {}
    assert 'data-said="0 findings"' in answer.text
    ahead = group(page(owner), "ahead")
    assert "Nothing says yet why it happened." in ahead
    assert "There is no summary yet. Write it last: it will be read first." in ahead
    assert group(page(owner), "blocks") == []


def test_what_is_in_the_way_is_said_from_the_beginning(owner: Writer) -> None:
    listed = beside(owner).text.partition('data-for="missing"')[2].partition("</div>")[0]
    assert '<a href="?section=causes#causes"' in listed
    assert "Nothing says yet why it happened." in listed


def test_the_rail_says_calmly_what_review_needs_where_nobody_has_begun(owner: Writer) -> None:
    weigh(owner.document, COE101=Level.BLOCKS, COE125=Level.REASON)
    needed = r'data-stop="(\w+)"><span class="rail__mark">needed for review</span>'
    assert re.findall(needed, beside(owner).text) == ["summary"]
    owner.save("sections/summary/", text="Uploads failed.")
    assert re.findall(needed, beside(owner).text) == []


def test_where_something_is_written_findings_stand_beside_it(begun: Writer) -> None:
    answer = beside(begun)
    assert at_panel(answer, "summary") == [NO_LENGTH]
    assert NO_END in at_panel(answer, "actions")
    assert at_panel(answer, "causes") == []
    assert marks(answer) == {"actions": "4 findings, 1 needs a reason, 3 not there yet"}
    assert 'data-said="5 findings, 1 needs a reason, 3 not there yet"' in answer.text
    assert group(page(begun), "hint") == [NO_LENGTH]


def test_the_page_of_the_workspace_asks_for_them_and_leads_there_without_script(
    begun: Writer,
) -> None:
    text = begun.open().text
    assert said(text) == []
    assert f'hx-get="{begun.address("findings/")}"' in text
    assert text.count(f'<a href="{begun.address("findings/")}"') == 2  # the rail, and Submit
    slots = re.findall(r'data-found="([^"]*)"', text)
    assert len(slots) == len(set(slots)) == 21  # each panel, and what is missing


def test_one_section_at_a_time_asks_with_it(begun: Writer) -> None:
    begun.send("sections/", {"sections": "one"})
    assert (
        f'hx-get="{begun.address("findings/")}?section=causes"'
        in begun.open("?section=causes").text
    )
    answer = Answer(
        begun.client.get(begun.address("findings/?section=submit"), headers={"HX-Request": "true"})  # type: ignore[arg-type]
    )
    assert 'href="?section=metrics#metrics-text"' in answer.text


def test_a_hint_is_dismissed_listed_and_taken_back(begun: Writer) -> None:
    key = key_of(begun, "COE103")
    answer = begun.send("findings/dismiss/", {"key": key})
    assert (answer.status, answer.response["Location"]) == (303, begun.address("findings/"))
    assert group(page(begun), "hint") == []
    assert group(page(begun), "dismissed") == [NO_LENGTH]
    assert at_panel(beside(begun), "summary") == []
    assert begun.send("findings/dismiss/", {"key": key}).status == 303
    assert begun.send("findings/take-back/", {"key": key}).status == 303
    assert group(page(begun), "hint") == [NO_LENGTH]
    assert begun.send("findings/take-back/", {"key": key}).status == 303


def test_beside_the_panels_the_answer_is_what_stands_there_now(begun: Writer) -> None:
    key = key_of(begun, "COE103")
    answer = begun.send("findings/dismiss/", {"key": key} | AT_PANEL, by_htmx=HTMX)
    assert (answer.status, answer.response["HX-Retarget"]) == (200, "#found")
    assert "data-findings" in answer.text
    assert at_panel(answer, "summary") == []
    answer = begun.send("findings/take-back/", {"key": key, "at": "page"}, by_htmx=HTMX)
    assert (answer.status, answer.response["HX-Retarget"]) == (200, "#all-findings")
    assert group(answer, "hint") == [NO_LENGTH]


def test_a_reason_is_given_read_and_taken_back(begun: Writer) -> None:
    key = key_of(begun, "COE174")
    form = begun.form("findings/reason/", "findings/reason/?key=" + key)
    sent = form | {"reason": "The alarm is there already."}
    assert begun.send("findings/reason/", sent).status == 303
    answer = page(begun)
    assert group(answer, "waived") == [NO_END]
    assert "“The alarm is there already.”" in answer.text
    assert NO_END not in group(answer, "gaps")
    assert begun.send(take_back_of(begun), {"key": key}).status == 303
    assert NO_END in group(page(begun), "gaps")


def test_a_reason_that_is_given_can_be_changed(begun: Writer, contributor: Writer) -> None:
    key = key_of(begun, "COE174")
    assert "Change the reason" not in page(begun).text
    begun.send("findings/reason/", {"key": key, "reason": "The alarm is there alredy."})
    address = f"findings/reason/?key={key}"
    assert re.search(
        rf'href="{re.escape(begun.address(address))}"[^>]*>Change the reason', page(begun).text
    )
    form = contributor.form("findings/reason/", address)
    assert form["reason"] == ["The alarm is there alredy."]
    sent = form | {"reason": "The alarm is there already."}
    assert contributor.send("findings/reason/", sent).status == 303
    answer = page(begun)
    assert group(answer, "waived") == [NO_END]
    assert "“The alarm is there already.”" in answer.text
    Document.objects.filter(pk=begun.document.pk).update(state=State.APPROVED)
    assert "Change the reason" not in page(begun).text


@pytest.mark.parametrize("by_htmx", [False, HTMX])
def test_two_who_give_a_reason_at_once_read_each_other_and_lose_nothing(
    begun: Writer, contributor: Writer, by_htmx: bool
) -> None:
    key = key_of(begun, "COE174")
    form = begun.form("findings/reason/", "findings/reason/?key=" + key)
    contributor.send("findings/reason/", form | {"reason": "Theirs."})
    theirs = take_back_of(begun)
    mine = form | {"reason": "Mine."} | AT_PANEL
    answer = begun.send("findings/reason/", mine, by_htmx=by_htmx)
    assert answer.status == 409
    assert "Contributor gave another reason since you opened this." in answer.text
    assert "“Theirs.”" in answer.text
    assert Waiver.objects.get().reason == "Theirs."
    again = answer.form(begun.address("findings/reason/")).fields
    assert again["reason"][0].strip() == "Mine."
    assert begun.send("findings/reason/", again).status == 303
    assert Waiver.objects.get().reason == "Mine."
    late = contributor.send(theirs, {"key": key})
    assert late.status == 409
    assert "Owner gave another reason" in late.text
    assert Waiver.objects.get().reason == "Mine."


def test_a_reason_is_offered_again_where_the_words_it_was_for_have_changed(begun: Writer) -> None:
    def offered(check: str) -> list[str]:
        query = "findings/reason/?key=" + key_of(begun, check)
        return [*begun.form("findings/reason/", query).get("reason", [""])]

    assert offered("COE174") == [""]
    key, reason = key_of(begun, "COE174"), "The alarm is there already."
    begun.send("findings/reason/", {"key": key, "reason": reason})
    ActionItem.objects.update(title="Add a better alarm")
    assert offered("COE174") == [reason]
    assert offered("COE173") == [""]
    new_action(begun.document, begun.document.owner, "Another")
    ActionItem.objects.filter(title="Add a better alarm").update(title="Add an alarm")
    assert offered("COE174") == [""]  # for the other item: the first one has its reason again


@pytest.mark.parametrize("by_htmx", [False, HTMX])
def test_an_empty_reason_is_refused_beside_its_field(begun: Writer, by_htmx: bool) -> None:
    key = key_of(begun, "COE174")
    for reason in ("", "  ", "a\x00b", "x" * 2001):
        sent = {"key": key, "reason": reason} | AT_PANEL
        answer = begun.send("findings/reason/", sent, by_htmx=by_htmx)
        assert answer.status == 422
        form = answer.form(begun.address("findings/reason/"))
        assert answer.errors_at("reason", form)
        assert ("<html" in answer.text) is not by_htmx
    assert not Waiver.objects.exists()


@pytest.mark.parametrize("by_htmx", [False, HTMX])
def test_a_reason_for_what_is_gone_is_stale_and_kept(begun: Writer, by_htmx: bool) -> None:
    key = key_of(begun, "COE103")
    begun.save("sections/summary/", text="It lasted from 10:00 to 11:00.")
    sent = {"key": key, "reason": "Nobody measured it."} | AT_PANEL
    answer = begun.send("findings/reason/", sent, by_htmx=by_htmx)
    assert answer.status == 409
    assert "the text has changed since" in answer.text
    assert "Nobody measured it." in answer.text
    answer = begun.send("findings/dismiss/", {"key": key} | AT_PANEL, by_htmx=by_htmx)
    assert answer.status == 409
    assert "the text has changed since" in answer.text
    assert Answer(begun.client.get(begun.address(f"findings/reason/?key={key}"))).status == 409  # type: ignore[arg-type]


def test_what_blocks_is_neither_dismissed_nor_waived_and_a_reason_is_no_hint(
    begun: Writer,
) -> None:
    blocker, reason = key_of(begun, "COE161"), key_of(begun, "COE174")
    for key in (blocker, reason):
        answer = begun.send("findings/dismiss/", {"key": key})
        assert answer.status == 422
        assert "Nothing was changed." in answer.text
    answer = begun.send("findings/reason/", {"key": blocker, "reason": "It does not matter."})
    assert answer.status == 422
    assert "This cannot be waived." in answer.text
    assert "findings/reason/?key=" + blocker not in page(begun).text
    assert not Waiver.objects.exists()


def test_where_no_reason_can_be_given_it_is_said_why(begun: Writer) -> None:
    def refused(check: str) -> str:
        path = f"findings/reason/?key={keys[check]}"
        answer = Answer(begun.client.get(begun.address(path)))  # type: ignore[arg-type]
        assert answer.status == 409
        return answer.text

    keys = {check: key_of(begun, check) for check in ("COE161", "COE174")}
    assert "This cannot be waived." in refused("COE161")
    Document.objects.filter(pk=begun.document.pk).update(state=State.APPROVED)
    assert "This COE has been approved" in refused("COE174")


@pytest.mark.parametrize("key", ["", "a", "\x00", "g" * 64, "A" * 64, "0" * 63])
def test_a_key_that_is_none_is_stale_or_changes_nothing(begun: Writer, key: str) -> None:
    assert begun.send("findings/dismiss/", {"key": key}).status == 409
    assert begun.send("findings/take-back/", {"key": key}).status == 303
    assert begun.send("findings/reason/", {"key": key, "reason": "Why"}).status == 422


def test_what_is_approved_is_read_and_not_answered(begun: Writer) -> None:
    Document.objects.filter(pk=begun.document.pk).update(state=State.APPROVED)
    answer = page(begun)
    assert NO_END in said(answer.text)
    assert "Give a reason" not in answer.text
    assert "Dismiss" not in answer.text
    assert "data-found" not in begun.open().text.replace("data-found-at", "").replace(
        'data-found="missing"', ""
    )


@pytest.mark.parametrize(
    ("place", "way"),
    [
        (Place("summary"), "?section=summary#summary-text"),
        (Place("facts", field="title"), "?section=facts#facts-title"),
        (Place("milestones", "resolved", "when"), "?section=milestones#id_resolved-when"),
        (Place("questions-impact", "unaffected"), "?section=questions-impact#id_unaffected-text"),
        (Place("questions-detection"), "?section=questions-detection#questions-detection"),
        (Place("timeline"), "?section=timeline#timeline"),
        (Place("timeline", "u", "evidence"), "?section=timeline&row=u&at=evidence#row-u"),
        (Place("causes", "u"), "?section=causes&row=u#row-u"),
        (Place("submit"), "?section=submit#submit"),
    ],
)
def test_the_way_leads_to_the_field(place: Place, way: str) -> None:
    assert place.way.address == way


def test_every_way_leads_to_something_on_the_page(
    begun: Writer, document: Document, people: People
) -> None:
    """The id that a link names is there, or it would lead nowhere."""
    new_cause(document, people.owner, "The value was wrong")
    board = Board(document)
    for shown in board.open:
        text = begun.open(shown.way.query).text if shown.way.query else begun.open().text
        assert f'id="{shown.way.anchor}"' in text, shown.way
        if shown.opening:
            panel = f'id="{shown.opening.anchor}"'
            assert panel in begun.open(shown.opening.query).text, shown.opening


def test_a_way_tells_what_it_opens() -> None:
    way = Way("causes", "new-cause-text", (("add", "causes"), ("under", "happened")))
    assert way.address == "?section=causes&add=causes&under=happened#new-cause-text"
    assert way.query == "?add=causes&under=happened"
    assert Way("summary", "summary-text").query == ""


def test_a_stop_has_begun_where_something_is_written(begun: Writer) -> None:
    snapshot = take_snapshot(begun.document).snapshot
    assert begun_stops(snapshot) == {"facts", "submit", "summary", "actions"}
    known = tuple(replace(each, state="not_applicable") for each in snapshot.milestones)
    assert "milestones" in begun_stops(replace(snapshot, milestones=known))


def test_how_much_was_found_is_told_in_words() -> None:
    assert str(Tally(0, 0, 0)) == "0 findings"
    assert str(Tally(1, 0, 0)) == "1 finding, 1 blocks review"
    assert str(Tally(2, 1, 3)) == "6 findings, 2 block review, 1 needs a reason"
    assert str(Tally(0, 2, 0)) == "2 findings, 2 need a reason"
    assert str(Tally(0, 3, 0, gaps=2)) == "3 findings, 1 needs a reason, 2 not there yet"
    assert str(Tally(1, 2, 0, gaps=2)) == "3 findings, 1 blocks review, 2 not there yet"


def test_what_is_only_not_filled_yet_is_not_said_to_need_a_reason(owner: Writer) -> None:
    """Until it is submitted; and what is wrong still does."""
    owner.save("milestones/", **{"impact_started-when": "2026-03-05 14:00"})
    answer = beside(owner)
    assert "Not there yet" in answer.text
    assert "Needs a reason" not in answer.text
    assert marks(answer) == {"milestones": "5 findings, 5 not there yet"}
    shown = page(owner)
    assert len(group(shown, "gaps")) == 5
    assert group(shown, "reason") == []
    owner.save("milestones/", **{"detected-when": "2026-03-05 13:00"})
    assert "Needs a reason" in beside(owner).text
    shown = page(owner)
    assert len(group(shown, "gaps")) == 4
    assert len(group(shown, "reason")) == 1
