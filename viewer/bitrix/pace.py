"""How fast we ask: a token bucket, a limit of calls in flight, and the pauses a portal orders (`bitrix24-api.md` §1.6).

Safe to use from several threads; one pace serves everything in the process that talks to one portal.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol
from weakref import WeakValueDictionary

from viewer.errors import Cancelled

RATE = 1.5  # calls a second; the portal drains 2
BURST = 10.0
IN_FLIGHT = 2
_LOOK_AGAIN = 0.05  # seconds between looks at a full line
_NOTHING = 1e-6  # less than this is no time and no token: sums of fractions do not come out even
_SHOWN = 1.0  # shorter waits are not worth telling


class Cancel(Protocol):
    """What stops work: a `threading.Event` set by whoever no longer wants the result."""

    def is_set(self) -> bool: ...

    def wait(self, timeout: float | None = None) -> bool: ...


OnWait = Callable[[float], object]  # seconds to wait; 0 when it goes on


def check(cancel: Cancel | None) -> None:
    """Raise Cancelled when the work is no longer wanted."""
    if cancel is not None and cancel.is_set():
        raise Cancelled


def _sleep(seconds: float, cancel: Cancel | None) -> None:
    if cancel is None:
        time.sleep(seconds)
    else:
        cancel.wait(seconds)


class Pace:
    """Lets calls pass at `rate` a second after a burst of `burst`, at most `in_flight` at once.

    `clock` gives seconds that never go back; `wait(seconds, cancel)` passes the time.
    """

    def __init__(
        self,
        rate: float = RATE,
        burst: float = BURST,
        in_flight: int = IN_FLIGHT,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float, Cancel | None], None] = _sleep,
    ) -> None:
        self.rate = rate
        self.burst = burst
        self.in_flight = in_flight
        self.clock = clock
        self._pass_time = wait
        self._lock = threading.Lock()
        self._tokens = burst
        self._counted = clock()
        self._flying = 0
        self._not_before = 0.0
        self._resets: dict[str, float] = {}  # when a method's time budget frees, as its last good answer told
        self._closed_until: dict[str, float] = {}  # methods over their budget

    @contextmanager
    def turn(self, method: str, cancel: Cancel | None = None, on_wait: OnWait | None = None) -> Iterator[None]:
        """Wait for the turn of one call and hold it. Raises Cancelled."""
        self._await(lambda: self._take(method), cancel, on_wait)
        try:
            yield
        finally:
            with self._lock:
                self._flying -= 1

    def pause(self, seconds: float, cancel: Cancel | None = None, on_wait: OnWait | None = None) -> None:
        """Wait before another attempt. Raises Cancelled."""
        until = self.clock() + seconds
        self._await(lambda: max(0.0, until - self.clock()), cancel, on_wait)

    def busy(self, seconds: float) -> None:
        """The portal said it is too fast: nobody asks for so long, and then without a burst."""
        with self._lock:
            self._count()
            self._tokens = min(self._tokens, 0.0)
            self._not_before = max(self._not_before, self.clock() + seconds)

    def note_reset(self, method: str, seconds: float) -> None:
        """A good answer told that the method's time budget frees in so many seconds (§1.7)."""
        with self._lock:
            self._resets[method] = self.clock() + seconds

    def over_budget(self, method: str, otherwise: float) -> float:
        """The method used up its time: close it until it resets, or for `otherwise` seconds. Returns the seconds."""
        with self._lock:
            now = self.clock()
            known = self._resets.pop(method, 0.0) + 1.0
            until = known if known > now + 1.0 else now + otherwise
            self._closed_until[method] = until
            return until - now

    def _await(self, ask: Callable[[], float], cancel: Cancel | None, on_wait: OnWait | None) -> None:
        told = False
        try:
            check(cancel)
            while (seconds := ask()) > _NOTHING:
                if on_wait is not None and seconds >= _SHOWN:
                    told = True
                    on_wait(seconds)
                self._pass_time(seconds, cancel)
                check(cancel)
        finally:
            if told and on_wait is not None:
                on_wait(0.0)

    def _take(self, method: str) -> float:
        """Take a turn and return 0, or return how long to wait before asking again."""
        with self._lock:
            self._count()
            now = self.clock()
            closed = max(self._not_before, self._closed_until.get(method, 0.0)) - now
            if closed > _NOTHING:
                return closed
            if self._tokens < 1.0 - _NOTHING:
                return (1.0 - self._tokens) / self.rate
            if self._flying >= self.in_flight:
                return _LOOK_AGAIN
            self._tokens -= 1.0
            self._flying += 1
            return 0.0

    def _count(self) -> None:
        now = self.clock()
        self._tokens = min(self.burst, self._tokens + (now - self._counted) * self.rate)
        self._counted = now


_shared: WeakValueDictionary[str, Pace] = WeakValueDictionary()
_shared_lock = threading.Lock()


def shared(host: str) -> Pace:
    """The one pace of a portal in this process."""
    with _shared_lock:
        pace = _shared.get(host)
        if pace is None:
            pace = _shared[host] = Pace()
        return pace
