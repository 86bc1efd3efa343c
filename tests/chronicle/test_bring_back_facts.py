"""Facts and milestones as they were: by the rights and the checks of their own forms."""

import re
from typing import Any

import pytest

from coe.accounts.models import Team
from coe.chronicle.replay import snapshot_at
from coe.chronicle.sittings import page_of_sittings
from coe.documents.models import Document, Participant
from coe.documents.services import facts, remove_participant, save_facts
from coe.incidents.models import Milestone, Service
from coe.text.instants import Instant
from coe.timeline.models import Entry
from coe.timeline.services import Mark, MilestoneChange, add_entry, save_milestones
from tests.chronicle.pages import Reader, seen_on, words
from tests.chronicle.saves import emptied
from tests.documents.making import make_cause, moment
from tests.history.reading import latest, told
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(people: People, document: Document) -> Reader:
    return Reader(people.owner, document)


def fresh(document: Document) -> Document:
    return Document.objects.with_readers_fields().get(pk=document.pk)


def write_facts(document: Document, **values: Any) -> int:
    now = fresh(document)
    version = now.incident.version
    save_facts(now, version=version, values=facts(now) | values, by=now.owner)
    return latest(document)


def page_of(reader: Reader, event: int, side: str = "before") -> str:
    address = f"/coes/{reader.document.reference}/history/{event}/bring-back/"
    answer = reader.client.get(address, {"side": side})
    assert answer.status_code == 200
    return answer.content.decode()


def press(reader: Reader, event: int, *names: str, version: object = None) -> Any:
    """Tick these facts and no others, over the version that the page shows."""
    address = f"/coes/{reader.document.reference}/history/{event}/bring-back/"
    page = reader.client.get(address, {"side": "before"})
    if version is None:
        found = re.search(r'name="version"\s+value="(\d+)"', page.content.decode())
        assert found
        version = found[1]
    data = {"side": "before", "version": version, "facts": names, "seen": seen_on(page)}
    return reader.client.post(address, data)


def ticked(page: str) -> list[str]:
    boxes = re.findall(r"<input[^>]+type=\"checkbox\"[^>]*>", page)
    return [re.findall(r'value="(\w+)"', box)[0] for box in boxes if "checked" in box]


def test_the_facts_that_are_ticked_are_what_they_were_and_the_others_stay(
    owner: Reader, document: Document
) -> None:
    was = facts(fresh(document))
    event = write_facts(document, title="Rubbish", severity=1, zone="Asia/Kolkata")
    page = page_of(owner, event)

    assert ticked(page) == ["title", "severity", "zone"]
    assert f"<del>Asia/Kolkata</del><ins>{was['zone']}</ins>" in page
    assert press(owner, event, "title", "zone").status_code == 303

    assert facts(fresh(document)) == was | {"severity": 1}
    save, mark = told(document)[-2:]
    assert save.before == {"title": "Rubbish", "zone": "Asia/Kolkata"}
    assert mark[:3] == ("restored", "facts", document.reference)
    assert "brought back facts" in owner.history()
    opened = owner.history(open=page_of_sittings(document).sittings[0].first, saves="each")
    assert "Brought back as it was on" in opened


def test_who_may_read_it_is_not_brought_back_unless_somebody_ticks_that(
    owner: Reader, document: Document, people: People
) -> None:
    other = Team.objects.create(name="Search")
    event = write_facts(document, title="Rubbish", team_id=other.pk, is_restricted=True)
    page = page_of(owner, event)

    assert ticked(page) == ["title"]
    assert "They come back only if you tick them." in page
    assert press(owner, event, "title").status_code == 303
    assert (fresh(document).is_restricted, fresh(document).incident.team) == (True, other)
    assert press(owner, event, "team", "is_restricted").status_code == 303
    assert fresh(document).is_restricted is False
    assert fresh(document).incident.team == people.owner.team


def test_the_kind_of_incident_is_brought_back(owner: Reader, document: Document) -> None:
    breach = write_facts(document, category="security")
    event = write_facts(document, category="data_loss")
    page = page_of(owner, event)

    assert ticked(page) == ["category"]
    assert "<del>Data loss</del><ins>Security</ins>" in page
    assert press(owner, event, "category").status_code == 303
    assert fresh(document).incident.category == "security"
    assert snapshot_at(document, breach).category == "security"
    assert press(owner, breach, "category").status_code == 303
    assert fresh(document).incident.category == "outage"


def test_only_who_may_change_the_facts_brings_them_back(document: Document, people: People) -> None:
    event = write_facts(document, is_restricted=True)
    contributor = Reader(people.contributor, document)
    press_it = {"side": "before", "version": 2, "facts": ["is_restricted"]}
    address = f"/coes/{document.reference}/history/{event}/bring-back/"
    write_facts(document, is_restricted=False)
    write_facts(document, is_restricted=True)

    assert Reader(people.colleague, document).client.post(address, press_it).status_code == 404
    role = Participant.Role.CONTRIBUTOR
    remove_participant(document, user=people.contributor, role=role, by=people.owner)
    assert contributor.client.post(address, press_it).status_code == 404
    write_facts(document, is_restricted=False)
    assert Reader(people.colleague, document).client.post(address, press_it).status_code == 403
    assert fresh(document).is_restricted is False


