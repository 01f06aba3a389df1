"""Enter in a dialog: the button that has the focus, else the one that the dialog is for."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from viewer.settings import Settings
from viewer.ui.enter import Enter
from viewer.ui.prompts.settings import SettingsDialog

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Asked(QDialog):
    """A dialog with a first button that does harm."""

    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[str] = []
        self.field, self.number, self.tick = QLineEdit(), QSpinBox(), QCheckBox("tick")
        self.harm, self.cancel, self.go = QPushButton("harm"), QPushButton("cancel"), QPushButton("go")
        column = QVBoxLayout(self)
        for each in (self.harm, self.field, self.number, self.tick, self.cancel, self.go):
            column.addWidget(each)
            if isinstance(each, QPushButton):
                each.clicked.connect(partial(self._pressed, each.text()))
        Enter(self, self.go)

    def _pressed(self, name: str, _on: bool = False) -> None:
        self.pressed.append(name)


@pytest.mark.parametrize("key", ENTER)
def test_enter_presses_what_has_the_focus_or_what_the_dialog_is_for(qtbot: QtBot, key: Qt.Key) -> None:
    dialog = Asked()
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    expected: list[tuple[QWidget, list[str]]] = [
        (dialog.tick, ["go"]), (dialog.field, []), (dialog.number, []), (dialog.cancel, ["cancel"]),
        (dialog.harm, ["harm"]), (dialog.go, ["go"]),
    ]  # fmt: skip
    for place, pressed in expected:
        dialog.pressed.clear()
        place.setFocus()
        QTest.keyClick(place, key)
        assert (dialog.pressed, dialog.isVisible()) == (pressed, True)
    dialog.go.setEnabled(False)
    dialog.pressed.clear()
    dialog.tick.setFocus()
    QTest.keyClick(dialog.tick, key)
    assert dialog.pressed == []
    QTest.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_no_field_of_the_settings_empties_the_cache(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.empty.setEnabled(True)
    with qtbot.assertNotEmitted(dialog.empty_asked):
        for place in (dialog.zoom, dialog.norm, dialog.theme, dialog.compact, dialog.cache_mb):
            place.setFocus()
            QTest.keyClick(place, Qt.Key.Key_Return)
    dialog.empty.setFocus()
    with qtbot.waitSignal(dialog.empty_asked):
        QTest.keyClick(dialog.empty, Qt.Key.Key_Return)
