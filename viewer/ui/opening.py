"""What the system hands over while the program runs: files and links, by an event on macOS, by another start elsewhere.

The Finder sends an event for each of several chosen files, the Explorer starts the program for each: those that come
within a moment of one another are opened together, as pages of one chat.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, QUrl
from PySide6.QtGui import QFileOpenEvent

from viewer.library.named import what_is_named
from viewer.ui.instance import Request

if TYPE_CHECKING:
    from viewer.ui.application import Program

MOMENT = 1000  # milliseconds; between two starts of a slow computer pass some hundred


class Opening(QObject):
    """Hands what comes to the program; files of one moment together."""

    def __init__(self, program: "Program") -> None:
        super().__init__(program)
        self._program = program
        self._files: tuple[str, ...] = ()  # of this moment
        self._moment = QTimer(self)
        self._moment.setSingleShot(True)
        self._moment.setInterval(MOMENT)
        self._moment.timeout.connect(self._forget)
        self._soon = QTimer(self)  # events of one choice come in a row
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._open)
        program.app.installEventFilter(self)

    def take(self, request: Request) -> None:
        """Do what another start asks for."""
        named = what_is_named(request.named, Path(request.folder))
        if named.files and not request.new_window:
            self._files += tuple(str(file) for file in named.files)
            self._moment.stop()
            self._soon.start()
        else:
            self._program.take(request)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QFileOpenEvent):
            return super().eventFilter(watched, event)
        self.take(Request((event.file() or text_of(event.url()),)))
        return True

    def _open(self) -> None:
        self._program.take(Request(self._files))
        self._moment.start()

    def _forget(self) -> None:
        self._files = ()


def text_of(url: QUrl) -> str:
    """A link as it was written: Qt takes the number in `olv://343` for the address of a computer, 0.0.1.87."""
    if url.scheme() == "olv" and url.host():
        from ipaddress import AddressValueError, IPv4Address

        try:
            return f"olv:{int(IPv4Address(url.host()))}"
        except AddressValueError:
            pass
    return url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
