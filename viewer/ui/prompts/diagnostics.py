"""Why the portal does not answer: the list fills as one look after the other ends, and can be copied for others."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.errors import ViewerError
from viewer.i18n import _, ngettext
from viewer.library.sources import Source
from viewer.ui.enter import Enter
from viewer.ui.icons import pixmap
from viewer.ui.prompts.parts import restyle
from viewer.ui.room import Prompt
from viewer.ui.scrolling import Scrolled
from viewer.ui.tasks import Task, Tasks
from viewer.ui.theme import Theme, px

if TYPE_CHECKING:
    from viewer.library.diagnosing import Finding


class Step(QFrame):
    """One look: a sign, its name, what was found, what to do."""

    def __init__(self, name: str, theme: Theme, *, last: bool) -> None:
        super().__init__()
        self.setProperty("area", "row")
        self.setProperty("last", last)
        self._theme = theme
        self.outcome = ""
        self.sign = QLabel()
        self.name = QLabel(name)
        self.name.setWordWrap(True)
        self.name.setFixedWidth(px(168))
        self.text, self.advice = _words(), _words()
        self.advice.setProperty("tone", "secondary")
        column = QVBoxLayout()
        column.setSpacing(3)
        column.addWidget(self.text)
        column.addWidget(self.advice)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 9, 14, 9)
        row.setSpacing(12)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.name, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        self.tell("")

    def tell(self, outcome: str, text: str = "", advice: str = "") -> None:
        """How it came out: "ok", "warning", "failed", "skipped", "running", or "" while it waits its turn."""
        self.outcome = outcome
        self.name.setProperty("tone", "name" if outcome not in ("", "skipped") else "secondary")
        self.text.setText(text)
        self.text.setProperty("tone", "secondary" if outcome in ("running", "skipped") else "")
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        for label in (self.name, self.text):
            restyle(label)
        self.setAccessibleName(f"{self.name.text()}: {text} {advice}".strip())
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw the sign in the colours of `theme`."""
        self._theme = theme
        name, color = {
            "ok": ("check", theme.green),
            "warning": ("warning", theme.amber),
            "failed": ("close", theme.red),
            "running": ("clock", theme.accent),
        }.get(self.outcome, ("minus", theme.text3))
        self.sign.setPixmap(pixmap(name, color, 16, self.devicePixelRatioF()))

    def fit(self) -> None:
        """Take the height that the words need: a layout this deep does not ask again by itself."""
        for label in (self.text, self.advice):
            label.setMinimumHeight(label.heightForWidth(max(80, label.width())) if label.text() else 0)


