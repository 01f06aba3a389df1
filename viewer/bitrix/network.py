"""Connections that can be left at any moment: looking up a name, connecting, agreeing on TLS, sending, reading.

httpx is given a transport of its own, and httpcore's pools a network backend of their own (both are public doors).
Every wait on the wire is made of short steps, and between two of them it looks whether anybody still wants the answer
(`transport.watched`). The system's proxy settings are obeyed as Python's library reads them.
"""

import errno
import os
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import httpcore
import httpx

from viewer.bitrix import errors
from viewer.bitrix.pace import check
from viewer.bitrix.transport import CONNECT_TIMEOUT, proxy_for, wanted

T = TypeVar("T")

STEP = 0.05  # seconds; the longest that nobody looks up
KEPT = 5.0  # seconds an idle connection is kept
CONNECTIONS = 10
_RECORD = 65536  # bytes read at once beneath TLS
_BEGUN = (0, errno.EINPROGRESS, errno.EWOULDBLOCK)

_Address = tuple[Any, ...]  # as socket.getaddrinfo gives it


# --- waiting in steps ---------------------------------------------------------------------------------------------


def patiently(step: Callable[[float], T | None], timeout: float | None) -> T:
    """What `step(seconds)` gives once it is not None. Raises TimeoutError after `timeout` seconds, and Cancelled."""
    until = None if timeout is None else time.monotonic() + timeout
    while True:
        check(wanted())
        left = STEP if until is None else min(STEP, until - time.monotonic())
        if (found := step(max(left, 0.0))) is not None:
            return found
        if left <= 0.0:
            raise TimeoutError


def aside(work: Callable[[], T], timeout: float | None) -> T:
    """Do on another thread what cannot be interrupted; when it is no longer wanted it ends there, unheard."""
    done: SimpleQueue[tuple[T, None] | tuple[None, BaseException]] = SimpleQueue()

    def run() -> None:
        try:
            done.put((work(), None))
        except BaseException as error:  # noqa: BLE001 -- raised again by whoever waits
            done.put((None, error))

    def look(seconds: float) -> tuple[T, None] | tuple[None, BaseException] | None:
        try:
            return done.get(timeout=seconds)
        except Empty:
            return None

    threading.Thread(target=run, name="bitrix-aside", daemon=True).start()
    found, error = patiently(look, timeout)
    if error is not None:
        raise error
    return found  # type: ignore[return-value]


def _ready(sock: socket.socket, event: int, seconds: float) -> bool:
    """Wait until the socket can be read or written."""
    with selectors.DefaultSelector() as selector:
        selector.register(sock, event)
        return bool(selector.select(seconds))


@contextmanager
def _told_as(late: type[Exception], broken: type[Exception]) -> Iterator[None]:
    """Name the faults of sockets and TLS as httpcore does. A socket closed by another thread is a ValueError."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except (OSError, ValueError) as error:
        raise broken(str(error)) from error


# --- streams ------------------------------------------------------------------------------------------------------


class _Stream(httpcore.NetworkStream):
    """Bytes to and fro. `take` and `give` are those of the kind of stream: OSError, TimeoutError and Cancelled."""

    def __init__(self) -> None:
        self._silent = False  # since the last bytes were sent, none came

    def take(self, max_bytes: int, timeout: float | None) -> bytes:
        raise NotImplementedError

    def give(self, data: bytes, timeout: float | None) -> None:
        raise NotImplementedError

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, none at the end. An end before the first byte of an answer is a broken connection."""
        with _told_as(httpcore.ReadTimeout, httpcore.ReadError):
            data = self.take(max_bytes, timeout)
            if not data and self._silent:
                raise ConnectionResetError("closed without an answer")
        self._silent = False
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        self._silent = True
        with _told_as(httpcore.WriteTimeout, httpcore.WriteError):
            self.give(buffer, timeout)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection with TLS upon it; closed when the two do not agree."""
        try:
            with _told_as(httpcore.ConnectTimeout, httpcore.ConnectError):
                return _Tls(self, ssl_context, server_hostname, timeout)
        except BaseException:
            self.close()
            raise


class _Plain(_Stream):
    """A connected socket."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._sock = sock

    def take(self, max_bytes: int, timeout: float | None) -> bytes:
        def step(seconds: float) -> bytes | None:
            try:
                return self._sock.recv(max_bytes)
            except BlockingIOError:
                _ready(self._sock, selectors.EVENT_READ, seconds)
                return None

        return patiently(step, timeout)

    def give(self, data: bytes, timeout: float | None) -> None:
        left = memoryview(data)

        def step(seconds: float) -> int | None:
            try:
                return self._sock.send(left)
            except BlockingIOError:
                _ready(self._sock, selectors.EVENT_WRITE, seconds)
                return None

        while left:
            left = left[patiently(step, timeout) :]

    def close(self) -> None:
        self._sock.close()

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks for; "is_readable" on an idle connection means that the other side has closed it."""
        if info == "is_readable":
            return self._sock.fileno() < 0 or _ready(self._sock, selectors.EVENT_READ, 0.0)
        if info == "server_addr":
            return self._sock.getpeername()
        if info == "client_addr":
            return self._sock.getsockname()
        return self._sock if info == "socket" else None


class _Tls(_Stream):
    """TLS upon another stream, TLS itself if need be, so that even the handshake goes in steps."""

    def __init__(self, under: _Stream, context: ssl.SSLContext, hostname: str | None, timeout: float | None) -> None:
        super().__init__()
        self._under = under
        self._came, self._leaves = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._came, self._leaves, server_hostname=hostname)
        # Where the system itself judges the certificate, the last step may ask the network: aside with it.
        self._do(lambda: aside(self._tls.do_handshake, timeout), timeout)

    def take(self, max_bytes: int, timeout: float | None) -> bytes:
        try:
            return self._do(lambda: self._tls.read(max_bytes), timeout)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def give(self, data: bytes, timeout: float | None) -> None:
        left = memoryview(data)
        while left:
            left = left[self._do(lambda: self._tls.write(left), timeout) :]  # noqa: B023 -- called at once

    def close(self) -> None:
        self._under.close()

    def get_extra_info(self, info: str) -> Any:
        return self._tls if info == "ssl_object" else self._under.get_extra_info(info)

    def _do(self, act: Callable[[], T], timeout: float | None) -> T:
        """Let TLS act, and carry what it needs to and from the stream beneath."""
        while True:
            try:
                done = act()
            except ssl.SSLWantReadError:
                self._under.give(self._leaves.read(), timeout)
                if data := self._under.take(_RECORD, timeout):
                    self._came.write(data)
                else:
                    self._came.write_eof()
            else:
                self._under.give(self._leaves.read(), timeout)
                return done


# --- connecting ---------------------------------------------------------------------------------------------------


class Backend(httpcore.NetworkBackend):
    """Opens connections in steps."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """The first of the host's addresses that answers; `timeout` is for the name, and for each of them."""
        options = tuple(socket_options or ())
        with _told_as(httpcore.ConnectTimeout, httpcore.ConnectError):
            found = aside(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), timeout)
            broken: OSError = OSError(errno.EADDRNOTAVAIL, "no address")
            for address in found:
                try:
                    return _Plain(_connected(address, timeout, local_address, options))
                except OSError as error:
                    broken = error
            raise broken


