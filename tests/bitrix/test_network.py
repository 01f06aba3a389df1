"""Real sockets of the loopback: what is left within a step, what is a broken connection, TLS and proxies.

How long leaving takes is printed (`-s`), never asserted: asserted is that the work looks up every `STEP` seconds
wherever it waits, and that it ends the first time it looks up after the cancel.
"""

import errno
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpcore
import pytest

from tests.bitrix.loopback import CERTIFICATE, PATIENCE, Call, Looked, Server, answer, opened, tls
from viewer.bitrix import BadAnswer, Portal, TimedOut, Unreachable, Untrusted, transport
from viewer.bitrix.network import STEP, Backend, Network, aside, patiently
from viewer.bitrix.transport import proxy_for, watched
from viewer.errors import Cancelled

GOOD = b'{"result": "here"}'


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def silent(server: Server, connection: socket.socket) -> None:
    """Takes the request and says nothing."""
    server.request(connection)
    server.over.wait(PATIENCE)


def deaf(server: Server, _connection: socket.socket) -> None:
    """Does not even read."""
    server.over.wait(PATIENCE)


def dripping(server: Server, connection: socket.socket) -> None:
    """Promises a large answer and sends a byte now and then."""
    server.request(connection)
    connection.sendall(answer(b"[", length=10_000_000))
    while not server.over.wait(0.001):
        connection.sendall(b" ")


def stalling(server: Server, connection: socket.socket) -> None:
    """Sends half an answer."""
    server.request(connection)
    connection.sendall(answer(b'{"result": [', length=1000))
    server.over.wait(PATIENCE)


def answering(server: Server, connection: socket.socket) -> None:
    """Answers everything that comes on a connection."""
    while server.request(connection):
        connection.sendall(answer(GOOD))


@contextmanager
def full_backlog() -> Iterator[int]:
    """A port where nobody accepts and the queue is full: a new connection gets no answer at all, as from a far address
    that is not routed.
    """
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        place = listener.getsockname()
        for _number in range(64):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0.2)
            if waiting.connect_ex(place) in (errno.EAGAIN, errno.EINPROGRESS):
                break
        else:
            pytest.skip("this system answers however many are waiting")
        yield place[1]


def leave(portal: Portal, name: str, params: dict[str, object] | None = None, looks: int = 12) -> None:
    """Start a call, cancel it once it waits, which is after so many `looks`, and see how it ends."""
    cancel = Looked(looks)
    call = Call(lambda: portal.call("profile", params, cancel=cancel))
    call.start()
    assert cancel.waited.wait(PATIENCE), f"{name}: nobody looks up"
    begun = time.perf_counter()
    cancel.set()
    call.join(PATIENCE)
    print(f"{name}: left after {1000 * (time.perf_counter() - begun):.0f} ms")
    assert not call.is_alive()
    assert call.cancelled, call.error
    assert cancel.after == 1


# --- leaving ---


def test_the_step_is_half_of_what_is_promised() -> None:
    assert STEP <= 0.05


@pytest.mark.parametrize("behave", [silent, dripping, stalling])
def test_a_call_in_flight_is_left(behave: Callable[[Server, socket.socket], None]) -> None:
    with Server(behave) as server, opened(server.port) as portal:
        leave(portal, behave.__name__)
        assert server.asked.is_set()
        assert not server.over.is_set()
        assert server.connections == 1
        assert portal.limits().in_flight == 0


def test_a_request_that_nobody_takes_is_left() -> None:
    with Server(deaf) as server, opened(server.port) as portal:
        leave(portal, "sending", {"TEXT": "x" * 30_000_000})


def test_a_handshake_that_nobody_answers_is_left() -> None:
    with Server(deaf) as server, opened(server.port, scheme="https") as portal:
        leave(portal, "handshake")


@pytest.mark.parametrize("behave", [silent, stalling])
def test_a_call_in_flight_is_left_within_tls(behave: Callable[[Server, socket.socket], None]) -> None:
    with (
        Server(behave, tls()) as server,
        opened(server.port, scheme="https", authority=CERTIFICATE) as portal,
    ):
        leave(portal, f"{behave.__name__} within TLS", looks=24)
        assert server.asked.is_set()


