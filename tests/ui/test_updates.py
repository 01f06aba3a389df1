"""Newer versions: nothing is asked until the user says so, and nothing is ever installed."""

from threading import Event

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from viewer.errors import ViewerError
from viewer.library import updates
from viewer.library.sources import demo_source
from viewer.settings import Store
from viewer.ui import theme as themes
from viewer.ui.desk import Desk
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow

PAGE = "https://releases.example/9.9"


class Asked:
    """Counts how often it is asked, and answers as told."""

    def __init__(self) -> None:
        self.times = 0
        self.answer: tuple[str, str] | ViewerError | None = None

    def __call__(self, where: str, _cancel: Event) -> tuple[str, str] | None:
        assert where == "https://releases.example/newest.json"
        self.times += 1
        if isinstance(self.answer, ViewerError):
            raise self.answer
        return self.answer


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    made = Asked()
    monkeypatch.setattr(updates, "look", made)
    monkeypatch.setattr(updates, "address", lambda: "https://releases.example/newest.json")
    return made


def closed(desk: Desk) -> None:
    assert desk.close()


def window(qtbot: QtBot, store: Store) -> MainWindow:
    desk = Desk(Tasks())
    desk.use(demo_source())
    made = MainWindow(desk, store, themes.theme("light"))
    qtbot.addWidget(made, before_close_func=lambda _window: closed(desk))
    return made


def entry(shown: MainWindow) -> QAction | None:
    actions = shown.toolbar.gear.menu().actions()
    return next((each for each in actions if each.text() == "Look for new versions"), None)


def test_without_an_address_nothing_is_offered(qtbot: QtBot) -> None:
    assert entry(window(qtbot, Store(None))) is None


def test_nothing_is_asked_until_the_user_says_so(qtbot: QtBot, asked: Asked) -> None:
    shown = window(qtbot, Store(None))
    shown.painted.emit()
    action = entry(shown)
    assert action is not None
    assert not action.isChecked()
    assert asked.times == 0


def test_choosing_it_asks_at_once_and_is_remembered(qtbot: QtBot, asked: Asked) -> None:
    asked.answer = ("9.9", PAGE)
    shown = window(qtbot, Store(None))
    action = entry(shown)
    assert action is not None
    action.trigger()
    notice = shown.conversation.notice
    qtbot.waitUntil(lambda: "Version 9.9" in notice.text.text(), timeout=5000)
    remembered = [shown.store.value.updates]
    action.trigger()
    remembered.append(shown.store.value.updates)
    assert remembered == [True, False]
    assert asked.times == 1


def test_at_the_next_start_only_news_is_told(qtbot: QtBot, asked: Asked) -> None:
    store = Store(None)
    store.change(updates=True)
    shown = window(qtbot, store)
    with qtbot.waitSignal(shown.painted):
        shown.painted.emit()
    qtbot.waitUntil(lambda: asked.times == 1 and shown.desk.tasks.busy == 0, timeout=5000)
    assert shown.conversation.notice.text.text() == ""
    window(qtbot, store).painted.emit()  # another window of the same run
    assert asked.times == 1


@pytest.mark.parametrize(
    ("answer", "words"), [(None, "This is the newest version."), (ViewerError("No way."), "No way.")]
)
def test_who_asks_gets_an_answer(qtbot: QtBot, asked: Asked, answer: ViewerError | None, words: str) -> None:
    asked.answer = answer
    shown = window(qtbot, Store(None))
    shown.updates.choose(wanted=True)
    qtbot.waitUntil(lambda: shown.conversation.notice.text.text() == words, timeout=5000)
