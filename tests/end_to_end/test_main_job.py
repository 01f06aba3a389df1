"""The main job in the real window, on the demo portal: choose a dialogue, read it, save it as PDF, open the PDF."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer import settings
from viewer.chat import MessageRow
from viewer.library.choices import Choices
from viewer.library.sources import demo_source
from viewer.ui import theme as themes
from viewer.ui.desk import Desk
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow

PATIENCE = 20_000  # milliseconds


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    look = themes.theme("light")
    themes.apply(qapp, look)
    desk = Desk(Tasks())
    desk.use(demo_source())
    made = MainWindow(desk, settings.Store(None), look)
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(desk.list_busy, timeout=PATIENCE, check_params_cb=lambda busy: not busy):
        made.start()
    made.activateWindow()
    with qtbot.waitActive(made):
        pass
    yield made
    assert desk.close()


def opened(window: MainWindow, qtbot: QtBot, text: str) -> None:
    with qtbot.waitSignal(window.desk.opened, timeout=PATIENCE):
        qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        window.toolbar.field.setText(text)
        qtbot.keyClick(window.toolbar.field, Qt.Key.Key_Return)


def test_choose_read_export_open(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    assert len(window.desk.sessions) >= 40
    rows = window.dialogues.list
    with qtbot.waitSignal(window.desk.opened, timeout=PATIENCE):
        spot = rows.visualRect(rows.model().index(0, 0)).center()
        qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert window.conversation.stack.currentWidget() is window.conversation.view
    assert window.conversation.head.title.text()

    target = tmp_path / "dialogue.pdf"
    last = Choices(template="dialogue").plain()
    window.store.change(export_folder=str(tmp_path), export_scope="session", export_last=last)
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = window.exporter.dialog
    assert dialog is not None
    with qtbot.waitSignal(window.exporter.finished, timeout=60_000):
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert [each.name for each in tmp_path.iterdir() if each.suffix] == ["dialogue.pdf"]
    assert dialog.run_page.head.text() == "1 document saved"

    text = "".join(page.extract_text() for page in PdfReader(target).pages)
    names = {row.author.name for row in window.desk.rows if isinstance(row, MessageRow) and row.author.name}
    assert names
    for name in names:
        assert name in text


def test_the_dialogue_of_the_mock_up(window: MainWindow, qtbot: QtBot) -> None:
    opened(window, qtbot, "https://zerno.bitrix24.example/online/?IM_HISTORY=imol%7C321")
    assert window.conversation.head.title.text() == "Анна Вересова"
    assert window.conversation.head.place.text() == "Session 3 of 3"
    qtbot.keyClick(window, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: window.conversation.head.place.text() == "Session 2 of 3", timeout=PATIENCE)


def test_pictures_arrive(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.desk.picture_ready, timeout=PATIENCE) as heard:
        opened(window, qtbot, "321")
    assert heard.args is not None
    assert not heard.args[1].isNull()


def test_what_names_no_dialogue_is_said(window: MainWindow, qtbot: QtBot) -> None:
    window.open_text("hello there")
    assert "names no dialogue" in window.conversation.notice.text.text()


def test_before_a_dialogue_is_open_the_list_can_be_exported(window: MainWindow) -> None:
    window.exporter.ask()
    dialog = window.exporter.dialog
    assert dialog is not None
    assert dialog.form.scope == "list"
    assert [key for key, tile in dialog.form.scopes.items() if tile.isEnabled()] == ["list"]


def test_a_folder_that_cannot_be_written_is_said_and_leaves_nothing(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(window, qtbot, "321")
    blocker = tmp_path / "a file"
    blocker.write_text("", encoding="utf-8")
    with qtbot.waitSignal(window.exporter.finished, timeout=60_000):
        window.exporter.start("session", Choices(), blocker)
    assert window.conversation.notice.property("mood") == "bad"
    assert [each.name for each in tmp_path.iterdir() if each.name != "home"] == ["a file"]


def test_themes_change_at_once(window: MainWindow, qtbot: QtBot) -> None:
    opened(window, qtbot, "321")
    light = window.grab().toImage().pixelColor(window.width() // 2, window.height() // 2)
    window.set_theme(themes.theme("dark"))
    dark = window.conversation.view.grab().toImage().pixelColor(5, 200)
    assert light.lightness() > 200
    assert dark.lightness() < 60
