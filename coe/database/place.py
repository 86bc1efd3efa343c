"""Where the embedded PostgreSQL of a checkout lives, and which checkouts are refused."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

ROOTS_HOME = Path("/var/lib/coe")
SERVICE_USER = "coe-postgres"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes
REMOTE_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "ceph", "afs", "fuse.sshfs"})


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot be had. The message is one sentence for the person."""


@dataclass(frozen=True)
class Place:
    """The folders and files of one embedded server. Computed from the path alone."""

    home: Path
    """Holds the data, the locks and the log."""
    sockets: Path
    """The private folder of the socket."""
    service_user: str | None
    """The system user that the server runs as; None means that it runs as ourselves."""

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def gate(self) -> Path:
        """Locked while somebody starts or stops the server."""
        return self.home / "gate.lock"

    @property
    def tenants(self) -> Path:
        """Locked, shared, by each process that uses the server."""
        return self.home / "tenants.lock"

    @property
    def alive(self) -> Path:
        """Locked as long as any process of the server lives: each inherits the descriptor."""
        return self.home / "alive.lock"


def place_for(checkout: Path) -> Place:
    """Root's servers live in a system folder, everybody else's in the checkout.

    Reads the user's id and resolves links; starts and writes nothing.
    """
    resolved = checkout.resolve()
    digest = hashlib.sha256(os.fsencode(resolved)).hexdigest()[:16]
    if os.geteuid() == 0:
        home = ROOTS_HOME / digest
        return Place(home, sockets=home / "data", service_user=SERVICE_USER)
    home = resolved / "var" / "postgres"
    return Place(home, sockets=_socket_folder(home / "data", digest), service_user=None)


def _socket_folder(data: Path, digest: str) -> Path:
    """The data folder, unless its path is too long for a socket or hard to quote."""
    fits = len(os.fsencode(data / SOCKET_NAME)) < LONGEST_SOCKET_PATH
    if fits and re.fullmatch(r"[A-Za-z0-9_./ -]+", str(data)):
        return data
    # Not the TMPDIR of the environment: every process must come to the same path.
    return Path("/tmp") / f"coe-{os.geteuid()}-{digest}"  # noqa: S108  checked by make_private


def refuse_untested(checkout: Path, place: Place, mounts: str) -> None:
    """Raise EmbeddedPostgresError for a path or file system that was not tested.

    `mounts` is the text of /proc/self/mountinfo.
    """
    if re.search(r'[",\\\x00-\x1f\x7f\ud800-\udfff]', str(checkout.resolve())):
        raise EmbeddedPostgresError(
            "The embedded PostgreSQL was not tested in a path with a double quote, a comma, "
            "a backslash or an unprintable character: move the checkout, or set DATABASE_URL."
        )
    kind = file_system_of(place.home, mounts)
    if kind in REMOTE_FILE_SYSTEMS:
        raise EmbeddedPostgresError(
            f"The embedded PostgreSQL was not tested on {kind}, which holds {place.home}: "
            "move the checkout to a local disk, or set DATABASE_URL."
        )


def file_system_of(path: Path, mounts: str) -> str:
    """The kind of file system that `path` is on, or will be once it exists; '' if unknown."""
    kinds: dict[Path, str] = {}
    for line in mounts.splitlines():
        mount, _, source = line.partition(" - ")
        point = re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), mount.split()[4])
        kinds[Path(point)] = source.split()[0]
    return next((kinds[folder] for folder in (path, *path.parents) if folder in kinds), "")
