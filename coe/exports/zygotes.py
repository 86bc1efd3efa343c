"""Our side of the process that waits warm (coe.exports.pdf_zygote): started when it is first
needed, replaced when it has died or its design has changed, and gone when we are.

Each process that serves has one of its own: what a fork inherits is closed and forgotten.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Final

from coe.exports import design
from coe.exports.pdf_zygote import READY

START_SECONDS: Final = 20.0
GRACE_SECONDS: Final = 2.0
"""How long a zygote may take to say what should be known at once."""
TIMED_OUT: Final = 124
"""The status of a child that took longer than it was given, as `timeout` has it. One that the
machine kills, because memory is short, ends with -SIGKILL."""

_CHECKOUT: Final = Path(__file__).resolve().parents[2]
_PASSED_ON: Final = ("LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")


class ZygoteLost(Exception):
    """The zygote is gone or does not answer; nothing is known of the job."""


@contextmanager
def _lost_without_means() -> Iterator[None]:
    """What fails for want of memory, descriptors or processes says nothing of the job."""
    try:
        yield
    except OSError as error:
        raise ZygoteLost(str(error)) from error


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended, with what it wrote and what it used.

    `status` is as `subprocess` counts, or TIMED_OUT.
    """

    status: int
    output: bytes
    errors: str
    cpu_seconds: float
    memory_bytes: int


class Zygote:
    """One process that waits for jobs. Threads may share it."""

    def __init__(self) -> None:
        """Start it and wait until it is ready; raises `ZygoteLost` when it does not come up."""
        self.design = design.state()
        self.folder, self.control, self.process = _start()
        self.control.settimeout(START_SECONDS)
        try:
            came_up = self.control.recv(len(READY)) == READY
        except OSError:
            came_up = False
        if not came_up:
            self.end()
            raise ZygoteLost("did not start")
        self.control.settimeout(GRACE_SECONDS)

    def is_fit(self) -> bool:
        return self.process.poll() is None and self.design == design.state()

    @_lost_without_means()
    def run(self, job: bytes, seconds: float) -> Ended:
        """Have a child do `job`; after `seconds` it is stopped, and its status is TIMED_OUT.

        Raises `ZygoteLost`.
        """
        with _memory_file(job) as given, _memory_file() as out, _memory_file() as errors:
            asker, answering = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with asker:
                with answering:
                    self._send(given, out, errors, answering.fileno())
                status, cpu_seconds, memory_bytes = self._await(asker, seconds)
            said = _content(errors).decode(errors="replace")[-500:]
            return Ended(status, _content(out), said, cpu_seconds, memory_bytes)

    def _send(self, *descriptors: int) -> None:
        socket.send_fds(self.control, [b"\n"], descriptors)

    def _await(self, asker: socket.socket, seconds: float) -> tuple[int, float, int]:
        asker.settimeout(seconds)
        try:
            return _answer(asker)
        except TimeoutError:
            with suppress(OSError):
                asker.shutdown(socket.SHUT_WR)
        asker.settimeout(GRACE_SECONDS)
        try:
            status, cpu_seconds, memory_bytes = _answer(asker)
        except TimeoutError:
            self.kill()
            return TIMED_OUT, 0.0, 0
        ended_itself = status != -signal.SIGKILL
        return status if ended_itself else TIMED_OUT, cpu_seconds, memory_bytes

    def kill(self) -> None:
        """End it at once, with every child."""
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        """Let it end by itself, which it does at once, and see to it."""
        self.control.close()
        try:
            self.process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        rmtree(self.folder, ignore_errors=True)

    def forget(self) -> None:
        """It belongs to the process that we were forked from."""
        self.control.close()
        self.process.returncode = 0


def _answer(asker: socket.socket) -> tuple[int, float, int]:
    told = asker.recv(200)
    if not told:
        raise ZygoteLost("hung up")
    status, cpu_seconds, memory_bytes = json.loads(told)
    return status, cpu_seconds, memory_bytes


@_lost_without_means()
def _start() -> tuple[str, socket.socket, subprocess.Popen[bytes]]:
    """Its folder, our end of its socket and the process, or nothing of all that."""
    with ExitStack() as made:
        folder = tempfile.mkdtemp(prefix="coe-pdf-")
        made.callback(rmtree, folder, ignore_errors=True)
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        made.callback(control.close)
        with theirs:
            process = _process(folder, theirs.fileno())
        made.pop_all()
        return folder, control, process


def _process(folder: str, control: int) -> subprocess.Popen[bytes]:
    """The zygote in a session of its own, knowing nothing of our environment and its secrets.

    Fixed seed and date: hash order and the clock would make equal documents differ.
    """
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"HOME": folder, "TMPDIR": folder, "LC_ALL": "C.UTF-8"}
    environment |= {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "PYTHONPATH": str(_CHECKOUT)}
    return subprocess.Popen(  # noqa: S603 (our own interpreter and module, no shell)
        [sys.executable, "-s", "-P", "-B", "-m", "coe.exports.pdf_zygote", str(control)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
        pass_fds=(control,),
    )


@contextmanager
def _memory_file(content: bytes = b"") -> Iterator[int]:
    """A file without a name, so that nothing has to be cleared away."""
    descriptor = os.memfd_create("coe-pdf")
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)


def _content(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return file.read()


# The one of this process

_lock = threading.Lock()
_current: Zygote | None = None


def run(job: bytes, seconds: float) -> Ended:
    """Have `job` done by a child of this process's zygote, at most `seconds` after it is ready.

    A zygote that died is replaced, once. Raises `ZygoteLost` when that did not help.
    """
    zygote = current()
    try:
        return zygote.run(job, seconds)
    except ZygoteLost:
        zygote.kill()  # it may only be dying yet
    return current().run(job, seconds)


def current() -> Zygote:
    """The zygote of this process, ready for jobs; raises `ZygoteLost` when none comes up."""
    global _current
    with _lock:
        if _current and not _current.is_fit():
            _current.end()
            _current = None
        if _current is None:
            _current = Zygote()
        return _current


def end_current() -> None:
    """End the zygote of this process, if there is one."""
    global _current
    with _lock:
        if _current:
            _current.end()
        _current = None


def _forget_after_fork() -> None:
    global _current, _lock
    _lock = threading.Lock()
    if _current:
        _current.forget()
    _current = None


os.register_at_fork(after_in_child=_forget_after_fork)
atexit.register(end_current)
