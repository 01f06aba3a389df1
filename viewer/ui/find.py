"""The find bar: what to look for, how, in which messages; how many were found and which one is shown."""

from collections.abc import Iterable, Mapping
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAction, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.i18n import N_, _
from viewer.library.finding import Has, Kind, Query
from viewer.ui.icons import icon
from viewer.ui.theme import Theme

_KINDS = (
    (Kind.CLIENT, N_("From the client")), (Kind.TEAM, N_("From operators")), (Kind.BOT, N_("From bots")),
    (Kind.AUTOMATIC, N_("Automatic, sent to client")), (Kind.INTERNAL, N_("Internal notes and cards")),
    (Kind.SYSTEM, N_("System messages")),
)  # fmt: skip
_HAS = ((Has.FILE, N_("With a file")), (Has.LINK, N_("With a link")), (Has.PICTURE, N_("With a picture")))


class FindField(QLineEdit):
    """Takes what to look for. Enter and Shift+Enter ask for the next and the previous hit by `step(int)`."""

    step = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(_("Find in this dialogue"))
        self.setAccessibleName(_("Find in this dialogue"))
        self.setMinimumWidth(120)
        self.setMaximumWidth(300)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.lens = QAction(self)
        self.addAction(self.lens, QLineEdit.ActionPosition.LeadingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)


class ChoiceMenu(QMenu):
    """A menu of several choices, which stays open while they are made."""

    def _toggled(self) -> bool:
        action = self.activeAction()
        if action is None or not action.isCheckable() or not action.isEnabled():
            return False
        action.trigger()
        return True

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.actionAt(event.position().toPoint()) is not self.activeAction() or not self._toggled():
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space or not self._toggled():
            super().keyPressEvent(event)


