"""Files on their way to the disk: how far they are, how to stop them, what came of them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from viewer.chat import File
from viewer.errors import ViewerError
from viewer.i18n import _, ngettext, size
from viewer.ui.notice import Action
from viewer.ui.tasks import Task

if TYPE_CHECKING:
    from viewer.library import Saved
    from viewer.ui.window import MainWindow

_NAMED = 5  # files that failed and are named in a notice
_KB = 1024  # bytes; the bar counts in these, as its numbers end at 2 GB


def ask_file(window: "MainWindow", suggested: Path) -> Path | None:
    """Where to save a file, as the user says it; None when he does not."""
    chosen, _kind = QFileDialog.getSaveFileName(window, _("Save file"), str(suggested))
    return Path(chosen) if chosen else None


def ask_folder(window: "MainWindow", suggested: Path) -> Path | None:
    """Where to save several files; None when the user does not want to."""
    chosen = QFileDialog.getExistingDirectory(window, _("Save all files to a folder"), str(suggested))
    return Path(chosen) if chosen else None


class Downloads(QObject):
    """Downloads of the window; the status bar shows the latest of them.

    `ask_file`, `ask_folder` and `show` (which opens an address outside) may be replaced (by tests). Signal
    `finished(object)` carries the path, or the list of `Saved`, or the `ViewerError`.
    """

    finished = Signal(object)
    _moved = Signal(int, object, object)  # the number of the work, bytes done, bytes in all

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._works: dict[int, tuple[str, Callable[[], object]]] = {}  # by number: words, how to stop
        self._count = 0
        self.ask_file: Callable[[MainWindow, Path], Path | None] = ask_file
        self.ask_folder: Callable[[MainWindow, Path], Path | None] = ask_folder
        self.show: Callable[[QUrl], object] = QDesktopServices.openUrl
        self._moved.connect(self._show_progress)

    def one(
        self, file: File, path: Path, then: Callable[[Path], object], failed: Callable[[ViewerError], object]
    ) -> Task:
        """Fetch a file to `path`."""

        def done(saved: Path | None) -> None:
            self._end(work)
            if saved is not None:
                then(saved)
                self.finished.emit(saved)

        def lost(error: ViewerError) -> None:
            self._end(work)
            failed(error)
            self.finished.emit(error)

        def stop() -> None:
            task.cancel()

        work = self._begin(_("Fetching {name}").format(name=file.name or path.name), stop)
        task = self._window.desk.save_file(file, path, done, lost, lambda *step: self._moved.emit(work, *step))
        return task

    def save(self, file: File, failed: Callable[[ViewerError], object]) -> None:
        """Ask where and save a file."""
        from viewer.library.files import file_name

        path = self.ask_file(self._window, self._folder() / file_name(file))
        if path is not None:
            self._window.store.change(export_folder=str(path.parent))
            words = _("Saved {name}").format(name=path.name)
            self.one(file, path, lambda saved: self._tell(words, "good", self._shown(saved.parent)), failed)

    def save_all(self, files: Sequence[File]) -> None:
        """Ask for a folder and save files there; those that fail are named, and can be tried again."""
        wanted = list({file.id: file for file in files if not file.missing}.values())
        if not wanted:
            self._tell(_("No files in this dialogue."), "info")
            return
        folder = self.ask_folder(self._window, self._folder())
        if folder is not None:
            self._window.store.change(export_folder=str(folder))
            self._save_to(folder, wanted, 0)

    def _save_to(self, folder: Path, files: Sequence[File], before: int) -> None:
        """Save files to a folder; `before` were saved there by an attempt before this one."""
        found: list[Saved] = []

        def stop() -> None:
            task.cancel()
            good = before + sum(each.path is not None for each in found)
            words = _("Stopped. {n} of {count} files were saved.").format(n=good, count=before + len(files))
            self._tell(words, "info", self._shown(folder) if good else [])

        def done(_none: object) -> None:
            self._end(work)
            self._report(folder, found, before)
            self.finished.emit(found)

        def lost(error: ViewerError) -> None:
            self._end(work)
            self._tell(str(error), "bad", [(_("Try again"), lambda: self._save_to(folder, files, before))])
            self.finished.emit(error)

        words = ngettext("Saving {n} file", "Saving {n} files", len(files)).format(n=len(files))
        work = self._begin(words, stop)
        task = self._window.desk.save_files(
            files, folder, found.append, done, lost, lambda *step: self._moved.emit(work, *step)
        )

    def _report(self, folder: Path, found: "Sequence[Saved]", before: int) -> None:
        bad = [each for each in found if each.problem is not None]
        good = before + len(found) - len(bad)
        words = ngettext("Saved {n} file to {folder}.", "Saved {n} files to {folder}.", good)
        lines = [words.format(n=good, folder=folder.name or str(folder))] if good else []
        actions = self._shown(folder) if good else []
        if bad:
            words = ngettext("{n} file could not be saved:", "{n} files could not be saved:", len(bad))
            lines.append(words.format(n=len(bad)))
            lines += [f"{each.file.name}: {each.problem.title}" for each in bad[:_NAMED] if each.problem]
            if len(bad) > _NAMED:
                lines.append(_("… and {n} more").format(n=len(bad) - _NAMED))
            again = [each.file for each in bad]
            actions.insert(0, (_("Try again"), lambda: self._save_to(folder, again, good)))
        self._tell("\n".join(lines), "warn" if bad else "good", actions)

    # --- the status bar ---

    def _begin(self, words: str, stop: Callable[[], object]) -> int:
        self._count += 1
        number = self._count

        def stopped() -> None:
            stop()
            QTimer.singleShot(0, self, lambda: self._end(number))  # the bar hides itself after this call

        self._works[number] = (words, stopped)
        self._window.status.begin_work(words, stopped)
        return number

    def _end(self, number: int) -> None:
        self._works.pop(number, None)
        if self._works:
            self._window.status.begin_work(*next(reversed(self._works.values())))
        else:
            self._window.status.end_work()

    def _show_progress(self, number: int, done: int, total: int) -> None:
        if not self._works or number != next(reversed(self._works)):
            return
        status, (words, _stop) = self._window.status, self._works[number]
        if total:
            came = _("{done} of {total}").format(done=size(done), total=size(total))
            status.advance(done // _KB, -(-total // _KB))
        else:
            came = size(done)
        status.work.setText(f"{came} · {words}")  # a narrow bar cuts the name, not the figures

    # --- small things ---

    def _folder(self) -> Path:
        kept = self._window.store.value.export_folder
        place = QStandardPaths.StandardLocation.DownloadLocation
        return Path(kept or QStandardPaths.writableLocation(place) or Path.home())

    def _shown(self, folder: Path) -> list[Action]:
        return [(_("Show in folder"), lambda: self.show(QUrl.fromLocalFile(str(folder))))]

    def _tell(self, words: str, tone: str, actions: Sequence[Action] = ()) -> None:
        self._window.conversation.notice.tell(words, tone, actions)
