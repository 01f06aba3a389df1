"""What is higher than its place."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scrolled(QScrollArea):
    """Scrolls what is `inside` up and down, without a frame.

    It is never narrower than what it holds. As a rule it is no stop of the Tab key: whoever walks what it holds scrolls
    it. What is rather to be `read` is scrolled by the keyboard too; a ring lies over it then, so that nothing moves for
    it.
    """

    def __init__(self, inside: QWidget, *, read: bool = False) -> None:
        super().__init__()
        self._inside = inside
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if read else Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)
        self._ring = QFrame(self)
        self._ring.setObjectName("focus-ring")
        self._ring.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._ring.hide()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width(self._inside.minimumSizeHint()), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        wished = self._inside.sizeHint()
        return QSize(self._width(wished), wished.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()  # what it holds may need another width now
        return super().eventFilter(watched, event)

    def _width(self, held: QSize) -> int:
        """The width in which nothing is cut at the right, for it scrolls up and down only."""
        return held.width() + self.verticalScrollBar().sizeHint().width()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ring.raise_()
        self._ring.show()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ring.setGeometry(self.rect())
