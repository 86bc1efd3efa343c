"""The pages on which administrators keep the guide."""

from typing import Any

import pytest
from django.test import Client

from coe.accounts.models import Team, User
from coe.accounts.saving import as_seen
from coe.policies.drafts import begin_draft, draft_guide
from coe.policies.editing import question_facts, ruling_facts
from coe.policies.models import CheckLevel, Guide, GuideLimit, SectionAsking
from coe.policies.services import current_guide

GUIDE, DRAFT = "/administration/guide/", "/administration/guide/2/"


@pytest.fixture
def draft(boss: User) -> Guide:
    current_guide()
    return begin_draft(by=boss)


def question_form(draft: Guide, slug: str, **values: Any) -> dict[str, Any]:
    facts = question_facts(draft.questions.get(slug=slug))
    form = {**facts, "team": facts["team_id"] or "", "seen": as_seen(facts), **values}
    del form["team_id"]
    return form


def test_the_first_guide_is_shown_and_a_draft_begun(boss_client: Client) -> None:
    page = boss_client.get(GUIDE).content.decode()
    assert "Guide, version 1" in page
    assert "Which customers were hit, and how many?" in page
    assert "COE151: The questions of the guide are answered" in page
    assert "Sev 4: detecting it takes at most" in page
    assert "1 d" in page
    answer = boss_client.post(f"{GUIDE}begin/")
    assert (answer.status_code, answer["Location"]) == (303, DRAFT)
    assert "Open the draft of version 2" in boss_client.get(GUIDE).content.decode()


