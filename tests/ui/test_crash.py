"""An unexpected error: one window with a report, never two, from whatever thread; and the work goes on."""

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, QtMsgType, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from viewer.demo import portal as demo
from viewer.library.logbook import Logbook
from viewer.ui.crash import CrashReporter, CrashWindow, _from_qt

TEXT = "Добрый день, вот мой пароль"


class Button(QObject):
    pressed = Signal()


@pytest.fixture
def reporter(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[CrashReporter]:
    monkeypatch.setattr(logging.getLogger("viewer.ui.crash"), "disabled", True)  # an error in the log fails a test
    # The window stands over the active one. One that a test before left is rubbish: it goes at any moment, and what
    # stands over it with it, in the middle of a call (a worker of the tests crashed so).
    for each in QApplication.topLevelWidgets():
        each.hide()
    made = CrashReporter(None)
    yield made
    if made.window is not None:
        made.window.close()


def fail() -> None:
    raise IndexError(TEXT)


def windows() -> list[CrashWindow]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, CrashWindow) and each.isVisible()]


def failure(text: str = TEXT) -> Exception:
    try:
        raise ValueError(f"{text} /rest/1/{demo.CODE}/")
    except ValueError as error:
        return error


def other_failure() -> Exception:
    try:
        raise LookupError(TEXT)
    except LookupError as error:
        return error


def test_an_error_is_told_in_a_window_that_blocks_nothing(reporter: CrashReporter) -> None:
    reporter.unexpected(failure())
    window = reporter.window
    assert window is not None
    assert window.isVisible()
    assert not window.isModal()
    report = window.report.toPlainText()
    assert "builtins.ValueError" in report
    assert "test_crash.py:" in report
    assert TEXT not in report
    assert demo.CODE not in report


def test_the_report_can_be_copied(reporter: CrashReporter) -> None:
    reporter.unexpected(failure())
    assert reporter.window is not None
    reporter.window.copy.click()
    assert QGuiApplication.clipboard().text() == reporter.window.report.toPlainText()
    assert reporter.window.copy.text() == "Copied"


def test_there_are_never_two_windows(reporter: CrashReporter) -> None:
    reporter.unexpected(failure())
    first = reporter.window
    reporter.unexpected(other_failure())
    assert reporter.window is first
    assert windows() == [first]
    assert first is not None
    assert first.more.text() == "One more error came meanwhile."
    assert "builtins.LookupError" in first.report.toPlainText()


def test_an_error_that_repeats_is_told_once(reporter: CrashReporter) -> None:
    error = failure()
    reporter.unexpected(error)
    assert reporter.window is not None
    reporter.window.close()
    reporter.unexpected(error)
    assert windows() == []


def test_after_the_window_closed_another_error_opens_one(reporter: CrashReporter) -> None:
    reporter.unexpected(failure())
    assert reporter.window is not None
    reporter.window.close()
    reporter.unexpected(other_failure())
    assert reporter.window is not None
    assert not reporter.window.more.isVisible()


def test_an_error_of_a_thread_reaches_the_window(
    reporter: CrashReporter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", reporter._in_thread)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: reporter.window is not None, timeout=5000)
    assert reporter.window is not None
    assert "builtins.IndexError" in reporter.window.report.toPlainText()


def test_the_work_goes_on_after_an_error_in_a_slot(reporter: CrashReporter, qtbot: QtBot) -> None:
    button, seen = Button(), []
    button.pressed.connect(fail)
    button.pressed.connect(lambda: seen.append("next"))
    with capture_exceptions():  # pytest-qt's own hook gives way
        before = sys.excepthook
        sys.excepthook = reporter._in_main
        try:
            QTimer.singleShot(0, button.pressed.emit)
            qtbot.waitUntil(lambda: reporter.window is not None, timeout=5000)
        finally:
            sys.excepthook = before
    assert seen == ["next"]


def test_the_hooks_are_taken_and_given_back(reporter: CrashReporter, monkeypatch: pytest.MonkeyPatch) -> None:
    handlers: list[object] = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr("viewer.ui.crash.qInstallMessageHandler", handlers.append)
    reporter.install()
    assert sys.excepthook == reporter._in_main
    assert threading.excepthook == reporter._in_thread
    reporter.uninstall()
    assert sys.excepthook is sys.__excepthook__
    assert threading.excepthook is threading.__excepthook__
    assert handlers == [_from_qt, None]


def test_asking_to_end_ends_the_program(reporter: CrashReporter, monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[int] = []
    monkeypatch.setattr("viewer.ui.crash.QApplication.exit", codes.append)
    reporter._in_main(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert reporter.window is None
    assert codes == [1]


def test_an_error_is_written_to_the_log(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    reporter = CrashReporter(None)
    reporter.unexpected(failure())
    assert reporter.window is not None
    reporter.window.close()
    assert "builtins.ValueError" in caplog.text
    assert TEXT not in caplog.text
    caplog.clear()


def test_what_qt_says_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    class Context:
        category = "qt.svg"

    with caplog.at_level(logging.DEBUG, logger="qt"):
        _from_qt(QtMsgType.QtWarningMsg, Context(), "cannot read")  # type: ignore[arg-type]
    assert caplog.record_tuples == [("qt", logging.WARNING, "qt.svg: cannot read")]
    caplog.clear()


def test_a_fault_of_the_last_run_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "fault.log").write_text("Fatal Python error: Segmentation fault", encoding="utf-8")
    logbook = Logbook(tmp_path)
    logbook.open()
    reporter = CrashReporter(logbook)
    try:
        reporter.tell_of_last_run()
        assert reporter.window is not None
        assert "last time" in reporter.window.heading.text()
        assert "Segmentation fault" in reporter.window.report.toPlainText()
        assert reporter.window.folder.isVisible()
        reporter.window.close()
    finally:
        logbook.close()


def test_a_good_end_is_not_told(qtbot: QtBot, tmp_path: Path) -> None:
    logbook = Logbook(tmp_path)
    logbook.open()
    reporter = CrashReporter(logbook)
    reporter.tell_of_last_run()
    logbook.close()
    assert reporter.window is None
