"""The settings: one dialog, effective at once, through the keys and the mouse."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QSpinBox
from pytestqt.qtbot import QtBot

from tests.ui.opened import PATIENCE, Open, demo, window
from viewer import i18n
from viewer.chat import DayBreak, MessageRow
from viewer.ui import motion
from viewer.ui.prompts.settings import SettingsDialog
from viewer.ui.prompts.shortcuts import KEYS
from viewer.ui.window import MainWindow

__all__ = ["demo", "window"]


@pytest.fixture
def seen(window: Open) -> MainWindow:
    return window("321")


@pytest.fixture
def dialog(seen: MainWindow, qtbot: QtBot) -> SettingsDialog:
    QTest.keyClick(seen, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    made = seen.preferences.dialog
    assert made is not None
    qtbot.waitUntil(made.isVisible)
    qtbot.waitUntil(lambda: bool(made.held.text()), timeout=PATIENCE)
    return made


@pytest.fixture
def less_motion(qapp: QApplication) -> Iterator[None]:
    yield
    motion.use(qapp, "")


def choose(box: QComboBox, value: object) -> None:
    """Choose with the arrow keys."""
    wanted = box.findData(value)
    assert wanted >= 0
    box.setFocus()
    while box.currentIndex() != wanted:
        QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < wanted else Qt.Key.Key_Up)


def write(box: QSpinBox, number: int) -> None:
    """Write a number over the one that stands there."""
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, str(number))
    QTest.keyClick(box, Qt.Key.Key_Return)


def test_the_keys_are_in_the_sheet_and_the_menu(seen: MainWindow) -> None:
    assert ("Ctrl+,", "Settings") in KEYS
    (action,) = [each for each in seen.toolbar.gear.menu().actions() if each.text().startswith("Settings…")]
    action.trigger()
    assert seen.preferences.dialog is not None
    assert seen.preferences.dialog.isVisible()


def test_the_dialog_shows_what_holds_and_tells_nothing_by_opening(seen: MainWindow, dialog: SettingsDialog) -> None:
    before = seen.store.value
    assert (dialog.zoom.value(), dialog.norm.value(), dialog.cache_mb.value()) == (100, 10, 500)
    assert (dialog.zone.currentData(), dialog.days.currentData(), dialog.reopen.isChecked()) == ("mine", 56, True)
    assert dialog.folder.text() == "your documents"
    QTest.keyClick(dialog, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert not dialog.isVisible()
    assert seen.store.value == before


def test_the_text_the_density_and_the_norm_change_the_conversation_at_once(
    seen: MainWindow, dialog: SettingsDialog
) -> None:
    view = seen.conversation.view
    write(dialog.zoom, 150)
    assert (view.zoom, seen.store.value.zoom) == (150, 150)
    QTest.keyClick(view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert (dialog.zoom.value(), seen.store.value.zoom) == (160, 160)
    QTest.mouseClick(dialog.compact, Qt.MouseButton.LeftButton, pos=QPoint(8, dialog.compact.height() // 2))
    assert view.stage.context.compact
    assert seen.store.value.compact
    write(dialog.norm, 45)
    assert view.stage.context.norm == timedelta(minutes=45)
    assert seen.store.value.norm == 45


def test_a_number_out_of_bounds_is_not_taken(seen: MainWindow, dialog: SettingsDialog) -> None:
    write(dialog.zoom, 900)
    assert 80 <= seen.store.value.zoom <= 200
    assert seen.store.value.zoom == seen.conversation.view.zoom


def test_what_the_list_looks_back_is_one_setting(seen: MainWindow, dialog: SettingsDialog) -> None:
    choose(dialog.days, 14)
    assert seen.store.value.days == 14
    assert seen.dialogues.bar.period.text() == "2 weeks"
    seen.dialogues.look_back(30)
    assert dialog.days.currentData() == 30


def test_the_wheel_scrolls_over_a_field_that_is_not_in_focus(seen: MainWindow, dialog: SettingsDialog) -> None:
    dialog.zoom.clearFocus()
    middle = QPointF(dialog.zoom.rect().center())
    turn = QWheelEvent(
        middle, dialog.zoom.mapToGlobal(middle), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(dialog.zoom, turn)
    assert dialog.zoom.value() == 100


def test_the_zone_changes_every_time_in_sight_and_the_reader_stays(seen: MainWindow, dialog: SettingsDialog) -> None:
    view = seen.conversation.view
    message = seen.desk.transcript.messages[9]
    view.show_message(message.id)
    view.lay_out()
    i18n.use_zone("portal")
    top = view.current_message()
    for zone, name in (("utc", "UTC"), ("portal", "UTC+3"), ("mine", i18n.offset_name(message.date.astimezone()))):
        choose(dialog.zone, zone)
        view.lay_out()
        assert seen.store.value.zone == i18n.zone() == zone
        assert seen.status.zone.text() == f"Times: {name}"
        assert view.current_message() == top
        row = view.stage.row_of(message.id)
        assert row is not None
        assert i18n.clock(message.date) in view.describe(row)
        rows = seen.desk.rows
        days = [each.day for each in rows if isinstance(each, DayBreak)]
        assert days == sorted({i18n.day_of(each.message.date) for each in rows if isinstance(each, MessageRow)})
        assert i18n.moment(seen.desk.session.opened) in told(seen)  # type: ignore[union-attr, arg-type]


def told(window: MainWindow) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in window.details.findChildren(QLabel))


def test_the_files_that_are_kept_are_counted_and_forgotten(seen: MainWindow, qtbot: QtBot) -> None:
    cache = seen.desk.cache
    assert cache is not None
    cache.empty()
    cache.put(1, b"x" * 3_000_000)
    seen.preferences.open()
    dialog = seen.preferences.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.held.text() == "2.9 MB now", timeout=PATIENCE)
    QTest.mouseClick(dialog.empty, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.held.text() == "nothing now", timeout=PATIENCE)
    assert not dialog.empty.isEnabled()
    assert cache.get(1) is None
    cache.put(2, b"x" * 3_000_000)
    write(dialog.cache_mb, 0)
    qtbot.waitUntil(lambda: cache.limit == 0 and cache.held() == 0, timeout=PATIENCE)
    assert seen.store.value.cache_mb == 0


def test_the_folder_of_exports_is_chosen(seen: MainWindow, dialog: SettingsDialog, tmp_path: object) -> None:
    dialog.ask_folder = lambda: str(tmp_path)
    QTest.mouseClick(dialog.choose, Qt.MouseButton.LeftButton)
    assert seen.store.value.export_folder == dialog.folder.text() == str(tmp_path)
    dialog.ask_folder = lambda: ""  # the user changes his mind
    QTest.mouseClick(dialog.choose, Qt.MouseButton.LeftButton)
    assert seen.store.value.export_folder == str(tmp_path)


@pytest.mark.usefixtures("less_motion")
def test_nothing_runs_by_itself_where_motion_is_reduced(seen: MainWindow, dialog: SettingsDialog) -> None:
    assert not motion.reduced()
    choose(dialog.motion, "reduced")
    assert motion.reduced()
    assert not QApplication.isEffectEnabled(Qt.UIEffect.UI_AnimateMenu)
    seen.conversation.state.show_progress("Reading")
    seen.status.begin_work("Exporting", lambda: None)
    assert seen.conversation.state.bar.isHidden()
    assert seen.status.bar.isHidden()
    assert seen.status.work.text() == "Exporting"
    seen.status.advance(1, 4)  # a bar that only grows is shown
    assert not seen.status.bar.isHidden()
    seen.status.end_work()
    choose(dialog.motion, "")
    seen.conversation.state.show_progress("Reading")
    assert not seen.conversation.state.bar.isHidden()


def test_after_midnight_the_list_names_times_anew(seen: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []
    monkeypatch.setattr(seen.dialogues, "tell_times_anew", lambda: told.append(True))
    assert seen.dialogues.clock.isActive()
    seen.dialogues.clock.timeout.emit()
    assert told == []
    monkeypatch.setattr(i18n, "now", lambda: datetime.now(UTC) + timedelta(days=1))
    seen.dialogues.clock.timeout.emit()
    assert told == [True]
