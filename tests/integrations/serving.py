"""Servers on this machine that answer, hang, drip and lie."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CERTIFICATE = Path(__file__).parent / "localhost.pem"
"""Of the name localhost, with its key; nobody trusts it but a test that says so."""
GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Told: yes\r\n\r\nok"
Behaviour = Callable[[socket.socket, "Served"], None]


@dataclass
class Served:
    """A server that runs: where it is, and the requests that came, whole."""

    address: str = ""
    requests: list[bytes] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)


def answers(what: bytes) -> Behaviour:
    """Reads a request and answers it with these bytes."""

    def behave(line: socket.socket, served: Served) -> None:
        served.requests.append(_request(line))
        line.sendall(what)

    return behave


def hangs(line: socket.socket, served: Served) -> None:
    served.requests.append(_request(line))
    served.ending.wait(30)


def drips(line: socket.socket, served: Served) -> None:
    """Sends a byte of a header now and then, and never comes to an end."""
    served.requests.append(_request(line))
    line.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not served.ending.wait(0.05):
        line.sendall(b"a")


@contextmanager
def serving(behave: Behaviour, *, port: int = 0, is_secure: bool = False) -> Iterator[Served]:
    """A server on this machine that treats everybody so."""
    served = Served()
    treat = _secured(behave) if is_secure else behave
    with socket.create_server(("127.0.0.1", port)) as listener:
        here = "https://localhost" if is_secure else "http://127.0.0.1"
        served.address = f"{here}:{listener.getsockname()[1]}"
        threading.Thread(target=_accept, args=(listener, treat, served), daemon=True).start()
        try:
            yield served
        finally:
            served.ending.set()
            listener.shutdown(socket.SHUT_RDWR)


def _secured(behave: Behaviour) -> Behaviour:
    """The same behind a handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)

    def behave_securely(line: socket.socket, served: Served) -> None:
        with context.wrap_socket(line, server_side=True) as secure:
            behave(secure, served)

    return behave_securely


def _accept(listener: socket.socket, behave: Behaviour, served: Served) -> None:
    while not served.ending.is_set():
        try:
            line, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_treat, args=(line, behave, served), daemon=True).start()


def _treat(line: socket.socket, behave: Behaviour, served: Served) -> None:
    with line:
        try:
            behave(line, served)
        except OSError:
            return


def _request(line: socket.socket) -> bytes:
    """The head of a request and as much behind it as it says."""
    held = b""
    while b"\r\n\r\n" not in held and (more := line.recv(65536)):
        held += more
    head, _, body = held.partition(b"\r\n\r\n")
    for each in head.split(b"\r\n"):
        name, _, value = each.partition(b":")
        while name.lower() == b"content-length" and len(body) < int(value):
            body += line.recv(65536)
    return head + b"\r\n\r\n" + body
