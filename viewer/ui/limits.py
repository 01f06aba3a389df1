"""The panel above the status bar: how many requests go to the portal, what waits, and the time each method has left.

It looks every half second while it is open; it asks the portal for nothing.
"""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Optional

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer import i18n
from viewer.i18n import N_, _
from viewer.ui.room import Popup
from viewer.ui.theme import px

if TYPE_CHECKING:
    from viewer.bitrix import Budget, Limits

EVERY = 500  # milliseconds between two looks
WIDTH = 460
ROWS = 8  # rows of the table that are in sight without scrolling
Ask = Callable[[], Optional["Limits"]]

# The functions of the portal by what a supervisor knows them as; others keep their technical name.
_FUNCTIONS = {
    "imopenlines.v2.Session.list": N_("List of dialogues"),
    "crm.activity.list": N_("Dialogues in the CRM"),
    "im.recent.list": N_("Recent chats"),
    "imopenlines.crm.chat.get": N_("Dialogues of a CRM record"),
    "imopenlines.session.history.get": N_("History of a dialogue"),
    "imopenlines.dialog.get": N_("Facts of a dialogue"),
    "im.dialog.messages.get": N_("Messages of a chat"),
    "imopenlines.session.head.vote": N_("Saving a rating"),
    "imopenlines.config.list.get": N_("Names of the lines"),
    "im.user.list.get": N_("Names of people"),
    "im.v2.File.download": N_("Files of a chat"),
    "disk.file.get": N_("Files of the Drive"),
}
_WAITS = {  # by the value of `bitrix.Why`
    "rate": N_("The next request leaves in {n} s"),
    "busy": N_("The portal is busy, continuing in {n} s"),
    "budget": N_("The portal needs a pause, continuing in {n} s"),
    "fault": N_("The portal did not answer, trying again in {n} s"),
}


def waiting_words(limits: "Limits | None") -> str:
    """What the program waits for, as the status bar tells it; "" when nothing waits for long."""
    if limits is None or not limits.waiting or limits.blocked_for <= 0:
        return ""
    return _(_WAITS[limits.why.value]).format(n=seconds(limits.blocked_for))


def seconds(span: float) -> int:
    """Whole seconds to wait, never fewer than it takes."""
    return max(1, math.ceil(span - 0.05))


