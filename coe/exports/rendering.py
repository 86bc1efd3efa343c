"""HTML in, PDF out, made by a child process that is held to limits (coe.exports.pdf_worker)."""

import base64
import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from coe.exports.pdf_worker import SCHEME, Limits, Outcome

logger = logging.getLogger(__name__)

AT_ONCE: Final = 2
PATIENCE_SECONDS: Final = 20.0
LARGEST_HTML: Final = 8_000_000
WIDEST_SPAN: Final = 100
MOST_OF: Final = {"<tr": 4_000, "<td": 24_000, "<li": 8_000, "<br": 5_000, "\n": 60_000}
"""How often each may stand in the HTML: a little more than the child can lay out in its time."""

_SPAN = re.compile(r"\b(?:col|row)?span\s*=\s*[\"']?\s*(\d+)", re.IGNORECASE)
_PASSED_ON: Final = ("LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
_WORKER: Final = Path(__file__).with_name("pdf_worker.py")

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
    -signal.SIGKILL: _TOO_LONG,
}
_FAULT: Final = (
    "The PDF could not be made: something in this COE cannot be laid out. "
    "The page on the screen is complete; tell whoever runs this site, the reason is in its log."
)
_BUSY: Final = "Many PDFs are being made right now. Ask again in a minute."


class RenderingFailed(Exception):
    """There is no PDF; the message says why and what to do, for the person who asked."""


@dataclass(frozen=True, slots=True)
class File:
    """Something that the HTML or CSS shows: an image, a font."""

    media_type: str
    content: bytes


def address(name: str) -> str:
    """The address under which HTML and CSS refer to the file `name`."""
    return f"{SCHEME}:{name}"


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
    limits = limits or Limits()
    _refuse_what_cannot_end(html)
    job = {
        "html": html,
        "stylesheets": list(stylesheets),
        "files": {
            name: [file.media_type, base64.b64encode(file.content).decode()]
            for name, file in (files or {}).items()
        },
        "limits": asdict(limits),
    }
    with _slot():
        return _run(json.dumps(job).encode(), limits)


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
        raise RenderingFailed(_BUSY)
    try:
        yield
    finally:
        _slots.release()


def _run(job: bytes, limits: Limits) -> bytes:
    """Start the child on `job`, wait, and read what it wrote.

    Its files are in a folder that goes with it, whichever way it ends.
    """
    with tempfile.TemporaryDirectory(prefix="coe-pdf-") as folder:
        output, errors = Path(folder, "output"), Path(folder, "errors")
        with output.open("wb") as out, errors.open("wb") as err:
            status = _wait(_start(folder, out.fileno(), err.fileno()), job, limits.wall_seconds)
        if status == Outcome.DONE:
            return output.read_bytes()
        said = errors.read_text(errors="replace")[-500:]
    logger.warning("the PDF worker ended with status %s: %s", status, said)
    raise RenderingFailed(_REASONS.get(status, _FAULT))


def _start(folder: str, out: int, err: int) -> subprocess.Popen[bytes]:
    """The child in a session of its own, knowing nothing of our environment and its secrets.

    Fixed seed and date: hash order and the clock would make equal documents differ.
    """
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"HOME": folder, "TMPDIR": folder, "LC_ALL": "C.UTF-8"}
    environment |= {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"}
    return subprocess.Popen(  # noqa: S603 (our own interpreter and file, no shell)
        [sys.executable, "-s", "-P", "-B", str(_WORKER)],
        stdin=subprocess.PIPE,
        stdout=out,
        stderr=err,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )


def _wait(child: subprocess.Popen[bytes], job: bytes, seconds: float) -> int:
    """The status the child ended with; after `seconds` it ends with all that it started."""
    try:
        child.communicate(job, timeout=seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    return child.returncode
