"""Finding and jumping in the real window on the demo portal, with keys and mouse."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer import i18n, settings
from viewer.bitrix import Pace, Portal, Webhook, embedded
from viewer.demo import DemoPortal
from viewer.library.finding import Has, Kind, days
from viewer.library.sources import Source
from viewer.ui import theme as themes
from viewer.ui.calendar import Calendar, Day
from viewer.ui.desk import Desk
from viewer.ui.prompts.shortcuts import KEYS
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow

PATIENCE = 15_000
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def demo() -> DemoPortal:
    return DemoPortal(limits=False, big=300, today=datetime.now(UTC).date())


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, demo: DemoPortal) -> Iterator[MainWindow]:
    look = themes.theme("light")
    themes.apply(qapp, look)

    def portal() -> Portal:
        pace = Pace(rate=5000, burst=5000, wait=lambda _s, _c: None)
        return Portal(Webhook.parse(demo.WEBHOOK), transport=embedded(demo.respond), pace=pace)

    desk = Desk(Tasks())
    desk.use(Source("zerno#17", "Зерно и Ко", demo.HOST, portal))
    made = MainWindow(desk, settings.Store(None), look)
    qtbot.addWidget(made)
    made.resize(1280, 720)
    made.show()
    go(made, qtbot, "321")
    made.activateWindow()
    with qtbot.waitActive(made):
        pass
    made.conversation.view.setFocus()
    yield made
    assert desk.close()


def go(window: MainWindow, qtbot: QtBot, reference: str) -> None:
    with qtbot.waitSignal(window.desk.opened, timeout=PATIENCE):
        window.open_text(reference)


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifiers)


def told(window: MainWindow, qtbot: QtBot, count: str) -> None:
    qtbot.waitUntil(lambda: window.conversation.find_bar.count.text() == count, timeout=PATIENCE)


def write(window: MainWindow, text: str) -> None:
    """Type a word: what is in the field is chosen and gives way."""
    press(window, Qt.Key.Key_F, CONTROL)
    keys(window, text)


def keys(window: MainWindow, text: str) -> None:
    """Type as on a keyboard of any layout."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, ord(letter.upper()), Qt.KeyboardModifier.NoModifier, letter)
            QApplication.sendEvent(window.conversation.find_bar.field, event)


def current(window: MainWindow) -> tuple[int, int]:
    marks = window.conversation.view.marks
    assert marks is not None
    return marks.current


