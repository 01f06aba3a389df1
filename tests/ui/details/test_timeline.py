"""The strip of a session: what is near, words, keys, clicks."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.ui.opened import Open, demo, window
from viewer.chat import Message, MessageRow, Person, Side, course
from viewer.ui.details.timeline import Timeline
from viewer.ui.theme import theme

__all__ = ["demo", "window"]

START = datetime(2026, 3, 11, 13, 0, tzinfo=UTC)
CLIENT, OPERATOR = Person(1, "Anna", Side.CLIENT), Person(2, "Paul", Side.OPERATOR)
NORM = timedelta(minutes=10)


def row(number: int, author: Person, minutes: float, waited: float = 0, asked: int = 0) -> MessageRow:
    message = Message(number, 1, author.id, START + timedelta(minutes=minutes), "text")
    return MessageRow(message, author, waited=timedelta(minutes=waited) if asked else None, asked=asked)


@pytest.fixture
def strip(qtbot: QtBot) -> Timeline:
    ran = course([row(1, CLIENT, 0), row(2, OPERATOR, 20, 20, 1), row(3, CLIENT, 30), row(4, CLIENT, 600)])
    made = Timeline(ran, theme("light"), NORM)
    qtbot.addWidget(made)
    made.resize(300, made.sizeHint().height())
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_a_click_near_a_message_asks_for_it(strip: Timeline, qtbot: QtBot) -> None:
    with qtbot.waitSignal(strip.message_requested) as asked:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(8, 20))
    assert asked.args == [1]
    with qtbot.waitSignal(strip.message_requested) as asked:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(292, 20))
    assert asked.args == [4]
    with qtbot.assertNotEmitted(strip.message_requested):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(200, 20))


def test_the_keyboard_walks_it(strip: Timeline, qtbot: QtBot) -> None:
    strip.setFocus()
    assert strip.accessibleName() == "Course of the session, 4 messages"
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert strip.accessibleDescription() == "13:00, Anna"
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert strip.accessibleDescription() == "13:20, Paul, answered after 20 min"
    with qtbot.waitSignal(strip.message_requested) as asked:
        qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert asked.args == [2]
    qtbot.keyClick(strip, Qt.Key.Key_End)
    assert strip.accessibleDescription() == "23:00, Anna"
    qtbot.keyClick(strip, Qt.Key.Key_Home)
    assert strip.accessibleDescription() == "13:00, Anna"


def test_sides_waits_and_pauses_are_drawn(strip: Timeline) -> None:
    image = strip.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    look = theme("light")
    colors = {f"#{dot & 0xFFFFFF:06x}" for dot in set(memoryview(image.constBits()).cast("I"))}
    for color in (look.text2, look.accent, look.amber, look.line_strong):
        assert color.name() in colors


def test_in_the_window_it_leads_to_the_message(window: Open, qtbot: QtBot) -> None:
    shown = window("321")
    shown.resize(1440, 900)
    (strip,) = shown.details.findChildren(Timeline)
    last = shown.desk.transcript.messages[-3]
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_End)
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    view = shown.conversation.view
    assert view.lit >= 0
    assert view.current_message() >= last.id


def test_what_stands_on_one_pixel_is_drawn_once_and_still_found(qtbot: QtBot) -> None:
    ran = course([row(number, CLIENT if number % 2 else OPERATOR, number / 60) for number in range(1, 5001)])
    made = Timeline(ran, theme("light"), NORM)
    qtbot.addWidget(made)
    for width in (600, 300):
        made.resize(width, made.sizeHint().height())
        made.grab()
        assert width < len(made._strokes) <= 2 * width
    found = made.moment_at(150)
    assert found is not None
    nearest = min(ran.moments, key=lambda each: abs(each.at - 0.5))
    assert abs(found.message.id - nearest.message.id) <= 1
    assert [made.moment_at(x) for x in (-20, 320)] == [None, None]
