"""The real window on a demo portal, and the mouse over its transcript."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer import settings
from viewer.bitrix import Pace, Portal, Webhook, embedded
from viewer.chat import File, MessageRow
from viewer.demo import DemoPortal
from viewer.library.sources import Source
from viewer.ui import theme as themes
from viewer.ui.desk import Desk
from viewer.ui.tasks import Tasks
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.window import MainWindow

PATIENCE = 15_000
ACCOUNT = "zerno.bitrix24.example#17"
Open = Callable[..., MainWindow]


@pytest.fixture
def demo() -> DemoPortal:
    return DemoPortal(limits=False, big=20, today=datetime.now(UTC).date())


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, demo: DemoPortal) -> Iterator[Open]:
    """Opens a window on a dialogue."""
    look = themes.theme("light")
    themes.apply(qapp, look)
    opened: list[MainWindow] = []

    def portal() -> Portal:
        pace = Pace(rate=500, burst=500, wait=lambda _s, _c: None)
        return Portal(Webhook.parse(demo.WEBHOOK), transport=embedded(demo.respond), pace=pace)

    def show(reference: str = "343") -> MainWindow:
        desk = Desk(Tasks())
        desk.use(Source(ACCOUNT, "Зерно и Ко", demo.HOST, portal))
        made = MainWindow(desk, settings.Store(None), look)
        opened.append(made)
        qtbot.addWidget(made)
        made.resize(1300, 900)
        made.show()
        go(made, qtbot, reference)
        made.activateWindow()
        with qtbot.waitActive(made):
            pass
        return made

    yield show
    for each in opened:
        assert each.desk.close()


def go(window: MainWindow, qtbot: QtBot, reference: str) -> None:
    """Open another dialogue."""
    with qtbot.waitSignal(window.desk.opened, timeout=PATIENCE):
        window.open_text(reference)


def places(window: MainWindow) -> dict[int, float]:
    """Where the messages in sight stand on the screen, by their numbers."""
    QApplication.processEvents()
    view = window.conversation.view
    view.lay_out()
    top = view.viewport().mapToGlobal(QPoint(0, 0)).y()
    rows = [(view.stage.rows[each.row], each.y * view.scale) for each in view.stage.shown]
    return {row.message.id: round(top + y, 1) for row, y in rows if isinstance(row, MessageRow)}


def steady(before: dict[int, float], after: dict[int, float]) -> bool:
    """Whether what is in sight both times, which is enough, stands where it stood."""
    both = before.keys() & after.keys()
    return len(both) >= 3 and all(before[each] == after[each] for each in both)


def file_named(window: MainWindow, name: str) -> File:
    """The first file of a name in the open dialogue."""
    return next(file for file in window.desk.transcript.files.values() if file.name == name)


def reveal(window: MainWindow, file: File) -> None:
    """Bring the message of a file into sight."""
    view = window.conversation.view
    message = next(each for each in window.desk.transcript.messages if file.id in each.file_ids)
    assert view.show_message(message.id, share=0.5)
    view.lay_out()
    view.viewport().repaint()
    QApplication.processEvents()


def spot(window: MainWindow, wanted: Callable[[Hit], bool]) -> QPoint:
    """A point of the transcript where something is met, as near to its middle as a coarse look tells."""
    view = window.conversation.view
    view.lay_out()
    size = view.viewport().size()
    found = [
        QPoint(x, y)
        for y in range(0, size.height(), 6)
        for x in range(0, size.width(), 6)
        if (hit := view.hit_at(QPointF(x, y))) is not None and wanted(hit)
    ]
    assert found, "not on screen"
    return found[len(found) // 2]


def of_file(file: File, act: Act = Act.FILE) -> Callable[[Hit], bool]:
    """What a click on a file meets."""
    return lambda hit: hit.act is act and hit.target == file.id


def click(window: MainWindow, wanted: Callable[[Hit], bool]) -> None:
    """Click in the transcript."""
    QTest.mouseClick(window.conversation.view.viewport(), Qt.MouseButton.LeftButton, pos=spot(window, wanted))


def mouse(kind: QEvent.Type, widget: object, at: QPoint) -> None:
    """A mouse event with the left button held, which QTest's own moves do not tell of."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    moves = kind is QEvent.Type.MouseMove
    held = none if kind is QEvent.Type.MouseButtonRelease else left
    place = QPointF(widget.mapToGlobal(at))  # type: ignore[attr-defined]
    event = QMouseEvent(kind, QPointF(at), place, none if moves else left, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)  # type: ignore[arg-type]
