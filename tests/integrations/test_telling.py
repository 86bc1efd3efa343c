"""What other programs are told of, who of them, and in which words."""

import hashlib
import hmac
import json
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import Team
from coe.documents.models import Document
from coe.integrations.bodies import chat_text
from coe.integrations.models import Delivery, Webhook
from coe.integrations.services import pause_webhook, set_chat
from coe.jobs.models import Job
from coe.notices.events import Event, announce
from coe.publishing.retracting import retract
from tests.integrations.hooks import bodies, heads, listen, raw_bodies, states, work
from tests.integrations.serving import GOOD, Served, answers, serving
from tests.people import People
from tests.reviews.steps import propose, publish_draft, reopen, state_facts, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here_is_allowed")]


def told(served: Served) -> list[str]:
    return [each["event"] for each in bodies(served)]


def publish_with_item(document: Document, people: People) -> str:
    """The identity of the action item that it promises."""
    due_on = date(2026, 12, 3)
    item = propose(document, "Limit <uploads> by size", by=people.owner, due_on=due_on)
    publish_draft(document, people)
    return str(item.uid)


def test_a_program_is_told_of_the_whole_life_of_a_coe(document: Document, people: People) -> None:
    with serving(answers(GOOD)) as served:
        listen(served, by=people.admin)
        uid = publish_with_item(document, people)
        retract(document, version=1, reason="Wrong numbers", by=people.owner)
        work()
    assert told(served) == [
        "coe.submitted",
        "coe.approved",
        "coe.published",
        "action_item.accepted",
        "coe.retracted",
    ]
    assert [each["by"] for each in bodies(served)] == ["Owner", "Manager", *["Owner"] * 3]
    assert bodies(served)[3]["action_item"]["id"] == uid


def test_what_is_published_is_told_as_readers_have_it(document: Document, people: People) -> None:
    with serving(answers(GOOD)) as served:
        wanted = (Event.COE_PUBLISHED, Event.ITEM_ACCEPTED)
        listen(served, by=people.admin, events=wanted)
        uid = publish_with_item(document, people)
        work()
    of_coe, of_item = bodies(served)
    link = f"http://localhost:8000/coes/{document.reference}/"
    assert of_coe["coe"] == {
        "reference": document.reference,
        "url": link,
        "state": "approved",
        "version": 1,
        "title": "Uploads failed for one customer in ten",
        "severity": 2,
        "team": "Storage",
        "is_restricted": False,
    }
    assert of_item["action_item"] == {
        "id": uid,
        "url": f"{link}actions/{uid}/",
        "state": "accepted",
        "title": "Limit <uploads> by size",
        "owner": "Owner",
        "due_on": "2026-12-03",
        "first_due_on": "2026-12-03",
        "priority": "P2",
    }


def test_of_a_draft_there_is_no_word_of_its_authors(document: Document, people: People) -> None:
    with serving(answers(GOOD)) as served:
        listen(served, by=people.admin)
        submit(document, by=people.owner)
        work()
    (body,) = bodies(served)
    assert body["coe"]["reference"] == document.reference
    assert body["coe"]["state"] == "in_review"
    assert [body["coe"][name] for name in ("title", "severity", "team", "version")] == [None] * 4
    assert b"Uploads" not in raw_bodies(served)[0]


def test_of_a_correction_the_title_is_the_published_one(document: Document, people: People) -> None:
    with serving(answers(GOOD)) as served:
        publish_draft(document, people)
        work()
        listen(served, by=people.admin)
        reopen(document, by=people.owner)
        state_facts(document, title="A password stood here", by=people.owner)
        submit(document, by=people.owner)
        work()
    (body,) = bodies(served)
    assert body["coe"]["title"] == "Uploads failed for one customer in ten"


def test_a_call_is_signed_over_its_moment_and_its_body(document: Document, people: People) -> None:
    with serving(answers(GOOD)) as served:
        _, secret = listen(served, by=people.admin)
        submit(document, by=people.owner)
        work()
    ((head,), (body,)) = heads(served), raw_bodies(served)
    signed = head["coe-timestamp"].encode() + b"." + body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert head["coe-signature"] == f"v1={expected}"
    assert head["coe-event"] == "coe.submitted"
    assert head["coe-delivery"] == json.loads(body)["id"] == str(Delivery.objects.get().uid)
    assert head["content-type"] == "application/json; charset=utf-8"


def test_who_wants_to_know_something_else_is_not_told(document: Document, people: People) -> None:
    with serving(answers(GOOD)) as served:
        listen(served, by=people.admin, events=[Event.COE_RETRACTED])
        publish_draft(document, people)
        work()
    assert served.requests == []
    assert not Delivery.objects.exists()


