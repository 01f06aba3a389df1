"""A file dragged out of the transcript: fetched while the mouse is held, then handed to whatever it is dropped on.

A file of the system can only be handed over when it is there; what takes too long is offered to be saved instead.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop, QMimeData, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication

from viewer.chat import File
from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.ui.icons import pixmap

if TYPE_CHECKING:
    from viewer.ui.files import Files
    from viewer.ui.window import MainWindow

_SHOWN = 96  # pixels of the picture under the pointer
_INPUT = frozenset({
    QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ContextMenu,
})  # fmt: skip


class _Held(QObject):
    """Watches whether the mouse is still held, and keeps all other input away while a file is fetched."""

    def __init__(self, let_go: Callable[[], object]) -> None:
        super().__init__()
        self.held = True
        self._let_go = let_go

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonRelease:
            self.held = False
            self._let_go()
        return event.type() in _INPUT


class DragOut(QObject):
    """Drags files out of the window.

    `patience` in milliseconds is how long a drag may wait for its file. `start` hands the drag to the system; tests
    replace it.
    """

    def __init__(self, window: "MainWindow", files: "Files") -> None:
        super().__init__(window)
        self._window, self._files = window, files
        self._busy = False
        self.patience = 3000
        self.start: Callable[[QDrag], object] = lambda drag: drag.exec(Qt.DropAction.CopyAction)

    def begin(self, number: int) -> None:
        """The mouse pulls at a file."""
        file = self._files.file(number)
        if file.missing or self._busy:
            return
        self._busy = True
        try:
            self._drag(file)
        finally:
            self._busy = False

    def _drag(self, file: File) -> None:
        path, held = self._fetched(file)
        if path is None:
            return
        name = path.name
        if not held:
            words = _("{name} is here now. Drag it once more.").format(name=name)
            self._window.conversation.notice.tell(words, "info")
            return
        drag = QDrag(self._window.conversation.view)
        told = QMimeData()
        told.setUrls([QUrl.fromLocalFile(str(path))])
        drag.setMimeData(told)
        drag.setPixmap(self._picture(file))
        self.start(drag)

    def _fetched(self, file: File) -> tuple[Path | None, bool]:
        """The file on the disk, and whether the mouse is still held; it is waited for, but not for long."""
        path = self._files.place(file)
        if path.exists():
            return path, True
        loop, found = QEventLoop(), list[Path | ViewerError]()
        watch = _Held(lambda: None)

        def ended(result: Path | ViewerError | None) -> None:
            if result is not None:
                found.append(result)
            loop.quit()

        task = self._window.desk.save_file(file, path, ended, ended)
        timer = QTimer(loop)
        timer.setSingleShot(True)
        timer.timeout.connect(loop.quit)
        timer.start(self.patience)
        QApplication.instance().installEventFilter(watch)  # type: ignore[union-attr]
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            loop.exec()
        finally:
            QGuiApplication.restoreOverrideCursor()
            QApplication.instance().removeEventFilter(watch)  # type: ignore[union-attr]
        if not found:
            task.cancel()
            self._offer(file)
            return None, watch.held
        (result,) = found
        if isinstance(result, ViewerError):
            self._files.tell_failure(file, result, lambda: self._files.save(file.id))
            return None, watch.held
        return result, watch.held

    def _offer(self, file: File) -> None:
        words = _("Fetching {name} takes longer than a drag can wait.").format(name=file.name)
        self._window.conversation.notice.tell(words, "info", [(_("Save…"), lambda: self._files.save(file.id))])

    def _picture(self, file: File) -> QPixmap:
        shown = self._window.conversation.view.pictures.peek(file.id)
        if shown is None:
            return pixmap("file", self._window.palette().text().color(), 32)
        return shown.scaled(
            _SHOWN, _SHOWN, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
