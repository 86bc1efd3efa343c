"""The days that the form of an action item advises are those that its check looks for."""

import json
from datetime import date, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import localdate

from coe.documents.models import Document
from coe.guidance.reading import examine
from coe.policies.models import Guide, GuideLimit, Holiday, TeamCalendar
from coe.policies.rules import Limit
from tests.editor.conftest import new_action, new_cause
from tests.editor.writer import Writer
from tests.people import People


@pytest.fixture
def today(document: Document) -> date:
    """Where the COE is, under a guide that wants P0 within 7 days at its severity, and P2 in 20."""
    for of, value, severity in ((0, 9, None), (0, 7, 2), (2, 20, None)):
        GuideLimit.objects.create(
            guide=document.guide, name=Limit.DUE_DAYS, of=of, value=value, severity=severity
        )
    Guide.objects.create(version=2)  # in force now, with the usual limits; not this COE's
    return localdate(timezone=ZoneInfo(document.zone))


SAID = ("P0: it could happen again tomorrow (7 days)", "P1: it could happen again soon (30 days)")


def test_every_form_of_an_item_advises_the_days_of_the_guide_of_the_coe(
    owner: Writer, document: Document, people: People, today: date
) -> None:
    cause = new_cause(document, people.owner)
    item = new_action(document, people.owner, "Test the restore", cause)
    shown = {
        "new": owner.open("?section=actions&add=actions"),
        "below a cause": owner.open(f"?section=causes&answer={cause.uid}"),
        "stored": owner.open(f"?section=actions&row={item.uid}"),
        "refused": owner.save("actions/add/", "?add=actions", title=""),
        "refused, stored": owner.save(f"actions/{item.uid}/", f"?row={item.uid}", title=""),
        "refused, below a cause": owner.save(
            f"causes/{cause.uid}/answer/", f"?answer={cause.uid}", title=""
        ),
    }
    for name, answer in shown.items():
        assert [each in answer.text for each in SAID] == [True, True], name
        assert "(9 days)" not in answer.text, name
        assert "(14 days)" not in answer.text, name
    assert shown["refused"].status == 422


def test_the_day_that_is_proposed_is_the_last_that_the_check_takes(
    owner: Writer, document: Document, people: People, today: date
) -> None:
    days = [str(today + timedelta(days=each)) for each in (7, 30, 20, 90)]
    page = owner.open("?section=actions&add=actions")
    form = page.form(owner.address("actions/add/"))
    assert json.loads(page.attributes("priority", form)["data-due"]) == dict(
        zip("0123", days, strict=True)
    )
    assert form.fields["due_on"] == [days[2]]
    assert owner.save("actions/add/", "?add=actions", title="In time").status == 303
    late = str(today + timedelta(days=21))
    assert owner.save("actions/add/", "?add=actions", title="Later", due_on=late).status == 303
    said = [each.sentence for each in examine(document).open if each.check == "COE176"]
    assert [each.partition(" is due")[0] for each in said] == ["A2 “Later”"]
    assert said[0].endswith("P2 is done within 20 days.")


def test_a_team_that_counts_working_days_has_its_own_days(
    owner: Writer, document: Document, people: People, today: date
) -> None:
    calendar = TeamCalendar.objects.create(team=document.incident.team, counts_working_days=True)
    without = calendar_days(today, 7, frozenset())
    Holiday.objects.create(calendar=calendar, day=without)
    last = calendar_days(today, 7, frozenset({without}))
    page = owner.open("?section=actions&add=actions")
    form = page.form(owner.address("actions/add/"))
    assert json.loads(page.attributes("priority", form)["data-due"])["0"] == str(last)
    assert "P0: it could happen again tomorrow (7 working days)" in page.text
    for title, due in (("In time", last), ("Later", last + timedelta(days=1))):
        typed = {"title": title, "due_on": str(due), "priority": "0"}
        assert owner.save("actions/add/", "?add=actions", **typed).status == 303
    said = [each.sentence for each in examine(document).open if each.check == "COE176"]
    assert [each.partition(" is due")[0] for each in said] == ["A2 “Later”"]
    assert said[0].endswith("P0 is done within 7 working days.")


def calendar_days(start: date, days: int, holidays: frozenset[date]) -> date:
    """By counting on fingers."""
    worked = (
        day
        for day in (start + timedelta(each) for each in range(1, 60))
        if day.weekday() < 5 and day not in holidays
    )
    return next(islice(worked, days - 1, None))
