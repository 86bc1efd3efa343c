"""What is done in one COE is done in that one: rows of another are neither found nor moved."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import now

from coe.actions.models import Promise
from coe.documents.contents import Answer, Lesson
from coe.documents.models import Participant, Section
from coe.documents.rows import add_rows, move_row
from coe.documents.services import add_participant, save_section
from coe.editor.news import news_since
from coe.editor.presence import note_presence, others_in
from coe.history.known import Known, known_now
from coe.history.models import Action, HistoryEvent
from coe.home.queries import with_others
from coe.publishing.services import publish
from coe.reviews.rules import Approvers
from coe.timeline.models import Entry
from coe.web.versions import Conflict
from coe.whys.models import Cause
from coe.whys.services import add_cause
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

ENTRY = {"when": "2026-11-14 02:20", "text": "Mine"}


@pytest.mark.parametrize(("panel", "model"), [("timeline", Entry), ("causes", Cause)])
def test_moving_a_row_moves_no_row_of_another_coe(
    world: World, panel: str, model: type[Entry] | type[Cause]
) -> None:
    mine, other = (
        {"timeline": case.entry, "causes": case.cause}[panel]
        for case in (world.cases["draft"], world.cases["restricted_draft"])
    )
    model.objects.filter(pk=other.pk).update(position=512)
    address = reverse("row_move", args=[world.cases["draft"].reference, panel, mine.uid])
    assert world.client("owner").post(address, {"to": "up"}).status_code == 303
    assert model.objects.get(pk=other.pk).position == 512
    assert model.objects.get(pk=mine.pk).position == mine.position


def test_adding_a_row_under_the_identity_of_one_elsewhere_adds_it_here(world: World) -> None:
    mine, other = world.cases["draft"], world.cases["restricted_draft"]
    address = reverse("row_add", args=[mine.reference, "timeline"])
    data = ENTRY | {"uid": other.entry.uid}
    assert world.client("owner").post(address, data).status_code == 303
    assert Entry.objects.get(document=mine.document, uid=other.entry.uid).text == "Mine"
    assert Entry.objects.get(pk=other.entry.pk).text == other.entry.text


def test_other_words_under_one_identity_are_compared_with_the_row_that_is_here(
    world: World,
) -> None:
    mine, other = world.cases["draft"], world.cases["restricted_draft"]
    Entry.objects.filter(pk=other.entry.pk).update(position=1)
    address = reverse("row_add", args=[mine.reference, "timeline"])
    data = ENTRY | {"uid": other.entry.uid}
    assert world.client("owner").post(address, data).status_code == 303
    answer = world.client("owner").post(address, data | {"text": "Mine, and more"})
    assert answer.status_code == 409
    assert other.word not in answer.content.decode()


def test_an_identity_that_is_taken_elsewhere_shows_nothing_of_what_stands_there(
    world: World,
) -> None:
    mine, other = world.cases["draft"], world.cases["restricted_draft"]
    address = reverse("row_add", args=[mine.reference, "timeline"])
    data = ENTRY | {"uid": other.entry.uid}
    assert world.client("owner").post(address, data).status_code == 303
    answer = world.client("owner").post(address, data | {"text": "Typed on"})
    assert answer.status_code == 409
    assert other.word not in answer.content.decode()


def test_a_row_that_was_removed_elsewhere_is_not_known_here(world: World) -> None:
    mine, other = world.cases["draft"], world.cases["restricted_draft"]
    remove = reverse("row_remove", args=[other.reference, "timeline", other.entry.uid])
    gone = world.client("owner").post(remove, {"version": other.entry.version})
    assert gone.status_code == 303
    address = reverse("row_write", args=[mine.reference, "timeline", other.entry.uid])
    data = ENTRY | {"uid": other.entry.uid, "version": 1}
    assert world.client("owner").post(address, data).status_code == 404


def test_who_was_faster_is_who_was_faster_here(world: World) -> None:
    mine, other = world.cases["draft"], world.cases["in_review"]
    section = Section.objects.get(document=other.document, slug="summary")
    contributor = world.people["contributor"]
    save_section(section, version=section.version, text="Elsewhere", by=contributor)
    address = reverse("coe_section", args=[mine.reference, "summary"])
    typed = {"text": "Mine", "version": 0}
    answer = world.client("owner").post(address, typed, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "while you were writing" in " ".join(answer.content.decode().split())
    assert "Contributor" not in answer.content.decode()


def test_who_writes_in_another_coe_only_reads_this_one(world: World) -> None:
    case, colleague = world.cases["draft"], world.people["colleague"]
    contributes = Participant.Role.CONTRIBUTOR
    other = world.cases["in_review"].document
    add_participant(other, user=colleague, role=contributes, by=world.people["owner"])
    browser = world.client("colleague")
    assert browser.get(reverse("coe_draft", args=[case.reference])).status_code == 200
    assert browser.get(reverse("coe_edit", args=[case.reference])).status_code == 403
    section = Section.objects.get(document=case.document, slug="summary")
    address = reverse("coe_section", args=[case.reference, "summary"])
    typed = {"text": "Mine", "version": section.version}
    assert browser.post(address, typed).status_code == 403


def test_places_are_counted_among_the_rows_of_the_coe(world: World) -> None:
    document, owner = world.cases["draft"].document, world.people["owner"]
    lessons = Lesson.objects.filter(document=document)
    assert lessons.count() == 1
    first, second = uuid4(), uuid4()
    words = {"kind": "well", "text": "Learned"}
    add_rows(Lesson, document=document, rows={first: words, second: words}, by=owner)
    assert [_recorded(uid)["place"] for uid in (first, second)] == [1, 2]
    move_row(lessons.get(uid=second), steps=-1, among=lessons, by=owner)
    assert _recorded(second)["places"] == {str(second): 1, str(first): 2}


def _recorded(uid: UUID) -> dict[str, Any]:
    """What the newest event of a row holds after it."""
    content = HistoryEvent.objects.filter(subject_key=uid).latest("pk").text.content or {}
    after: dict[str, Any] = content["after"]
    return after


def test_words_that_were_typed_over_meet_the_text_of_their_own_coe(world: World) -> None:
    case = world.cases["draft"]
    section = Section.objects.get(document=case.document, slug="summary")
    by = world.people["contributor"]
    typed = {"text": "Mine", "version": section.version, "offered": "0"}
    save_section(section, version=section.version, text="Meanwhile", by=by)
    address = reverse("coe_lay_out", args=[case.reference])
    answer = world.client("owner").post(address, typed)
    assert answer.status_code == 409
    assert "Meanwhile" in answer.content.decode()
    assert world.cases["restricted_draft"].word not in answer.content.decode()


def test_news_is_of_the_coe_that_is_written(world: World) -> None:
    mine, other = world.cases["draft"].document, world.cases["in_review"].document
    section = Section.objects.get(document=other, slug="summary")
    by = world.people["contributor"]
    save_section(section, version=section.version, text="Elsewhere", by=by)
    known = known_now(mine)
    events = set(HistoryEvent.objects.filter(document=mine).values_list("pk", flat=True))
    assert {known.settled, *known.recent} - {0} <= events
    news, _ = news_since(Known(0, frozenset()), mine, asker=world.people["leader"])
    assert news
    assert not any(by.name in each.who for each in news)


def test_who_writes_in_another_coe_is_not_among_those_who_write_here(world: World) -> None:
    mine, other = world.cases["draft"].document, world.cases["in_review"].document
    colleague, owner = world.people["colleague"], world.people["owner"]
    add_participant(other, user=colleague, role=Participant.Role.CONTRIBUTOR, by=owner)
    note_presence(mine, place="summary", by=colleague)
    assert others_in(mine, asker=owner) == []


def test_since_when_others_have_it_is_told_by_its_own_history(world: World) -> None:
    owner, other = world.people["owner"], world.cases["restricted_published"].document
    later = now() + timedelta(days=400)
    HistoryEvent.objects.create(
        document=other, actor=owner, at=later, action=Action.SUBMITTED, subject="document"
    )
    found = {each.document: each.since for each in with_others(owner, Approvers())}
    assert found
    assert later not in found.values()


def test_publishing_drops_no_promise_of_another_coe(world: World) -> None:
    case = world.cases["approved"]
    promises = Promise.objects.open().exclude(document=case.document)
    before = set(promises.values_list("pk", flat=True))
    assert before
    publish(case.document, by=world.people["owner"])
    assert set(promises.values_list("pk", flat=True)) == before


def test_a_cause_explains_none_of_another_coe_whichever_way_it_is_asked(world: World) -> None:
    mine, other = world.cases["draft"], world.cases["restricted_draft"]
    values = {"text": "Why", "kind": "", "confidence": "likely", "evidence": ""}
    with pytest.raises(Conflict):
        add_cause(
            mine.document,
            uid=uuid4(),
            values=values,
            explains=[other.cause],
            by=world.people["owner"],
        )


def test_an_entry_of_another_coe_is_not_put_in_place_from_here(world: World) -> None:
    mine, other = world.cases["draft"], world.cases["restricted_draft"]
    address = reverse("timeline_place", args=[mine.reference, other.entry.uid])
    assert world.client("owner").post(address).status_code == 404


def test_an_answer_is_written_in_the_coe_that_was_asked(world: World) -> None:
    mine, other = (
        Answer.objects.filter(document=world.cases[name].document, question__part="impact")
        for name in ("draft", "restricted_draft")
    )
    before = set(other.values_list("pk", "text"))
    typed: dict[str, str | int] = {}
    for slug, version in mine.values_list("question__slug", "version"):
        typed |= {f"{slug}-text": "Mine", f"{slug}-version": version}
    address = reverse("coe_answers", args=[world.cases["draft"].reference, "impact"])
    assert world.client("owner").post(address, typed).status_code == 303
    assert set(mine.values_list("text", flat=True)) == {"Mine"}
    assert set(other.values_list("pk", "text")) == before
