"""A PDF is made once for whoever asks, and kept until it is of no use."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coe.documents.models import Document
from coe.exports import services, versions
from coe.exports.models import RenderedPdf
from coe.exports.pdf import html_of
from coe.exports.rendering import Rendered, RendererBusy, RenderingFailed
from coe.exports.services import key_of, pdf_of, prune_pdfs
from coe.snapshots.printable import Printable
from tests.exports import samples
from tests.people import People

QUIET = replace(samples.PUBLISHED, promises=())
DAY = timedelta(days=1)


class Renderer:
    """Stands where the child would be, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_plain = False
        self.while_making: Callable[[], object] = lambda: None

    def __call__(self, html: str) -> Rendered:
        self.asked.append(html)
        self.while_making()
        return Rendered(f"%PDF {len(self.asked)}".encode(), self.is_plain)


@pytest.fixture
def renderer(monkeypatch: pytest.MonkeyPatch) -> Renderer:
    """With a product that does not change on the disk, which it may while it is written."""
    renderer = Renderer()
    monkeypatch.setattr(services, "render_document", renderer)
    monkeypatch.setattr(services, "has_changed", lambda: False)
    return renderer


# Asking again


@pytest.mark.django_db
def test_asking_again_is_one_query_by_primary_key(renderer: Renderer) -> None:
    first = pdf_of(samples.PUBLISHED)
    with CaptureQueriesContext(connection) as queries:
        assert pdf_of(samples.PUBLISHED) == first == b"%PDF 1"
    (query,) = [each["sql"] for each in queries.captured_queries]
    assert 'WHERE "coe_renderedpdf"."key" = ' in query
    assert len(renderer.asked) == 1


@pytest.mark.django_db
def test_the_first_time_of_a_day_is_noted_once(renderer: Renderer) -> None:
    pdf_of(QUIET)
    RenderedPdf.objects.update(used_on=datetime.now(UTC).date() - DAY)
    for number_of_queries in (2, 1):
        with CaptureQueriesContext(connection) as queries:
            pdf_of(QUIET)
        assert len(queries) == number_of_queries


@pytest.mark.django_db
def test_the_bytes_of_the_child_are_what_is_kept() -> None:
    content = pdf_of(samples.EMPTY)
    assert content.startswith(b"%PDF-1.7")
    assert pdf_of(samples.EMPTY) == content


@pytest.mark.django_db
def test_nobody_reads_from_it_who_may_not_read_the_coe(
    client: Client, people: People, document: Document, renderer: Renderer
) -> None:
    address = f"/coes/{document.reference}.pdf"
    client.force_login(people.owner)
    assert client.get(address).status_code == 200
    client.force_login(people.stranger)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 404
    assert not [each for each in queries.captured_queries if "renderedpdf" in each["sql"]]


# What is another PDF


def changed() -> Iterator[tuple[str, Printable]]:
    signed = samples.PUBLISHED.envelope.signatures
    envelope, promise = samples.PUBLISHED.envelope, samples.PUBLISHED.promises[0]
    yield "text", replace(samples.PUBLISHED, digest="0" * 64)
    yield "version", replace(samples.PUBLISHED, envelope=replace(envelope, version=2))
    yield "signature", replace(samples.PUBLISHED, envelope=replace(envelope, signatures=signed[1:]))
    late = replace(promise, is_late=not promise.is_late)
    yield "promise", replace(samples.PUBLISHED, promises=(late,))
    renamed = replace(promise, uid=UUID(int=9))
    yield "promise of another item", replace(samples.PUBLISHED, promises=(renamed,))
    yield "day beside promises", replace(samples.PUBLISHED, as_of=samples.PUBLISHED.as_of + DAY)


@pytest.mark.parametrize("other", [pytest.param(each, id=name) for name, each in changed()])
def test_what_differs_on_paper_has_another_key(other: Printable) -> None:
    assert key_of(other) != key_of(samples.PUBLISHED)


def test_a_working_copy_names_its_day() -> None:
    assert key_of(samples.DRAFT) != key_of(replace(samples.DRAFT, as_of=samples.DRAFT.as_of + DAY))


@pytest.mark.parametrize("name", ["PUBLISHED", "QUIET", "DRAFT", "EMPTY", "LIGHT"])
@pytest.mark.parametrize("later", [timedelta(minutes=1), DAY, 400 * DAY], ids=str)
def test_equal_keys_are_equal_on_paper(name: str, later: timedelta) -> None:
    """Whoever prints the day in a further place meets this test."""
    first = QUIET if name == "QUIET" else getattr(samples, name)
    second = replace(first, as_of=first.as_of + later)
    if key_of(first) == key_of(second):
        assert html_of(first) == html_of(second)


