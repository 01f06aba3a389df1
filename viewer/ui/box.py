"""A sentence in a box, before there is a window; and what Qt says when there can be none."""

import os
import sys
from collections.abc import Callable

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMessageBox


def show_box(title: str, words: str) -> None:
    """Show `words` and wait until they were read."""
    running = QApplication.instance() or QApplication(sys.argv[:1])
    box = QMessageBox(QMessageBox.Icon.Critical, title, words)
    box.exec()
    del box, running


def leave_when_fatal(tell: Callable[[], None], code: int) -> None:
    """Until Qt has another handler: where it cannot go on, tell it and leave with `code`.

    Qt itself would abort the process, with a line about plugins and a core dump.
    """

    def handle(kind: QtMsgType, _context: QMessageLogContext, _message: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            tell()
            if sys.stderr is not None:
                sys.stderr.flush()
            os._exit(code)

    qInstallMessageHandler(handle)