def test_a_question_is_added_to_its_part(boss_client: Client, draft: Guide) -> None:
    form = {"part": "detection", "text": "Who watched?", "hint": "", "severities": ["1", "2"]}
    answer = boss_client.post(f"{DRAFT}questions/add/?part=detection", form)
    assert (answer.status_code, answer["Location"]) == (303, f"{DRAFT}#part-detection")
    asked = draft.questions.filter(part="detection").last()
    assert asked is not None
    assert (asked.text, asked.severities) == ("Who watched?", [1, 2])
    assert "Sev 1 and Sev 2" in boss_client.get(DRAFT).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", "x" * 201),
        ("text", "\x00"),
        ("part", "summary"),
        ("severities", ["5"]),
        ("categories", ["fire"]),
        ("team", "999999"),
    ],
)
def test_what_is_wrong_with_a_question_stands_at_its_field(
    boss_client: Client, draft: Guide, field: str, value: Any
) -> None:
    form = {"part": "impact", "text": "Who was hit first?", "hint": "Kept", field: value}
    answer = boss_client.post(f"{DRAFT}questions/add/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="field__errors"' in page
    assert 'value="Kept"' in page
    assert draft.questions.count() == 19


def test_a_question_that_somebody_else_changed_is_not_written_over(
    boss_client: Client, draft: Guide
) -> None:
    form = question_form(draft, "who", text="Who was hit?", severities=["1"])
    draft.questions.filter(slug="who").update(text="Whom did it hit?", severities=[1, 2])
    answer = boss_client.post(f"{DRAFT}questions/who/", form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else made it “Whom did it hit?”." in page
    assert "Somebody else made it Sev 1, Sev 2." in page
    assert 'value="Who was hit?"' in page
    assert draft.questions.get(slug="who").text == "Whom did it hit?"


def test_a_field_left_alone_takes_over_what_somebody_else_chose(
    boss_client: Client, draft: Guide
) -> None:
    form = question_form(draft, "who", text="Who was hit?")
    draft.questions.filter(slug="who").update(severities=[1, 2])
    page = boss_client.post(f"{DRAFT}questions/who/", form).content.decode()
    assert page.count("checked") == 2


def test_a_question_is_moved_and_removed(boss_client: Client, draft: Guide) -> None:
    boss_client.post(f"{DRAFT}questions/who/move/", {"to": "down"})
    first, second = draft.questions.filter(part="impact")[:2]
    assert (first.slug, second.slug) == ("experience", "who")
    answer = boss_client.post(f"{DRAFT}questions/who/remove/")
    assert answer["Location"] == f"{DRAFT}#part-impact"
    assert not draft.questions.filter(slug="who").exists()
    assert boss_client.get(f"{DRAFT}questions/who/").status_code == 404


def test_a_level_is_said_for_all_and_for_some(boss_client: Client, draft: Guide) -> None:
    page = f"{DRAFT}levels/COE125/"
    storage = Team.objects.create(name="Storage")
    assert boss_client.post(page, {"value": "hint"}).status_code == 303
    for_some = {"value": "blocks", "severity": "1", "team": storage.pk}
    assert boss_client.post(page, for_some).status_code == 303
    shown = boss_client.get(DRAFT).content.decode()
    assert "Every COE: <strong>Hint</strong>" in shown
    assert "Sev 1, Storage: <strong>Blocks review</strong>" in shown
    level = CheckLevel.objects.get(guide=draft, severity=1)
    twice = boss_client.post(page, {"value": "off", "severity": "", "team": ""})
    assert twice.status_code == 422
    assert "says something of this for the same COEs already" in twice.content.decode()
    seen = as_seen(ruling_facts(level))
    change = {**for_some, "ruling": level.pk, "seen": seen, "value": "off", "step": "save"}
    assert boss_client.post(page, change).status_code == 303
    assert boss_client.post(page, {**change, "value": "hint"}).status_code == 409
    level.refresh_from_db()
    assert level.level == "off"
    assert boss_client.post(page, {"ruling": level.pk, "step": "remove"}).status_code == 303
    assert boss_client.post(page, {"ruling": level.pk, "step": "remove"}).status_code == 409
    assert CheckLevel.objects.filter(guide=draft).count() == 1


def test_a_level_is_said_for_a_kind_of_incident(boss_client: Client, draft: Guide) -> None:
    page = f"{DRAFT}levels/COE125/"
    assert "Data loss</option>" in boss_client.get(page).content.decode()
    for_breaches = {"value": "blocks", "severity": "", "category": "security"}
    assert boss_client.post(page, for_breaches).status_code == 303
    worst = {**for_breaches, "value": "reason", "severity": "1"}
    assert boss_client.post(page, worst).status_code == 303
    level = CheckLevel.objects.get(guide=draft, category="security", severity=None)
    shown = boss_client.get(DRAFT).content.decode()
    assert "Security: <strong>Blocks review</strong>" in shown
    assert "Security, Sev 1: <strong>Needs a reason</strong>" in shown
    changes = boss_client.get(f"{DRAFT}publish/").content.decode()
    assert "<del>As for others</del> <ins>Blocks review</ins>" in changes
    assert boss_client.post(page, for_breaches).status_code == 422
    assert boss_client.post(page, {**for_breaches, "category": "fire"}).status_code == 422
    seen = as_seen(ruling_facts(level))
    CheckLevel.objects.filter(pk=level.pk).update(category="data_loss")
    change = {**for_breaches, "ruling": level.pk, "seen": seen, "category": "near_miss"}
    clash = boss_client.post(page, change)
    assert clash.status_code == 409
    assert "Somebody else made it “Data loss”." in clash.content.decode()


def test_a_question_names_the_kinds_it_is_asked_of(boss_client: Client, draft: Guide) -> None:
    form = question_form(draft, "who", severities=["1"], categories=["data_loss", "security"])
    assert boss_client.post(f"{DRAFT}questions/who/", form).status_code == 303
    assert draft.questions.get(slug="who").categories == ["security", "data_loss"]
    assert "Security and Data loss, Sev 1" in boss_client.get(DRAFT).content.decode()
    changes = boss_client.get(f"{DRAFT}publish/").content.decode()
    assert "<del>Every COE</del> <ins>Security and Data loss, Sev 1</ins>" in changes
    form = question_form(draft, "who", categories=["near_miss"])
    draft.questions.filter(slug="who").update(categories=["outage", "security"])
    clash = boss_client.post(f"{DRAFT}questions/who/", form)
    assert clash.status_code == 409
    assert "Somebody else made it Outage, Security." in clash.content.decode()


def test_what_may_have_no_mend_cannot_block_review(boss_client: Client, draft: Guide) -> None:
    page = f"{DRAFT}levels/COE195/"
    asked = boss_client.get(page).content.decode()
    assert 'value="reason"' in asked
    assert 'value="blocks"' not in asked
    assert "It cannot block review" in asked
    refused = boss_client.post(page, {"value": "blocks"})
    assert refused.status_code == 422
    assert "Choose one of the levels of this check." in refused.content.decode()
    CheckLevel.objects.create(guide=draft, check_id="COE195", level="blocks")
    assert "Every COE: <strong>Needs a reason</strong>" in boss_client.get(DRAFT).content.decode()


def test_a_limit_and_a_section_are_said(boss_client: Client, draft: Guide) -> None:
    assert boss_client.post(f"{DRAFT}limits/due_days:0/", {"value": "7"}).status_code == 303
    assert boss_client.post(f"{DRAFT}limits/slow_detection:2/", {"value": "0"}).status_code == 422
    assert boss_client.post(f"{DRAFT}limits/verify_days/", {"value": "0"}).status_code == 303
    hidden = {"value": "hidden", "severity": "4"}
    assert boss_client.post(f"{DRAFT}sections/metrics/", hidden).status_code == 303
    assert GuideLimit.objects.get(guide=draft, name="due_days").value == 7
    assert SectionAsking.objects.get(guide=draft).severity == 4
    shown = boss_client.get(f"{DRAFT}publish/").content.decode()
    assert "<del>14 days (as usual)</del> <ins>7 days</ins>" in shown
    assert "<del>As for others</del> <ins>Not shown</ins>" in shown


@pytest.mark.parametrize("what", ["levels/COE999", "limits/due_days:9", "sections/summary", "x/y"])
def test_of_what_there_is_not_nothing_is_said(boss_client: Client, draft: Guide, what: str) -> None:
    assert boss_client.get(f"{DRAFT}{what}/").status_code == 404
    assert boss_client.post(f"{DRAFT}{what}/", {"value": "hint"}).status_code == 404


def test_a_draft_is_published_after_a_look_at_what_it_changes(
    boss_client: Client, draft: Guide
) -> None:
    form = question_form(draft, "who", text="Which customers were hit, and for how long?")
    boss_client.post(f"{DRAFT}questions/who/", form)
    answer = boss_client.get(f"{DRAFT}publish/")
    page = answer.content.decode()
    assert (
        "Which customers were hit, and <ins>for </ins>how <del>many</del><ins>long</ins>?" in page
    )
    stale = boss_client.post(f"{DRAFT}publish/", {"seen": "of another moment"})
    assert (stale.status_code, current_guide().version) == (409, 1)
    done = boss_client.post(f"{DRAFT}publish/", {"seen": answer.context["seen"]})
    assert (done.status_code, done["Location"]) == (303, GUIDE)
    assert "Guide, version 2" in boss_client.get(GUIDE).content.decode()
    changed = boss_client.get(f"{DRAFT}changes/?since=1").content.decode()
    assert "What version 2 changed" in changed
    assert boss_client.get(f"{DRAFT}changes/?since=2").status_code == 422
    assert boss_client.get(f"{GUIDE}1/changes/").status_code == 404
    assert boss_client.get(f"{DRAFT}questions/who/").status_code == 409


def test_a_draft_is_dropped(boss_client: Client, draft: Guide) -> None:
    assert boss_client.post(f"{DRAFT}drop/", {"seen": "of another moment"}).status_code == 409
    page = boss_client.get(DRAFT)
    assert f'name="seen" value="{page.context["seen"]}"' in page.content.decode()
    answer = boss_client.post(f"{DRAFT}drop/", {"seen": page.context["seen"]})
    assert (answer.status_code, answer["Location"]) == (303, GUIDE)
    assert draft_guide() is None
    assert boss_client.get(DRAFT).status_code == 404
    assert boss_client.get(f"{GUIDE}{2**40}/").status_code == 404
