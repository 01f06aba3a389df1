"""The view on a screen: mouse, keys, links, pictures, folding."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QApplication
from pytestqt.qtbot import QtBot

from viewer.chat import Aside, Delivery, MessageKind, MessageRow, Reaction, SystemLines
from viewer.ui.theme import theme
from viewer.ui.transcript import TranscriptView
from viewer.ui.transcript.above import Reach, put_above
from viewer.ui.transcript.hits import Act, Hit

from .talk import BOT, CLIENT, END, OPERATOR, PAPER, PICTURE, SYSTEM, conversation, long, message

Open = Callable[..., TranscriptView]


def _settle(view: TranscriptView) -> None:
    view.lay_out()
    view.viewport().repaint()
    QApplication.processEvents()


def _spot(view: TranscriptView, wanted: Hit) -> QPoint:
    """A point of the viewport where `wanted` is met."""
    size = view.viewport().size()
    for y in range(0, size.height(), 4):
        for x in range(0, size.width(), 6):
            if view.hit_at(QPointF(x, y)) == wanted:
                return QPoint(x, y)
    raise AssertionError(f"{wanted} is not on screen")


def _click(qtbot: QtBot, view: TranscriptView, wanted: Hit) -> None:
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=_spot(view, wanted))


def test_every_kind_of_row_is_drawn(view: TranscriptView) -> None:
    rows, transcript = conversation(
        message(1, CLIENT, "[b]Hello[/b] https://example.org", file_ids=(1,), reactions=(Reaction("like", (7,), 1),)),
        *SYSTEM,
        message(300, BOT, "Choose"),
        message(301, OPERATOR, "", deleted=True),
        message(302, OPERATOR, "Sorry", minute=12, reply_to=1, edited=True, delivery=Delivery.FAILED),
        message(303, CLIENT, kind=MessageKind.UNKNOWN, problem="A sticker"),
        message(304, OPERATOR, "[code]x = 1[/code]", file_ids=(5, 999)),
        message(305, CLIENT, "🙏"),
        END,
        files=(PICTURE, PAPER),
    )
    view.resize(780, 1600)
    view.set_rows(rows, transcript)
    _settle(view)
    image = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    colors = {f"#{dot & 0xFFFFFF:06x}" for dot in set(memoryview(image.constBits()).cast("I"))}
    look = theme("light")
    for token in (look.canvas, look.client, look.operator, look.bot, look.amber):
        assert token.name() in colors
    view.set_theme(theme("dark"))
    assert view.viewport().grab().toImage().pixelColor(3, 900) == theme("dark").canvas


def test_a_hundred_thousand_rows_lay_out_only_what_is_seen(view: TranscriptView) -> None:
    view.set_rows(*long(100_000))
    _settle(view)
    assert view.stage.laid < 25
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    _settle(view)
    assert view.stage.laid < 60
    assert abs(view.stage.shown[0].row - 50_000) < 5_000


def test_a_resize_keeps_the_row_under_the_eye(view: TranscriptView) -> None:
    view.set_rows(*long(2000))
    view.show_message(1000)
    _settle(view)
    row, offset = view.stage.anchor
    for width in (520, 1100, 780):
        view.resize(width, 600)
        _settle(view)
        assert view.stage.anchor[0] == row
    assert view.stage.anchor[1] == pytest.approx(offset, abs=2)


def test_rows_before_keep_the_view_still(view: TranscriptView) -> None:
    rows, transcript = long(600)
    view.set_rows(rows[300:], transcript)
    view.scroll_by(2000)
    _settle(view)
    before = view.viewport().grab().toImage()
    view.prepend_rows(rows[:300])
    _settle(view)
    after = view.viewport().grab().toImage()
    below = 80  # the bar and the day that are pinned belong to rows that were not there
    assert before.copy(0, below, 700, 500) == after.copy(0, below, 700, 500)


def test_rows_after_leave_the_place(view: TranscriptView) -> None:
    rows, transcript = long(600)
    view.set_rows(rows[:300], transcript)
    view.scroll_by(900)
    _settle(view)
    anchor = view.stage.anchor
    view.extend_rows(rows[300:], transcript)
    _settle(view)
    assert view.stage.anchor == anchor
    assert view.stage.row_of(600) == len(rows) - 1


def test_folded_lines_open_and_close_by_click(qtbot: QtBot, view: TranscriptView) -> None:
    rows, transcript = conversation(message(1, CLIENT, "Hello"), *SYSTEM)
    view.set_rows(rows, transcript)
    _settle(view)
    row = next(index for index, row in enumerate(rows) if isinstance(row, SystemLines))
    folded = view.stage.layout(row).height
    _click(qtbot, view, Hit(Act.FOLD, 201, "Unfold"))
    _settle(view)
    assert view.stage.layout(row).height > folded + 40
    _click(qtbot, view, Hit(Act.FOLD, 201, "Fold"))
    _settle(view)
    assert view.stage.layout(row).height == folded


def test_a_link_is_told_and_named(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_rows(*conversation(message(1, CLIENT, "See [url=https://example.org/a]this[/url] now")))
    _settle(view)
    hit = Hit(Act.LINK, "https://example.org/a", "https://example.org/a")
    with qtbot.waitSignal(view.link_activated) as told:
        _click(qtbot, view, hit)
    assert told.args == ["https://example.org/a"]
    qtbot.mouseMove(view.viewport(), _spot(view, hit))
    assert view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor


def test_files_sessions_and_fallbacks_are_told(qtbot: QtBot, view: TranscriptView) -> None:
    unknown = message(3, CLIENT, kind=MessageKind.UNKNOWN, problem="A sticker")
    rows = conversation(
        message(1, CLIENT, "[CHAT=imol|288]old[/CHAT]"), message(2, CLIENT, file_ids=(5,)), unknown, files=(PAPER,)
    )
    view.set_rows(*rows)
    _settle(view)
    with qtbot.waitSignal(view.session_requested) as session:
        _click(qtbot, view, Hit(Act.LINK, "olv:session/288"))
    assert session.args == [288]
    with qtbot.waitSignal(view.file_activated) as file:
        _click(qtbot, view, Hit(Act.FILE, 5, PAPER.name))
    assert file.args == [5]
    with qtbot.waitSignal(view.link_activated) as raw:
        _click(qtbot, view, Hit(Act.LINK, "olv:raw/3"))
    assert raw.args == ["olv:raw/3"]
    with qtbot.waitSignal(view.session_menu) as menu:
        _click(qtbot, view, Hit(Act.MENU, 321, "Session"))
    assert menu.args[0] == 321


def test_a_reply_leads_to_its_original(qtbot: QtBot, view: TranscriptView) -> None:
    rows, transcript = long(300)
    answer = message(301, OPERATOR, "Here", minute=400, reply_to=20)
    rows, transcript = conversation(*transcript.messages, answer)
    view.set_rows(rows, transcript)
    view.scroll_to_end()
    _settle(view)
    _click(qtbot, view, Hit(Act.JUMP, 20, "Go to the message"))
    _settle(view)
    original = view.stage.shown_row(view.stage.row_of(20) or 0)
    assert original is not None
    assert original.y == pytest.approx(200, abs=1)
    assert view.lit == original.row
    qtbot.waitUntil(lambda: view.lit == -1, timeout=3000)


def test_a_message_that_is_not_here_is_asked_for(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_rows(*conversation(message(30, OPERATOR, "Here", reply_to=20)))
    _settle(view)
    assert not view.show_message(20)
    with qtbot.waitSignal(view.link_activated) as told:
        _click(qtbot, view, Hit(Act.JUMP, 20, "Go to the message"))
    assert told.args == ["olv:message/chat1763/20"]


def test_pictures_are_asked_for_when_they_are_seen(qtbot: QtBot, view: TranscriptView) -> None:
    _, transcript = long(300)
    picture = message(301, CLIENT, file_ids=(1,), minute=400)
    view.set_rows(*conversation(*transcript.messages, picture, files=(PICTURE,)))
    asked: list[tuple[int, QSize]] = []
    view.picture_needed.connect(lambda number, size: asked.append((number, size)))
    _settle(view)
    view.scroll_by(1000)
    _settle(view)
    assert asked == []
    view.scroll_to_end()
    _settle(view)
    qtbot.waitUntil(lambda: bool(asked))
    assert asked[0][0] == 1
    assert asked[0][1].width() == pytest.approx(320 * view.devicePixelRatioF(), abs=2)
    image = QImage(320, 240, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff00ff"))
    view.set_picture(1, image)
    seen = view.viewport().grab().toImage()
    assert any(seen.pixelColor(x, y) == QColor("#ff00ff") for x in range(0, 760, 20) for y in range(0, 600, 20))
    view.viewport().repaint()
    QApplication.processEvents()
    assert len(asked) == 1


def test_a_picture_that_failed_says_why_and_can_be_tried_again(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_rows(*conversation(message(1, CLIENT, file_ids=(1,)), files=(PICTURE,)))
    asked: list[int] = []
    view.picture_needed.connect(lambda number, _size: asked.append(number))
    _settle(view)
    qtbot.waitUntil(lambda: asked == [1])
    view.set_picture_failed(1, "No right to the file")
    _settle(view)
    with qtbot.waitSignal(view.retry_file) as told:
        _click(qtbot, view, Hit(Act.RETRY, 1, "cup.jpg\nNo right to the file"))
    assert told.args == [1]
    qtbot.waitUntil(lambda: asked == [1, 1])


def test_keys_scroll_and_zoom(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_rows(*long(300))
    _settle(view)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    _settle(view)
    assert view.stage.value == pytest.approx(48)
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    _settle(view)
    assert view.stage.value > 400
    qtbot.keyClick(view, Qt.Key.Key_End)
    _settle(view)
    assert view.stage.at_end
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    qtbot.keyClick(view, Qt.Key.Key_Home)
    _settle(view)
    assert view.stage.anchor == (0, 0.0)
    with qtbot.waitSignal(view.zoom_changed) as zoom:
        qtbot.keyClick(view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert zoom.args == [110]
    qtbot.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == 100
    view.set_zoom(500)
    assert view.zoom == 200


def test_the_keyboard_walks_the_messages_and_opens_them(qtbot: QtBot, view: TranscriptView) -> None:
    rows, transcript = conversation(message(1, CLIENT, "Hello"), *SYSTEM, message(4, OPERATOR, "Hi", minute=12))
    view.set_rows(rows, transcript)
    _settle(view)
    assert view.keyboard.step(forward=True)
    seen = [view.focused]
    while view.keyboard.step(forward=True):
        seen.append(view.focused)
    assert seen == list(range(len(rows)))
    row = next(index for index, item in enumerate(rows) if isinstance(item, SystemLines))
    view.focus_row(row)
    assert view.describe(row) == "3 system messages · 13:09"
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert view.stage.context.unfolded == {201}
    view.focus_row(len(rows) - 1)
    assert view.describe(view.focused) == "Operator Павел Кремнёв, 13:21, Hi, answered after 12 min, over the norm"
    assert view.current_message() == 4


def test_text_of_a_message_is_marked_and_copied(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_rows(*conversation(message(1, CLIENT, "Hello wonderful world")))
    _settle(view)
    shown = view.stage.shown[-1]
    part = shown.layout.texts()[0]
    spot = QPoint(int(part.rect.x()), int(shown.y + part.rect.center().y()))
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.mouseMove(view.viewport(), spot + QPoint(20, 0))
    qtbot.mouseMove(view.viewport(), spot + QPoint(600, 0))
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=spot + QPoint(600, 0))
    assert view.pointer.selected_text() == "Hello wonderful world"
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Hello wonderful world"
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot + QPoint(4, 0))
    assert view.pointer.selected_text() == "Hello"
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.selection is None


def test_the_session_and_the_day_stay_at_the_top(view: TranscriptView) -> None:
    view.set_rows(*long(300))
    _settle(view)
    assert view.pins == (None, None)
    view.scroll_by(1500)
    _settle(view)
    bar, day = view.pins
    assert bar is not None
    assert day is not None
    assert bar.top == 6
    assert day.top == bar.bottom + 6
    assert view.hit_at(QPointF(view.viewport().width() - 28, 20)) == Hit(Act.MENU, 321, "Session")


def test_the_start_is_told_once(view: TranscriptView) -> None:
    told: list[bool] = []
    view.top_reached.connect(lambda: told.append(True))
    view.set_rows(*long(300))
    _settle(view)
    view.viewport().repaint()
    assert told == [True]
    view.scroll_by(900)
    _settle(view)
    view.scroll_to_start()
    _settle(view)
    assert told == [True, True]


def test_a_wide_word_breaks_and_nothing_leaves_its_column(view: TranscriptView) -> None:
    word = "x" * 4000
    rows, transcript = conversation(message(1, CLIENT, word), message(2, OPERATOR, f"https://example.org/{word}"))
    for width in (480, 780, 1200):
        view.resize(width, 600)
        view.set_rows(rows, transcript)
        _settle(view)
        for index, row in enumerate(rows):
            if isinstance(row, MessageRow):
                outline = view.stage.layout(index).outline
                assert outline.left() >= 76
                assert outline.right() <= view.viewport().width()


def test_clear_shows_nothing(view: TranscriptView) -> None:
    view.set_rows(*long(30))
    _settle(view)
    view.clear()
    _settle(view)
    assert view.stage.shown == []
    assert view.current_message() == 0


def test_rows_above_a_short_conversation_leave_it_where_it_is(view: TranscriptView) -> None:
    rows, transcript = long(40)
    view.set_rows(rows[-4:], transcript)
    _settle(view)
    before = {shown.row: shown.y for shown in view.stage.shown}
    empty = view.stage.empty(view.stage.shown[-1].y + view.stage.shown[-1].layout.height)
    assert empty > 100
    put_above(view, rows, transcript)
    _settle(view)
    after = {shown.row - len(rows) + 4: shown.y for shown in view.stage.shown}
    assert before.items() <= after.items()
    assert view.stage.blank == pytest.approx(empty)
    view.scroll_by(-60)
    _settle(view)
    assert view.stage.blank == pytest.approx(empty - 60)
    view.scroll_by(200)
    _settle(view)
    assert view.stage.empty(view.stage.shown[-1].y + view.stage.shown[-1].layout.height) <= empty - 60
    view.scroll_to_end()
    _settle(view)
    assert view.stage.blank == 0
    assert view.stage.at_end


def test_turning_the_wheel_up_at_the_top_asks_for_more(qtbot: QtBot, view: TranscriptView) -> None:
    asked: list[bool] = []
    reach = Reach(view)
    reach.reached.connect(lambda: asked.append(True))
    view.set_rows(*long(60))
    _settle(view)
    assert asked == []
    _wheel(view, -120)
    assert asked == []
    _wheel(view, 120)
    assert asked == [True]
    _wheel(view, 120, Qt.KeyboardModifier.ControlModifier)
    assert asked == [True]
    view.scroll_to_end()
    _settle(view)
    _wheel(view, 120)
    assert asked == [True]
    view.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)
    _settle(view)
    assert asked == [True, True]
    view.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderToMaximum)
    _settle(view)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    _settle(view)
    assert asked == [True, True]
    qtbot.keyClick(view, Qt.Key.Key_Home)
    _settle(view)
    assert asked == [True, True, True]


def _wheel(view: TranscriptView, turn: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    spot = QPointF(view.viewport().rect().center())
    place = view.viewport().mapToGlobal(spot)
    button, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(
        view.viewport(), QWheelEvent(spot, place, QPoint(), QPoint(0, turn), button, held, phase, False)
    )
    _settle(view)


def test_what_stands_in_the_place_of_messages_is_drawn_clicked_and_cut(qtbot: QtBot, view: TranscriptView) -> None:
    rows, transcript = long(30)
    asked: list[str] = []
    view.link_activated.connect(asked.append)
    long_why = "No right to this dialogue " * 30
    top = Aside("top", "Loading", icon="clock", links=(("Stop", "olv:past/stop"),))
    view.set_rows([top, Aside("session 5", long_why, "why", "lock"), *rows], transcript)
    _settle(view)
    _click(qtbot, view, Hit(Act.LINK, "olv:past/stop", "Stop"))
    assert asked == ["olv:past/stop"]
    view.focus_row(0)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert asked == ["olv:past/stop"] * 2
    assert view.describe(0) == "Loading"
    cut = view.stage.layout(1)
    assert cut.outline.right() <= view.stage.context.right + 6
    assert _spot(view, Hit(Act.NONE, long_why, "why"))
    assert view.stage.layout(0).height == cut.height