@pytest.mark.skipif(sys.platform == "win32", reason="a full queue refuses there")
def test_connecting_is_left() -> None:
    with full_backlog() as port, opened(port) as portal:
        leave(portal, "connecting")


def test_looking_up_a_name_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    over, ended = threading.Event(), threading.Event()
    real = socket.getaddrinfo

    def stuck(*arguments: object, **options: object) -> object:
        over.wait(PATIENCE)
        ended.set()
        return real("127.0.0.1", 9, type=socket.SOCK_STREAM)

    monkeypatch.setattr(socket, "getaddrinfo", stuck)
    with opened(9) as portal:
        leave(portal, "name")
    assert not ended.is_set()
    over.set()
    assert ended.wait(PATIENCE)


def test_a_call_that_waits_for_its_turn_is_left_and_asks_nothing() -> None:
    from viewer.bitrix import Pace

    with Server(answering) as server, opened(server.port) as portal:
        portal.pace = Pace()
        portal.pace.busy(1000)
        stop = threading.Event()
        told: list[float] = []

        def on_wait(seconds: float) -> None:
            told.append(seconds)
            stop.set()

        portal.on_wait = on_wait
        with pytest.raises(Cancelled):
            portal.call("profile", cancel=stop)
        assert told == [pytest.approx(1000, abs=1), 0]
        assert server.connections == 0
        assert portal.limits().waiting == 0


def test_others_go_on_when_one_is_left() -> None:
    with Server(silent) as first, Server(answering) as second, opened(first.port) as quiet, opened(second.port) as well:
        cancel = Looked()
        call = Call(lambda: quiet.call("profile", cancel=cancel))
        call.start()
        assert cancel.waited.wait(PATIENCE)
        assert well.call("profile").result == "here"
        cancel.set()
        call.join(PATIENCE)
        assert call.cancelled
        assert well.call("profile").result == "here"
        assert second.connections == 1


# --- waiting ---


def test_time_that_is_up() -> None:
    with pytest.raises(TimeoutError):
        patiently(lambda _seconds: None, 0.0)


def test_what_is_done_aside_comes_back_with_its_fault() -> None:
    assert aside(lambda: threading.current_thread() is not threading.main_thread(), None)

    def broken() -> None:
        raise KeyError("aside")

    with pytest.raises(KeyError, match="aside"):
        aside(broken, None)


@pytest.mark.skipif(sys.platform == "win32", reason="a full queue refuses there")
def test_connecting_gives_up_by_itself() -> None:
    with full_backlog() as port, pytest.raises(httpcore.ConnectTimeout):
        Backend().connect_tcp("127.0.0.1", port, timeout=0.01)


def test_a_silent_portal_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "READ_TIMEOUT", 0.01)
    with Server(silent) as server, opened(server.port) as portal, pytest.raises(TimedOut):
        portal.call("profile", write=True)


# --- connections ---


def test_one_connection_serves_many_calls() -> None:
    with Server(answering) as server, opened(server.port) as portal:
        assert [portal.call("profile").result for _ in range(5)] == ["here"] * 5
        assert server.connections == 1


def test_a_large_answer_in_pieces() -> None:
    body = b'{"result": "' + b"x" * 5_000_000 + b'"}'

    def large(server: Server, connection: socket.socket) -> None:
        server.request(connection)
        connection.sendall(answer(body))

    for context, scheme in ((None, "http"), (tls(), "https")):
        with Server(large, context) as server, opened(server.port, scheme=scheme, authority=CERTIFICATE) as portal:
            assert portal.call("profile", {"TEXT": "ё" * 1_000_000}).result == "x" * 5_000_000


