"""The list of dialogues: Qt's rules for models, grouping, choosing by mouse and keyboard."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from viewer.chat import Filter, Session
from viewer.errors import ViewerError
from viewer.ui import theme as themes
from viewer.ui.dialogues.model import DialogueModel, client_name, outcome, spoken, summary
from viewer.ui.dialogues.pane import DialoguePane


def session(number: int, chat: int, ago: int, **more: object) -> Session:
    return Session(number, chat, opened=datetime.now(UTC) - timedelta(days=ago), **more)  # type: ignore[arg-type]


SESSIONS = [
    session(321, 9, 1, client_name="Анна Вересова", line_name="Поддержка", operator_name="П. Кремнёв"),
    session(288, 9, 10, client_name="Анна Вересова", line_name="Поддержка", operator_name="О. Дрозд", head_vote=5),
    session(400, 7, 2, client_name="James Whitlock", line_name="Sales EN", operator_name="H. Brandt",
            client_vote="like"),
    session(500, 6, 3, client_id=8841, close_reason="auto", message_count=3),
]  # fmt: skip


@pytest.fixture
def pane(qtbot: QtBot) -> DialoguePane:
    made = DialoguePane(themes.theme("light"), 56)
    qtbot.addWidget(made)
    made.resize(336, 600)
    made.set_sessions(SESSIONS)
    made.show()
    return made


def shown(pane: DialoguePane) -> list[int]:
    return [row.session.id for row in pane.model.rows]


def test_the_model_obeys_qt(qtmodeltester: ModelTester) -> None:
    model = DialogueModel()
    qtmodeltester.check(model)
    model.set_sessions(SESSIONS)
    model.toggle(model.index(0))
    model.set_filter(Filter(text="james"))
    qtmodeltester.check(model)


def test_a_chat_of_several_sessions_opens_below_itself() -> None:
    model = DialogueModel()
    model.set_sessions(SESSIONS)
    assert [row.session.id for row in model.rows] == [321, 400, 500]
    model.toggle(model.index(0))
    assert [(row.session.id, row.child) for row in model.rows[:3]] == [(321, False), (321, True), (288, True)]
    assert model.rows[2].last
    assert model.counts() == (4, 3)


def test_a_search_shows_the_session_that_was_found() -> None:
    model = DialogueModel()
    model.set_sessions(SESSIONS)
    model.set_filter(Filter(text="288"))
    assert [row.session.id for row in model.rows] == [288]


def test_the_next_unrated_session_stands_below_or_from_the_top_again() -> None:
    model = DialogueModel()
    model.set_sessions(SESSIONS)  # shown as 321 and 288 (rated) of one chat, 400, 500
    found = [following.id if (following := model.next_unrated(number)) else 0 for number in (321, 288, 400, 500, 9)]
    assert found == [400, 400, 500, 321, 321]
    model.set_filter(Filter(text="288"))
    assert model.next_unrated(288) is None
    model.set_sessions([])
    assert model.next_unrated(321) is None


def test_a_chat_opens_for_a_hit_in_one_of_its_sessions_and_stays_calm_where_all_are_hits() -> None:
    model = DialogueModel()
    model.set_sessions([*SESSIONS, session(289, 9, 11, client_name="Анна Вересова", operator_name="О. Дрозд")])
    model.set_filter(Filter(text="вересова"))
    assert [(row.session.id, row.opened) for row in model.rows] == [(321, False)]
    model.set_filter(Filter(text="дрозд"))
    assert [(row.session.id, row.child) for row in model.rows] == [(288, False), (288, True), (289, True)]
    assert model.varied


def test_the_total_is_that_of_the_period_and_sessions_of_unknown_time_are_in_every_one() -> None:
    model = DialogueModel()
    model.set_sessions([*SESSIONS, Session(7)])
    assert model.total == 5
    model.set_filter(Filter(since=datetime.now(UTC) - timedelta(days=5)))
    assert (model.total, model.counts()) == (4, (4, 4))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", [321, 400, 500]),
        ("oldest", [500, 400, 321]),
        ("messages", [500, 321, 400]),
        ("client", [400, 321, 500]),
    ],
)
def test_orders(order: str, expected: list[int]) -> None:
    model = DialogueModel()
    model.set_sessions(SESSIONS)
    model.set_order(order)
    assert [row.session.id for row in model.rows] == expected


def test_words_of_a_row() -> None:
    assert client_name(SESSIONS[3]) == "Client #8841"
    assert client_name(Session(5)) == "Session 5"
    assert summary(SESSIONS[3]) == "Closed automatically · 3 messages"
    assert outcome(Session(5, status="new")) == "Waiting for an operator"
    model = DialogueModel()
    model.set_sessions(SESSIONS)
    assert "2 sessions" in spoken(model.rows[0])
    assert "client rated: good, not reviewed" in spoken(model.rows[1])


def test_a_click_opens_a_dialogue(pane: DialoguePane, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pane.chosen) as heard:
        box = pane.list.visualRect(pane.model.index(1))
        qtbot.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert heard.args is not None
    assert heard.args[0].id == 400


def test_a_click_on_a_chat_opens_it_and_its_newest_session(pane: DialoguePane, qtbot: QtBot) -> None:
    spot = pane.list.visualRect(pane.model.index(0)).center()
    with qtbot.waitSignal(pane.chosen) as heard:
        qtbot.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert heard.args is not None
    assert heard.args[0].id == 321
    assert shown(pane)[:3] == [321, 321, 288]
    assert pane.list.currentIndex().row() == 1
    qtbot.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert shown(pane) == [321, 400, 500]


def test_keys_move_and_choose(pane: DialoguePane, qtbot: QtBot) -> None:
    pane.list.setCurrentIndex(pane.model.index(0))
    qtbot.keyClick(pane.list, Qt.Key.Key_Right)
    assert len(pane.model.rows) == 5
    qtbot.keyClick(pane.list, Qt.Key.Key_Down)
    qtbot.keyClick(pane.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(pane.chosen) as heard:
        qtbot.keyClick(pane.list, Qt.Key.Key_Return)
    assert heard.args is not None
    assert heard.args[0].id == 288


def test_the_keys_of_a_long_list(qtbot: QtBot) -> None:
    pane = DialoguePane(themes.theme("light"), 56)
    qtbot.addWidget(pane)
    pane.resize(336, 600)
    pane.set_sessions([session(number, number, 1 + number // 100) for number in range(1, 301)])
    pane.show()
    rows = pane.list
    rows.setCurrentIndex(pane.model.index(0))
    for key, expected in (
        (Qt.Key.Key_Down, 1), (Qt.Key.Key_End, 299), (Qt.Key.Key_Up, 298), (Qt.Key.Key_Home, 0),
    ):  # fmt: skip
        qtbot.keyClick(rows, key)
        assert rows.currentIndex().row() == expected
        assert rows.viewport().rect().intersects(rows.visualRect(rows.currentIndex()))
    qtbot.keyClick(rows, Qt.Key.Key_PageDown)
    page = rows.currentIndex().row()
    assert 3 < page < 12
    qtbot.keyClick(rows, Qt.Key.Key_PageDown)
    assert rows.currentIndex().row() == 2 * page
    qtbot.keyClick(rows, Qt.Key.Key_PageUp)
    assert rows.currentIndex().row() == page
    with qtbot.waitSignal(pane.chosen) as heard:
        qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert heard.args is not None
    assert heard.args[0] == pane.model.rows[page].session


@pytest.mark.parametrize("key", [Qt.Key.Key_Slash, Qt.Key.Key_Period])
def test_a_slash_in_the_list_asks_for_the_filter_in_either_layout(
    pane: DialoguePane, qtbot: QtBot, key: Qt.Key
) -> None:
    pane.activateWindow()
    with qtbot.waitActive(pane):
        pass
    pane.list.setFocus()
    qtbot.keyClick(pane.list, key)
    assert pane.field.hasFocus()
    assert pane.field.text() == ""


def test_from_the_field_the_keys_go_on_to_the_list(pane: DialoguePane, qtbot: QtBot) -> None:
    pane.activateWindow()
    with qtbot.waitActive(pane):
        pass
    pane.focus_filter()
    qtbot.keyClicks(pane.field, "e")
    qtbot.keyClick(pane.field, Qt.Key.Key_Escape)
    assert (pane.field.text(), pane.field.hasFocus()) == ("", True)
    qtbot.keyClick(pane.field, Qt.Key.Key_Down)
    assert pane.list.hasFocus()
    assert pane.list.currentIndex().row() == 0
    pane.focus_filter()
    qtbot.keyClicks(pane.field, "brandt")
    with qtbot.waitSignal(pane.chosen) as heard:
        qtbot.keyClick(pane.field, Qt.Key.Key_Return)
    assert heard.args is not None
    assert heard.args[0].id == 400


def test_the_filter_narrows_as_one_types_and_the_chosen_row_stays_chosen(pane: DialoguePane, qtbot: QtBot) -> None:
    pane.reveal(400)
    qtbot.keyClicks(pane.field, "brandt")
    assert shown(pane) == [400]
    assert pane.list.currentIndex().row() == 0
    pane.field.clear()
    assert shown(pane)[pane.list.currentIndex().row()] == 400


def test_no_match_says_what_is_on_and_clears_at_a_click(pane: DialoguePane, qtbot: QtBot) -> None:
    qtbot.keyClicks(pane.field, "nobody")
    qtbot.mouseClick(pane.unrated, Qt.MouseButton.LeftButton)
    assert pane.stack.currentWidget() is pane.state
    assert pane.state.title.text() == "No dialogues match"
    assert "4 sessions are loaded" in pane.state.text.text()
    assert "Filters: Unrated · Text: nobody" in pane.state.text.text()
    buttons = [each for each in pane.state.findChildren(QPushButton) if each.text() == "Clear filters"]
    qtbot.waitUntil(buttons[-1].isVisible)
    qtbot.mouseClick(buttons[-1], Qt.MouseButton.LeftButton)
    assert pane.stack.currentWidget() is pane.list
    assert shown(pane) == [321, 400, 500]


def test_unrated_only(pane: DialoguePane, qtbot: QtBot) -> None:
    assert pane.unrated.text() == "Unrated 3"
    qtbot.mouseClick(pane.unrated, Qt.MouseButton.LeftButton)
    assert shown(pane) == [321, 400, 500]
    assert all(not row.several for row in pane.model.rows)


def test_a_list_that_failed_says_why_and_tries_again(qtbot: QtBot) -> None:
    pane = DialoguePane(themes.theme("light"), 56)
    qtbot.addWidget(pane)
    pane.set_error(ViewerError("The portal is closed.", "It said so.", "Ask the administrator."))
    assert pane.state.title.text() == "The portal is closed."
    assert pane.state.advice.text() == "Ask the administrator."


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_row_is_painted(pane: DialoguePane, name: str) -> None:
    pane.set_theme(themes.theme(name))
    pane.model.toggle(pane.model.index(0))
    image = pane.list.grab().toImage()
    colors = {image.pixelColor(x, y).name() for x in range(0, 336, 7) for y in range(0, 300, 7)}
    assert len(colors) > 5


def test_a_narrower_list_is_seen_from_its_beginning_unless_a_row_is_chosen(qtbot: QtBot) -> None:
    pane = DialoguePane(themes.theme("light"), 56)
    qtbot.addWidget(pane)
    pane.resize(336, 500)
    crowd = [session(100 + n, n, n % 50, client_name=f"Client {n}", head_vote=n % 2) for n in range(1, 200)]
    pane.set_sessions(crowd)
    with qtbot.waitExposed(pane):
        pane.show()
    scroll = pane.list.verticalScrollBar()
    scroll.setValue(4000)
    pane.set_sessions([*crowd, session(999, 999, 51)])
    assert scroll.value() == 4000, "more that comes does not move what is read"
    pane.unrated.click()
    assert scroll.value() == 0
    pane.list.choose(pane.model.index(60))
    pane.unrated.click()
    chosen = pane.list.currentIndex()
    assert chosen.isValid()
    assert pane.list.viewport().rect().intersects(pane.list.visualRect(chosen))
