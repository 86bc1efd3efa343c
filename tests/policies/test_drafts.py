"""The draft of the guide: begun from the one in force, changed, and published or dropped."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from coe.accounts.models import Team, User
from coe.accounts.saving import as_seen
from coe.documents.models import Document
from coe.documents.services import open_coe
from coe.history.models import HistoryEvent
from coe.policies.comparison import digest_of_guide
from coe.policies.drafts import begin_draft, draft_guide, drop_draft, publish_draft
from coe.policies.editing import (
    add_question,
    add_ruling,
    change_question,
    change_ruling,
    move_question,
    question_facts,
    remove_question,
    remove_ruling,
    ruling_facts,
)
from coe.policies.models import CheckLevel, Guide, GuideLimit, Question, SectionAsking
from coe.policies.queries import guide_value
from coe.policies.services import current_guide, rules_of
from coe.web.errors import StaleAnswer
from coe.web.versions import Conflict
from tests.documents.rivals import Rival
from tests.people import People

pytestmark = pytest.mark.django_db

TEXT = "What did customers do to get by?"


@pytest.fixture
def boss(people: People) -> User:
    return people.admin


@pytest.fixture
def draft(document: Document, boss: User) -> Guide:
    """Of version 2, while there is a COE with version 1."""
    CheckLevel.objects.create(guide=current_guide(), check_id="COE125", level="hint")
    GuideLimit.objects.create(guide=current_guide(), name="due_days", of=0, value=7)
    SectionAsking.objects.create(guide=current_guide(), name="lessons", asking="offered")
    return begin_draft(by=boss)


def ask(boss: User, **given: Any) -> Question:
    facts: dict[str, Any] = {
        "part": "mitigation",
        "text": TEXT,
        "hint": "",
        "severities": [],
        "categories": [],
        "team": None,
    }
    return add_question(**{"version": 2, "by": boss, **facts, **given})


def slugs(guide: Guide, part: str) -> list[str]:
    return [each.slug for each in guide.questions.filter(part=part)]


def put_in_force(boss: User, version: int = 2) -> Guide:
    return publish_draft(version=version, seen=digest(version), by=boss)


def digest(version: int = 2) -> str:
    return digest_of_guide(guide_value(Guide.objects.get(version=version)))


def drop(boss: User) -> None:
    drop_draft(version=2, seen=digest(), by=boss)


def told() -> list[tuple[str, str, str]]:
    events = HistoryEvent.objects.filter(subject__startswith="guide")
    return list(events.values_list("action", "subject", "subject_key"))


def test_a_draft_says_what_is_in_force_until_it_is_changed(draft: Guide) -> None:
    assert (draft.version, draft.published_at) == (2, None)
    assert guide_value(draft) == guide_value(current_guide())
    assert current_guide().version == 1
    assert told() == [("added", "guide", "2")]


def test_beginning_again_opens_the_draft_that_is_there(draft: Guide, boss: User) -> None:
    assert begin_draft(by=boss) == draft
    with pytest.raises(IntegrityError, match="one_draft_of_the_guide"), transaction.atomic():
        Guide.objects.create(version=3, published_at=None)


def test_a_draft_can_be_dropped_and_begun_again(draft: Guide, boss: User) -> None:
    ask(boss)
    drop(boss)
    assert draft_guide() is None
    again = begin_draft(by=boss)
    assert guide_value(again) == guide_value(current_guide())
    assert [(action, key) for action, subject, key in told() if subject == "guide"] == [
        ("added", "2"),
        ("removed", "2"),
        ("added", "3"),
    ]


def test_the_number_of_a_dropped_draft_never_means_another(draft: Guide, boss: User) -> None:
    """An old page writes nothing in the next draft, though that says the same."""
    seen = digest()
    drop(boss)
    again = begin_draft(by=boss)
    said = guide_value(again)
    assert (again.version, digest(3)) == (3, seen)
    for write in (
        lambda: ask(boss),
        lambda: remove_question(version=2, slug="runbook", by=boss),
        lambda: drop_draft(version=2, seen=seen, by=boss),
        lambda: publish_draft(version=2, seen=seen, by=boss),
    ):
        with pytest.raises(StaleAnswer, match="Version 2 is no draft any more"):
            write()
    assert guide_value(again) == said
    drop_draft(version=3, seen=seen, by=boss)
    assert begin_draft(by=boss).version == 4
    ask(boss, version=4)
    put_in_force(boss, 4)
    assert (current_guide().version, begin_draft(by=boss).version) == (4, 5)


def test_a_draft_that_changed_since_is_not_dropped(draft: Guide, boss: User) -> None:
    seen = digest()
    ask(boss)
    with pytest.raises(StaleAnswer, match="Somebody changed the draft"):
        drop_draft(version=2, seen=seen, by=boss)
    assert draft_guide() is not None


@pytest.mark.django_db(transaction=True)
def test_who_begins_while_the_draft_is_published_begins_the_one_after(people: People) -> None:
    first = current_guide()
    with transaction.atomic():
        Guide.objects.select_for_update().get(pk=first.pk)
        rival = Rival(lambda: begin_draft(by=people.admin))
        assert rival.is_held_up()
        Guide.objects.create(version=2)
    begun = rival.finish()
    assert isinstance(begun, Guide)
    assert (begun.version, begun.published_at) == (3, None)


def test_a_coe_keeps_its_guide_and_the_next_one_has_the_published_one(
    document: Document, draft: Guide, people: People
) -> None:
    ask(people.admin)
    assert people.owner.team is not None
    put_in_force(people.admin)
    after = open_coe(
        uid=uuid4(),
        title="Uploads failed",
        severity=2,
        team=people.owner.team,
        zone="UTC",
        by=people.owner,
    )
    document.refresh_from_db()
    assert (document.guide.version, after.guide.version) == (1, 2)
    assert (document.answers.count(), after.answers.count()) == (19, 20)
    assert current_guide().version == 2
    assert rules_of(after.guide).levels == {"COE125": "hint"}
    assert told()[-1] == ("published", "guide", "2")


def test_what_is_published_is_not_written_in_any_more(draft: Guide, boss: User) -> None:
    question = ask(boss)
    put_in_force(boss)
    said = guide_value(current_guide())
    for write in (
        lambda: ask(boss, text="Another?"),
        lambda: move_question(version=2, slug=question.slug, steps=-1, by=boss),
        lambda: remove_question(version=2, slug=question.slug, by=boss),
        lambda: drop(boss),
        lambda: put_in_force(boss),
    ):
        with pytest.raises(StaleAnswer, match="Version 2 is no draft any more"):
            write()
    assert guide_value(current_guide()) == said


def test_only_what_was_on_the_screen_is_published_and_only_if_it_is_new(
    draft: Guide, boss: User
) -> None:
    seen = digest_of_guide(guide_value(draft))
    with pytest.raises(StaleAnswer, match="nothing to publish"):
        publish_draft(version=2, seen=seen, by=boss)
    ask(boss)
    with pytest.raises(StaleAnswer, match="Somebody changed the draft"):
        publish_draft(version=2, seen=seen, by=boss)
    assert current_guide().version == 1


def test_questions_are_added_moved_changed_and_removed(draft: Guide, boss: User) -> None:
    question = ask(boss, severities=[2, 1])
    assert (question.slug, question.severities) == ("what-did-customers-do-to-get-by", [1, 2])
    move_question(version=2, slug=question.slug, steps=-1, by=boss)
    assert slugs(draft, "mitigation") == [
        "failed-attempts",
        "confirmed",
        "escalation",
        question.slug,
        "runbook",
    ]
    move_question(version=2, slug="failed-attempts", steps=-1, by=boss)
    assert slugs(draft, "mitigation")[0] == "failed-attempts"
    remove_question(version=2, slug="escalation", by=boss)
    assert "escalation" not in slugs(draft, "mitigation")
    assert "escalation" in slugs(current_guide(), "mitigation")
    who = draft.questions.get(slug="who")
    facts: dict[str, Any] = {
        "part": "impact",
        "text": "Who?",
        "hint": "",
        "severities": [],
        "categories": [],
        "team": None,
    }
    seen = as_seen(question_facts(who))
    change_question(version=2, slug="who", seen=seen, by=boss, **facts)
    with pytest.raises(Conflict):
        change_question(version=2, slug="who", seen=seen, by=boss, **{**facts, "text": "Whom?"})
    with pytest.raises(StaleAnswer, match="removed this"):
        change_question(version=2, slug="escalation", seen=seen, by=boss, **facts)
    assert draft.questions.get(slug="who").text == "Who?"


def test_a_question_that_comes_back_in_the_same_words_is_the_same(draft: Guide, boss: User) -> None:
    first = draft.questions.get(slug="runbook")
    remove_question(version=2, slug="runbook", by=boss)
    assert ask(boss, text=first.text).slug == "runbook"
    assert ask(boss, text="Who?").slug == "who-2"
    assert ask(boss, text="Add").slug == "add-2"
    assert ask(boss, text="誰?").slug == "question"


def test_levels_limits_and_sections_are_said_changed_and_removed(draft: Guide, boss: User) -> None:
    everywhere: dict[str, Any] = {"version": 2, "severity": None, "category": "", "team": None}
    everywhere["by"] = boss
    level = add_ruling(ruling=CheckLevel(check_id="COE151"), value="blocks", **everywhere)
    limit = add_ruling(ruling=GuideLimit(name="gap_minutes"), value=30, **everywhere)
    for_worst = {**everywhere, "severity": 1}
    add_ruling(ruling=SectionAsking(name="lessons"), value="hidden", **for_worst)
    with pytest.raises(ValidationError, match="already"):
        add_ruling(ruling=CheckLevel(check_id="COE151"), value="off", **everywhere)
    seen = as_seen(ruling_facts(level))
    change_ruling(ruling=level, seen=seen, value="off", **everywhere)
    with pytest.raises(Conflict):
        change_ruling(ruling=level, seen=seen, value="hint", **everywhere)
    remove_ruling(version=2, ruling=limit, by=boss)
    with pytest.raises(StaleAnswer, match="removed this"):
        remove_ruling(version=2, ruling=limit, by=boss)
    rules = rules_of(draft, severity=1)
    assert (rules.levels["COE151"], rules.gap_minutes) == ("off", 15)
    assert (rules.asking_of("lessons"), rules_of(draft).asking_of("lessons")) == (
        "hidden",
        "offered",
    )


def test_only_administrators_write_in_the_guide(draft: Guide, people: People) -> None:
    with pytest.raises(PermissionDenied):
        put_in_force(people.leader)
    with pytest.raises(PermissionDenied):
        drop(people.leader)
    with pytest.raises(PermissionDenied):
        ask(people.leader)
    drop(people.admin)
    with pytest.raises(PermissionDenied):
        begin_draft(by=people.leader)


def test_a_team_is_copied_with_what_is_said_of_it(draft: Guide, boss: User) -> None:
    company = Team.objects.get(name="Company")
    ask(boss, team=company, severities=[1], categories=["data_loss", "security"])
    put_in_force(boss)
    copied = begin_draft(by=boss)
    assert guide_value(copied) == guide_value(current_guide())
    question = copied.questions.get(text=TEXT)
    assert (question.team, question.categories) == (company, ["security", "data_loss"])
