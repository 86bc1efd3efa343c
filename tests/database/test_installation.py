"""The binaries where the server's user cannot reach them, and the folder of the socket."""

import subprocess
from pathlib import Path

import pytest

from coe.database.installation import ENVIRONMENT, binaries_for, copied_binaries
from coe.database.place import EmbeddedPostgresError, Place
from coe.database.server import make_private


def test_copied_binaries_run_and_are_open_to_everybody(tmp_path: Path) -> None:
    installed = binaries_for(Place(tmp_path, sockets=tmp_path, service_user=None))
    copied = copied_binaries(installed, tmp_path)
    assert tmp_path in copied.parents
    said = subprocess.check_output([copied / "postgres", "--version"], env=ENVIRONMENT, text=True)
    assert said.startswith("postgres (PostgreSQL) 18")
    assert (copied / "postgres").stat().st_mode & 0o005 == 0o005
    assert copied_binaries(installed, tmp_path) == copied


@pytest.mark.parametrize("mode", [0o755, 0o710, 0o701])
def test_a_socket_folder_that_others_may_open_is_refused(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "sockets"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(EmbeddedPostgresError, match="only its owner may open"):
        make_private(folder)


def test_a_socket_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(mode=0o700)
    (tmp_path / "sockets").symlink_to(tmp_path / "theirs")
    with pytest.raises(EmbeddedPostgresError, match="only its owner may open"):
        make_private(tmp_path / "sockets")
