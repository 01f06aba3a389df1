"""The sheet of keyboard shortcuts."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from viewer.i18n import N_, _

KEYS = (
    ("Ctrl+K", N_("Open by id or link")), ("Ctrl+Shift+F", N_("Filter the list")),
    ("Ctrl+F", N_("Find in this dialogue")), ("F3", N_("Next hit")), ("Shift+F3", N_("Previous hit")),
    ("Ctrl+G", N_("Go to date")), ("Alt+Left", N_("Back to where you were")),
    ("Ctrl+PgDown", N_("Next dialogue")), ("Ctrl+PgUp", N_("Previous dialogue")),
    ("Alt+Up", N_("Earlier session")), ("Alt+Down", N_("Later session")),
    ("Ctrl+S", N_("Save the rating")), ("Ctrl+Return", N_("Save the rating, open the next unrated dialogue")),
    ("1…5", N_("Stars, when the stars are in focus")),
    ("Ctrl+E", N_("Export")), ("F5", N_("Read again")),
    ("Ctrl+L", N_("Filter the list, show or hide it")), ("Ctrl+D", N_("Show or hide the details")),
    ("Ctrl+Shift+L", N_("Requests to the portal")),
    ("F6", N_("Next pane")), ("Shift+F6", N_("Previous pane")),
    ("Ctrl++", N_("Larger text")), ("Ctrl+-", N_("Smaller text")), ("Ctrl+0", N_("Text as designed")),
    ("Ctrl+,", N_("Settings")), ("F1", N_("This sheet")),
)  # fmt: skip


def show_shortcuts(parent: QWidget) -> QDialog:
    """Open the sheet; it does not block the window."""
    prompt = QDialog(parent)
    prompt.setWindowTitle(_("Keyboard shortcuts"))
    grid = QGridLayout(prompt)
    grid.setContentsMargins(24, 20, 24, 20)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(10)
    half = (len(KEYS) + 1) // 2
    for number, (keys, words) in enumerate(KEYS):
        key = QLabel(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) or keys)
        key.setProperty("area", "key")
        column = 2 * (number // half)
        grid.addWidget(key, number % half, column, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(QLabel(_(words)), number % half, column + 1)
    prompt.show()
    return prompt
