"""Earlier sessions in the real window on the demo portal: scrolled to with wheel and keys, still under the eye."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from viewer import settings
from viewer.bitrix import Pace, Portal, Webhook, embedded
from viewer.chat import Aside, MessageRow, SessionBar
from viewer.demo import DemoPortal, Fault
from viewer.library.drafts import Drafts
from viewer.library.sources import Source
from viewer.ui import theme as themes
from viewer.ui.desk import Desk
from viewer.ui.tasks import Tasks
from viewer.ui.transcript import TranscriptView
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.window import MainWindow

PATIENCE = 15_000
HISTORY, MESSAGES, LIST = (
    "imopenlines.session.history.get",
    "im.dialog.messages.get",
    "imopenlines.v2.session.list",
)
EIGHT = [41, 77, 102, 149, 203, 266, 311, 433]
Open = Callable[..., MainWindow]


@pytest.fixture
def demo() -> DemoPortal:
    return DemoPortal(limits=False, big=20, today=datetime.now(UTC).date())


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, demo: DemoPortal) -> Iterator[Open]:
    look = themes.theme("light")
    themes.apply(qapp, look)
    opened: list[MainWindow] = []

    def portal() -> Portal:
        pace = Pace(rate=500, burst=500, wait=lambda _s, _c: None)
        return Portal(Webhook.parse(demo.WEBHOOK), transport=embedded(demo.respond), pace=pace)

    def show(reference: str, *, listed: bool = True) -> MainWindow:
        desk = Desk(Tasks())
        desk.use(Source("demo#17", "Зерно и Ко", demo.HOST, portal))
        made = MainWindow(desk, settings.Store(None), look, Drafts(None))
        opened.append(made)
        qtbot.addWidget(made)
        made.show()
        if listed:
            with qtbot.waitSignal(desk.list_busy, timeout=PATIENCE, check_params_cb=lambda busy: not busy):
                made.start()
        with qtbot.waitSignal(desk.opened, timeout=PATIENCE):
            made.open_text(reference)
        qtbot.waitUntil(lambda: bool(made.conversation.view.stage.shown), timeout=PATIENCE)
        settle(made)
        demo.calls.clear()
        return made

    yield show
    for made in opened:
        made.close()


def settle(window: MainWindow) -> None:
    view = window.conversation.view
    for _turn in range(3):
        QApplication.processEvents()
        view.lay_out()


def wheel(window: MainWindow, steps: int = 1) -> None:
    """Turn the wheel up by so many notches, down for a negative number."""
    port = window.conversation.view.viewport()
    spot = QPointF(port.rect().center())
    for _step in range(abs(steps)):
        event = QWheelEvent(
            spot, port.mapToGlobal(spot), QPoint(), QPoint(0, 120 if steps > 0 else -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(port, event)
    settle(window)


def asked(demo: DemoPortal) -> list[str]:
    """The calls but those for pictures."""
    return [each for each in demo.calls if "file" not in each]


def sessions(window: MainWindow) -> list[int]:
    return [row.session.id for row in window.conversation.view.stage.rows if isinstance(row, SessionBar)]


def top(window: MainWindow) -> Aside:
    row = window.conversation.view.stage.rows[0]
    assert isinstance(row, Aside)
    return row


def places(view: TranscriptView) -> dict[int, float]:
    """Where the messages on screen stand."""
    rows = ((view.stage.rows[shown.row], shown.y) for shown in view.stage.shown)
    return {row.message.id: y for row, y in rows if isinstance(row, MessageRow)}


def still(before: dict[int, float], after: dict[int, float]) -> None:
    """Nothing that was on screen moved."""
    kept = before.keys() & after.keys()
    assert len(kept) >= len(before) - 1
    assert {number: after[number] for number in kept} == pytest.approx({number: before[number] for number in kept})


def loaded(window: MainWindow, qtbot: QtBot, number: int) -> None:
    qtbot.waitUntil(lambda: sessions(window)[0] == number and not window.past.busy, timeout=PATIENCE)
    settle(window)


def link(window: MainWindow, address: str) -> None:
    """Click a link above the first row."""
    view = window.conversation.view
    view.scroll_to_start()
    settle(window)
    words = next(words for words, target in top(window).links if target == address)
    layout = view.stage.layout(0)
    assert Hit(Act.LINK, address, words) in layout.actions()
    view.activate(Hit(Act.LINK, address, words), QPointF())


# --- scrolling up ---


def test_opening_asks_for_nothing_more(window: Open, demo: DemoPortal) -> None:
    shown = window("321")
    assert sessions(shown) == [321]
    assert top(shown).links == (("Show session 288", "olv:past/load"),)
    wheel(shown, -3)
    assert asked(demo) == []


def test_the_wheel_at_the_top_loads_the_session_before_and_nothing_moves(
    window: Open, qtbot: QtBot, demo: DemoPortal
) -> None:
    shown = window("321")
    view = shown.conversation.view
    before = places(view)
    wheel(shown)
    loaded(shown, qtbot, 288)
    assert asked(demo) == [HISTORY]
    still(before, places(view))
    wheel(shown, 20)
    loaded(shown, qtbot, 154)
    wheel(shown, 40)
    assert sessions(shown) == [154, 288, 321]
    assert top(shown).text == "The conversation begins here"
    assert asked(demo) == [HISTORY, HISTORY]
    wheel(shown, 5)
    assert asked(demo) == [HISTORY, HISTORY]


@pytest.mark.parametrize("key", [Qt.Key.Key_Home, Qt.Key.Key_Up, Qt.Key.Key_PageUp])
def test_so_do_the_keys(window: Open, qtbot: QtBot, key: Qt.Key) -> None:
    shown = window("321")
    qtbot.keyClick(shown.conversation.view, key)
    loaded(shown, qtbot, 288)


def test_what_is_marked_and_focused_stays_so(window: Open, qtbot: QtBot) -> None:
    shown = window("321")
    view = shown.conversation.view
    row = next(each.row for each in view.stage.shown if isinstance(view.stage.rows[each.row], MessageRow))
    part = view.stage.layout(row).texts()[0]
    place = next(each for each in view.stage.shown if each.row == row)
    spot = QPoint(int(part.rect.x() + 12), int(place.y + part.rect.y() + 8))
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    marked = view.pointer.selected_text()
    view.focus_row(row)
    message = view.current_message()
    assert marked
    assert message
    wheel(shown)
    loaded(shown, qtbot, 288)
    assert view.pointer.selected_text() == marked
    assert view.current_message() == message


def test_eight_sessions_one_after_the_other_whatever_lists_them(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window("433", listed=False)
    for at in range(len(EIGHT) - 2, -1, -1):
        wheel(shown, 40)
        before = places(shown.conversation.view)
        loaded(shown, qtbot, EIGHT[at])
        still(before, places(shown.conversation.view))
    wheel(shown, 40)
    assert sessions(shown) == EIGHT
    assert top(shown).text == "The conversation begins here"
    assert demo.calls.count(LIST) == 1
    assert demo.calls.count(HISTORY) == 7
    assert demo.calls.count(MESSAGES) == 1


def test_a_refused_session_is_told_in_its_place(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    demo.world.sessions[288].denied = True
    shown = window("321")
    wheel(shown)
    loaded(shown, qtbot, 154)
    rows = shown.conversation.view.stage.rows
    (gap,) = (row for row in rows if isinstance(row, Aside) and row.name == "session 288")
    assert gap.text.startswith("Session 288 cannot be read: ")
    order = [row for row in rows if isinstance(row, SessionBar | Aside)]
    assert [getattr(row, "name", "") or row.session.id for row in order] == ["top", 154, "session 288", 321]  # type: ignore[union-attr]
    assert demo.calls.count(HISTORY) == 2


def test_a_failure_stands_in_place_and_is_tried_again_by_a_click(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window("321")
    fault = Fault.html()
    demo.fail(HISTORY, fault)
    wheel(shown)
    qtbot.waitUntil(lambda: "could not be loaded" in top(shown).text, timeout=PATIENCE)
    assert top(shown).text.startswith("Session 288 could not be loaded: ")
    calls = len(demo.calls)
    wheel(shown, 3)
    assert len(demo.calls) == calls
    assert sessions(shown) == [321]
    link(shown, "olv:past/load")
    loaded(shown, qtbot, 288)


def test_another_dialogue_drops_what_was_under_way(window: Open, qtbot: QtBot) -> None:
    shown = window("321")
    wheel(shown)
    with qtbot.waitSignal(shown.desk.opened, timeout=PATIENCE):
        shown.open_text("433")
    qtbot.waitUntil(lambda: shown.desk.tasks.busy == 0, timeout=PATIENCE)
    settle(shown)
    assert sessions(shown) == [433]


# --- the head and the details ---


def test_the_head_goes_between_sessions_and_loads_them(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window("321")
    head, view = shown.conversation.head, shown.conversation.view
    assert head.place.text() == "Session 3 of 3"
    qtbot.mouseClick(head.older, Qt.MouseButton.LeftButton)
    loaded(shown, qtbot, 288)
    assert head.place.text() == "Session 2 of 3"
    assert shown.details.rating.session_id == 288
    assert _at_top(view) == 288
    qtbot.mouseClick(head.newer, Qt.MouseButton.LeftButton)
    settle(shown)
    assert head.place.text() == "Session 3 of 3"
    assert shown.details.rating.session_id == 321
    assert asked(demo) == [HISTORY]
    assert shown.desk.transcript.can_vote is True


def _at_top(view: TranscriptView) -> int:
    """The session whose bar stands at the upper edge."""
    for each in view.stage.shown:
        row = view.stage.rows[each.row]
        if isinstance(row, SessionBar) and abs(each.y + each.layout.outline.top() - 6) < 2:
            return row.session.id
    return view.stage.rows[view.pins[0].row].session.id if view.pins[0] else 0  # type: ignore[union-attr]


def test_the_figures_are_those_of_the_chosen_session(window: Open, qtbot: QtBot) -> None:
    shown = window("321")
    asked: list[Any] = []
    shown.details.show_dialogue = lambda *told: asked.append(told)  # type: ignore[method-assign]
    shown.past.show(288)
    loaded(shown, qtbot, 288)
    transcript, rows, siblings = asked[-1]
    assert [session.id for session in transcript.sessions] == [288]
    assert {message.date.date() for message in transcript.messages} == {transcript.sessions[0].opened.date()}
    assert isinstance(rows[0], SessionBar)
    assert sorted(session.id for session in siblings) == [154, 288, 321]


def test_the_details_list_all_sessions_of_the_chat(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window("433", listed=False)
    details = shown.details
    assert details.tabs.tabText(2) == "Sessions 1"
    details.tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: details.tabs.tabText(2) == "Sessions 8", timeout=PATIENCE)
    qtbot.waitUntil(lambda: shown.desk.tasks.busy == 0, timeout=PATIENCE)
    assert HISTORY not in demo.calls
    settle(shown)
    far = next(each for each in details.stack.findChildren(QPushButton) if each.text().startswith("77 "))
    with qtbot.waitSignal(shown.desk.opened, timeout=PATIENCE):
        qtbot.mouseClick(far, Qt.MouseButton.LeftButton)
    settle(shown)
    assert sessions(shown) == [77]
    assert shown.conversation.head.place.text() == "Session 2 of 8"
    near = next(each for each in details.stack.findChildren(QPushButton) if each.text().startswith("41 "))
    qtbot.mouseClick(near, Qt.MouseButton.LeftButton)
    loaded(shown, qtbot, 41)
    assert sessions(shown) == [41, 77]
    assert shown.details.rating.session_id == 41


def test_a_list_that_fails_is_tried_again(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window("433", listed=False)
    demo.fail(LIST, Fault.html())
    shown.details.tabs.setCurrentIndex(2)
    qtbot.waitUntil(
        lambda: any(each.text() == "Try again" for each in shown.details.stack.findChildren(QPushButton)),
        timeout=PATIENCE,
    )
    again = next(each for each in shown.details.stack.findChildren(QPushButton) if each.text() == "Try again")
    again.click()
    qtbot.waitUntil(lambda: shown.details.tabs.tabText(2) == "Sessions 8", timeout=PATIENCE)


# --- the whole chat ---


def whole(window: MainWindow) -> Any:
    window.menus.session(QPoint(10, 10))
    menu = window.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)[-1]
    found = next(each for each in menu.actions() if each.text() == "Read the whole chat")
    menu.close()
    return found


def test_a_member_reads_the_whole_chat(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window("433")
    before = dict(places(shown.conversation.view))
    whole(shown).trigger()
    loaded(shown, qtbot, 41)
    still(before, places(shown.conversation.view))
    assert sessions(shown) == EIGHT
    assert set(demo.calls) <= {MESSAGES, "im.user.list.get"}
    assert top(shown).text == "The conversation begins here"
    assert shown.details.rating.session_id == 433
    assert shown.conversation.head.place.text() == "Session 8 of 8"


def test_others_are_told_once_and_asked_no_more(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window("321")
    whole(shown).trigger()
    qtbot.waitUntil(lambda: bool(shown.past.why_not_whole), timeout=PATIENCE)
    assert shown.conversation.notice.text.text()
    assert not whole(shown).isEnabled()
    assert asked(demo) == [MESSAGES]
    assert top(shown).links == (("Show session 288", "olv:past/load"),)


def test_a_stopped_reading_keeps_what_came(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window("433")
    shown.past.read_whole()
    assert top(shown).text.startswith("Reading the whole chat: 10 of ")
    assert ("Stop", "olv:past/stop") in top(shown).links
    shown.conversation.view.activate(Hit(Act.LINK, "olv:past/stop", "Stop"), QPointF())
    qtbot.waitUntil(lambda: shown.desk.tasks.busy == 0, timeout=PATIENCE)
    settle(shown)
    assert sessions(shown) == [433]
    assert top(shown).links == (("Show session 311", "olv:past/load"),)
    wheel(shown)
    loaded(shown, qtbot, 311)
