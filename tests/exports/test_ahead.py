"""What is submitted or published is printed before anybody asks for it."""

import pytest
from django.test import Client

from coe.documents.models import Document, State
from coe.exports.models import RenderedPdf
from coe.jobs.models import Job
from coe.jobs.services import run_waiting_jobs
from coe.publishing.services import publish
from coe.reviews.workflow import make_transition
from tests.people import People
from tests.reviews.steps import bring_to, make_submittable, reopen, submit, write

pytestmark = pytest.mark.django_db


def kept() -> dict[str, bool]:
    """The PDFs that are kept, and whether each is of a working copy."""
    return dict(RenderedPdf.objects.values_list("key", "is_working_copy"))


@pytest.fixture(autouse=True)
def product_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coe.exports.services.has_changed", lambda: False)


def test_what_is_submitted_is_there_for_whoever_reviews_it(
    client: Client, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    run_waiting_jobs()
    before = kept()
    assert list(before.values()) == [True]
    client.force_login(people.manager)
    assert client.get(f"/coes/{document.reference}/draft.pdf").status_code == 200
    assert kept() == before


def test_what_is_published_is_there_for_readers_while_the_next_is_reviewed(
    client: Client, document: Document, people: People
) -> None:
    bring_to(document, State.APPROVED, people)
    publish(document, by=people.owner)
    reopen(document, by=people.owner)
    write(document, "Corrected.", by=people.owner)
    make_submittable(document)
    submit(document, by=people.owner)
    run_waiting_jobs()
    before = kept()
    assert sorted(before.values()) == [False, True]
    client.force_login(people.stranger)
    assert client.get(f"/coes/{document.reference}.pdf").status_code == 200
    assert kept() == before


def test_one_coe_is_one_job_however_far_it_goes(document: Document, people: People) -> None:
    bring_to(document, State.APPROVED, people)
    publish(document, by=people.owner)
    assert Job.objects.filter(kind="print_coe").count() == 1


def test_a_coe_that_was_taken_back_meanwhile_is_not_printed(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    make_transition(document, to=State.DRAFT, by=people.owner)
    run_waiting_jobs()
    assert kept() == {}
    assert Job.objects.get(kind="print_coe").state == Job.State.DONE