def test_facts_that_somebody_saved_since_are_not_written_over(
    owner: Reader, document: Document
) -> None:
    event = write_facts(document, title="Rubbish", severity=1)
    write_facts(document, title="What somebody wrote")

    answer = press(owner, event, "title", version=2)

    assert answer.status_code == 409
    assert "Somebody else saved this since you opened it." in words(answer)
    assert fresh(document).incident.title == "What somebody wrote"


@pytest.mark.parametrize("names", [[], ["owner"], ["title", "form"], ["classification"]])
def test_nothing_ticked_or_what_is_not_offered_is_said_at_the_list(
    owner: Reader, document: Document, names: list[str]
) -> None:
    event = write_facts(document, title="Rubbish")
    count = len(told(document))

    answer = press(owner, event, *names)

    assert answer.status_code == 422
    assert "field__errors" in answer.content.decode()
    assert len(told(document)) == count


def test_what_is_not_possible_any_more_is_said_and_stays(owner: Reader, document: Document) -> None:
    assert document.incident.team
    service = Service.objects.create(name="Uploads", team=document.incident.team)
    write_facts(document, service_id=service.pk)
    event = write_facts(document, service_id=None, title="Rubbish")
    Service.objects.filter(pk=service.pk).delete()

    page = page_of(owner, event)

    assert "Service stays as it is: what it was then is not possible any more." in page
    assert ticked(page) == ["title"]
    assert press(owner, event, "service").status_code == 422
    assert press(owner, event, "title").status_code == 303
    assert fresh(document).incident.service is None


def test_facts_that_are_what_they_were_have_nothing_to_bring_back(
    owner: Reader, document: Document
) -> None:
    write_facts(document, title="Rubbish")
    event = write_facts(document, title=document.incident.title)

    page = page_of(owner, event, side="after")

    assert "It says this already." in page
    assert "Bring it back</button>" not in page


def test_facts_with_an_emptied_title_are_not_brought_back(
    owner: Reader, document: Document
) -> None:
    secret = write_facts(document, title="hunter2")
    clean = write_facts(document, title="Clean")
    for event in document.history.filter(pk__in=(secret, clean)):
        emptied(event)

    answer = owner.bring_back(secret, "after")

    assert answer.status_code == 409
    assert "Its text was removed from the history" in words(answer)
    assert "(removed from the history)" in snapshot_at(document, secret).title
    assert snapshot_at(document, clean).title == "Clean"


def write_milestone(document: Document, kind: str, state: str, instant: Instant | None) -> int:
    milestone = document.incident.milestones.get(kind=kind)
    change = MilestoneChange(milestone, milestone.version, state, instant)
    save_milestones(document, changes=[change], by=document.owner)
    return latest(document)


def test_a_milestone_is_what_it_was_and_the_entry_that_marks_it_follows(
    owner: Reader, document: Document, people: People
) -> None:
    detected = document.incident.milestones.get(kind="detected")
    entry = add_entry(
        document,
        uid=make_cause(document, "x").uid,
        instant=moment("09:30"),
        text="Alarm",
        mark=Mark(detected, 1),
        by=people.owner,
    )
    moved = write_milestone(document, "detected", "recorded", moment("09:40"))
    changed = next(
        event.pk
        for event in document.history.filter(subject="milestone").order_by("-pk")
        if event.pk <= moved
    )

    assert "The timeline entry that marks it takes this time along." in page_of(owner, changed)
    assert owner.bring_back(changed, "before").status_code == 303

    assert Entry.objects.get(pk=entry.pk).happened == moment("09:30")
    assert "brought back Detected" in owner.history()


def test_a_milestone_that_was_not_known_is_not_known_again_and_its_entry_keeps_the_time(
    owner: Reader, document: Document, people: People
) -> None:
    event = write_milestone(document, "detected", "recorded", moment("09:40"))
    detected = document.incident.milestones.get(kind="detected")
    mark = Mark(detected, detected.version)
    entry = add_entry(
        document,
        uid=make_cause(document, "x").uid,
        instant=moment("09:40"),
        text="Alarm",
        mark=mark,
        by=people.owner,
    )

    assert "keeps its time, and marks nothing then" in page_of(owner, event)
    assert owner.bring_back(event, "before").status_code == 303

    detected.refresh_from_db()
    assert (detected.state, detected.instant) == (Milestone.State.PENDING, None)
    again = Entry.objects.get(pk=entry.pk)
    assert (again.milestone, again.happened) == (None, moment("09:40"))


def test_a_milestone_that_was_saved_since_answers_that_and_stays(
    owner: Reader, document: Document
) -> None:
    event = write_milestone(document, "detected", "recorded", moment("09:40"))
    write_milestone(document, "detected", "not_applicable", None)

    answer = owner.bring_back(event, "after", version=2)

    assert answer.status_code == 409
    assert document.incident.milestones.get(kind="detected").state == "not_applicable"
