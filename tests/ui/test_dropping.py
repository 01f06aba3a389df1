"""What is dropped on the window: an id, a link, a saved answer, and what is none of them."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.opened import PATIENCE, Open, demo, window
from viewer.errors import ViewerError
from viewer.library.sources import saved_source
from viewer.settings import Store
from viewer.ui import theme as themes
from viewer.ui.desk import Desk
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow

__all__ = ["demo", "window"]

SAMPLES = Path(__file__).parent.parent / "samples"
_COPY, _LEFT, _NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def dropped(text: str = "", *urls: QUrl) -> QMimeData:
    made = QMimeData()
    if text:
        made.setText(text)
    if urls:
        made.setUrls(list(urls))
    return made


def drop(target: MainWindow, what: QMimeData) -> bool:
    """Drag something over the window and let it go; whether it was taken."""
    enter = QDragEnterEvent(QPoint(600, 400), _COPY, what, _LEFT, _NONE)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    let_go = QDropEvent(QPointF(600, 400), _COPY, what, _LEFT, _NONE, QEvent.Type.Drop)
    QApplication.sendEvent(target, let_go)
    return let_go.isAccepted()


@pytest.mark.parametrize(
    "what",
    [
        dropped("  321\n"),
        dropped("\nhttps://zerno.bitrix24.example/online/?IM_HISTORY=imol%7C321"),
        dropped("321", QUrl("https://zerno.bitrix24.example/online/?IM_HISTORY=imol%7C321")),
    ],
)
def test_an_id_or_a_link_opens_its_dialogue(window: Open, qtbot: QtBot, what: QMimeData) -> None:
    shown = window("343")
    with qtbot.waitSignal(shown.desk.opened, timeout=PATIENCE):
        assert drop(shown, what)
    assert str(shown.desk.reference) == "321"


def test_what_names_no_dialogue_is_told_and_nothing_is_lost(window: Open) -> None:
    shown = window("343")
    assert drop(shown, dropped("a" * 100_000))
    assert "names no dialogue" in shown.conversation.notice.text.text()
    assert shown.desk.complete
    assert str(shown.desk.reference) == "343"
    assert not drop(shown, dropped(" \n "))
    assert not drop(shown, QMimeData())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("truncated.json", "not a whole answer"),
        ("not_a_history.json", "not a history"),
        ("page.html", "web page"),
        ("missing.json", "cannot be read"),
        (".", "cannot be read"),
    ],
)
def test_a_file_that_is_no_answer_is_told_and_nothing_is_lost(
    window: Open, qtbot: QtBot, name: str, words: str
) -> None:
    shown = window("343")
    asked: list[object] = []
    shown.saved_asked.connect(asked.append)
    assert drop(shown, dropped("", QUrl.fromLocalFile(str(SAMPLES / name))))
    qtbot.waitUntil(lambda: words in shown.conversation.notice.text.text(), timeout=PATIENCE)
    assert asked == []
    assert str(shown.desk.reference) == "343"


def test_saved_answers_are_asked_for_when_they_can_be_read(window: Open, qtbot: QtBot) -> None:
    shown = window("343")
    files = (SAMPLES / "seed_000.json", SAMPLES / "camel_bare.json")
    with qtbot.waitSignal(shown.saved_asked, timeout=PATIENCE) as asked:
        assert drop(shown, dropped("", *(QUrl.fromLocalFile(str(file)) for file in files)))
    assert asked.args == [files]


def test_a_file_in_the_place_of_a_portal_is_read_and_nothing_else_is_asked(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    look = themes.theme("light")
    themes.apply(qapp, look)
    desk = Desk(Tasks())
    desk.use(saved_source((SAMPLES / "seed_000.json",)))
    made = MainWindow(desk, Store(tmp_path / "settings.json"), look)
    qtbot.addWidget(made)
    made.resize(1300, 800)
    made.show()
    with qtbot.waitSignal(desk.opened, timeout=PATIENCE):
        made.start()
    assert desk.rows
    assert made.conversation.reads
    assert desk.transcript.can_vote is None
    assert made.dialogues.isHidden()
    assert not made.details.rating.save_button.isEnabled()
    with pytest.raises(ViewerError, match="read from a file"):
        desk.portal()
    made.refresh()
    qtbot.waitUntil(lambda: desk.complete, timeout=PATIENCE)
    assert desk.rows
    made.links.copy_session()
    assert made.conversation.notice.isHidden()
    made.close()
    assert Store(tmp_path / "settings.json").value.places == ()
    assert desk.close()
