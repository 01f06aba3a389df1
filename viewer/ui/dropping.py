"""What is dropped on a window from outside of it: files, links, or a text that names a dialogue."""

from PySide6.QtCore import QEvent, QMimeData, QObject, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from viewer.library.named import LONGEST


class DropIn(QObject):
    """Takes what is dropped on a window; what is dragged out of the program itself is not for it.

    Signal: `dropped(tuple)` of texts: addresses of files, links, or the first line of a text.
    """

    dropped = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and (event.source() is not None or not texts_in(event.mimeData())):
            event.ignore()
            return True
        if isinstance(event, QDragEnterEvent):  # before the drop, whose class is above it
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop:
            event.acceptProposedAction()
            self.dropped.emit(texts_in(event.mimeData()))
            return True
        return False


def texts_in(data: QMimeData) -> tuple[str, ...]:
    """What is dropped, as texts; none where it holds neither addresses nor words."""
    if urls := data.urls():
        return tuple(url.toString(QUrl.ComponentFormattingOption.FullyEncoded) for url in urls)
    first = next((line for line in data.text().splitlines() if line.strip()), "")
    return (first.strip()[:LONGEST],) if first else ()
