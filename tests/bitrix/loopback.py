"""Real sockets on the loopback, behind which a test says what happens."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.bitrix.scripted import CODE, Clock
from tests.wine import need_own_authority
from viewer.bitrix import Pace, Portal, Webhook
from viewer.errors import Cancelled

CERTIFICATE = Path(__file__).with_name("keys") / "loopback.pem"
KEY = Path(__file__).with_name("keys") / "loopback-key.pem"
PATIENCE = 30.0  # seconds until a test that hangs is given up

Behave = Callable[["Server", socket.socket], object]


class Server:
    """Accepts connections and lets `behave` deal with each; `over` is set when the test has seen enough."""

    def __init__(self, behave: Behave, context: ssl.SSLContext | None = None) -> None:
        self.over = threading.Event()
        self.asked = threading.Event()  # a request came in
        self.connections = 0
        self._behave, self._context = behave, context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        socket.create_connection(("127.0.0.1", self.port)).close()  # wakes whoever accepts, on every system
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def request(self, connection: socket.socket) -> bytes:
        """The next request as far as its head and the length it names; b"" when the client has gone."""
        data = b""
        while b"\r\n\r\n" not in data:
            if not (more := connection.recv(65536)):
                return b""
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().splitlines() if line.startswith(b"content-length:")]
        length = int(lengths[0].partition(b":")[2]) if lengths else 0
        while len(body) < length and (more := connection.recv(65536)):
            body += more
        self.asked.set()
        return head + b"\r\n\r\n" + body

    def _accept(self) -> None:
        while True:
            connection, _address = self._listener.accept()
            if self.over.is_set():
                connection.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            self._behave(self, connection)
        except OSError:
            pass  # the client has gone, as it should
        finally:
            connection.close()


def answer(body: bytes, *, length: int | None = None) -> bytes:
    """An HTTP answer; `length` is what it says of itself, when it lies."""
    size = len(body) if length is None else length
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % size + body


def tls() -> ssl.SSLContext:
    """The TLS of a server that calls itself 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    return context


@contextmanager
def opened(port: int, *, scheme: str = "http", authority: Path | None = None) -> Iterator[Portal]:
    """The real client before a port of the loopback; only pauses between attempts take no time."""
    if authority is not None:
        need_own_authority()
    clock = Clock()
    portal = Portal(
        Webhook.parse(f"{scheme}://127.0.0.1:{port}/rest/1/{CODE}/"),
        pace=Pace(clock=clock, wait=clock.wait),
        authority=authority,
    )
    try:
        yield portal
    finally:
        portal.close()


class Looked(threading.Event):
    """A cancel that counts how often the work looks up, before and after it is set."""

    def __init__(self, enough: int = 12) -> None:
        super().__init__()
        self.waited = threading.Event()  # the work has looked up `enough` times: it waits
        self.before = self.after = 0
        self._enough = enough

    def is_set(self) -> bool:
        told = super().is_set()
        if told:
            self.after += 1
        else:
            self.before += 1
            if self.before >= self._enough:
                self.waited.set()
        return told


class Call(threading.Thread):
    """A call on a thread of its own, and how it ended."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__()
        self._work = work
        self.result: object = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.result = self._work()
        except Exception as error:  # noqa: BLE001 -- looked at by the test
            self.error = error

    @property
    def cancelled(self) -> bool:
        """Whether it ended because nobody wanted it."""
        return isinstance(self.error, Cancelled)
