"""An item of one COE that serves others: who links it, who learns of it, and what of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.administration.redaction import find_secret, remove_secret
from coe.documents.models import Document
from coe.documents.readers import name_reader
from coe.notices.models import Kind, Notice
from coe.promises.models import Serving
from coe.promises.served import also_served, linkable, mended_elsewhere
from coe.promises.serving import link_promise, unlink_promise
from coe.publishing.printables import printable
from coe.publishing.retracting import retract
from coe.snapshots.build import build_snapshot
from coe.web.errors import StaleAnswer
from tests.chronicle.pages import Reader, words
from tests.editor.writer import signed_in
from tests.history.reading import latest, told
from tests.people import People, make_person
from tests.promises.promising import fresh, in_state
from tests.reviews.steps import fresh as fresh_document
from tests.reviews.steps import open_another, propose, publish_draft

pytestmark = pytest.mark.django_db

TITLE = "Alarm at 80 % full"
NOTE = "Refunds wait in the same queue."
HIDDEN = "An action item of a COE that you may not read."


@dataclass
class Two:
    """A COE that promised something (`home`), and another that it may mend (`other`).

    Its owner owns both. One more person is named as a reader of each, and the admin of neither.
    """

    home: Document
    other: Document
    promise: Promise
    reads: dict[str, User]

    def link(self, note: str = NOTE) -> Serving:
        return link_promise(self.promise, document=self.other, note=note, by=self.reads["both"])

    def restrict(self, *documents: Document) -> None:
        Document.objects.filter(pk__in=[each.pk for each in documents]).update(is_restricted=True)
        self.home, self.other = fresh_document(self.home), fresh_document(self.other)


@pytest.fixture
def two(document: Document, people: People) -> Two:
    propose(
        document, TITLE, by=people.owner, owner_id=people.contributor.pk, due_on=date(2030, 3, 1)
    )
    publish_draft(document, people)
    other = open_another(people, "Refunds were late")
    publish_draft(other, people)
    of_home, of_other = make_person("home"), make_person("other")
    name_reader(document, person=of_home, by=people.owner)
    name_reader(other, person=of_other, by=people.owner)
    Notice.objects.all().delete()
    reads = {"both": people.owner, "home": of_home, "other": of_other, "neither": people.admin}
    return Two(fresh_document(document), fresh_document(other), fresh(Promise.objects.get()), reads)


def page(user: User, route: str, *key: object) -> Any:
    client: Client = signed_in(user)
    return client.get(reverse(route, args=key))


# Who may read which of the two, by what is restricted: all of both, unless it is restricted.
SEEN = {
    # (home, other): what the page of the other COE tells to both, home, other, neither
    (False, False): ("title", "title", "title", "title"),
    (True, False): ("title", "title", "hidden", "hidden"),
    (False, True): ("title", 404, "title", 404),
    (True, True): ("title", 404, "hidden", 404),
}
NAMED = {
    # (home, other): what the page of the item tells of the other COE
    (False, False): ("named", "named", "named", "named"),
    (True, False): ("named", "named", 404, 404),
    (False, True): ("named", "silent", "named", "silent"),
    (True, True): ("named", "silent", 404, 404),
}


@pytest.mark.parametrize("restricted", SEEN)
def test_a_title_shows_only_to_those_who_may_read_its_home(
    two: Two, restricted: tuple[bool, bool]
) -> None:
    two.link()
    is_restricted = zip((two.home, two.other), restricted, strict=True)
    two.restrict(*(each for each, is_so in is_restricted if is_so))
    told_to = [_told_of_item(two, each) for each in two.reads.values()]
    assert told_to == list(SEEN[restricted])


def _told_of_item(two: Two, user: User) -> object:
    answer = page(user, "coe_read", two.other.reference)
    if answer.status_code != 200:
        return answer.status_code
    shown = answer.content.decode()
    assert NOTE in shown
    if HIDDEN in shown:
        traces = (TITLE, two.home.reference, str(two.promise.uid), "2030", "Contributor")
        assert not [each for each in traces[:-1] if each in shown]
        return "hidden"
    assert TITLE in shown
    assert 'due <time datetime="2030-03-01">' in shown
    return "title"


@pytest.mark.parametrize("restricted", NAMED)
def test_the_item_names_the_coes_that_one_may_see_and_counts_no_other(
    two: Two, restricted: tuple[bool, bool]
) -> None:
    two.link()
    is_restricted = zip((two.home, two.other), restricted, strict=True)
    two.restrict(*(each for each, is_so in is_restricted if is_so))
    told_to = [_told_of_other(two, each) for each in two.reads.values()]
    assert told_to == list(NAMED[restricted])


def _told_of_other(two: Two, user: User) -> object:
    answer = page(user, "promise", two.home.reference, two.promise.uid)
    if answer.status_code != 200:
        return answer.status_code
    shown = answer.content.decode()
    is_named = two.other.reference in shown and "Refunds were late" in shown and NOTE in shown
    is_silent = not any(each in shown for each in (two.other.reference, NOTE, "Also serves"))
    assert is_named or is_silent
    return "named" if is_named else "silent"


def test_of_a_draft_that_it_serves_only_those_learn_who_read_it(two: Two, people: People) -> None:
    draft = open_another(people, "Nobody may know yet")
    link_promise(two.promise, document=draft, note=NOTE, by=people.owner)
    assert [each.document for each in also_served(two.promise, people.colleague)] == [draft]
    assert not also_served(two.promise, people.stranger)


def test_a_reader_sees_the_published_title_of_what_it_serves(two: Two, people: People) -> None:
    two.link()
    type(two.other.incident).objects.filter(pk=two.other.incident_id).update(title="Corrected")
    (served,) = also_served(two.promise, people.stranger)
    assert served.title == "Refunds were late"  # type: ignore[attr-defined]


def test_it_is_live_and_in_no_snapshot(two: Two) -> None:
    digests = [printable(each).digest for each in (two.home, two.other)]
    snapshots = [build_snapshot(each) for each in (two.home, two.other)]
    two.link()
    assert [printable(each).digest for each in (two.home, two.other)] == digests
    assert [build_snapshot(fresh_document(each)) for each in (two.home, two.other)] == snapshots


def test_each_coe_tells_it_in_its_history_and_nothing_of_the_other(two: Two) -> None:
    since = {each.pk: latest(each) for each in (two.home, two.other)}
    serving = two.link()
    unlink_promise(serving, by=two.reads["both"])
    of_home = told(two.home, since=since[two.home.pk])
    of_other = told(two.other, since=since[two.other.pk])
    assert [(each.action, each.after) for each in of_home] == [
        ("added", {"title": TITLE}),
        ("removed", {"title": TITLE}),
    ]
    assert [(each.action, each.after) for each in of_other] == [
        ("added", {"note": NOTE}),
        ("removed", {"note": NOTE}),
    ]
    assert (
        "linked 1 item that serves several COEs" in Reader(two.reads["both"], two.other).history()
    )


def test_a_restricted_coe_leaves_no_trace_in_the_history_of_the_home(two: Two) -> None:
    two.restrict(two.other)
    since = latest(two.home)
    unlink_promise(two.link(), by=two.reads["both"])
    assert told(two.home, since=since) == []


def test_linked_is_what_one_writes_to_what_one_may_read(two: Two, people: People) -> None:
    two.restrict(two.home)
    two.home = fresh_document(two.home)
    with pytest.raises(PermissionDenied):
        link_promise(two.promise, document=two.other, note=NOTE, by=people.leader)
    own = open_another(people, "Payments hung", by=people.stranger, team=people.stranger.team)
    with pytest.raises(PermissionDenied):
        link_promise(two.promise, document=own, note=NOTE, by=people.stranger)
    assert two.promise not in linkable(own, people.stranger)
    assert Serving.objects.count() == 0


@pytest.mark.parametrize(
    ("note", "wrong"), [("", "note"), ("   ", "note")], ids=["nothing", "spaces"]
)
def test_it_takes_a_sentence(two: Two, note: str, wrong: str) -> None:
    with pytest.raises(ValidationError) as refused:
        two.link(note)
    assert list(refused.value.message_dict) == [wrong]


def test_an_item_does_not_serve_its_own_home(two: Two, people: People) -> None:
    with pytest.raises(ValidationError):
        link_promise(two.promise, document=two.home, note=NOTE, by=people.owner)
    assert two.promise not in linkable(two.home, people.owner)


def test_what_nobody_will_do_or_is_linked_already_is_not_linked(two: Two, people: People) -> None:
    in_state(two.promise, "wont_do", finisher=people.contributor)
    with pytest.raises(StaleAnswer):
        two.link()
    in_state(two.promise, "accepted", finisher=people.contributor)
    two.link()
    with pytest.raises(StaleAnswer):
        two.link("Twice")
    with pytest.raises(IntegrityError), transaction.atomic():
        Serving.objects.create(
            promise=two.promise, document=two.other, linked_by=people.owner, name="Owner"
        )


def test_what_was_taken_back_can_be_linked_again(two: Two) -> None:
    serving = two.link()
    unlink_promise(serving, by=two.reads["both"])
    with pytest.raises(StaleAnswer):
        unlink_promise(serving, by=two.reads["both"])
    two.link("Once more")
    assert [each.note for each in mended_elsewhere(two.other, two.reads["both"])] == ["Once more"]


def test_only_who_writes_the_coe_takes_it_back(two: Two, people: People) -> None:
    serving = two.link()
    for somebody in (people.manager, people.leader, people.contributor):
        with pytest.raises(PermissionDenied):
            unlink_promise(serving, by=somebody)


def test_a_home_that_was_retracted_shows_no_title_to_readers(two: Two, people: People) -> None:
    two.link()
    retract(two.home, version=1, reason="It names a customer.", by=people.owner)
    (mended,) = mended_elsewhere(two.other, people.stranger)
    assert mended.promise is None


def test_that_it_did_not_hold_is_told_to_who_counts_on_it(two: Two, people: People) -> None:
    own = open_another(people, "Payments hung", by=people.stranger, team=people.stranger.team)
    link_promise(two.promise, document=own, note=NOTE, by=people.stranger)
    in_state(two.promise, "verified", finisher=people.contributor)
    client = signed_in(people.leader)
    step = reverse("promise_step", args=[two.home.reference, two.promise.uid])
    client.post(step, {"to": "did_not_hold", "start": "verified", "note": "It was silent."})
    assert Notice.objects.filter(person=people.stranger, kind=Kind.DID_NOT_HOLD).exists()
    shown = words(page(people.stranger, "coe_draft", own.reference))
    assert "Did not hold" in shown


def test_a_secret_is_taken_out_of_the_sentence(two: Two, people: People) -> None:
    two.link("The password is hunter2-hunter2")
    found = find_secret(two.other, "hunter2-hunter2")
    assert found.said == 1
    remove_secret(two.other, secret="hunter2-hunter2", reason="A password.", by=people.admin)
    assert [each.note for each in mended_elsewhere(two.other, people.owner)] == [""]


# The page


def form_of(two: Two, **typed: Any) -> dict[str, Any]:
    return {"promise": two.promise.pk, "note": NOTE, "q": "alarm", **typed}


def test_somebody_finds_an_item_by_its_words_and_links_it(two: Two) -> None:
    address = reverse("coe_elsewhere", args=[two.other.reference])
    client: Any = signed_in(two.reads["both"])
    assert TITLE in words(client.get(address, {"q": f"{two.home.reference} alarm"}))
    assert TITLE not in words(client.get(address, {"q": "disk"}))
    answer = client.post(address, form_of(two))
    assert answer.status_code == 303
    assert NOTE in words(client.get(address))
    (serving,) = Serving.objects.all()
    back = client.post(
        reverse("coe_elsewhere_unlink", args=[two.other.reference, serving.pk]), follow=True
    )
    assert "Nothing is linked to this COE." in words(back)


@pytest.mark.parametrize(
    "typed",
    [{"promise": ""}, {"promise": "0"}, {"promise": "9" * 30}, {"note": ""}, {"note": "x" * 301}],
    ids=["none", "unknown", "huge", "silent", "long"],
)
def test_what_is_not_understood_keeps_what_was_typed(two: Two, typed: dict[str, str]) -> None:
    address = reverse("coe_elsewhere", args=[two.other.reference])
    answer = signed_in(two.reads["both"]).post(address, form_of(two, **typed))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert 'value="alarm"' in shown
    assert f'value="{typed.get("note", NOTE)}"' in shown or typed.get("note") == ""
    assert Serving.objects.count() == 0


def test_who_links_second_is_told(two: Two) -> None:
    address = reverse("coe_elsewhere", args=[two.other.reference])
    client: Any = signed_in(two.reads["both"])
    serving = two.link()
    back = reverse("coe_elsewhere_unlink", args=[two.other.reference, serving.pk])
    assert client.post(back).status_code == 303
    assert client.post(back).status_code == 409
    in_state(two.promise, "wont_do", finisher=two.reads["both"])
    assert client.post(address, form_of(two)).status_code == 422


def test_a_page_with_what_mends_it_elsewhere_is_drawn_each_time(two: Two) -> None:
    client: Any = signed_in(two.reads["both"])
    address = reverse("coe_read", args=[two.other.reference])
    client.get(address)
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    two.link()
    linked = client.get(address, headers={"If-None-Match": tag})
    assert linked.status_code == 200
    in_state(two.promise, "did_not_hold", finisher=two.reads["both"])
    again = client.get(address, headers={"If-None-Match": linked["ETag"]})
    assert again.status_code == 200
    assert "Did not hold" in words(again)


def test_what_is_asked_does_not_grow_with_what_is_linked(
    two: Two, people: People, django_assert_num_queries: Any
) -> None:
    for number in range(4):
        more = open_another(people, f"Incident {number}")
        propose(more, f"Correction {number}", due_on=date(2044, 1, 8), by=people.owner)
        publish_draft(more, people)
        link_promise(
            fresh(Promise.objects.get(document=more)),
            document=two.other,
            note=NOTE,
            by=people.owner,
        )
        link_promise(two.promise, document=more, note=NOTE, by=people.owner)
    with django_assert_num_queries(1):
        told = mended_elsewhere(two.other, people.stranger)
        assert [each.promise and each.promise.is_late for each in told] == [False] * 4
    with django_assert_num_queries(1):
        assert len(list(also_served(two.promise, people.stranger))) == 4
