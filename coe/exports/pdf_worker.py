"""The child that makes one PDF: its own process, under limits, reading only what it is given.

It is forked by coe.exports.pdf_zygote and ends after one job. It imports nothing of the product
but the design, the plain form and what is changed about WeasyPrint, so there is no database and
no secret to be found in it. The job is one JSON object:

    html         the document
    look         one of coe.exports.design.LOOKS, or nothing
    note         why the form is the plain one; only there
    stylesheets  a list of further CSS texts
    files        name -> [media type, base64], what html and those texts may refer to besides
    limits       the fields of `Limits`

The PDF goes to standard output, a reason for a failure to the exit status (`Outcome`).
"""

import binascii
import errno
import json
import logging
import os
import resource
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, NoReturn

from coe.exports.design import LOOKS, SCHEME, Files, faces, fonts, stylesheet
from coe.exports.labels import set_labels_whole
from coe.exports.lean import spare_work
from coe.exports.plain import plain_form

STACK_BYTES: Final = 256 << 20
IMAGE_PIXELS: Final = 40_000_000
NICENESS: Final = 5


class Outcome(IntEnum):
    """The exit status of the child, as far as it could still choose one."""

    DONE = 0
    FAULT = 70
    MEMORY = 71
    DEPTH = 72
    SIZE = 73


@dataclass(frozen=True, slots=True)
class Limits:
    """What one rendering may use. The wall clock is watched by the process that asks.

    `memory_mb` is address space; a child begins with 75 of it, and its big stack takes 256.
    `calls` is how deep Python may call: reached long before STACK_BYTES is, so that deep nesting
    raises and never crashes.
    """

    cpu_seconds: int = 25
    wall_seconds: float = 35.0
    memory_mb: int = 1024
    output_mb: int = 50
    open_files: int = 64
    calls: int = 15_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """What costs time and is the same for every job: fonts unpacked, stylesheets parsed."""

    files: Files
    faces: str
    looks: Mapping[str, Any]


def prepare() -> Prepared:
    """Import WeasyPrint and read the design, once, before the first job.

    Nothing here touches the library that lays out text: it may start a thread, and a process
    with threads cannot be forked. Knowing the faces is left to the child, which takes it 10 ms.
    """
    from weasyprint import CSS

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    set_labels_whole()
    spare_work()
    files = fonts()
    fetcher = _map_fetcher(files)
    looks = {look: CSS(string=stylesheet(look), url_fetcher=fetcher) for look in LOOKS}
    return Prepared(files, faces(), looks)


def apply(limits: Limits) -> None:
    """Bind this process to `limits`, for good, and step behind the web in the queue for a core."""
    for what, amount in (
        (resource.RLIMIT_AS, limits.memory_mb << 20),
        (resource.RLIMIT_FSIZE, limits.output_mb << 20),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (amount, amount))
    # A second before the last: by SIGXCPU, which nobody else sends, and not by SIGKILL.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    os.nice(NICENESS)
    sys.setrecursionlimit(limits.calls)


def render(job: Mapping[str, Any], prepared: Prepared) -> bytes:
    """The job's HTML as a tagged PDF. References to names outside its files are left out."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    _bound_images()
    _forbid_the_world()
    brought = {name: (kind, binascii.a2b_base64(b)) for name, (kind, b) in job["files"].items()}
    fetcher, fonts_known = _map_fetcher(prepared.files | brought), FontConfiguration()
    html = plain_form(job["html"], job["note"]) if job["note"] else job["html"]
    sheets = [
        CSS(string=css, url_fetcher=fetcher, font_config=fonts_known)
        for css in (prepared.faces, *job["stylesheets"])
    ]
    pdf = HTML(string=html, url_fetcher=fetcher, media_type="print").write_pdf(
        stylesheets=[prepared.looks[job["look"]], *sheets] if job["look"] else sheets,
        font_config=fonts_known,
        pdf_variant="pdf/ua-1",
        pdf_identifier=True,
    )
    assert isinstance(pdf, bytes)
    return pdf


def _map_fetcher(files: Mapping[str, tuple[str, bytes]]) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class MapFetcher(URLFetcher):  # type: ignore[misc]
        """Knows `files` and nothing else: no network, no disk, no data addresses."""

        def __init__(self) -> None:
            super().__init__(timeout=1, allowed_protocols=(SCHEME,), allow_redirects=False)

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
            scheme, _, name = url.partition(":")
            if scheme != SCHEME or name not in files:
                raise ValueError("not among the files of this document")
            media_type, content = files[name]
            return URLFetcherResponse(url, content, {"Content-Type": media_type})

    return MapFetcher()


def _forbid_the_world() -> None:
    """A second lock behind the fetcher: from here on Python opens no connection and no process."""

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn")):
            raise PermissionError(event)

    sys.addaudithook(refuse)


def _on_a_big_stack(work: Callable[[], bytes]) -> bytes | BaseException:
    """What `work` gives or raises, run where it may nest deeply."""
    ended: list[bytes | BaseException] = []

    def run() -> None:
        try:
            ended.append(work())
        except BaseException as error:  # handed to the main thread, which names it
            ended.append(error)

    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=run)
    try:
        thread.start()
    except RuntimeError as error:
        return MemoryError(str(error))
    thread.join()
    return ended[0]


def _outcome(error: BaseException) -> Outcome:
    if isinstance(error, MemoryError):
        return Outcome.MEMORY
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return Outcome.SIZE
    return Outcome.DEPTH if isinstance(error, RecursionError) else Outcome.FAULT


def _place(error: BaseException) -> str:
    """Type and place of an error, without its message: that could quote the document."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {where}"


def _end(outcome: Outcome, content: bytes = b"") -> NoReturn:
    """Leave at once: what is left to tear down is worth nothing and may be huge."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError:
        outcome = Outcome.SIZE
    os._exit(outcome)


def _bound_images() -> None:
    import warnings

    from PIL import Image

    Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def work(prepared: Prepared) -> NoReturn:
    """Do the job on standard input and end."""
    job = json.load(sys.stdin.buffer)
    apply(Limits(**job["limits"]))
    result = _on_a_big_stack(lambda: render(job, prepared))
    if isinstance(result, bytes):
        _end(Outcome.DONE, result)
    with suppress(OSError):  # a reason has to fit into the limit on files too
        os.write(sys.stderr.fileno(), _place(result).encode())
    _end(_outcome(result))
