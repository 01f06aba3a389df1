"""What a laid-out row is: a height, elements at their places, and what the ruler and the reader's aids need of it."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from viewer.ui.transcript.context import Context, PaintState
from viewer.ui.transcript.elements import Element
from viewer.ui.transcript.hits import Hit

BESIDE = 8.0
STACKED = 4.0


class RowLayout:
    """One row, laid out for one width.

    `outline` is what the focus rings, `marks` are the heights where the ruler begins and ends, `speech` is the row in
    words (a message's is made by `build.speech` when somebody listens).
    """

    def __init__(self, height: float = 0.0, speech: str = "") -> None:
        self.height = height
        self.outline = QRectF()
        self.radius = 6.0
        self.speech = speech
        self.marks = (0.0, 0.0)
        self.elements: list[Element] = []

    def number_parts(self) -> None:
        """Give each element with text its number among the row's parts."""
        for number, element in enumerate(self.texts()):
            element.part = number

    def texts(self) -> list[Element]:
        """The elements whose text can be marked, in reading order."""
        return [text for element in self.elements for text in element.texts()]

    def actions(self) -> list[Hit]:
        """What can be done with the row, the first of it by Enter."""
        return [hit for element in self.elements for hit in element.actions()]

    def part_at(self, pos: QPointF) -> Element | None:
        """The part nearest to a point, None where the row holds no text."""
        parts = self.texts()
        if not parts:
            return None
        return min(parts, key=lambda part: _distance(part.rect, pos))

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        """Draw, with the row's upper left corner at the origin."""
        for element in self.elements:
            element.paint(painter, ctx, state)

    def hit(self, pos: QPointF) -> Hit | None:
        """What is under the pointer."""
        return next((found for element in self.elements if (found := element.hit(pos))), None)


def _distance(rect: QRectF, pos: QPointF) -> float:
    down = max(rect.top() - pos.y(), 0.0, pos.y() - rect.bottom())
    across = max(rect.left() - pos.x(), 0.0, pos.x() - rect.right())
    return down * 1000 + across


class Flow:
    """Elements under one another; one that may stand beside the one before does so where there is room."""

    def __init__(self, elements: list[Element], width: float, ctx: Context) -> None:
        self.lines: list[list[Element]] = []
        self._ends: list[float] = []
        for element in elements:
            taken = element.measure(width, ctx).width()
            if self._joins(element, taken, width):
                self.lines[-1].append(element)
                self._ends[-1] += BESIDE + taken
            else:
                self.lines.append([element])
                self._ends.append(taken)

    def _joins(self, element: Element, taken: float, width: float) -> bool:
        if not self.lines or not element.beside:
            return False
        before = self.lines[-1][-1]
        return isinstance(before, element.beside) and before.one_line and self._ends[-1] + BESIDE + taken <= width

    @property
    def width(self) -> float:
        """The widest line."""
        return max(self._ends, default=0.0)

    @property
    def end(self) -> float:
        """Where the last line ends."""
        return self._ends[-1] if self._ends else 0.0

    def place(self, x: float, y: float) -> float:
        """Put everything from (x, y) down; answers where it ends."""
        for number, elements in enumerate(self.lines):
            tall = max(element.rect.height() for element in elements)
            y += STACKED if number else 0.0
            at = x
            for element in elements:
                element.place(at, y + (tall - element.rect.height()) / 2)
                at += element.rect.width() + BESIDE
            y += tall
        return y
