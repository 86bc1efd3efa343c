"""The network between a browser and the product, which a test can cut for real.

The browser's own way of playing offline lets some requests through, like those of a page that
is being left.
"""

import socket
import threading
from contextlib import suppress


class Wire:
    """Passes bytes on between whoever connects to `url` and the product at `port`."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._is_cut = False
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection, and each that is opened from now on."""
        self._is_cut = True
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def mend(self) -> None:
        self._is_cut = False

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = None if self._is_cut else self._reach()
                if far is None:
                    near.close()
                    continue
                self._open += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()

    def _reach(self) -> socket.socket | None:
        """A connection to the product, None where nobody listens."""
        try:
            return socket.create_connection(("127.0.0.1", self._port))
        except OSError:
            return None


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    """Until one of them ends; then neither is of any more use."""
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for each in (source, sink):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
