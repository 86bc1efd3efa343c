"""The embedded server as it is really started, killed and stopped."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest

from coe.database import embedded, server
from coe.database.place import Place, place_for
from coe.database.server import trying
from tests.database.conftest import Tenant

NewTenant = Callable[[Path], Tenant]
NewCheckout = Callable[[str], Path]


def is_alive(place: Place) -> bool:
    """Whether any process of the server lives."""
    with trying(place.alive) as alive:
        return alive is None


def ask(conninfo: str, question: str) -> object:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def remember(conninfo: str) -> str:
    """Store a new word, acknowledged and so never to be lost, and return it."""
    word = token_hex(8)
    with psycopg.connect(conninfo) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS memory (word text)")
        connection.execute("INSERT INTO memory VALUES (%s)", [word])
    return word


def remembers(conninfo: str, word: str) -> bool:
    with psycopg.connect(conninfo) as connection:
        found = connection.execute("SELECT 1 FROM memory WHERE word = %s", [word])
        return found.fetchone() is not None


def postmaster_of(place: Place) -> int:
    return int((place.data / "postmaster.pid").read_text().split()[0])


def test_a_fresh_checkout_gets_a_private_utf8_database_that_keeps_its_data(
    new_checkout: NewCheckout,
) -> None:
    checkout = new_checkout("fresh")
    place = place_for(checkout)
    with embedded.running(checkout) as conninfo:
        assert conninfo == embedded.address(checkout)
        assert ask(conninfo, "SELECT current_database()") == "coe"
        assert ask(conninfo, "SHOW server_encoding") == "UTF8"
        assert ask(conninfo, "SHOW listen_addresses") == ""
        assert ask(conninfo, "SHOW fsync") == "on"
        locale = "SELECT datcollate FROM pg_database WHERE datname = 'coe'"
        assert ask(conninfo, locale) == "C.UTF-8"
        assert place.sockets.stat().st_mode & 0o077 == 0
        word = remember(conninfo)
    assert not is_alive(place)
    with embedded.running(checkout) as conninfo:
        assert remembers(conninfo, word)


def test_two_who_start_at_once_share_one_server_and_the_last_one_out_stops_it(
    new_checkout: NewCheckout, tenant: NewTenant
) -> None:
    checkout = new_checkout("it's new")
    first, second = tenant(checkout), tenant(checkout)
    assert first.conninfo() == second.conninfo() == embedded.address(checkout)
    place = place_for(checkout)
    postmaster = postmaster_of(place)
    assert first.leave() == 0
    assert ask(embedded.address(checkout), "SELECT 1") == 1
    assert postmaster_of(place) == postmaster
    assert second.leave() == 0
    assert not is_alive(place)


def test_a_child_that_inherited_the_descriptors_is_a_tenant_too(checkout: Path) -> None:
    with embedded.running(checkout):
        child = subprocess.Popen(["sleep", "600"], close_fds=False)
    assert ask(embedded.address(checkout), "SELECT 1") == 1
    child.kill()
    child.wait()
    with embedded.running(checkout):
        pass
    assert not is_alive(place_for(checkout))


@pytest.mark.parametrize(
    "numbers",
    [
        [signal.SIGTERM],
        [signal.SIGHUP],
        [signal.SIGINT],
        [signal.SIGINT, signal.SIGTERM],
        [signal.SIGTERM, signal.SIGTERM, signal.SIGHUP],
    ],
)
def test_a_tenant_ended_by_a_signal_leaves_in_order(
    checkout: Path, tenant: NewTenant, numbers: list[signal.Signals]
) -> None:
    only = tenant(checkout)
    only.conninfo()
    for number in numbers:
        only.process.send_signal(number)
    only.process.wait(timeout=60)
    assert not is_alive(place_for(checkout))


def test_a_tenant_interrupted_while_the_server_starts_leaves_none_behind(
    checkout: Path, tenant: NewTenant
) -> None:
    place = place_for(checkout)
    only = tenant(checkout)
    while not is_alive(place):
        assert only.process.poll() is None
    only.process.send_signal(signal.SIGTERM)
    only.process.wait(timeout=60)
    assert not is_alive(place)


def test_a_left_over_pid_file_whose_number_is_somebody_elses_now_is_no_obstacle(
    checkout: Path, bystander: subprocess.Popen[bytes]
) -> None:
    with embedded.running(checkout) as conninfo:
        word = remember(conninfo)
    place = place_for(checkout)
    lines = [str(bystander.pid), str(place.data), "1", "5432", str(place.sockets), "", "ready"]
    (place.data / "postmaster.pid").write_text("\n".join(lines))
    with embedded.running(checkout) as conninfo:
        assert remembers(conninfo, word)
    assert not is_alive(place)


def leave_last(checkout: Path, *, before: Tenant, with_pid_file: str) -> None:
    with embedded.running(checkout):
        assert before.leave() == 0
        (place_for(checkout).data / "postmaster.pid").write_text(with_pid_file)


def test_the_last_one_out_signals_nobody_but_the_servers_own_postmaster(
    checkout: Path,
    tenant: NewTenant,
    bystander: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "STOP_SECONDS", 1)
    pid_file = place_for(checkout).data / "postmaster.pid"
    starter = tenant(checkout)
    starter.conninfo()
    postmaster, rest = pid_file.read_text().split("\n", 1)
    with pytest.raises(embedded.EmbeddedPostgresError, match="does not stop"):
        leave_last(checkout, before=starter, with_pid_file=f"{bystander.pid}\n{rest}")
    assert bystander.poll() is None
    assert is_alive(place_for(checkout))
    pid_file.write_text(f"{postmaster}\n{rest}")
    monkeypatch.undo()
    with embedded.running(checkout):
        pass
    assert not is_alive(place_for(checkout))


def test_after_the_postmaster_is_killed_the_next_tenant_has_every_acknowledged_row(
    checkout: Path, tenant: NewTenant
) -> None:
    first = tenant(checkout)
    word = remember(first.conninfo())
    os.kill(postmaster_of(place_for(checkout)), signal.SIGKILL)
    with embedded.running(checkout) as conninfo:
        assert remembers(conninfo, word)
        assert first.leave() == 0
        assert ask(conninfo, "SELECT 1") == 1
    assert not is_alive(place_for(checkout))


def test_a_tenant_starts_a_server_again_whose_postmaster_was_killed(checkout: Path) -> None:
    place = place_for(checkout)
    with embedded.running(checkout) as conninfo:
        word = remember(conninfo)
        assert not embedded.revive(checkout)
        os.kill(postmaster_of(place), signal.SIGKILL)
        while not embedded.revive(checkout):
            pass
        assert remembers(conninfo, word)
        assert not embedded.revive(checkout)
    assert not is_alive(place)


def test_a_server_that_cannot_start_again_yet_is_started_when_it_can(checkout: Path) -> None:
    place = place_for(checkout)
    settings = place.data / "postgresql.auto.conf"
    before = settings.read_text()
    with embedded.running(checkout) as conninfo:
        word = remember(conninfo)
        settings.write_text("no_such_setting = 1\n")
        os.kill(postmaster_of(place), signal.SIGKILL)
        while is_alive(place):
            pass
        with pytest.raises(embedded.EmbeddedPostgresError, match="did not start"):
            embedded.revive(checkout)
        settings.write_text(before)
        assert embedded.revive(checkout)
        assert remembers(conninfo, word)
    assert not is_alive(place)


def test_killed_tenants_leave_a_server_that_the_next_one_joins_and_stops(
    checkout: Path, tenant: NewTenant
) -> None:
    killed = tenant(checkout)
    killed.conninfo()
    place = place_for(checkout)
    postmaster = postmaster_of(place)
    killed.process.kill()
    killed.process.wait()
    assert is_alive(place)
    with embedded.running(checkout):
        assert postmaster_of(place) == postmaster
    assert not is_alive(place)


def test_a_creation_that_was_killed_half_way_never_looks_like_a_database(
    new_checkout: NewCheckout, tenant: NewTenant
) -> None:
    checkout = new_checkout("unlucky")
    place = place_for(checkout)
    unlucky = tenant(checkout)
    while not any(place.home.glob("initdb-*/base")):
        assert unlucky.process.poll() is None
    unlucky.process.kill()
    unlucky.process.wait()
    assert not place.data.exists()
    with embedded.running(checkout) as conninfo:
        assert ask(conninfo, "SELECT 1") == 1
    assert not any(place.home.glob("initdb-*"))


@pytest.mark.parametrize("name", ["with spaces", "it's quoted", "Ünïcode £ (1)", "l" * 120])
def test_the_checkout_may_be_called_anything_usual_and_its_data_moved_along(
    checkout: Path, new_checkout: NewCheckout, name: str
) -> None:
    renamed = new_checkout(name)
    home, new_home = place_for(checkout).home, place_for(renamed).home
    new_home.parent.mkdir(exist_ok=True)
    home.rename(new_home)
    try:
        with embedded.running(renamed) as conninfo:
            assert remembers(conninfo, remember(conninfo))
        assert not is_alive(place_for(renamed))
    finally:
        new_home.rename(home)


@pytest.mark.parametrize("name", ['a "quoted" one', "one, two", "back\\slash", "new\nline"])
def test_a_path_that_was_not_tested_is_refused_in_one_sentence(
    new_checkout: NewCheckout, name: str
) -> None:
    checkout = new_checkout(name)
    with (
        pytest.raises(embedded.EmbeddedPostgresError, match=r"not tested in a path with"),
        embedded.running(checkout),
    ):
        pytest.fail("it started")
    assert not place_for(checkout).home.exists()


def test_a_server_that_cannot_start_says_why(checkout: Path) -> None:
    settings = place_for(checkout).data / "postgresql.auto.conf"
    before = settings.read_text()
    settings.write_text("no_such_setting = 1\n")
    try:
        with (
            pytest.raises(embedded.EmbeddedPostgresError, match=r"did not start.*auto\.conf"),
            embedded.running(checkout),
        ):
            pytest.fail("it started")
    finally:
        settings.write_text(before)
