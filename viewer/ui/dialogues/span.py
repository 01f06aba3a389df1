"""The days that the list shows, where a length of time is not enough: from one day to another."""

from datetime import date

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QDateEdit, QGridLayout, QLabel, QPushButton, QWidget

from viewer.i18n import _, language, now
from viewer.ui.room import Popup
from viewer.ui.theme import px


class SpanPopover(Popup):
    """Opens below a chip; the days are taken by its button or Enter. Signal: `chosen(date, date)`, both included."""

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("filters")
        self.first, self.last = QDateEdit(), QDateEdit()
        self.button = QPushButton(_("Show these days"))
        self.button.setProperty("kind", "primary")
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 12, 14, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for number, (edit, title) in enumerate(((self.first, _("From")), (self.last, _("To")))):
            edit.setLocale(QLocale(language()))
            edit.setDisplayFormat("dd.MM.yyyy" if language() == "ru" else "d MMM yyyy")
            edit.setCalendarPopup(True)
            for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):  # Qt's own red cannot be read on a dark ground
                edit.calendarWidget().setWeekdayTextFormat(day, QTextCharFormat())
            edit.setAccessibleName(title)
            edit.setMinimumWidth(px(140))
            label = QLabel(title)
            label.setProperty("tone", "secondary")
            label.setBuddy(edit)
            grid.addWidget(label, number, 0)
            grid.addWidget(edit, number, 1)
            edit.lineEdit().returnPressed.connect(self._take)
        grid.addWidget(self.button, 2, 0, 1, 2)
        self.button.clicked.connect(self._take)

    def open_below(self, chip: QWidget, first: date, last: date) -> None:
        """Ask for the days, these to start with."""
        for edit, day in ((self.first, first), (self.last, last)):
            edit.setMaximumDate(_shown(now().date()))
            edit.setDate(_shown(day))
        self.adjustSize()
        self.stand(chip.mapToGlobal(QPoint(0, chip.height() + 4)))
        self.show()
        self.first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _take(self) -> None:
        days = sorted((_day(self.first), _day(self.last)))  # the wrong way round they mean the same
        self.close()
        self.chosen.emit(*days)


def _shown(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _day(edit: QDateEdit) -> date:
    chosen = edit.date()
    return date(chosen.year(), chosen.month(), chosen.day())