def test_of_a_restricted_coe_is_told_who_is_to_know_of_such(
    document: Document, people: People
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    with serving(answers(GOOD)) as plain, serving(answers(GOOD)) as trusted:
        listen(plain, by=people.admin)
        listen(trusted, by=people.admin, tells_restricted=True)
        publish_draft(document, people)
        work()
    assert plain.requests == []
    assert told(trusted) == ["coe.submitted", "coe.approved", "coe.published"]
    assert bodies(trusted)[-1]["coe"]["is_restricted"] is True


def test_what_is_restricted_before_it_is_sent_is_withheld(
    document: Document, people: People
) -> None:
    with serving(answers(GOOD)) as served:
        webhook, _ = listen(served, by=people.admin)
        pause_webhook(webhook=webhook, by=people.admin)
        submit(document, by=people.owner)
        work()
        state_facts(document, is_restricted=True, by=people.owner)
        Webhook.objects.update(paused_at=None)
        Job.objects.create(kind="send_to_webhook", payload={"webhook": webhook.pk})
        work()
    assert served.requests == []
    assert states(webhook) == ["withheld"]


def test_what_is_retracted_before_it_is_sent_is_withheld_and_that_it_was_is_told(
    document: Document, people: People
) -> None:
    with serving(answers(GOOD)) as served:
        webhook, _ = listen(
            served, by=people.admin, events=[Event.COE_PUBLISHED, Event.COE_RETRACTED]
        )
        pause_webhook(webhook=webhook, by=people.admin)
        publish_draft(document, people)
        work()
        retract(document, version=1, reason="Wrong numbers", by=people.owner)
        work()
        Webhook.objects.update(paused_at=None)
        Job.objects.create(kind="send_to_webhook", payload={"webhook": webhook.pk})
        work()
    assert states(webhook) == ["withheld", "sent"]
    assert [(each["event"], each["coe"]["title"]) for each in bodies(served)] == [
        ("coe.retracted", None)
    ]


def test_what_did_not_happen_is_not_told(document: Document, people: People) -> None:
    with transaction.atomic():
        announce(Event.COE_SUBMITTED, document=document, by=people.owner)
        transaction.set_rollback(True)
    assert not Job.objects.filter(kind="announce").exists()


def test_nothing_is_told_outside_the_transaction_of_what_happened(
    document: Document, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError):
        announce(Event.COE_SUBMITTED, document=document, by=people.owner)


@pytest.mark.parametrize("event", Event)
def test_every_kind_of_event_is_told(event: Event, document: Document, people: People) -> None:
    """A kind is one line of `Event`: nothing else has to know it."""
    with serving(answers(GOOD)) as served:
        uid = publish_with_item(document, people)
        work()
        listen(served, by=people.admin, events=[event])
        announce(event, document=document, items=[uid], was="accepted", state="done")  # type: ignore[list-item]
        work()
    (body,) = bodies(served)
    assert (body["event"], body["by"]) == (event.value, None)
    assert body["facts"] == {"was": "accepted", "state": "done"}
    assert ("action_item" in body) == event.startswith("action_item.")


def test_it_takes_as_many_statements_for_one_item_as_for_many(
    document: Document, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        announce(Event.ITEM_LATE, document=document, items=[document.uid] * 30)
    with django_assert_num_queries(0):
        announce(Event.ITEM_LATE, document=document, items=[])


def chat(served: Served, team: Team | None, people: People) -> Webhook:
    assert team is not None
    return set_chat(team=team, address=f"{served.address}/services/T0/B0/x", by=people.admin)


def lines(served: Served) -> list[str]:
    found = []
    for body in bodies(served):
        assert body["blocks"] == [
            {"type": "section", "text": {"type": "mrkdwn", "text": body["text"]}}
        ]
        found.append(body["text"])
    return found


def test_the_chat_of_a_team_is_told_what_is_published_and_late(
    document: Document, people: People
) -> None:
    with serving(answers(GOOD)) as served:
        chat(served, people.owner.team, people)
        uid: Any = publish_with_item(document, people)
        announce(Event.ITEM_LATE, document=document, items=[uid])
        announce(Event.ITEM_ESCALATED, document=document, items=[uid])
        work()
    link = f"<http://localhost:8000/coes/{document.reference}/|{document.reference}>"
    item = f"<http://localhost:8000/coes/{document.reference}/actions/{uid}/|{document.reference}>"
    due = "was due 3 December 2026, Owner"
    assert lines(served) == [
        f"{link} is published: Uploads failed for one customer in ten",
        f"Late: Limit &lt;uploads&gt; by size ({item}, {due})",
        f"Brought to the manager: Limit &lt;uploads&gt; by size ({item}, {due})",
    ]
    assert "coe-signature" not in heads(served)[0]


def test_a_team_without_a_chat_is_told_in_that_of_the_next_team_above(
    document: Document, people: People
) -> None:
    with (
        serving(answers(GOOD)) as near,
        serving(answers(GOOD)) as far,
        serving(answers(GOOD)) as other,
    ):
        chat(near, people.manager.team, people)
        chat(far, people.director.team, people)
        chat(other, people.stranger.team, people)
        publish_draft(document, people)
        work()
    assert [len(each.requests) for each in (near, far, other)] == [1, 0, 0]


def test_no_chat_is_told_of_a_restricted_coe(document: Document, people: People) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    with serving(answers(GOOD)) as served:
        chat(served, people.owner.team, people)
        publish_draft(document, people)
        work()
    assert served.requests == []


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<!here> look", "&lt;!here&gt; look"),
        ("<https://evil.example|COE>", "&lt;https://evil.example|COE&gt;"),
        ("@here and @channel", "@\u200bhere and @\u200bchannel"),
        ("[click](https://evil.example)", "[click]\u200b(https://evil.example)"),
        ("two\nlines", "two lines"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("50 @ 3", "50 @ 3"),
    ],
)
def test_a_title_does_nothing_in_a_chat_but_stand_there(title: str, shown: str) -> None:
    assert chat_text(title) == shown


def test_a_wild_title_calls_nobody(document: Document, people: People) -> None:
    title = "<!channel> @here <https://evil.example|free> & more"
    state_facts(document, title=title, by=people.owner)
    with serving(answers(GOOD)) as served:
        chat(served, people.owner.team, people)
        publish_draft(document, people)
        work()
    (line,) = lines(served)
    assert line.count("<") == line.count(">") == 1
    assert "@here" not in line
