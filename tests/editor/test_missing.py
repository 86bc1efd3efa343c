"""What a light COE asks for, and what the last panel says is missing before it is submitted."""

import re
from typing import Any

import pytest

from coe.documents.models import Document, Form
from coe.incidents.models import Incident
from tests.editor.conftest import new_action, new_cause
from tests.editor.writer import Answer, Writer
from tests.library.pages import words
from tests.people import People

NOTHING_YET = [
    ("#milestones", "Say when it started, was noticed, and was over"),
    ("#impact", "Say who was hit, how many, and what they experienced"),
    ("#causes", "Ask why, and why again"),
    ("#actions", "Decide what will be corrected, by whom and by when"),
    ("#summary", "Write the summary last: it will be read first"),
]
MISSING = r'<li><a href="([^"]*)">([^<]*)</a></li>'


@pytest.fixture
def light(document: Document) -> Document:
    Document.objects.filter(pk=document.pk).update(form=Form.LIGHT)
    document.refresh_from_db()
    return document


def missing(answer: Answer) -> list[tuple[str, str]]:
    listed = answer.text.partition('id="missing"')[2].partition("</div>")[0]
    return re.findall(MISSING, listed)


def test_the_last_panel_lists_what_is_missing_with_the_way_there(
    light: Document, owner: Writer, people: People
) -> None:
    assert missing(owner.open()) == NOTHING_YET
    assert "Still missing:" in words(owner.open().response)
    new_action(light, people.owner, "Add an alarm", new_cause(light, people.owner))
    owner.save("sections/summary/", text="It failed.")
    assert missing(owner.open()) == [
        *NOTHING_YET[:2],
        ("#actions", "Give A1 a due date"),
    ]


def test_the_list_follows_every_save_with_what_is_in_the_way(
    light: Document, owner: Writer
) -> None:
    """What is in the way is known where the checks are asked, and then not said twice."""
    headers = {"HX-Request": "true"}
    answer = Answer(owner.client.get(owner.address("findings/"), headers=headers))  # type: ignore[arg-type]
    listed = answer.text.partition('data-for="missing"')[2].partition("</div>")[0]
    assert "Has to be corrected before it can be submitted:" in listed
    assert "There is no summary yet. Write it last: it will be read first." in listed
    assert "Also missing" not in listed
    assert "Write the summary last" not in listed


def test_with_one_section_at_a_time_it_stands_in_the_last_alone(
    light: Document, owner: Writer
) -> None:
    owner.send("sections/", {"sections": "one"})
    assert 'id="missing"' not in owner.open("?section=causes").text
    assert missing(owner.open("?section=submit")) == [
        (f"?section={place[1:]}{place}", ask) for place, ask in NOTHING_YET
    ]
    rail = Answer(owner.client.get(owner.address("rail/?section=causes")))  # type: ignore[arg-type]
    assert 'id="missing"' not in rail.text


def folded(answer: Answer) -> list[str]:
    """The milestones under "More milestones"."""
    inside = answer.text.partition('class="strip__more"')[2].partition("</details>")[0]
    return re.findall(r"<legend>([^<]*)</legend>", inside)


def is_unfolded(answer: Answer) -> bool:
    return bool(re.search(r'<details class="strip__more"\s+open>', answer.text))


def test_a_light_coe_asks_for_four_milestones_and_folds_the_others(
    light: Document, owner: Writer
) -> None:
    page = owner.open()
    assert folded(page) == ["Acknowledged", "Diagnosed"]
    assert not is_unfolded(page)
    owner.save("milestones/", **{"diagnosed-state": "not_applicable"})
    assert is_unfolded(owner.open())


def test_a_full_coe_asks_for_all_six(owner: Writer) -> None:
    assert folded(owner.open()) == []


@pytest.mark.parametrize("changed", [{"severity": 4}, {"category": "near_miss"}])
def test_a_near_miss_is_spoken_of_as_a_risk(
    document: Document, owner: Writer, changed: dict[str, Any]
) -> None:
    Incident.objects.filter(pk=document.incident_id).update(**changed)
    told = words(owner.open().response)
    assert "The risk began, often unnoticed." in told
    assert "The risk was over: a stopgap is enough." in told
    assert "One line: what nearly happened, and to whom." in told
    assert "Customers were" not in told


def test_an_outage_is_spoken_of_from_the_customer(owner: Writer) -> None:
    told = words(owner.open().response)
    assert "Customers were first hit, often unnoticed." in told
    assert "who could not do what." in told
    assert "nearly" not in told


def test_each_milestone_says_what_it_means_where_it_is_written(owner: Writer) -> None:
    page = owner.open()
    told = words(page.response)
    assert "Customers were fine again: a rollback is enough." in told
    field = page.attributes("mitigated-when", page.form(owner.address("milestones/")))
    assert field["aria-describedby"] == "id_mitigated-when_helptext"
    assert re.search(r'glossary/#impact-started"\s+target="_blank"\s+rel="noopener"', page.text)
