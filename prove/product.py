"""The product as `make run` starts it, in a private copy of the checkout, and how to hurt it.

The copy has an embedded database, a signing key and static files of its own, so what is killed
here is nobody else's.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from coe.database.place import Place, place_for
from coe.database.server import Server, conninfo_for

CHECKOUT: Final = Path(__file__).resolve().parent.parent
NEEDED: Final = ("coe", "prove", "bench", "static", "templates", "fixtures", "manage.py")
PASSWORD: Final = "only for this proof"  # noqa: S105  of a database that lives for minutes
START_SECONDS: Final = 120
TIED_TO_US: Final = ("setpriv", "--pdeathsig", "TERM", "--")
"""In front of a command: it ends with us, whatever ends us."""


class Product:
    """One started product. `url` is its address once it serves."""

    def __init__(self, folder: Path, settings: str) -> None:
        self.folder = folder
        self.place: Place = place_for(folder)
        self.url = ""
        self._settings = settings
        self._process: subprocess.Popen[str] | None = None

    @property
    def conninfo(self) -> str:
        return conninfo_for(self.place)

    def prepare(self) -> None:
        """Make the database, with the people of the demo in it and one COE."""
        self._manage("migrate", "--verbosity", "0")
        self._manage("seed_demo", "--only", "s3_2017")

    def start(self) -> None:
        """Return once it answers; on the port it had before, if it was started before."""
        port = self.url.rpartition(":")[2] or "0"
        with (self.folder / "run.log").open("a") as log:
            self._process = subprocess.Popen(  # noqa: S603  our own command
                [*TIED_TO_US, *self._command("run", "--port", port)],
                cwd=self.folder,
                env=self._environment(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith("COE is at "):
            raise RuntimeError(f"The product did not start: {self.log()}")
        self.url = line.removeprefix("COE is at ").strip().rstrip("/")

    def log(self) -> str:
        """What it wrote on its standard error."""
        return (self.folder / "run.log").read_text(errors="replace")

    def stop(self) -> None:
        """End it as Ctrl-C does; its database stops with it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.communicate(timeout=90)
            self._process = None

    def kill(self) -> None:
        """End the web server and who watches it by SIGKILL; the next start finds the database."""
        assert self._process is not None
        killed = [self._process.pid, *self._masters(), *self.workers()]
        for number in killed:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self._process.communicate(timeout=90)
        self._process = None

    def workers(self) -> list[int]:
        """The processes of gunicorn that answer."""
        return [worker for master in self._masters() for worker in children_of(master)]

    def _masters(self) -> list[int]:
        """The first process of gunicorn. The database may be a child of the same parent."""
        assert self._process is not None
        return [each for each in children_of(self._process.pid) if b"gunicorn" in command_of(each)]

    def worker_of_jobs(self) -> int | None:
        """The process that does what waits in the outbox; None while there is none."""
        assert self._process is not None
        ours = children_of(self._process.pid)
        return next((each for each in ours if b"run_worker" in command_of(each)), None)

    def kill_worker_of_jobs(self) -> None:
        if (number := self.worker_of_jobs()) is not None:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def kill_worker(self, chance: random.Random) -> None:
        if workers := self.workers():
            with suppress(ProcessLookupError):
                os.kill(chance.choice(workers), signal.SIGKILL)

    def postmaster(self) -> int | None:
        """The first process of our own database, None while there is none."""
        try:
            number = int((self.place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return number if os.fsencode(self.place.data) in command_of(number) else None

    def database_processes(self) -> list[int]:
        """The postmaster and all that it has started."""
        first = self.postmaster()
        return [] if first is None else [first, *children_of(first)]

    def kill_postmaster(self) -> None:
        if (number := self.postmaster()) is not None:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def kill_backend(self, chance: random.Random) -> None:
        """One of the other processes: PostgreSQL then throws everybody out and recovers."""
        if others := self.database_processes()[1:]:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(others), signal.SIGKILL)

    def freeze_database(self) -> None:
        """Let every process of the database stand still, so that it takes and says nothing."""
        self._signal_database(signal.SIGSTOP)

    def thaw_database(self) -> None:
        self._signal_database(signal.SIGCONT)

    def _signal_database(self, number: signal.Signals) -> None:
        for process in self.database_processes():
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def wait_until_database_is_gone(self) -> None:
        server = Server(self.place)
        while server.is_alive():
            time.sleep(0.02)

    def remove(self) -> None:
        """Stop what is left and delete everything."""
        if self._process is not None:
            self.stop()
        if self.place.home.exists():
            Server(self.place).stop()
            shutil.rmtree(self.place.home)
        shutil.rmtree(self.folder)

    def _manage(self, *arguments: str) -> None:
        subprocess.run(  # noqa: S603  our own command
            self._command(*arguments),
            cwd=self.folder,
            env=self._environment(),
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=START_SECONDS,
        )

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    def _environment(self) -> dict[str, str]:
        """Ours without what would point the copy at another database, host or mail server."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("COE_") and name not in ("DATABASE_URL", "HOST", "PORT")
        }
        return kept | {
            "DJANGO_SETTINGS_MODULE": self._settings,
            "COE_DEMO_PASSWORD": PASSWORD,
            "PYTHONUNBUFFERED": "1",
        }


def children_of(number: int) -> list[int]:
    """The processes that `number` has started and that live."""
    try:
        return [
            int(child)
            for task in Path(f"/proc/{number}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return []


def command_of(number: int) -> list[bytes]:
    """What a process was started with; nothing if it is gone."""
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


@contextmanager
def a_product(settings: str = "coe.settings") -> Iterator[Product]:
    """A private copy that is prepared and not started yet; gone afterwards."""
    with a_copy(settings) as product:
        product.prepare()
        yield product


@contextmanager
def a_copy(settings: str = "coe.settings") -> Iterator[Product]:
    """A private copy without a database; gone afterwards, with what it has got by then."""
    # Not the temporary folder of the environment: its path may be too long for a socket.
    folder = Path(tempfile.mkdtemp(prefix="coe-prove-", dir="/tmp"))
    product = Product(folder, settings)
    try:
        copy_checkout(folder)
        yield product
    finally:
        product.remove()


def copy_checkout(folder: Path) -> None:
    for name in NEEDED:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy2(source, folder / name)
