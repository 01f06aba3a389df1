"""How tall rows are and where they stand: guessed, estimated where somebody looks, exact once seen.

Made for a hundred thousand rows: heights stand in one array, sums over blocks of 256 rows give positions by bisection.
Nothing here knows of Qt.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

BLOCK = 256
GUESS = 64.0  # a row of which nothing is known yet
_GUESSED, _ESTIMATED, _EXACT = 0, 1, 2


class Heights:
    """Heights of rows; `estimate` tells that of one row cheaply.

    A block is estimated when somebody looks into it; until then it stands with what its rows had before. `refine`
    estimates the rest little by little.
    """

    def __init__(self, estimate: Callable[[int], float]) -> None:
        self._estimate = estimate
        self._heights = array("d")
        self._known = bytearray()
        self._blocks = bytearray()  # 1 where every row is at least estimated
        self._sums: list[float] = []
        self._tops: list[float] = [0.0]
        self._dirty = False
        self._next = 0

    def __len__(self) -> int:
        return len(self._heights)

    @property
    def total(self) -> float:
        """The height of all rows together."""
        return self._positions()[-1]

    def reset(self, count: int) -> None:
        """Forget everything; there are `count` rows now."""
        self._heights = array("d", [GUESS]) * count
        self._known = bytearray(count)
        self._rebuild()

    def append(self, count: int) -> None:
        """`count` rows came at the end."""
        self._heights.extend(array("d", [GUESS]) * count)
        self._known.extend(bytes(count))
        self._rebuild()

    def prepend(self, count: int) -> None:
        """`count` rows came at the start; what was known of the others stays known."""
        self._heights = array("d", [GUESS]) * count + self._heights
        self._known = bytearray(count) + self._known
        self._rebuild()

    def forget(self) -> None:
        """The rows are laid out anew (another width): the old heights stay as guesses."""
        self._known = bytearray(len(self._heights))
        self._blocks = bytearray(len(self._blocks))
        self._next = 0

    def forget_row(self, row: int) -> None:
        """One row is laid out anew."""
        self._known[row] = _ESTIMATED

    def is_exact(self, row: int) -> bool:
        """Whether a row was laid out at the present width."""
        return self._known[row] == _EXACT

    def height(self, row: int) -> float:
        """The height of a row as far as it is known."""
        if not self._known[row]:
            self._look(row // BLOCK)
        return self._heights[row]

    def set_exact(self, row: int, height: float) -> bool:
        """Tell the true height of a row; answers whether that moves the rows below."""
        self._look(row // BLOCK)
        self._known[row] = _EXACT
        change = height - self._heights[row]
        if change:
            self._heights[row] = height
            self._sums[row // BLOCK] += change
            self._dirty = True
        return bool(change)

    def top(self, row: int) -> float:
        """Where a row begins."""
        block = row // BLOCK
        if block >= len(self._blocks):
            return self.total
        self._look(block)
        return self._positions()[block] + sum(self._heights[block * BLOCK : row])

    def at(self, y: float) -> tuple[int, float]:
        """The row at a height and how far into it that is; the ends give the first and the last row."""
        if not self._heights:
            return 0, 0.0
        block = min(max(bisect_right(self._positions(), y) - 1, 0), len(self._blocks) - 1)
        self._look(block)
        row, last = block * BLOCK, min((block + 1) * BLOCK, len(self._heights)) - 1
        rest = y - self._positions()[block]
        while row < last and rest >= self._heights[row]:
            rest -= self._heights[row]
            row += 1
        return row, min(max(rest, 0.0), self._heights[row])

    def refine(self, blocks: int) -> bool:
        """Estimate up to `blocks` more blocks; answers whether some remain."""
        while blocks and self._next < len(self._blocks):
            blocks -= not self._blocks[self._next]
            self._look(self._next)
            self._next += 1
        return self._next < len(self._blocks)

    def _look(self, block: int) -> None:
        if self._blocks[block]:
            return
        self._blocks[block] = 1
        start, end = block * BLOCK, min((block + 1) * BLOCK, len(self._heights))
        for row in range(start, end):
            if not self._known[row]:
                self._heights[row] = self._estimate(row)
                self._known[row] = _ESTIMATED
        self._sums[block] = sum(self._heights[start:end])
        self._dirty = True

    def _rebuild(self) -> None:
        starts = range(0, len(self._heights), BLOCK)
        self._sums = [sum(self._heights[start : start + BLOCK]) for start in starts]
        self._blocks = bytearray(all(self._known[start : start + BLOCK]) for start in starts)
        self._dirty = True
        self._next = 0

    def _positions(self) -> list[float]:
        if self._dirty:
            self._tops = [0.0, *accumulate(self._sums)]
            self._dirty = False
        return self._tops
