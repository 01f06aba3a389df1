"""What of the rows is on screen, and where: the anchor, the laid-out rows, the heights.

The place of the reader is a row and an offset into it, never a number of pixels from the start: heights above may
change as they become known, and what is being read stays still.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from viewer.chat import Aside, DayBreak, MessageRow, Row, SessionBar, messages_of
from viewer.ui.transcript.context import Context
from viewer.ui.transcript.estimate import estimate
from viewer.ui.transcript.heights import Heights
from viewer.ui.transcript.layout import RowLayout
from viewer.ui.transcript.ruler import Waits

KEPT = 300  # laid-out rows
FOOT = 16.0  # below the last row

Builder = Callable[[Row, Context, bool], RowLayout]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row on screen: its upper edge within the window, and its layout."""

    row: int
    y: float
    layout: RowLayout


class Stage:
    """Rows, their heights and the anchor. `laid` counts layouts made."""

    def __init__(self, context: Context, build: Builder) -> None:
        self.context = context
        self.rows: list[Row] = []
        self.anchor = (0, 0.0)
        self.height = 0.0
        self.at_end = False
        self.blank = 0.0  # how much may stay empty below the end, so that nothing moves when rows came above
        self.laid = 0
        self.shown: list[Shown] = []
        self.bars: list[int] = []
        self.days: list[int] = []
        self.waits = Waits([], [])
        self._build = build
        self._heights = Heights(self._estimate)
        self._layouts: OrderedDict[int, RowLayout] = OrderedDict()
        self._places: dict[int, int] | None = None

    # --- rows ---

    def set_rows(self, rows: list[Row]) -> None:
        """Show other rows; where the row under the eye is among them, it stays there."""
        kept = self._key_at_anchor()
        self.rows = list(rows)
        self._layouts.clear()
        self._heights.reset(len(self.rows))
        self._index()
        found = self._row_of_key(kept) if kept is not None else None
        self.anchor = (found, self.anchor[1]) if found is not None else (0, 0.0)
        self.at_end = self.at_end and found is not None
        self.blank = self.blank if found is not None else 0.0

    def append(self, rows: list[Row]) -> None:
        """Rows came at the end; what is read stays where it is."""
        self.rows.extend(rows)
        self._heights.append(len(rows))
        self._index()
        self.at_end = False

    def prepend(self, rows: list[Row]) -> None:
        """Rows came at the start; what is read stays where it is."""
        count = len(rows)
        self.rows[:0] = rows
        self._heights.prepend(count)
        self._layouts = OrderedDict((row + count, layout) for row, layout in self._layouts.items())
        self._index()
        self.anchor = (self.anchor[0] + count, self.anchor[1])
        if count and self.rows:
            self.drop(count)

    def _index(self) -> None:
        self.bars, self.days, answers = [], [], []
        for index, row in enumerate(self.rows):
            kind = type(row)
            if kind is MessageRow:
                if row.waited is not None:  # type: ignore[union-attr]
                    answers.append(index)
            elif kind is SessionBar:
                self.bars.append(index)
            elif kind is DayBreak:
                self.days.append(index)
        self.waits = Waits(self.rows, answers)
        self._places = None
        self.shown = []

    def row_of(self, message_id: int) -> int | None:
        """The row that holds a message."""
        if self._places is None:
            self._places = {}
            for index, row in enumerate(self.rows):
                for number in message_ids(row):
                    self._places[number] = index
        return self._places.get(message_id)

    def _key_at_anchor(self) -> tuple[str, object] | None:
        row, offset = self.anchor
        if not self.rows or (row == 0 and offset == 0):
            return None
        return key_of(self.rows[min(row, len(self.rows) - 1)])

    def _row_of_key(self, key: tuple[str, object]) -> int | None:
        if key[0] == "message" and isinstance(key[1], int):
            return self.row_of(key[1])
        return next((index for index, row in enumerate(self.rows) if key_of(row) == key), None)

    # --- layouts ---

    def set_context(self, context: Context, *, moved: bool = True) -> None:
        """Lay out and draw otherwise from now on; `moved` where heights may differ."""
        row, offset = self.anchor
        share = offset / self._heights.height(row) if moved and self.rows and row < len(self.rows) else 0.0
        self.context = context
        self._layouts.clear()
        if moved:
            self._heights.forget()
            if self.rows and offset > 0:
                self.anchor = (row, share * self.layout(row).height)

    def layout(self, row: int) -> RowLayout:
        """A row, laid out; its height is exact from now on."""
        known = self._layouts.get(row)
        if known is not None:
            self._layouts.move_to_end(row)
            return known
        made = self._build(self.rows[row], self.context, row == 0)
        self.laid += 1
        self._layouts[row] = made
        self._heights.set_exact(row, made.height)
        if len(self._layouts) > KEPT:
            self._layouts.popitem(last=False)
        return made

    def drop(self, row: int) -> None:
        """Lay out a row anew when it is next seen."""
        self._layouts.pop(row, None)
        self._heights.forget_row(row)

    def drop_file(self, number: int) -> None:
        """Lay out anew what shows a file."""
        for row in list(self._layouts):
            item = self.rows[row]
            if isinstance(item, MessageRow) and number in item.message.file_ids:
                self.drop(row)

    def refine(self) -> bool:
        """Estimate some more of what was never looked at; answers whether something remains."""
        return self._heights.refine(4)

    def _estimate(self, row: int) -> float:
        return estimate(self.rows[row], self.context)

    # --- place ---

    @property
    def total(self) -> float:
        """The height of everything, as far as it is known."""
        return self._heights.total + FOOT + self.blank

    @property
    def value(self) -> float:
        """How far from the start the window's upper edge stands, as far as it is known."""
        if not self.rows:
            return 0.0
        row, offset = self.anchor
        return self._heights.top(row) + offset

    def go(self, row: int, offset: float = 0.0) -> None:
        """Put a row's `offset` at the window's upper edge."""
        self.anchor = (max(0, min(row, len(self.rows) - 1)), offset)
        self.at_end = False
        self.blank = 0.0

    def go_to_value(self, value: float) -> None:
        """Put what stands at a height at the window's upper edge."""
        self.go(*self._heights.at(value))

    def go_to_end(self) -> None:
        """Show the last row."""
        self.at_end = True
        self.blank = 0.0

    def scroll(self, distance: float) -> None:
        """Move by a distance, true to the pixel."""
        row, offset = self.anchor
        self.anchor = (row, offset + distance)
        self.at_end = False

    def arrange(self) -> list[Shown]:
        """Lay out what is on screen."""
        if not self.rows:
            self.shown = []
            return self.shown
        if self.at_end:
            self.anchor = (len(self.rows) - 1, self.layout(len(self.rows) - 1).height + FOOT - self.height)
        self._settle()
        shown, bottom = self._down()
        short = self.height - bottom - FOOT - self.blank
        if short > 0 and self.anchor != (0, 0.0):
            self.anchor = (self.anchor[0], self.anchor[1] - short)
            self._settle()
            shown, bottom = self._down()
        self.blank = min(self.blank, self.empty(bottom))  # what was scrolled full stays full
        self.at_end = abs(self.height - bottom - FOOT) < 1 and self.anchor != (0, 0.0)
        self.shown = shown
        return shown

    def empty(self, bottom: float) -> float:
        """How much of the window stays empty below the end of the rows, which is at a height of the window."""
        return max(self.height - bottom - FOOT, 0.0)

    def _settle(self) -> None:
        row, offset = self.anchor
        row = min(row, len(self.rows) - 1)
        while offset < 0 and row > 0:
            row -= 1
            offset += self.layout(row).height
        while row < len(self.rows) - 1 and offset >= self.layout(row).height:
            offset -= self.layout(row).height
            row += 1
        self.anchor = (row, max(offset, 0.0))

    def _down(self) -> tuple[list[Shown], float]:
        row, offset = self.anchor
        y = -offset
        shown = []
        while row < len(self.rows) and y < self.height:
            layout = self.layout(row)
            shown.append(Shown(row, y, layout))
            y += layout.height
            row += 1
        return shown, y if row == len(self.rows) else max(y, self.height + FOOT)

    def at(self, y: float) -> Shown | None:
        """The row at a height of the window."""
        if not self.shown:
            return None
        index = bisect_right(self.shown, y, key=lambda shown: shown.y) - 1
        return self.shown[max(index, 0)]

    def shown_row(self, row: int) -> Shown | None:
        """A row, if it is on screen."""
        first = self.shown[0].row if self.shown else 0
        return self.shown[row - first] if 0 <= row - first < len(self.shown) else None


def message_ids(row: Row) -> tuple[int, ...]:
    """The ids of the messages that a row shows."""
    return tuple(message.id for message in messages_of(row))


def key_of(row: Row) -> tuple[str, object]:
    """What tells a row apart from the others, whatever else of it changes."""
    match row:
        case SessionBar(session=session):
            return "session", session.id
        case DayBreak(day=day):
            return "day", day
        case Aside(name=name):
            return "aside", name
        case _:
            return "message", message_ids(row)[-1]
