"""Marks: they lie on what is drawn, and the core finds the same texts as the window draws."""

from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Event

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.bitrix import Pace, Portal, Webhook, embedded
from viewer.chat import Button, Delivery, Message, Reference, ReferenceKind, SystemLines, Transcript, rows
from viewer.demo import DemoPortal
from viewer.library import open_dialogue
from viewer.library.finding import Query, find, folding, matcher
from viewer.library.shown import Texts
from viewer.ui.theme import theme
from viewer.ui.transcript import TranscriptView
from viewer.ui.transcript.elements import Label
from viewer.ui.transcript.marks import Marks, seekable
from viewer.ui.transcript.patterns import expression
from viewer.ui.transcript.stage import message_ids

from .talk import BOT, CLIENT, OPERATOR, PAPER, PICTURE, SYSTEM, conversation, long, message


def look_for(view: TranscriptView, query: Query, current: tuple[int, int] = (0, 0)) -> Marks:
    context = view.stage.context
    texts = Texts(context.transcript, context.base, context.names)
    listed = find(view.stage.rows, query, texts, expression)
    spans = matcher(query, expression) if query.text else None
    marks = Marks(spans, {each.message_id: each for each in listed}, current)
    view.set_marks(marks)
    return marks


def settle(view: TranscriptView) -> QImage:
    view.lay_out()
    view.viewport().repaint()
    QApplication.processEvents()
    return view.viewport().grab().toImage()


def ground(image: QImage, color: QColor) -> QRect:
    """What is drawn in a colour."""
    spots = [(x, y) for y in range(image.height()) for x in range(image.width()) if image.pixelColor(x, y) == color]
    if not spots:
        return QRect()
    xs, ys = [x for x, _y in spots], [y for _x, y in spots]
    return QRect(min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1)


def test_the_mark_lies_on_the_words(view: TranscriptView) -> None:
    view.set_rows(*conversation(message(1, CLIENT, "😀 Ещё 🙏 чай и чай")))
    settle(view)
    look_for(view, Query("чай"), (1, 0))
    row = view.stage.row_of(1)
    assert row is not None
    shown = view.stage.shown_row(row)
    assert shown is not None
    text = seekable(shown.layout)[0]
    image = settle(view)
    for number, color in ((0, theme("light").hit_cur), (1, theme("light").hit)):
        start, end = matcher(Query("чай"), expression)(text.text)[number]
        wanted = text.spot(start, end).translated(0, shown.y)
        drawn = ground(image, color)
        assert abs(drawn.left() - wanted.left()) <= 2
        assert abs(drawn.right() - wanted.right()) <= 3
        assert wanted.top() - 2 <= drawn.top() < drawn.bottom() <= wanted.bottom() + 2
    view.set_marks(None)
    assert ground(settle(view), theme("light").hit).isEmpty()


def test_what_has_no_letters_is_framed(view: TranscriptView) -> None:
    view.set_rows(
        *conversation(
            message(1, CLIENT, "x", file_ids=(1, 5)), message(2, BOT, "y", buttons=(Button("Обмен"),)),
            files=(PICTURE, PAPER),
        )
    )  # fmt: skip
    settle(view)
    for query, current in ((Query("акт"), (1, 0)), (Query("обмен"), (2, 0)), (Query(kinds=frozenset()), (0, 0))):
        look_for(view, query, current)
        assert ground(settle(view), theme("light").hit_cur).isEmpty() == query.empty


def test_words_of_labels_can_be_marked_and_taken(view: TranscriptView) -> None:
    label = Label("Лисёнок спит", "secondary", "text")
    label.measure(400, view.stage.context)
    label.place(10, 10)
    spot = label.spot(8, 12)
    assert label.offset_at(spot.center()) in (9, 10)
    assert label.words(8, 12) == "спит"
    assert label.offset_at(spot.topRight() + spot.topRight()) == label.length


