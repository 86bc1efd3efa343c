"""The process that waits warm and forks a child for each PDF (coe.exports.pdf_worker).

It is started by coe.exports.zygotes as `python -m coe.exports.pdf_zygote FD`, with a clean
environment, in a session and a folder of its own. FD is its end of a socket. Each message on it
carries four descriptors: the job, where the PDF and where a reason goes, and a socket for the
answer, one JSON list [exit status, CPU seconds, peak memory in bytes].

Whoever asked closes the socket for the answer to stop the child. The process that started us
holds the only other end of the first socket: when it is gone, whatever ended it, so are we and
every child. It has one thread, so forking is safe.
"""

import ctypes
import gc
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
from pathlib import Path
from shutil import rmtree
from typing import Final, NoReturn

from coe.exports.pdf_worker import Outcome, Prepared, prepare, work

PR_SET_PDEATHSIG: Final = 1
DESCRIPTORS: Final = 4
COLLECT_AFTER: Final = 20_000
"""New objects until garbage is looked for: by measure 5 % of the time less, for 4 MB."""
READY: Final = b"ready"


class Zygote:
    """The loop: jobs come in, children end, askers hang up."""

    def __init__(self, control: socket.socket, prepared: Prepared) -> None:
        self.control = control
        self.prepared = prepared
        self.libc = ctypes.CDLL(None)
        self.pid = os.getpid()
        self.children: dict[int, socket.socket] = {}
        self.ready = selectors.DefaultSelector()
        self.ready.register(control, selectors.EVENT_READ, self.take)

    def serve(self) -> NoReturn:
        while True:
            for key, _ in self.ready.select():
                key.data()

    def take(self) -> None:
        """Fork a child for the job that came, or end where nobody is left to send one."""
        message, descriptors, *_ = socket.recv_fds(self.control, 1, DESCRIPTORS)
        if not message:
            self.end()
        job, out, err, answer = descriptors
        pid = self.fork(job, out, err)
        for each in (job, out, err):
            os.close(each)
        asker = socket.socket(fileno=answer)
        if pid is None:
            asker.close()
            return
        self.children[pid] = asker
        ended = os.pidfd_open(pid)
        self.ready.register(ended, selectors.EVENT_READ, lambda: self.bury(pid, ended))
        self.ready.register(asker, selectors.EVENT_READ, lambda: self.stop(pid))

    def fork(self, *descriptors: int) -> int | None:
        """The number of the child; None where the machine has no room for one."""
        try:
            pid = os.fork()
        except OSError:
            return None
        if pid == 0:
            self.become_child(*descriptors)
        return pid

    def become_child(self, *descriptors: int) -> NoReturn:
        """Keep the job's descriptors and nothing else, and end with the zygote at the latest."""
        try:
            self.libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != self.pid:
                os._exit(Outcome.FAULT)
            for number, descriptor in enumerate(descriptors):
                os.dup2(descriptor, number)
            os.closerange(len(descriptors), os.sysconf("SC_OPEN_MAX"))
            tempfile.tempdir = folder_of(os.getpid())
            Path(tempfile.tempdir).mkdir()
            work(self.prepared)
        finally:  # a child never goes back into the loop
            os._exit(Outcome.FAULT)

    def stop(self, pid: int) -> None:
        """Kill a child whose asker hung up, unless it was buried in the same round."""
        if pid in self.children:
            os.kill(pid, signal.SIGKILL)

    def bury(self, pid: int, ended: int) -> None:
        """Tell how the child ended; an asker that hung up does not hear it."""
        self.ready.unregister(ended)
        os.close(ended)
        _, status, used = os.wait4(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        rmtree(folder_of(pid), ignore_errors=True)
        answer = [code, used.ru_utime + used.ru_stime, used.ru_maxrss << 10]
        with self.children.pop(pid) as asker:
            self.ready.unregister(asker)
            try:
                asker.send(json.dumps(answer).encode(), socket.MSG_NOSIGNAL)
            except OSError:
                return

    def end(self) -> NoReturn:
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)
        rmtree(Path.cwd(), ignore_errors=True)
        os._exit(0)


def folder_of(pid: int) -> str:
    """Where the child `pid` puts what it must have in files, such as fonts."""
    return str(Path.cwd() / f"child-{pid}")


def main() -> None:
    with socket.socket(fileno=int(sys.argv[1])) as control:
        prepared = prepare()
        gc.collect()
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER, 20, 20)
        control.send(READY, socket.MSG_NOSIGNAL)
        Zygote(control, prepared).serve()


if __name__ == "__main__":
    main()
