"""The first run."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from viewer.bitrix import Checked
from viewer.errors import ViewerError
from viewer.ui import theme as themes
from viewer.ui.prompts.welcome import WelcomePage

ADDRESS = "https://zerno.bitrix24.example/rest/17/abcdefgh/"
HOST = "zerno.bitrix24.example"
ALL = ("imopenlines", "im", "crm", "user_brief", "disk")


@pytest.fixture
def page(qtbot: QtBot) -> WelcomePage:
    made = WelcomePage(themes.theme("light"), "kept in the keyring")
    qtbot.addWidget(made)
    made.resize(1000, 760)
    made.show()
    return made


def found(without: str = "") -> Checked:
    return Checked("Марина Лещенко", 17, tuple(scope for scope in ALL if scope != without), can_list=True, seconds=0.4)


def test_nothing_can_be_connected_before_it_was_checked(page: WelcomePage) -> None:
    assert not page.connect_button.isEnabled()
    assert not page.check_button.isEnabled()


def test_the_secret_is_hidden_until_asked_for(page: WelcomePage) -> None:
    assert page.field.echoMode() is QLineEdit.EchoMode.Password
    page._eye.trigger()
    assert page.field.echoMode() is QLineEdit.EchoMode.Normal


def test_enter_checks_what_was_pasted(page: WelcomePage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.field, ADDRESS)
    with qtbot.waitSignal(page.check) as heard:
        qtbot.keyClick(page.field, Qt.Key.Key_Return)
    assert heard.args == [ADDRESS]


def test_a_good_webhook_opens_the_way(page: WelcomePage, qtbot: QtBot) -> None:
    page.field.setText(ADDRESS)
    page.show_checked(HOST, found())
    assert page.result.head.text() == "Марина Лещенко on zerno.bitrix24.example"
    assert "5 of 5 permissions" in page.result.text.text()
    with qtbot.waitSignal(page.connect_asked):
        qtbot.mouseClick(page.connect_button, Qt.MouseButton.LeftButton)


def test_a_missing_tick_is_named_with_what_it_costs(page: WelcomePage) -> None:
    page.field.setText(ADDRESS)
    page.show_checked(HOST, found("disk"))
    assert "some files will open in the browser" in page.rights.rows["disk"][1].text()
    assert page.connect_button.isEnabled()


def test_without_the_required_tick_there_is_no_way_on(page: WelcomePage) -> None:
    page.field.setText(ADDRESS)
    page.show_checked(HOST, found("imopenlines"))
    assert not page.connect_button.isEnabled()


def test_an_error_is_said_in_place_and_typing_takes_it_away(page: WelcomePage, qtbot: QtBot) -> None:
    page.field.setText(ADDRESS)
    page.show_error(ViewerError("The webhook is not valid.", "It was deleted.", "Create a new one."))
    assert page.result.isVisible()
    assert page.result.text.text() == "It was deleted. Create a new one."
    qtbot.keyClicks(page.field, "x")
    assert not page.result.isVisible()


def test_an_edited_address_must_be_checked_again(page: WelcomePage, qtbot: QtBot) -> None:
    page.field.setText(ADDRESS)
    page.show_checked(HOST, found())
    qtbot.keyClicks(page.field, "x")
    assert not page.connect_button.isEnabled()
