"""A pasted secret: where it stands is told, what can be emptied is, and why is written down."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from coe.administration.redaction import find_secret, remove_secret
from coe.chronicle.replay import snapshot_at
from coe.documents.models import Document, Section, State
from coe.documents.services import save_section
from coe.exports.models import RenderedPdf
from coe.guidance.services import waive_finding
from coe.history.models import Action, HistoryEvent, HistoryText
from coe.history.services import redact_content
from coe.policies.rules import Level
from coe.publishing.services import publish
from coe.reviews.services import discard_draft
from coe.reviews.workflow import make_transition
from coe.snapshots.services import take_snapshot
from coe.web.errors import StaleAnswer
from tests.documents.making import make_document, make_line
from tests.guidance.answering import found, weigh
from tests.history.reading import latest
from tests.people import People
from tests.reviews.steps import approve, make_submittable

pytestmark = pytest.mark.django_db

SECRET = 'hunter2 "quoted" \\ größer'


@pytest.fixture
def admin(people: People) -> Client:
    client = Client()
    client.force_login(people.admin)
    return client


def write(document: Document, text: str) -> int:
    section = Section.objects.get(document=document, slug="summary")
    save_section(section, version=section.version, text=text, by=document.owner)
    return latest(document)


def pasted(document: Document) -> list[int]:
    """The secret comes, and goes with the next save: both hold it."""
    write(document, "Uploads failed.")
    return [write(document, f"Log in with {SECRET} and look."), write(document, "Uploads failed.")]


def send(client: Client, document: Document, step: str, **more: str) -> tuple[int, str]:
    data = {"reference": document.reference, "secret": SECRET, "step": step, **more}
    answer = client.post(reverse("redact"), data)
    return answer.status_code, answer.content.decode()


def test_the_page_tells_how_many_saves_hold_it_and_no_word_around_it(
    admin: Client, document: Document
) -> None:
    pasted(document)

    status, page = send(admin, document, "look")

    assert status == 200
    assert "In 2 saves of its history." in page
    assert "Uploads failed" not in page
    assert "Log in with" not in page


def test_its_readers_see_that_somebody_looked_and_not_for_what(
    admin: Client, document: Document, people: People, client: Client
) -> None:
    pasted(document)
    send(admin, document, "look")
    looked = HistoryEvent.objects.get(document=document, action=Action.SEARCHED)
    assert looked.actor == people.admin
    assert SECRET not in str(looked.text.content)
    client.force_login(document.owner)
    page = client.get(f"/coes/{document.reference}/history/").content.decode()
    told = "asked, as an administrator, whether a pasted secret stands in it, without reading it"
    assert told in " ".join(page.split())


def test_removing_it_empties_these_saves_alone_and_writes_down_who_and_why(
    admin: Client, document: Document, people: People
) -> None:
    events = pasted(document)
    kept = HistoryText.objects.filter(event__document=document).exclude(pk__in=events).count()
    hashes = dict(HistoryEvent.objects.values_list("pk", "content_hash"))

    status, _ = send(admin, document, "remove", reason="A password was pasted")

    assert status == 303
    assert set(
        HistoryText.objects.filter(content__isnull=True).values_list("pk", flat=True)
    ) == set(events)
    audit = HistoryEvent.objects.select_related("text").get(action=Action.REDACTED)
    assert (audit.actor, audit.document) == (people.admin, document)
    assert audit.text.content == {
        "before": {},
        "after": {"reason": "A password was pasted", "events": events},
    }
    stored = HistoryText.objects.filter(event__document=document, content__isnull=False)
    assert stored.count() == kept + 1
    for event in HistoryEvent.objects.filter(pk__in=hashes):
        assert event.content_hash == hashes[event.pk]
    assert find_secret(document, SECRET).is_anywhere is False
    assert snapshot_at(document, latest(document)).section("summary") == "Uploads failed."


def test_where_it_still_stands_is_told_with_what_to_do(
    admin: Client, document: Document, people: People
) -> None:
    write(document, f"Log in with {SECRET} and look.")
    make_line(document, f"{SECRET} again")
    make_submittable(document)
    fresh = make_transition(document, to=State.IN_REVIEW, by=people.owner)
    fresh = make_transition(
        fresh, to=State.APPROVED, by=people.manager, digest=take_snapshot(fresh).digest
    )
    publish(fresh, by=people.owner)

    found = find_secret(document, SECRET)
    _, page = send(admin, document, "look")

    assert (found.parts, found.versions, found.judged) == (("Summary", "Timeline"), (1,), 0)
    assert "In the working copy: Summary, Timeline." in page
    assert "Ask Owner, who owns the COE, to take it out there first, after reopening it." in page
    assert "published version 1: what was published stands." in page


def test_printed_pdfs_of_the_coe_are_removed_and_those_of_others_stay(
    admin: Client, document: Document, people: People
) -> None:
    pasted(document)
    other = make_document(people.owner)
    for reference in (document.reference, other.reference):
        RenderedPdf.objects.create(
            key=reference.ljust(64, "0"),
            reference=reference,
            is_working_copy=True,
            is_plain=False,
            content=b"%PDF",
            size=4,
            made_at=datetime.now(UTC),
            used_on=datetime.now(UTC).date(),
        )

    send(admin, document, "remove", reason="A password was pasted")

    assert list(RenderedPdf.objects.values_list("reference", flat=True)) == [other.reference]


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Say why it is removed."),
        (f"It was {SECRET}", "The reason repeats the secret. Say it without."),
    ],
)
def test_without_a_reason_or_with_the_secret_in_it_nothing_is_emptied(
    admin: Client, document: Document, reason: str, sentence: str
) -> None:
    pasted(document)

    status, page = send(admin, document, "remove", reason=reason)

    assert status == 422
    assert sentence in page
    assert "In 2 saves of its history." in page
    assert not HistoryText.objects.filter(content__isnull=True).exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("reference", "COE-1999-0001", "There is no COE of this reference."),
        ("reference", "", "Say in which COE it was pasted."),
        ("secret", "abc", "This is so short that it stands in many places by chance."),
        ("secret", "", "Paste what is to be found."),
    ],
)
def test_what_cannot_be_looked_for_is_said_at_its_field(
    admin: Client, document: Document, field: str, value: str, sentence: str
) -> None:
    status, page = send(admin, document, "look", **{field: value})

    assert status == 422
    assert sentence in page


def test_what_json_puts_around_a_text_is_not_found(document: Document, people: People) -> None:
    pasted(document)

    for syntax in ('"text": "Up', "after", 'text": ', "content"):
        assert not find_secret(document, syntax).events


def test_a_discarded_and_a_restricted_coe_can_be_cleaned_as_well(
    admin: Client, people: People
) -> None:
    document = make_document(people.owner)
    pasted(document)
    Document.objects.filter(pk=document.pk).update(is_restricted=True)
    discard_draft(document, by=people.owner)

    assert send(admin, document, "remove", reason="A password was pasted")[0] == 303


def test_somebody_who_looks_a_second_time_is_told_that_nothing_holds_it(
    admin: Client, document: Document
) -> None:
    pasted(document)
    send(admin, document, "remove", reason="A password was pasted")

    assert "no save holds exactly this text" in send(admin, document, "look")[1]
    assert send(admin, document, "remove", reason="Once more")[0] == 409


def test_the_services_check_again(document: Document, people: People) -> None:
    events = pasted(document)
    with pytest.raises(PermissionDenied):
        remove_secret(document, secret=SECRET, reason="Because", by=people.owner)
    with pytest.raises(StaleAnswer):
        remove_secret(document, secret="not there", reason="Because", by=people.admin)
    foreign = make_document(people.owner)
    for of, chosen, reason in (
        (document, events, " "),
        (document, [], "x"),
        (foreign, events, "x"),
    ):
        with pytest.raises(ValueError, match="emp"):
            redact_content(
                chosen, document_id=of.pk, key=of.reference, reason=reason, by=people.admin
            )
    assert not HistoryText.objects.filter(content__isnull=True).exists()


def test_a_secret_in_a_reason_goes_with_its_saves_and_stays_in_what_was_published(
    document: Document, people: People
) -> None:
    weigh(document, COE125=Level.REASON)
    key = found(document, "COE125").key
    waive_finding(document, key=key, reason=f"The graph needs {SECRET}.", by=people.owner)
    fresh = make_transition(document, to=State.IN_REVIEW, by=people.owner)
    approve(fresh, by=people.manager)
    fresh.refresh_from_db()
    publish(fresh, by=people.owner)

    where = find_secret(document, SECRET)
    assert (len(where.events), where.parts, where.versions) == (1, (), (1,))
    remove_secret(document, secret=SECRET, reason="A password", by=people.admin)
    where = find_secret(document, SECRET)
    assert (where.events, where.versions) == ((), (1,))
    assert not document.waivers.exists()


def test_a_secret_in_a_reason_that_is_approved_is_not_published(
    document: Document, people: People
) -> None:
    weigh(document, COE121=Level.REASON, COE125=Level.REASON)
    reasons = {"COE121": "Nobody was hit.", "COE125": f"The graph needs {SECRET}."}
    for check, reason in reasons.items():
        waive_finding(document, key=found(document, check).key, reason=reason, by=people.owner)
    fresh = make_transition(document, to=State.IN_REVIEW, by=people.owner)
    approve(fresh, by=people.manager)
    remove_secret(document, secret=SECRET, reason="A password", by=people.admin)
    fresh.refresh_from_db()
    version = publish(fresh, by=people.owner)
    assert [each["reason"] for each in version.envelope["waivers"]] == ["Nobody was hit."]
    assert find_secret(document, SECRET).is_anywhere is False
