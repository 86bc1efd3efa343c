"""The process that waits warm: it is shared, replaced, kept out of forks, and gone with us."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from coe.exports import design, pdf_zygote, zygotes
from coe.exports.pdf import html_of
from coe.exports.pdf_worker import Limits, Prepared
from coe.exports.rendering import render_document
from coe.exports.zygotes import Zygote, ZygoteLost
from tests.exports import samples

CHECKOUT = Path(__file__).resolve().parents[2]
SHORT = '<!DOCTYPE html><html lang="en"><title>Short</title><p>Text'
ENDLESS = f"{SHORT}{'a<br>' * 60_000}"


def job(html: str, **limits: Any) -> bytes:
    given = asdict(Limits(**limits))
    rest: dict[str, Any] = {"look": "", "note": "", "stylesheets": [], "files": {}}
    return json.dumps({"html": html, "limits": given, **rest}).encode()


def children_of(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def first_child_of(pid: int) -> int:
    """The number of its child, once it has one that works on its job."""
    while True:
        for child in children_of(pid):
            if any(Path(zygote_folder(pid)).glob(f"child-{child}")):
                return child


def zygote_folder(pid: int) -> str:
    return str(Path(f"/proc/{pid}/cwd").readlink())


def end_of(pid: int, seconds: float = 10) -> bool:
    """Whether `pid` has ended, or does within the time; one that waits to be buried has."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], seconds)[0])
    finally:
        os.close(process)


@pytest.fixture(scope="module")
def kept() -> Iterator[list[Zygote]]:
    """Starting one takes a second, so a test that leaves it fit leaves it to the next."""
    made: list[Zygote] = []
    yield made
    for each in made:
        each.end()


@pytest.fixture
def zygote(kept: list[Zygote]) -> Zygote:
    """One that belongs to these tests alone."""
    if not kept or not kept[-1].is_fit():
        kept.append(Zygote())
    return kept[-1]


@pytest.fixture
def in_work(zygote: Zygote) -> Iterator[list[Any]]:
    """What becomes of a job without an end, on which a child is at work."""
    outcome: list[Any] = []

    def ask() -> None:
        try:
            outcome.append(zygote.run(job(ENDLESS), 60))
        except ZygoteLost as error:
            outcome.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    outcome.append(first_child_of(zygote.process.pid))
    outcome.append(thread)
    yield outcome
    thread.join(10)


def test_knows_no_secret_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COE_SECRET_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@localhost/coe")
    zygote = Zygote()
    environment = Path(f"/proc/{zygote.process.pid}/environ").read_bytes()
    assert b"PYTHONHASHSEED=0" in environment
    assert b"secret" not in environment
    assert os.getsid(zygote.process.pid) == zygote.process.pid
    zygote.run(job(SHORT), 30)
    assert [each.name for each in Path(zygote.folder).iterdir() if "child" in each.name] == []
    zygote.end()
    assert not Path(zygote.folder).exists()
    assert end_of(zygote.process.pid)


def test_has_no_thread_and_no_web_in_it(zygote: Zygote) -> None:
    pid = zygote.process.pid
    assert len(list(Path(f"/proc/{pid}/task").iterdir())) == 1
    loaded = Path(f"/proc/{pid}/maps").read_text()
    assert "cffi" in loaded
    assert "psycopg" not in loaded


def test_serves_one_job_after_the_other_and_keeps_nothing_open(zygote: Zygote) -> None:
    pids = (zygote.process.pid, os.getpid())

    def open_files() -> list[int]:
        return [sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()) for pid in pids]

    def is_settled(files: list[int]) -> bool:
        """Nothing was added; other tests may have left something here that is collected now."""
        return all(now <= was for now, was in zip(open_files(), files, strict=True))

    def settled(files: list[int]) -> bool:
        """It closes its end of the answer a moment after we have it."""
        until = time.monotonic() + 5
        while not is_settled(files) and time.monotonic() < until:
            time.sleep(0.01)
        return is_settled(files)

    first = zygote.run(job(SHORT), 30)
    before = open_files()
    again = [zygote.run(job(SHORT), 30) for _ in range(3)][-1]
    assert settled(before)
    assert zygote.run(job(SHORT, output_mb=0), 30).status == 73
    assert (first.status, first.output) == (again.status, again.output)
    assert settled(before)


