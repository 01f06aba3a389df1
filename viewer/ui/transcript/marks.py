"""What was found, as it is seen: marks in the rows, and small ones beside the scroll bar's handle.

Each element that draws a text is asked what a query meets in the text that it draws, so that a mark lies on what is
read. The hits of a message are counted in the order in which its texts stand.
"""

from collections.abc import Callable, Mapping
from weakref import WeakKeyDictionary

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollBar, QWidget

from viewer.chat import Row, SystemLines
from viewer.library.finding import Found, Matcher, Span, WrongPattern
from viewer.ui.theme import Theme
from viewer.ui.transcript.buttons import Buttons
from viewer.ui.transcript.elements import Element
from viewer.ui.transcript.files import Chip, Video, Voice
from viewer.ui.transcript.hits import Marked
from viewer.ui.transcript.layout import RowLayout
from viewer.ui.transcript.mosaic import Mosaic
from viewer.ui.transcript.pens import outline
from viewer.ui.transcript.stage import message_ids

_BOXES = (Buttons, Chip, Mosaic, Video, Voice)  # what shows names of things: marked around
TICK = 2.0  # pixels
TICKS = 1000


def seekable(layout: RowLayout) -> list[Element]:
    """The elements of a row that draw what can be found, in reading order."""
    found: list[Element] = []
    for element in layout.elements:
        found += [element] if isinstance(element, _BOXES) else element.texts()
    return found


class Marks:
    """The hits of one query. `matcher` is None where messages were found without a text.

    `found` are the messages by id; `current` is a message and the number of its hit, from 0.
    """

    def __init__(
        self, matcher: Matcher | None, found: Mapping[int, Found], current: tuple[int, int] = (0, 0),
        kept: "Marks | None" = None,
    ) -> None:  # fmt: skip
        self._matcher, self.found, self.current = matcher, found, current
        self._kept: WeakKeyDictionary[RowLayout, dict[int, list[Span]]] = (
            WeakKeyDictionary() if kept is None else kept._kept
        )

    def at(self, message_id: int, number: int) -> "Marks":
        """The same marks with another current hit."""
        return Marks(self._matcher, self.found, (message_id, number), kept=self)

    def of(self, row: Row, layout: RowLayout) -> Marked | None:
        """What there is to mark in a row, None where there is nothing."""
        shown = message_ids(row)
        if not any(number in self.found for number in shown):
            return None
        if self._matcher is None:
            return Marked(whole=self.current[0] in shown)
        spans = self._kept.get(layout)
        if spans is None:
            spans = self._kept[layout] = self._spans(row, layout, self._matcher)
        return Marked(spans, self._current(row, layout, spans))

    def _spans(self, row: Row, layout: RowLayout, matcher: Matcher) -> dict[int, list[Span]]:
        spans = {}
        elements = seekable(layout)
        if isinstance(row, SystemLines):  # a line for each message, and not each was found
            named = zip(message_ids(row), elements, strict=False)
            elements = [element for number, element in named if number in self.found]
        for element in elements:
            try:
                met = matcher(element.text)
            except WrongPattern:  # it takes too long here: the search says so
                met = []
            if met:
                spans[id(element)] = met
        return spans

    def _current(self, row: Row, layout: RowLayout, spans: Mapping[int, list[Span]]) -> tuple[int, int]:
        message, number = self.current
        if message not in message_ids(row):
            return 0, -1
        elements = seekable(layout)
        if isinstance(row, SystemLines):
            elements = elements[message_ids(row).index(message) :][:1]
        for element in elements:
            count = len(spans.get(id(element), ()))
            if number < count:
                return id(element), number
            number -= count
        return 0, -1

    def spot(self, row: Row, layout: RowLayout) -> QRectF:
        """Where the current hit stands in its row; the row's outline where it cannot be told."""
        marked = self.of(row, layout)
        for element in seekable(layout) if marked is not None else ():
            for start, end, current in marked.of(element) if marked is not None else ():
                if current:
                    return element.spot(start, end)
        return QRectF(layout.outline)


def frame_row(painter: QPainter, look: Theme, layout: RowLayout, marked: Marked) -> None:
    """Draw around a row that was found as it is; what stands on its edge is drawn later."""
    if marked.whole is not None:
        _frame(painter, look, layout.outline, layout.radius, current=marked.whole)


def frame_boxes(painter: QPainter, look: Theme, layout: RowLayout, marked: Marked) -> None:
    """Draw around what cannot be marked letter by letter: files, pictures, buttons."""
    for element in seekable(layout):
        if isinstance(element, _BOXES) and (met := marked.of(element)):
            _frame(painter, look, element.rect, 6.0, current=any(current for *_span, current in met))


def _frame(painter: QPainter, look: Theme, rect: QRectF, radius: float, *, current: bool) -> None:
    spot, round_ = rect.adjusted(-1, -1, 1, 1), radius + 1
    radii = (round_, round_, round_, round_)
    if current:
        painter.strokePath(outline(spot.adjusted(-1, -1, 1, 1), radii), QPen(look.hit_line, 1.0))
    painter.strokePath(outline(spot, radii), QPen(look.hit_cur if current else look.hit, 2.0))


class MarkedBar(QScrollBar):
    """A scroll bar with ticks where something was found. `places` are shares of the whole, 0 to 1."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._theme = theme
        self.places: list[float] = []
        self.current = -1.0

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.update()

    def set_places(self, places: list[float], current: float = -1.0) -> None:
        """Show these ticks, one of them as the current one."""
        if (places, current) != (self.places, self.current):
            self.places, self.current = places, current
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.minimum() < self.maximum():  # the bar keeps its room, so that nothing moves when it is needed
            super().paintEvent(event)
        if not self.places:
            return
        painter = QPainter(self)
        room = self.height() - TICK
        quiet = self._theme.hit_cur if self._theme.dark else self._theme.star
        for y in sorted({round(place * room) for place in self.places}):
            painter.fillRect(QRectF(1, y, self.width() - 2, TICK), quiet)
        if self.current >= 0:
            painter.fillRect(QRectF(0, round(self.current * room) - 1, self.width(), TICK + 2), self._theme.hit_line)
            painter.fillRect(QRectF(1, round(self.current * room), self.width() - 2, TICK), self._theme.hit_cur)
        painter.end()


def shares(rows: list[int], top: Callable[[int], float], total: float) -> list[float]:
    """Where rows begin, as shares of the whole; of very many rows some, for no scroll bar has so many pixels."""
    some = rows[:: len(rows) // TICKS + 1]
    return [min(max(top(row) / total, 0.0), 1.0) for row in some] if total > 0 else []
