"""The exports that were made: show one in its folder, make it again, forget all."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.i18n import _, moment, ngettext, size
from viewer.library.history import Entry, History
from viewer.ui.enter import Enter
from viewer.ui.prompts.parts import restyle
from viewer.ui.room import Prompt


class HistoryDialog(Prompt):
    """Signals: `shown(Entry)` in its folder, `again(Entry)`."""

    shown = Signal(object)
    again = Signal(object)

    def __init__(self, history: History, account: str, parent: QWidget) -> None:
        super().__init__(parent, 640, 440)
        self._history, self._account = history, account
        self.setWindowTitle(_("Exports made"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Exports made"))
        self.list.setObjectName("exports")
        self.list.setWordWrap(True)
        self.empty = QLabel(_("No export was made yet."))
        self.empty.setProperty("tone", "secondary")
        self.show_button = QPushButton(_("Show in folder"))
        self.again_button = QPushButton(_("Export again"))
        self.clear_button = QPushButton(_("Clear the history"))
        self.clear_button.setProperty("kind", "ghost")
        self.close_button = QPushButton(_("Close"))
        self.show_button.clicked.connect(lambda: self._tell(self.shown.emit))
        self.again_button.clicked.connect(lambda: self._tell(self.again.emit))
        self.clear_button.clicked.connect(self._clear)
        self.close_button.clicked.connect(self.close)
        self.list.currentRowChanged.connect(self._allow)
        self.list.itemDoubleClicked.connect(lambda _item: self._tell(self.shown.emit))
        row = QHBoxLayout()
        row.addWidget(self.clear_button)
        row.addStretch(1)
        for button in (self.show_button, self.again_button, self.close_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(self.list, 1)
        column.addWidget(self.empty)
        column.addLayout(row)
        Enter(self, self.show_button, self.close_button)
        self.fill()

    def fill(self) -> None:
        """List what is remembered."""
        self.list.clear()
        entries = self._history.entries()
        for entry in entries:
            item = QListWidgetItem(_told(entry))
            item.setData(Qt.ItemDataRole.UserRole, entry)
            item.setToolTip("\n".join(entry.names))
            self.list.addItem(item)
        self.list.setVisible(bool(entries))
        self.empty.setVisible(not entries)
        self.clear_button.setEnabled(bool(entries))
        if entries:
            self.list.setCurrentRow(0)
        self._allow()

    def _allow(self, _row: int = 0) -> None:
        entry = self._chosen()
        self.show_button.setEnabled(entry is not None)
        same = entry is not None and entry.account == self._account and entry.scope != "selected"
        self.again_button.setEnabled(same)
        why = _("It was made from another portal, or of messages that were selected then.")
        self.again_button.setToolTip("" if same or entry is None else why)
        restyle(self.again_button)

    def _chosen(self) -> Entry | None:
        item = self.list.currentItem()
        entry = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return entry if isinstance(entry, Entry) else None

    def _tell(self, act: Callable[[Entry], object]) -> None:
        if (entry := self._chosen()) is not None:
            act(entry)

    def _clear(self) -> None:
        self._history.clear()
        self.fill()


def _told(entry: Entry) -> str:
    count = len(entry.references)
    what = entry.title
    if count > 1:
        what = ngettext("{n} dialogue", "{n} dialogues", count).format(n=count)
    parts = [", ".join(name.upper() for name in entry.choices.formats)]
    parts.append(ngettext("{n} file", "{n} files", entry.files).format(n=entry.files))
    if entry.size:
        parts.append(size(entry.size))
    if entry.failed:
        parts.append(ngettext("{n} failed", "{n} failed", entry.failed).format(n=entry.failed))
    return f"{moment(entry.when)} · {what}\n{' · '.join(parts)}\n{entry.folder}"
