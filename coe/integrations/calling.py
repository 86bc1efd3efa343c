"""Calling a server that somebody named, without believing it.

The address is looked up once, and the connection goes to what was found: a name that means another
machine a moment later leads nowhere else. Addresses inside the network of the installation are
refused unless they were allowed. No redirect is followed, an answer is read up to a size, and all
of it ends after a time, looking up included, also where the server sends a byte now and then.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 20.0
MOST_BYTES = 1_000_000
TOO_LONG = "The server took too long."
PORTS = {"http": 80, "https": 443}
WORLD = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that leads out (IANA). Beside it stand, among others, the addresses that a network
translates to IPv4 (RFC 6052), which may lead anywhere inside."""
UNEXPECTED = (ipaddress.IPv4Network("192.0.0.0/24"), ipaddress.IPv4Network("168.63.129.16/32"))
"""IPv4 addresses that look public and are not: those of protocols (RFC 6890), where a cloud tells
its machines about themselves, as another does under an address of its own."""


class NotCalled(Exception):
    """The address may not be called, and never may; the message says why, in a sentence."""


class CallFailed(Exception):
    """The server could not be reached or gave no answer that can be read; it may do later."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the status, headers by name in lower case, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of an address, as far as they are known without looking anything up."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(address: str) -> Target:
    """The parts of `address`; raises `NotCalled` where it is none that can be called."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise NotCalled("This is not an address that can be called.") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise NotCalled("An address that is called begins with https:// or http:// and a name.")
    if parts.username or parts.password:
        raise NotCalled("An address that is called holds no name and password.")
    if not (address.isascii() and address.isprintable()) or " " in address:
        raise NotCalled("An address that is called holds no spaces, and only ASCII characters.")
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return Target(parts.scheme, parts.hostname, port or PORTS[parts.scheme], path)


def call(
    method: str,
    address: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    allowed: tuple[Network, ...] = (),
    seconds: float = WHOLE_SECONDS,
) -> Answer:
    """Send one request and return what was answered, whatever its status.

    `allowed` are networks that may be called although they are not public; all of it, from looking
    the name up to the last byte, takes at most `seconds`. Raises `NotCalled` and `CallFailed`.
    """
    target = target_of(address)
    until = time.monotonic() + seconds
    found = _looked_up(target, allowed, until)
    with _connected(target, found, until) as (connection, is_over):
        try:
            if target.scheme == "https":
                connection.sock = _secured(connection.sock, target)
            sent = {"Host": target.host_header, "Connection": "close", **(headers or {})}
            connection.request(method, target.path, body=body or None, headers=sent)
            with connection.getresponse() as response:
                answer = _read(response)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise CallFailed(TOO_LONG if is_over.is_set() else _said(error)) from error
        if is_over.is_set():
            raise CallFailed(TOO_LONG)
        return answer


def is_inside(found: Address) -> bool:
    """Whether an address is one that only the network of the installation leads to."""
    if isinstance(found, ipaddress.IPv6Address):
        if embedded := found.ipv4_mapped or found.sixtofour:
            return is_inside(embedded)
        return found not in WORLD or not found.is_global
    is_unexpected = any(found in network for network in UNEXPECTED)
    return is_unexpected or not found.is_global or found.is_multicast


def _looked_up(target: Target, allowed: tuple[Network, ...], until: float) -> list[Address]:
    """What may be called of all that the name leads to. In plain text only what is allowed: on the
    way to anything else whoever likes reads along."""
    resolved = _resolved(target, until)
    is_secure = target.scheme == "https"
    found = [
        each
        for each in resolved
        if (is_secure and not is_inside(each)) or any(each in network for network in allowed)
    ]
    if found:
        return found
    if all(is_inside(each) for each in resolved):
        raise NotCalled(
            f"{target.host} is inside the network of this installation. "
            "An administrator of the server can allow it."
        )
    raise NotCalled(f"{target.host} is outside the network of this installation: use https://.")


def _resolved(target: Target, until: float) -> list[Address]:
    """Asked in a thread, which is left behind where it takes too long: whoever owns the name may
    run the server that is asked for it, and the resolver of the system knows no deadline."""
    answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            answers.put([str(row[4][0]).partition("%")[0] for row in rows])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=_rest(until))
    except Empty as error:
        raise CallFailed(TOO_LONG) from error
    if isinstance(found, Exception):
        raise CallFailed(f"The name {target.host} is not known.") from found
    return [ipaddress.ip_address(each) for each in dict.fromkeys(found)]


def _rest(until: float) -> float:
    """How many seconds are left; never none, which sockets take for no limit."""
    return max(until - time.monotonic(), 0.001)


@contextmanager
def _connected(
    target: Target, found: list[Address], until: float
) -> Iterator[tuple[http.client.HTTPConnection, threading.Event]]:
    """A connection to what was looked up, shut when the time is over whatever goes on in it; and
    what says that it was. What came until then may look like a whole answer.

    It is shut by a handle of its own: a secure connection takes the line away from whoever had it.
    """
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = line = _line_to(found, target.port, until)
    is_over = threading.Event()
    with line.dup() as handle:
        end = threading.Timer(_rest(until), _shut, [handle, is_over])
        end.daemon = True
        end.start()
        try:
            yield connection, is_over
        finally:
            end.cancel()
            end.join()
            connection.close()


def _line_to(found: list[Address], port: int, until: float) -> socket.socket:
    """To the first of these that takes us."""
    wrong: OSError = TimeoutError()
    for each in found:
        if time.monotonic() >= until:
            break
        try:
            patience = min(CONNECT_SECONDS, _rest(until))
            line = socket.create_connection((str(each), port), timeout=patience)
        except OSError as error:
            wrong = error
        else:
            line.settimeout(_rest(until))
            return line
    raise CallFailed(_said(wrong)) from wrong


def _secured(line: socket.socket, target: Target) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(line, server_hostname=target.host)


def _shut(line: socket.socket, is_over: threading.Event) -> None:
    """Wake whoever waits on the connection that `line` is a handle of."""
    is_over.set()
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _read(response: http.client.HTTPResponse) -> Answer:
    body = response.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise CallFailed(f"The answer is longer than {MOST_BYTES:,} bytes.")
    missing = response.length
    if missing:
        raise CallFailed("The answer broke off.")
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, body)


def _said(error: Exception) -> str:
    """What went wrong, as it is told to an administrator: never with what the server sent."""
    if isinstance(error, TimeoutError):
        return TOO_LONG
    if isinstance(error, ConnectionRefusedError):
        return "The server refused the connection."
    if isinstance(error, ssl.SSLCertVerificationError):
        return "No secure connection: its certificate is not one that this machine trusts."
    if isinstance(error, ssl.SSLError):
        return "No secure connection: the server speaks another language than this machine."
    if isinstance(error, http.client.HTTPException | ValueError):
        return "The server did not answer as a web server does."
    return "The connection broke off."