def test_a_published_text_without_promises_is_the_same_on_every_day() -> None:
    assert key_of(QUIET) == key_of(replace(QUIET, as_of=QUIET.as_of + DAY))


def test_the_public_address_is_printed_so_it_is_part_of_the_key(settings: LazySettings) -> None:
    before = key_of(QUIET)
    settings.PUBLIC_URL = "https://coe.example.org"
    assert key_of(QUIET) != before


@pytest.mark.parametrize("changed", ["coe/text/deep/words.py", "templates/pdf/coe.html"])
def test_every_change_of_the_product_prints_anew(
    changed: str, tmp_path: Path, settings: LazySettings
) -> None:
    for name in ("coe/text/deep/words.py", "templates/pdf/coe.html"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("one")
    settings.BASE_DIR, settings.DEBUG = tmp_path, True
    before = versions.template_version()
    assert versions.template_version() == before
    (tmp_path / changed).write_text("two")
    assert versions.template_version() != before


@pytest.mark.django_db
def test_what_was_made_after_the_product_changed_on_the_disk_is_not_kept(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    started_with = versions.template_version()
    monkeypatch.setattr(services, "has_changed", versions.has_changed)
    monkeypatch.setattr(versions, "_digest", lambda: "an upgrade")
    assert versions.template_version() == started_with, "it is taken when the process starts"
    assert (pdf_of(QUIET), pdf_of(QUIET)) == (b"%PDF 1", b"%PDF 2")
    assert kept_keys() == set()


def test_packages_are_part_of_the_version() -> None:
    assert "weasyprint==" in versions.installed().lower()


# How long it is kept


@pytest.mark.django_db
def test_an_edited_working_copy_takes_the_place_of_the_old_one(renderer: Renderer) -> None:
    other = replace(samples.DRAFT.envelope, reference="COE-2017-0009")
    for printable in (
        samples.DRAFT,
        replace(samples.DRAFT, envelope=other),
        samples.PUBLISHED,
        replace(samples.DRAFT, digest="1" * 64),
    ):
        pdf_of(printable)
    kept = RenderedPdf.objects.order_by("reference", "is_working_copy")
    reference = samples.PUBLISHED.envelope.reference
    assert list(kept.values_list("reference", "is_working_copy", "content")) == [
        (reference, False, b"%PDF 3"),
        (reference, True, b"%PDF 4"),
        ("COE-2017-0009", True, b"%PDF 2"),
    ]


def keep(name: str, *, size: int = 10, unused_days: int = 0) -> None:
    now = datetime.now(UTC)
    RenderedPdf.objects.create(
        key=name,
        reference="COE-2017-0001",
        is_working_copy=False,
        is_plain=False,
        content=b"",
        size=size,
        made_at=now - timedelta(minutes=len(name)),
        used_on=(now - unused_days * DAY).date(),
    )


def kept_keys() -> set[str]:
    return set(RenderedPdf.objects.values_list("key", flat=True))


@pytest.mark.django_db
def test_what_nobody_used_for_a_month_goes() -> None:
    keep("month", unused_days=31)
    keep("days", unused_days=30)
    prune_pdfs(datetime.now(UTC))
    assert kept_keys() == {"days"}


@pytest.mark.django_db
def test_the_longest_unused_goes_where_there_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_BYTES", 100)
    keep("today", size=60)
    keep("a", size=40, unused_days=2)
    keep("aa", size=1, unused_days=2)
    keep("oldest", size=1, unused_days=9)
    prune_pdfs(datetime.now(UTC))
    assert kept_keys() == {"today", "a"}


@pytest.mark.django_db
def test_a_plain_form_is_kept_for_an_hour_then_the_full_one_is_tried(renderer: Renderer) -> None:
    renderer.is_plain = True
    assert pdf_of(QUIET) == pdf_of(QUIET) == b"%PDF 1"
    RenderedPdf.objects.update(made_at=datetime.now(UTC) - timedelta(minutes=61))
    renderer.is_plain = False
    assert pdf_of(QUIET) == pdf_of(QUIET) == b"%PDF 2"


@pytest.mark.django_db
def test_an_old_plain_form_is_given_where_it_cannot_be_tried_again_now(renderer: Renderer) -> None:
    def be_busy() -> None:
        raise RendererBusy

    renderer.is_plain = True
    pdf_of(QUIET)
    RenderedPdf.objects.update(made_at=datetime.now(UTC) - timedelta(minutes=61))
    renderer.while_making = be_busy
    assert pdf_of(QUIET) == b"%PDF 1"
    with pytest.raises(RendererBusy):
        pdf_of(samples.PUBLISHED)


@pytest.mark.django_db
def test_a_failure_is_not_kept(renderer: Renderer) -> None:
    def fail() -> None:
        raise RenderingFailed("Shorten it.")

    renderer.while_making = fail
    for _ in range(2):
        with pytest.raises(RenderingFailed):
            pdf_of(QUIET)
    assert len(renderer.asked) == 2
    assert kept_keys() == set()


# Two at once


def ask_twice_at_once(renderer: Renderer) -> list[bytes]:
    """Both ask before the first has its answer: it gets it once the second waits or makes too."""
    second_came, answers = threading.Event(), []
    look = services._kept

    def ask() -> None:
        answers.append(pdf_of(QUIET))
        connection.close()

    def let_the_second_come() -> None:
        if len(renderer.asked) == 1:
            threads.append(threading.Thread(target=ask))
            threads[-1].start()
            assert second_came.wait(10)

    def looked(key: str) -> bytes | None:
        found = look(key)
        if threading.current_thread() is threads[-1] and len(threads) == 2:
            second_came.set()
        return found

    renderer.while_making = let_the_second_come
    threads = [threading.Thread(target=ask)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "_kept", looked)
        threads[0].start()
        threads[0].join()
        threads[1].join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_one_pdf(renderer: Renderer) -> None:
    assert ask_twice_at_once(renderer) == [b"%PDF 1", b"%PDF 1"]
    assert len(renderer.asked) == 1


@pytest.mark.django_db(transaction=True)
def test_who_asks_while_the_worker_prints_gets_what_it_made(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job is a transaction: what it made is there for others when that ends, and not before."""
    answers: list[bytes] = []
    looks: list[object] = []
    looked_twice = threading.Event()

    def ask() -> None:
        answers.append(pdf_of(QUIET))
        connection.close()

    def noted(*asked: Any) -> bool:
        if threading.current_thread() is reader:
            looks.append(asked)
        if len(looks) == 2:
            looked_twice.set()
        return question(*asked)

    reader, question = threading.Thread(target=ask), services._ask
    monkeypatch.setattr(services, "_ask", noted)
    with transaction.atomic():
        assert pdf_of(QUIET) == b"%PDF 1"
        reader.start()
        assert looked_twice.wait(10)
    reader.join()
    assert answers == [b"%PDF 1"]
    assert len(renderer.asked) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_have_been_made(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_alone", lambda key: nullcontext(True))
    ask_twice_at_once(renderer)
    assert len(renderer.asked) == 2


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_for_another_is_told_to_ask_again(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "LONGEST_WAIT_SECONDS", 0.0)
    refused: list[object] = []

    def ask() -> None:
        with pytest.raises(RendererBusy) as caught:
            pdf_of(QUIET)
        refused.append(caught.value)
        connection.close()

    def let_another_ask() -> None:
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()

    renderer.while_making = let_another_ask
    assert pdf_of(QUIET) == b"%PDF 1"
    assert len(refused) == 1


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_one_that_failed_does_not_try_the_same_at_once(
    renderer: Renderer,
) -> None:
    refused: list[RenderingFailed] = []
    waits = threading.Event()

    def ask() -> None:
        with pytest.raises(RenderingFailed) as caught:
            pdf_of(QUIET)
        refused.append(caught.value)
        connection.close()

    def fail_once_another_waits() -> None:
        threads.append(threading.Thread(target=ask))
        threads[-1].start()
        assert waits.wait(10)
        raise RenderingFailed("Shorten it.")

    renderer.while_making = fail_once_another_waits
    threads = [threading.Thread(target=ask)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep", lambda seconds: waits.set())
        threads[0].start()
        threads[0].join()
        threads[1].join()
    assert [type(each) for each in refused] == [RenderingFailed, RendererBusy]
    assert len(renderer.asked) == 1


# What the person sees


@pytest.mark.parametrize(
    ("error", "status", "heading", "retry"),
    [
        (RendererBusy(), 503, "The PDF is not ready yet", "10"),
        (RenderingFailed("Shorten the table."), 422, "This COE could not be printed", None),
    ],
    ids=["busy", "failed"],
)
def test_a_refusal_says_why_and_leads_on(
    client: Client,
    people: People,
    document: Document,
    renderer: Renderer,
    error: RenderingFailed,
    status: int,
    heading: str,
    retry: str | None,
) -> None:
    def fail() -> None:
        raise error

    renderer.while_making = fail
    client.force_login(people.owner)
    response = client.get(f"/coes/{document.reference}/draft.pdf")
    text = response.content.decode()
    assert (response.status_code, response.get("Retry-After")) == (status, retry)
    assert f"data-reason>{error}<" in text
    assert heading in text
    assert f'href="/coes/{document.reference}/draft/"' in text
