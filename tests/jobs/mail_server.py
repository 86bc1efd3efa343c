"""A mail server of the tests: real SMTP on a real socket, which behaves as it is told."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import Message


class MailServer:
    """`mails` are those that it said to have. `says` is what it answers to a command instead of
    250; None there is to say nothing for ever. `before` is called before it answers to one."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.says: dict[str, str | None] = {}
        self.before: dict[str, Callable[[], object]] = {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def close(self) -> None:
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=[line], daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with suppress(OSError), line, line.makefile("rb") as said:
            self._answer(line, "HELLO", "220 ready")
            for command in said:
                word = command[:4].decode().upper()
                if word != "DATA":
                    self._answer(line, word, "221 bye" if word == "QUIT" else "250 fine")
                    continue
                self._answer(line, "DATA", "354 go on")
                mail = b"".join(iter(said.readline, b".\r\n"))
                if self.says.get("END", "250").startswith("250"):  # type: ignore[union-attr]
                    self.mails.append(message_from_bytes(mail))
                self._answer(line, "END", "250 it is mine")

    def _answer(self, line: socket.socket, word: str, usual: str) -> None:
        self.before.get(word, lambda: None)()
        answer = self.says.get(word, usual)
        if answer is None:
            self._over.wait(60)
            raise ConnectionAbortedError
        line.sendall(f"{answer}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    try:
        yield server
    finally:
        server.close()
