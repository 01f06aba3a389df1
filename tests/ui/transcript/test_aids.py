"""What assistive technology meets: each message an object with author, time and text, its links and files below it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from viewer.ui.transcript import TranscriptView

from .talk import CLIENT, OPERATOR, PAPER, PICTURE, SYSTEM, conversation, long, message

ROOT = Path(__file__).parents[3]
NAME = QAccessible.Text.Name


@pytest.fixture
def talk(view: TranscriptView) -> TranscriptView:
    rows, transcript = conversation(
        message(1, CLIENT, "See [b]this[/b] [url=https://example.org/a]page[/url]", file_ids=(1, 5)),
        *SYSTEM,
        message(4, OPERATOR, "One [url=https://example.org/b]more[/url]", minute=12),
        files=(PICTURE, PAPER),
    )
    view.set_rows(rows, transcript)
    view.lay_out()
    return view


def _tree(view: TranscriptView) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(view)
    assert found is not None
    return found


def _row(view: TranscriptView, message_id: int) -> QAccessibleInterface:
    row = view.stage.row_of(message_id)
    assert row is not None
    found = _tree(view).child(row)
    assert found is not None
    return found


def test_each_row_is_an_object_with_its_words(talk: TranscriptView) -> None:
    tree = _tree(talk)
    assert (tree.role(), tree.text(NAME)) == (QAccessible.Role.List, "Conversation")
    assert tree.childCount() == len(talk.stage.rows)
    first = _row(talk, 1)
    assert first.text(NAME) == "Client Анна Вересова, 13:09, See this page, 1 picture, 1 file"
    assert first.role() is QAccessible.Role.ListItem
    assert tree.indexOfChild(first) == talk.stage.row_of(1)
    assert tree.child(0).role() is QAccessible.Role.Heading
    assert _row(talk, 4).text(NAME).endswith("One more, answered after 12 min, over the norm")
    assert tree.child(len(talk.stage.rows)) is None


def test_links_and_files_are_below_it_and_can_be_pressed(qtbot: QtBot, talk: TranscriptView) -> None:
    row = _row(talk, 1)
    links = [row.child(index) for index in range(row.childCount())]
    assert [(link.role(), link.text(NAME)) for link in links] == [
        (QAccessible.Role.Link, "page"), (QAccessible.Role.Button, "cup.jpg"),
        (QAccessible.Role.Button, "Акт замены.pdf"),
    ]  # fmt: skip
    assert row.indexOfChild(links[1]) == 1
    press = QAccessibleActionInterface.pressAction()
    with qtbot.waitSignal(talk.link_activated) as followed:
        links[0].actionInterface().doAction(press)
    assert followed.args == ["https://example.org/a"]
    with qtbot.waitSignal(talk.file_activated) as opened:
        links[1].actionInterface().doAction(press)
    assert opened.args == [1]


def test_it_says_where_it_stands(talk: TranscriptView) -> None:
    row = talk.stage.row_of(1)
    assert row is not None
    shown = talk.stage.shown_row(row)
    assert shown is not None
    middle = QPointF(shown.layout.outline.center().x(), shown.y + shown.layout.outline.center().y()).toPoint()
    at = talk.viewport().mapToGlobal(middle)
    assert _row(talk, 1).rect().contains(at)
    found = _tree(talk).childAt(at.x(), at.y())
    assert found is not None
    assert found.text(NAME) == _row(talk, 1).text(NAME)
    outside = talk.viewport().mapToGlobal(QPoint(-50, -50))
    assert _tree(talk).childAt(outside.x(), outside.y()) is None


def test_what_is_out_of_sight_says_so(view: TranscriptView) -> None:
    view.set_rows(*long(400))
    view.lay_out()
    assert not _row(view, 1).state().offscreen
    last = _row(view, 400)
    assert last.state().offscreen
    assert last.rect().isEmpty()
    assert "Message 400" in last.text(NAME)


def test_the_keyboard_is_followed(talk: TranscriptView, qtbot: QtBot) -> None:
    talk.activateWindow()
    talk.setFocus()
    qtbot.waitUntil(talk.hasFocus)
    row = talk.stage.row_of(4)
    assert row is not None
    talk.focus_row(row)
    assert _row(talk, 4).state().focused
    assert not _row(talk, 1).state().focused
    focused = _tree(talk).focusChild()
    assert focused is not None
    assert focused.text(NAME) == _row(talk, 4).text(NAME)


def test_rows_that_come_above_move_the_objects(talk: TranscriptView) -> None:
    before = _row(talk, 1)
    words = before.text(NAME)
    earlier, _transcript = conversation(message(-5, CLIENT, "Earlier", minute=-9))
    talk.prepend_rows(earlier)
    assert before.text(NAME) == words
    assert _tree(talk).indexOfChild(before) == talk.stage.row_of(1)
    assert _tree(talk).childCount() == len(talk.stage.rows)


def test_another_conversation_leaves_none_behind(talk: TranscriptView, qtbot: QtBot) -> None:
    _row(talk, 1).child(0)
    talk.set_rows(*conversation(message(9, CLIENT, "Other")))
    qtbot.wait(1)  # what is no longer needed goes with the next turn of the loop
    assert _row(talk, 9).text(NAME) == "Client Анна Вересова, 13:09, Other"
    assert len(talk.findChildren(type(talk.aids.row(0)))) <= len(talk.stage.rows)


def test_enter_asks_where_a_message_has_several_things(qtbot: QtBot, talk: TranscriptView) -> None:
    talk.setFocus()
    row = talk.stage.row_of(1)
    assert row is not None
    talk.focus_row(row)
    qtbot.keyClick(talk, Qt.Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["page", "cup.jpg", "Акт замены.pdf"]
    with qtbot.waitSignal(talk.file_activated) as opened:
        qtbot.keyClick(menu, Qt.Key.Key_Down)
        qtbot.keyClick(menu, Qt.Key.Key_Down)
        qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert opened.args == [1]
    other = talk.stage.row_of(4)
    assert other is not None
    talk.focus_row(other)
    with qtbot.waitSignal(talk.link_activated) as followed:
        qtbot.keyClick(talk, Qt.Key.Key_Return)
    assert followed.args == ["https://example.org/b"]


@pytest.mark.skipif(
    os.environ.get("QT_QPA_PLATFORM", "xcb") != "xcb", reason="Qt speaks AT-SPI from a real screen only"
)
@pytest.mark.skipif(sys.platform != "linux", reason="AT-SPI is Linux's")
@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and Path("/usr/libexec/at-spi2-registryd").exists()),
    reason="no accessibility bus is installed",
)
def test_a_screen_reader_meets_the_messages() -> None:
    with tempfile.TemporaryDirectory(prefix="at-spi-") as folder:  # short: it holds sockets
        variables = {**os.environ, "HOME": folder, "XDG_RUNTIME_DIR": folder, "PYTHONPATH": str(ROOT)}
        command = ["dbus-run-session", "--", sys.executable, str(ROOT / "tests" / "at_spi.py"), "321"]
        done = subprocess.run(command, env=variables, cwd=folder, capture_output=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])  # the registry speaks first
    assert found["pressed"] is True
    rows = {row["name"]: row for row in found["rows"]}
    (client,) = (row for name, row in rows.items() if name.startswith("Client Анна Вересова, 13:10, Заказ 48-1207"))
    assert client["role"] == "list item"
    assert [(child["name"], child["actions"]) for child in client["children"]] == [
        ("photo_1.png", ["Press"]), ("photo_2.png", ["Press"]), ("photo_3.png", ["Press"]),
    ]  # fmt: skip
    assert any(name.startswith("Session 321") and row["role"] == "heading" for name, row in rows.items())
    linked = [child for row in found["rows"] for child in row["children"] if child["role"] == "link"]
    assert any(child["name"] == "https://zerno.example/obmen" for child in linked)
