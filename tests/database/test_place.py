"""Where a server lives, and which file systems are refused."""

from pathlib import Path

import pytest

from coe.database.place import EmbeddedPostgresError, Place, file_system_of, refuse_untested

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /home rw,relatime shared:5 - nfs4 files:/home rw
31 22 0:41 / /home/my\\040disk rw,relatime - xfs /dev/vdb rw
32 30 0:42 / /home/me rw,relatime shared:7 master:1 - fuse.sshfs me@there: rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/checkout/var", "ext4"),
        ("/homely", "ext4"),
        ("/home/somebody/not/there/yet", "nfs4"),
        ("/home/my disk/checkout", "xfs"),
        ("/home/me", "fuse.sshfs"),
    ],
)
def test_a_path_is_on_the_innermost_mount_above_it(path: str, kind: str) -> None:
    assert file_system_of(Path(path), MOUNTS) == kind


def test_a_network_disk_is_refused_by_name() -> None:
    home = Path("/home/somebody/checkout/var/postgres")
    place = Place(home, sockets=home / "data", service_user=None)
    with pytest.raises(EmbeddedPostgresError, match=r"not tested on nfs4.*set DATABASE_URL"):
        refuse_untested(Path("/"), place, MOUNTS)
