"""A drawn avatar: initials on one of seven pairs of colours, chosen by the person's id (`design-notes.md` §1)."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from viewer.chat import Person, Side
from viewer.ui.theme import Theme


def paint_avatar(painter: QPainter, box: QRectF, theme: Theme, number: int, name: str) -> None:
    """Draw the initials of `name` in a disc that fills `box`."""
    fill, ink = theme.avatar(number)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawEllipse(box)
    font = QFont(painter.font())
    font.setPixelSize(max(9, round(box.height() * 0.36)))
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, Person(number, name, Side.CLIENT).initials)
    painter.restore()


class Avatar(QWidget):
    """An avatar of a fixed size in pixels. Decorative: assistive technology reads the name beside it."""

    def __init__(self, theme: Theme, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._number = 0
        self._name = ""
        self.setFixedSize(size, size)

    def show_person(self, number: int, name: str) -> None:
        """Stand for this person."""
        self._number, self._name = number, name
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        paint_avatar(painter, QRectF(self.rect()), self._theme, self._number, self._name)
        painter.end()
