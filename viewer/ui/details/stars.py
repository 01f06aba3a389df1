"""Five stars to rate with: by mouse, by arrows, by the digits 1 to 5."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from viewer.i18n import _
from viewer.ui.icons import draw
from viewer.ui.theme import Theme

CELL, STAR, EDGE = 30, 26, 3  # pixels: a star's place, the star, the room for the focus outline


class Stars(QSlider):
    """A rating as stars; `value` 0 is none. To assistive technology it is the slider it is made of, "3 of 5"."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._hovered = 0
        self._origin = 0
        self.setRange(0, 5)
        self.setPageStep(1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleDescription(_("Supervisor's rating"))
        self.valueChanged.connect(self._name)
        self._name(0)

    def show_stars(self, count: int, origin: int) -> None:
        """Show `count` stars; the key 0 goes back to `origin`. Stars once given cannot be taken back."""
        self._origin = origin
        self.setMinimum(1 if origin else 0)
        self.setValue(count)

    def give(self, stars: int) -> None:
        """Set so many stars as the user would; 0 goes back to what the portal holds."""
        if self.isEnabled():
            self.setValue(stars or self._origin)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.update()

    def star_at(self, spot: QPointF) -> int:
        """The star at a point, 1..5; 0 where there is none."""
        number = int((spot.x() - EDGE) // CELL) + 1
        return number if 1 <= number <= 5 else 0

    def sizeHint(self) -> QSize:
        return QSize(5 * CELL + 2 * EDGE, CELL + 2 * EDGE)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _name(self, value: int) -> None:
        self.setAccessibleName(_("{n} of 5").format(n=value) if value else _("not rated"))
        self._hover(0)  # what was chosen is shown, wherever the mouse rests

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self.update()

    # --- Qt ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        stars = digit(event)
        if stars is not None:
            self.give(stars)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.give(0)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and (number := self.star_at(event.position())):
            self.setValue(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self.star_at(event.position())
        self._hover(number)
        if number and event.buttons() & Qt.MouseButton.LeftButton:
            self.setValue(number)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A slider would move its handle; here everything was done by the press."""

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(0)
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel scrolls the details; a rating must not change on the way

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        look, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = self._hovered if self._hovered and self.isEnabled() else self.value()
        for number in range(1, 6):
            filled = number <= shown
            color = look.star if self.isEnabled() or filled else look.text3
            painter.setOpacity(0.6 if self._hovered and self.isEnabled() and number > self.value() else 1.0)
            name = "star-filled" if filled else "star"
            draw(painter, name, color, EDGE + (number - 1) * CELL, (self.height() - STAR) / 2, STAR)
        if self.hasFocus():
            painter.setOpacity(1.0)
            painter.setPen(QPen(look.accent, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)


def digit(event: QKeyEvent) -> int | None:
    """The stars that a key means, 0 to 5; None for any other key."""
    bare = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
    stars = event.key() - Qt.Key.Key_0
    return stars if bare and 0 <= stars <= 5 else None
