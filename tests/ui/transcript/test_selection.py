"""Marking text as people expect of text: across messages, by mouse and by keyboard, and what reaches the clipboard."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.i18n import clock, short_date
from viewer.ui.transcript import TranscriptView
from viewer.ui.transcript.elements import Element

from .talk import CLIENT, OPERATOR, PICTURE, SYSTEM, conversation, long, message

LEFT, SHIFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def talk(view: TranscriptView) -> TranscriptView:
    rows, transcript = conversation(
        message(1, CLIENT, "First [b]bold[/b] words"),
        message(2, OPERATOR, "Second\nof two lines", minute=3),
        message(3, CLIENT, "Third <words>", minute=5),
    )
    view.set_rows(rows, transcript)
    _settle(view)
    return view


def _settle(view: TranscriptView) -> None:
    view.lay_out()
    view.viewport().repaint()
    QApplication.processEvents()


def _text(view: TranscriptView, message_id: int) -> tuple[QPoint, Element]:
    """The left end of the first line of a message, and the message's text."""
    row = view.stage.row_of(message_id)
    assert row is not None
    shown = view.stage.shown_row(row)
    assert shown is not None
    part = next(part for part in shown.layout.texts() if part.words(0, part.length).split()[0][0] in "FSTM")
    return QPoint(round(part.rect.left()), round(shown.y + part.rect.top()) + 9), part


