"""Where the system writes larger, so does the window: nothing is cut, nothing stands over its neighbour."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.opened import PATIENCE, Open, demo, window
from viewer.ui import theme as themes
from viewer.ui.dialogues.delegate import HEIGHT
from viewer.ui.elided import Elided
from viewer.ui.prompts.settings import SettingsDialog
from viewer.ui.prompts.shortcuts import show_shortcuts
from viewer.ui.prompts.welcome import WelcomePage
from viewer.ui.window import MainWindow

__all__ = ["demo", "window"]


def written_at(points: float) -> None:
    """Let the system write at so many points."""
    font = QFont()
    font.setPointSizeF(points)
    themes.follow_system_text(font)


@pytest.fixture(params=[1.5, 2.0], ids=["150 %", "200 %"])
def scale(request: pytest.FixtureRequest, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[float]:
    monkeypatch.setattr(themes, "_USUAL_ELSEWHERE", 9.0)
    monkeypatch.setattr(themes, "_USUAL", {})
    written_at(9 * request.param)
    yield request.param
    written_at(9)
    themes.apply(qapp, themes.theme("light"))


def cut(inside: QWidget) -> list[str]:
    """Texts in sight that have less room than they take."""
    QApplication.processEvents()
    told = []
    for kind in (QLabel, QAbstractButton):
        for each in inside.findChildren(kind):
            if not each.isVisible() or not each.text() or isinstance(each, Elided):
                continue
            needs, has = wanted(each)
            if each.contentsRect().width() + 1 < needs or each.contentsRect().height() + 1 < has:
                told.append(f"{type(each).__name__} “{each.text()}”: {each.size()}, {needs} x {has}")
    return told


def wanted(each: QLabel | QAbstractButton) -> tuple[int, int]:
    """The width and the height that a text takes."""
    metrics = each.fontMetrics()
    if isinstance(each, QLabel) and each.wordWrap():
        return 0, each.heightForWidth(each.width()) - (each.height() - each.contentsRect().height())
    if isinstance(each, QLabel):
        return metrics.horizontalAdvance(each.text()), metrics.height() - metrics.descent()
    if isinstance(each, QPushButton | QCheckBox):
        return metrics.horizontalAdvance(each.text().replace("&", "")), metrics.height() - metrics.descent()
    return 0, 0


def overlapping(parent: QWidget) -> list[str]:
    """Children of one widget that stand over one another."""
    shown = [each for each in parent.children() if isinstance(each, QWidget) and each.isVisible()]
    return [
        f"{one.objectName() or type(one).__name__} over {other.objectName() or type(other).__name__}"
        for number, one in enumerate(shown)
        for other in shown[:number]
        if one.geometry().intersects(other.geometry()) and not one.isWindow() and not other.isWindow()
    ]


@pytest.mark.parametrize(("points", "scale"), [(9, 1), (10, 1), (11, 1), (12, 1.2), (20, 2), (90, 2.5)])
def test_the_scale_follows_the_system_and_a_little_more_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, points: float, scale: float
) -> None:
    monkeypatch.setattr(themes, "_USUAL", {})
    try:
        written_at(points)
        assert themes.text_scale() == scale
        assert themes.font("body").pixelSize() == 13
        assert themes.widget_font("body").pixelSize() == round(13 * scale)
        assert f"font-size: {round(12 * scale)}px" in themes.stylesheet(themes.theme("light"))
    finally:
        written_at(9)


def test_a_font_in_pixels_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(themes, "_USUAL", {"linux": 9.0, "win32": 9.0, "darwin": 9.0})
    font = QFont()
    font.setPixelSize(24)
    try:
        themes.follow_system_text(font)
        assert themes.text_scale() == 2
    finally:
        written_at(9)


@pytest.mark.parametrize("size", [(1000, 700), (1440, 900), (2560, 1440)])
def test_the_window_is_readable(window: Open, qtbot: QtBot, scale: float, size: tuple[int, int]) -> None:
    shown: MainWindow = window("321")
    shown.desk.list_sessions(shown.dialogues.period)
    qtbot.waitUntil(lambda: bool(shown.dialogues.model.rows), timeout=PATIENCE)
    shown.resize(*size)
    QApplication.processEvents()
    assert cut(shown.conversation) == []
    assert cut(shown.details) == []
    assert cut(shown.dialogues) == []
    assert cut(shown.status) == []
    assert [each for each in cut(shown.toolbar) if "Ctrl+K" not in each] == []
    for bar in (shown.toolbar, shown.status, shown.conversation.head, shown.dialogues):
        assert overlapping(bar) == []
    view = shown.conversation.view
    assert view.scale == scale
    assert shown.dialogues.list.sizeHintForRow(0) == round(HEIGHT * scale)
    field = shown.toolbar.field
    assert field.height() >= QLineEdit.fontMetrics(field).height()


def test_the_dialogs_are_readable(window: Open, qtbot: QtBot, scale: float) -> None:
    shown: MainWindow = window("321")
    shown.preferences.open()
    dialog = shown.preferences.dialog
    assert isinstance(dialog, SettingsDialog)
    qtbot.waitUntil(lambda: bool(dialog.held.text()))
    available = dialog.screen().availableGeometry()
    assert dialog.height() <= available.height()
    assert cut(dialog) == []
    sheet = show_shortcuts(shown)
    assert cut(sheet) == []
    sheet.close()


def test_the_first_page_is_readable(qapp: QApplication, qtbot: QtBot, scale: float) -> None:
    look = themes.theme("light")
    themes.apply(qapp, look)
    page = WelcomePage(look, "Kept.", can_go_back=False)
    qtbot.addWidget(page)
    page.resize(1440, 900)
    page.show()
    qtbot.waitExposed(page)
    assert cut(page.brand) == []
