"""The processes that `manage.py run` starts: they end with it, whatever ends it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings

TIED_TO_US: Final = ("setpriv", "--pdeathsig", "TERM", "--")
STOP_SECONDS: Final = 15
GENTLY: Final = ("nice", "-n", "5")
"""In front of the worker: pages come before PDFs that nobody waits for yet."""
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
LONG_ENOUGH: Final = 20.0
"""Who lived so long did not end because it cannot start."""


class Worker:
    """`manage.py run_worker` as a child that is started again whenever it has ended."""

    def __init__(self, url: str, *, tell: Callable[[str], object]) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._url = url
        self._tell = tell
        self._pause = FIRST_PAUSE
        self._began = self._next = time.monotonic()

    def keep_up(self) -> None:
        """Start it if it does not run; one that ends at once again is waited with."""
        if self.process is not None:
            if self.process.poll() is None:
                return
            self._note_end(self.process.returncode)
        if time.monotonic() >= self._next:
            self._start()

    def _note_end(self, code: int) -> None:
        has_lived = time.monotonic() - self._began > LONG_ENOUGH
        self._pause = FIRST_PAUSE if has_lived else min(self._pause * 2, LONGEST_PAUSE)
        self._next = time.monotonic() + self._pause
        self.process = None
        self._tell(f"The worker ended with code {code}; it is started again.")

    def _start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603  our own command
            [*TIED_TO_US, *GENTLY, sys.executable, "manage.py", "run_worker"],
            cwd=settings.BASE_DIR,
            env={"COE_URL": self._url, **os.environ},
            start_new_session=True,  # Ctrl-C is for us, who end it in order
        )
        self._began = time.monotonic()


def end(*processes: subprocess.Popen[bytes] | None) -> None:
    """Let them finish what they are doing; a further Ctrl-C does not cut that short."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    started = [process for process in processes if process is not None]
    for process in started:
        process.terminate()
    until = time.monotonic() + STOP_SECONDS
    for process in started:
        try:
            process.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