def _connected(
    address: _Address, timeout: float | None, local: str | None, options: tuple[httpcore.SOCKET_OPTION, ...]
) -> socket.socket:
    family, kind, protocol, _name, place = address
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)
        for option in options:
            sock.setsockopt(*option)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if local is not None:
            sock.bind((local, 0))
        fault = sock.connect_ex(place)
        if fault in _BEGUN:
            patiently(lambda seconds: _ready(sock, selectors.EVENT_WRITE, seconds) or None, timeout)
            fault = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if fault:
            raise OSError(fault, os.strerror(fault))
    except BaseException:
        sock.close()
        raise
    return sock


# --- the transport ------------------------------------------------------------------------------------------------


@contextmanager
def _as_httpx() -> Iterator[None]:
    """The faults of httpcore under the names that httpx gives them; they are called alike."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
        httpcore.UnsupportedProtocol,
    ) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error


class _Body(httpx.SyncByteStream):
    """An answer as it comes in."""

    def __init__(self, pieces: Any) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._pieces

    def close(self) -> None:
        self._pieces.close()


class Network(httpx.BaseTransport):
    """The network, straight or through the proxy that the system's settings name for a host."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._proxies: dict[tuple[str, str], str] = {}  # by scheme and host
        self._pools: dict[str, httpcore.ConnectionPool] = {}  # by the proxy's address, "" for none

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body is read by whoever wants it. Raises httpx's faults and Cancelled."""
        url = request.url
        with _as_httpx():
            answer = self._pool(url.scheme, url.host).handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer.stream), extensions=answer.extensions
        )

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            pool.close()

    def _pool(self, scheme: str, host: str) -> httpcore.ConnectionPool:
        proxy = self._proxies.get((scheme, host))
        if proxy is None:  # on Windows the question may go as far as the name server
            address = f"{scheme}://{host}"
            proxy = self._proxies[scheme, host] = aside(lambda: proxy_for(address), CONNECT_TIMEOUT)
        with self._lock:
            if proxy not in self._pools:
                self._pools[proxy] = self._made(proxy)
            return self._pools[proxy]

    def _made(self, proxy: str) -> httpcore.ConnectionPool:
        if not proxy:
            return httpcore.ConnectionPool(
                self._context, max_connections=CONNECTIONS, keepalive_expiry=KEPT, network_backend=Backend()
            )
        try:
            named = httpx.Proxy(proxy)
            url = httpcore.URL(
                scheme=named.url.raw_scheme, host=named.url.raw_host, port=named.url.port, target=named.url.raw_path
            )
            if url.scheme.startswith(b"socks"):
                return httpcore.SOCKSProxy(
                    url, named.raw_auth, self._context, keepalive_expiry=KEPT, network_backend=Backend()
                )
            return httpcore.HTTPProxy(
                url,
                proxy_auth=named.raw_auth,
                ssl_context=self._context,
                proxy_ssl_context=self._context if url.scheme == b"https" else None,
                keepalive_expiry=KEPT,
                network_backend=Backend(),
            )
        except (ValueError, RuntimeError, httpx.InvalidURL):  # an unknown kind, or one that needs another library
            raise errors.BadProxy from None
