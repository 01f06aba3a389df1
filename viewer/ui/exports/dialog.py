"""The export dialog (`mockups/export-dialog.png`): what will come of it beside every choice. It blocks nothing."""

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QPushButton,
    QWidget,
)

from viewer.errors import ViewerError
from viewer.i18n import _, ngettext
from viewer.library.batch import State
from viewer.library.choices import Choices
from viewer.library.naming import TemplateError, ending, places
from viewer.library.outlook import Outlook, named, outlook, replaced
from viewer.settings import Store
from viewer.ui.exports.frame import ExportFrame
from viewer.ui.exports.previews import show_replaced
from viewer.ui.exports.runner import Job
from viewer.ui.exports.subject import Subject, refreshed
from viewer.ui.exports.words import report
from viewer.ui.icons import icon, pixmap
from viewer.ui.tasks import Task, Tasks
from viewer.ui.theme import Theme

CALM = 120  # milliseconds without a change before things are counted anew


def ask_folder(parent: QWidget, folder: Path) -> Path | None:
    """Where to export to, as the user says it; None when he does not."""
    chosen = QFileDialog.getExistingDirectory(parent, _("Export to a folder"), str(folder))
    return Path(chosen) if chosen else None


class ExportDialog(ExportFrame):
    """Setup, progress and result, one in the place of the other.

    `ask_folder` may be replaced (by tests). Signals: `asked(str, Choices, Path)` to export a scope, `resumed()` to go
    on with a run that was cut, `forgotten()`, `folder_changed(Path)`, `stopped()`, `hidden()` while a run goes on,
    `history_asked()`, `print_asked(Choices)`.
    """

    asked = Signal(str, object, object)
    resumed = Signal()
    forgotten = Signal()
    folder_changed = Signal(object)
    stopped = Signal()
    hidden = Signal()
    history_asked = Signal()
    print_asked = Signal(object)

    def __init__(self, store: Store, tasks: Tasks, theme: Theme, parent: QWidget) -> None:
        super().__init__(store, theme, parent)
        self._tasks, self._theme = tasks, theme
        self.subject: Subject | None = None
        self.folder = Path()
        self.ask_folder: Callable[[QWidget, Path], Path | None] = ask_folder
        self._has: Callable[[int], bool] = lambda _number: False
        self._counting: Task | None = None
        self._finding: Task | None = None
        self._job: Job | None = None
        self._name_error: ViewerError | None = None
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(CALM)
        self._calm.timeout.connect(self._count)
        self._connect()
        self.set_theme(theme)

    # --- what it is about ---

    def set_up(self, subject: Subject, scope: str, choices: Choices, folder: Path, has: Callable[[int], bool]) -> None:
        """Offer to export what the window shows now."""
        self.subject, self._has = subject, has
        self.form.set_scopes(subject.scopes(), refreshed(subject, scope))
        self.form.set_choices(choices)
        self.set_folder(folder)
        self.show_setup()

    def set_folder(self, folder: Path) -> None:
        """Export to this folder."""
        self.folder = folder
        shown = str(folder)
        self.place.setText(self.place.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideMiddle, 380))
        self.place.setToolTip(shown)
        self.show_cut(0, 0)
        self.folder_changed.emit(folder)

    def show_cut(self, done: int, count: int) -> None:
        """Tell of a run to this folder that was cut; none with a `count` of 0."""
        words = _("An export to this folder was cut: {n} of {count} dialogues are done.")
        self.cut_words.setText(words.format(n=done, count=count))
        self.cut.setVisible(count > 0)

    def show_setup(self) -> None:
        """Show the choices."""
        self._job = None
        self.head.setText(_("Export"))
        self.about.setText(self.subject.title if self.subject else "")
        self.presets.show()
        self.history.show()
        self.pages.setCurrentWidget(self.setup)
        for button, on in ((self.cancel, True), (self.go, True), (self.print, True)):
            button.setVisible(on)
        for button in (self.background, self.stop, self.copy, self.back, self.close_button):
            button.hide()
        self.foot.hide()
        self.place_row.show()
        self._changed()
        self.form.focus()

    def show_run(self, job: Job) -> None:
        """Show a run that starts."""
        self._job = job
        self.head.setText(_("Exporting"))
        count = len(job.plan.items)
        title = (
            job.plan.items[0].title if count == 1 else ngettext("{n} dialogue", "{n} dialogues", count).format(n=count)
        )
        redacted = _("redacted copy") if job.plan.choices.redaction else ""
        self.about.setText(" · ".join(filter(None, (title, redacted))))
        self.run_page.begin(job)
        self._show_page(
            _("You can keep reviewing; the export continues in the background."), self.background, self.stop
        )
        self.background.setFocus()

    def show_result(self, job: Job) -> None:
        """Show what came of a run."""
        self.head.setText(_("Export stopped") if job.stopped else _("Export finished"))
        self.run_page.finish(job)
        told = _("What could not be read is listed in the files themselves.") if job.of(State.INCOMPLETE) else ""
        self._show_page(told, self.back, self.copy, self.close_button)
        self.close_button.setFocus()

    def _show_page(self, words: str, *buttons: QPushButton) -> None:
        self.pages.setCurrentWidget(self.run_page)
        self.presets.hide()
        self.history.hide()
        self.cut.hide()
        self.place_row.hide()
        self.foot.setText(words)
        self.foot.show()
        for button in (
            self.cancel,
            self.go,
            self.print,
            self.background,
            self.stop,
            self.copy,
            self.back,
            self.close_button,
        ):
            button.setVisible(button in buttons)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        for part in (self.form, self.summary, self.run_page):
            part.set_theme(theme)
        self.sign.setPixmap(pixmap("folder", theme.text2, 16, self.devicePixelRatioF()))
        self.history.setIcon(icon("clock", theme.text2))
        self.print.setIcon(icon("printer", theme.text))

    # --- what changes with a choice ---

    def _changed(self) -> None:
        """The name at once, the counts when the hand rests."""
        choices, count = self.form.choices(), len(self.form.choices().formats)
        words = ngettext("Export {n} format", "Export {n} formats", count).format(n=count) if count else _("Export")
        self.go.setText(words)
        self._name(choices)
        self._allow(choices)
        self._calm.start()

    def _allow(self, choices: Choices) -> None:
        why = ""
        if not choices.formats:
            why = _("Choose a format.")
        elif not self.form.scope:
            why = _("There is nothing to export.")
        elif choices.redacted and not choices.kinds and not choices.words:
            why = _("Choose what is to be replaced.")
        elif self._name_error is not None:
            why = str(self._name_error)
        self.go.setEnabled(not why)
        self.go.setToolTip(why)
        self.print.setEnabled(bool(self.form.scope) and self.form.scope != "list" and not self._name_error)

    def _name(self, choices: Choices) -> None:
        subject, scope = self.subject, self.form.scope
        if subject is None or not scope:
            return
        try:
            stem = named(subject.first(scope), choices)
            self._name_error = None
        except TemplateError as error:
            self._name_error = error
            self.form.show_name("", error)
            self.summary.show_output([])
            return
        form = choices.formats[0] if choices.formats else "pdf"
        self.form.show_name(str(ending(Path(stem), form)), None)
        made = [place.name for place in places(Path(stem), choices.formats, evidence=choices.evidence)]
        count = len(subject.listed) if scope == "list" else 1
        more = ngettext("… and of {n} more dialogue", "… and of {n} more dialogues", count - 1).format(n=count - 1)
        self.summary.show_output([*made[:5], *([more] if count > 1 else [])])

    def _count(self) -> None:
        subject, scope, choices = self.subject, self.form.scope, self.form.choices()
        if subject is None or not scope:
            self.summary.show_outlook(Outlook(), choices)
            return
        if self._counting is not None:
            self._counting.cancel()
        has = self._has

        def work(_cancel: Event) -> tuple[Outlook, Choices]:
            return outlook(subject.items(scope), choices, subject.unread, has), choices

        self._counting = self._tasks.run(work, on_done=self._counted)

    def _counted(self, told: tuple[Outlook, Choices]) -> None:
        self.summary.show_outlook(*told)

    def _preview(self) -> None:
        subject, choices = self.subject, self.form.choices()
        redaction = choices.redaction
        held = subject.items(self.form.scope)[0].held if subject and self.form.scope else None
        if redaction is None:
            return
        if held is None:
            held = subject.transcript if subject else None
        if held is None or not held.messages:
            show_replaced([], self)
            return
        start, internal = held, choices.internal

        def work(_cancel: Event) -> Any:
            return replaced(start, redaction, internal=internal)

        self._finding = self._tasks.run(work, on_done=self._found)

    def _found(self, found: Any) -> None:
        show_replaced(found, self)

    def _start(self) -> None:
        if self.go.isEnabled() and self.form.scope:
            self.asked.emit(self.form.scope, self.form.choices(), self.folder)

    def _choose_folder(self) -> None:
        folder = self.ask_folder(self, self.folder)
        if folder is not None:
            self.set_folder(folder)

    def _take_preset(self, choices: Choices) -> None:
        self.form.set_choices(choices)

    def _copy_report(self) -> None:
        if self._job is not None:
            QGuiApplication.clipboard().setText(report(self._job))

    def _connect(self) -> None:
        self.finished.connect(lambda _code: self.hidden.emit())
        self.form.changed.connect(self._changed)
        self.form.scope_changed.connect(self._changed)
        self.form.preview_asked.connect(self._preview)
        self.form.template.entered.connect(self._start)
        self.presets.chosen.connect(self._take_preset)
        self.change.clicked.connect(self._choose_folder)
        self.go.clicked.connect(self._start)
        self.print.clicked.connect(lambda: self.print_asked.emit(self.form.choices()))
        self.cancel.clicked.connect(self.close)
        self.close_button.clicked.connect(self.close)
        self.background.clicked.connect(self.close)
        self.stop.clicked.connect(self.stopped)
        self.back.clicked.connect(self.show_setup)
        self.copy.clicked.connect(self._copy_report)
        self.history.clicked.connect(self.history_asked)
        self.cut_go.clicked.connect(self.resumed)
        self.cut_forget.clicked.connect(self.forgotten)
