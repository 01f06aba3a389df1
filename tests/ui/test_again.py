"""F5: the open dialogue is read again in its place."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.opened import PATIENCE, Open, demo, places, steady, window
from viewer.chat import MessageKind
from viewer.demo import DemoPortal, Fault
from viewer.ui.window import MainWindow

__all__ = ["demo", "window"]

HISTORY = "imopenlines.session.history.get"


def again(shown: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shown.desk.opened, timeout=PATIENCE):
        QTest.keyClick(shown.conversation.view, Qt.Key.Key_F5)


def sessions(shown: MainWindow) -> list[int]:
    return [each.id for each in shown.desk.transcript.sessions]


def test_the_place_and_the_earlier_sessions_stay(window: Open, qtbot: QtBot) -> None:
    shown = window("321")
    shown.past.load()
    qtbot.waitUntil(lambda: sessions(shown) == [288, 321] and not shown.past.busy, timeout=PATIENCE)
    view = shown.conversation.view
    for reference in (321, 288):
        shown.past.show(reference)
        view.scroll_by(150)
        before, count = places(shown), len(shown.desk.transcript.messages)
        assert len(before) > 2
        again(shown, qtbot)
        assert steady(before, places(shown))
        assert (sessions(shown), len(shown.desk.transcript.messages)) == ([288, 321], count)
        assert shown.conversation.notice.text.text() == "Nothing new was written."
        assert shown.desk.session is not None
        assert shown.desk.session.id == reference
        assert shown.details.rating.session_id == reference
    origins = [each.subject for each in shown.desk.transcript.origins]
    assert sorted(origins) == ["288", "321"], "each session once, as it was read last"


def test_what_came_and_what_went_is_seen(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window("321")
    (session,) = (each for each in demo.world.sessions.values() if each.id == 321)
    spoken = [each for each in shown.desk.transcript.messages if each.kind is MessageKind.TEXT]
    gone, kept = spoken[0], spoken[1]
    held = next(each for each in session.messages if each.id == gone.id)
    session.messages.remove(held)
    session.messages = [replace(each, text="Другие слова") if each.id == kept.id else each for each in session.messages]
    again(shown, qtbot)
    now = {each.id: each.text for each in shown.desk.transcript.messages}
    assert gone.id not in now
    assert now[kept.id] == "Другие слова"
    assert shown.conversation.notice.text.text() == "Nothing new was written."
    session.messages.insert(0, held)
    again(shown, qtbot)
    assert shown.conversation.notice.text.text() == "1 new message."
    assert [each.id for each in shown.desk.transcript.messages].count(gone.id) == 1


def test_a_failure_leaves_what_was_read(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window("321")
    before = shown.desk.transcript
    demo.fail(HISTORY, *[Fault.error(500, "INTERNAL_SERVER_ERROR")] * 8)
    demo.fail("imopenlines.dialog.get", *[Fault.error(500, "INTERNAL_SERVER_ERROR")] * 8)
    QTest.keyClick(shown.conversation.view, Qt.Key.Key_F5)
    notice = shown.conversation.notice
    qtbot.waitUntil(lambda: notice.isVisible() and bool(notice.text.text()), timeout=4 * PATIENCE)
    assert shown.desk.transcript.messages == before.messages
    assert shown.desk.complete
    assert shown.conversation.reads


def test_another_dialogue_drops_it(window: Open, qtbot: QtBot) -> None:
    shown = window("321")
    QTest.keyClick(shown.conversation.view, Qt.Key.Key_F5)
    with qtbot.waitSignal(shown.desk.opened, timeout=PATIENCE):
        shown.open_text("343")
    qtbot.wait(100)
    assert sessions(shown) == [343]
    assert {each.chat_id for each in shown.desk.transcript.messages} == {1777}


def test_it_can_be_stopped_and_done_again(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window("321")
    before = shown.desk.transcript.messages
    demo.fail(HISTORY, Fault.error(503, "QUERY_LIMIT_EXCEEDED"))
    QTest.keyClick(shown.conversation.view, Qt.Key.Key_F5)
    assert not shown.desk.complete
    shown.status.stop_asked.emit()
    assert shown.desk.complete
    qtbot.waitUntil(lambda: shown.desk.tasks.busy == 0, timeout=PATIENCE)
    assert shown.desk.transcript.messages == before
    again(shown, qtbot)
    assert shown.desk.transcript.messages == before
