"""What the system hands over to be opened while the program runs, and what could not be opened.

Whoever double-clicks a file sees no terminal; and macOS names the file, or the link, by an event.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QMessageBox

from viewer.errors import ViewerError

if TYPE_CHECKING:
    from viewer.library.sources import Source
    from viewer.ui.application import Program


_shown: set[QMessageBox] = set()  # one without a window behind it belongs to nobody else


def show_failure(error: ViewerError) -> QMessageBox:
    """Tell of an error over the window that stands open; it does not wait for an answer."""
    box = QMessageBox(QApplication.activeWindow())
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Open Lines Viewer")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(error.title)
    box.setInformativeText(" ".join(filter(None, (error.detail, error.advice))))
    _shown.add(box)
    box.finished.connect(lambda _answer: _shown.discard(box))
    box.open()
    return box


class Opener(QObject):
    """Opens what the system asks for: a saved answer in the place of the portal, anything else in the window.

    `saved` makes a portal of a file's name, or returns None for what is no file.
    """

    def __init__(self, program: "Program", saved: "Callable[[str], tuple[Source, str] | None]") -> None:
        super().__init__(program)
        self._program, self._saved = program, saved
        program.app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QFileOpenEvent):
            return super().eventFilter(watched, event)
        self.open(event.file() or event.url().toString())
        return True

    def open(self, named: str) -> None:
        """Open a file or a link; what cannot be opened is told, and the window stays as it was."""
        try:
            saved = self._saved(named)
        except ViewerError as error:
            show_failure(error)
            return
        if saved is not None:
            self._program.show_source(*saved)
        elif self._program.window is not None:
            self._program.window.open_text(named)
