"""What is said above a conversation: nothing moves for it, and good news go by themselves."""

from pytestqt.qtbot import QtBot

from tests.ui.opened import Open, demo, places, steady, window
from viewer.ui.notice import Notice
from viewer.ui.theme import theme

__all__ = ["demo", "window"]


def test_no_row_moves_for_a_notice_or_the_find_bar(window: Open, qtbot: QtBot) -> None:
    shown = window("321")
    view, notice = shown.conversation.view, shown.conversation.notice
    for distance in (0, 260, 10_000):
        view.scroll_by(distance)
        before = places(shown)
        notice.tell("The portal is busy.", "warn")
        qtbot.waitUntil(notice.isVisible)
        assert steady(before, places(shown))
        shown.finder.open()
        assert steady(before, places(shown))
        notice.hide()
        shown.conversation.find_bar.hide()
        assert places(shown) == before


def test_good_news_go_by_themselves_and_a_choice_stays(qtbot: QtBot) -> None:
    notice = Notice(theme("light"))
    qtbot.addWidget(notice)
    notice._clock.setInterval(50)
    notice.tell("Saved.", "good")
    qtbot.waitUntil(lambda: not notice.isVisible())
    for tone, actions in (("good", [("Show in folder", lambda: None)]), ("bad", []), ("warn", [])):
        notice.tell("Saved.", "good")
        notice.tell("Told.", tone, actions)
        qtbot.wait(150)
        assert notice.isVisible()
    notice.tell("Saved.", "good")
    notice.text.setSelection(0, 3)
    qtbot.wait(150)
    assert notice.isVisible(), "somebody copies the words"
