"""What the system asks to open: a file or a link by an event; what cannot be opened is told, and nothing waits."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from viewer import settings
from viewer.app import _saved_answer
from viewer.demo import DemoPortal
from viewer.errors import ViewerError
from viewer.ui.application import Program
from viewer.ui.prompts.opening import Opener, show_failure
from viewer.vault import MemoryVault


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot) -> Iterator[Program]:
    made = Program(qapp, settings.Store(None), MemoryVault)
    opener = Opener(made, _saved_answer)
    yield made
    qapp.removeEventFilter(opener)
    made.close()


def boxes() -> list[QMessageBox]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox) and each.isVisible()]


def test_the_error_is_shown_as_plain_text(qtbot: QtBot) -> None:
    box = show_failure(ViewerError("No history.", "<b>x</b>.json.", "Save it again."))
    try:
        assert box.isVisible()
        assert box.textFormat() is Qt.TextFormat.PlainText
        assert (box.text(), box.informativeText()) == ("No history.", "<b>x</b>.json. Save it again.")
    finally:
        box.close()


def test_a_file_that_the_system_names_is_opened(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "anna.olv.json"
    answer = DemoPortal(limits=False, big=20).call("imopenlines.session.history.get", {"SESSION_ID": "343"})
    file.write_text(json.dumps(answer), encoding="utf-8")
    QApplication.sendEvent(program.app, QFileOpenEvent(str(file)))
    window = program.window
    assert window is not None
    assert "anna.olv.json" in window.windowTitle()
    qtbot.waitUntil(lambda: window.desk.complete, timeout=15_000)
    assert str(window.desk.reference) == "343"
    assert window.desk.rows
    QApplication.sendEvent(program.app, QFileOpenEvent(QUrl("olv:nonsense")))
    assert "names no dialogue" in window.conversation.notice.text.text()


def test_a_file_that_is_no_answer_is_told(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text("[]", encoding="utf-8")
    QApplication.sendEvent(program.app, QFileOpenEvent(str(file)))
    assert program.window is None
    assert [box.text() for box in boxes()] == ["The file is not a history."]
    boxes()[0].close()


def test_a_link_without_a_window_is_no_failure(program: Program) -> None:
    QApplication.sendEvent(program.app, QFileOpenEvent(QUrl("olv:343")))
    assert program.window is None