def test_a_second_address_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(answering) as server, opened(server.port) as portal, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: refused
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        found = [(*kind, closed.getsockname()), (*kind, ("127.0.0.1", server.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: found)
        assert portal.call("profile").result == "here"


def test_nobody_listens() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with opened(closed.getsockname()[1]) as portal, pytest.raises(Unreachable):
            portal.call("profile")


def test_a_connection_closed_without_an_answer_is_tried_again_for_a_read_alone() -> None:
    """An idle connection is closed by the portal in the very moment in which it is used again."""

    def first_closes(server: Server, connection: socket.socket) -> None:
        server.request(connection)
        if server.connections > 1:
            connection.sendall(answer(GOOD))

    with Server(first_closes) as server, opened(server.port) as portal:
        assert portal.call("profile").result == "here"
        assert server.connections == 2
    with Server(first_closes) as server, opened(server.port) as portal:
        with pytest.raises(Unreachable):
            portal.call("imopenlines.session.head.vote", write=True)
        assert server.connections == 1


def test_an_answer_that_is_cut_short_is_a_bad_answer() -> None:
    def cut(server: Server, connection: socket.socket) -> None:
        server.request(connection)
        connection.sendall(answer(GOOD, length=1000))

    with Server(cut) as server, opened(server.port) as portal, pytest.raises(BadAnswer):
        portal.call("profile")
    with (
        Server(cut, tls()) as server,
        opened(server.port, scheme="https", authority=CERTIFICATE) as portal,
        pytest.raises(BadAnswer),
    ):
        portal.call("profile")


def test_a_portal_closed_while_it_is_asked() -> None:
    with Server(silent) as server, opened(server.port) as portal:
        call = Call(lambda: portal.call("profile"))
        call.start()
        assert server.asked.wait(PATIENCE)
        portal.close()
        call.join(PATIENCE)
        assert isinstance(call.error, (Unreachable, Cancelled))


# --- TLS ---


def test_tls_with_the_authority_of_the_company() -> None:
    with (
        Server(answering, tls()) as server,
        opened(server.port, scheme="https", authority=CERTIFICATE) as portal,
    ):
        assert [portal.call("profile").result for _ in range(3)] == ["here"] * 3
        assert server.connections == 1


def test_an_unknown_certificate_is_not_trusted_and_nothing_is_sent() -> None:
    with Server(answering, tls()) as server, opened(server.port, scheme="https") as portal:
        with pytest.raises(Untrusted):
            portal.call("profile")
        assert not server.asked.is_set()


def test_what_speaks_no_tls_cannot_be_reached() -> None:
    def plain(_server: Server, connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with Server(plain) as server, opened(server.port, scheme="https") as portal, pytest.raises(Unreachable) as caught:
        portal.call("profile")
    assert type(caught.value) is Unreachable


# --- proxies ---


def test_the_proxy_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    def proxy(server: Server, connection: socket.socket) -> None:
        asked.append(server.request(connection))
        connection.sendall(answer(GOOD))

    with Server(proxy) as server:
        monkeypatch.setenv("http_proxy", f"http://user:p%40ss@127.0.0.1:{server.port}")
        with opened(9) as portal:
            assert portal.call("profile").result == "here"
    assert asked[0].startswith(b"POST http://127.0.0.1:9/rest/1/")
    assert b"Proxy-Authorization: Basic dXNlcjpwQHNz" in asked[0]


def test_tls_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    def proxy(server: Server, connection: socket.socket) -> None:
        head = server.request(connection)
        assert head.startswith(b"CONNECT 127.0.0.1:9443 ")
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with tls().wrap_socket(connection, server_side=True) as within:
            answering(server, within)

    with Server(proxy) as server:
        monkeypatch.setenv("https_proxy", f"127.0.0.1:{server.port}")
        with opened(9443, scheme="https", authority=CERTIFICATE) as portal:
            assert portal.call("profile").result == "here"


def test_which_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_for("https://portal.example") == ""
    monkeypatch.setenv("all_proxy", "socks5://inner.example:1080")
    assert proxy_for("https://portal.example") == "socks5://inner.example:1080"
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    assert proxy_for("https://portal.example") == "http://proxy.example:3128"
    monkeypatch.setenv("no_proxy", ".example")
    assert proxy_for("https://portal.example") == ""


@pytest.mark.parametrize("address", ["gopher://proxy.example", "socks5://proxy.example:1080", "http://[broken"])
def test_a_proxy_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("http_proxy", address)
    with opened(9) as portal, pytest.raises(Unreachable):
        portal.call("profile", write=True)


def test_the_network_can_be_closed_and_watched_by_each_thread_alone() -> None:
    network = Network(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    network.close()
    stop = threading.Event()
    stop.set()
    with watched(stop), pytest.raises(Cancelled):
        patiently(lambda _seconds: True, 1.0)
    assert patiently(lambda _seconds: True, 1.0)
