"""What stands in a COE, by queries whose SQL is kept: the same as by the queries themselves."""

from typing import Any
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from coe.accounts.models import User
from coe.documents.contents import Answer, ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, Section
from coe.documents.services import open_coe
from coe.editor import contents
from coe.incidents.models import Milestone, Severity
from coe.timeline.models import Entry
from coe.whys.models import Cause, Safeguard
from tests.editor.conftest import new_action, new_cause
from tests.people import People


def another(by: User) -> Document:
    assert by.team
    return open_coe(
        uid=uuid4(), title="Late", severity=Severity.THREE, team=by.team, zone="UTC", by=by
    )


def test_each_gives_the_rows_of_one_coe_in_their_order(
    document: Document, people: People, rows: dict[str, Any]
) -> None:
    other = another(people.stranger)
    kept: dict[Any, Any] = {
        Section: contents.sections,
        Answer: contents.answers,
        ImpactFigure: contents.figures,
        Safeguard: contents.safeguards,
        Lesson: contents.lessons,
        RelatedItem: contents.related,
        Entry: contents.entries,
        Cause: contents.causes,
    }
    for model, query in kept.items():
        wanted = list(model.objects.filter(document=document))
        assert wanted
        assert query.of(document.pk) == wanted
        assert query.of(other.pk) == list(model.objects.filter(document=other))


def test_what_is_shown_beside_a_row_comes_with_it(document: Document, people: People) -> None:
    first = new_cause(document, people.owner, "First")
    second = new_cause(document, people.owner, "Second", first)
    new_action(document, people.owner, "Limit retries", second)
    with CaptureQueriesContext(connection) as captured:
        (action,) = contents.actions.of(document.pk)
        assert action.owner
        assert action.cause
        assert (action.owner.name, action.cause.text) == ("Owner", "Second")
        (edge,) = contents.explanations.of(document.pk)
        assert (edge.cause_id, edge.effect_id) == (second.pk, first.pk)
        milestones = contents.milestones.of(document.incident_id)
        assert {each.kind for each in milestones} == set(Milestone.Kind.values)
        assert not any(hasattr(each, "entry") for each in milestones)
    assert len(captured) == 3


def test_they_are_asked_anew_each_time(document: Document, people: People) -> None:
    assert contents.causes.of(document.pk) == []
    cause = new_cause(document, people.owner)
    assert contents.causes.of(document.pk) == [cause]
