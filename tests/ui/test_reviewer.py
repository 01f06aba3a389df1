"""Rating in the real window on the demo portal: drafts, one call, proof from the history, and on to the next."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from viewer import settings
from viewer.bitrix import Pace, Portal, Webhook, embedded
from viewer.chat import Rating, SessionEnd
from viewer.demo import DemoPortal, Fault
from viewer.library import Outcome, Rated
from viewer.library.drafts import Drafts
from viewer.library.sources import Source
from viewer.ui import theme as themes
from viewer.ui.desk import Desk
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow

PATIENCE = 15_000
VOTE, HISTORY = "imopenlines.session.head.vote", "imopenlines.session.history.get"
CONTROL = Qt.KeyboardModifier.ControlModifier
ACCOUNT = "zerno.bitrix24.example#17"
Open = Callable[..., MainWindow]


@pytest.fixture
def demo() -> DemoPortal:
    made = DemoPortal(limits=False, big=20, today=datetime.now(UTC).date())
    made.world.sessions[321].head_vote, made.world.sessions[321].head_comment = 0, ""
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "drafts.json"


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, demo: DemoPortal, path: Path) -> Iterator[Open]:
    """Opens windows, one after the other, on the same portal and the same drafts."""
    look = themes.theme("light")
    themes.apply(qapp, look)
    opened: list[MainWindow] = []

    def portal() -> Portal:
        webhook = Webhook.parse(demo.WEBHOOK)
        return Portal(
            webhook, transport=embedded(demo.respond), pace=Pace(rate=500, burst=500, wait=lambda _s, _c: None)
        )

    def show(reference: str = "321") -> MainWindow:
        desk = Desk(Tasks())
        desk.use(Source(ACCOUNT, "Зерно и Ко", demo.HOST, portal))
        made = MainWindow(desk, settings.Store(None), look, Drafts(path))
        opened.append(made)
        qtbot.addWidget(made)
        made.show()
        with qtbot.waitSignal(desk.list_busy, timeout=PATIENCE, check_params_cb=lambda busy: not busy):
            made.start()
        go(made, qtbot, reference)
        made.activateWindow()
        with qtbot.waitActive(made):
            pass
        return made

    yield show
    for each in opened:
        assert each.desk.close()


def go(window: MainWindow, qtbot: QtBot, reference: str) -> None:
    with qtbot.waitSignal(window.desk.opened, timeout=PATIENCE):
        window.open_text(reference)


def rate(window: MainWindow, stars: int, comment: str = "") -> None:
    section = window.details.rating
    section.stars.setFocus()
    QTest.keyClick(section.stars, Qt.Key(Qt.Key.Key_0 + stars))
    QTest.keyClick(section.stars, Qt.Key.Key_Tab)
    assert section.comment.hasFocus()
    QTest.keyClicks(section.comment, comment)


def saved(window: MainWindow, qtbot: QtBot, key: Qt.Key = Qt.Key.Key_S) -> Any:
    """Save by the keyboard; what came of it."""
    with qtbot.waitSignal(window.reviewer.finished, timeout=PATIENCE) as heard:
        QTest.keyClick(window.details.rating.comment, key, CONTROL)
    assert heard.args is not None
    return heard.args[0]


def notice(window: MainWindow) -> tuple[str, str]:
    told = window.conversation.notice
    return (told.text.text(), told.property("mood")) if told.isVisible() else ("", "")


def act(window: MainWindow, words: str) -> None:
    buttons = [each for each in window.conversation.notice.findChildren(QPushButton) if each.text() == words]
    QTest.mouseClick(buttons[-1], Qt.MouseButton.LeftButton)


def listed(window: MainWindow, number: int) -> Rating:
    return next(each.rating for each in window.dialogues.model.sessions if each.id == number)


# --- saving ---


def test_a_rating_is_saved_and_shown_everywhere(window: Open, qtbot: QtBot, demo: DemoPortal, path: Path) -> None:
    shown = window()
    rate(shown, 4, "Good, but slow")
    demo.calls.clear()
    done = saved(shown, qtbot)
    assert isinstance(done, Rated)
    assert (done.outcome, done.found) == (Outcome.SAVED, Rating(4, "Good, but slow"))
    assert [call for call in demo.calls if "session" in call] == [HISTORY, VOTE, HISTORY]
    assert demo.world.sessions[321].head_vote == 4
    assert listed(shown, 321) == Rating(4, "Good, but slow")
    (end,) = (row for row in shown.desk.rows if isinstance(row, SessionEnd))
    assert end.session.rating == Rating(4, "Good, but slow")
    assert notice(shown) == ("Rating of session 321 saved: 4 of 5.", "good")
    assert "Saved to Зерно и Ко at" in shown.details.rating.status.text()
    assert not shown.details.rating.save_button.isEnabled()
    assert path.read_bytes() == b"{}", "the draft is gone"


def test_while_it_is_saved_the_section_is_busy(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window()
    rate(shown, 4)
    section = shown.details.rating
    with qtbot.waitSignal(shown.reviewer.finished, timeout=PATIENCE):
        QTest.mouseClick(section.save_button, Qt.MouseButton.LeftButton)
        assert section.status.text() == "Saving…"
        assert not section.stars.isEnabled()
        QTest.keyClick(section.comment, Qt.Key.Key_S, CONTROL)
    assert section.stars.isEnabled()
    assert demo.calls.count(VOTE) == 1


def test_an_earlier_rating_is_asked_about(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    demo.world.sessions[321].head_vote, demo.world.sessions[321].head_comment = 5, "Fine"
    shown = window()
    section = shown.details.rating
    assert section.rating == Rating(5, "Fine")
    rate(shown, 2)
    QTest.keyClick(section.comment, Qt.Key.Key_S, CONTROL)
    assert section.earlier.words.text() == "Earlier rating on the portal: 5 of 5"
    assert VOTE not in demo.calls
    with qtbot.waitSignal(shown.reviewer.finished, timeout=PATIENCE):
        QTest.mouseClick(section.earlier.replace, Qt.MouseButton.LeftButton)
    assert demo.world.sessions[321].head_vote == 2


def test_anothers_rating_is_shown_before_it_is_replaced(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window()
    section = shown.details.rating
    demo.world.sessions[321].head_vote = 1
    rate(shown, 4)
    assert saved(shown, qtbot).outcome is Outcome.CHANGED
    assert section.earlier.words.text() == "Earlier rating on the portal: 1 of 5"
    assert section.earlier.replace.isVisible()
    assert section.rating.stars == 4
    assert notice(shown)[1] == "warn"
    with qtbot.waitSignal(shown.reviewer.finished, timeout=PATIENCE):
        QTest.mouseClick(section.earlier.replace, Qt.MouseButton.LeftButton)
    assert demo.world.sessions[321].head_vote == 4


@pytest.mark.parametrize(
    ("fault", "outcome", "words"),
    [
        (Fault.lie(), Outcome.NOT_KEPT, "The portal said yes but did not save the rating of session 321."),
        (Fault.lost(), Outcome.LOST, "The rating of session 321 was not saved."),
    ],
)
def test_what_was_not_saved_is_told_and_tried_again(
    window: Open, qtbot: QtBot, demo: DemoPortal, path: Path, fault: Fault, outcome: Outcome, words: str
) -> None:
    shown = window()
    demo.fail(VOTE, fault)
    rate(shown, 4, "Good")
    assert saved(shown, qtbot).outcome is outcome
    assert notice(shown)[0].startswith(words)
    assert notice(shown)[1] == "bad"
    assert shown.details.rating.status.text().startswith(words)
    assert shown.details.rating.rating == Rating(4, "Good")
    draft = Drafts(path).get(ACCOUNT, 321)
    assert draft is not None
    assert draft.rating == Rating(4, "Good")
    with qtbot.waitSignal(shown.reviewer.finished, timeout=PATIENCE):
        act(shown, "Try again")
    assert demo.world.sessions[321].head_vote == 4
    assert demo.calls.count(VOTE) == 2


def test_a_connection_that_broke_after_saving_is_no_failure(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window()
    demo.fail(VOTE, Fault.drop())
    rate(shown, 4)
    assert saved(shown, qtbot).outcome is Outcome.SAVED
    assert demo.calls.count(VOTE) == 1


def test_what_nobody_knows_is_read_again_before_it_is_sent_again(
    window: Open, qtbot: QtBot, demo: DemoPortal, path: Path
) -> None:
    shown = window()
    demo.fail(VOTE, Fault.drop())
    demo.fail(HISTORY, Fault(lambda true: true), *[Fault.drop()] * 4)
    rate(shown, 4)
    assert saved(shown, qtbot).outcome is Outcome.UNKNOWN
    assert notice(shown)[0].startswith("It is not known whether the rating of session 321 was saved.")
    with qtbot.waitSignal(shown.desk.opened, timeout=PATIENCE):
        act(shown, "Read again")
    assert shown.details.rating.status.text() == "Saved to Зерно и Ко."
    assert path.read_bytes() == b"{}"
    assert demo.calls.count(VOTE) == 1


def test_a_refusal_is_told_with_the_right_that_is_missing(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window()
    demo.fail(VOTE, Fault.error(400, "ACCESS_DENIED"))
    rate(shown, 4)
    saved(shown, qtbot)
    assert "“Conversation rating”" in notice(shown)[0]
    assert shown.details.rating.stars.isEnabled()
    assert shown.details.rating.rating.stars == 4


def test_where_the_right_is_missing_it_is_not_offered(window: Open, demo: DemoPortal) -> None:
    shown = window("347")
    section = shown.details.rating
    assert not section.stars.isEnabled()
    assert section.status.text().startswith("You cannot rate this: the right “Conversation rating” is missing")
    QTest.keyClick(shown, Qt.Key.Key_S, CONTROL)
    assert VOTE not in demo.calls


def test_a_chat_read_by_its_messages_does_not_tell(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window()
    member = next(chat for chat in demo.world.chats.values() if chat.member and len(chat.sessions) > 1)
    demo.fail(HISTORY, *[Fault.error(400, "ACCESS_DENIED")] * 3)
    go(shown, qtbot, str(member.sessions[-1].id))
    assert shown.details.rating.status.text().startswith("The portal showed the messages of the chat alone")
    assert not shown.details.rating.stars.isEnabled()


def test_the_result_finds_its_session_when_one_has_gone_on(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window()
    rate(shown, 4)
    with qtbot.waitSignals([shown.reviewer.finished, shown.desk.opened], timeout=PATIENCE):
        QTest.keyClick(shown.details.rating.comment, Qt.Key.Key_S, CONTROL)
        shown.open_text("288")
    assert listed(shown, 321).stars == 4
    assert shown.details.rating.session_id == 288
    assert shown.details.rating.rating.stars == demo.world.sessions[288].head_vote


# --- save and next ---


def test_save_and_next_opens_the_next_unrated_dialogue(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window()
    expected = shown.dialogues.model.next_unrated(321)
    assert expected is not None
    rate(shown, 4)
    with qtbot.waitSignal(shown.desk.opened, timeout=PATIENCE):
        QTest.keyClick(shown.details.rating.comment, Qt.Key.Key_Return, CONTROL)
    assert demo.world.sessions[321].head_vote == 4
    assert shown.details.rating.session_id == expected.id
    assert notice(shown) == ("Rating of session 321 saved: 4 of 5.", "good")
    assert shown.details.rating.comment.hasFocus()


def test_with_only_unrated_rows_shown_the_next_one_is_still_found(window: Open, qtbot: QtBot) -> None:
    shown = window()
    QTest.mouseClick(shown.dialogues.unrated, Qt.MouseButton.LeftButton)
    expected = shown.dialogues.model.next_unrated(321)
    assert expected is not None
    rate(shown, 4)
    with qtbot.waitSignal(shown.desk.opened, timeout=PATIENCE):
        QTest.keyClick(shown.details.rating.comment, Qt.Key.Key_Return, CONTROL)
    assert shown.details.rating.session_id == expected.id


def test_at_the_end_it_is_said_that_none_is_left(window: Open, qtbot: QtBot) -> None:
    shown = window()
    shown.dialogues.field.setText("321")
    rate(shown, 4)
    saved(shown, qtbot, Qt.Key.Key_Return)
    words = "Rating of session 321 saved: 4 of 5. No unrated dialogue is left in the list."
    assert notice(shown) == (words, "good")
    assert shown.details.rating.session_id == 321
    QTest.keyClick(shown.details.rating.comment, Qt.Key.Key_Return, CONTROL)
    assert notice(shown) == ("No unrated dialogue is left in the list.", "info")


def test_what_was_not_saved_is_not_left_behind(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window()
    demo.fail(VOTE, Fault.lie())
    rate(shown, 4)
    saved(shown, qtbot, Qt.Key.Key_Return)
    assert shown.details.rating.session_id == 321


def test_without_a_rating_the_keys_say_what_is_missing(window: Open, demo: DemoPortal) -> None:
    shown = window()
    QTest.keyClick(shown, Qt.Key.Key_Return, CONTROL)
    assert shown.details.rating.status.text() == "Choose stars or write a comment."
    assert VOTE not in demo.calls


# --- drafts ---


def test_a_draft_survives_a_crash(window: Open, qtbot: QtBot, path: Path) -> None:
    shown = window()
    rate(shown, 3, "Half a thought")
    section = shown.details.rating
    qtbot.waitUntil(lambda: section.status.text().startswith("Draft kept here at"), timeout=PATIENCE)
    again = window()  # the first window was never closed
    assert again.details.rating.rating == Rating(3, "Half a thought")
    assert again.details.rating.status.text().startswith("Draft kept here at")
    assert "notifies the operator" in again.details.rating.status.text()


def test_a_draft_is_kept_at_once_when_one_goes_on_or_closes(window: Open, qtbot: QtBot, path: Path) -> None:
    shown = window()
    rate(shown, 3, "First")
    go(shown, qtbot, "288")
    rate(shown, 1, "Second")
    shown.close()
    kept = Drafts(path)
    assert [draft.rating.stars for number in (321, 288) if (draft := kept.get(ACCOUNT, number))] == [3, 1]
    again = window()
    assert again.details.rating.rating == Rating(3, "First")


def test_what_was_put_back_is_no_draft(window: Open, path: Path) -> None:
    shown = window()
    rate(shown, 3)
    shown.reviewer.keep()
    assert Drafts(path).get(ACCOUNT, 321)
    QTest.keyClick(shown.details.rating.stars, Qt.Key.Key_0)
    shown.reviewer.keep()
    assert Drafts(path).get(ACCOUNT, 321) is None


def test_reading_again_keeps_what_is_being_typed_and_where(window: Open, qtbot: QtBot) -> None:
    shown = window()
    rate(shown, 3, "Half")
    with qtbot.waitSignal(shown.desk.opened, timeout=PATIENCE):
        QTest.keyClick(shown.details.rating.comment, Qt.Key.Key_F5)
    assert shown.details.rating.comment.hasFocus()
    QTest.keyClicks(shown.details.rating.comment, " a thought")
    assert shown.details.rating.rating == Rating(3, "Half a thought")


def test_a_disk_that_refuses_is_told(window: Open, path: Path) -> None:
    path.parent.joinpath("blocker").write_text("", encoding="utf-8")
    shown = window()
    shown.reviewer._drafts = Drafts(path.parent / "blocker" / "drafts.json")
    rate(shown, 3)
    shown.reviewer.keep()
    assert shown.details.rating.status.text().startswith("The draft cannot be kept on this computer.")
    assert shown.details.rating.save_button.isEnabled()


def test_the_keys_are_in_the_sheet(window: Open, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QLabel

    from viewer.ui.prompts.shortcuts import show_shortcuts

    prompt = show_shortcuts(window())
    words = [label.text() for label in prompt.findChildren(QLabel)]
    assert words[words.index("Ctrl+S") + 1] == "Save the rating"
    assert words[words.index("1…5") + 1] == "Stars, wherever nothing is typed"
