"""The room of a screen: a window is as large as it is meant to be, and never larger than what the screen has left.

No other module gives a window its size. Sizes are written for usual text and grow with it.
"""

from PySide6.QtCore import QByteArray, QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QScreen, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QMainWindow, QWidget

from viewer.ui.theme import px, text_scale

# The frame and the title bar are known when the system has drawn them, which is too late: no system draws larger ones.
_SIDE, _TITLE_BAR = 8, 40
_LEAST_WIDTH, _LEAST_HEIGHT = 720, 520  # of a main window: it scrolls, and hides panes where text grows
_GAP = 4  # between what pops up and the edge of the screen


def room(available: QRect) -> QRect:
    """Where the inside of a window may stand, in a screen of which this part is available."""
    return available.marginsRemoved(QMargins(_SIDE, px(_TITLE_BAR), _SIDE, _SIDE))


def inside(wished: QRect, within: QRect) -> QRect:
    """A rectangle as large as wished, made smaller and moved until it is `within`."""
    made = QRect(wished.topLeft(), wished.size().boundedTo(within.size()))
    made.moveRight(min(made.right(), within.right()))
    made.moveBottom(min(made.bottom(), within.bottom()))
    made.moveLeft(max(made.left(), within.left()))
    made.moveTop(max(made.top(), within.top()))
    return made


def place(window: QMainWindow, width: int, height: int) -> None:
    """Put a main window that is not shown yet into the middle of its screen, in a size given for usual text."""
    within = room(window.screen().availableGeometry())
    wished = QRect(0, 0, px(width), px(height))
    wished.moveCenter(within.center())
    least = QSize(round(_LEAST_WIDTH * (1 + text_scale()) / 2), _LEAST_HEIGHT)
    window.setMinimumSize(least.boundedTo(within.size()))
    window.setGeometry(inside(wished, within))


def put_back(window: QMainWindow, kept: QByteArray) -> None:
    """Put a main window that is not shown yet where `saveGeometry` says, on the screen that is there now.

    What was kept of a screen of quite another width, or cannot be read, changes nothing.
    """
    if not window.restoreGeometry(kept):
        return
    large = window.windowState() & (Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen)
    wished = window.normalGeometry() if large else window.geometry()
    screen = QGuiApplication.screenAt(wished.center()) or window.screen()
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.setGeometry(inside(wished, room(screen.availableGeometry())))
    window.setWindowState(large)


class Prompt(QDialog):
    """A dialog: as large as meant for usual text, or as its contents need; larger text makes it larger.

    It is made to fit each time it is shown, for the window may have moved to a smaller screen.
    """

    def __init__(self, parent: QWidget | None, width: int = 0, height: int = 0) -> None:
        super().__init__(parent)
        if width and height:
            self.resize(px(width), px(height))

    def showEvent(self, event: QShowEvent) -> None:
        if not event.spontaneous():
            wished = self.size() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else self.sizeHint()
            within = room(_screen(self).availableGeometry())
            if self.testAttribute(Qt.WidgetAttribute.WA_Moved):  # it was told where to stand
                self.setGeometry(inside(QRect(self.geometry().topLeft(), wished), within))
            else:
                self.resize(wished.boundedTo(within.size()))
        super().showEvent(event)  # which puts it over its parent, inside the screen, unless it was told


class Popup(QFrame):
    """What opens beside a widget and closes by Escape or a click elsewhere."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)

    def stand(self, corner: QPoint) -> None:
        """Put the upper left corner here, or as near as the screen allows; higher than the screen it is never."""
        within = _screen(self).availableGeometry().marginsRemoved(QMargins(_GAP, _GAP, _GAP, _GAP))
        self.setGeometry(inside(QRect(corner, self.size()), within))


def _screen(window: QWidget) -> QScreen:
    """The screen of a window that is not shown yet: that of what it opens over."""
    parent = window.parentWidget()
    return parent.screen() if parent is not None else window.screen()
