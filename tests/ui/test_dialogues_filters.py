"""What narrows the list: chips, the popover, filters that are kept, the order, the note of the source."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate, QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from viewer import i18n
from viewer.bitrix import Source as From
from viewer.bitrix import SourceNote
from viewer.chat import CrmLink, Filter, Session
from viewer.library.sources import Source
from viewer.settings import Store
from viewer.ui import theme as themes
from viewer.ui.application import application
from viewer.ui.dialogues.memory import FilterMemory
from viewer.ui.dialogues.pane import DialoguePane, since_of
from viewer.ui.dialogues.words import active, count_words, fixed_options, record_name, span_words

LEFT = Qt.MouseButton.LeftButton


def session(number: int, ago: int, **more: Any) -> Session:
    return Session(number, number, opened=datetime.now(UTC) - timedelta(days=ago), **more)


SESSIONS = [
    session(1, 1, line_id=22, line_name="Поддержка", operator_id=5, operator_name="П. Кремнёв",
            connector="telegrambot", client_name="Семён Лаптев", status="closed", client_vote="like", head_vote=4),
    session(2, 2, line_id=23, line_name="Sales EN", operator_id=6, operator_name="H. Brandt",
            connector="livechat", client_name="James Whitlock", status="answered", client_vote="dislike"),
    session(3, 3, line_id=22, line_name="Поддержка", operator_id=6, operator_name="H. Brandt",
            connector="telegrambot", client_name="Priya", status="closed", crm=CrmLink("deal", 9)),
    session(4, 40, line_id=24, operator_name="No Id", connector="vkgroup", client_name="Old", status="closed"),
]  # fmt: skip


def portal(key: str = "a.example#1", *, demo: bool = False) -> Source:
    def opened() -> Any:
        raise AssertionError

    return Source(key, "A", "a.example", opened, demo=demo)


def made(qtbot: QtBot, store: Store, source: Source | None = None, days: int = 56) -> DialoguePane:
    themes.apply(application([]), themes.theme("light"))
    pane = DialoguePane(themes.theme("light"), days, FilterMemory(store, source or portal()))
    qtbot.addWidget(pane)
    pane.resize(336, 700)
    pane.set_sessions(SESSIONS)
    pane.show()
    pane.activateWindow()
    with qtbot.waitActive(pane):
        pass
    return pane


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "settings.json")


@pytest.fixture
def pane(qtbot: QtBot, store: Store) -> DialoguePane:
    return made(qtbot, store)


def shown(pane: DialoguePane) -> list[int]:
    return [row.session.id for row in pane.model.rows]


def tokens(pane: DialoguePane) -> list[str]:
    return [token.words for token in pane.bar.tokens if token.isVisible()]


def pick(menu: QMenu, words: str) -> None:
    """Take an entry of a menu with the mouse."""
    action = next(each for each in menu.actions() if each.text() == words)
    menu.popup(QPoint(0, 0))
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def take_off(pane: DialoguePane, words: str) -> None:
    QTest.mouseClick(next(token for token in pane.bar.tokens if token.words == words), LEFT)


def choose(pane: DialoguePane, field: str, words: str) -> None:
    """Take an entry of a box in the popover by the keyboard."""
    if not pane.bar.popover.isVisible():
        QTest.mouseClick(pane.bar.more, LEFT)
    box = pane.bar.popover.boxes[field]
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    while box.currentText() != words:
        before = box.currentText()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentText() != before, f"{words} is not offered"


# --- chips ---


def test_a_line_is_picked_and_taken_off(pane: DialoguePane, qtbot: QtBot) -> None:
    assert [each.text() for each in pane.line.menu().actions()] == ["All", "#24", "Sales EN", "Поддержка"]
    assert pane.bar.count.text() == "4 sessions"
    with qtbot.waitSignal(pane.wanted_changed) as heard:
        pick(pane.line.menu(), "Поддержка")
    assert heard.args is not None
    assert heard.args[0].line == ("22",)
    assert (shown(pane), tokens(pane), pane.bar.count.text()) == ([1, 3], ["Line: Поддержка"], "2 of 4 sessions")
    assert [each.text() for each in pane.line.menu().actions() if each.isChecked()] == ["Поддержка"]
    take_off(pane, "Line: Поддержка")
    assert (shown(pane), tokens(pane)) == ([1, 2, 3, 4], [])


def test_filters_add_up_and_all_of_them_are_cleared_at_once(pane: DialoguePane) -> None:
    pick(pane.operator.menu(), "H. Brandt")
    QTest.keyClicks(pane.field, "priya")
    QTest.mouseClick(pane.unrated, LEFT)
    assert (shown(pane), tokens(pane)) == ([3], ["Operator: H. Brandt"])
    QTest.mouseClick(pane.bar.clear_button, LEFT)
    assert shown(pane) == [1, 2, 3, 4]
    assert (pane.field.text(), pane.unrated.isChecked(), tokens(pane)) == ("", False, [])
    assert pane.wanted == Filter(since=since_of(56))


def test_an_operator_without_an_id_is_known_by_name(pane: DialoguePane) -> None:
    pick(pane.operator.menu(), "No Id")
    assert shown(pane) == [4]


def test_text_takes_yo_for_ye_and_asks_nothing_of_the_portal(pane: DialoguePane, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(pane.wanted_changed):
        for letter in "СЕМЕН кремнев telegram":  # QTest types only what an American keyboard has
            event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
            QApplication.sendEvent(pane.field, event)
    assert shown(pane) == [1]


def test_the_period_narrows_at_once_and_is_told(pane: DialoguePane, qtbot: QtBot) -> None:
    assert pane.unrated.text() == "Unrated 3"
    with qtbot.waitSignals([pane.period_changed, pane.wanted_changed]):
        pick(pane.bar.period.menu(), "1 week")
    assert (shown(pane), pane.bar.period.text(), pane.bar.count.text()) == ([1, 2, 3], "1 week", "3 sessions")
    assert pane.unrated.text() == "Unrated 2"
    assert pane.wanted.since == since_of(7)


def test_what_was_asked_for_in_part_has_no_total(pane: DialoguePane) -> None:
    pane.set_whole(False)
    pick(pane.line.menu(), "Поддержка")
    assert pane.bar.count.text() == "2 sessions"


# --- the popover ---


@pytest.mark.parametrize(
    ("field", "words", "expected", "told"),
    [
        ("connector", "Telegram", [1, 3], "Channel: Telegram"),
        ("status", "Still open", [2], "Still open"),
        ("status", "Closed", [1, 3, 4], "Closed"),
        ("client_vote", "Client: good", [1], "Client: good"),
        ("client_vote", "Client: bad", [2], "Client: bad"),
        ("client_vote", "Client did not vote", [3, 4], "Client did not vote"),
        ("rating", "Rated", [1], "Rated"),
        ("has_crm", "With a CRM record", [3], "With a CRM record"),
        ("has_crm", "Without a CRM record", [1, 2, 4], "Without a CRM record"),
    ],
)
def test_more_filters(pane: DialoguePane, field: str, words: str, expected: list[int], told: str) -> None:
    choose(pane, field, words)
    assert shown(pane) == expected
    assert tokens(pane)[0] == told
    assert pane.bar.more.text() == "1"
    take_off(pane, told)
    assert shown(pane) == [1, 2, 3, 4]
    assert pane.bar.more.text() == ""


def test_unrated_in_the_popover_is_the_chip(pane: DialoguePane) -> None:
    choose(pane, "rating", "Unrated")
    assert (shown(pane), pane.unrated.isChecked(), tokens(pane)) == ([2, 3, 4], True, [])
    choose(pane, "rating", "Any")
    assert not pane.unrated.isChecked()


def test_the_popover_closes_by_escape_and_clears(pane: DialoguePane) -> None:
    popover = pane.bar.popover
    choose(pane, "status", "Closed")
    QTest.mouseClick(popover.clear_button, LEFT)
    assert popover.boxes["status"].currentText() == "Any"
    assert not popover.clear_button.isEnabled()
    QTest.keyClick(popover, Qt.Key.Key_Escape)
    assert not popover.isVisible()


def test_the_button_of_the_popover_closes_it_too(pane: DialoguePane) -> None:
    bar = pane.bar
    QTest.mouseClick(bar.more, LEFT)
    assert bar.popover.isVisible()
    spot = bar.popover.mapFromGlobal(bar.more.mapToGlobal(bar.more.rect().center()))
    QTest.mouseClick(bar.popover.windowHandle(), LEFT, pos=spot)
    assert not bar.popover.isVisible()


# --- what is remembered ---


def test_a_filter_is_named_chosen_and_deleted(pane: DialoguePane, store: Store, qtbot: QtBot) -> None:
    popover = pane.bar.popover
    choose(pane, "client_vote", "Client: bad")
    QTest.keyClicks(popover.name, "  Bad  & sad ")
    QTest.mouseClick(popover.save_button, LEFT)
    assert popover.name.text() == ""
    QTest.mouseClick(popover.clear_button, LEFT)
    QTest.mouseClick(popover.done_button, LEFT)

    again = made(qtbot, Store(store.path))
    assert shown(again) == [1, 2, 3, 4]
    QTest.mouseClick(again.bar.more, LEFT)
    (row,) = [each for each in again.bar.popover.kept.children() if hasattr(each, "layout")][-1:]
    take, drop = row.layout().itemAt(0).widget(), row.layout().itemAt(1).widget()
    assert take.text() == "Bad && sad"
    QTest.mouseClick(take, LEFT)
    assert (shown(again), tokens(again)) == ([2], ["Client: bad"])
    assert not again.bar.popover.isVisible()
    QTest.mouseClick(again.bar.more, LEFT)
    drop = next(each for each in again.bar.popover.kept.findChildren(QToolButton) if each.isVisible())
    QTest.mouseClick(drop, LEFT)
    assert FilterMemory(Store(store.path), portal()).named == {}
    assert shown(again) == [2], "deleting the name leaves the list as it is"


def test_nothing_that_narrows_nothing_is_saved(pane: DialoguePane) -> None:
    popover = pane.bar.popover
    QTest.mouseClick(pane.bar.more, LEFT)
    QTest.keyClicks(popover.name, "all")
    assert not popover.save_button.isEnabled()
    assert popover.save_button.toolTip() == "Nothing narrows the list yet."
    QTest.keyClick(popover.name, Qt.Key.Key_Return)
    assert pane._memory.named == {}


def test_the_filters_and_the_order_of_the_last_run_are_there_again_without_the_text(
    pane: DialoguePane, store: Store, qtbot: QtBot
) -> None:
    pick(pane.operator.menu(), "H. Brandt")
    pick(pane.bar.order.menu(), "Oldest first")
    QTest.keyClicks(pane.field, "priya")
    assert store.path is not None
    assert "priya" not in store.path.read_text(encoding="utf-8")
    again = made(qtbot, Store(store.path))
    assert (shown(again), tokens(again)) == ([3, 2], ["Operator: H. Brandt"])
    assert again.bar.order.toolTip() == "Oldest first"
    other = made(qtbot, Store(store.path), portal("b.example#1"))
    assert shown(other) == [4, 3, 2, 1], "another portal has its own lines and operators"


def test_what_is_remembered_is_named_before_the_list_is_there(qtbot: QtBot, store: Store) -> None:
    FilterMemory(store, portal()).keep_last(Filter(operator=("77",)))
    pane = made(qtbot, store)
    assert tokens(pane) == ["Operator: #77"]
    assert pane.stack.currentWidget() is pane.state
    pane.set_sessions([session(9, 1, operator_id=77, operator_name="New")])
    assert (shown(pane), tokens(pane)) == ([9], ["Operator: New"])


def test_filters_of_the_demo_portal_stay_in_memory(qtbot: QtBot, store: Store) -> None:
    memory = FilterMemory(store, portal("demo", demo=True))
    memory.save("mine", Filter(status="open"))
    memory.keep_last(Filter(rated=True))
    store.change(zoom=110)
    assert store.path is not None
    assert "filters" not in json.loads(store.path.read_text(encoding="utf-8"))
    assert made(qtbot, store, portal("demo", demo=True)).wanted.rated


# --- the note of the source ---

NOTE = SourceNote((From.CRM, From.OWN), "No reports.", "Shown are <some>.", "Ask for the right.")


def test_a_note_is_shown_once_for_a_portal_and_a_source_in_a_run(
    pane: DialoguePane, store: Store, qtbot: QtBot
) -> None:
    pane.set_note(NOTE)
    assert pane.note.isVisible()
    assert pane.note.text.text() == "No reports. Shown are <some>."
    assert "Ask for the right." in pane.note.toolTip()
    QTest.mouseClick(pane.note.cross, LEFT)
    assert not pane.note.isVisible()
    again = made(qtbot, store)
    again.set_note(NOTE)
    assert not again.note.isVisible(), "a new window of the same run"
    again.set_note(SourceNote((From.CRM,), "No reports."))
    assert again.note.isVisible(), "another source"
    other = made(qtbot, store, portal("b.example#1"))
    other.set_note(NOTE)
    assert other.note.isVisible(), "another portal"
    assert made(qtbot, Store(store.path)).note.isHidden()


def test_where_no_votes_are_listed_it_is_said_when_nothing_matches(pane: DialoguePane) -> None:
    pane.set_sessions([session(1, 1), session(2, 2)])
    pane.set_note(NOTE)
    choose(pane, "client_vote", "Client: bad")
    assert "lists no votes" in pane.state.advice.text()
    QTest.keyClicks(pane.field, "x")
    choose(pane, "client_vote", "Any")
    assert "Ctrl+K" in pane.state.advice.text()


# --- words ---


@pytest.mark.parametrize(
    ("language", "numbers", "expected"),
    [
        ("en", (12, 138), "12 of 138 sessions"),
        ("ru", (12, 138), "12 из 138 сессий"),
        ("ru", (3, 21), "3 из 21 сессии"),
        ("ru", (21, 21), "21 сессия"),
        ("en", (0, 1), "0 of 1 session"),
    ],
)
def test_counts(language: str, numbers: tuple[int, int], expected: str) -> None:
    i18n.use(language)
    assert count_words(*numbers, whole=True) == expected


def test_names_of_records_and_of_what_is_on(pane: DialoguePane) -> None:
    assert record_name(CrmLink("company", 5)) == "Company 5"
    wanted = Filter(text=" a ", line=("22", "23"), status="open", has_crm=False)
    assert list(active(wanted, pane.bar.names).values()) == [
        "Line: Поддержка, Sales EN", "Still open", "Without a CRM record", "Text: a",
    ]  # fmt: skip
    assert [option.value for option in fixed_options("client_vote")] == ["like", "dislike", "none"]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("width", [260, 320, 460])
def test_nothing_of_the_filters_is_cut(qtbot: QtBot, store: Store, language: str, width: int) -> None:
    i18n.use(language)
    pane = made(qtbot, store)
    pane.setMinimumWidth(260)  # as the window does
    pane.resize(width, 700)
    wanted = Filter(line=("22",), operator=("5",), status="closed", client_vote="like", rated=True, has_crm=True)
    pane.bar._change(wanted)
    pane.set_record(CrmLink("company", 123456))
    pane.bar._change(wanted)
    qtbot.waitUntil(lambda: pane.bar.width() == width)
    qtbot.waitUntil(lambda: pane.bar.height() == pane.bar.heightForWidth(width))
    for part in (*pane.bar.tokens, pane.unrated, pane.line, pane.operator, pane.bar.count, pane.bar.clear_button):
        assert part.width() >= part.sizeHint().width()
        assert pane.bar.rect().contains(part.mapTo(pane.bar, part.rect().center()))


# --- chosen days ---


def test_days_are_chosen_by_the_keyboard_and_a_length_of_time_takes_their_place(
    pane: DialoguePane, qtbot: QtBot
) -> None:
    now = datetime.now().astimezone()
    pick(pane.bar.period.menu(), "Choose days…")
    popover = pane.bar.span
    assert popover.isVisible()
    first, last = (now - timedelta(days=ago) for ago in (3, 2))
    for edit, day in ((popover.first, last), (popover.last, first)):  # the wrong way round
        edit.setDate(QDate(day.year, day.month, day.day))
    with qtbot.waitSignal(pane.wanted_changed) as heard:
        QTest.keyClick(popover.last.lineEdit(), Qt.Key.Key_Return)
    assert not popover.isVisible()
    assert heard.args is not None
    assert (heard.args[0].since.date(), heard.args[0].until.date()) == (first.date(), last.date())
    assert shown(pane) == [2, 3]
    assert pane.bar.period.text() == span_words(first.date(), last.date(), now.date())
    assert not any(action.isChecked() for action in pane.bar.period.menu().actions())
    pick(pane.line.menu(), "Поддержка")
    assert shown(pane) == [3], "the days stay as filters change"
    pick(pane.bar.period.menu(), "8 weeks")
    assert shown(pane) == [1, 3]
    assert pane.wanted.until is None


def test_any_days_of_the_calendar_can_be_chosen(pane: DialoguePane) -> None:
    pane.bar.span.chosen.emit(date.min, date.max)
    assert shown(pane) == [1, 2, 3, 4]
    for day in (date.min, date(1969, 1, 1), date.max):
        pane.bar.span.chosen.emit(day, day)
        assert shown(pane) == []


def test_the_last_day_to_choose_is_today_in_the_chosen_zone(
    pane: DialoguePane, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr("viewer.ui.dialogues.span.now", lambda: tomorrow)
    pick(pane.bar.period.menu(), "Choose days…")
    last = pane.bar.span.last.maximumDate()
    assert date(last.year(), last.month(), last.day()) == tomorrow.date()


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 3, 9), date(2026, 3, 14), "9–14 Mar"),
        (date(2026, 2, 28), date(2026, 3, 3), "28 Feb – 3 Mar"),
        (date(2026, 3, 9), date(2026, 3, 9), "9 Mar"),
        (date(2025, 12, 30), date(2026, 1, 2), "30 Dec 2025 – 2 Jan"),
        (date(2025, 3, 9), date(2025, 3, 10), "9–10 Mar 2025"),
    ],
)
def test_words_of_days(first: date, last: date, told: str) -> None:
    assert span_words(first, last, date(2026, 5, 1)) == told


def test_rows_are_cards_or_one_line_each_and_stay_so(qtbot: QtBot, store: Store) -> None:
    pane = made(qtbot, store)
    pane.list.choose(pane.model.index(0))
    chosen = pane.model.row(pane.list.currentIndex())
    high = pane.list.visualRect(pane.model.index(1)).height()
    pick(pane.bar.order.menu(), "Columns, one line a chat")
    qtbot.waitUntil(lambda: pane.list.visualRect(pane.model.index(1)).height() < high / 2)
    assert pane.model.row(pane.list.currentIndex()) == chosen
    assert {pane.list.sizeHintForRow(number) for number in range(len(pane.model.rows))} == {30}
    ticked = [action.text() for action in pane.bar.order.menu().actions() if action.isChecked()]
    assert ticked == ["Newest first", "Columns, one line a chat"]
    assert store.value.look == "columns"
    again = made(qtbot, Store(store.path))
    assert again.list.sizeHintForRow(0) == 30
    again.resize(450, 600)
    assert not again.list.grab().toImage().isNull()
    pick(again.bar.order.menu(), "Cards, three lines a chat")
    assert again.list.sizeHintForRow(0) > 50
