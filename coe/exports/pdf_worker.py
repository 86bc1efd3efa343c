"""The child that makes one PDF: its own process, under limits, reading only what it is given.

It is started by path (coe.exports.rendering), imports nothing of the product and ends after one
job. The job is one JSON object on standard input:

    html         the document
    stylesheets  a list of CSS texts
    files        name -> [media type, base64], everything that html and CSS may refer to
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
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, NoReturn

SCHEME: Final = "coe-file"
STACK_BYTES: Final = 256 << 20
IMAGE_PIXELS: Final = 40_000_000


class Outcome(IntEnum):
    """The exit status of the child, as far as it could still choose one."""

    DONE = 0
    FAULT = 70
    MEMORY = 71
    DEPTH = 72
    SIZE = 73


@dataclass(frozen=True, slots=True)
class Limits:
    """What one rendering may use. The wall clock is watched by the parent.

    `calls` is how deep Python may call: reached long before STACK_BYTES is, so that deep nesting
    raises and never crashes.
    """

    cpu_seconds: int = 30
    wall_seconds: float = 60.0
    memory_mb: int = 1024
    output_mb: int = 50
    open_files: int = 64
    calls: int = 15_000


def apply(limits: Limits) -> None:
    """Bind this process to `limits`, for good, and step behind the web in the queue for a core."""
    for what, amount in (
        (resource.RLIMIT_AS, limits.memory_mb << 20),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.output_mb << 20),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (amount, amount))
    os.nice(5)
    sys.setrecursionlimit(limits.calls)


def render(html: str, stylesheets: list[str], files: Mapping[str, tuple[str, bytes]]) -> bytes:
    """`html` as a tagged PDF/UA-1. References to names outside `files` are left out."""
    from weasyprint import CSS, HTML  # heavy: after the limits are in force
    from weasyprint.text.fonts import FontConfiguration

    _bound_images()
    _forbid_the_world()
    fetcher, fonts = _map_fetcher(files), FontConfiguration()
    document = HTML(string=html, url_fetcher=fetcher, media_type="print")
    sheets = [CSS(string=css, url_fetcher=fetcher, font_config=fonts) for css in stylesheets]
    pdf = document.write_pdf(
        stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1", pdf_identifier=True
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
    sys.stderr.flush()
    os._exit(outcome)


def _bound_images() -> None:
    import warnings

    from PIL import Image

    Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def main() -> None:
    job = json.load(sys.stdin.buffer)
    apply(Limits(**job["limits"]))
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    files = {name: (kind, binascii.a2b_base64(b)) for name, (kind, b) in job["files"].items()}
    result = _on_a_big_stack(lambda: render(job["html"], job["stylesheets"], files))
    if isinstance(result, bytes):
        _end(Outcome.DONE, result)
    sys.stderr.write(_place(result))
    _end(_outcome(result))


if __name__ == "__main__":
    main()