class LimitsPanel(Popup):
    """A popover; Esc or a click elsewhere closes it. `ask` gives the limits, None while the portal is not open."""

    def __init__(self, title: str, ask: Ask, *, demo: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("area", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # the click that closes it does not open it again
        self.setFixedWidth(px(WIDTH))
        self.setAccessibleName(_("Requests to the portal"))
        self._ask, self._demo = ask, demo
        self.title = _label(title, "title")
        self.sense = _label("", "secondary")
        self.sense.setWordWrap(True)
        self.state = _label("", "name")
        self.state.setWordWrap(True)
        self.facts = {
            "second": (_label(_("Sent in the last second"), "secondary"), _label("", "")),
            "flying": (_label(_("Not answered yet"), "secondary"), _label("", "")),
            "waiting": (_label(_("Waiting for their turn"), "secondary"), _label("", "")),
            "next": (_label(_("The next one can leave"), "secondary"), _label("", "")),
        }
        self.head = _label("", "secondary")
        self.head.setWordWrap(True)
        self.table = _table()
        self.none = _label(_("This portal has not counted any time yet."), "meta")
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.refresh)
        self.refresh()

    def open_above(self, anchor: QWidget) -> None:
        """Show it above a widget of the status bar, within the screen, with the keyboard in the table."""
        self.refresh()
        self._fit()
        self.stand(anchor.mapToGlobal(QPoint(0, 0)) - QPoint(0, self.height() + 6))
        self.show()
        (self.table if self.table.rowCount() else self).setFocus(Qt.FocusReason.PopupFocusReason)

    def refresh(self) -> None:
        """Look again."""
        limits, bottom = self._ask(), self.geometry().bottom()
        self.sense.setText(self._sense(limits))
        self.state.setText(_state(limits))
        self.setAccessibleDescription(f"{self.state.text()} {self.sense.text()}")
        self._tell("second", str(limits.last_second if limits else 0))
        flying = _("{n} of {most}").format(n=limits.in_flight, most=limits.at_once) if limits else "0"
        self._tell("flying", flying)
        self._tell("waiting", str(limits.waiting if limits else 0))
        self._tell("next", _next(limits))
        budgets = limits.budgets if limits else ()
        most = budgets[0].total if budgets else 0.0
        self.head.setText(
            _("The portal also counts the time it works for each function: {n} s within ten minutes.").format(
                n=round(most)
            )
        )
        for widget, shown in ((self.head, budgets), (self.table, budgets), (self.none, not budgets)):
            widget.setVisible(bool(shown))
        self._fill(budgets)
        if self.isVisible():
            self._fit()
            self.stand(QPoint(self.x(), bottom - self.height() + 1))

    def _fit(self) -> None:
        """As high as its words need at its width, which Qt does not see by itself for wrapped text."""
        self._column.invalidate()
        self._column.activate()
        self.resize(px(WIDTH), self._column.totalHeightForWidth(px(WIDTH)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _sense(self, limits: "Limits | None") -> str:
        if self._demo:
            return _("The demo portal answers at once. A real portal lets about 2 requests a second through.")
        rate = limits.rate if limits else 1.5
        return _(
            "The portal lets about 2 requests a second through for everybody in your office. This program sends {rate} "
            "a second at most, lists, dialogues and files together, so that nobody else is held up."
        ).format(rate=_figure(rate))

    def _tell(self, fact: str, words: str) -> None:
        name, value = self.facts[fact]
        value.setText(words)
        value.setAccessibleName(f"{name.text()}: {words}")

    def _fill(self, budgets: "tuple[Budget, ...]") -> None:
        table = self.table
        if table.rowCount() != len(budgets):
            table.setRowCount(len(budgets))
            rows = min(len(budgets), ROWS)
            table.setMaximumHeight(table.horizontalHeader().sizeHint().height() + rows * px(ROW) + 2)
        for row, budget in enumerate(budgets):
            known = _FUNCTIONS.get(budget.method)
            words = (_(known) if known else budget.method, _used(budget), _resets(budget))
            for column, text in enumerate(words):
                item = table.item(row, column)
                if item is None:
                    item = QTableWidgetItem()
                    if column:
                        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    table.setItem(row, column, item)
                if item.text() != text:
                    item.setText(text)
                if item.toolTip() != budget.method:
                    item.setToolTip(budget.method)

    def _lay_out(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 18)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.sense)
        column.addSpacing(4)
        column.addWidget(self.state)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        for row, (name, value) in enumerate(self.facts.values()):
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
        column.addLayout(grid)
        column.addSpacing(6)
        for widget in (self.head, self.table, self.none):
            column.addWidget(widget)


ROW = 28  # pixels


def _state(limits: "Limits | None") -> str:
    if words := waiting_words(limits):
        return f"{words}."
    if limits is not None and limits.why.value == "busy":
        return _("The portal asked for a pause of {n} s.").format(n=seconds(limits.blocked_for))
    return _("Nothing is held up.")


def _next(limits: "Limits | None") -> str:
    if limits is None:
        return _("now")
    if limits.in_flight and limits.in_flight >= limits.at_once:
        return _("when an answer comes")
    return _("in {n} s").format(n=seconds(limits.next_in)) if limits.next_in > 0 else _("now")


def _used(budget: "Budget") -> str:
    if budget.closed_for:
        return _("used up")
    return _("{n} of {most} s").format(n=_figure(round(budget.used, 1)), most=round(budget.total))


def _figure(value: float) -> str:
    short = f"{value:g}"
    return short.replace(".", ",") if i18n.language() == "ru" else short


def _resets(budget: "Budget") -> str:
    span = budget.closed_for or budget.resets_in
    return i18n.own_clock(datetime.now().astimezone() + timedelta(seconds=span)) if span else "—"


def _table() -> QTableWidget:
    table = QTableWidget(0, 3)
    sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignRight)
    for place, (words, side) in enumerate(zip((_("Function"), _("Used"), _("Resets at")), sides, strict=True)):
        item = QTableWidgetItem(words)
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        table.setHorizontalHeaderItem(place, item)
    table.setAccessibleName(_("Time used by each function"))
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setSizeAdjustPolicy(QAbstractItemView.SizeAdjustPolicy.AdjustToContents)  # less where the screen is low
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(px(ROW))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return table


def _label(words: str, tone: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("tone", tone)
    return label
