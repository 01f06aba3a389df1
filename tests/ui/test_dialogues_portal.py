"""The list in the window, on the demo portal: what is asked of the portal, CRM records, the note, the keys."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from viewer.bitrix import Pace, Portal, Webhook, embedded
from viewer.chat import CrmLink, Session
from viewer.demo import DemoPortal
from viewer.demo.faults import Fault
from viewer.library.sources import Source
from viewer.settings import Store
from viewer.ui import theme as themes
from viewer.ui.desk import Desk
from viewer.ui.dialogues.words import with_value
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow

PATIENCE = 20_000
CONTROL = Qt.KeyboardModifier.ControlModifier
LIST = "imopenlines.v2.Session.list"
Open = Callable[..., MainWindow]


class Heard(DemoPortal):
    """The demo portal, with an ear for what it is asked."""

    def __init__(self, **more: Any) -> None:
        super().__init__(limits=False, big=5, today=datetime.now(UTC).date(), **more)
        self.asked: list[str] = []

    def respond(self, method: str, url: str, headers: Any, body: bytes) -> Any:
        if LIST in url or LIST.encode() in body:
            self.asked.append(body.decode())
        return super().respond(method, url, headers, body)


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot) -> Iterator[Open]:
    windows: list[MainWindow] = []

    def show(demo: DemoPortal, store: Store | None = None, reference: str = "") -> MainWindow:
        themes.apply(qapp, themes.theme("light"))
        desk = Desk(Tasks())

        def portal() -> Portal:
            return Portal(Webhook.parse(demo.WEBHOOK), transport=embedded(demo.respond), pace=Pace(rate=500, burst=500))

        desk.use(Source("zerno#1", "Зерно и Ко", demo.HOST, portal))
        window = MainWindow(desk, store or Store(None), themes.theme("light"))
        windows.append(window)
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        with qtbot.waitSignal(desk.list_busy, timeout=PATIENCE, check_params_cb=lambda busy: not busy):
            window.start(reference)
        with qtbot.waitActive(window):
            pass
        return window

    yield show
    for window in windows:
        assert window.desk.close()


def paste(window: MainWindow, text: str) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, CONTROL)
    window.toolbar.field.setText(text)
    QTest.keyClick(window.toolbar.field, Qt.Key.Key_Return)


def found(window: MainWindow, qtbot: QtBot, text: str) -> None:
    with qtbot.waitSignal(window.record.read, timeout=PATIENCE):
        paste(window, text)


def shown(window: MainWindow) -> set[int]:
    return {each.id for row in window.dialogues.model.rows for each in row.entry.sessions}


def tokens(window: MainWindow) -> list[str]:
    return [token.words for token in window.dialogues.bar.tokens]


# --- what is asked of the portal ---


def test_a_filter_asks_nothing_and_a_longer_period_asks_for_what_is_wanted(opened: Open, qtbot: QtBot) -> None:
    demo = Heard()
    window = opened(demo)
    pane, desk = window.dialogues, window.desk
    before = len(demo.asked)
    line = next(session for session in desk.sessions if session.line_id)
    pane.bar._change(with_value(pane.wanted, "line", (str(line.line_id),)))
    pane.bar._change(with_value(pane.wanted, "status", "closed"))
    assert {session.line_id for row in pane.model.rows for session in row.entry.sessions} == {line.line_id}
    assert " of " in pane.bar.count.text()
    pane.look_back(7)
    assert len(demo.asked) == before, "all of it is here"
    with qtbot.waitSignal(desk.list_busy, timeout=PATIENCE, check_params_cb=lambda busy: not busy):
        pane.look_back(366)
    assert demo.asked[before:]
    assert all("configIdList" in body and str(line.line_id) in body for body in demo.asked[before:])
    assert " of " not in pane.bar.count.text(), "nobody knows how many there are"
    before = len(demo.asked)
    with qtbot.waitSignal(desk.list_busy, timeout=PATIENCE, check_params_cb=lambda busy: not busy):
        pane.clear_filter()
    assert demo.asked[before:]
    assert all("configIdList" not in body for body in demo.asked[before:])
    assert window.store.value.days == 366


# --- CRM records ---


def test_a_pasted_record_shows_its_dialogues_and_the_list_comes_back_as_it_was(opened: Open, qtbot: QtBot) -> None:
    window = opened(Heard())
    pane = window.dialogues
    QTest.mouseClick(pane.unrated, Qt.MouseButton.LeftButton)
    before = shown(window)
    with qtbot.waitSignal(window.desk.opened, timeout=PATIENCE):
        found(window, qtbot, "deal 2214")
    assert tokens(window) == ["Deal 2214"]
    assert shown(window) == {154, 288, 321}
    assert str(window.desk.reference) == "321", "the one dialogue is opened, at its newest session"
    assert not pane.bar.period.isVisible()
    QTest.mouseClick(pane.bar.tokens[0], Qt.MouseButton.LeftButton)
    assert (tokens(window), shown(window), pane.unrated.isChecked()) == ([], before, True)
    assert pane.bar.period.isVisible()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("D_2214", "Deal 2214"),
        ("https://zerno.bitrix24.example/crm/deal/details/2214/", "Deal 2214"),
        ("контакт 563", "Contact 563"),
    ],
)
def test_the_ways_to_name_a_record(opened: Open, qtbot: QtBot, text: str, told: str) -> None:
    window = opened(Heard())
    found(window, qtbot, text)
    assert tokens(window) == [told]
    assert 321 in shown(window)


def test_a_record_without_dialogues_is_told_and_cleared(opened: Open, qtbot: QtBot) -> None:
    window = opened(Heard())
    found(window, qtbot, "deal 999999")
    page = window.dialogues.state
    assert window.dialogues.stack.currentWidget() is page
    assert page.title.text() == "Deal 999999: no dialogues"
    button = [each for each in page.findChildren(QPushButton) if each.text() == "Show all dialogues"][-1]
    qtbot.waitUntil(button.isVisible)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(shown(window)) > 40
    assert tokens(window) == []


def test_a_record_that_cannot_be_read_says_why_and_is_tried_again(opened: Open, qtbot: QtBot) -> None:
    demo = Heard()
    window = opened(demo)
    demo.fail("imopenlines.crm.chat.get", Fault.html(403))
    with qtbot.waitSignal(window.record.failed, timeout=PATIENCE):
        paste(window, "deal 2214")
    assert window.dialogues.stack.currentWidget() is window.dialogues.state
    button = [each for each in window.dialogues.state.findChildren(QPushButton) if each.text() == "Try again"][-1]
    qtbot.waitUntil(button.isVisible)
    with qtbot.waitSignal(window.record.read, timeout=PATIENCE):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert 321 in shown(window)


def test_what_the_list_knows_of_a_session_outlives_a_record_that_knows_less(opened: Open) -> None:
    window = opened(Heard())
    desk = window.desk
    known = next(each for each in desk.sessions if each.id == 321)
    window.record._take((Session(321, known.chat_id, crm=CrmLink("deal", 7)), Session(999_999)))
    by_id = {each.id: each for each in desk.sessions}
    assert by_id[321] == replace(known, crm=CrmLink("deal", 7))
    assert 999_999 in by_id
    window.record.leave()
    assert 999_999 not in {each.id for each in desk.sessions}, "of no period"


def test_a_record_named_at_the_start(opened: Open, qtbot: QtBot) -> None:
    window = opened(Heard(), reference="deal 2214")
    qtbot.waitUntil(lambda: 321 in shown(window) and len(shown(window)) == 3, timeout=PATIENCE)
    assert tokens(window) == ["Deal 2214"]


def test_text_that_names_nothing_says_what_can_be_named(opened: Open) -> None:
    window = opened(Heard())
    paste(window, "deal")
    assert "deal 123" in window.conversation.notice.text.text()
    assert window.record.record is None


# --- the note of the source ---


def test_a_portal_that_lists_in_part_says_so_once_in_a_run(opened: Open, qtbot: QtBot) -> None:
    store = Store(None)
    window = opened(Heard(absent=frozenset({LIST.lower()})), store)
    note = window.dialogues.note
    qtbot.waitUntil(note.isVisible, timeout=PATIENCE)
    assert note.text.text().startswith("This portal cannot list all sessions.")
    assert "opens by its id or link" in note.toolTip()
    QTest.mouseClick(note.cross, Qt.MouseButton.LeftButton)
    again = opened(Heard(absent=frozenset({LIST.lower()})), store)
    assert not again.dialogues.note.isVisible()


# --- keys ---


def test_the_filter_is_a_key_away(opened: Open) -> None:
    window = opened(Heard())
    for key, modifier in ((Qt.Key.Key_L, CONTROL), (Qt.Key.Key_Slash, Qt.KeyboardModifier.NoModifier)):
        window.toolbar.again.setFocus()
        QTest.keyClick(window.toolbar.again, key, modifier)
        assert window.dialogues.field.hasFocus()
    QTest.keyClicks(window.dialogues.field, "a/b")
    assert window.dialogues.field.text() == "a/b"


def test_in_a_narrow_window_the_key_shows_the_list_and_hides_it_again(opened: Open, qtbot: QtBot) -> None:
    window = opened(Heard())
    window.resize(800, 600)
    qtbot.waitUntil(lambda: not window.dialogues.isVisible())
    QTest.keyClick(window, Qt.Key.Key_L, CONTROL)
    assert window.dialogues.isVisible()
    assert window.dialogues.field.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_L, CONTROL)
    assert not window.dialogues.isVisible()
