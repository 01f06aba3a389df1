"""Listing: 5,000 sessions from the demo portal on a loopback socket, with its rate limit, beside `fast_bitrix24`.

    python tests/benchmarks/bench_listing.py [SESSIONS] [LATENCY_MS]

Each run meets a fresh portal in a process of its own that waits 150 ms with every answer. Printed are the seconds, the
requests, how many of them the portal refused as too fast (503), and what is allowed for as many: by the pace, or by the
latency and the portal's own work where that is longer. `fast_bitrix24` (`pip install -e .[bench]`) reads the rows of
one source, without names; it is skipped where it is not installed. It cannot page the list of all sessions by itself,
so it is given the offsets.
"""

import asyncio
import importlib
import multiprocessing
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from viewer.bitrix import Pace, Portal, Webhook, activities, listing, sessions
from viewer.bitrix.pace import BURST, RATE
from viewer.demo import DemoPortal
from viewer.demo.portal import CODE
from viewer.demo.world import LINES

NOW = datetime.now(UTC).replace(microsecond=0)
SINCE = NOW - timedelta(days=300)
EVERYTHING, ACTIVITIES = sessions.METHOD, activities.METHOD


class Served:
    """The demo portal behind a socket. `work` is the seconds it took to answer, the latency not counted."""

    def __init__(self, portal: DemoPortal, latency: float) -> None:
        self.portal = portal
        self.latency = latency
        self.work = 0.0
        self.requests = self.refused = 0
        self.lock = threading.Lock()

    def answer(self, path: str, body: bytes) -> Any:
        """What the portal answers, after the latency."""
        time.sleep(self.latency)
        with self.lock:
            begun = time.perf_counter()
            told = self.portal.respond("POST", f"https://{DemoPortal.HOST}{path}", {}, body)
            self.work += time.perf_counter() - begun
            self.requests += 1
            self.refused += told.status == 503
        return told


def serve(count: int, latency: float, absent: frozenset[str], line: Any) -> None:
    """Run a portal in this process: tells its port, and what happened when it hears anything."""
    served = Served(portal_of(count, absent=absent), latency)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self) -> None:
            told = served.answer(self.path, self.rfile.read(int(self.headers.get("Content-Length", 0))))
            self.send_response(told.status)
            for name, value in {**told.headers, "Content-Length": str(len(told.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, *_said: object) -> None:
            """Nothing: the numbers are printed at the end."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    line.send(server.server_address[1])
    line.recv()
    line.send((served.requests, served.refused, served.work))


@contextmanager
def portal_process(count: int, latency: float, absent: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """The address of a portal's webhook, and the line to its process."""
    spawn = multiprocessing.get_context("spawn")
    near, far = spawn.Pipe()
    process = spawn.Process(target=serve, args=(count, latency, absent, far), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{near.recv()}/rest/17/{CODE}/", near
    finally:
        process.terminate()
        process.join()


def portal_of(count: int, *, absent: frozenset[str] = frozenset()) -> DemoPortal:
    """A portal of nothing but `count` sessions of four to a chat, all bound to deals."""
    portal = DemoPortal(limits=True, big=1, absent=absent)
    world = portal.world
    world.chats.clear()
    world.sessions.clear()
    chat = None
    for number in range(count):
        if chat is None or number % 4 == 0:
            line = LINES[number // 4 % len(LINES)]
            chat = world.chat(10_000 + number, line, line.connectors[0], f"Client {number}")
            chat.deal = 1 + number
        opened = SINCE + (NOW - SINCE) / count * number
        session = world.session(chat, 1 + number, opened, (27, 28, 34)[number % 3])
        session.closed, session.status, session.reason = opened + timedelta(minutes=20), "closed", "operator"
    return portal


Read = Callable[[], int]  # gives the number of sessions
Prepare = Callable[[str], Read]  # takes the address of a webhook; what it does is not measured


def _ours(source: Callable[[Portal, datetime, datetime], Iterator[tuple[Any, ...]]]) -> Prepare:
    def prepare(url: str) -> Read:
        portal = Portal(Webhook.parse(url), pace=Pace())
        return lambda: sum(len(page) for page in source(portal, SINCE, NOW))

    return prepare


def _peers(count: int) -> dict[str, Prepare]:
    try:
        module = importlib.import_module("fast_bitrix24")
    except ImportError:
        print("fast_bitrix24 is not installed: skipped")
        return {}

    def client(url: str) -> Any:
        return module.BitrixAsync(url, verbose=False, ssl=False)

    def activity_rows(url: str) -> int:
        params = {"filter": {"PROVIDER_ID": "IMOPENLINES_SESSION"}, "select": ["*", "COMMUNICATIONS"]}
        found = asyncio.run(client(url).get_all(ACTIVITIES, params))
        return len({row["ID"] for row in found})

    def statistics_rows(url: str) -> int:
        pages = [
            {"dateCreateFrom": SINCE.isoformat(), "dateCreateTo": NOW.isoformat(), "limit": 200, "offset": offset}
            for offset in range(0, count, 200)
        ]
        told = asyncio.run(client(url).call(EVERYTHING, pages))
        return len({row["id"] for page in told for row in page["sessions"]})

    return {
        EVERYTHING: lambda url: lambda: statistics_rows(url),
        ACTIVITIES: lambda url: lambda: activity_rows(url),
    }


def _run(name: str, prepare: Prepare, count: int, latency: float, absent: frozenset[str]) -> None:
    with portal_process(count, latency, absent) as (url, line):
        read = prepare(url)
        begun = time.perf_counter()
        try:
            found = read()
        except Exception as error:  # noqa: BLE001 (a peer's failure is a result)
            print(f"{name:36}failed: {type(error).__name__}")
            return
        taken = time.perf_counter() - begun
        line.send("done")
        requests, refused, work = line.recv()
    allowed = max((requests - BURST) / RATE, requests * latency + work)
    print(
        f"{name:36}{found:7} sessions{taken:8.2f} s{requests:5} requests{refused:4} refused"
        f"{allowed:8.2f} s allowed  x{taken / allowed:.2f}"
    )


def main(count: int = 5_000, milliseconds: int = 150) -> None:
    """Each source, ours and the peer's."""
    latency = milliseconds / 1000
    warnings.simplefilter("ignore")  # the peer's advice
    peers = _peers(count)
    for method, size in ((EVERYTHING, sessions.PAGE), (ACTIVITIES, activities.PAGE)):
        pages = -(-count // size)
        paced = max(0.0, pages - BURST) / RATE
        print(f"{method}: {pages} pages; one a request, the pace would allow {paced:.1f} s")
    print(f"{count} sessions, {milliseconds} ms latency; pace: {BURST:.0f} at once, then {RATE} a second")
    old = frozenset({EVERYTHING.lower()})
    _run("all sessions, with names", _ours(listing.listed), count, latency, frozenset())
    _run("CRM activities, with names", _ours(listing.listed), count, latency, old)
    for method, absent, source in (
        (EVERYTHING, frozenset[str](), sessions.all_of_period),
        (ACTIVITIES, old, activities.of_period),
    ):
        _run(f"{method}, rows", _ours(source), count, latency, absent)
        if peer := peers.get(method):
            _run("  fast_bitrix24", peer, count, latency, absent)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