def test_find_next_previous_and_close(window: MainWindow, qtbot: QtBot) -> None:
    bar, view = window.conversation.find_bar, window.conversation.view
    assert not bar.isVisible()
    write(window, "доставк")
    assert bar.field.hasFocus()
    told(window, qtbot, "1 of 3")
    first = current(window)
    press(window, Qt.Key.Key_Return)
    told(window, qtbot, "2 of 3")
    assert current(window) != first
    press(window, Qt.Key.Key_F3)
    told(window, qtbot, "3 of 3")
    press(window, Qt.Key.Key_F3)
    told(window, qtbot, "1 of 3")
    press(window, Qt.Key.Key_F3, SHIFT)
    press(window, Qt.Key.Key_Return, SHIFT)
    told(window, qtbot, "2 of 3")
    qtbot.mouseClick(bar.later, Qt.MouseButton.LeftButton)
    told(window, qtbot, "3 of 3")
    anchor = view.stage.anchor
    press(window, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert view.marks is None
    assert view.hasFocus()
    view.lay_out()
    assert view.stage.anchor == anchor, "the reader stays where the hit is"
    press(window, Qt.Key.Key_F3)
    told(window, qtbot, "1 of 3")
    view.setFocus()
    press(window, Qt.Key.Key_Escape)
    assert not bar.isVisible(), "Escape closes it from the transcript too"


def test_toggles_and_wrong_expressions(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.conversation.find_bar
    write(window, "ДОСТАВК")
    told(window, qtbot, "1 of 3")
    qtbot.mouseClick(bar.case, Qt.MouseButton.LeftButton)
    told(window, qtbot, "Nothing found")
    assert not bar.later.isEnabled()
    qtbot.mouseClick(bar.case, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(bar.word, Qt.MouseButton.LeftButton)
    told(window, qtbot, "Nothing found")
    bar.word.setFocus()
    press(window, Qt.Key.Key_Space)
    told(window, qtbot, "1 of 3")
    qtbot.mouseClick(bar.regex, Qt.MouseButton.LeftButton)
    write(window, "(доставк")
    qtbot.waitUntil(lambda: bar.problem.text().startswith("Not a regular expression: wrong at"), timeout=PATIENCE)
    assert bar.problem.isVisible()
    assert bar.field.property("bad") is True
    assert window.conversation.view.marks is None
    keys(window, ")(а|и)")
    told(window, qtbot, "1 of 3")
    assert not bar.problem.isVisible()
    write(window, "(.+)+(.+)+(.+)+;$")
    qtbot.waitUntil(lambda: bool(bar.problem.text() or bar.count.text()), timeout=PATIENCE)


def test_filters_by_author_kind_and_what_is_carried(window: MainWindow, qtbot: QtBot) -> None:
    bar, view = window.conversation.find_bar, window.conversation.view
    write(window, "доставк")
    told(window, qtbot, "1 of 3")
    bar.choose(Kind.INTERNAL)
    told(window, qtbot, "1 of 1")
    assert "Internal notes and cards" in bar.filter.toolTip()
    bar.choose(Kind.INTERNAL, on=False)
    client = window.desk.transcript.client
    assert client is not None
    bar.choose(client.id)
    told(window, qtbot, "1 of 1")
    bar.clear_filter.trigger()
    told(window, qtbot, "1 of 3")
    bar.field.clear()
    bar.choose(Has.PICTURE)
    told(window, qtbot, "1 of 1")
    marked = view.marks
    row = view.stage.row_of(current(window)[0])
    assert marked is not None
    assert row is not None
    found = marked.of(view.stage.rows[row], view.stage.layout(row))
    assert found is not None
    assert found.whole is True


def test_the_menu_stays_open_while_choices_are_made(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.conversation.find_bar
    press(window, Qt.Key.Key_F, CONTROL)
    bar.menu.popup(bar.filter.mapToGlobal(QPoint(0, 30)))
    action = next(action for action in bar.menu.actions() if action.text() == "With a file")
    spot = bar.menu.actionGeometry(action).center()
    qtbot.mouseMove(bar.menu, spot)
    qtbot.mouseClick(bar.menu, Qt.MouseButton.LeftButton, pos=spot)
    assert action.isChecked()
    assert bar.menu.isVisible()
    QTest.keyClick(bar.menu, Qt.Key.Key_Space)
    assert not action.isChecked()
    assert bar.menu.isVisible()
    QTest.keyClick(bar.menu, Qt.Key.Key_Escape)
    assert not bar.menu.isVisible()


def test_back_to_where_the_reader_was(window: MainWindow, qtbot: QtBot) -> None:
    go(window, qtbot, "343")
    view = window.conversation.view
    view.scroll_by(900)
    view.lay_out()
    before = view.stage.anchor
    write(window, "still on its way")
    told(window, qtbot, "1 of 1")
    press(window, Qt.Key.Key_Escape)
    view.lay_out()
    assert view.stage.anchor != before
    press(window, Qt.Key.Key_Left, ALT)
    view.lay_out()
    assert view.stage.anchor == before


def test_another_dialogue_is_searched_anew(window: MainWindow, qtbot: QtBot) -> None:
    write(window, "доставк")
    told(window, qtbot, "1 of 3")
    go(window, qtbot, "343")
    qtbot.waitUntil(lambda: window.conversation.find_bar.count.text() not in ("", "1 of 3"), timeout=PATIENCE)
    ids = {each.id for each in window.desk.transcript.messages}
    marks = window.conversation.view.marks
    assert marks is None or set(marks.found) <= ids


def test_words_marked_by_mouse_are_looked_for(window: MainWindow, qtbot: QtBot) -> None:
    view = window.conversation.view
    write(window, "доставк")
    told(window, qtbot, "1 of 3")
    press(window, Qt.Key.Key_Escape)
    view.lay_out()
    row = view.stage.row_of(current_message(window, "Доставка тоже"))
    assert row is not None
    shown = view.stage.shown_row(row)
    assert shown is not None
    text = next(part for part in shown.layout.texts() if "Доставка" in part.text)
    at = text.text.index("тоже")
    spot = text.spot(at, at + 4).center()
    point = QPoint(round(spot.x()), round(spot.y() + shown.y))
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    press(window, Qt.Key.Key_F, CONTROL)
    assert window.conversation.find_bar.field.text() == "тоже"
    told(window, qtbot, "1 of 1")


def current_message(window: MainWindow, words: str) -> int:
    return next(each.id for each in window.desk.transcript.messages if words in each.text)


# --- days ---------------------------------------------------------------------------------------------------------


def test_go_to_a_day_and_back(window: MainWindow, qtbot: QtBot) -> None:
    go(window, qtbot, "343")
    view = window.conversation.view
    view.scroll_to_end()
    view.lay_out()
    before = view.stage.anchor
    known = days(view.stage.rows)
    press(window, Qt.Key.Key_G, CONTROL)
    calendar = window.finder.calendar
    assert calendar.isVisible()
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), Day), timeout=PATIENCE)
    QTest.keyClick(calendar, Qt.Key.Key_Home)
    assert calendar.current == min(known)
    QTest.keyClick(calendar, Qt.Key.Key_Return)
    view.lay_out()
    assert view.stage.row_of(known[min(known)][1]) == view.focused
    press(window, Qt.Key.Key_Left, ALT)
    view.lay_out()
    assert view.stage.anchor[0] == pytest.approx(before[0], abs=1)


FIRST = date(2026, 1, 30)
COUNTS = {FIRST: 3, date(2026, 2, 1): 1, date(2026, 2, 10): 5, date(2026, 4, 2): 2}


@pytest.fixture
def calendar(qtbot: QtBot) -> Calendar:
    made = Calendar(COUNTS, themes.theme("light"))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.open_at(QPoint(600, 100), date(2026, 2, 5))
    return made


def cell(calendar: Calendar, day: date) -> Day:
    return next(each for each in calendar.cells if each.day == day and each.text())


def test_only_days_with_messages_can_be_chosen(qtbot: QtBot, calendar: Calendar) -> None:
    assert calendar.title.text() == "February 2026"
    assert calendar.current == date(2026, 2, 1), "the nearest day before"
    assert [each.day.day for each in calendar.cells if each.isEnabled()] == [1, 10]
    assert cell(calendar, date(2026, 2, 10)).toolTip() == "Tuesday, 10 February 2026\n5 messages"
    assert "No messages" in cell(calendar, date(2026, 2, 11)).accessibleName()
    with qtbot.assertNotEmitted(calendar.chosen):
        qtbot.mouseClick(cell(calendar, date(2026, 2, 11)), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(calendar.chosen, check_params_cb=lambda day: day == date(2026, 2, 10)):
        qtbot.mouseClick(cell(calendar, date(2026, 2, 10)), Qt.MouseButton.LeftButton)
    assert not calendar.isVisible()


def test_keys_lead_from_day_to_day(calendar: Calendar) -> None:
    k = Qt.Key
    path = [
        (k.Key_Right, date(2026, 2, 10)), (k.Key_Up, date(2026, 2, 1)), (k.Key_Left, FIRST),
        (k.Key_Left, FIRST), (k.Key_Down, date(2026, 2, 10)), (k.Key_PageDown, date(2026, 4, 2)),
        (k.Key_PageUp, date(2026, 2, 10)), (k.Key_End, date(2026, 4, 2)), (k.Key_Home, FIRST),
    ]  # fmt: skip
    for key, day in path:
        QTest.keyClick(calendar, key)
        assert calendar.current == day
        assert calendar.title.text().endswith(str(day.year))
    QTest.keyClick(calendar, Qt.Key.Key_Escape)
    assert not calendar.isVisible()


def test_months_without_messages_are_passed_over(qtbot: QtBot, calendar: Calendar) -> None:
    qtbot.mouseClick(calendar.later, Qt.MouseButton.LeftButton)
    assert calendar.title.text() == "April 2026"
    assert not calendar.later.isEnabled()
    with qtbot.waitSignal(calendar.chosen, check_params_cb=lambda day: day == FIRST):
        qtbot.mouseClick(calendar.first, Qt.MouseButton.LeftButton)


def test_months_are_named_as_they_stand_alone(qtbot: QtBot) -> None:
    i18n.use("ru")
    made = Calendar({date(2026, 3, 1) + timedelta(days=1): 1}, themes.theme("dark"))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.open_at(QPoint(600, 100), None)
    assert made.title.text() == "Март 2026"
    made.close()


def test_the_sheet_names_the_keys() -> None:
    named = {QKeySequence(keys).toString() for keys, _words in KEYS}
    assert {"Ctrl+F", "F3", "Shift+F3", "Ctrl+G", "Alt+Left"} <= named
