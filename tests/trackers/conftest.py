from datetime import timedelta

import pytest

from coe.actions.models import Promise
from coe.documents.models import Document
from coe.promises.holding import today_of
from coe.trackers import asking
from tests.integrations.hooks import here_is_allowed
from tests.people import People
from tests.promises.promising import fresh
from tests.reviews.steps import propose, publish_draft

__all__ = ["here_is_allowed"]


@pytest.fixture(autouse=True)
def calls_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.4)


@pytest.fixture
def promise(document: Document, people: People) -> Promise:
    """The contributor owns it, in a COE that is published; it names no ticket."""
    due_on = today_of(Promise(team=document.incident.team)) + timedelta(days=10)
    propose(
        document,
        "Alarm at 80 % full",
        by=people.owner,
        owner_id=people.contributor.pk,
        due_on=due_on,
    )
    publish_draft(document, people)
    return fresh(Promise.objects.get())