def _drag(qtbot: QtBot, view: TranscriptView, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(view.viewport(), LEFT, pos=start)
    qtbot.mouseMove(view.viewport(), start + QPoint(6, 0))
    qtbot.mouseMove(view.viewport(), end)
    qtbot.mouseRelease(view.viewport(), LEFT, pos=end)


def _copied(qtbot: QtBot, view: TranscriptView) -> str:
    qtbot.keyClick(view, Qt.Key.Key_C, CTRL)
    return QGuiApplication.clipboard().text()


def _head(view: TranscriptView, message_id: int) -> str:
    found = view.stage.context.message(message_id)
    assert found is not None
    name = view.stage.context.transcript.author(found).name
    return f"{name}, {short_date(found.date)} {clock(found.date)}"


def test_a_drag_across_messages_marks_them_with_author_and_time(qtbot: QtBot, talk: TranscriptView) -> None:
    start, _first = _text(talk, 1)
    end, _third = _text(talk, 3)
    _drag(qtbot, talk, start, end + QPoint(400, 0))
    assert _copied(qtbot, talk) == (
        f"{_head(talk, 1)}\nFirst bold words\n\n"
        f"{_head(talk, 2)}\nSecond\nof two lines\n\n"
        f"{_head(talk, 3)}\nThird <words>"
    )
    html = QGuiApplication.clipboard().mimeData().html()
    assert f"<b>{_head(talk, 1)}</b>" in html
    assert "First <b>bold</b> words" in html or "First <strong>bold</strong> words" in html
    assert "Third &lt;words&gt;" in html


def test_backwards_is_the_same(qtbot: QtBot, talk: TranscriptView) -> None:
    start, _first = _text(talk, 1)
    end, _third = _text(talk, 3)
    _drag(qtbot, talk, end + QPoint(400, 0), start)
    assert _copied(qtbot, talk).startswith(f"{_head(talk, 1)}\nFirst bold words\n\n")


def test_a_part_of_each_end_is_taken(qtbot: QtBot, talk: TranscriptView) -> None:
    first, part = _text(talk, 1)
    second, _other = _text(talk, 2)
    middle = round(part.rect.width() / 2)
    _drag(qtbot, talk, first + QPoint(middle, 0), second + QPoint(0, 0))
    copied = talk.pointer.selected_text()
    assert copied
    assert "First" not in copied
    assert "bold words".endswith(copied.split("\n")[-1]) or "words" in copied
    assert "Second" not in copied


def test_one_message_gives_its_words_alone(qtbot: QtBot, talk: TranscriptView) -> None:
    start, _part = _text(talk, 1)
    _drag(qtbot, talk, start, start + QPoint(500, 0))
    assert _copied(qtbot, talk) == "First bold words"


def test_shift_and_a_click_mark_from_the_earlier_place(qtbot: QtBot, talk: TranscriptView) -> None:
    start, _first = _text(talk, 1)
    second, _second = _text(talk, 2)
    end, _third = _text(talk, 3)
    _drag(qtbot, talk, start, start + QPoint(20, 0))
    qtbot.mouseClick(talk.viewport(), LEFT, SHIFT, end + QPoint(400, 0))
    assert talk.pointer.selected_text().count("\n\n") == 2
    qtbot.mouseClick(talk.viewport(), LEFT, SHIFT, second + QPoint(400, 0))
    assert talk.pointer.selected_text().count("\n\n") == 1


def test_two_clicks_mark_a_word_and_three_the_message(qtbot: QtBot, talk: TranscriptView) -> None:
    spot, _part = _text(talk, 2)
    inside = spot + QPoint(6, 0)
    qtbot.mouseClick(talk.viewport(), LEFT, pos=inside)
    qtbot.mouseDClick(talk.viewport(), LEFT, pos=inside)
    assert talk.pointer.selected_text() == "Second"
    qtbot.mouseClick(talk.viewport(), LEFT, pos=inside)
    assert talk.pointer.selected_text() == "Second\nof two lines"
    qtbot.mouseClick(talk.viewport(), LEFT, pos=QPoint(3, talk.viewport().height() - 3))
    assert talk.selection is None


def test_all_is_marked_and_unmarked_by_keys(qtbot: QtBot, talk: TranscriptView) -> None:
    qtbot.keyClick(talk, Qt.Key.Key_A, CTRL)
    copied = _copied(qtbot, talk)
    for words in ("First bold words", "Second\nof two lines", "Third <words>"):
        assert words in copied
    qtbot.keyClick(talk, Qt.Key.Key_Escape)
    assert talk.selection is None


def test_the_keyboard_marks_message_after_message(qtbot: QtBot, talk: TranscriptView) -> None:
    row = talk.stage.row_of(1)
    assert row is not None
    talk.focus_row(row)
    qtbot.keyClick(talk, Qt.Key.Key_Down, SHIFT)
    assert talk.pointer.selected_text() == "First bold words"
    qtbot.keyClick(talk, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(talk, Qt.Key.Key_Down, SHIFT)
    assert talk.pointer.selected_text().endswith(f"{_head(talk, 3)}\nThird <words>")
    qtbot.keyClick(talk, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(talk, Qt.Key.Key_Up, SHIFT)
    assert talk.pointer.selected_text().count("\n\n") == 1
    assert talk.pointer.selected_text().endswith("of two lines")


def test_beyond_the_edge_it_scrolls_on(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_rows(*long(200))
    _settle(view)
    middle = QPoint(300, 300)
    edge = view.viewport().height()
    qtbot.mousePress(view.viewport(), LEFT, pos=middle)
    qtbot.mouseMove(view.viewport(), middle + QPoint(0, 40))
    before = view.stage.shown[0].row
    qtbot.mouseMove(view.viewport(), QPoint(300, edge + 50))
    qtbot.waitUntil(lambda: view.stage.shown[0].row > before + 3)
    qtbot.mouseRelease(view.viewport(), LEFT, pos=QPoint(300, edge + 50))
    assert view.selection is not None
    assert view.selection.cursor.row - view.selection.anchor.row > 3
    assert not view.pointer.pulling.isActive()


def test_more_than_is_laid_out_is_copied_whole(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_rows(*long(1000))
    _settle(view)
    laid = view.stage.laid
    qtbot.keyClick(view, Qt.Key.Key_A, CTRL)
    copied = _copied(qtbot, view)
    assert len(copied.split("\n\n")) >= 1000
    assert view.stage.laid < laid + 20


def test_files_and_lines_of_the_system_are_copied_by_name(qtbot: QtBot, view: TranscriptView) -> None:
    rows, transcript = conversation(*SYSTEM, message(300, CLIENT, "See", file_ids=(1,)), files=(PICTURE,))
    view.set_rows(rows, transcript)
    _settle(view)
    qtbot.keyClick(view, Qt.Key.Key_A, CTRL)
    assert PICTURE.name in _copied(qtbot, view)


def test_rows_that_come_above_move_what_is_marked(qtbot: QtBot, talk: TranscriptView) -> None:
    start, _part = _text(talk, 1)
    end, _third = _text(talk, 3)
    _drag(qtbot, talk, start, end + QPoint(400, 0))
    copied = talk.pointer.selected_text()
    earlier, _transcript = conversation(message(-5, CLIENT, "Earlier", minute=-9))
    talk.prepend_rows(earlier)
    _settle(talk)
    assert talk.pointer.selected_text() == copied
