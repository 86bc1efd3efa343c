"""Taking from readers what was published: what is left, who may, and how a COE comes back."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.administration.redaction import remove_secret
from coe.documents.models import Document, State
from coe.history.models import Action, HistoryEvent
from coe.notices.models import Kind, Notice
from coe.publishing.models import Publication, Retraction
from coe.publishing.queries import is_what_readers_have
from coe.publishing.retracting import retract
from coe.publishing.services import may_publish, publish
from coe.web.errors import StaleAnswer
from tests.people import People
from tests.reviews.steps import (
    approve,
    bring_to,
    fresh,
    propose,
    publish_draft,
    reopen,
    submit,
    write,
)

pytestmark = pytest.mark.django_db

REASON = "It names the customer.\nAsk us."
WORDS = ("Uploads failed", "One in ten", "Alarm at 80 % full", "One in nine")
"""What stands in the versions and must not be told any more."""
EVERYBODY = (
    "owner", "contributor", "colleague", "manager", "director", "leader", "stranger", "admin",
)  # fmt: skip
MAY = ("owner", "manager", "leader")


def taken_back(document: Document, people: People, *, version: int = 1) -> Retraction:
    return retract(document, version=version, reason=REASON, by=people.manager)


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def published(document: Document, people: People) -> Document:
    write(document, "One in ten.", by=people.owner)
    propose(document, "Alarm at 80 % full", by=people.owner, owner_id=people.stranger.pk)
    publish_draft(document, people)
    return fresh(document)


@pytest.fixture
def twice(published: Document, people: People) -> Document:
    """Corrected once: version 2 is what readers have."""
    reopen(published, by=people.owner)
    write(published, "One in nine.", by=people.owner)
    publish_draft(published, people)
    return fresh(published)


def test_retracting_takes_the_version_from_readers_and_drops_its_promises(
    published: Document, people: People
) -> None:
    retraction = taken_back(published, people)
    now = fresh(published)
    assert (now.current_version, now.retracted_version, now.is_retracted) == (None, 1, True)
    assert now.state == State.APPROVED
    assert [each.state for each in now.publications.all()] == [Publication.State.RETRACTED]
    assert (retraction.name, retraction.role, retraction.reason) == ("Manager", "Platform", REASON)
    assert not Promise.objects.open().exists()
    assert not is_what_readers_have(now)


def test_it_is_recorded_with_its_reason_and_version(published: Document, people: People) -> None:
    taken_back(published, people)
    event = HistoryEvent.objects.get(document=published, action=Action.RETRACTED)
    assert (event.actor, event.version, event.subject_key) == (
        people.manager,
        1,
        published.reference,
    )
    assert event.text.content == {"before": {}, "after": {"reason": REASON}}
    page = browser_of(people.owner).get(reverse("coe_history", args=[published.reference]))
    assert "It names the customer." in page.content.decode()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("person", EVERYBODY)
def test_who_retracts_in_every_state_of_the_working_copy(
    person: str, state: State, published: Document, people: People
) -> None:
    if state != State.APPROVED:
        reopen(published, by=people.owner)
        write(published, "One in nine.", by=people.owner)
        bring_to(published, state, people)
    user = getattr(people, person)
    if person not in MAY:
        with pytest.raises(PermissionDenied):
            retract(published, version=1, reason=REASON, by=user)
        assert fresh(published).current_version == 1
        return
    retract(published, version=1, reason=REASON, by=user)
    assert fresh(published).state == state
    with pytest.raises(StaleAnswer, match="nothing of this COE now"):
        retract(published, version=1, reason=REASON, by=user)
    assert Retraction.objects.count() == 1


@pytest.mark.parametrize("state", State)
def test_what_was_never_published_is_not_retracted(
    state: State, document: Document, people: People
) -> None:
    bring_to(document, state, people)
    with pytest.raises(StaleAnswer, match="nothing of this COE now"):
        retract(document, version=1, reason=REASON, by=people.owner)
    assert not HistoryEvent.objects.filter(action=Action.RETRACTED).exists()


def test_it_needs_a_reason(published: Document, people: People) -> None:
    with pytest.raises(ValidationError):
        retract(published, version=1, reason=" \n", by=people.owner)
    assert fresh(published).current_version == 1


def test_a_form_that_shows_an_older_version_retracts_nothing(
    twice: Document, people: People
) -> None:
    with pytest.raises(StaleAnswer, match="Version 2 was published meanwhile"):
        retract(twice, version=1, reason=REASON, by=people.owner)
    assert fresh(twice).current_version == 2


@pytest.mark.parametrize(
    ("is_restricted", "told"),
    [
        (False, {"Owner", "Contributor", "Stranger"}),
        (True, {"Owner", "Contributor"}),
    ],
)
def test_whoever_promised_or_wrote_something_in_it_is_told_why_without_its_title(
    is_restricted: bool, told: set[str], published: Document, people: People
) -> None:
    """The stranger promised something in it, and sees no more of it than the stub."""
    Notice.objects.all().delete()
    Document.objects.filter(pk=published.pk).update(is_restricted=is_restricted)
    taken_back(published, people)
    notices = Notice.objects.filter(kind=Kind.RETRACTED)
    assert {each.person.name for each in notices} == told
    assert {(each.title, each.text) for each in notices} == {("", REASON)}
    for each in notices:
        assert Notice.objects.unseen_by(each.person).filter(pk=each.pk).exists()


# What is left


def addresses(document: Document) -> Iterator[tuple[str, int]]:
    """Every address under which readers had something of it, and what it answers now."""
    ref = document.reference
    yield reverse("coe_read", args=[ref]), 200
    yield reverse("coe_pdf", args=[ref]), 410
    for ending in ("md", "json"):
        yield reverse("coe_text", args=[ref, ending]), 410
    for name in ("timeline", "actions"):
        yield reverse("coe_table", args=[ref, name]), 410
    for version in (1, 2):
        yield reverse("coe_version", args=[ref, version]), 410
        yield reverse("coe_changes_of_version", args=[ref, version]), 410


@pytest.mark.parametrize("person", EVERYBODY)
def test_every_address_answers_the_stub_and_nothing_of_what_it_said(
    person: str, twice: Document, people: People
) -> None:
    taken_back(twice, people, version=2)
    client = browser_of(getattr(people, person))
    for address, status in addresses(twice):
        answer = client.get(address)
        told = answer.content.decode()
        assert answer.status_code == status, address
        assert "It names the customer." in told, address
        assert "Manager (Platform)" in told
        assert not [words for words in WORDS if words in told], address
    assert client.get(reverse("coe_version", args=[twice.reference, 3])).status_code == 404


@pytest.mark.parametrize(
    ("person", "status"),
    [("owner", 200), ("contributor", 200), ("manager", 200), ("colleague", 404),
     ("director", 404), ("leader", 404), ("stranger", 404), ("admin", 404)],
)  # fmt: skip
def test_the_stub_of_a_restricted_coe_is_for_those_who_take_part(
    person: str, status: int, published: Document, people: People
) -> None:
    Document.objects.filter(pk=published.pk).update(is_restricted=True)
    taken_back(published, people)
    client = browser_of(getattr(people, person))
    for address, stub in [*addresses(published)][:6]:
        expected = stub if status == 200 else 404
        assert client.get(address).status_code == expected, address


@pytest.mark.parametrize("person", EVERYBODY)
def test_lists_and_search_show_it_to_nobody_who_does_not_work_on_it(
    person: str, published: Document, people: People
) -> None:
    taken_back(published, people)
    works_on_it = person in ("owner", "contributor", "colleague", "manager", "director")
    client = browser_of(getattr(people, person))
    for query in ("", "?q=ten", "?q=uploads", f"?q={published.reference}", "?state=retracted"):
        page = client.get(reverse("coe_list") + query).content.decode()
        assert (reverse("coe_read", args=[published.reference]) in page) == works_on_it, query
        assert ("Retracted v1" in page) == works_on_it
    for query in ("?state=published", "?state=approved"):
        page = client.get(reverse("coe_list") + query).content.decode()
        assert reverse("coe_read", args=[published.reference]) not in page
    for route in ("home", "action_list"):
        assert "Alarm at 80 % full" not in client.get(reverse(route)).content.decode()


def test_the_owner_finds_it_at_home_until_it_is_reopened(
    published: Document, people: People
) -> None:
    taken_back(published, people)
    home = browser_of(people.owner).get(reverse("home")).content.decode()
    assert "Reopen and correct" in home
    assert "Publish</span>" not in home
    reopen(published, by=people.owner)
    home = browser_of(people.owner).get(reverse("home")).content.decode()
    assert "Reopen and correct" not in home
    assert "Go on writing" in home


def test_the_working_copy_says_that_readers_have_nothing(
    published: Document, people: People
) -> None:
    taken_back(published, people)
    page = browser_of(people.owner).get(reverse("coe_draft", args=[published.reference]))
    told = " ".join(page.content.decode().split())
    assert "since Manager took version 1 back on" in told
    assert "publishes nothing more" in told
    assert "/publish/" not in told
    assert "/reopen/" in told


# How it comes back


def test_the_text_that_was_approved_before_is_not_published_again(
    published: Document, people: People
) -> None:
    taken_back(published, people)
    for by in (people.owner, people.manager):
        assert not may_publish(by, fresh(published))
        with pytest.raises(StaleAnswer, match="retracted after it was approved"):
            publish(published, by=by)
    assert Publication.objects.count() == 1


def test_a_correction_that_was_approved_before_is_not_published_either(
    published: Document, people: People
) -> None:
    reopen(published, by=people.owner)
    write(published, "One in nine.", by=people.owner)
    bring_to(published, State.APPROVED, people)
    taken_back(published, people)
    assert not may_publish(people.owner, fresh(published))
    with pytest.raises(StaleAnswer, match="retracted after it was approved"):
        publish(published, by=people.owner)


def test_a_corrected_version_is_published_over_it_and_the_stub_of_the_old_ones_stays(
    twice: Document, people: People
) -> None:
    taken_back(twice, people, version=2)
    reopen(twice, by=people.owner)
    write(twice, "A number of them.", by=people.owner)
    submit(twice, by=people.owner)
    approve(twice, by=people.manager)
    assert publish(twice, by=people.owner).version == 3
    now = fresh(twice)
    assert (now.current_version, now.retracted_version, now.is_retracted) == (3, 2, False)
    states = now.publications.order_by("version").values_list("state", flat=True)
    assert list(states) == ["superseded", "retracted", "current"]
    assert Promise.objects.open().filter(owner=people.stranger).count() == 1

    client = browser_of(people.stranger)
    page = client.get(reverse("coe_read", args=[twice.reference])).content.decode()
    assert "A number of them." in page
    for version in (1, 2):
        gone = client.get(reverse("coe_version", args=[twice.reference, version]))
        assert gone.status_code == 410
        assert "published since" in gone.content.decode()
        assert "One in" not in gone.content.decode()
    changes = client.get(reverse("coe_changes_of_version", args=[twice.reference, 3]))
    assert changes.status_code == 200
    assert "One in" not in changes.content.decode()
    assert client.get(reverse("coe_pdf", args=[twice.reference])).status_code == 200


def test_it_can_be_retracted_again(published: Document, people: People) -> None:
    taken_back(published, people)
    reopen(published, by=people.owner)
    publish_draft(published, people)
    retract(published, version=2, reason="Again.", by=people.leader)
    assert fresh(published).retracted_version == 2
    stranger = browser_of(people.stranger)
    page = stranger.get(reverse("coe_read", args=[published.reference])).content.decode()
    assert "Again." in page
    first = stranger.get(reverse("coe_version", args=[published.reference, 1])).content.decode()
    assert "It names the customer." in first


# The form


def test_the_form_keeps_what_was_typed_and_says_what_is_missing(
    published: Document, people: People
) -> None:
    client, address = browser_of(people.leader), reverse("coe_retract", args=[published.reference])
    page = client.get(address)
    assert "Retract version 1 of" in page.content.decode()
    assert client.post(address, {"version": 1, "reason": "  "}).status_code == 422
    done = client.post(address, {"version": 1, "reason": REASON}, follow=True)
    assert done.redirect_chain == [(reverse("coe_read", args=[published.reference]), 303)]
    assert "was retracted" in done.content.decode()
    late = client.post(address, {"version": 1, "reason": "My own words."})
    assert late.status_code == 409
    assert "My own words." in late.content.decode()


def test_a_secret_in_the_reason_can_be_removed(published: Document, people: People) -> None:
    retract(published, version=1, reason="The key is hunter2-hunter2.", by=people.owner)
    remove_secret(published, secret="hunter2-hunter2", reason="A key.", by=people.admin)
    stub = browser_of(people.stranger).get(reverse("coe_read", args=[published.reference]))
    assert "hunter2" not in stub.content.decode()
    assert "An administrator removed the reason" in stub.content.decode()
