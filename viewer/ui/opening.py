"""What the system hands over to be opened while the program runs: a file or a link, which macOS names by an event."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent

from viewer.library.saved import saved_answer
from viewer.library.sources import saved_source

if TYPE_CHECKING:
    from viewer.ui.application import Program


class Opener(QObject):
    """Opens what the system asks for: a saved answer in the place of the portal, anything else in the window."""

    def __init__(self, program: "Program") -> None:
        super().__init__(program)
        self._program = program
        program.app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QFileOpenEvent):
            return super().eventFilter(watched, event)
        self.open(event.file() or event.url().toString())
        return True

    def open(self, named: str) -> None:
        """Open a file or a link; what cannot be opened is told, and the window stays as it was."""
        window, saved = self._program.window, saved_answer(named)
        if saved is not None and window is not None:
            window.dropping.open((saved,))
        elif saved is not None:
            self._program.show_source(saved_source((saved,)))
        elif window is not None:
            window.open_text(named)
