"""What Enter does in a dialog."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDialog, QLineEdit, QPushButton


class Enter(QObject):
    """Enter presses the button that has the focus, else the first of `main` that can be pressed; in a field it ends
    what is typed there, and presses nothing.

    Left to itself, a dialog presses its first button from any field: in the settings that would empty the cache.
    """

    def __init__(self, dialog: QDialog, *main: QPushButton) -> None:
        super().__init__(dialog)
        self._dialog, self._main = dialog, main
        for button in dialog.findChildren(QPushButton):
            button.setAutoDefault(False)
        dialog.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter that no field has taken."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return super().eventFilter(watched, event)
        focus = self._dialog.focusWidget()
        if isinstance(focus, QPushButton):
            focus.click()
        elif not isinstance(focus, QLineEdit | QAbstractSpinBox) and (ready := self._ready()) is not None:
            ready.click()
        return True

    def _ready(self) -> QPushButton | None:
        return next((each for each in self._main if each.isVisible() and each.isEnabled()), None)