def test_gives_the_same_bytes_fresh_and_warm(zygote: Zygote) -> None:
    html = html_of(samples.DRAFT)
    warm = render_document(html)
    render_document(html_of(samples.EMPTY))
    assert render_document(html) == warm
    look: dict[str, Any] = {**json.loads(job(html)), "look": "full"}
    assert zygote.run(json.dumps(look).encode(), 30).output == warm.content


def test_a_child_that_is_killed_is_a_failure_and_the_next_works(
    zygote: Zygote, in_work: list[Any]
) -> None:
    child, thread = in_work
    os.kill(child, signal.SIGKILL)
    thread.join(10)
    assert in_work[-1].status == -signal.SIGKILL
    assert zygote.run(job(SHORT), 30).status == 0


def test_whoever_waits_too_long_takes_the_child_along(zygote: Zygote) -> None:
    assert zygote.run(job(ENDLESS), 0.2).status == zygotes.TIMED_OUT
    assert children_of(zygote.process.pid) == []
    assert zygote.is_fit()


def test_a_zygote_that_does_not_answer_holds_nobody_up(
    zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zygotes, "GRACE_SECONDS", 0.2)
    os.kill(zygote.process.pid, signal.SIGSTOP)
    assert zygote.run(job(SHORT), 0.2).status == zygotes.TIMED_OUT
    assert not zygote.is_fit()


def test_child_ends_with_the_zygote_and_who_asked_is_told(
    zygote: Zygote, in_work: list[Any]
) -> None:
    child, thread = in_work
    os.kill(zygote.process.pid, signal.SIGKILL)
    thread.join(10)
    assert isinstance(in_work[-1], ZygoteLost)
    assert end_of(child)


def test_one_that_died_is_replaced_and_the_job_is_done() -> None:
    first = zygotes.current()
    os.kill(first.process.pid, signal.SIGKILL)
    assert zygotes.run(job(SHORT), 30).status == 0
    second = zygotes.current()
    assert second is not first
    assert zygotes.current() is second


def test_one_that_read_an_older_design_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    first = zygotes.current()
    monkeypatch.setattr(design, "state", lambda: (1,))
    second = zygotes.current()
    assert second is not first
    assert end_of(first.process.pid)


def test_one_that_does_not_come_up_is_said_to_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ZygoteLost, match="did not start"):
        Zygote()


def test_without_room_for_one_it_is_lost_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "executable", "/nowhere")
    before = sorted(Path("/proc/self/fd").iterdir())
    with pytest.raises(ZygoteLost, match="No such file"):
        Zygote()
    assert list(tmp_path.iterdir()) == []
    assert sorted(Path("/proc/self/fd").iterdir()) == before


def test_an_asker_who_hangs_up_in_the_moment_the_child_ends_harms_nobody() -> None:
    """The number of a child that is buried already may be that of another process."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        loop = pdf_zygote.Zygote(theirs, Prepared({}, "", {}))
        with subprocess.Popen(["/bin/sleep", "60"]) as other:
            loop.stop(other.pid)
            assert other.poll() is None
            loop.children[other.pid] = ours
            loop.stop(other.pid)
            assert other.wait(10) == -signal.SIGKILL


SERVER = """
import os, sys, threading
from coe.exports import zygotes
zygote = zygotes.current()
job = sys.stdin.buffer.readline()
threading.Thread(target=zygote.run, args=(job, 60), daemon=True).start()
print(zygote.process.pid, flush=True)
sys.stdin.buffer.read()
"""


def test_nothing_outlives_a_server_that_is_killed() -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    with server.stdin, server.stdout:
        server.stdin.write(job(ENDLESS) + b"\n")
        server.stdin.flush()
        pid = int(server.stdout.readline())
        child, folder = first_child_of(pid), Path(zygote_folder(pid))
        assert not end_of(pid, seconds=0), "the checker must see a process that lives"
        server.kill()
        server.wait()
        assert end_of(pid)
        assert end_of(child)
        assert not folder.exists()


FORKING = """
import os
from coe.exports import zygotes
mine = zygotes.current()
if os.fork() == 0:
    assert mine.control.fileno() == -1, "the child holds our end of the socket"
    theirs = zygotes.current()
    assert theirs.process.pid != mine.process.pid
    zygotes.end_current()
    os._exit(0)
assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
assert zygotes.current() is mine, "the child ended what is ours"
print("one each")
"""


def test_a_fork_has_a_zygote_of_its_own() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FORKING], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert (ended.stdout, ended.stderr) == ("one each\n", "")
