"""A view to lay conversations out in."""

import pytest
from pytestqt.qtbot import QtBot

from viewer.ui.theme import theme
from viewer.ui.transcript import TranscriptView


@pytest.fixture
def view(qtbot: QtBot) -> TranscriptView:
    """The transcript alone, empty, on the screen."""
    made = TranscriptView(theme("light"))
    qtbot.addWidget(made)
    made.resize(780, 600)
    with qtbot.waitExposed(made):
        made.show()
    return made
