"""What a portal lets through, as it stands at one moment (`bitrix24-api.md` §1.6, §1.7)."""

from dataclasses import dataclass
from enum import Enum

BUDGET = 480.0  # seconds of work a method may take within `WINDOW`; the portal does not tell the figure (§1.7)
WINDOW = 600.0  # seconds after which a use is forgotten


class Why(Enum):
    """Why calls wait for long."""

    FREE = "free"  # none does
    RATE = "rate"  # our own pace
    BUSY = "busy"  # the portal said that too many requests came
    BUDGET = "budget"  # the method used up its time
    FAULT = "fault"  # no answer came, or a bad one; the call is tried again


@dataclass(frozen=True, slots=True)
class Budget:
    """The time of one method: seconds `used` of `total` as the portal last told; all of it when it only said "used up".

    `resets_in` is when the oldest use is forgotten, in seconds, None when unknown or past; `closed_for` the seconds for
    which the method may not be called, 0 when it may.
    """

    method: str
    used: float
    total: float = BUDGET
    resets_in: float | None = None
    closed_for: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How the calls to one portal stand. All times are seconds from the moment of asking.

    `rate` is our own pace, in calls a second; `last_second` how many left in the second just past; `ready` how many may
    leave at once; `next_in` when the next one may, other calls in flight or not. `blocked_for` and `why` tell of the
    wait that ends first, if it is a long one.
    """

    rate: float
    in_flight: int = 0
    at_once: int = 0  # the most that may be in flight
    waiting: int = 0
    last_second: int = 0
    ready: int = 0
    next_in: float = 0.0
    blocked_for: float = 0.0
    why: Why = Why.FREE
    budgets: tuple[Budget, ...] = ()  # the fullest first
