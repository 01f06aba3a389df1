"""What is dropped on the window is opened: a session's id, a link to it, or an answer of the portal in a file."""

from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from viewer.errors import ViewerError

if TYPE_CHECKING:
    from viewer.ui.window import MainWindow

_LONGEST = 2000  # characters of a text that may name a dialogue


class DropIn(QObject):
    """Takes what is dropped on a window from outside of it.

    Files are read before the window gives way to them: where one is no saved answer, the window says so and stays.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and (event.source() is not None or not _names_something(event.mimeData())):
            event.ignore()  # a file that is dragged out of this window is not for it
            return True
        if isinstance(event, QDragEnterEvent):  # before the drop, whose class is above it
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop:
            event.acceptProposedAction()
            self.take(event.mimeData())
            return True
        return False

    def take(self, dropped: QMimeData) -> None:
        """Open what was dropped."""
        files = tuple(Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile())
        if files:
            self.open(files)
        elif dropped.urls():
            self._window.open_text(dropped.urls()[0].toString())
        else:
            first = next((line for line in dropped.text().splitlines() if line.strip()), "")
            self._window.open_text(first[:_LONGEST])

    def open(self, files: tuple[Path, ...]) -> None:
        """Open saved answers in the place of what the window shows."""
        from viewer.library import open_saved

        window = self._window

        def work(_cancel: Event) -> int:
            return sum(len(batch.messages) for batch in open_saved(files))

        def refused(error: ViewerError) -> None:
            names = ", ".join(file.name for file in files)
            window.conversation.notice.tell(f"{names}: {error}", "bad")

        window.desk.tasks.run(work, on_done=lambda _count: window.saved_asked.emit(files), on_failure=refused)


def _names_something(dropped: QMimeData) -> bool:
    return dropped.hasUrls() or bool(dropped.text().strip())