class FindBar(QFrame):
    """Above the transcript while something is looked for.

    Signals: `changed()` another query; `step(int)` the next hit, or with -1 the previous one; `closed()`.
    """

    changed = Signal()
    step = Signal(int)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("area", "find")
        self._theme = theme
        self._people: dict[int, str] = {}
        self._chosen: dict[Enum | int, QAction] = {}
        self.field = FindField()
        self.count = QLabel()
        self.count.setProperty("tone", "secondary")
        self.earlier = _button(_("Previous hit") + " (Shift+F3)")
        self.later = _button(_("Next hit") + " (F3)")
        self.case = _toggle("Aa", _("Letter case counts"))
        self.word = _toggle("ab", _("Whole words"))
        self.word.setProperty("line", "under")
        self.regex = _toggle(".*", _("Regular expression"))
        self.filter = _button(_("Whose messages, which kind, what they carry"))
        self.filter.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = ChoiceMenu(self)
        self.filter.setMenu(self.menu)
        self.cross = _button(_("Close") + " (Esc)")
        self.problem = QLabel()
        self.problem.setProperty("tone", "red")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._lay_out()
        self._connect()
        self.set_people({})
        self.set_theme(theme)
        self.hide()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.field, 20)
        row.addSpacing(6)
        row.addWidget(self.count)
        row.addSpacing(6)
        for button in (self.earlier, self.later, self.case, self.word, self.regex, self.filter):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.cross)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 5, 8, 5)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.problem)

    def _connect(self) -> None:
        self.field.textChanged.connect(self.changed)
        self.field.step.connect(self.step)
        self.earlier.clicked.connect(lambda: self.step.emit(-1))
        self.later.clicked.connect(lambda: self.step.emit(1))
        for toggle in (self.case, self.word, self.regex):
            toggle.toggled.connect(self.changed)
        self.cross.clicked.connect(self.closed)

    # --- what is looked for ---

    @property
    def query(self) -> Query:
        """What is looked for."""
        chosen = [key for key, action in self._chosen.items() if action.isChecked()]
        return Query(
            self.field.text(),
            case=self.case.isChecked(),
            whole_word=self.word.isChecked(),
            regex=self.regex.isChecked(),
            authors=frozenset(key for key in chosen if isinstance(key, int)),
            kinds=frozenset(key for key in chosen if isinstance(key, Kind)),
            has=frozenset(key for key in chosen if isinstance(key, Has)),
        )

    def set_people(self, people: Mapping[int, str]) -> None:
        """Offer these authors, by id; what was chosen and is still there stays chosen."""
        if self._chosen and dict(people) == self._people:
            return
        chosen = {key for key, action in self._chosen.items() if action.isChecked()}
        self._people = dict(people)
        self._chosen.clear()
        self.menu.clear()
        self._offer(people.items(), chosen)
        self._offer(((kind, _(words)) for kind, words in _KINDS), chosen)
        self._offer(((has, _(words)) for has, words in _HAS), chosen)
        self.clear_filter = self.menu.addAction(_("All messages"))
        self.clear_filter.triggered.connect(self._clear)
        self._show_filter()

    def _offer(self, choices: Iterable[tuple[Enum | int, str]], chosen: set[Enum | int]) -> None:
        for key, words in choices:
            action = self.menu.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(key in chosen)
            action.toggled.connect(self._filtered)
            self._chosen[key] = action
        self.menu.addSeparator()

    def choose(self, key: Enum | int, *, on: bool = True) -> None:
        """Choose an author by id, a kind, or what messages carry."""
        self._chosen[key].setChecked(on)

    def _clear(self) -> None:
        for action in self._chosen.values():
            action.setChecked(False)

    def _filtered(self) -> None:
        self._show_filter()
        self.changed.emit()

    def _show_filter(self) -> None:
        narrows = self.query.narrows
        names = [action.text().replace("&&", "&") for action in self._chosen.values() if action.isChecked()]
        told = _("Whose messages, which kind, what they carry")
        self.filter.setToolTip(told + (f":\n{', '.join(names)}" if names else ""))
        self.filter.setIcon(icon("filter", self._theme.accent if narrows else self._theme.text2))
        self.filter.setProperty("on", narrows)
        self.filter.style().unpolish(self.filter)
        self.filter.style().polish(self.filter)
        self.clear_filter.setEnabled(narrows)

    # --- what is told ---

    def show_count(self, number: int, count: int, *, busy: bool = False) -> None:
        """Tell which hit is shown, from 1, of how many; nothing when `number` is 0 and the search goes on."""
        if count:
            told = _("{n} of {count}").format(n=number, count=count)
        else:
            told = "" if busy or self.query.empty else _("Nothing found")
        self._tell(told)
        self.earlier.setEnabled(count > 0)
        self.later.setEnabled(count > 0)
        self._show_problem("")

    def show_problem(self, words: str) -> None:
        """Say what is wrong with the query."""
        self._tell("")
        self.earlier.setEnabled(False)
        self.later.setEnabled(False)
        self._show_problem(words)

    def _tell(self, words: str) -> None:
        if words != self.count.text():
            self.count.setText(words)
            self.field.setAccessibleDescription(words)
            QAccessible.updateAccessibility(QAccessibleEvent(self.field, QAccessible.Event.DescriptionChanged))

    def _show_problem(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        if words:
            self.field.setAccessibleDescription(words)
        if self.field.property("bad") != bool(words):
            self.field.setProperty("bad", bool(words))
            self.field.style().unpolish(self.field)
            self.field.style().polish(self.field)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.field.lens.setIcon(icon("search", theme.text2))
        self.earlier.setIcon(icon("chevron-up", theme.text2))
        self.later.setIcon(icon("chevron-down", theme.text2))
        self.cross.setIcon(icon("close", theme.text2))
        self._show_filter()

    # --- Qt ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        room = self.count.fontMetrics().horizontalAdvance  # so that the buttons stay where they are
        self.count.setMinimumWidth(max(room(_("Nothing found")), room(_("{n} of {count}").format(n=100, count=999))))


def _button(tip: str) -> QToolButton:
    button = QToolButton()
    button.setToolTip(tip)
    button.setAccessibleName(tip.partition(" (")[0])
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _toggle(sign: str, tip: str) -> QToolButton:
    button = _button(tip)
    button.setText(sign)
    button.setCheckable(True)
    button.setProperty("kind", "sign")
    return button
