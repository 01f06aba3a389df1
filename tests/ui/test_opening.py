"""What the system asks to open: a file or a link by an event; what cannot be opened is told, and nothing waits."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer import settings
from viewer.demo import DemoPortal
from viewer.ui.application import Program
from viewer.ui.opening import Opening
from viewer.vault import MemoryVault

PATIENCE = 15_000


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot) -> Iterator[Program]:
    made = Program(qapp, settings.Store(None), MemoryVault)
    opener = Opening(made)
    yield made
    qapp.removeEventFilter(opener)
    made.close()


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    file = tmp_path / "anna.olv.json"
    told = DemoPortal(limits=False, big=20).call("imopenlines.session.history.get", {"SESSION_ID": "343"})
    file.write_text(json.dumps(told), encoding="utf-8")
    return file


def test_a_file_that_the_system_names_is_opened(program: Program, qtbot: QtBot, answer: Path) -> None:
    QApplication.sendEvent(program.app, QFileOpenEvent(str(answer)))
    window = program.front.window
    assert window is not None
    assert "anna.olv.json" in window.windowTitle()
    qtbot.waitUntil(lambda: window.desk.complete, timeout=PATIENCE)
    assert window.desk.rows
    QApplication.sendEvent(program.app, QFileOpenEvent(QUrl("olv:nonsense")))
    assert "names no dialogue" in window.conversation.notice.text.text()


def test_a_file_that_is_no_answer_is_told_and_the_window_stays(
    program: Program, qtbot: QtBot, answer: Path, tmp_path: Path
) -> None:
    QApplication.sendEvent(program.app, QFileOpenEvent(str(answer)))
    window = program.front.window
    assert window is not None
    qtbot.waitUntil(lambda: window.desk.complete, timeout=PATIENCE)
    file = tmp_path / "other.json"
    file.write_text("[]", encoding="utf-8")
    QApplication.sendEvent(program.app, QFileOpenEvent(str(file)))
    qtbot.waitUntil(lambda: "The file is not a history." in window.conversation.notice.text.text(), timeout=PATIENCE)
    assert program.front.window is window
    assert window.desk.rows


def test_a_link_without_a_window_is_no_failure(program: Program) -> None:
    QApplication.sendEvent(program.app, QFileOpenEvent(QUrl("olv:343")))
    assert program.front.window is None
