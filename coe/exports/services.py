"""The PDF of a COE, made once and kept."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F, Sum, Window

from coe.exports.course import day_of
from coe.exports.models import RenderedPdf
from coe.exports.pdf import html_of
from coe.exports.rendering import Rendered, RendererBusy, in_hand, render_document
from coe.exports.versions import has_changed, template_version
from coe.snapshots.printable import Printable
from coe.snapshots.serialise import to_plain

PROFILE: Final = "full"
MOST_BYTES: Final = 256 << 20
KEPT_UNUSED: Final = timedelta(days=30)
PLAIN_KEPT: Final = timedelta(hours=1)
"""After that the full form is tried again: what stopped it may have been a busy machine."""
LONGEST_WAIT_SECONDS: Final = 30.0
_LOOK_AGAIN_SECONDS: Final = 0.1


def pdf_of(printable: Printable) -> bytes:
    """`printable` as a tagged PDF (PDF/UA-1), for somebody who may read it.

    Made at most once, whoever asks at the same time, and kept: asking again is one query by
    primary key (and on the first time of a day a note that it is still used). Raises
    RenderingFailed with a sentence for the person who asked; RendererBusy where it is worth
    asking again soon.
    """
    key = key_of(printable)
    try:
        return _kept(key) or _make_once(key, printable)
    except RendererBusy:
        if old := RenderedPdf.objects.filter(pk=key).first():
            return bytes(old.content)  # plain, and due to be tried again, but better than nothing
        raise


def key_of(printable: Printable) -> str:
    """A digest of all that the bytes follow from.

    The day of printing is part of it only where it is printed: on a working copy and beside
    promises.
    """
    shows_day = bool(printable.promises) or not printable.is_published
    parts = [
        printable.digest,
        to_plain(printable.envelope),
        PROFILE,
        [to_plain(promise) for promise in printable.promises],
        day_of(printable.as_of, printable.snapshot).isoformat() if shows_day else "",
        settings.PUBLIC_URL,
        template_version(),
    ]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _kept(key: str) -> bytes | None:
    kept = RenderedPdf.objects.filter(pk=key).first()
    now = datetime.now(UTC)
    if kept is None or (kept.is_plain and kept.made_at < now - PLAIN_KEPT):
        return None
    if kept.used_on != now.date():
        RenderedPdf.objects.filter(pk=key).update(used_on=now.date())
    return bytes(kept.content)


def _make_once(key: str, printable: Printable) -> bytes:
    """Make the PDF, or wait for somebody who is making the same one.

    Where that one had no success, those who waited do not try the same one after the other.
    """
    with in_hand(), _alone(key) as is_first:
        if content := _kept(key):
            return content
        if not is_first:
            raise RendererBusy
        rendered = render_document(html_of(printable))
        if not has_changed():
            _keep(key, printable, rendered)
        return rendered.content


@contextmanager
def _alone(key: str) -> Iterator[bool]:
    """One at a time for each key, among all processes; whether nobody was before.

    Raises RendererBusy after half a minute.
    The lock belongs to the connection, so it goes with a process that dies; inside a transaction,
    as the worker prints, it stays until what was made is there for those who wait. It is tried
    again and again rather than waited for: a statement may not take as long as a PDF.
    """
    number = int.from_bytes(bytes.fromhex(key)[:8], signed=True)
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    is_first = True
    is_inside = connection.in_atomic_block
    scope = "xact_" if is_inside else ""
    with connection.cursor() as cursor:
        while not _ask(cursor, f"SELECT pg_try_advisory_{scope}lock(%s)", number):
            if time.monotonic() > until:
                raise RendererBusy
            is_first = False
            time.sleep(_LOOK_AGAIN_SECONDS)
        try:
            yield is_first
        finally:
            if not is_inside:
                _ask(cursor, "SELECT pg_advisory_unlock(%s)", number)


def _ask(cursor: CursorWrapper, question: str, number: int) -> bool:
    cursor.execute(question, [number])
    return bool(cursor.fetchone() == (True,))


@transaction.atomic
def _keep(key: str, printable: Printable, rendered: Rendered) -> None:
    now = datetime.now(UTC)
    RenderedPdf.objects.update_or_create(
        key=key,
        defaults={
            "reference": printable.envelope.reference,
            "is_working_copy": not printable.is_published,
            "is_plain": rendered.is_plain,
            "content": rendered.content,
            "size": len(rendered.content),
            "made_at": now,
            "used_on": now.date(),
        },
    )
    if not printable.is_published:
        _drop_earlier_texts(key, printable.envelope.reference)
    prune_pdfs(now)


def _drop_earlier_texts(key: str, reference: str) -> None:
    """A working copy has a new digest with each edit; nobody asks for the old ones again."""
    earlier = RenderedPdf.objects.filter(reference=reference, is_working_copy=True)
    earlier.exclude(pk=key).delete()


def prune_pdfs(now: datetime) -> None:
    """Delete what nobody used for a month, then the longest unused until the rest is small."""
    RenderedPdf.objects.filter(used_on__lt=(now - KEPT_UNUSED).date()).delete()
    latest_first = (F("used_on").desc(), F("made_at").desc(), F("key").asc())
    so_far = Window(Sum("size"), order_by=latest_first)
    beyond = RenderedPdf.objects.annotate(so_far=so_far).filter(so_far__gt=MOST_BYTES)
    RenderedPdf.objects.filter(pk__in=list(beyond.values_list("pk", flat=True))).delete()
