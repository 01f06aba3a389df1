"""What is dropped on the window: an id, a link, a saved answer, and what is none of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from viewer.errors import ViewerError
from viewer.library.sources import demo_source, saved_source
from viewer.settings import Store
from viewer.ui import theme as themes
from viewer.ui.application import Program
from viewer.ui.desk import Desk
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow
from viewer.vault import MemoryVault

PATIENCE = 15_000
SAMPLES = Path(__file__).parent.parent / "samples"
_COPY, _LEFT, _NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def dropped(text: str = "", *urls: QUrl) -> QMimeData:
    made = QMimeData()
    if text:
        made.setText(text)
    if urls:
        made.setUrls(list(urls))
    return made


def drop(target: QWidget, what: QMimeData) -> bool:
    """Drag something over the window and let it go; whether it was taken."""
    enter = QDragEnterEvent(QPoint(600, 400), _COPY, what, _LEFT, _NONE)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    let_go = QDropEvent(QPointF(600, 400), _COPY, what, _LEFT, _NONE, QEvent.Type.Drop)
    QApplication.sendEvent(target, let_go)
    return let_go.isAccepted()


@pytest.fixture
def program(qapp: QApplication) -> Iterator[Program]:
    made = Program(qapp, Store(None), MemoryVault)
    yield made
    made.close()
    for each in (*(shown.frame for shown in made.windows), made):
        if each is not None:
            each.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def shown(program: Program, qtbot: QtBot) -> MainWindow:
    """A window on a dialogue of the demo portal."""
    made = program.front.show_source(demo_source(), "343")
    qtbot.waitUntil(lambda: made.desk.complete, timeout=PATIENCE)
    return made


@pytest.mark.parametrize(
    "what",
    [
        dropped("  321\n"),
        dropped("\nhttps://zerno.bitrix24.example/online/?IM_HISTORY=imol%7C321"),
        dropped("321", QUrl("https://zerno.bitrix24.example/online/?IM_HISTORY=imol%7C321")),
    ],
)
def test_an_id_or_a_link_opens_on_the_portal_that_is_shown(shown: MainWindow, qtbot: QtBot, what: QMimeData) -> None:
    with qtbot.waitSignal(shown.desk.opened, timeout=PATIENCE):
        assert drop(shown, what)
    assert str(shown.desk.reference) == "321"


def test_what_names_no_dialogue_is_told_and_nothing_is_lost(shown: MainWindow) -> None:
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
        ("missing.json", "There is no file"),
        (".", "is a folder"),
    ],
)
def test_a_file_that_is_no_answer_is_told_and_nothing_is_lost(
    program: Program, shown: MainWindow, qtbot: QtBot, name: str, words: str
) -> None:
    assert drop(shown, dropped("", QUrl.fromLocalFile(str(SAMPLES / name))))
    qtbot.waitUntil(lambda: words in shown.conversation.notice.text.text(), timeout=PATIENCE)
    assert program.front.window is shown
    assert str(shown.desk.reference) == "343"


def test_saved_answers_are_opened_together(program: Program, shown: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    odd = tmp_path / "Ответ №1 100%#.json"
    odd.write_bytes((SAMPLES / "seed_000.json").read_bytes())
    files = (odd, SAMPLES / "camel_bare.json")
    assert drop(shown, dropped("", *(QUrl.fromLocalFile(str(file)) for file in files)))
    qtbot.waitUntil(lambda: program.front.window is not shown, timeout=PATIENCE)
    assert program.front.window is not None
    assert program.front.window.desk.source is not None
    assert program.front.window.desk.source.files == files


def test_the_first_run_page_takes_a_file(program: Program, qtbot: QtBot) -> None:
    frame = program.front.show_welcome()
    assert drop(frame, dropped("", QUrl.fromLocalFile(str(SAMPLES / "seed_000.json"))))
    qtbot.waitUntil(lambda: program.front.window is not None, timeout=PATIENCE)


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
