"""The sheet of keyboard shortcuts."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.i18n import N_, _
from viewer.ui.room import Prompt
from viewer.ui.scrolling import Scrolled
from viewer.ui.theme import px

GROUPS = (
    (N_("Find and open"), (
        ("Ctrl+K", N_("Open by id or link")), ("Ctrl+Shift+F", N_("Filter the list")),
        ("Ctrl+PgDown", N_("Next dialogue")), ("Ctrl+PgUp", N_("Previous dialogue")),
        ("Alt+Up", N_("Earlier session")), ("Alt+Down", N_("Later session")), ("F5", N_("Read again")),
    )),
    (N_("Read"), (
        ("Ctrl+F", N_("Find in this dialogue")), ("F3", N_("Next hit")), ("Shift+F3", N_("Previous hit")),
        ("Ctrl+G", N_("Go to date")), ("Alt+Left", N_("Back to where you were")),
        ("Tab", N_("Next message")), ("Enter", N_("Open what the message holds")),
        ("Ctrl++", N_("Larger text")), ("Ctrl+-", N_("Smaller text")), ("Ctrl+0", N_("Text as designed")),
    )),
    (N_("Mark and copy"), (
        ("Shift+Down", N_("Mark the next message too")), ("Ctrl+A", N_("Mark everything")),
        ("Ctrl+C", N_("Copy what is marked")),
    )),
    (N_("Rate"), (
        ("1…5", N_("Stars, wherever nothing is typed")), ("Ctrl+S", N_("Save the rating")),
        ("Ctrl+Return", N_("Save the rating, open the next unrated dialogue")),
    )),
    (N_("File"), (
        ("Ctrl+E", N_("Export")), ("Ctrl+Shift+E", N_("Export again as last time")), ("Ctrl+P", N_("Print preview")),
    )),
    (N_("Window"), (
        ("Ctrl+L", N_("Filter the list, show or hide it")), ("Ctrl+D", N_("Show or hide the details")),
        ("F6", N_("Next pane")), ("Shift+F6", N_("Previous pane")), ("Ctrl+Shift+L", N_("Requests to the portal")),
        ("Ctrl+N", N_("New window")), ("Ctrl+,", N_("Settings")), ("F1", N_("This sheet")),
    )),
)  # fmt: skip
KEYS = tuple(line for _title, lines in GROUPS for line in lines)
_COLUMNS = (GROUPS[:2], GROUPS[2:])


def show_shortcuts(parent: QWidget) -> Prompt:
    """Open the sheet; it does not block the window."""
    prompt = Prompt(parent)
    prompt.setWindowTitle(_("Keyboard shortcuts"))
    sheet = QWidget()
    columns = QHBoxLayout(sheet)
    columns.setContentsMargins(24, 16, 24, 20)
    columns.setSpacing(32)
    for groups in _COLUMNS:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(7)
        for title, lines in groups:
            _add(grid, title, lines)
        grid.setRowStretch(grid.rowCount(), 1)
        columns.addLayout(grid)
    around = QVBoxLayout(prompt)
    around.setContentsMargins(0, 0, 0, 0)
    around.addWidget(Scrolled(sheet, read=True))
    prompt.show()
    return prompt


def _add(grid: QGridLayout, title: str, lines: tuple[tuple[str, str], ...]) -> None:
    """A group of keys under its title."""
    head = QLabel(_(title))
    head.setProperty("tone", "section")
    row = grid.rowCount()
    grid.addWidget(head, row, 0, 1, 2)
    grid.setRowMinimumHeight(row, px(30))
    for number, (keys, words) in enumerate(lines, row + 1):
        key = QLabel(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) or keys)
        key.setProperty("area", "key")
        grid.addWidget(key, number, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(QLabel(_(words)), number, 1)
