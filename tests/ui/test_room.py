"""Every window fits the screen with its frame, and its buttons can be pressed, whatever the text and the language."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

import viewer
from tests.ui.opened import PATIENCE
from tests.ui.test_large_text import cut, overlapping, written_at
from viewer import i18n, settings
from viewer.library.history import History
from viewer.library.sources import demo_source
from viewer.ui import room
from viewer.ui import theme as themes
from viewer.ui.application import Program
from viewer.ui.calendar import Calendar
from viewer.ui.crash import CrashWindow
from viewer.ui.exports.past import HistoryDialog
from viewer.ui.exports.previews import show_replaced
from viewer.ui.exports.printing import PreviewDialog
from viewer.ui.prompts.raw import show_raw
from viewer.ui.prompts.shortcuts import show_shortcuts
from viewer.ui.window import MainWindow
from viewer.vault import MemoryVault

SCREENS = {"1366x768": QRect(0, 0, 1366, 728), "1920x1080 at 150 %": QRect(0, 0, 1280, 680)}
ROOT = Path(viewer.__file__).parent

sides = st.integers(0, 3000)
rectangles = st.builds(QRect, st.integers(-4000, 4000), st.integers(-4000, 4000), sides, sides)
corners = st.integers(-2000, 2000)
screens = st.builds(QRect, corners, corners, st.integers(1, 3000), st.integers(1, 3000))


@given(rectangles, screens)
def test_what_is_made_to_fit_is_inside_and_no_smaller_than_it_must_be(wished: QRect, within: QRect) -> None:
    made = room.inside(wished, within)
    assert made.size() == wished.size().boundedTo(within.size())
    assert made.united(within) == within or made.isEmpty()
    if within.contains(wished):
        assert made == wished


def test_a_further_window_does_not_hide_one_that_fills_the_screen(qapp: QApplication, qtbot: QtBot) -> None:
    first, second = QMainWindow(), QMainWindow()
    for window in (first, second):
        qtbot.addWidget(window)
    whole = room.room(first.screen().availableGeometry())
    first.setGeometry(whole)
    room.stand_aside(second, first)
    assert whole.contains(second.geometry())
    assert not second.geometry().contains(first.geometry())


def test_sizes_of_windows_are_given_in_one_place() -> None:
    sizes = re.compile(r"QDialog\(|\(QDialog\)|WindowType\.Popup|availableGeometry|restoreGeometry\(")
    told = [path.name for path in ROOT.rglob("*.py") if sizes.search(path.read_text(encoding="utf-8"))]
    assert told == ["room.py"]


@pytest.fixture(params=SCREENS.values(), ids=SCREENS)
def screen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> QRect:
    """The available part of the only screen."""
    available: QRect = request.param
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: QRect(available))
    return available


@pytest.fixture(params=[1.0, 1.5], ids=["usual text", "150 %"])
def scale(request: pytest.FixtureRequest, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[float]:
    monkeypatch.setattr(themes, "_USUAL_ELSEWHERE", 9.0)
    monkeypatch.setattr(themes, "_USUAL", {})
    written_at(9 * request.param)
    yield request.param
    written_at(9)
    themes.apply(qapp, themes.theme("light"))


@pytest.fixture(params=["ru", "en"])
def program(request: pytest.FixtureRequest, qapp: QApplication, qtbot: QtBot, scale: float) -> Iterator[Program]:
    store = settings.Store(None)
    store.change(language=request.param)
    made = Program(qapp, store, MemoryVault)
    yield made
    made.close()
    qtbot.waitUntil(lambda: made.shared.tasks.busy == 0, timeout=PATIENCE)
    for each in (*(shown.frame for shown in made.windows), made):
        if each is not None:
            each.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    i18n.use("en")


def out_of_sight(window: QWidget) -> list[str]:
    """Buttons that do not scroll and cannot be seen as a whole."""
    QApplication.processEvents()
    return [
        each.text() or each.accessibleName()
        for each in window.findChildren(QAbstractButton)
        if each.isVisible() and not _scrolls(each) and each.visibleRegion().boundingRect() != each.rect()
    ]


def _scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def check(window: QWidget, screen: QRect, qtbot: QtBot) -> None:
    """It fits, with the frame that it will have, and what does not scroll is whole."""
    qtbot.waitExposed(window)
    within = screen if window.windowType() is Qt.WindowType.Popup else room.room(screen)
    assert window.size() == window.size().boundedTo(within.size())
    qtbot.waitUntil(lambda: screen.contains(window.frameGeometry()))  # a window manager draws the frame a little later
    assert window.minimumSizeHint().width() <= window.width(), "what scrolls up and down is cut at the right"
    assert out_of_sight(window) == []


def test_the_first_pages_fit(program: Program, screen: QRect, qtbot: QtBot) -> None:
    for show in (program.front.show_welcome, program.front.show_sign_in):
        shown = show()
        check(shown, screen, qtbot)
        assert room.room(screen).contains(shown.geometry())
        page = shown.centralWidget()
        assert cut(page) == []
        shown.resize(shown.minimumSizeHint().width(), shown.minimumHeight())
        assert shown.width() < 1024
        assert shown.height() < 600
        assert cut(page) == []


def test_the_window_and_everything_it_opens_fits(program: Program, screen: QRect, qtbot: QtBot, tmp_path: Path) -> None:
    window = program.front.show_source(demo_source(), "321")
    qtbot.waitUntil(lambda: window.desk.complete and bool(window.dialogues.model.rows), timeout=PATIENCE)
    check(window, screen, qtbot)
    assert room.room(screen).contains(window.geometry())
    window.store.change(export_folder=str(tmp_path))
    for shown in everything(window, program, qtbot, tmp_path):
        shown.show()
        check(shown, screen, qtbot)
        shown.close()
    for size in (window.minimumSize(), QSize(1024, 600)):
        assert (size.width(), size.height()) <= (1024, 600)
        window.resize(size)
        QApplication.processEvents()
        assert window.size() == size
        assert out_of_sight(window) == []
        for bar in (window.toolbar, window.status, window.conversation.head, window.dialogues):
            assert overlapping(bar) == []


def everything(window: MainWindow, program: Program, qtbot: QtBot, folder: Path) -> Iterator[QWidget]:
    """Every dialog and everything that pops up, opened one after the other."""
    window.preferences.open()
    assert window.preferences.dialog is not None
    yield window.preferences.dialog
    accounts = program.front.manage()
    assert accounts is not None
    yield accounts
    window.diagnose()
    assert window.diagnostics is not None
    yield window.diagnostics
    yield show_shortcuts(window)
    window.keys.show_limits()
    assert window.limits is not None
    yield window.limits
    yield show_raw(window.desk.transcript.messages[0], window)
    yield CrashWindow("Heading " * 9, "Words " * 90, "Line\n" * 90, folder)
    yield show_replaced([], window)
    yield HistoryDialog(History(None), "", window)
    yield PreviewDialog(window.theme, window)
    bar = window.dialogues.bar
    bar.popover.show_filter(bar.wanted, bar.names, [f"Filter {number}" for number in range(9)])
    bar.popover.open_below(bar.more)
    yield bar.popover
    bar.span.open_below(bar.period, date(2026, 1, 1), date(2026, 2, 1))
    yield bar.span
    calendar = Calendar({date(2026, 2, 1): 3}, window.theme, window)
    calendar.open_at(QPoint(1270, 670), None)
    yield calendar
    window.exporter.ask()
    export = window.exporter.dialog
    assert export is not None
    yield export


# --- the place that is kept ---


def kept(
    place: QRect, monkeypatch: pytest.MonkeyPatch, state: Qt.WindowState = Qt.WindowState.WindowNoState
) -> QByteArray:
    """What a window says that stood there, on a larger screen."""
    larger = QRect(0, 0, 3840, 2100)
    with monkeypatch.context() as patch:
        patch.setattr(QScreen, "availableGeometry", lambda _screen: larger)
        stood = QMainWindow()
        stood.setGeometry(place)
        stood.setWindowState(state)
        return stood.saveGeometry()


@pytest.mark.parametrize(
    "place",
    [QRect(2600, 1500, 1200, 560), QRect(-1900, 40, 1400, 900), QRect(0, 0, 2200, 2000), QRect(100, 10, 900, 700)],
    ids=["below right", "left", "larger", "title bar above"],
)
@pytest.mark.parametrize("state", [Qt.WindowState.WindowNoState, Qt.WindowState.WindowMaximized])
def test_a_window_comes_back_inside_the_screen_that_is_there(
    qapp: QApplication, screen: QRect, place: QRect, state: Qt.WindowState, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QMainWindow()
    room.place(window, (1440, 900), least=(720, 520))
    room.put_back(window, kept(place, monkeypatch, state))
    large = state is Qt.WindowState.WindowMaximized
    assert window.isMaximized() == large
    assert room.room(screen).contains(window.normalGeometry() if large else window.geometry())


def test_a_window_that_fits_comes_back_where_it_was(qapp: QApplication, screen: QRect) -> None:
    place = QRect(30, 60, 740, 500)
    stood, window = QMainWindow(), QMainWindow()
    stood.setGeometry(place)
    room.put_back(window, stood.saveGeometry())
    assert window.geometry() == place


def test_what_cannot_be_read_changes_nothing(qapp: QApplication, screen: QRect) -> None:
    window = QMainWindow()
    room.place(window, (1440, 900), least=(720, 520))
    before = window.geometry()
    assert room.room(screen).contains(before)
    room.put_back(window, QByteArray(b"no geometry"))
    assert window.geometry() == before


_TWO = """
import sys
from PySide6.QtCore import QByteArray, QRect
from PySide6.QtWidgets import QApplication, QMainWindow
from viewer.ui import room
app = QApplication(sys.argv[:1])
window = QMainWindow()
room.place(window, (1440, 900), least=(720, 520))
if sys.argv[1]:
    room.put_back(window, QByteArray.fromBase64(sys.argv[1].encode()))
