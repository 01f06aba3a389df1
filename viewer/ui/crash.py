"""An error that nobody expected: it is written to the log and told in a window with a report to copy, and the work
goes on where it can.

Python calls the hooks for errors in slots, events and threads; Qt sends its own warnings here. However many errors
come, there is one window, and an error that repeats is told once.
"""

import logging
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, QUrl, Signal, Slot, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout

from viewer.i18n import _, ngettext
from viewer.library.logbook import Logbook, report, stack
from viewer.ui.enter import Enter
from viewer.ui.room import Prompt
from viewer.ui.theme import font

log = logging.getLogger(__name__)
qt_log = logging.getLogger("qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class CrashWindow(Prompt):
    """Says what happened, and holds the report. It does not block the window behind it."""

    def __init__(self, heading: str, words: str, text: str, folder: Path | None) -> None:
        super().__init__(QApplication.activeWindow(), 660, 440)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Open Lines Viewer")
        self.heading = QLabel(heading)
        self.heading.setProperty("tone", "heading")
        self.words, self.more = QLabel(words), QLabel()
        self.more.setProperty("tone", "secondary")
        self.more.hide()
        for label in (self.heading, self.words, self.more):
            label.setWordWrap(True)
        self.report = QPlainTextEdit(text)
        self.report.setReadOnly(True)
        self.report.setFont(font("code"))
        self.report.setAccessibleName(_("Report"))
        self.copy = QPushButton(_("Copy report"))
        self.copy.clicked.connect(self._copy)
        self.folder = QPushButton(_("Open the log's folder"))
        self.folder.setVisible(folder is not None)
        self.folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
        self.leave = QPushButton(_("Close"))
        self.leave.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.copy, self.folder):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        for widget in (self.heading, self.words, self.report, self.more):
            column.addWidget(widget)
        column.addLayout(buttons)
        Enter(self, self.leave)
        self.leave.setFocus()

    def add(self, text: str, count: int) -> None:
        """Another error came while this window stood open; `count` of them so far."""
        self.report.appendPlainText("\n" + text)
        told = ngettext("One more error came meanwhile.", "{n} more errors came meanwhile.", count)
        self.more.setText(told.format(n=count))
        self.more.show()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())
        self.copy.setText(_("Copied"))


class CrashReporter(QObject):
    """Takes over what Python and Qt do with unexpected errors, from `install` to `uninstall`.

    `window` is the one that stands open, None when there is none.
    """

    _came = Signal(str)  # from any thread to the window's own

    def __init__(self, logbook: Logbook | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._logbook = logbook
        self._told: set[str] = set()
        self._more = 0
        self.window: CrashWindow | None = None
        self._came.connect(self._tell)

    def install(self) -> None:
        """Catch what comes from now on."""
        sys.excepthook = self._in_main
        threading.excepthook = self._in_thread
        qInstallMessageHandler(_from_qt)

    def uninstall(self) -> None:
        """Leave errors to Python and Qt again, and close the window."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        if self.window is not None:
            self.window.close()

    def tell_of_last_run(self) -> None:
        """Where the run before ended in a fault of the machine's own code, say so."""
        if self._logbook is not None and self._logbook.last_fault:
            self._show(
                _("The program ended unexpectedly last time."),
                _("If this happens again, send the report to those who look after the program."),
                report(self._logbook.last_fault, datetime.now(UTC)),
            )

    def unexpected(self, error: BaseException) -> None:
        """Log an error and tell of it, whatever the thread; the same error a second time is only logged."""
        told = stack(error)  # without the error's own text, which may hold anything
        log.error("unexpected error\n%s", told)
        if told not in self._told:
            self._told.add(told)
            self._came.emit(told)

    def _in_main(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            QApplication.exit(1)
        else:
            self.unexpected(error)

    def _in_thread(self, given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None and not isinstance(given.exc_value, SystemExit):
            self.unexpected(given.exc_value)

    @Slot(str)
    def _tell(self, told: str) -> None:
        if self.window is not None:
            self._more += 1
            self.window.add(told, self._more)
            return
        self._show(
            _("Something went wrong in the program."),
            _("You can go on working: what you were reading is still there. If it happens again, send this report to "
              "those who look after the program. It holds no secret and no word of a message."),
            report(told, datetime.now(UTC)),
        )  # fmt: skip

    def _show(self, heading: str, words: str, text: str) -> None:
        self._more = 0
        self.window = CrashWindow(heading, words, text, self._logbook.folder if self._logbook else None)
        self.window.finished.connect(self._left)
        self.window.destroyed.connect(self._left)
        self.window.show()

    def _left(self, _how: object = None) -> None:
        self.window = None


def _from_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """A message of Qt, into the log of the program."""
    category = getattr(context, "category", None) or "default"
    qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", category, message)
