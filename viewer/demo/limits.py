"""How the portal defends itself: a leaky bucket, and a time budget a method (`bitrix24-api.md` §1.6, §1.7)."""

from collections.abc import Callable
from dataclasses import dataclass, field

DRAIN, BLOCK = 2.0, 50.0  # requests a second, requests
BUDGET, WINDOW = 480.0, 600.0  # seconds of work, within seconds


@dataclass(slots=True)
class Limits:
    """Counts requests. `clock` gives Unix seconds."""

    clock: Callable[[], float]
    level: float = 0.0
    seen: float = 0.0
    spent: dict[str, tuple[float, float]] = field(default_factory=dict)  # method: seconds of work, since when

    def full(self) -> bool:
        """Count one request; whether it came too fast."""
        now = self.clock()
        self.level = max(0.0, self.level - (now - self.seen) * DRAIN) if self.seen else 0.0
        self.seen = now
        self.level += 1
        return self.level > BLOCK

    def used_up(self, method: str) -> bool:
        """Whether the method has no time left."""
        return self._of(method)[0] >= BUDGET

    def spend(self, method: str, seconds: float) -> tuple[float, int]:
        """Book the work of one call; returns the sum and when it resets, in Unix seconds."""
        total, since = self._of(method)
        self.spent[method] = total + seconds, since
        return total + seconds, int(since + WINDOW)

    def _of(self, method: str) -> tuple[float, float]:
        now = self.clock()
        total, since = self.spent.get(method, (0.0, now))
        return (total, since) if now - since < WINDOW else (0.0, now)
