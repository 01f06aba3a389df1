"""The rows of the dialogue list as a view: what the mouse and the keyboard do there."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from viewer.i18n import _
from viewer.ui.details.stars import digit
from viewer.ui.dialogues.delegate import RowDelegate
from viewer.ui.dialogues.model import DialogueModel
from viewer.ui.theme import Theme

# "/" asks for the filter; in the Russian layout the same key is the full stop.
_FILTER = (Qt.Key.Key_Slash, Qt.Key.Key_Period)


class DialogueList(QListView):
    """The rows. A chat of several sessions opens and closes; a session is chosen by click, Enter or the arrow keys."""

    chosen = Signal(object)  # Session
    filter_asked = Signal()  # by "/"

    def __init__(self, model: DialogueModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.delegate = RowDelegate(model, theme, self)
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
        model.modelReset.connect(self._measure)

    def set_look(self, look: str) -> None:
        """Show rows as cards of three lines, or in columns, one line each; the chosen one stays in sight."""
        self.delegate.set_look(look)
        self._measure()
        self.scheduleDelayedItemsLayout()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)

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

    def _measure(self) -> None:
        """Rows of one height need not be measured one by one."""
        self.setUniformItemSizes(self.delegate.in_columns or not self.rows.varied)

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
        elif key in _FILTER and not event.modifiers():
            self.filter_asked.emit()
        elif digit(event) is not None:
            event.ignore()  # for the window: stars
        else:
            super().keyPressEvent(event)
