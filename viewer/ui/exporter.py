"""Export from the window: ask where, run it on a worker, tell what came of it."""

import re
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from viewer.errors import ViewerError
from viewer.i18n import _, ngettext

if TYPE_CHECKING:
    from viewer.ui.window import MainWindow

_ENDING = re.compile(r"\*(\.\w+)\)$")


def ask_path(window: "MainWindow", suggested: Path, filters: str) -> Path | None:
    """Where to save, as the user says it; None when he does not."""
    chosen, kind = QFileDialog.getSaveFileName(window, _("Export the dialogue"), str(suggested), filters)
    if not chosen:
        return None
    named = named_for(Path(chosen), suggested.suffix, kind)
    return named if named == Path(chosen) else _free(named)  # the dialog asked about the name it was given, no other


def named_for(path: Path, suggested: str, kind: str) -> Path:
    """The path with the ending of the kind that was chosen, unless the user wrote the ending of a format himself.

    Some systems' dialogs change the ending with the kind by themselves, others do not.
    """
    from viewer.export import FORMATS

    found = _ENDING.search(kind)
    ending = found[1] if found else suggested
    if path.suffix == suggested:
        return path.with_suffix(ending)
    known = path.suffix.lower().lstrip(".") in FORMATS
    return path if known else path.with_name(path.name + ending)


def _free(path: Path) -> Path:
    from viewer.export import free_path

    return free_path(path)


def filters() -> str:
    """The kinds of files, as the dialog takes them."""
    from viewer.export import FORMATS

    return ";;".join(f"{writer.title} (*.{name})" for name, writer in FORMATS.items())


class Exporter(QObject):
    """One export at a time.

    `ask_where` may be replaced (by tests). Signal `finished(object)` carries the result, or the `ViewerError`.
    """

    finished = Signal(object)
    _progress = Signal(int, int)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._task: Any = None
        self.ask_where: Callable[[MainWindow, Path, str], Path | None] = ask_path
        self._progress.connect(window.status.advance)

    def ask(self) -> None:
        """Ask where and in what form to save the open dialogue."""
        from viewer.library.exporting import suggested_name

        window = self._window
        desk, notice = window.desk, window.conversation.notice
        if not desk.rows:
            notice.tell(_("Choose a dialogue first; it is the open dialogue that is exported."), "info")
            return
        if self._task is not None and self._task.active:
            notice.tell(_("An export is running. It can be stopped below."), "info")
            return
        if not desk.complete:
            notice.tell(_("The dialogue is still being read. Export it when it is complete."), "info")
            return
        folder = Path(window.store.value.export_folder or _documents())
        path = self.ask_where(window, folder / suggested_name(desk.transcript, "pdf"), filters())
        if path is not None:
            window.store.change(export_folder=str(path.parent))
            self.run(path)

    def run(self, path: Path) -> None:
        """Export the open dialogue to `path`; the ending chooses the format."""
        from viewer.export import FORMATS
        from viewer.library.exporting import export_dialogue

        window = self._window
        desk, status = window.desk, window.status
        source = desk.source
        name = path.suffix.lower().lstrip(".")
        if name not in FORMATS:
            path, name = _free(path.with_name(f"{path.name}.pdf")), "pdf"
        transcript = desk.transcript

        def work(cancel: Event) -> Any:
            return export_dialogue(
                transcript,
                path,
                name,
                host=source.host if source else "",
                exported_by=source.user_name if source else "",
                fetch=lambda file: desk.fetch(file, cancel),
                progress=self._progress.emit,
                cancel=cancel,
                overwrite=FORMATS[name].places(path) == (path,),  # the dialog asked about no other file
            )

        status.begin_work(_("Exporting {name}").format(name=path.name), self.stop)
        self._task = desk.tasks.run(work, on_done=self._done, on_failure=lambda error: self._failed(error, path))

    def stop(self) -> None:
        """Stop the export; nothing half-written stays."""
        if self._task is not None:
            self._task.cancel()
            self._window.conversation.notice.tell(_("The export was stopped. Nothing was saved."), "info")

    def _done(self, result: Any) -> None:
        window = self._window
        window.status.end_work()
        if result is None:
            return
        path: Path = result.path
        words = _("Saved {name}").format(name=path.name)
        if len(result.parts) > 1:
            words += " " + _("and {n} more").format(n=len(result.parts) - 1)
        if result.pages:
            words += " · " + ngettext("{n} page", "{n} pages", result.pages).format(n=result.pages)
        if result.notes:
            words += " · " + " ".join(result.notes)
        actions = [
            (_("Open"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))),
            (_("Show in folder"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))),
        ]
        window.conversation.notice.tell(words, "warn" if result.notes else "good", actions)
        self.finished.emit(result)

    def _failed(self, error: ViewerError, path: Path) -> None:
        window = self._window
        window.status.end_work()
        actions = [(_("Try again"), lambda: self.run(path)), (_("Save elsewhere…"), self.ask)]
        window.conversation.notice.tell(str(error), "bad", actions)
        self.finished.emit(error)


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or str(Path.home())
