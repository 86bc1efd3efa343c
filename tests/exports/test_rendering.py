"""The child process: what it may use, what it may read, and how it ends."""

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest

from coe.exports import rendering
from coe.exports.design import address
from coe.exports.pdf_worker import Limits
from coe.exports.rendering import (
    File,
    RendererBusy,
    RenderingFailed,
    render_document,
    render_pdf,
)
from coe.exports.zygotes import ZygoteLost
from tests.exports.reading import elements, opened, raw

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def page(body: str, head: str = "") -> str:
    return f'<!DOCTYPE html><html lang="en"><head><title>Test</title>{head}</head><body>{body}'


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything reach the child, as if the guard before it did not know the trick."""
    monkeypatch.setattr(rendering, "_refuse_what_cannot_end", lambda html: None)


class Listener:
    """A server that knows whether anybody ever connected to it."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.was_reached = threading.Event()
        self.thread = threading.Thread(target=self._wait, daemon=True)
        self.thread.start()

    def _wait(self) -> None:
        with suppress(OSError):
            self.socket.accept()[0].close()
            self.was_reached.set()

    def close(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


def references_to(where: str) -> str:
    """Every way in which HTML and CSS make a renderer read something."""
    return page(
        f'<img src="{where}/img.png" alt="a"><object data="{where}/object"></object>'
        f'<embed src="{where}/embed"><a rel="attachment" href="{where}/attached">a</a>'
        f'<input type="image" src="{where}/input"><p style="background: url({where}/p)">p</p>'
        f'<ul style="list-style: url({where}/bullet)"><li>b</li></ul>'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        f'<image href="{where}/svg.png" width="9" height="9"/></svg>',
        f'<base href="{where}/"><link rel="stylesheet" href="{where}/link.css">'
        f'<link rel="attachment" href="{where}/file"><style>@import url({where}/import.css);'
        f"@font-face {{ font-family: x; src: url({where}/font.woff2) }}"
        f"p::before {{ content: url({where}/content) }}</style>",
    )


def test_fetches_nothing_from_the_network(listener: Listener) -> None:
    where = f"http://127.0.0.1:{listener.port}"
    sheet = f"@import url({where}/a.css); body {{ background: url({where}/body) }}"
    reader = opened(render_pdf(references_to(where), stylesheets=[sheet]))
    assert not listener.was_reached.is_set()
    assert len(reader.pages) == 1


def test_the_listener_would_have_noticed(listener: Listener) -> None:
    socket.create_connection(("127.0.0.1", listener.port)).close()
    assert listener.was_reached.wait(5)


def test_reads_no_file_of_the_machine(tmp_path: Path) -> None:
    marker = b"the secret marker of this test"
    names = ("img.png", "object", "embed", "attached", "file", "link.css", "import.css", "content")
    for name in names:
        tmp_path.joinpath(name).write_bytes(marker)
    where = tmp_path.as_uri()
    reader = opened(render_pdf(references_to(where), stylesheets=[f"@import url({where}/file);"]))
    assert marker not in raw(reader)
    assert "/EmbeddedFile" not in str(reader.root_object)
    assert not reader.attachments


def test_shows_what_is_in_the_map_with_its_alternative() -> None:
    html = page(f'<img src="{address("dot.png")}" alt="A dot, for the test">')
    reader = opened(render_pdf(html, files={"dot.png": File("image/png", PIXEL)}))
    figures = [element for kind, element in elements(reader) if kind == "Figure"]
    assert [str(figure["/Alt"]) for figure in figures] == ["A dot, for the test"]
    assert len(reader.pages[0].images) == 1


def test_leaves_out_what_is_not_in_the_map() -> None:
    html = page(f'<img src="{address("gone.png")}" alt="a"><img src="data:image/png;base64,AA">')
    assert len(opened(render_pdf(html)).pages[0].images) == 0


def test_gives_the_same_bytes_again() -> None:
    """Also with fonts of the system, whose subsets would carry the time they were made at."""
    html = page("<h1>Equal</h1><p>障害 🙂 <a href='https://example.com/'>link</a></p>")
    assert render_pdf(html) == render_pdf(html)


@pytest.mark.parametrize(
    "bomb",
    [
        "<table><tr><td colspan=100000>x</table>",
        "<table><colgroup span='1000000000'></colgroup><tr><td>x</table>",
        "<p>" + "a<br>" * 6_000,
        "<table>" + "<TR><TD>x" * 5_000 + "</table>",
        "<ul>" + "<li>x" * 9_000,
        "x" * 9_000_000,
    ],
    ids=["span", "group", "breaks", "rows", "items", "length"],
)
def test_what_cannot_end_is_refused_at_once(bomb: str) -> None:
    with pytest.raises(RenderingFailed, match=r"too large for a PDF.*Shorten"):
        render_pdf(page(bomb))


@pytest.mark.usefixtures("unguarded")
def test_computing_time_is_limited() -> None:
    with pytest.raises(RenderingFailed, match="took longer than a PDF may take"):
        render_pdf(page("<p>" + "a<br>" * 50_000), limits=Limits(cpu_seconds=2))


def test_waiting_time_is_limited() -> None:
    with pytest.raises(RenderingFailed, match="took longer than a PDF may take"):
        render_pdf(page("<p>Text"), limits=Limits(wall_seconds=0.01))


@pytest.mark.usefixtures("unguarded")
def test_memory_is_limited() -> None:
    with pytest.raises(RenderingFailed, match="needed more memory"):
        render_pdf(page("<table><tr><td colspan=1000000000>x</table>"))


def test_deep_nesting_is_an_answer_and_not_a_crash() -> None:
    with pytest.raises(RenderingFailed, match="nested too deeply"):
        render_pdf(page("<div>" * 300 + "x"), limits=Limits(calls=1_000))


def test_size_is_limited() -> None:
    with pytest.raises(RenderingFailed, match="became larger"):
        render_pdf(page("<p>Text"), limits=Limits(output_mb=0))


def test_after_failures_the_next_pdf_is_made() -> None:
    for _ in range(rendering.AT_ONCE + 1):
        with pytest.raises(RenderingFailed):
            render_pdf(page("<p>" + "a<br>" * 5_000), limits=Limits(wall_seconds=0.05))
    assert render_pdf(page("<p>Text")).startswith(b"%PDF-1.7")


def test_where_nothing_is_there_to_make_it_the_document_is_not_printed_plainly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lose(job: bytes, seconds: float) -> NoReturn:
        raise ZygoteLost("did not start")

    monkeypatch.setattr(rendering, "run", lose)
    with pytest.raises(RendererBusy):
        render_document(page("<p>Text"))


def test_who_comes_when_all_places_are_taken_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_slots", threading.BoundedSemaphore(1))
    monkeypatch.setattr(rendering, "PATIENCE_SECONDS", 0.01)
    with rendering._slot(), pytest.raises(RendererBusy, match="again in a minute"):
        render_pdf(page("<p>Text"))


def test_who_comes_when_enough_wait_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_hands", threading.BoundedSemaphore(1))
    with rendering.in_hand(), pytest.raises(RendererBusy), rendering.in_hand():
        pass
    with rendering.in_hand():
        pass


@pytest.mark.usefixtures("unguarded")
def test_a_drawing_that_repeats_itself_without_end_is_stopped() -> None:
    levels = "".join(
        f'<g id="l{n}">' + f'<use href="#l{n - 1}"/>' * 12 + "</g>" for n in range(1, 9)
    )
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg"><defs><g id="l0"><path d="M0 0h1"/></g>{levels}'
    )
    with pytest.raises(RenderingFailed, match="took longer"):
        render_pdf(page(f'{drawing}</defs><use href="#l8"/></svg>'), limits=Limits(cpu_seconds=1))
