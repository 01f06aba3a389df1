"""What narrows the list, above it: the field, the chips, what narrows now, the count, the period and the order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer import i18n
from viewer.chat import CrmLink, Filter, Session
from viewer.i18n import _
from viewer.settings import LOOKS, ORDERS
from viewer.ui.dialogues.chips import Chip, FlowLayout, Token
from viewer.ui.dialogues.memory import FilterMemory
from viewer.ui.dialogues.popover import FIELDS, FilterPopover
from viewer.ui.dialogues.span import SpanPopover
from viewer.ui.dialogues.words import (
    PERIODS,
    RECORD,
    Names,
    Option,
    active,
    count_words,
    look_words,
    order_words,
    period_words,
    record_name,
    span_words,
    value_of,
    with_value,
)
from viewer.ui.icons import icon
from viewer.ui.theme import Theme


class FilterField(QLineEdit):
    """Narrows as one types. Down and Enter go on to the list; Escape clears, then leaves."""

    left = Signal()
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_PageDown):
            self.left.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class FilterBar(QWidget):
    """Shows a filter and lets it be changed; it filters nothing itself.

    Signals: `changed(Filter)`, `period_chosen(int)` in days, `span_chosen(date, date)` both days included,
    `order_chosen(str)`, `look_chosen(str)`, `record_left()`.
    """

    changed = Signal(object)
    period_chosen = Signal(int)
    span_chosen = Signal(object, object)
    order_chosen = Signal(str)
    look_chosen = Signal(str)
    record_left = Signal()

    def __init__(self, theme: Theme, memory: FilterMemory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filter-bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme, self._memory = theme, memory
        self.names = Names()
        self.wanted = Filter()
        self._record: CrmLink | None = None
        self.field = FilterField()
        self.field.setPlaceholderText(_("Client, operator, line or id"))
        self.field.setAccessibleName(_("Filter dialogues"))
        self.field.setToolTip(_("Filter the list (Ctrl+L)"))
        self.field.setClearButtonEnabled(True)
        self._lens = QAction(self)
        self.field.addAction(self._lens, QLineEdit.ActionPosition.LeadingPosition)
        self.more = QToolButton()
        self.more.setProperty("kind", "more")
        self.more.setToolTip(_("More filters"))
        self.more.setAccessibleName(_("More filters"))
        self.more.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Ignored)  # as high as the field
        self.unrated = Chip()
        self.line, self.operator = Chip(_("Line"), menu=True), Chip(_("Operator"), menu=True)
        self.count = QLabel()
        self.count.setProperty("tone", "secondary")
        self.period = Chip(menu=True)
        self.period.setProperty("quiet", True)
        self.period.setToolTip(_("How far back the list looks"))
        self.order = QToolButton()
        self.order.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.order.setMenu(QMenu(self.order))
        self._fill(self.period.menu(), [(period_words(each), each) for each in PERIODS], self.period_chosen.emit)
        self._fill(self.order.menu(), [(order_words(each), each) for each in ORDERS], self.order_chosen.emit)
        self.order.menu().addSeparator()
        self._add(self.order.menu(), [(look_words(each), each) for each in LOOKS], self.look_chosen.emit)
        self.period.menu().addSeparator()
        self.period.menu().addAction(_("Choose days…")).triggered.connect(self._ask_span)
        self.span = SpanPopover(self)
        self.span.chosen.connect(self.span_chosen)
        self.clear_button = QPushButton(_("Clear all"))
        self.clear_button.setProperty("kind", "link")
        self.tokens: list[Token] = []
        self._offered: dict[str, list[Option]] = {}
        self.popover = FilterPopover(theme, self)
        self._lay_out()
        self._connect()
        self.show_order(memory.order, memory.look)
        self.set_theme(theme)

    # --- what is shown ---

    def learn(self, sessions: list[Session]) -> None:
        """Offer the lines, operators and channels of these sessions too."""
        self.names.learn(sessions)
        self.show_filter(self.wanted, self._record)

    def show_filter(self, wanted: Filter, record: CrmLink | None = None) -> None:
        """Set every control to this filter."""
        self.wanted, self._record = wanted, record
        self.unrated.blockSignals(True)
        self.unrated.setChecked(wanted.unrated)
        self.unrated.blockSignals(False)
        if self.field.text() != wanted.text:
            self.field.blockSignals(True)
            self.field.setText(wanted.text)
            self.field.blockSignals(False)
        for chip, field, title in ((self.line, "line", _("Line")), (self.operator, "operator", _("Operator"))):
            self._fill_menu(chip, field, title)
        self.period.setVisible(record is None)  # a record's dialogues are those of all times
        self._show_tokens()
        behind = sum(bool(value_of(wanted, field)) for field in FIELDS if field != "rating" or wanted.rated)
        self.more.setText(str(behind) if behind else "")
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if behind else Qt.ToolButtonStyle.ToolButtonIconOnly
        self.more.setToolButtonStyle(style)
        self.more.setProperty("on", bool(behind))
        self.more.style().unpolish(self.more)
        self.more.style().polish(self.more)
        if self.popover.isVisible():
            self.popover.show_filter(wanted, self.names, self._memory.named)

    def show_count(self, shown: int, total: int, unrated: int, *, whole: bool) -> None:
        """How many sessions are listed; `whole` when the portal was asked for all of the period."""
        self.count.setText(count_words(shown, total, whole=whole) if total else "")
        self.unrated.setText(_("Unrated {n}").format(n=unrated) if unrated else _("Unrated"))

    def show_period(self, days: int) -> None:
        """How far back the list looks."""
        self.period.setText(period_words(days))
        _check(self.period.menu(), days)

    def show_span(self, first: date, last: date) -> None:
        """The days that the list shows."""
        self.period.setText(span_words(first, last, i18n.now().date()))
        _check(self.period.menu(), None)

    def show_order(self, order: str, look: str) -> None:
        """The order of the list, and how its rows look."""
        self.order.setToolTip(order_words(order))
        self.order.setAccessibleName(_("Order of the list: {order}").format(order=order_words(order)))
        _check(self.order.menu(), order, look)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._lens.setIcon(icon("search", theme.text2))
        self.more.setIcon(icon("filter", theme.text2))
        self.order.setIcon(icon("sort", theme.text2))
        self.popover.set_theme(theme)
        self._show_tokens()

    # --- how it is made ---

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.field, 1)
        top.addWidget(self.more)
        chips = FlowLayout()
        for chip in (self.unrated, self.line, self.operator):
            chips.addWidget(chip)
        self._on = QWidget()
        self._flow = FlowLayout(self._on)
        self._flow.addWidget(self.clear_button)
        self.clear_button.setParent(self._on)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self.count)
        foot.addWidget(self.period)
        foot.addStretch(1)
        foot.addWidget(self.order)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 4)
        column.setSpacing(6)
        column.addLayout(top)
        column.addLayout(chips)
        column.addWidget(self._on)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.field.textChanged.connect(lambda text: self._change(replace(self.wanted, text=text)))
        self.unrated.toggled.connect(
            lambda on: self._change(with_value(self.wanted, "rating", "unrated" if on else ""))
        )
        self.clear_button.clicked.connect(self.clear)
        self.more.clicked.connect(self._open_popover)
        popover = self.popover
        popover.changed.connect(self._change)
        popover.cleared.connect(self.clear)
        popover.chosen.connect(self._use)
        popover.saved.connect(self._save)
        popover.forgotten.connect(self._forget)

    def clear(self) -> None:
        """Take everything off; the period stays."""
        if self._record is not None:
            self.record_left.emit()
        self._change(Filter(since=self.wanted.since, until=self.wanted.until))

    def _change(self, wanted: Filter) -> None:
        wanted = replace(wanted, since=self.wanted.since, until=self.wanted.until)
        if wanted != self.wanted:
            self.show_filter(wanted, self._record)
            self.changed.emit(wanted)

    def _take_off(self, field: str) -> None:
        if field == RECORD:
            self.record_left.emit()
        else:
            self._change(with_value(self.wanted, field, ""))

    def _show_tokens(self) -> None:
        told = {RECORD: record_name(self._record)} if self._record else {}
        told |= {field: words for field, words in active(self.wanted, self.names).items() if field != "text"}
        if self.wanted.unrated:
            told.pop("rating")  # the chip itself shows it
        while self.tokens:
            token = self.tokens.pop()
            self._flow.removeWidget(token)
            token.hide()
            token.deleteLater()
        self._flow.removeWidget(self.clear_button)
        for field, words in told.items():
            named = field in ("line", "operator", "connector")
            short = self.names.name(field, value_of(self.wanted, field)) if named else words
            token = Token(field, short, words, self._theme)
            token.taken_off.connect(self._take_off)
            self._flow.addWidget(token)
            token.show()  # at once: a widget that is added to a layout is shown by the event loop only
            self.tokens.append(token)
        self._flow.addWidget(self.clear_button)
        self._on.setVisible(bool(told))

    def _fill_menu(self, chip: Chip, field: str, title: str) -> None:
        options, chosen = self.names.options(field), value_of(self.wanted, field)
        chip.set_on(bool(chosen))
        chip.setVisible(len(options) > 1 or bool(chosen))
        if self._offered.get(field) != options:
            self._offered[field] = options
            chip.setToolTip(title)
            every = [(_("All"), ()), *((option.words, option.value) for option in options)]
            self._fill(chip.menu(), every, lambda value: self._change(with_value(self.wanted, field, value)))
        _check(chip.menu(), chosen)

    def _fill(self, menu: QMenu, items: list[tuple[str, Any]], act: Callable[[Any], object]) -> None:
        menu.clear()
        self._add(menu, items, act)

    def _add(self, menu: QMenu, items: list[tuple[str, Any]], act: Callable[[Any], object]) -> None:
        for words, value in items:
            action = menu.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setData(value)
            action.triggered.connect(lambda _on=False, value=value: act(value))

    # --- the popovers ---

    def _ask_span(self) -> None:
        today = i18n.now()
        since, until = self.wanted.since or today, self.wanted.until or today
        self.span.open_below(self.period, i18n.day_of(since), i18n.day_of(until))

    def _open_popover(self) -> None:
        self.popover.show_filter(self.wanted, self.names, self._memory.named)
        self.popover.open_below(self.more)

    def _use(self, name: str) -> None:
        kept = self._memory.named.get(name)
        self.popover.close()
        if kept is not None:
            self._change(kept)

    def _save(self, name: str) -> None:
        self._memory.save(name, self.wanted)
        self.popover.show_filter(self.wanted, self.names, self._memory.named)

    def _forget(self, name: str) -> None:
        self._memory.forget(name)
        self.popover.show_filter(self.wanted, self.names, self._memory.named)


def _check(menu: QMenu, *chosen: object) -> None:
    for action in menu.actions():
        action.setChecked(action.data() is not None and action.data() in chosen)
