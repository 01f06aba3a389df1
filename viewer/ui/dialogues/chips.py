"""The small parts of the filters: chips, chips that can be taken off, and rows of them that wrap."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLayout, QLayoutItem, QMenu, QPushButton, QWidget

from viewer.i18n import _
from viewer.ui.icons import icon
from viewer.ui.theme import Theme, widget_font

_WIDEST = 220  # pixels of a token's words


class FlowLayout(QLayout):
    """A row that goes on below where it does not fit."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 4) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lay(self, rect: QRect, *, move: bool) -> int:
        x, y, deep = rect.x(), rect.y(), 0
        for item in self._shown():
            size = item.sizeHint().boundedTo(QSize(rect.width(), 1000))
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, deep = rect.x(), y + deep + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self.spacing()
            deep = max(deep, size.height())
        return y + deep - rect.y()


class Chip(QPushButton):
    """A chip: a switch, or with `menu` a choice."""

    def __init__(self, words: str = "", *, menu: bool = False) -> None:
        super().__init__(words)
        self.setProperty("kind", "chip")
        if menu:
            self.setMenu(QMenu(self))
            self.setProperty("menu", True)
        else:
            self.setCheckable(True)

    def set_on(self, on: bool) -> None:
        """Show whether it narrows."""
        if bool(self.property("on")) != on:
            self.setProperty("on", on)
            self.style().unpolish(self)
            self.style().polish(self)


class Token(QPushButton):
    """Something that narrows the list, by its `name`, with a cross: a click takes it off. `words` say it in full."""

    taken_off = Signal(str)

    def __init__(self, field: str, name: str, words: str, theme: Theme) -> None:
        metrics = QFontMetrics(widget_font("secondary-medium"))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _WIDEST)
        super().__init__(f"\u200e{shown.replace('&', '&&')}\u00a0\u200e")
        self.field, self.words = field, words
        self.setProperty("kind", "token")
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross behind the words
        self.setIconSize(QSize(12, 12))
        self.setIcon(icon("close", theme.accent, 12))
        self.setToolTip(_("Take off: {words}").format(words=words))
        self.setAccessibleName(self.toolTip())
        self.clicked.connect(lambda: self.taken_off.emit(field))
