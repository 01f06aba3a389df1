"""A calendar in which only the days of a dialogue can be chosen."""

from bisect import bisect_left, bisect_right
from calendar import Calendar as Weeks
from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from viewer.i18n import _, language, long_date, ngettext, weekday
from viewer.ui.icons import icon
from viewer.ui.room import Popup
from viewer.ui.theme import Theme, px

WEEKS = 6
_MONDAY = date(2024, 1, 1)
_CELL = 32


class Day(QToolButton):
    """A day of the month; keys are the calendar's."""

    def __init__(self) -> None:
        super().__init__()
        self.day = date.min
        self.setFixedSize(px(_CELL), px(28))
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # a month of five weeks is as tall as one of six
        self.setSizePolicy(policy)
        self.setProperty("kind", "day")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()


class Calendar(Popup):
    """Pops up under a button. `counts` are the messages of each day that has any.

    Arrows go to the next day that has messages, Page Up and Page Down to another month, Home and End to the first day
    and the last. Signal: `chosen(date)`.
    """

    chosen = Signal(date)

    def __init__(self, counts: Mapping[date, int], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("area", "calendar")
        self.setAccessibleName(_("Go to date"))
        self._counts = dict(counts)
        self._days = sorted(counts)
        self.current = self._days[-1]
        self._month = self.current.replace(day=1)
        self.earlier = _button(_("Earlier month") + " (PgUp)", "chevron-left", theme)
        self.later = _button(_("Later month") + " (PgDn)", "chevron-right", theme)
        self.title = QLabel()
        self.title.setProperty("tone", "name")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.first = _link(_("First day"), self._days[0])
        self.last = _link(_("Last day"), self._days[-1])
        self.cells = [Day() for _number in range(7 * WEEKS)]
        self.earlier.clicked.connect(lambda: self._turn(-1))
        self.later.clicked.connect(lambda: self._turn(1))
        self.first.clicked.connect(lambda: self._choose(self._days[0]))
        self.last.clicked.connect(lambda: self._choose(self._days[-1]))
        for cell in self.cells:
            cell.clicked.connect(lambda _on=False, cell=cell: self._choose(cell.day))
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.earlier)
        head.addWidget(self.title, 1)
        head.addWidget(self.later)
        grid = QGridLayout()
        grid.setSpacing(2)
        for number in range(7):
            name = QLabel(weekday(_MONDAY + timedelta(days=number), short=True))
            name.setProperty("tone", "meta")
            name.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(name, 0, number)
        for number, cell in enumerate(self.cells):
            grid.addWidget(cell, 1 + number // 7, number % 7)
        foot = QHBoxLayout()
        foot.addWidget(self.first)
        foot.addStretch(1)
        foot.addWidget(self.last)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(grid)
        column.addLayout(foot)

    def open_at(self, corner: QPoint, day: date | None) -> None:
        """Show it with its upper right corner here, standing on a day or the nearest one before that has messages."""
        if day is not None:
            self.current = self._days[max(bisect_right(self._days, day) - 1, 0)]
        self._show_month(self.current)
        self.adjustSize()
        self.stand(corner - QPoint(self.width(), 0))
        self.show()
        self._stand()

    def _show_month(self, day: date) -> None:
        self._month = day.replace(day=1)
        name = QLocale(language()).standaloneMonthName(day.month)
        self.title.setText(f"{name[:1].upper()}{name[1:]} {day.year}")
        shown = list(Weeks().itermonthdays3(day.year, day.month)) if date.min.year < day.year < date.max.year else []
        for number, cell in enumerate(self.cells):
            cell.setVisible(number < len(shown))
            cell.setEnabled(False)
            if number < len(shown):
                self._fill(cell, date(*shown[number]))
        self.earlier.setEnabled(self._days[0] < self._month)
        self.later.setEnabled(bool(self._in_month(1)))

    def _fill(self, cell: Day, day: date) -> None:
        here = day.month == self._month.month
        count = self._counts.get(day, 0) if here else 0
        cell.day = day
        cell.setText(str(day.day) if here else "")
        cell.setEnabled(count > 0)
        cell.setProperty("now", day == self.current)
        told = ngettext("{n} message", "{n} messages", count).format(n=count) if count else _("No messages")
        cell.setToolTip(f"{long_date(day)}\n{told}" if here else "")
        cell.setAccessibleName(f"{long_date(day)}, {told}")
        cell.style().unpolish(cell)
        cell.style().polish(cell)

    def _in_month(self, by: int) -> date | None:
        """The nearest day with messages in another month, later for 1, earlier for -1."""
        if by < 0:
            index = bisect_left(self._days, self._month) - 1
            return self._days[index] if index >= 0 else None
        after = (self._month + timedelta(days=31)).replace(day=1)
        index = bisect_left(self._days, after)
        return self._days[index] if index < len(self._days) else None

    def _turn(self, by: int) -> None:
        day = self._in_month(by)
        if day is not None:
            self._go(day)

    def _go(self, day: date) -> None:
        self.current = day
        self._show_month(day)
        self._stand()

    def _stand(self) -> None:
        cell = next((cell for cell in self.cells if cell.day == self.current and cell.isEnabled()), None)
        if cell is not None:
            cell.setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self, day: date) -> None:
        self.close()
        self.chosen.emit(day)

    def _after(self, key: int) -> date | None:
        """The day that a key leads to."""
        index = bisect_left(self._days, self.current)
        last = len(self._days) - 1
        match key:
            case Qt.Key.Key_Left:
                return self._days[max(index - 1, 0)]
            case Qt.Key.Key_Right:
                return self._days[min(index + 1, last)]
            case Qt.Key.Key_Up:
                return self._days[max(min(bisect_right(self._days, self.current - timedelta(7)) - 1, index - 1), 0)]
            case Qt.Key.Key_Down:
                return self._days[min(max(bisect_left(self._days, self.current + timedelta(7)), index + 1), last)]
            case Qt.Key.Key_PageUp:
                return self._in_month(-1) or self._days[0]
            case Qt.Key.Key_PageDown:
                return self._in_month(1) or self._days[-1]
            case Qt.Key.Key_Home:
                return self._days[0]
            case Qt.Key.Key_End:
                return self._days[-1]
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        day = self._after(event.key())
        if day is not None:
            self._go(day)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.current)
        else:
            super().keyPressEvent(event)


def _button(tip: str, name: str, theme: Theme) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name, theme.text2))
    button.setToolTip(tip)
    button.setAccessibleName(tip.partition(" (")[0])
    return button


def _link(words: str, day: date) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("kind", "link")
    button.setToolTip(long_date(day))
    return button
