"""Calling servers that answer, hang, drip, lie, or stand where nobody may call."""

import socket
import time
from ipaddress import ip_address, ip_network

import pytest

from coe.integrations.calling import CallFailed, NotCalled, call, is_inside, target_of
from tests.integrations.serving import (
    CERTIFICATE,
    GOOD,
    Behaviour,
    answers,
    drips,
    hangs,
    serving,
)

HERE = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def certificate_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def test_what_is_sent_arrives_and_the_answer_comes_back() -> None:
    with serving(answers(GOOD)) as served:
        address = f"{served.address}/hook?to=team"
        answer = call("POST", address, body=b'{"a": 1}', headers={"X-Signature": "s"}, allowed=HERE)
    assert (answer.status, answer.body, answer.headers["x-told"]) == (200, b"ok", "yes")
    (sent,) = served.requests
    assert sent.startswith(b"POST /hook?to=team HTTP/1.1\r\n")
    assert b"\r\nX-Signature: s\r\n" in sent
    assert sent.endswith(b'\r\n\r\n{"a": 1}')


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://[::1]:1/",
        "http://[::ffff:127.0.0.1]:1/",
        "http://10.0.0.8/",
        "http://192.168.1.1/",
        "http://172.20.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[::7f00:1]/",
        "http://[::ffff:0:7f00:1]/",
        "http://[fec0::1]/",
        "http://[ff0e::1]/",
        "http://224.0.0.1/",
        "http://192.0.0.192/",
        "http://168.63.129.16/",
    ],
)
def test_what_is_inside_the_network_is_not_called_unless_it_is_allowed(address: str) -> None:
    with pytest.raises(NotCalled, match="inside the network"):
        call("GET", address)


def test_nothing_goes_out_of_the_network_in_plain_text() -> None:
    with pytest.raises(NotCalled, match="use https://"):
        call("GET", "http://93.184.215.14/", allowed=HERE)


def test_what_is_allowed_is_allowed_alone() -> None:
    with pytest.raises(NotCalled):
        call("GET", "http://10.0.0.8/", allowed=HERE)


@pytest.mark.parametrize("found", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_what_is_public_may_be_called(found: str) -> None:
    assert not is_inside(ip_address(found))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hook",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://",
        "https://user:secret@example.org/",
        "http://example.org:99999/",
        "http://[::1/",
        "http://example.org/a b",
        "http://example.org/\r\nX-Evil: 1",
        "http://exämple.org/",
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(address: str) -> None:
    with pytest.raises(NotCalled) as refused:
        target_of(address)
    assert str(refused.value).endswith(".")


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with serving(answers(GOOD)) as inner:
        there = f"HTTP/1.1 302 Found\r\nLocation: {inner.address}\r\nContent-Length: 0\r\n\r\n"
        with serving(answers(there.encode())) as outer:
            assert call("GET", outer.address, allowed=HERE).status == 302
    assert inner.requests == []


@pytest.mark.usefixtures("certificate_is_trusted")
@pytest.mark.parametrize("is_secure", [False, True])
@pytest.mark.parametrize("behave", [hangs, drips])
def test_a_server_that_hangs_or_drips_is_given_up(behave: Behaviour, is_secure: bool) -> None:
    with serving(behave, is_secure=is_secure) as served:
        begun = time.monotonic()
        with pytest.raises(CallFailed, match="took too long"):
            call("GET", served.address, allowed=HERE, seconds=1)
        assert time.monotonic() - begun < 3
    assert len(served.requests) == 1


def test_a_server_that_never_greets_back_is_given_up() -> None:
    """It is spoken to in TLS, and says nothing at all."""
    with serving(hangs) as served:
        begun = time.monotonic()
        with pytest.raises(CallFailed, match="took too long"):
            call("GET", served.address.replace("http:", "https:"), allowed=HERE, seconds=0.5)
        assert time.monotonic() - begun < 3


def test_a_resolver_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose name it is may run the server that is asked for it."""

    def hang(*_: object, **__: object) -> list[object]:
        time.sleep(3)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    begun = time.monotonic()
    with pytest.raises(CallFailed, match="took too long"):
        call("GET", "http://slow.example.org/", seconds=0.3)
    assert time.monotonic() - begun < 2


def test_where_one_address_is_dead_the_next_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answers(GOOD)) as served:
        port = int(served.address.rpartition(":")[2])
        found = [(2, 1, 6, "", (each, port)) for each in ("127.0.0.9", "127.0.0.1")]
        known = {"twice.example.org": found}
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *rest, **options: known.get(host) or real(host, *rest, **options),
        )
        assert call("GET", f"http://twice.example.org:{port}/", allowed=HERE).is_good


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (b"SSH-2.0-OpenSSH\r\n", "did not answer as a web server"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok", "broke off"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_001, "longer than 1,000,000 bytes"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "did not answer as a web server"),
        (b"", "did not answer as a web server"),
    ],
)
def test_an_answer_that_cannot_be_read_is_said_to_be_none(what: bytes, said: str) -> None:
    with serving(answers(what)) as served, pytest.raises(CallFailed, match=said):
        call("GET", served.address, allowed=HERE)


def test_a_server_that_is_gone_is_said_to_refuse() -> None:
    with pytest.raises(CallFailed, match="refused the connection"):
        call("GET", "http://127.0.0.1:9/", allowed=HERE)


def test_a_name_that_nobody_has_is_said_to_be_unknown() -> None:
    with pytest.raises(CallFailed, match="is not known"):
        call("GET", "http://nobody.invalid/")


@pytest.mark.usefixtures("certificate_is_trusted")
def test_a_server_is_called_whose_certificate_is_trusted() -> None:
    with serving(answers(GOOD), is_secure=True) as served:
        assert call("GET", f"{served.address}/hook", allowed=HERE).body == b"ok"
    (sent,) = served.requests
    assert sent.startswith(b"GET /hook HTTP/1.1\r\n")
    assert b"\r\nHost: localhost:" in sent


def test_a_certificate_that_is_not_trusted_is_refused() -> None:
    with (
        serving(answers(GOOD), is_secure=True) as served,
        pytest.raises(CallFailed, match="No secure connection"),
    ):
        call("GET", served.address, allowed=HERE)
    assert served.requests == []


@pytest.mark.usefixtures("certificate_is_trusted")
def test_a_certificate_of_another_name_is_refused() -> None:
    """It is the name of the address that it is asked for, not what that was looked up as."""
    with serving(answers(GOOD), is_secure=True) as served:
        elsewhere = served.address.replace("localhost", "127.0.0.1")
        with pytest.raises(CallFailed, match="No secure connection"):
            call("GET", elsewhere, allowed=HERE)
    assert served.requests == []
