"""The parts of the details: a page that scrolls, a section, a thumbnail."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from viewer.chat import File
from viewer.ui.scrolling import Scrolled


class Thumb(QLabel):
    """A small picture, or the type of a file, that opens it."""

    activated = Signal(int)

    def __init__(self, file: File) -> None:
        super().__init__()
        self._file = file
        self.setProperty("area", "thumb")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setToolTip(file.name)
        self.setAccessibleName(file.name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        self.activated.emit(self._file.id)


class Strip(QWidget):
    """Thumbnails in a row, as many as there is room for."""

    def __init__(self, thumbs: Sequence[QWidget]) -> None:
        super().__init__()
        self._thumbs = thumbs
        self.setFixedHeight(max((each.height() for each in thumbs), default=0))
        for each in thumbs:
            each.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        left = 0
        for each in self._thumbs:
            each.move(left, 0)
            left += each.width()
            each.setVisible(left <= self.width())
            left += 4


def elided(text: str, limit: int) -> str:
    """A text cut in the middle where it is longer than `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit // 2]}…{text[-limit // 2 :]}"


def cropped(picture: QPixmap, box: QSize, ratio: float) -> QPixmap:
    """A picture that fills `box`, cut where it does not fit."""
    device = box * ratio
    grown = picture.scaled(
        device, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    left, top = (grown.width() - device.width()) // 2, (grown.height() - device.height()) // 2
    cut = grown.copy(left, top, device.width(), device.height())
    cut.setDevicePixelRatio(ratio)
    return cut


def section(title: str, right: str = "") -> tuple[QFrame, QVBoxLayout]:
    """A part of a page with a title, and a word at its right."""
    frame = QFrame()
    frame.setProperty("area", "section")
    inner = QVBoxLayout(frame)
    inner.setContentsMargins(16, 12, 16, 12)
    inner.setSpacing(6)
    if title:
        row = QHBoxLayout()
        name = QLabel(title)
        name.setProperty("tone", "name")
        row.addWidget(name)
        row.addStretch(1)
        if right:
            told = QLabel(right)
            told.setProperty("tone", "meta")
            row.addWidget(told)
        inner.addLayout(row)
    return frame, inner


def note(words: str) -> QWidget:
    """A sentence in the place of a section that would be empty."""
    frame, inner = section("")
    label = QLabel(words)
    label.setProperty("tone", "secondary")
    label.setWordWrap(True)
    inner.addWidget(label)
    return frame


def page() -> tuple[QScrollArea, QVBoxLayout]:
    """A page that scrolls, and the column to fill."""
    inside = QWidget()
    inside.setObjectName("details-page")
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return Scrolled(inside, read=True), column


def empty(column: QVBoxLayout) -> None:
    """Take everything out of a column."""
    while (item := column.takeAt(0)) is not None:
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