def test_a_hit_in_folded_lines_unfolds_them(view: TranscriptView) -> None:
    view.set_rows(*conversation(message(1, CLIENT, "чай"), *SYSTEM))
    settle(view)
    marks = look_for(view, Query("line 203"), (203, 0))
    view.show_mark()
    settle(view)
    row = view.stage.row_of(203)
    assert row is not None
    assert isinstance(view.stage.rows[row], SystemLines)
    layout = view.stage.layout(row)
    assert marks.spot(view.stage.rows[row], layout) == layout.elements[2].spot(7, 15)


def test_ticks_stand_where_the_hits_are(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_rows(*long(1000, lambda number: "чай" if number in (1, 500, 1000) else "кофе"))
    settle(view)
    look_for(view, Query("чай"), (500, 0))
    qtbot.waitUntil(lambda: len(view.bar.places) == 3)
    first, middle, last = view.bar.places
    assert first < 0.02 < 0.4 < middle < 0.6 < 0.97 < last <= 1
    assert view.bar.current == middle
    image = view.bar.grab().toImage()
    spot = image.pixelColor(view.bar.width() // 2, round(middle * (view.bar.height() - 2)))
    assert spot == theme("light").hit_cur
    view.show_mark()
    settle(view)
    assert view.stage.shown_row(view.stage.row_of(500) or 0) is not None
    view.set_marks(None)
    qtbot.waitUntil(lambda: not view.bar.places)


def test_places_are_kept_to_go_back_to(view: TranscriptView) -> None:
    view.set_rows(*long(500))
    view.scroll_by(700)
    settle(view)
    before = view.stage.anchor
    view.show_message(300)
    settle(view)
    view.show_message(400)
    settle(view)
    assert view.go_back()
    settle(view)
    assert abs(view.stage.anchor[0] - (view.stage.row_of(300) or 0)) < 12
    assert view.go_back()
    settle(view)
    assert view.stage.anchor == before
    assert not view.go_back()


@pytest.fixture(scope="module")
def portal() -> Iterator[tuple[Portal, list[int]]]:
    demo = DemoPortal(limits=False, big=20, today=datetime.now(UTC).date())
    pace = Pace(rate=5000, burst=5000, wait=lambda _seconds, _cancel: None)
    made = Portal(Webhook.parse(demo.WEBHOOK), transport=embedded(demo.respond), pace=pace)
    yield made, [321, 343, 288, 154]
    made.close()


def test_the_core_finds_what_the_window_draws(view: TranscriptView, portal: tuple[Portal, list[int]]) -> None:
    """All kinds of rows, cards and files of the demo portal: the same texts in the same order."""
    view.set_base("https://zerno.bitrix24.example")
    compared = 0
    for number in portal[1]:
        transcript = Transcript()
        for batch in open_dialogue(portal[0], Reference(ReferenceKind.SESSION, str(number)), cancel=Event()):
            transcript = transcript.with_batch(batch)
        view.set_rows(rows(transcript), transcript)
        settle(view)
        texts = Texts(transcript, view.stage.context.base, view.stage.context.names)
        by_id = {each.id: each for each in transcript.messages}
        for row, item in enumerate(view.stage.rows):
            shown = [by_id[each] for each in message_ids(item)]
            if isinstance(item, SystemLines) and len(shown) > 1:
                continue
            drawn = [plain(element.text) for element in seekable(view.stage.layout(row))]
            told = [plain(text) for each in shown for text in texts(each).texts]
            assert list(filter(None, drawn))[: len(told)] == told
            assert len(drawn) <= len(told) + pending(shown)
            compared += len(told)
    assert compared > 100


def pending(shown: list[Message]) -> int:
    """A line of the program's own under a message that is being delivered."""
    return sum(each.delivery is Delivery.PENDING for each in shown)


def plain(text: str) -> str:
    return " ".join(folding(text, case=True).text.split())


def test_an_answer_quotes_and_both_are_found(view: TranscriptView) -> None:
    view.set_rows(*conversation(message(1, CLIENT, "где чай?"), message(2, OPERATOR, "чай в пути", reply_to=1)))
    settle(view)
    marks = look_for(view, Query("чай"), (2, 1))
    row = view.stage.row_of(2) or 0
    layout = view.stage.layout(row)
    assert marks.found[2].count == 2
    assert marks.spot(view.stage.rows[row], layout) == seekable(layout)[1].spot(0, 3)
