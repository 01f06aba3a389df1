"""The session bar and the day that stay at the top while their part is on screen; the next one pushes them up."""

from bisect import bisect_right
from dataclasses import dataclass

from viewer.ui.transcript.layout import RowLayout
from viewer.ui.transcript.stage import Stage

PIN = 6.0


@dataclass(frozen=True, slots=True)
class Pinned:
    """A row that stays: where its layout is drawn."""

    row: int
    y: float
    layout: RowLayout

    @property
    def top(self) -> float:
        """The upper edge of what is seen of it."""
        return self.y + self.layout.outline.top()

    @property
    def bottom(self) -> float:
        """The lower edge of what is seen of it."""
        return self.y + self.layout.outline.bottom()


def pinned(stage: Stage) -> tuple[Pinned | None, Pinned | None]:
    """The session bar and the day pill to draw over the rows; None where the row itself is in its place."""
    if not stage.shown:
        return None, None
    bar = _stay(stage, stage.bars, PIN, (stage.bars,))
    below = max(PIN, bar.bottom + PIN) if bar else _under_bar(stage)
    day = _stay(stage, stage.days, below, (stage.days, stage.bars))
    return bar, day


def _under_bar(stage: Stage) -> float:
    """Where a day stays while the session bar still stands in its own place above it."""
    first = stage.shown[0]
    if stage.bars and stage.bars[0] <= first.row:
        return PIN + 28.0 + PIN
    return PIN


def _stay(stage: Stage, listed: list[int], pin: float, pushers: tuple[list[int], ...]) -> Pinned | None:
    """The last row of a list above the height `pin`, held there unless a pusher comes close."""
    index = bisect_right(listed, stage.shown[0].row) - 1
    while index + 1 < len(listed) and _top(stage, listed[index + 1], pin) < pin:
        index += 1
    if index < 0 or _top(stage, listed[index], -1.0) >= pin:
        return None
    row = listed[index]
    layout = stage.layout(row)
    tall = layout.outline.height()
    top = pin
    for pusher in pushers:
        top = min(top, _next_top(stage, pusher, row, pin) - tall - PIN)
    return Pinned(row, top - layout.outline.top(), layout)


def _next_top(stage: Stage, listed: list[int], row: int, pin: float) -> float:
    """Where the first row of a list below `row` begins that has not passed the pin yet."""
    for index in range(bisect_right(listed, row), len(listed)):
        top = _top(stage, listed[index], -1.0)
        if top >= pin:
            return top
    return 1e9


def _top(stage: Stage, row: int, missing: float) -> float:
    """Where the visible part of a row begins; rows below the screen are far away, rows above are at `missing`."""
    shown = stage.shown_row(row)
    if shown is not None:
        return shown.y + shown.layout.outline.top()
    return missing if row < stage.shown[0].row else 1e9
