"""The pane of the dialogue list: filter field, chips, rows, and what is said where there are none."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from viewer.chat import Filter, Session
from viewer.errors import ViewerError
from viewer.i18n import _, ngettext
from viewer.ui.dialogues.delegate import RowDelegate
from viewer.ui.dialogues.model import DialogueModel, ListRow
from viewer.ui.icons import icon
from viewer.ui.states import StatePage
from viewer.ui.theme import Theme

PERIODS = (7, 14, 30, 56, 90, 180, 366)


class DialogueList(QListView):
    """The rows. A chat of several sessions opens and closes; a session is chosen by click, Enter or the arrow keys."""

    chosen = Signal(object)  # Session

    def __init__(self, model: DialogueModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.delegate = RowDelegate(theme, self)
        self.setItemDelegate(self.delegate)  # before the model: Qt lays every row out once with the default delegate
        self.setModel(model)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(24)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Dialogues"))
        self.clicked.connect(self._clicked)

    def choose(self, index: QModelIndex) -> None:
        """Take a row: open a session, or open a chat and take its newest session."""
        row = self.rows.row(index)
        if row is None:
            return
        if row.several:
            newest = row.session.id
            if not row.opened:
                self.rows.toggle(index)
            index = self.rows.reveal(newest)
        self.setCurrentIndex(index)
        self.chosen.emit(row.session)

    def step(self, by: int) -> None:
        """Take the next (1) or previous (-1) session below or above the current one."""
        number = self.currentIndex().row() + by
        rows = self.rows.rows
        while 0 <= number < len(rows) and rows[number].several and rows[number].opened:
            number += by
        if 0 <= number < len(rows):
            self.choose(self.rows.index(number))

    def _clicked(self, index: QModelIndex) -> None:
        row = self.rows.row(index)
        if row is not None and row.several and row.opened:
            self.rows.toggle(index)
        else:
            self.choose(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.rows.row(self.currentIndex())
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(self.currentIndex())
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and row is not None and row.several:
            if row.opened == (key == Qt.Key.Key_Left):
                number = self.currentIndex().row()
                self.rows.toggle(self.currentIndex())
                self.setCurrentIndex(self.rows.index(number))
        else:
            super().keyPressEvent(event)


class DialoguePane(QWidget):
    """Filter, chips and list.

    Signals: `chosen(Session)`, `period_changed(int)` in days, `retry()` after a list that could not be read.
    """

    chosen = Signal(object)
    period_changed = Signal(int)
    retry = Signal()

    def __init__(self, theme: Theme, days: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialogues")
        self.setProperty("area", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._days = days
        self._error: ViewerError | None = None
        self._busy = False
        self.model = DialogueModel(self)
        self.list = DialogueList(self.model, theme)
        self.list.chosen.connect(self.chosen)
        self.state = StatePage(theme)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.state)
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Filter by client, text, id"))
        self.field.setAccessibleName(_("Filter dialogues"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda text: self._narrow(text=text))
        self._lens = QAction(self)
        self.field.addAction(self._lens, QLineEdit.ActionPosition.LeadingPosition)
        self.unrated = self._chip()
        self.unrated.setCheckable(True)
        self.unrated.toggled.connect(lambda on: self._narrow(unrated=on))
        self.line = self._chip(menu=True)
        self.operator = self._chip(menu=True)
        self.period = self._chip(menu=True)
        self._lay_out()
        self._fill_period()
        self.set_theme(theme)
        self._show()

    def set_sessions(self, sessions: list[Session]) -> None:
        """Show these sessions and keep the chosen one chosen."""
        current = self.model.row(self.list.currentIndex())
        self._error = None
        self.model.set_sessions(sessions)
        self._fill_menu(self.line, "line", _("Line"), self.model.choices("line_name"))
        self._fill_menu(self.operator, "operator", _("Operator"), self.model.choices("operator_name"))
        self._keep(current)
        self._show()

    def set_busy(self, busy: bool) -> None:
        """Say that the list is being read."""
        self._busy = busy
        self._show()

    def set_error(self, error: ViewerError) -> None:
        """Say why the list could not be read; rows that were read stay."""
        self._error = error
        self._show()

    def reveal(self, session_id: int) -> None:
        """Make a session the current row, without opening it."""
        index = self.model.reveal(session_id)
        if index.isValid():
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)
        else:
            self.list.clearSelection()

    def clear_filter(self) -> None:
        """Show everything."""
        self.model.filter = Filter()
        self.unrated.setChecked(False)
        self.field.clear()
        self.set_sessions(self.model.sessions)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.list.delegate.set_theme(theme)
        self.state.set_theme(theme)
        self._lens.setIcon(icon("search", theme.text2))
        self.list.viewport().update()

    def _chip(self, *, menu: bool = False) -> QPushButton:
        chip = QPushButton()
        chip.setProperty("kind", "chip")
        if menu:
            chip.setMenu(QMenu(chip))
            chip.setProperty("menu", True)
        return chip

    def _lay_out(self) -> None:
        chips = QHBoxLayout()
        chips.setSpacing(4)
        for chip in (self.unrated, self.line, self.operator):
            chips.addWidget(chip)
        chips.addStretch(1)
        head = QVBoxLayout()
        head.setContentsMargins(12, 10, 12, 8)
        head.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.field, 1)
        top.addWidget(self.period)
        head.addLayout(top)
        head.addLayout(chips)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.stack, 1)

    def _narrow(self, **changes: object) -> None:
        current = self.model.row(self.list.currentIndex())
        wanted = self.model.filter
        values = {name: getattr(wanted, name) for name in ("text", "unrated", "line", "operator")} | changes
        self.model.set_filter(Filter(**values))
        self._keep(current)
        self._show()

    def _keep(self, current: ListRow | None) -> None:
        if current is not None:
            self.reveal(current.session.id)

    def _fill_menu(self, chip: QPushButton, name: str, title: str, choices: list[str]) -> None:
        chosen = getattr(self.model.filter, name)
        short = chosen if len(chosen) <= 14 else f"{chosen[:13]}…"
        chip.setText(short or title)
        chip.setProperty("on", bool(chosen))
        chip.style().unpolish(chip)
        chip.style().polish(chip)
        chip.setVisible(len(choices) > 1 or bool(chosen))
        menu = chip.menu()
        menu.clear()
        for value in ("", *choices):
            action = menu.addAction(value or _("All"))
            action.setCheckable(True)
            action.setChecked(value == chosen)
            action.triggered.connect(lambda _on=False, value=value: self._pick(chip, name, title, value))

    def _pick(self, chip: QPushButton, name: str, title: str, value: str) -> None:
        self._narrow(**{name: value})
        self._fill_menu(chip, name, title, self.model.choices(f"{name}_name"))

    def _fill_period(self) -> None:
        self.period.setText(_period(self._days))
        menu = self.period.menu()
        menu.clear()
        for days in PERIODS:
            action = menu.addAction(_period(days))
            action.setCheckable(True)
            action.setChecked(days == self._days)
            action.triggered.connect(lambda _on=False, days=days: self.look_back(days))

    def look_back(self, days: int) -> None:
        """List the last `days`."""
        self._days = days
        self._fill_period()
        self.period_changed.emit(days)

    def _show(self) -> None:
        unrated = sum(not session.head_vote for session in self.model.sessions)
        self.unrated.setText(_("Unrated {n}").format(n=unrated) if unrated else _("Unrated"))
        if self.model.rows:
            self.stack.setCurrentWidget(self.list)
            return
        self.stack.setCurrentWidget(self.state)
        if self._error is not None:
            self.state.show_error(self._error, [(_("Try again"), self.retry.emit)])
        elif self._busy:
            self.state.show_progress(_("Reading the list…"))
        elif self.model.filter.narrows:
            self._say_no_match()
        else:
            self.state.show_state(
                "chat",
                _("No dialogues"),
                _("The portal lists no sessions for this period."),
                actions=[(_("Look back further"), lambda: self.look_back(_longer(self._days)))],
            )

    def _say_no_match(self) -> None:
        count = len(self.model.sessions)
        told = ngettext(
            "{n} session is loaded. It does not match.", "{n} sessions are loaded. None of them matches.", count
        )
        self.state.show_state(
            "filter",
            _("No dialogues match"),
            told.format(n=count),
            advice=_("Know the number? Open it with Ctrl+K."),
            actions=[
                (_("Clear filters"), self.clear_filter),
                (_("Look back further"), lambda: self.look_back(_longer(self._days))),
            ],
        )


def _period(days: int) -> str:
    if days >= 365:
        return _("1 year")
    if days % 7 == 0 and days < 84:
        return ngettext("{n} week", "{n} weeks", days // 7).format(n=days // 7)
    if days % 30 == 0:
        return ngettext("{n} month", "{n} months", days // 30).format(n=days // 30)
    return ngettext("{n} day", "{n} days", days).format(n=days)


def _longer(days: int) -> int:
    return next((period for period in PERIODS if period > days), PERIODS[-1])
