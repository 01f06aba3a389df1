"""The room of a screen: a window is as large as it is meant to be, and never larger than what the screen has left.

No other module gives a window its size. Sizes are written for usual text and grow with it.
"""

from PySide6.QtCore import QByteArray, QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QScreen, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QMainWindow, QWidget

from viewer.ui.theme import px, text_scale

# The frame and the title bar are known when the system has drawn them, which is too late: no system draws larger ones.
_SIDE, _TITLE_BAR = 8, 40
_ASIDE = 32  # by which a further window stands away from the one before
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


def place(window: QMainWindow, wished: tuple[int, int], least: tuple[int, int]) -> None:
    """Put a main window that is not shown yet into the middle of its screen, in a size given for usual text.

    `least` is how small it may be made: its contents scroll and give way to one another, so that they can be had in
    less than they ask for. A width of 0 is what they ask for. The width grows half as much as the text.
    """
    within = room(window.screen().availableGeometry())
    smallest = QSize(round(least[0] * (1 + text_scale()) / 2), least[1])
    window.setMinimumSize(smallest.boundedTo(within.size()))
    spot = QRect(0, 0, px(wished[0]), px(wished[1]))
    spot.moveCenter(within.center())
    window.setGeometry(inside(spot, within))


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


def stand_aside(window: QMainWindow, other: QMainWindow) -> None:
    """Put a main window that is not shown yet a little aside from another one, in its size.

    Beside one that fills the screen it is smaller: the user sees that there are two.
    """
    moved, within = other.geometry().translated(_ASIDE, _ASIDE), room(other.screen().availableGeometry())
    spot = inside(moved, within)
    if spot.contains(other.geometry()):
        spot = moved.intersected(within)
    window.setGeometry(inside(QRect(spot.topLeft(), spot.size().expandedTo(window.minimumSize())), within))


class Prompt(QDialog):
    """A dialog: as large as meant for usual text, or as its contents need; larger text makes it larger.

    Each time it is shown it stands over its parent, or where `setGeometry` put it, and fits the screen that is there.
    """

    def __init__(self, parent: QWidget | None, width: int = 0, height: int = 0) -> None:
        super().__init__(parent)
        if width and height:
            self.resize(px(width), px(height))

    def showEvent(self, event: QShowEvent) -> None:
        if event.spontaneous():
            super().showEvent(event)
            return
        placed, sized = Qt.WidgetAttribute.WA_Moved, Qt.WidgetAttribute.WA_Resized
        within, told = room(_screen(self).availableGeometry()), self.testAttribute(placed)
        spot = QRect(self.geometry().topLeft(), self.size() if self.testAttribute(sized) else self.sizeHint())
        if not told:
            parent = self.parentWidget()
            spot.moveCenter((parent.window().geometry() if parent is not None else within).center())
        self.setGeometry(inside(spot, within))
        super().showEvent(event)  # Qt leaves alone what was placed
        self.setAttribute(placed, told)


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
