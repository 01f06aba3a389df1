"""“More filters”: what is seldom narrowed by, and the filters that were given a name."""

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.chat import Filter
from viewer.i18n import _
from viewer.ui.dialogues.memory import LONGEST_NAME
from viewer.ui.dialogues.words import Names, Option, fixed_options, value_of, with_value
from viewer.ui.icons import icon
from viewer.ui.room import Popup
from viewer.ui.scrolling import Scrolled
from viewer.ui.theme import Theme, px

FIELDS = ("connector", "status", "client_vote", "rating", "has_crm")
WIDTH = 312
_ROW, _ROWS = 30, 5  # pixels of a named filter, and how many are seen without scrolling


class FilterPopover(Popup):
    """Opens below a button and closes by Escape or a click beside it; a choice narrows the list at once.

    Signals: `changed(Filter)`, `chosen(str)` and `forgotten(str)` of a named filter, `saved(str)` with a new name.
    """

    changed = Signal(object)
    chosen = Signal(str)
    forgotten = Signal(str)
    saved = Signal(str)
    cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("filters")
        self.setFixedWidth(px(WIDTH))
        self._theme = theme
        self._wanted = Filter()
        self._button = parent
        self.boxes = {field: QComboBox() for field in FIELDS}
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(_("Name for these filters"))
        self.name.setAccessibleName(_("Name for these filters"))
        self.save_button = QPushButton(_("Save"))
        self.clear_button = QPushButton(_("Clear all"))
        self.clear_button.setProperty("kind", "link")
        self.done_button = QPushButton(_("Done"))
        self.kept = QWidget()
        self.kept_rows = QVBoxLayout(self.kept)
        self.kept_rows.setContentsMargins(0, 0, 0, 0)
        self.kept_rows.setSpacing(0)
        self.kept_area = Scrolled(self.kept)
        self._lay_out()
        self._connect()

    def show_filter(self, wanted: Filter, names: Names, named: Iterable[str]) -> None:
        """Set every control to what narrows the list now."""
        self._wanted = wanted
        for field, box in self.boxes.items():
            box.blockSignals(True)
            self._fill(box, field, names)
            box.blockSignals(False)
        self._fill_named(list(named))
        self.clear_button.setEnabled(wanted.narrows)
        self._allow_saving()

    def open_below(self, button: QWidget) -> None:
        """Show it at the right edge of a button, inside the screen."""
        self._button = button
        self.adjustSize()
        self.stand(button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 4)))
        self.show()
        self.boxes[FIELDS[0]].setFocus(Qt.FocusReason.PopupFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = self._button.mapFromGlobal(event.globalPosition().toPoint())
        # A click on the button that opened it closes it: the button must not hear it and open it again.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay, self._button.rect().contains(spot))
        super().mousePressEvent(event)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        titles = (_("Channel"), _("Status"), _("Client's vote"), _("Rating"), _("CRM record"))
        for number, (field, title) in enumerate(zip(FIELDS, titles, strict=True)):
            label = QLabel(title)
            label.setProperty("tone", "secondary")
            label.setBuddy(self.boxes[field])
            self.boxes[field].setAccessibleName(title)
            grid.addWidget(label, number, 0)
            grid.addWidget(self.boxes[field], number, 1)
        saving = QHBoxLayout()
        saving.setSpacing(6)
        saving.addWidget(self.name, 1)
        saving.addWidget(self.save_button)
        feet = QHBoxLayout()
        feet.addWidget(self.clear_button)
        feet.addStretch(1)
        feet.addWidget(self.done_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addWidget(_line())
        column.addWidget(_title(_("Saved filters")))
        column.addWidget(self.kept_area)
        column.addLayout(saving)
        column.addWidget(_line())
        column.addLayout(feet)

    def _connect(self) -> None:
        for field, box in self.boxes.items():
            box.activated.connect(lambda number, field=field, box=box: self._set(field, box.itemData(number)))
        self.name.textChanged.connect(self._allow_saving)
        self.name.returnPressed.connect(self._save)
        self.save_button.clicked.connect(self._save)
        self.save_button.setAutoDefault(False)
        self.clear_button.clicked.connect(self.cleared)
        self.done_button.clicked.connect(self.close)

    def _set(self, field: str, value: Option) -> None:
        self.changed.emit(with_value(self._wanted, field, value.value))

    def _fill(self, box: QComboBox, field: str, names: Names) -> None:
        chosen = value_of(self._wanted, field)
        options = names.options(field) if field == "connector" else fixed_options(field)
        options = [Option(_("Any"), ""), *options]
        if chosen not in [option.value for option in options] and chosen:
            options.append(Option(names.name(field, chosen), chosen))
        box.clear()
        for option in options:
            box.addItem(option.words, option)
        box.setCurrentIndex(next((at for at, option in enumerate(options) if option.value == (chosen or "")), 0))

    def _fill_named(self, names: list[str]) -> None:
        while (item := self.kept_rows.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for name in names:
            self.kept_rows.addWidget(self._row(name))
        if not names:
            hint = QLabel(_("Narrow the list, then give it a name here."))
            hint.setProperty("tone", "meta")
            hint.setWordWrap(True)
            self.kept_rows.addWidget(hint)
        self.kept_area.setFixedHeight(px(_ROW) * min(_ROWS, max(1, len(names))))
        self.adjustSize()
        if self.isVisible():
            self.stand(self.pos())

    def _row(self, name: str) -> QWidget:
        row = QWidget()
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(2)
        take = QPushButton(name.replace("&", "&&"))
        take.setProperty("kind", "row")
        take.setAccessibleName(_("Use the filter {name}").format(name=name))
        take.clicked.connect(lambda: self.chosen.emit(name))
        drop = QToolButton()
        drop.setIcon(icon("trash", self._theme.text2))
        drop.setToolTip(_("Delete the filter {name}").format(name=name))
        drop.setAccessibleName(drop.toolTip())
        drop.clicked.connect(lambda: self.forgotten.emit(name))
        inside.addWidget(take, 1)
        inside.addWidget(drop)
        row.setFixedHeight(px(_ROW))
        return row

    def _allow_saving(self) -> None:
        ready = self._wanted.narrows and bool(self.name.text().strip())
        self.save_button.setEnabled(ready)
        self.save_button.setToolTip("" if self._wanted.narrows else _("Nothing narrows the list yet."))

    def _save(self) -> None:
        if self.save_button.isEnabled():
            name = self.name.text()
            self.name.clear()
            self.saved.emit(name)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "line")
    return line


def _title(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("tone", "name")
    return label
