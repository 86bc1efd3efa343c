"""The figures in the order they are printed."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from bench.autosave import of_saving
from bench.documents import of_twelve_pages, pages_of, written_to
from bench.pages import of_the_pages
from bench.pairs import Amount, Figure, in_turn
from bench.worklist import PLAIN_STORAGE, of_the_action_items
from coe.accounts.models import User
from coe.database import embedded
from coe.documents.models import Document
from coe.exports.models import RenderedPdf
from coe.exports.pdf import html_of
from coe.exports.pdf_worker import NICENESS
from coe.exports.rendering import render_document
from coe.exports.services import key_of, pdf_of
from coe.publishing.printables import printable
from coe.snapshots.services import take_snapshot
from tests.own_database import new_name

ASKED = 200


def figures(runs: int, chromium: Path) -> Iterator[Figure | Amount]:
    html = html_of(of_twelve_pages())
    with tempfile.TemporaryDirectory(prefix="coe-bench-") as name:
        folder = Path(name)
        written_to(folder, html)
        yield from against_bare_weasyprint(runs, html, folder)
        if chromium.exists():
            yield against_chromium(runs, html, folder, chromium)
        else:
            yield Amount(f"No Chromium at {chromium}: not compared", "", [0.0])
    with a_database_with_the_demo():
        yield from of_the_database(runs)
        yield from of_the_pages(runs)
    yield from of_saving(runs)
    yield from of_the_action_items(runs)


def against_bare_weasyprint(runs: int, html: str, folder: Path) -> Iterator[Figure]:
    """CPU: our side's own beside the child's. Memory: the child's peak, shared pages included."""

    def ours() -> tuple[float, float]:
        began = time.process_time()
        rendered = render_document(html)
        used = time.process_time() - began + rendered.cpu_seconds
        assert not rendered.is_plain
        return used, rendered.memory_bytes / 2**20

    def bare() -> tuple[float, float]:
        command = [sys.executable, "-m", "bench.bare", str(folder)]
        environment = {**os.environ, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"}
        told = subprocess.run(  # noqa: S603  our own module
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, check=True
        )
        used, memory = json.loads(told.stdout)
        return used, memory / 2**20

    mine, theirs = in_turn(runs, ours, bare)
    cpu, memory = ([pair[which] for pair in mine] for which in (0, 1))
    bare_cpu, bare_memory = ([pair[which] for pair in theirs] for which in (0, 1))
    yield Figure("PDF of twelve pages, against bare WeasyPrint", "CPU s", cpu, bare_cpu, 1.10)
    yield Figure("Peak memory of the worker, likewise", "MB", memory, bare_memory, 1.3)


def against_chromium(runs: int, html: str, folder: Path, chromium: Path) -> Figure:
    """Both at the priority that our worker chooses: behind the web in the queue for a core."""
    output = folder / "chromium.pdf"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    source = (folder / "linked.html").as_uri()
    command = [
        "nice",
        "-n",
        str(NICENESS),
        str(chromium),
        *options,
        f"--print-to-pdf={output}",
        source,
    ]

    def print_it() -> None:
        subprocess.run(command, capture_output=True, check=True)  # noqa: S603  one given by hand

    mine, theirs = in_turn(
        runs, lambda: wall(lambda: render_document(html)), lambda: wall(print_it)
    )
    pages = pages_of(output.read_bytes())
    name = f"PDF of twelve pages, against cold headless Chromium (it makes {pages} of it)"
    return Figure(name, "s", mine, theirs, 0.9)


def of_the_database(runs: int) -> Iterator[Figure | Amount]:
    document = largest_document()
    printed = printable(document)
    pdf_of(printed)
    key = key_of(printed)
    reader = Client(headers={"host": "localhost"})
    reader.force_login(User.objects.get_by_natural_key("owner@example.com"))
    address = f"/coes/{document.reference}.pdf"
    asked, looked_up = in_turn(
        ASKED,
        lambda: wall(lambda: pdf_of(printed)) * 1000,
        lambda: wall(lambda: RenderedPdf.objects.get(pk=key)) * 1000,
    )
    name = "Asking again for a PDF, against one query by primary key"
    yield Figure(name, "ms", asked, looked_up, 5)
    requested, looked_up = in_turn(
        ASKED,
        lambda: wall(lambda: reader.get(address)) * 1000,
        lambda: wall(lambda: RenderedPdf.objects.get(pk=key)) * 1000,
    )
    yield Figure("The whole request for it, likewise", "ms", requested, looked_up)
    with CaptureQueriesContext(connection) as queries:
        size = len(take_snapshot(document).content)
    name = f"Snapshot of {document.reference}: {size / 1024:.0f} KB in {len(queries)} queries"
    yield Amount(
        name, "ms", [wall(lambda: take_snapshot(document)) * 1000 for _ in range(10 * runs)]
    )


def largest_document() -> Document:
    documents = Document.objects.kept().with_readers_fields()
    return max(documents, key=lambda each: len(take_snapshot(each).content))


def wall(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


@contextmanager
def a_database_with_the_demo() -> Iterator[None]:
    """One of its own in the checkout's server, gone afterwards."""
    own: dict[str, Any] = settings.DATABASES["default"]
    own.setdefault("TEST", {})["NAME"] = new_name()
    given = own["NAME"]
    with (
        embedded.running(Path(settings.BASE_DIR)),
        override_settings(STORAGES={"staticfiles": PLAIN_STORAGE}, SECURE_SSL_REDIRECT=False),
    ):
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            os.environ.setdefault("COE_DEMO_PASSWORD", "only-for-this-database")
            call_command("seed_demo", stdout=StringIO())
            yield
        finally:
            connection.creation.destroy_test_db(given, verbosity=0)
