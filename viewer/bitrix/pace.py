"""How fast we ask: a token bucket, a limit of calls in flight, and the pauses a portal orders (`bitrix24-api.md` §1.6).

Safe to use from several threads; one pace serves everything in the process that talks to one portal.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from viewer.bitrix.limits import BUDGET, WINDOW, Budget, Limits, Why
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


@dataclass(slots=True)
class _Wait:
    """One call that waits, and until when as far as is known. `long` waits are told to the user."""

    until: float = 0.0
    why: Why = Why.RATE
    long: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    """What the portal last told of a method's time, and when."""

    used: float
    resets: float | None
    at: float


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
        self._sent: deque[float] = deque()  # when the calls of the last second left
        self._waits: list[_Wait] = []
        self._told: dict[str, _Told] = {}  # by method
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

    def pause(
        self, seconds: float, cancel: Cancel | None = None, on_wait: OnWait | None = None, why: Why = Why.FAULT
    ) -> None:
        """Wait before another attempt. Raises Cancelled."""
        until = self.clock() + seconds
        self._await(lambda: (max(0.0, until - self.clock()), why), cancel, on_wait)

    def busy(self, seconds: float) -> None:
        """The portal said it is too fast: nobody asks for so long, and then without a burst."""
        with self._lock:
            self._count()
            self._tokens = min(self._tokens, 0.0)
            self._not_before = max(self._not_before, self.clock() + seconds)

    def note(self, method: str, used: float | None, resets_in: float | None) -> None:
        """A good answer told the seconds of work that the method has used, and when they begin to be forgotten (§1.7).

        What it did not tell is None.
        """
        if used is None and resets_in is None:
            return
        with self._lock:
            now = self.clock()
            resets = None if resets_in is None else now + resets_in
            self._told[method] = _Told(used or 0.0, resets, now)

    def over_budget(self, method: str, otherwise: float) -> float:
        """The method used up its time: close it until it resets, or for `otherwise` seconds. Returns the seconds."""
        with self._lock:
            now = self.clock()
            told = self._told.get(method)
            resets = told.resets if told is not None and told.resets is not None else 0.0
            until = resets + 1.0 if resets > now else now + otherwise
            self._closed_until[method] = until
            return until - now

    def limits(self) -> Limits:
        """How the calls stand now."""
        with self._lock:
            self._count()
            now = self.clock()
            blocked, why = self._blocked(now)
            lack = max(0.0, 1.0 - self._tokens) / self.rate
            return Limits(
                rate=self.rate,
                in_flight=self._flying,
                at_once=self.in_flight,
                waiting=len(self._waits),
                last_second=len(self._sent),
                ready=max(0, min(int(self._tokens + _NOTHING), self.in_flight - self._flying)) if not blocked else 0,
                next_in=max(self._not_before - now, lack if lack > _NOTHING else 0.0, 0.0),
                blocked_for=blocked,
                why=why,
                budgets=self._budgets(now),
            )

    def _blocked(self, now: float) -> tuple[float, Why]:
        """The long wait that ends first; a pause that the portal ordered goes before all others."""
        if self._not_before - now > _NOTHING:
            return self._not_before - now, Why.BUSY
        long = [wait for wait in self._waits if wait.long and wait.until - now > _NOTHING]
        first = min(long, key=lambda wait: wait.until, default=None)
        return (first.until - now, first.why) if first else (0.0, Why.FREE)

    def _budgets(self, now: float) -> tuple[Budget, ...]:
        self._told = {method: told for method, told in self._told.items() if now - told.at < WINDOW}
        self._closed_until = {method: until for method, until in self._closed_until.items() if until - now > _NOTHING}
        found = []
        for method in self._told.keys() | self._closed_until.keys():
            told = self._told.get(method, _Told(BUDGET, None, now))
            resets = told.resets - now if told.resets is not None and told.resets > now else None
            closed = max(0.0, self._closed_until.get(method, now) - now)
            found.append(Budget(method, told.used, resets_in=resets, closed_for=closed))
        return tuple(sorted(found, key=lambda each: (-each.closed_for, -each.used, each.method)))

    def _await(self, ask: Callable[[], tuple[float, Why]], cancel: Cancel | None, on_wait: OnWait | None) -> None:
        wait = _Wait()
        try:
            check(cancel)
            while (asked := ask())[0] > _NOTHING:
                seconds, why = asked
                self._wait_begins(wait, seconds, why)
                if on_wait is not None and seconds >= _SHOWN:
                    on_wait(seconds)
                self._pass_time(seconds, cancel)
                check(cancel)
        finally:
            with self._lock:
                self._waits = [each for each in self._waits if each is not wait]
            if wait.long and on_wait is not None:
                on_wait(0.0)

    def _wait_begins(self, wait: _Wait, seconds: float, why: Why) -> None:
        with self._lock:
            wait.until, wait.why, wait.long = self.clock() + seconds, why, wait.long or seconds >= _SHOWN
            if not any(each is wait for each in self._waits):
                self._waits.append(wait)

    def _take(self, method: str) -> tuple[float, Why]:
        """Take a turn and return 0, or return how long to wait before asking again, and why."""
        with self._lock:
            self._count()
            now = self.clock()
            for until, why in ((self._not_before, Why.BUSY), (self._closed_until.get(method, 0.0), Why.BUDGET)):
                if until - now > _NOTHING:
                    return until - now, why
            if self._tokens < 1.0 - _NOTHING:
                return (1.0 - self._tokens) / self.rate, Why.RATE
            if self._flying >= self.in_flight:
                return _LOOK_AGAIN, Why.RATE
            self._tokens -= 1.0
            self._flying += 1
            self._sent.append(now)
            return 0.0, Why.FREE

    def _count(self) -> None:
        now = self.clock()
        self._tokens = min(self.burst, self._tokens + (now - self._counted) * self.rate)
        self._counted = now
        while self._sent and now - self._sent[0] > 1.0 - _NOTHING:
            self._sent.popleft()


_shared: dict[str, Pace] = {}  # kept to the end: a portal that is opened again has forgotten nothing either
_shared_lock = threading.Lock()


def shared(host: str) -> Pace:
    """The one pace of a portal in this process."""
    with _shared_lock:
        return _shared.setdefault(host, Pace())
