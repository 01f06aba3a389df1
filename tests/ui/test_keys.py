"""The keys of the whole window: from pane to pane, and where the keyboard stands then."""

from datetime import UTC, datetime

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.opened import PATIENCE, Open, demo, window
from viewer.chat import Session
from viewer.ui.window import MainWindow

__all__ = ["demo", "window"]


def press(shown: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focus = shown.focusWidget() or shown
    QTest.keyClick(focus, key, modifier)


def opened(window: Open) -> MainWindow:
    shown = window("321")
    shown.resize(1440, 900)
    shown.dialogues.set_sessions([Session(321, 1763, opened=datetime.now(UTC))])
    return shown


def panes(shown: MainWindow) -> list[QWidget]:
    return [shown.toolbar.field, shown.dialogues.list, shown.conversation.view, shown.details.tabs]


def test_f6_goes_round_the_panes_and_back(window: Open, qtbot: QtBot) -> None:
    shown = opened(window)
    toolbar, rows, view, details = panes(shown)
    toolbar.setFocus()
    seen = []
    for _ in range(4):
        press(shown, Qt.Key.Key_F6)
        seen.append(shown.focusWidget())
    assert seen == [rows, view, details, toolbar]
    press(shown, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert shown.focusWidget() is details


def test_f6_counts_from_the_pane_that_holds_the_focus(window: Open, qtbot: QtBot) -> None:
    shown = opened(window)
    toolbar, rows, view, details = panes(shown)
    for inside, after in (
        (shown.toolbar.export_button, rows),
        (shown.dialogues.field, view),
        (shown.conversation.head.older, details),
        (shown.details.rating.comment, toolbar),
    ):
        inside.setFocus()
        press(shown, Qt.Key.Key_F6)
        assert shown.focusWidget() is after


def test_the_transcript_shows_where_the_keyboard_stands_as_soon_as_it_comes(window: Open, qtbot: QtBot) -> None:
    shown = opened(window)
    view = shown.conversation.view
    assert view.focused == -1
    shown.dialogues.list.setFocus()
    top = [(each.row, each.y) for each in view.stage.shown]
    press(shown, Qt.Key.Key_F6)
    assert view.focused == view.stage.shown[0].row
    assert view.ring
    assert [(each.row, each.y) for each in view.stage.shown] == top, "nothing moves"
    press(shown, Qt.Key.Key_Tab)
    second = view.focused
    press(shown, Qt.Key.Key_F6)
    assert not view.hasFocus()
    press(shown, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert view.hasFocus()
    assert (view.focused, view.ring) == (second, True)


def test_without_rows_f6_goes_to_the_filter(window: Open, qtbot: QtBot) -> None:
    shown = window("321")
    shown.resize(1440, 900)
    shown.toolbar.field.setFocus()
    press(shown, Qt.Key.Key_F6)
    assert shown.focusWidget() is shown.dialogues.field


def test_digits_are_stars_wherever_nothing_is_typed(window: Open, qtbot: QtBot) -> None:
    shown = opened(window)
    _toolbar, rows, view, details = panes(shown)
    stars = shown.details.rating.stars
    with qtbot.waitSignal(shown.desk.opened, timeout=PATIENCE):
        shown.open_text("321")
    qtbot.waitUntil(stars.isEnabled)
    shown.toolbar.panel_button.setChecked(False)
    for number, place in enumerate((rows, view, details), start=3):
        place.setFocus()
        QTest.keyClick(place, str(number))
        assert (stars.value(), shown.details.isVisible()) == (number, True)
        assert shown.focusWidget() is place, "the keyboard stays where it is"
    shown.dialogues.field.setFocus()
    QTest.keyClick(shown.dialogues.field, "2")
    assert (stars.value(), shown.dialogues.field.text()) == (5, "2")
    QTest.keyClick(rows, "4", Qt.KeyboardModifier.AltModifier)
    assert stars.value() == 5
    QTest.keyClick(view, "0")
    assert stars.value() == 0


def test_no_field_takes_the_keys_of_the_window(window: Open, qtbot: QtBot) -> None:
    shown = opened(window)
    shown.finder.open()
    fields = (shown.dialogues.field, shown.conversation.find_bar.field, shown.details.rating.comment)
    for field in fields:
        field.setFocus()
        QTest.keyClicks(field, "abc")
        QTest.keyClick(field, Qt.Key.Key_Home)
        QTest.keyClick(field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        assert shown.focusWidget() is shown.toolbar.field
        text = field.toPlainText() if isinstance(field, QPlainTextEdit | QTextEdit) else field.text()
        assert text == "abc", "nothing was deleted"
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(field, Qt.Key.Key_Delete)
    shown.toolbar.field.setFocus()
    QTest.keyClick(shown.toolbar.field, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(shown.exporter._dialog().isVisible)
    shown.exporter._dialog().close()


def test_what_was_asked_for_by_its_number_can_be_read_at_once(window: Open, qtbot: QtBot) -> None:
    shown = window("321")
    field, view = shown.toolbar.field, shown.conversation.view
    for more in ("", "34"):
        field.setFocus()
        QTest.keyClicks(field, "343")
        with qtbot.waitSignal(shown.desk.opened, timeout=PATIENCE):
            QTest.keyClick(field, Qt.Key.Key_Return)
            QTest.keyClicks(field, more)
        qtbot.wait(20)
        assert shown.focusWidget() is (field if more else view), "whoever types on is left alone"
        field.clear()


def test_the_page_of_details_shows_that_the_keyboard_scrolls_it(window: Open, qtbot: QtBot) -> None:
    shown = opened(window)
    shown.resize(1440, 600)
    page = shown.details.stack.currentWidget()
    assert isinstance(page, QScrollArea)
    inside = page.viewport().geometry()
    shown.details.tabs.setFocus()
    QTest.keyClick(shown.details.tabs, Qt.Key.Key_Tab)
    assert page.hasFocus()
    ring = page.findChild(QFrame, "focus-ring")
    assert isinstance(ring, QFrame)
    assert ring.isVisible()
    assert (ring.geometry(), page.viewport().geometry()) == (page.rect(), inside)
    QTest.keyClick(page, Qt.Key.Key_PageDown)
    assert page.verticalScrollBar().value() > 0
    QTest.keyClick(page, Qt.Key.Key_Tab)
    assert not ring.isVisible()
    page.verticalScrollBar().setValue(0)
    shown.dialogues.list.setFocus()
    QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert shown.dialogues.list.hasFocus()