class Diagnostics(Prompt):
    """The looks at a portal, one below the other. It does not block the window.

    `can_trust` offers to add a certificate where one is at fault: the portal has an account to remember it with.
    Signal: `authority_chosen(str)`, a file with certificates that the user wants to trust for this portal.
    """

    authority_chosen = Signal(str)

    def __init__(
        self, source: Source, tasks: Tasks, theme: Theme, parent: QWidget | None = None, *, can_trust: bool = False
    ) -> None:
        super().__init__(parent, 700, 680)
        from viewer.library.diagnosing import steps

        self._source, self._tasks, self._can_trust = source, tasks, can_trust
        self._task: Task | None = None
        self.findings: list[Finding] = []
        self.setWindowTitle(_("Diagnostics"))
        names = steps()
        self.steps = [Step(name, theme, last=name == names[-1]) for name in names]
        self.heading = QLabel(_("Connection to {host}").format(host=source.host))
        self.heading.setProperty("tone", "heading")
        self.heading.setWordWrap(True)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.copy = QPushButton(_("Copy report"))
        self.copy.clicked.connect(self._copy)
        self.again = QPushButton()
        self.again.clicked.connect(self._again_or_stop)
        self.trust = QPushButton(_("Add a certificate…"))
        self.trust.clicked.connect(self._choose_authority)
        self.leave = QPushButton(_("Close"))
        self.leave.clicked.connect(self.close)
        self.finished.connect(self._left)
        self._lay_out()
        Enter(self, self.leave)
        self.run()

    def run(self) -> None:
        """Look at everything (again)."""
        from viewer.library import diagnose

        source = self._source

        def work(cancel: Event) -> "Iterator[Finding]":
            return diagnose(source, cancel=cancel)

        self.findings = []
        for step in self.steps:
            step.tell("")
        self.steps[0].tell("running", _("Looking…"))
        self.trust.hide()
        self.copy.setEnabled(False)
        self.again.setText(_("Stop"))
        self._sum_up(_("Looking at the network, the portal and your rights…"), "secondary")
        self._task = self._tasks.run(
            work, on_batch=self._found, on_done=lambda _none: self._ended(), on_failure=self._failed
        )

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        for step in self.steps:
            step.set_theme(theme)

    # --- what comes ---

    def _found(self, finding: "Finding") -> None:
        step = self.steps[len(self.findings)]
        self.findings.append(finding)
        step.tell(finding.outcome.value, finding.text, finding.advice)
        step.fit()
        if len(self.findings) < len(self.steps):
            self.steps[len(self.findings)].tell("running", _("Looking…"))
        if finding.untrusted and self._can_trust:
            self.trust.show()

    def _ended(self) -> None:
        self._task = None
        self._rest_untried()
        outcomes = [finding.outcome.value for finding in self.findings]
        failed, doubtful = outcomes.count("failed"), outcomes.count("warning")
        if len(outcomes) < len(self.steps):
            self._sum_up(_("Stopped."), "secondary")
        elif failed:
            told = ngettext("{n} step failed. Begin with the first one.", "{n} steps failed. Begin with the first one.",
                            failed)  # fmt: skip
            self._sum_up(told.format(n=failed), "red")
        elif doubtful:
            told = ngettext("It works; {n} step deserves a look.", "It works; {n} steps deserve a look.", doubtful)
            self._sum_up(told.format(n=doubtful), "note")
        else:
            self._sum_up(_("Everything is in order."), "green")

    def _failed(self, error: ViewerError) -> None:
        self._task = None
        self._rest_untried()
        self._sum_up(str(error), "red")

    def _rest_untried(self) -> None:
        for step in self.steps[len(self.findings) :]:
            step.tell("")
        self.copy.setEnabled(bool(self.findings))
        self.again.setText(_("Run again"))
        self.again.setFocus()

    def _sum_up(self, words: str, tone: str) -> None:
        self.summary.setText(words)
        self.summary.setProperty("tone", tone)
        restyle(self.summary)

    # --- what is asked ---

    def _again_or_stop(self) -> None:
        if self._task is None:
            self.run()
            return
        self._task.cancel()
        self._ended()

    def _copy(self) -> None:
        from viewer.library.diagnosing import written

        QGuiApplication.clipboard().setText(written(self.findings, self._source))
        self.copy.setText(_("Copied"))
        QTimer.singleShot(2000, self, lambda: self.copy.setText(_("Copy report")))

    def ask_where(self) -> str:
        """Let the user choose the file of a certificate; "" when he does not."""
        kinds = _("Certificates") + " (*.pem *.crt *.cer *.der)"
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Certificate of the company"), str(Path.home()), kinds)
        return chosen

    def _choose_authority(self) -> None:
        if chosen := self.ask_where():
            self.authority_chosen.emit(chosen)

    def _left(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    # --- layout ---

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("area", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for step in self.steps:
            column.addWidget(step)
        inside = QWidget()
        around = QVBoxLayout(inside)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(card)
        around.addStretch(1)
        area = Scrolled(inside, read=True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.trust)
        buttons.addStretch(1)
        buttons.addWidget(self.again)
        buttons.addWidget(self.leave)
        grid = QGridLayout(self)
        grid.setContentsMargins(20, 18, 20, 16)
        grid.setVerticalSpacing(8)
        grid.addWidget(self.heading, 0, 0)
        grid.addWidget(self.summary, 1, 0)
        grid.addWidget(area, 2, 0)
        grid.addLayout(buttons, 3, 0)
        grid.setRowStretch(2, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        for step in self.steps:
            step.fit()


def _words() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
