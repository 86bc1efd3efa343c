"""The causes on the page: below their questions, with what answers each, and how they are sent."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coe.accounts.models import User
from coe.documents.models import Document
from coe.incidents.models import Milestone
from coe.whys.models import Cause
from tests.editor.conftest import new_action, new_cause
from tests.editor.writer import HTMX, PLAIN, Answer, Writer
from tests.history.reading import latest, told
from tests.people import People

ASKED = (
    "Why did it happen?",
    "Why did detection take so long?",
    "Why did mitigation take so long?",
)


def words(answer: Answer, panel: str) -> str:
    """What a panel says, without its markup."""
    found = re.search(rf'<section class="section"\s+id="{panel}".*?</section>', answer.text, re.S)
    assert found
    return re.sub(r"<[^>]+>|\s+", " ", found[0]).replace("  ", " ")


def said(answer: Answer, panel: str = "causes") -> str:
    return re.sub(r"\s+", " ", words(answer, panel))


def at(document: Document, kind: str, minute: int, *, precision: str = "minute") -> None:
    when = datetime(2026, 11, 14, 10 + minute // 60, minute % 60, tzinfo=UTC)
    milestones = Milestone.objects.filter(incident=document.incident, kind=kind)
    milestones.update(state=Milestone.State.RECORDED, at=when, precision=precision)


def stored(text: str) -> Cause:
    return Cause.objects.get(text=text)


def test_the_three_questions_stand_on_the_page_before_anything_is_written(owner: Writer) -> None:
    shown = said(owner.open())
    assert [shown.find(text) > 0 for text in ASKED] == [True, True, True]
    assert shown.count("Answer this") == 3


def test_the_questions_say_how_long_it_took(owner: Writer, document: Document) -> None:
    at(document, "impact_started", 0)
    at(document, "detected", 28, precision="about")
    at(document, "mitigated", 169)
    shown = said(owner.open())
    assert "Why did detection take about 28 min?" in shown
    assert "Why did mitigation take 2 h 49 min?" in shown


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX], ids=["plain", "htmx"])
def test_an_answer_is_kept_with_its_question_and_the_next_why_is_asked_below_it(
    owner: Writer, document: Document, by_htmx: bool
) -> None:
    sent = owner.form("causes/add/", "?add=causes&under=detection")
    assert sent["primary"] == ["detection"]
    answer = owner.send("causes/add/", sent | {"text": "No alarm"}, by_htmx=by_htmx)
    cause = stored("No alarm")
    assert (cause.answers, cause.content()["explains"]) == ("detection", [])
    if not by_htmx:
        assert answer.response["Location"] == (
            f"{owner.page_address}?section=causes&add=causes&under={cause.uid}#row-{cause.uid}"
        )
        return
    following = answer.form(owner.address("causes/add/")).fields
    assert (following["primary"], following["under"]) == ([str(cause.uid)], [str(cause.uid)])


def test_a_name_for_the_new_cause_that_no_browser_sends_leads_back_all_the_same(
    owner: Writer,
) -> None:
    sent = owner.form("causes/add/", "?add=causes&under=detection")
    answer = owner.send("causes/add/", sent | {"uid": f"\n{uuid4()}\n", "text": "No alarm"})
    cause = stored("No alarm")
    assert answer.status == 303
    assert answer.response["Location"].endswith(f"&under={cause.uid}#row-{cause.uid}")


def test_a_form_opened_for_no_particular_place_stays_behind_all(owner: Writer) -> None:
    for under in ("", "&under=nothing", f"&under={uuid4()}"):
        form = owner.form("causes/add/", f"?add=causes{under}")
        assert "under" not in form
    answer = owner.send("causes/add/", form | {"text": "Why"}, by_htmx=HTMX)
    assert "under" not in answer.form(owner.address("causes/add/")).fields


def test_what_was_typed_below_a_cause_that_was_removed_meanwhile_is_kept(
    owner: Writer, document: Document, people: People
) -> None:
    gone = new_cause(document, people.owner, "gone")
    sent = owner.form("causes/add/", f"?add=causes&under={gone.uid}")
    gone.delete()
    answer = owner.send("causes/add/", sent | {"text": "Typed"}, by_htmx=HTMX)
    assert answer.status == 422
    assert answer.form(owner.address("causes/add/")).fields["text"][0].strip() == "Typed"


def test_a_root_is_moved_to_another_question_and_a_nested_cause_keeps_none(
    owner: Writer, document: Document, people: People
) -> None:
    top = new_cause(document, people.owner, "top")
    deep = new_cause(document, people.owner, "deep", top)
    owner.save(f"causes/{top.uid}/", f"?row={top.uid}", primary="mitigation")
    assert stored("top").answers == "mitigation"
    owner.save(f"causes/{deep.uid}/", f"?row={deep.uid}", text="deeper")
    assert (stored("deeper").answers, stored("deeper").version) == ("happened", 2)
    shown = said(owner.open())
    assert shown.find("Why did mitigation") < shown.find("C1 top") < shown.find("C2 deeper")


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX], ids=["plain", "htmx"])
def test_nesting_and_taking_out_by_their_buttons(
    owner: Writer, document: Document, people: People, by_htmx: bool
) -> None:
    first = new_cause(document, people.owner, "first")
    second = new_cause(document, people.owner, "second")
    for path, explains in (("nest", [str(first.uid)]), ("unnest", [])):
        path = f"causes/{second.uid}/{path}/"
        answer = owner.send(path, owner.form(path), by_htmx=by_htmx)
        assert answer.status == (200 if by_htmx else 303)
        assert stored("second").content()["explains"] == explains


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX], ids=["plain", "htmx"])
def test_what_cannot_be_nested_is_refused_with_a_sentence(
    owner: Writer, document: Document, people: People, by_htmx: bool
) -> None:
    only = new_cause(document, people.owner, "only")
    for path, sentence in (
        ("nest", "It stands first here, so there is no cause before it"),
        ("unnest", "It answers the question itself"),
    ):
        answer = owner.send(f"causes/{only.uid}/{path}/", {"version": 1}, by_htmx=by_htmx)
        assert answer.status == 422
        assert sentence in said(answer)
    assert stored("only").version == 1


@pytest.mark.parametrize("version", ["0", "2", "", "x"])
@pytest.mark.parametrize("path", ["nest", "unnest"])
def test_a_stale_button_rearranges_nothing(
    owner: Writer, document: Document, people: People, path: str, version: str
) -> None:
    top = new_cause(document, people.owner, "top")
    new_cause(document, people.owner, "beside", top)
    deep = new_cause(document, people.owner, "deep", top)
    since = latest(document)
    answer = owner.send(f"causes/{deep.uid}/{path}/", {"version": version}, by_htmx=HTMX)
    assert (answer.status, answer.is_panel("causes")) == (409, True)
    assert "Somebody else saved this since you opened it." in said(answer)
    assert told(document, since=since) == []


def accept(owner: Writer, cause: Cause, reason: str, approver: User | None) -> Answer:
    query, path = f"?row={cause.uid}&at=risk_reason", f"causes/{cause.uid}/"
    person = str(approver.pk) if approver else ""
    return owner.save(path, query, risk_reason=reason, risk_approver=person)


def test_each_end_of_a_branch_says_what_answers_it_or_what_can_be_done(
    owner: Writer, document: Document, people: People
) -> None:
    top = new_cause(document, people.owner, "top")
    end = new_cause(document, people.owner, "end", top)
    page = owner.open()
    assert said(page).count("Open: no action item yet.") == 1
    assert f"add=actions&amp;cause={end.uid}#new-action-title" in page.text
    form = owner.form("actions/add/", f"?add=actions&cause={end.uid}")
    assert form["cause"] == [str(end.uid)]

    item = new_action(document, people.owner, "Add an alarm", end)
    page = owner.open()
    assert "Answered by Add an alarm" in said(page)
    assert f'href="#row-{item.uid}"' in page.text
    assert "Open:" not in said(page)


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX], ids=["plain", "htmx"])
def test_kind_and_certainty_are_chosen_in_the_row_of_a_cause(
    owner: Writer, document: Document, people: People, by_htmx: bool
) -> None:
    top = new_cause(document, people.owner, "top")
    deep = new_cause(document, people.owner, "deep", top)
    path = f"causes/{deep.uid}/kind/"
    chosen = owner.form(path) | {"kind": "latent", "confidence": "likely"}
    answer = owner.send(path, chosen, by_htmx=by_htmx)
    assert answer.status == (200 if by_htmx else 303)
    deep.refresh_from_db()
    assert (deep.kind, deep.confidence, deep.version) == ("latent", "likely", 2)
    assert deep.content()["explains"] == [str(top.uid)]
    stale = owner.send(path, chosen | {"kind": "trigger"}, by_htmx=by_htmx)
    assert (stale.status, stored("deep").kind) == (409, "latent")
    assert "Somebody else saved this since you opened it." in said(stale)
    unknown = owner.send(path, chosen | {"kind": "sorcery"}, by_htmx=by_htmx)
    assert (unknown.status, "no such kind of cause" in said(unknown)) == (422, True)


def test_a_choice_is_answered_without_the_form_that_may_hold_the_next_one(
    owner: Writer, cause: Cause
) -> None:
    path = f"causes/{cause.uid}/kind/"
    answer = owner.send(path, owner.form(path) | {"kind": "luck"}, by_htmx=HTMX)
    assert "<form" not in answer.text
    assert answer.text.count("hx-swap-oob") == 3
    assert answer.text.count('value="2"') == answer.text.count('name="version"') > 1
    assert "saved" in answer.response["HX-Trigger"]


def test_a_reason_at_the_head_of_the_panel_replaces_the_whole_panel(
    owner: Writer, cause: Cause
) -> None:
    path = f"causes/{cause.uid}/kind/"
    stale = owner.send(path, {"version": 7, "confidence": "likely"}, by_htmx=HTMX)
    assert stale.response["HX-Retarget"] == stale.response["HX-Reselect"] == "#causes"
    kept = owner.send(f"causes/{cause.uid}/answer/", {"uid": str(uuid4())}, by_htmx=HTMX)
    assert kept.status == 422
    assert "HX-Retarget" not in kept.response


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX], ids=["plain", "htmx"])
def test_an_action_item_is_written_right_below_the_cause_that_it_answers(
    owner: Writer, document: Document, people: People, cause: Cause, by_htmx: bool
) -> None:
    path = f"causes/{cause.uid}/answer/"
    sent = owner.form(path, f"?answer={cause.uid}") | {"done_when": "A drill shows it"}
    refused = owner.send(path, sent, by_htmx=by_htmx)
    form = refused.form(owner.address(path))
    assert (refused.status, form.fields["done_when"]) == (422, ["A drill shows it"])
    assert "Say what will be done" in refused.errors_at("title", form)

    answer = owner.send(path, sent | {"title": "Add an alarm"}, by_htmx=by_htmx)
    assert answer.status == (200 if by_htmx else 303)
    item = cause.actions.get()
    assert (item.title, item.done_when, item.priority) == ("Add an alarm", "A drill shows it", 2)
    if by_htmx:
        assert "Answered by Add an alarm" in said(answer)
        added = answer.text.partition('hx-swap-oob="beforeend:#actions-list"')[2]
        assert f'id="row-{item.uid}"' in added
    again = owner.send(path, sent | {"title": "Something else"}, by_htmx=by_htmx)
    assert (again.status, cause.actions.count()) == (409, 1)
    assert again.form(owner.address(path)).fields["title"] == ["Something else"]


def test_an_action_item_for_a_cause_of_nobody_is_not_found(owner: Writer, cause: Cause) -> None:
    typed = {"uid": str(uuid4()), "title": "Add an alarm", "priority": 2}
    assert owner.send(f"causes/{uuid4()}/answer/", typed).status == 404


def test_an_item_added_at_a_cause_is_not_put_on_a_page_without_the_list(
    owner: Writer, cause: Cause
) -> None:
    owner.send("sections/", {"sections": "one"})
    path = f"causes/{cause.uid}/answer/"
    sent = owner.form(path, f"?answer={cause.uid}") | {"title": "Add an alarm"}
    assert "hx-swap-oob" not in owner.send(path, sent, by_htmx=HTMX).text


def test_a_line_goes_on_past_what_is_drawn_below_an_earlier_cause(
    owner: Writer, document: Document, people: People
) -> None:
    top = new_cause(document, people.owner, "top")
    first = new_cause(document, people.owner, "first", top)
    new_cause(document, people.owner, "below", first)
    new_cause(document, people.owner, "second", top)
    rows = re.findall(
        r'class="cause (cause--depth[^"]*?)(?: cause--hypothesis)?"', owner.open().text
    )
    assert rows == [
        "cause--depth-0",
        "cause--depth-1 cause--rail-1",
        "cause--depth-2 cause--rail-1",
        "cause--depth-1",
    ]


def test_a_risk_is_accepted_with_a_reason_by_somebody(
    owner: Writer, document: Document, people: People, cause: Cause
) -> None:
    assert accept(owner, cause, "It ends in May.", people.manager).status == 303
    cause.refresh_from_db()
    assert (cause.risk_reason, cause.risk_approver) == ("It ends in May.", people.manager)
    assert "Risk accepted by Manager: It ends in May." in said(owner.open())
    event = told(document)[-1]
    assert event.after == {"risk_reason": "It ends in May.", "risk_approver_id": people.manager.pk}


def test_a_reason_without_anybody_who_accepts_it_is_an_open_question(
    owner: Writer, cause: Cause
) -> None:
    assert accept(owner, cause, "It ends in May.", None).status == 303
    shown = said(owner.open())
    assert "Open: the risk is explained, but who accepts it? It ends in May." in shown
    assert "Say who accepts it" in shown
    assert "Risk accepted" not in shown


def test_somebody_who_accepts_a_risk_without_a_reason_is_asked_for_it(
    owner: Writer, people: People, cause: Cause
) -> None:
    answer = accept(owner, cause, "", people.manager)
    assert answer.status == 422
    form = answer.form(owner.address(f"causes/{cause.uid}/"))
    assert "Say why the risk was accepted" in answer.errors_at("risk_reason", form)
    assert form.fields["risk_approver"] == [str(people.manager.pk)]


def test_who_accepted_a_risk_and_was_deactivated_since_is_not_lost(
    owner: Writer, people: People, cause: Cause
) -> None:
    accept(owner, cause, "It ends in May.", people.manager)
    User.objects.filter(pk__in=[people.manager.pk, people.leader.pk]).update(is_active=False)
    answer = owner.save(f"causes/{cause.uid}/", f"?row={cause.uid}", text="Edited")
    assert answer.status == 303
    assert stored("Edited").risk_approver == people.manager
    opened = owner.open(f"?row={cause.uid}")
    assert "manager@example.org), deactivated" in opened.text
    assert "leader@example.org" not in opened.text
    assert accept(owner, stored("Edited"), "Again", people.leader).status == 422


def test_the_trace_shows_both_directions_and_the_holes_in_each(
    owner: Writer, document: Document, people: People
) -> None:
    top = new_cause(document, people.owner, "top")
    answered = new_cause(document, people.owner, "answered", top)
    new_cause(document, people.owner, "left", top)
    new_action(document, people.owner, "Add an alarm", answered)
    new_action(document, people.owner, "Tidy up")
    shown = said(owner.open(), "trace")
    assert "1 branch of causes with no action and no accepted risk;" in shown
    assert "; 1 action item that answers no cause." in shown
    assert "C1 top Through the causes below it" in shown
    assert "C2 answered A1 Add an alarm" in shown
    assert "C3 left No action and no accepted risk" in shown
    assert "A1 Add an alarm C2 answered" in shown
    assert "A2 Tidy up Answers no cause" in shown


def test_the_trace_says_when_nothing_is_left_over(
    owner: Writer, document: Document, people: People, cause: Cause
) -> None:
    new_action(document, people.owner, "Add an alarm", cause)
    assert "Nothing is left over" in said(owner.open(), "trace")


def trace(owner: Writer) -> Answer:
    return Answer(owner.client.get(owner.address("trace/")))  # type: ignore[arg-type]


def test_the_trace_alone_is_a_panel_that_asks_for_itself_after_each_save(owner: Writer) -> None:
    answer = trace(owner)
    assert answer.is_panel("trace")
    assert f'hx-get="{owner.address("trace/")}"' in answer.text
    assert 'hx-trigger="saved from:body"' in answer.text
    assert not any(tag in ("input", "textarea", "select") for tag, _ in answer.reader.tags)


@pytest.mark.parametrize("rows", [2, 30])
def test_the_trace_asks_as_often_however_much_there_is(
    owner: Writer, document: Document, people: People, rows: int
) -> None:
    for number in range(rows):
        cause = new_cause(document, people.owner, f"Cause {number}")
        new_action(document, people.owner, f"Action {number}", cause)
    with CaptureQueriesContext(connection) as captured:
        trace(owner)
    assert len(captured) == 7, "session, person, COE; causes, edges; action items twice"


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX], ids=["plain", "htmx"])
def test_a_cause_is_saved_without_asking_on(
    owner: Writer, document: Document, by_htmx: bool
) -> None:
    sent = owner.form("causes/add/", "?add=causes&under=detection")
    typed = sent | {"text": "Nobody watched", "return": "list"}
    answer = owner.send("causes/add/", typed, by_htmx=by_htmx)
    assert document.cause_rows.get().text == "Nobody watched"
    if by_htmx:
        assert "cause--new" not in answer.text
    else:
        assert answer.response["Location"] == f"{owner.page_address}?section=causes#causes"


def test_a_second_answer_stands_beside_the_first(
    owner: Writer, document: Document, people: People
) -> None:
    first = new_cause(document, people.owner, "first")
    page = owner.open()
    assert "Add another answer to Why did it happen?" in said(page)
    query = f"?add=causes&under={first.answers}"
    assert "Another answer to “Why did it happen?”" in said(owner.open(query))
    owner.save("causes/add/", query, text="second")
    second = document.cause_rows.get(text="second")
    assert (second.answers, second.effects()) == (first.answers, [])


def test_how_sure_starts_as_it_was_chosen_last_in_this_coe(
    owner: Writer, document: Document, people: People
) -> None:
    query = "?add=causes&under=detection"
    assert owner.form("causes/add/", query)["confidence"] == ["hypothesis"]
    owner.save("causes/add/", query, text="Nobody watched", confidence="confirmed")
    assert owner.form("causes/add/", query)["confidence"] == ["confirmed"]


def test_an_action_item_may_answer_a_cause_that_another_one_explains(
    owner: Writer, document: Document, people: People
) -> None:
    top = new_cause(document, people.owner, "top")
    new_cause(document, people.owner, "end", top)
    assert f"add=actions&amp;cause={top.uid}#new-action-title" in owner.open().text
    new_action(document, people.owner, "Add an alarm", top)
    assert f"add=actions&amp;cause={top.uid}#new-action-title" not in owner.open().text


def test_where_risks_are_accepted_and_nothing_is_done_nothing_is_praised(
    owner: Writer, document: Document, people: People
) -> None:
    accept(owner, new_cause(document, people.owner, "top"), "It ends in May.", people.owner)
    shown = said(owner.open(), "trace")
    assert "Nothing is left over" not in shown
    assert "There are no action items yet" in shown
