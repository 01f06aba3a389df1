"""The system draws its own part, title bars above all, in the theme that was chosen."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer import settings
from viewer.ui import theme as themes
from viewer.ui.application import Program
from viewer.vault import MemoryVault

LIGHT, DARK, UNKNOWN = Qt.ColorScheme.Light, Qt.ColorScheme.Dark, Qt.ColorScheme.Unknown


class Hints(QObject):
    """A system that has schemes, as Windows and macOS do: it tells of its own and of what it was asked for alike."""

    colorSchemeChanged = Signal(Qt.ColorScheme)  # noqa: N815  (Qt's own name)

    def __init__(self) -> None:
        super().__init__()
        self.own, self.asked = LIGHT, UNKNOWN

    def colorScheme(self) -> Qt.ColorScheme:
        return self.own if self.asked is UNKNOWN else self.asked

    def setColorScheme(self, scheme: Qt.ColorScheme) -> None:
        before, self.asked = self.colorScheme(), scheme
        self._tell(before)

    def turn(self, scheme: Qt.ColorScheme) -> None:
        """The user changes the system's own."""
        before, self.own = self.colorScheme(), scheme
        self._tell(before)

    def _tell(self, before: Qt.ColorScheme) -> None:
        if self.colorScheme() is not before:
            self.colorSchemeChanged.emit(self.colorScheme())


@dataclass
class Stage:
    """A program on such a system, and the themes it was dressed in, one after the other."""

    program: Program
    hints: Hints
    worn: list[str] = field(default_factory=list)

    @property
    def seen(self) -> tuple[Qt.ColorScheme, str]:
        """The scheme that the system was asked for, and the theme of the window."""
        return self.hints.asked, self.program.shared.theme.name


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch) -> Hints:
    made = Hints()
    monkeypatch.setattr(QGuiApplication, "styleHints", lambda *_self: made)
    return made


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot, hints: Hints, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    made = Stage(Program(qapp, settings.Store(None), MemoryVault), hints)
    monkeypatch.setattr(themes, "apply", lambda _app, look: made.worn.append(look.name))
    yield made
    made.program.close()
    made.program.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_title_bar_follows_the_chosen_theme_and_then_the_system_again(stage: Stage, hints: Hints) -> None:
    assert stage.seen == (UNKNOWN, "light")
    stage.program.choose_theme("dark")
    assert stage.seen == (DARK, "dark")
    stage.program.choose_theme("")
    assert stage.seen == (UNKNOWN, "light"), "what the system was asked for is not taken for its own"
    hints.turn(DARK)
    assert stage.seen == (UNKNOWN, "dark")
    stage.program.choose_theme("light")
    assert stage.seen == (LIGHT, "light")
    hints.turn(LIGHT)
    hints.turn(DARK)
    assert stage.seen == (LIGHT, "light"), "the user's choice holds"
    stage.program.choose_theme("")
    assert stage.seen == (UNKNOWN, "dark")
    assert stage.worn == ["dark", "light", "dark", "light", "dark"], "once each, though the system tells of it too"


def test_a_theme_that_is_worn_already_is_asked_for_all_the_same(stage: Stage) -> None:
    stage.program.choose_theme("light")
    assert stage.seen == (LIGHT, "light")
    assert stage.worn == []


def test_the_chosen_theme_is_asked_for_at_the_start(qapp: QApplication, qtbot: QtBot, hints: Hints) -> None:
    store = settings.Store(None)
    store.change(theme="dark")
    program = Program(qapp, store, MemoryVault)
    assert (hints.asked, program.shared.theme.name) == (DARK, "dark")
    program.close()
    themes.apply(qapp, themes.theme("light"))


def test_the_real_system_takes_it(qapp: QApplication, qtbot: QtBot) -> None:
    own = themes.ask_for("")
    try:
        assert themes.ask_for("dark") == "dark"
        QApplication.processEvents()
        if qapp.styleHints().colorScheme() is UNKNOWN:
            pytest.skip("this desktop has no schemes to choose from")
        assert themes.system_scheme() == "dark"
        assert themes.ask_for("light") == themes.system_scheme() == "light"
    finally:
        themes.ask_for("")
        QApplication.processEvents()
    assert themes.system_scheme() == own
