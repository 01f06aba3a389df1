"""The course of a session in one strip: who wrote when, and where the client waited too long."""

from bisect import bisect_left
from datetime import timedelta

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from viewer.chat import PAUSE, Course, Moment, Side
from viewer.i18n import _, clock, day_of, duration, moment, ngettext
from viewer.ui.theme import Theme, font, px

_EDGE = 6.0  # left and right of the line
_AXIS, _TALL, _FOOT = 22.0, 12.0, 40.0  # heights: the line, a message above or below it, the times under it
_NEAR = 12.0  # pixels from the pointer to a message


class Timeline(QWidget):
    """A strip to look at and to go by: the client above the line, the team below it.

    Signal `message_requested(int)`: a message was clicked, or Enter was pressed on it.
    """

    message_requested = Signal(int)

    def __init__(self, course: Course, theme: Theme, norm: timedelta, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course, self._theme = course, theme
        self._norm = norm
        self._strokes: list[tuple[int, Moment]] = []  # what is seen of the messages at this width, by its pixel
        self._waits: dict[tuple[int, int], bool] = {}  # and of the long waits: from where to where, whether very long
        self._current = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        count = len(course.moments)
        summary = ngettext("Course of the session, {n} message", "Course of the session, {n} messages", count)
        self.setAccessibleName(summary.format(n=count))

    def sizeHint(self) -> QSize:
        return QSize(200, round(_FOOT) + px(18))

    def moment_at(self, x: float) -> Moment | None:
        """The message nearest to a place of the strip, None where none is near."""
        moments = self._course.moments
        after = bisect_left(moments, self._at(x), key=lambda each: each.at)
        near = min(moments[max(after - 1, 0) : after + 1], key=lambda each: abs(self._x(each.at) - x), default=None)
        return near if near is not None and abs(self._x(near.at) - x) <= _NEAR else None

    def told(self, shown: Moment) -> str:
        """A message on the strip, in words."""
        words = ", ".join((clock(shown.message.date), shown.author.name or _("Portal")))
        if shown.waited is not None and shown.waited >= timedelta(minutes=1):
            words += ", " + _("answered after {wait}").format(wait=duration(shown.waited))
        return words

    def _x(self, at: float) -> float:
        return _EDGE + at * (self.width() - 2 * _EDGE)

    def _at(self, x: float) -> float:
        return (x - _EDGE) / max(self.width() - 2 * _EDGE, 1.0)

    def _go(self, number: int) -> None:
        self._current = max(0, min(number, len(self._course.moments) - 1))
        words = self.told(self._course.moments[self._current])
        self.setAccessibleDescription(words)
        spot = QPointF(self._x(self._course.moments[self._current].at), _FOOT).toPoint()
        QToolTip.showText(self.mapToGlobal(spot), words, self)
        self.update()

    # --- Qt ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._course.moments) - 1
        places = {
            Qt.Key.Key_Left: self._current - 1 if self._current >= 0 else last,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        place = places.get(Qt.Key(event.key()))
        if place is not None and self._course.moments:
            self._go(place)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current >= 0:
            self.message_requested.emit(self._course.moments[self._current].message.id)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._current = -1
        super().focusOutEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found = self.moment_at(event.position().x())
        if event.button() is Qt.MouseButton.LeftButton and found is not None:
            self.message_requested.emit(found.message.id)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            found = self.moment_at(event.pos().x())
            QToolTip.showText(event.globalPos(), self.told(found) if found is not None else self._cut_at(event), self)
            return True
        return super().event(event)

    def _cut_at(self, event: QHelpEvent) -> str:
        """What a break of the line means."""
        near = any(abs(self._x(pause) - event.pos().x()) <= _NEAR for pause in self._course.pauses)
        return _("A pause of more than {time}, drawn shorter").format(time=duration(PAUSE)) if near else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What can be told apart at this width: of several messages or waits on the same pixels only one is drawn."""
        first: dict[tuple[int, bool], Moment] = {}
        self._waits = {}
        for each in self._course.moments:
            column = round(self._x(each.at))
            first.setdefault((column, _is_above(each)), each)
            if each.waited is not None and each.began is not None and each.waited > self._norm:
                span = round(self._x(each.began)), column
                self._waits[span] = self._waits.get(span, False) or each.waited > 3 * self._norm
        self._strokes = [(column, shown) for (column, _above), shown in first.items()]
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_line(painter)
        for column, shown in self._strokes:
            top = _AXIS - _TALL if _is_above(shown) else _AXIS + 3
            painter.fillRect(QRectF(column - 1, top, 2, _TALL - 2), self._color(shown))
        self._paint_times(painter)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if self._current >= 0:
                x = self._x(self._course.moments[self._current].at)
                painter.drawRoundedRect(QRectF(x - 4, _AXIS - _TALL - 4, 8, 2 * _TALL + 8), 4, 4)
            else:
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _paint_line(self, painter: QPainter) -> None:
        look = self._theme
        painter.fillRect(QRectF(self._x(0), _AXIS, self._x(1) - self._x(0), 1), look.line_strong)
        for (left, right), long in self._waits.items():
            painter.fillRect(QRectF(left, _AXIS - 1, max(right - left, 2), 3), look.red if long else look.amber)
        for pause in self._course.pauses:
            x = self._x(pause)
            painter.fillRect(QRectF(x - 3, _AXIS - 3, 6, 6), look.window)
            painter.setPen(QPen(look.text3, 1))
            painter.drawLine(QPointF(x - 3, _AXIS + 4), QPointF(x - 1, _AXIS - 4))
            painter.drawLine(QPointF(x + 1, _AXIS + 4), QPointF(x + 3, _AXIS - 4))

    def _color(self, shown: Moment) -> QColor:
        look = self._theme
        if shown.message.internal:
            return look.note_text
        colors = {Side.CLIENT: look.text2, Side.OPERATOR: look.accent, Side.BOT: look.bot_text}
        return colors.get(shown.author.side, look.text3)

    def _paint_times(self, painter: QPainter) -> None:
        start, end = self._course.start, self._course.end
        if start is None or end is None:
            return
        painter.setFont(font("meta"))
        painter.setPen(self._theme.text3)
        box = QRectF(_EDGE, _FOOT, self.width() - 2 * _EDGE, px(16))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, clock(start))
        words = clock(end) if day_of(end) == day_of(start) else moment(end)
        if len(self._course.moments) > 1:
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, words)


def _is_above(shown: Moment) -> bool:
    return shown.author.side is Side.CLIENT
