"""Starting and stopping the server process of one place. Whoever does either holds the gate."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg.conninfo import make_conninfo

from coe.database.ending import endings_held_back
from coe.database.installation import ENVIRONMENT, binaries_for, create_data, identity_of
from coe.database.place import SOCKET_NAME, EmbeddedPostgresError, Place

DATABASE = "coe"
START_SECONDS = 300  # recovery after a crash may be long
STOP_SECONDS = 60
LARGEST_LOG = 10 * 1024 * 1024


def conninfo_for(place: Place, database: str = DATABASE) -> str:
    """Everything is named, so that no PG* variable of the environment counts."""
    return make_conninfo(host=str(place.sockets), port=5432, user="coe", dbname=database)


@contextmanager
def holding(lock: Path) -> Iterator[int]:
    """Hold `lock` alone, waiting for it; yields its descriptor."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def trying(lock: Path) -> Iterator[int | None]:
    """Hold `lock` alone if nobody else holds it; yields its descriptor, or None."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield descriptor
    except BlockingIOError:
        yield None
    finally:
        os.close(descriptor)


class Server:
    """The server of one place, as one tenant sees it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._child: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    def start(self, gate: int) -> None:
        """Return once the server answers and the database exists. `gate` is the gate, held.

        Raises EmbeddedPostgresError when the server ends or stays silent instead.
        """
        deadline = time.monotonic() + START_SECONDS
        if not self._answers():
            binaries = binaries_for(self.place)
            create_data(self.place, binaries, gate)
            make_private(self.place.sockets)
            while not self._answers():
                if time.monotonic() > deadline:
                    raise EmbeddedPostgresError(f"PostgreSQL does not answer; {self._last_words()}")
                self._launch_unless_alive(binaries)
                time.sleep(0.05)
        self._create_database()

    def _answers(self) -> bool:
        try:
            with psycopg.connect(conninfo_for(self.place, "postgres"), connect_timeout=2) as open_:
                open_.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _launch_unless_alive(self, binaries: Path) -> None:
        """While any process of a server lives, starting or dying, there is nothing to do yet."""
        with trying(self.place.alive) as alive:
            if alive is None:
                return
            if self._child is not None:
                raise EmbeddedPostgresError(f"PostgreSQL did not start; {self._last_words()}")
            self._remove_stale_files()
            with endings_held_back():  # until it runs, the child has our descriptors: a tenant
                self._child = self._launch(binaries, alive)

    def _remove_stale_files(self) -> None:
        socket = self.place.sockets / SOCKET_NAME
        for stale in (self.place.data / "postmaster.pid", socket, Path(f"{socket}.lock")):
            stale.unlink(missing_ok=True)

    def _launch(self, binaries: Path, alive: int) -> subprocess.Popen[bytes]:
        """In a session of its own, so that Ctrl-C in a terminal does not reach the server."""
        settings = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": f'"{self.place.sockets}"',
            "unix_socket_permissions": "0700",
            "log_line_prefix": "%m [%p] ",
            "idle_in_transaction_session_timeout": "60s",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        with self._open_log() as log:
            return subprocess.Popen(  # noqa: S603  our own binary
                [binaries / "postgres", "-D", self.place.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=ENVIRONMENT,
                cwd="/",
                start_new_session=True,
                pass_fds=(alive,),
                **identity_of(self.place),
            )

    def _open_log(self) -> BinaryIO:
        log = self.place.log
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        opened = log.open("ab")
        self._log_start = opened.tell()
        return opened

    def _last_words(self) -> str:
        """The last line that the server wrote since we started it, and where to read more."""
        if not self.place.log.exists():
            return f"its data is in {self.place.data}."
        with self.place.log.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode(errors="replace").splitlines()
        fatal = [line for line in lines if "FATAL" in line or "PANIC" in line]
        said = (fatal or lines or ["it wrote nothing"])[-1]
        return f"see {self.place.log}, which ends: {said}"

    def _create_database(self) -> None:
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        with psycopg.connect(conninfo_for(self.place, "postgres"), autocommit=True) as connection:
            if connection.execute(known, [DATABASE]).fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def stop(self) -> None:
        """Shut the server down, ending what connections it has, and wait for its last process.

        By signal: pg_ctl refuses to run as root. Where no process lives there is nothing to do.
        Raises EmbeddedPostgresError when one still lives after a minute.
        """
        deadline = time.monotonic() + STOP_SECONDS
        signalled = False
        while self.is_alive():
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"PostgreSQL does not stop; {self._last_words()}")
            postmaster = self._own_child() or self._recorded_postmaster()
            if postmaster is not None and not signalled:
                os.kill(postmaster, signal.SIGINT)
                signalled = True
            time.sleep(0.02)
        if self._child is not None:
            self._child.wait()
        if self.place.sockets != self.place.data:
            with suppress(OSError):
                self.place.sockets.rmdir()

    def is_alive(self) -> bool:
        """Whether any process of the server lives, starting or dying."""
        with trying(self.place.alive) as alive:
            return alive is None

    def _own_child(self) -> int | None:
        if self._child is None or self._child.poll() is not None:
            return None
        return self._child.pid

    def _recorded_postmaster(self) -> int | None:
        """The process in postmaster.pid, if it is the postmaster of this very folder.

        The number alone proves nothing: it may be left over, and belong to somebody else by now.
        """
        try:
            number = int((self.place.data / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return number if command[1:3] == [b"-D", os.fsencode(self.place.data)] else None


def make_private(folder: Path) -> None:
    """Create `folder` for ourselves alone; EmbeddedPostgresError when somebody else has it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or (os.geteuid() not in (0, found.st_uid)) or found.st_mode & 0o077:
        raise EmbeddedPostgresError(f"{folder} must be a folder that only its owner may open.")
