"""Real servers in fresh folders, apart from the one that the other tests use."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from coe.database import embedded
from coe.database.place import place_for
from coe.database.server import Server

REPOSITORY = Path(__file__).resolve().parents[2]
TENANT = """
import signal, sys
from pathlib import Path
from coe.database import embedded
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background of a script
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # ignored where the tests were started by nohup
with embedded.running(Path(sys.argv[1])) as conninfo:
    print(conninfo, flush=True)
    sys.stdin.read()
"""


class Tenant:
    """Another process that uses the server of a checkout until it is told to leave."""

    def __init__(self, checkout: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", TENANT, checkout],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def conninfo(self) -> str:
        """What it says once it is in."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leave(self) -> int:
        """Let it go in order, and return its exit code."""
        self.process.communicate(timeout=90)
        return self.process.returncode


@pytest.fixture
def tenant() -> Iterator[Callable[[Path], Tenant]]:
    """Makes tenants; whatever is left of them afterwards is killed."""
    tenants: list[Tenant] = []

    def make(checkout: Path) -> Tenant:
        tenants.append(Tenant(checkout))
        return tenants[-1]

    yield make
    for each in tenants:
        each.process.kill()
        each.process.communicate()


@pytest.fixture
def new_checkout(tenant: object) -> Iterator[Callable[[str], Path]]:
    """Makes folders with the name that is asked for; their servers and data go afterwards.

    Not under pytest's own folder: its path is too long for a socket.
    """
    parent = Path(mkdtemp(prefix="coe-t-"))
    made: list[Path] = []

    def make(name: str) -> Path:
        made.append(parent / name)
        made[-1].mkdir()
        return made[-1]

    yield make
    for each in made:
        remove(each)
    parent.rmdir()


@pytest.fixture(scope="session")
def checkout() -> Iterator[Path]:
    """A checkout whose server has run before. Each test leaves it stopped and in order."""
    folder = Path(mkdtemp(prefix="coe-t-"))
    with embedded.running(folder):
        pass
    yield folder
    remove(folder)


def remove(checkout: Path) -> None:
    """Stop the server of a checkout, if there is one, and delete all that there is."""
    place = place_for(checkout)
    if place.home.exists():
        Server(place).stop()
        shutil.rmtree(place.home)
    shutil.rmtree(checkout)


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has nothing to do with any server and must stay alive."""
    process = subprocess.Popen(["sleep", "600"], env={"PATH": os.defpath})
    yield process
    assert process.poll() is None
    process.kill()
    process.wait()