else:
    window.setGeometry(QRect(1500, 100, 900, 600))
window.show()
print(window.screen().name(), *window.geometry().getRect(), bytes(window.saveGeometry().toBase64().data()).decode())
"""


def on_screens(tmp_path: Path, screens: list[dict[str, object]], kept: str = "") -> list[str]:
    """Open a window in a program of its own that has these screens: where it stands, and what is to be kept."""
    usual = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    described = json.dumps({"screens": [usual | each for each in screens]})
    (tmp_path / "screens.json").write_text(described, encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-c", _TWO, kept],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen:configfile=screens.json", "PYTHONPATH": str(ROOT.parent)},
        cwd=tmp_path,  # Qt parts its arguments by colons, which a whole path has on Windows
        capture_output=True, encoding="utf-8", check=True, timeout=60,
    )  # fmt: skip
    return told.stdout.split()


def test_a_window_returns_to_its_screen_if_that_is_still_there(tmp_path: Path) -> None:
    laptop = {"name": "laptop", "x": 0, "y": 0, "width": 1280, "height": 680, "dpr": 1.5}
    desk = {"name": "desk", "x": 1280, "y": 0, "width": 1600, "height": 900}
    *place, saved = on_screens(tmp_path, [laptop, desk])
    assert place == ["desk", "1500", "100", "900", "600"]
    assert on_screens(tmp_path, [laptop, desk], saved)[:5] == place
    name, *numbers = on_screens(tmp_path, [laptop], saved)[:5]
    assert name == "laptop"
    assert room.room(QRect(0, 0, 1280, 680)).contains(QRect(*map(int, numbers)))
