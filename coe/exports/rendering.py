"""HTML in, PDF out, made by a child process that is held to limits (coe.exports.pdf_worker)."""

import base64
import json
import logging
import re
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from threading import BoundedSemaphore
from typing import Final

from coe.exports.pdf_worker import Limits, Outcome
from coe.exports.zygotes import TIMED_OUT, ZygoteLost, run

logger = logging.getLogger(__name__)

AT_ONCE: Final = 2
IN_HAND: Final = 3
"""How many may wait for a PDF in one process: fewer than it has threads, so pages stay quick."""
PATIENCE_SECONDS: Final = 5.0
FULL_LIMITS: Final = Limits()
PLAIN_LIMITS: Final = Limits(cpu_seconds=10, wall_seconds=24.0)
"""With the first try less than the minute after which proxies commonly give up."""
LARGEST_HTML: Final = 8_000_000
WIDEST_SPAN: Final = 100
MOST_OF: Final = {"<tr": 4_000, "<td": 24_000, "<li": 8_000, "<br": 5_000, "\n": 60_000}
"""How often each may stand in the HTML: a little more than the child can lay out in its time."""

_SPAN = re.compile(r"\b(?:col|row)?span\s*=\s*[\"']?\s*(\d+)", re.IGNORECASE)

_hands = BoundedSemaphore(IN_HAND)
_slots = BoundedSemaphore(AT_ONCE)

_TRY: Final = "Shorten its longest table, list or block of code, then ask for the PDF again."
_TOO_LARGE: Final = f"This COE is too large for a PDF. {_TRY}"
_TOO_LONG: Final = f"The PDF took longer than a PDF may take, so it was stopped. {_TRY}"
_TOO_BIG: Final = f"The PDF needed more memory than a PDF may take. {_TRY}"
_REASONS: Final = {
    Outcome.MEMORY: _TOO_BIG,
    -signal.SIGABRT: _TOO_BIG,  # how the text library ends when it gets no memory
    -signal.SIGTRAP: _TOO_BIG,
    Outcome.DEPTH: "Lists or quotations in this COE are nested too deeply for a PDF. "
    "Move the innermost ones up, then ask for the PDF again.",
    Outcome.SIZE: "The PDF became larger than a PDF may be. Use fewer or smaller images.",
    -signal.SIGXCPU: _TOO_LONG,
    TIMED_OUT: _TOO_LONG,
    -signal.SIGKILL: "The server had too little memory left for the PDF, so it was stopped. "
    "Ask for the PDF again in an hour.",
}
_FAULT: Final = (
    "The PDF could not be made: something in this COE cannot be laid out. "
    "The page on the screen is complete; tell whoever runs this site, the reason is in its log."
)
_BUSY: Final = "Many PDFs are being made right now. Ask again in a minute."
_PLAIN: Final = (
    "This is the plain form of the document: its text without tables and pictures, because the "
    "full layout could not be made. {reason}"
)


class RenderingFailed(Exception):
    """There is no PDF; the message says why and what to do, for the person who asked."""


class RendererBusy(RenderingFailed):
    """There is no PDF yet: too many are being made, or nothing is there to make them.

    That says nothing about this one.
    """

    def __init__(self) -> None:
        super().__init__(_BUSY)


@dataclass(frozen=True, slots=True)
class File:
    """Something that the HTML or CSS shows: an image, a font."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """A PDF, whether it had to be the plain form, and what the child used for it."""

    content: bytes
    is_plain: bool = False
    cpu_seconds: float = field(default=0.0, compare=False)
    memory_bytes: int = field(default=0, compare=False)


def render_document(html: str, *, limits: Limits | None = None) -> Rendered:
    """`html` in the full design of a COE, or where that fails in the plain form, which says so.

    The full design may use `limits`, or FULL_LIMITS; the plain form has its own. Equal HTML gives
    equal bytes. Raises RenderingFailed where the plain form fails as well, and
    RendererBusy where it is not known whether it would.
    """
    with _slot():
        try:
            _refuse_what_cannot_end(html)
            return _run(html, limits or FULL_LIMITS, look="full")
        except RendererBusy:
            raise
        except RenderingFailed as failed:
            note = _PLAIN.format(reason=failed)
        return _run(html, PLAIN_LIMITS, look="plain", note=note)


def render_pdf(
    html: str,
    *,
    stylesheets: Sequence[str] = (),
    files: Mapping[str, File] | None = None,
    limits: Limits | None = None,
) -> bytes:
    """`html` as a tagged PDF (PDF/UA-1); the same arguments give the same bytes.

    Nothing is fetched: an address other than `address(name)` of one of `files` shows nothing.
    `html` has a `lang` and a `title` and what people wrote in it was sanitised before. Raises
    RenderingFailed, at the latest after `limits.wall_seconds`.
    """
    _refuse_what_cannot_end(html)
    with _slot():
        return _run(html, limits or Limits(), stylesheets=stylesheets, files=files).content


@contextmanager
def in_hand() -> Iterator[None]:
    """One of the few requests of this process that may wait for a PDF; else RendererBusy."""
    if not _hands.acquire(blocking=False):
        raise RendererBusy
    try:
        yield
    finally:
        _hands.release()


def _refuse_what_cannot_end(html: str) -> None:
    """Say at once what the child would find out after using up its time."""
    lowered = html.lower()
    too_many = any(lowered.count(what) > most for what, most in MOST_OF.items())
    too_wide = any(len(span) > 9 or int(span) > WIDEST_SPAN for span in _SPAN.findall(html))
    if len(html) > LARGEST_HTML or too_many or too_wide:
        raise RenderingFailed(_TOO_LARGE)


@contextmanager
def _slot() -> Iterator[None]:
    """One of the few places for a child, so that PDFs never take the whole machine."""
    if not _slots.acquire(timeout=PATIENCE_SECONDS):
        raise RendererBusy
    try:
        yield
    finally:
        _slots.release()


def _run(
    html: str,
    limits: Limits,
    *,
    look: str = "",
    note: str = "",
    stylesheets: Sequence[str] = (),
    files: Mapping[str, File] | None = None,
) -> Rendered:
    """What the child makes of the job (coe.exports.pdf_worker has its form)."""
    given = {
        name: [file.media_type, base64.b64encode(file.content).decode()]
        for name, file in (files or {}).items()
    }
    job = {
        "html": html,
        "look": look,
        "note": note,
        "stylesheets": list(stylesheets),
        "files": given,
        "limits": asdict(limits),
    }
    try:
        ended = run(json.dumps(job).encode(), limits.wall_seconds)
    except ZygoteLost as error:
        logger.exception("the process that makes PDFs is lost")
        raise RendererBusy from error
    if ended.status == Outcome.DONE:
        return Rendered(ended.output, bool(note), ended.cpu_seconds, ended.memory_bytes)
    logger.warning("the PDF worker ended with status %s: %s", ended.status, ended.errors)
    raise RenderingFailed(_REASONS.get(ended.status, _FAULT))
