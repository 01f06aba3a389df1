"""Export from the window: opens the dialog, starts the run behind it, and tells what came of it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from viewer.i18n import _, ngettext
from viewer.ui.notice import Action

if TYPE_CHECKING:
    from viewer.library.batch import Item, Moved, Outcome
    from viewer.library.choices import Choices
    from viewer.library.history import Entry, History
    from viewer.library.journal import Journal
    from viewer.ui.exports.dialog import ExportDialog
    from viewer.ui.exports.past import HistoryDialog
    from viewer.ui.exports.printing import Printer
    from viewer.ui.exports.runner import Job, Runner
    from viewer.ui.theme import Theme
    from viewer.ui.window import MainWindow


class Exporter(QObject):
    """One run at a time; its dialog may be closed meanwhile.

    `show_outside` (which opens an address) may be replaced (by tests). `state` is the folder of journals, None for the
    one of this system. Signal `finished(Job)`.
    """

    finished = Signal(object)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.dialog: ExportDialog | None = None
        self.past: HistoryDialog | None = None
        self._runner: Runner | None = None
        self._printer: Printer | None = None
        self._journal: Journal | None = None
        self._history: History | None = None
        self.state: Path | None = None
        self.show_outside: Callable[[QUrl], object] = QDesktopServices.openUrl

    # --- the dialog ---

    def ask(self) -> None:
        """Open the dialog, at the run where one is under way."""
        from viewer.ui.exports.subject import subject_of

        window = self._window
        dialog = self._dialog()
        if not self.busy:
            subject = subject_of(window)
            if all(scope.why_not for scope in subject.scopes()):
                window.conversation.notice.tell(_("Choose a dialogue first; there is nothing to export yet."), "info")
                return
            cache = window.desk.cache
            has = cache.has if cache is not None else lambda _number: False
            scope = "selected" if subject.selected else window.store.value.export_scope or "session"
            dialog.set_up(subject, scope, self._last(), self._folder(), has)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        if not self.busy:
            dialog.form.focus()

    def again(self) -> None:
        """Export what the window shows as it was done last, without asking."""
        from viewer.ui.exports.subject import refreshed, subject_of

        window, kept = self._window, self._window.store.value
        if self.busy:
            window.conversation.notice.tell(_("An export is running. It can be stopped below."), "info")
            return
        subject = subject_of(window)
        scope = refreshed(subject, kept.export_scope)
        if not kept.export_last or not scope or (kept.export_scope != "list" and scope == "list"):
            self.ask()
            return
        self.start(scope, self._last(), self._folder())

    @property
    def busy(self) -> bool:
        """Whether a run is under way."""
        return self._runner is not None and self._runner.busy

    def set_theme(self, theme: "Theme") -> None:
        """Draw in the colours of `theme`."""
        if self.dialog is not None:
            self.dialog.set_theme(theme)

    def _dialog(self) -> "ExportDialog":
        if self.dialog is None:
            from viewer.ui.exports.dialog import ExportDialog

            window = self._window
            dialog = self.dialog = ExportDialog(window.store, window.desk.tasks, window.theme, window)
            dialog.asked.connect(self.start)
            dialog.stopped.connect(self.stop)
            dialog.hidden.connect(self._hidden)
            dialog.folder_changed.connect(self._look_for_cut)
            dialog.resumed.connect(self._resume)
            dialog.forgotten.connect(self._forget_cut)
            dialog.history_asked.connect(self.show_history)
            dialog.print_asked.connect(self.print)
            page = dialog.run_page
            page.retry.connect(self._retry)
            page.answered.connect(self._answer)
            page.folder_asked.connect(self._show_folder)
            page.open_asked.connect(self._open_first)
        return self.dialog

    def _last(self) -> "Choices":
        from viewer.library.choices import Choices

        return Choices.of_plain(self._window.store.value.export_last)

    def _folder(self) -> Path:
        return Path(self._window.store.value.export_folder or _documents())

    # --- the run ---

    def start(self, scope: str, choices: "Choices", folder: Path) -> None:
        """Export a scope of what the dialog was opened on, or of what the window shows."""
        from viewer.ui.exports.subject import subject_of

        shown = self.dialog is not None and self.dialog.isVisible() and self.dialog.subject is not None
        subject = self.dialog.subject if shown and self.dialog is not None else subject_of(self._window)
        if subject is None or self.busy:
            return
        self._window.store.change(export_folder=str(folder), export_scope=scope, export_last=choices.plain())
        self._run(subject.items(scope), choices, folder, scope)

    def _run(
        self, items: "tuple[Item, ...]", choices: "Choices", folder: Path, scope: str, journal: "Journal | None" = None
    ) -> None:
        """Begin a run; `journal` is that of one that was cut, and tells of its own filters."""
        from viewer.library import journal as journals
        from viewer.library.batch import Plan
        from viewer.library.scopes import PortalReader
        from viewer.ui.exports.runner import Job

        desk = self._window.desk
        source = desk.source
        host, portal, user = (source.host, source.title, source.user_name) if source else ("", "", "")
        filters = journal.plan.filters if journal is not None else ""
        if journal is None and scope == "list":
            filters = self._window.dialogues.filters_told
        plan = Plan(items, choices, folder, host, portal, user, filters)
        if journal is None and len(items) > 1 and self._keeps:
            journal = journals.begin(plan, source.key if source else "", self.state)
        job = Job(plan, scope, PortalReader(desk.portal, desk.cache), journal)
        runner = self._working()
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.show_run(job)
        self._begin_status(job)
        runner.start(job)

    def _working(self) -> "Runner":
        if self._runner is None:
            from viewer.ui.exports.runner import Runner

            self._runner = Runner(self._window.desk.tasks, self)
            self._runner.moved.connect(self._moved)
            self._runner.came.connect(self._came)
            self._runner.ended.connect(self._ended)
        return self._runner

    def stop(self) -> None:
        """Stop the run; what is written stays."""
        if self._runner is not None:
            self._runner.stop()

    def _begin_status(self, job: "Job") -> None:
        count = len(job.plan.items)
        words = ngettext("Exporting {n} dialogue", "Exporting {n} dialogues", count).format(n=count)
        self._window.status.begin_work(words, self.stop)

    def _moved(self, step: "Moved") -> None:
        if not self.busy or self._runner is None or self._runner.job is None:
            return
        if len(self._runner.job.plan.items) == 1 and step.total:
            self._window.status.advance(step.done, step.total)
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.run_page.follow(step)

    def _came(self, outcome: "Outcome") -> None:
        job = self._runner.job if self._runner is not None else None
        if job is None:
            return
        if len(job.plan.items) > 1:
            self._window.status.advance(len(job.outcomes), len(job.plan.items))
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.run_page.take(outcome)

    def _ended(self, job: "Job") -> None:
        self._window.status.end_work()
        self._remember(job)
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.show_result(job)
        else:
            self._tell(job)
        self.finished.emit(job)

    def _retry(self) -> None:
        runner = self._runner
        if runner is not None and runner.job is not None:
            self._go_again(lambda: runner.again(runner.job.failed() if runner.job else []))

    def _answer(self, value: str) -> None:
        from viewer.library.batch import State
        from viewer.library.choices import Clash

        runner = self._runner
        if runner is not None and runner.job is not None:
            asked = runner.job.of(State.EXISTS)
            self._go_again(lambda: runner.again(asked, Clash(value)))

    def _go_again(self, act: Callable[[], object]) -> None:
        job = self._runner.job if self._runner is not None else None
        if job is None or self.busy:
            return
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.show_run(job)
            for outcome in job.outcomes.values():
                self.dialog.run_page.take(outcome)
        self._begin_status(job)
        act()

    # --- what came of it ---

    def _tell(self, job: "Job") -> None:
        """The result where the dialog is closed."""
        from viewer.library.batch import State
        from viewer.ui.exports.words import summary_of

        bad, asked = job.failed(), job.of(State.EXISTS)
        actions: list[Action] = [(_("Details"), self.show_result)]
        if job.paths():
            actions.insert(0, (_("Show in folder"), self._show_folder))
        if asked:
            actions.insert(0, (_("Replace"), lambda: self._answer("replace")))
            actions.insert(1, (_("Keep both"), lambda: self._answer("both")))
        elif bad:
            actions.insert(0, (_("Try again"), self._retry))
        tone = (
            "bad" if job.problem or (bad and not job.paths()) else ("warn" if bad or asked or job.stopped else "good")
        )
        self._window.conversation.notice.tell(summary_of(job), tone, actions)

    def show_result(self) -> None:
        """Open the dialog at what came of the last run."""
        job = self._runner.job if self._runner is not None else None
        if job is None:
            return
        dialog = self._dialog()
        dialog.show()
        dialog.show_run(job)
        for outcome in job.outcomes.values():
            dialog.run_page.take(outcome)
        if not self.busy:
            dialog.show_result(job)

    def _hidden(self) -> None:
        if self.busy:
            self._window.conversation.notice.tell(
                _("The export continues in the background."), "info", [(_("Show it"), self.show_result)]
            )

    def _show_folder(self) -> None:
        job = self._runner.job if self._runner is not None else None
        if job is not None:
            paths = job.paths()
            folder = paths[0].parent if paths else job.plan.folder
            self.show_outside(QUrl.fromLocalFile(str(folder)))

    def _open_first(self) -> None:
        job = self._runner.job if self._runner is not None else None
        if job is not None and job.paths():
            self.show_outside(QUrl.fromLocalFile(str(job.paths()[0])))

    # --- what is remembered ---

    @property
    def _keeps(self) -> bool:
        """Whether anything may be remembered: the demo portal leaves nothing on this computer."""
        source = self._window.desk.source
        return (
            source is not None and not source.demo and (self._window.store.path is not None or self.state is not None)
        )

    @property
    def history(self) -> "History":
        """The exports that were made."""
        if self._history is None:
            from viewer.library.history import History, default_path

            self._history = History(default_path() if self._keeps else None)
        return self._history

    def _remember(self, job: "Job") -> None:
        from viewer.library.history import entry_of

        if not job.outcomes:
            return
        source = self._window.desk.source
        now = datetime.now().astimezone()
        self.history.add(entry_of(job.plan, job.scope, source.key if source else "", list(job.outcomes.values()), now))

    def show_history(self) -> None:
        """Open the list of exports."""
        from viewer.ui.exports.past import HistoryDialog

        window = self._window
        source = window.desk.source
        parent = self.dialog if self.dialog is not None and self.dialog.isVisible() else window
        self.past = HistoryDialog(self.history, source.key if source else "", parent)
        self.past.shown.connect(lambda entry: self.show_outside(QUrl.fromLocalFile(str(entry.folder))))
        self.past.again.connect(self._repeat)
        self.past.show()

    def _repeat(self, entry: "Entry") -> None:
        if self.busy or not entry.references:
            return
        if self.past is not None:
            self.past.close()
        self._run(entry.items(), entry.choices, entry.folder, entry.scope)

    def _look_for_cut(self, folder: Path) -> None:
        from viewer.library import journal as journals

        desk, key = self._window.desk, self._window.desk.source.key if self._window.desk.source else ""
        state = self.state
        if not self._keeps:
            return

        def work(_cancel: Event) -> "Journal | None":
            return journals.find(key, folder, state)

        def found(journal: "Journal | None") -> None:
            dialog = self.dialog
            if dialog is None or dialog.folder != folder or self.busy:
                return
            self._journal = journal
            count = len(journal.plan.items) if journal else 0
            dialog.show_cut(count - journal.rest if journal else 0, count)

        desk.tasks.run(work, on_done=found)

    def _resume(self) -> None:
        from viewer.library import journal as journals

        journal = self._journal
        if journal is not None and not self.busy:
            plan = journals.go_on(journal)
            self._run(plan.items, plan.choices, plan.folder, "list", journal)

    def _forget_cut(self) -> None:
        if self._journal is not None:
            self._journal.close()
        if self.dialog is not None:
            self.dialog.show_cut(0, 0)

    # --- paper ---

    def print(self, choices: "Choices | None" = None) -> None:
        """Show the open dialogue as it is printed."""
        from viewer.ui.exports.printing import Printer
        from viewer.ui.exports.subject import refreshed, subject_of

        window = self._window
        shown = self.dialog is not None and self.dialog.isVisible() and self.dialog.subject is not None
        subject = self.dialog.subject if shown and self.dialog is not None else subject_of(window)
        wanted = self.dialog.form.scope if shown and self.dialog is not None else "session"
        scope = refreshed(subject, wanted) if subject is not None else ""
        if subject is None or scope in ("", "list"):
            window.conversation.notice.tell(
                _("Choose a dialogue first; it is the open dialogue that is printed."), "info"
            )
            return
        if self._printer is None:
            self._printer = Printer(window)
        self._printer.preview(subject.items(scope)[0], choices or self._last())

    @property
    def printer(self) -> "Printer | None":
        """What prints, once it was asked for."""
        return self._printer


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or str(Path.home())
