"""What the checks keep from review, and what whoever judges sees of them and of the answers."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coe.accounts.models import User
from coe.documents.models import Document, Form, State
from coe.guidance.services import dismiss_finding, waive_finding
from coe.history.models import HistoryEvent
from coe.policies.rules import Level
from coe.reviews.models import SignOff
from coe.reviews.workflow import AnswersChanged, NotReady, TextChanged, make_transition
from coe.snapshots.models import StoredSnapshot
from tests.editor.writer import Answer
from tests.guidance.answering import NO_GRAPH, found, take_back, weigh
from tests.library.pages import get, words
from tests.people import People
from tests.reviews.steps import approve, digest_on_screen, fresh, state_facts, write

WHY = "The graph is in the dashboard of the bank."
NO_SUMMARY = "There is no summary yet. Write it last: it will be read first."


@pytest.fixture
def weak(document: Document) -> Document:
    weigh(document, COE101=Level.BLOCKS, COE121=Level.HINT, COE125=Level.REASON)
    return document


def submit(document: Document, people: People) -> None:
    make_transition(document, to=State.IN_REVIEW, by=people.owner)


def make_ready(document: Document, people: People) -> None:
    """Write what blocks, and give the reason that is asked for."""
    write(document, "One customer in ten.", by=people.owner)
    waive(document, people)


def waive(document: Document, people: People, reason: str = WHY, *, over: str = "") -> None:
    key = found(document, "COE125").key
    waive_finding(document, key=key, reason=reason, over=over, by=people.owner)


def page_of(client: Client, people: People, document: Document, name: str = "manager") -> Any:
    return get(client, getattr(people, name), f"/coes/{document.reference}/draft/")


def on_screen(page: Any) -> dict[str, str]:
    """What each form for judging carries: that for changes is always there."""
    form = page.content.decode().partition("/request-changes/")[2].partition("</form>")[0]
    return {
        name: re.search(rf'name="{name}"(?: value="(\w*)")?', form)[1] or ""  # type: ignore[index]
        for name in ("digest", "answers")
    }


def judge(document: Document, verdict: State, people: People, seen: dict[str, str]) -> None:
    """As whoever has a page in front of them that shows what was `seen`."""
    digest, answers = seen["digest"], seen["answers"]
    make_transition(
        document, to=verdict, by=people.manager, digest=digest, answers=answers, note="Good."
    )


def test_nothing_is_submitted_while_something_is_in_the_way(weak: Document, people: People) -> None:
    with pytest.raises(NotReady) as caught:
        submit(weak, people)
    assert caught.value.messages == [NO_SUMMARY, NO_GRAPH]
    assert [each.check for each in caught.value.findings] == ["COE101", "COE125"]
    assert fresh(weak).state == State.DRAFT
    assert not StoredSnapshot.objects.exists()
    assert not HistoryEvent.objects.filter(action="submitted").exists()


def test_it_is_submitted_once_the_blockers_are_mended_and_the_reasons_given(
    weak: Document, people: People
) -> None:
    write(weak, "One customer in ten.", by=people.owner)
    with pytest.raises(NotReady) as caught:
        submit(weak, people)
    assert caught.value.messages == [NO_GRAPH]
    waive(weak, people)
    submit(weak, people)  # with the hint open
    assert fresh(weak).state == State.IN_REVIEW


def test_a_reason_that_was_taken_back_is_in_the_way_again(weak: Document, people: People) -> None:
    make_ready(weak, people)
    take_back(weak, "COE125", by=people.owner)
    with pytest.raises(NotReady):
        submit(weak, people)


def test_what_was_changed_on_request_is_looked_at_again(weak: Document, people: People) -> None:
    make_ready(weak, people)
    submit(weak, people)
    weak.refresh_from_db()
    judge(weak, State.CHANGES_REQUESTED, people, on_screen(page_of(Client(), people, weak)))
    write(weak, "", by=people.owner)
    with pytest.raises(NotReady):
        submit(weak, people)


def test_a_light_coe_is_asked_for_less(weak: Document, people: People) -> None:
    Document.objects.filter(pk=weak.pk).update(form=Form.LIGHT)
    write(weak, "One customer in ten.", by=people.owner)
    submit(weak, people)  # nobody asks a light one for graphs
    assert fresh(weak).state == State.IN_REVIEW


def test_the_page_says_what_is_in_the_way_and_leads_there(
    weak: Document, people: People, client: Client
) -> None:
    client.force_login(people.owner)
    answer = client.post(f"/coes/{weak.reference}/submit/")
    assert answer.status_code == 422
    edit = f"/coes/{weak.reference}/edit/"
    ways = re.findall(
        r'<a[^>]*href="([^"]*section=(?!submit)[^"]*)"[^>]*>([^<]*)</a>', answer.content.decode()
    )
    assert ways == [
        (f"{edit}?section=summary#summary-text", NO_SUMMARY),
        (f"{edit}?section=metrics#metrics-text", NO_GRAPH),
    ]
    assert "Blocks review" in words(answer)
    assert fresh(weak).state == State.DRAFT
    for address, _ in ways:
        assert client.get(address).status_code == 200


def test_the_page_leads_to_a_reason_where_one_is_enough_and_to_all_that_is_found(
    weak: Document, people: People, client: Client
) -> None:
    client.force_login(people.owner)
    page = client.post(f"/coes/{weak.reference}/submit/").content.decode()
    reasons = re.findall(r'href="([^"]*/findings/reason/[^"]*)"', page)
    assert reasons == [
        f"/coes/{weak.reference}/edit/findings/reason/?key={found(weak, 'COE125').key}"
    ]
    assert 'name="reason"' in client.get(reasons[0]).content.decode()
    assert f'href="/coes/{weak.reference}/edit/findings/"' in page


def test_who_may_not_submit_is_not_told_what_is_in_the_way(
    weak: Document, people: People, client: Client
) -> None:
    client.force_login(people.colleague)
    answer = client.post(f"/coes/{weak.reference}/submit/")
    assert answer.status_code == 403
    assert NO_SUMMARY not in answer.content.decode()


def test_whoever_judges_reads_the_findings_and_the_reasons_before_the_text(
    weak: Document, people: People, client: Client
) -> None:
    make_ready(weak, people)
    submit(weak, people)
    write(weak, "", by=people.owner)  # and now something blocks again
    page = page_of(client, people, weak)
    text = words(page).partition("Your decision")[2]
    order = [
        "What the checks say",
        "Blocks review There is no summary yet.",
        "Left as it is, for a reason",
        NO_GRAPH,
        WHY,
        "Owner",
        "1 hint",
        "Uploads failed for one customer in ten",
    ]
    places = [text.index(each) for each in order]
    assert places == sorted(places)
    assert '<details class="weighed__hints">' in page.content.decode()


def test_what_was_dismissed_is_folded_with_the_hints(
    weak: Document, people: People, client: Client
) -> None:
    make_ready(weak, people)
    dismiss_finding(weak, key=found(weak, "COE121").key, by=people.contributor)
    submit(weak, people)
    page = page_of(client, people, weak)
    folded = page.content.decode().partition('<details class="weighed__hints">')[2]
    assert "0 hints, and 1 dismissed" in folded
    assert "Dismissed by Contributor" in " ".join(folded.split())


def test_only_whoever_judges_sees_the_findings_there_and_only_in_review(
    weak: Document, people: People, client: Client
) -> None:
    make_ready(weak, people)
    assert "What the checks say" not in words(page_of(client, people, weak))
    submit(weak, people)
    for name in ("owner", "contributor", "colleague", "director"):
        assert "What the checks say" not in words(page_of(client, people, weak, name)), name
    approve(weak, by=people.manager)
    assert "What the checks say" not in words(page_of(client, people, weak))


@pytest.mark.parametrize("verdict", [State.APPROVED, State.CHANGES_REQUESTED])
def test_an_answer_that_nobody_read_is_not_judged(
    verdict: State, weak: Document, people: People, client: Client
) -> None:
    make_ready(weak, people)
    submit(weak, people)
    seen = on_screen(page_of(client, people, weak))
    (reason,) = weak.waivers.all()
    waive(weak, people, "It was lost.", over=reason.digest)
    with pytest.raises(AnswersChanged, match="Read it again"):
        judge(weak, verdict, people, seen)
    assert not SignOff.objects.exists()
    now = on_screen(page_of(client, people, weak))
    assert (now["digest"], now["answers"] != seen["answers"]) == (seen["digest"], True)
    judge(weak, verdict, people, now)
    assert fresh(weak).state == verdict


def test_what_blocks_by_now_is_not_approved_and_is_sent_back(
    weak: Document, people: People, client: Client
) -> None:
    """An author took the summary out while it was in review; the note is not lost."""
    make_ready(weak, people)
    submit(weak, people)
    write(weak, "", by=people.owner)
    seen = on_screen(page_of(client, people, weak))
    answer = client.post(f"/coes/{weak.reference}/approve/", {**seen, "note": "Clear."})
    assert answer.status_code == 422
    assert "Not approved yet 1 thing in this text blocks a review." in words(answer)
    assert NO_SUMMARY in words(answer)
    assert (fresh(weak).state, SignOff.objects.count()) == (State.IN_REVIEW, 0)
    assert "/approve/" not in answer.content.decode()
    ways = re.findall(r'<a class="weighed__way"\s+href="([^"]*)"', answer.content.decode())
    assert ways == [f"/coes/{weak.reference}/draft/#finding-{found(weak, 'COE101').key}"]
    form = Answer(answer).form(f"/coes/{weak.reference}/request-changes/")  # type: ignore[arg-type]
    assert form.fields["note"][0].strip() == "Clear."
    assert client.post(f"/coes/{weak.reference}/request-changes/", form.fields).status_code == 303
    assert fresh(weak).state == State.CHANGES_REQUESTED


def block_in_review(document: Document, people: People) -> None:
    """Submit it ready, then take out of it what blocks where it is missing."""
    make_ready(document, people)
    submit(document, people)
    write(document, "", by=people.owner)


def bar_of(page: Any) -> str:
    """Where the person decides."""
    return str(page.content.decode().partition('id="decide"')[2].partition("</section>")[0])


def ways_of(page: Any) -> list[str]:
    """Where the links among the buttons lead on the page."""
    return re.findall(r'<a href="#([\w-]*)"', bar_of(page))


def test_what_blocks_stands_where_the_button_for_approving_would_be(
    weak: Document, people: People, client: Client
) -> None:
    block_in_review(weak, people)
    page = page_of(client, people, weak)
    found_there = page.content.decode()
    assert f"It cannot be approved yet: {NO_SUMMARY}" in words(page)
    assert "Approve" not in bar_of(page)
    assert "Ask for changes" in bar_of(page)
    assert "/approve/" not in found_there
    assert ways_of(page) == ["summary"]
    assert 'id="summary"' in found_there
    write(weak, "One customer in ten.", by=people.owner)
    again = page_of(client, people, weak).content.decode()
    assert "cannot be approved" not in again
    assert f'action="/coes/{weak.reference}/approve/"' in again


def test_of_several_that_block_the_first_is_named_and_the_rest_counted(
    weak: Document, people: People, client: Client
) -> None:
    block_in_review(weak, people)
    weigh(weak, COE101=Level.BLOCKS, COE121=Level.BLOCKS)
    page = page_of(client, people, weak)
    told = f"It cannot be approved yet: {NO_SUMMARY} And 1 more thing in the way Ask for changes"
    assert told in words(page)
    assert ways_of(page) == ["summary", "weighed-heading"]


def test_what_has_no_place_among_the_chapters_leads_to_the_finding(
    weak: Document, people: People, client: Client
) -> None:
    """The title stands above them all."""
    make_ready(weak, people)
    submit(weak, people)
    state_facts(weak, title="The card 4539 1488 0343 6467 was refused", by=people.owner)
    weigh(weak, COE192=Level.BLOCKS)
    page = page_of(client, people, weak)
    key = found(weak, "COE192").key
    assert ways_of(page) == [f"finding-{key}"]
    assert f'<li id="finding-{key}">' in page.content.decode()


def test_a_note_that_can_not_be_kept_brings_no_button_back_that_would_fail(
    weak: Document, people: People, client: Client
) -> None:
    block_in_review(weak, people)
    seen = on_screen(page_of(client, people, weak))
    address = f"/coes/{weak.reference}"
    answer = client.post(f"{address}/approve/", {**seen, "note": "Clear.\x00"})
    assert answer.status_code == 422
    assert NO_SUMMARY in words(answer)
    assert "Line 1 contains a control character" in words(answer)
    assert f"{address}/approve/" not in answer.content.decode()
    assert f'action="{address}/request-changes/"' in answer.content.decode()


def test_a_reason_that_is_missing_by_now_is_for_whoever_approves_to_judge(
    weak: Document, people: People, client: Client
) -> None:
    make_ready(weak, people)
    submit(weak, people)
    take_back(weak, "COE125", by=people.owner)
    judge(weak, State.APPROVED, people, on_screen(page_of(client, people, weak)))
    assert fresh(weak).state == State.APPROVED


def test_an_old_page_approves_nothing_after_a_new_answer(
    weak: Document, people: People, client: Client
) -> None:
    """Taken back, answered and submitted again: the text is the same and the answers are not."""
    make_ready(weak, people)
    submit(weak, people)
    seen = on_screen(page_of(client, people, weak))
    make_transition(weak, to=State.DRAFT, by=people.owner)
    dismiss_finding(weak, key=found(weak, "COE121").key, by=people.owner)
    submit(weak, people)
    client.force_login(people.manager)
    answer = client.post(f"/coes/{weak.reference}/approve/", {**seen, "note": "Clear."})
    assert answer.status_code == 409
    assert "answered to the findings changed while you were reading" in words(answer)
    assert "Clear." in words(answer)
    assert fresh(weak).state == State.IN_REVIEW


def test_a_verdict_that_names_no_answers_is_of_a_text_without_any(
    weak: Document, people: People
) -> None:
    make_ready(weak, people)
    submit(weak, people)
    digest = digest_on_screen(weak)
    with pytest.raises(AnswersChanged):
        make_transition(weak, to=State.APPROVED, by=people.manager, digest=digest)
    with pytest.raises(TextChanged):
        make_transition(weak, to=State.APPROVED, by=people.manager, digest="0" * 64)


EXAMINED = {"manager": (43, 2), "owner": (38, 2), "colleague": (40, 2)}
UNREASONED = {"manager": (44, 2), "owner": (37, 1), "colleague": (39, 1)}


def asked_by(client: Client, person: User, document: Document) -> tuple[int, int]:
    """How often the page of the draft asks the database, and how often what the guide says of the
    checks: once for its clock, and once more for an examination."""
    get(client, person, "/help/")  # so that there is a cookie for the tokens of forms
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/coes/{document.reference}/draft/").status_code == 200
    return len(asked), sum("coe_checklevel" in each["sql"] for each in asked.captured_queries)


def test_the_page_of_a_draft_is_examined_once_at_most(
    weak: Document, people: People, client: Client
) -> None:
    """Whoever judges is shown what is found; everybody what stands for a reason."""
    make_ready(weak, people)
    submit(weak, people)
    assert {name: asked_by(client, getattr(people, name), weak) for name in EXAMINED} == EXAMINED
    take_back(weak, "COE125", by=people.owner)
    told = {name: asked_by(client, getattr(people, name), weak) for name in UNREASONED}
    assert told == UNREASONED
