"""Several portals: signed in to, renamed, checked again, given another secret, removed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from tests.bitrix.office import CLIENT_ID, CLIENT_SECRET, CODE, Office
from viewer import settings
from viewer.bitrix import Access, OAuth, Pace, Portal, embedded
from viewer.demo import DemoPortal
from viewer.library import sources
from viewer.settings import Account
from viewer.ui import accounts as accounts_module
from viewer.ui.application import Program
from viewer.ui.prompts.accounts import AccountsDialog
from viewer.ui.prompts.sign_in import SignInPage
from viewer.ui.prompts.welcome import WelcomePage, host_in
from viewer.vault import Entry, MemoryVault

PATIENCE = 15_000


class Stage:
    """A program on the demo portal, with a sign-in server beside it and a browser that only remembers."""

    def __init__(self, app: QApplication, portal: DemoPortal, office: Office) -> None:
        self.portal, self.office = portal, office
        self.browsed: list[str] = []
        self.vault = MemoryVault()
        self.store = settings.Store(settings.default_path())
        self.program = Program(app, self.store, lambda: self.vault, self.open, office.server())
        self.program.front.accounts._browse = self.browsed.append

    def open(self, access: Access, _authority: Path | None = None) -> Portal:
        if isinstance(access, OAuth):
            return self.office.portal(access)
        return Portal(access, transport=embedded(self.portal.respond), pace=Pace(rate=500, burst=500))

    def add(self, name: str, user: int = 17) -> Account:
        account = Account(f"{self.portal.HOST}#{user}", self.portal.HOST, name=name, user_name="Марина Лещенко")
        self.vault.save(account.key, Entry("webhook", {"address": self.portal.WEBHOOK}).text())
        self.store.put(self.store.value.with_account(account))
        return account


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    made = Stage(qapp, DemoPortal(limits=False, big=20, today=datetime.now(UTC).date()), Office())
    monkeypatch.setattr(sources, "_open", made.open)
    yield made
    made.program.close()
    qtbot.waitUntil(lambda: made.program.shared.tasks.busy == 0, timeout=PATIENCE)


def dialog(stage: Stage, qtbot: QtBot) -> AccountsDialog:
    stage.program.front.show_source(sources.account_source(stage.store.value.accounts[0], stage.vault))
    prompt = stage.program.front.manage()
    assert prompt is not None
    qtbot.waitUntil(lambda: "Марина" in prompt.outcome.head.text(), timeout=PATIENCE)
    return prompt


def type_into(qtbot: QtBot, page: SignInPage) -> None:
    for field, text in (
        (page.portal, "portal.example"),
        (page.client_id, CLIENT_ID),
        (page.client_secret, CLIENT_SECRET),
    ):
        qtbot.keyClicks(field, text)


def test_an_application_is_signed_in_from_the_browser(stage: Stage, qtbot: QtBot) -> None:
    frame = stage.program.front.show_welcome()
    welcome = frame.centralWidget()
    assert isinstance(welcome, WelcomePage)
    welcome.sign_in_asked.emit()
    page = stage.program.front.welcome.centralWidget() if stage.program.front.welcome else None
    assert isinstance(page, SignInPage)
    assert not page.browse_button.isEnabled()
    type_into(qtbot, page)
    qtbot.mouseClick(page.browse_button, Qt.MouseButton.LeftButton)
    (address,) = stage.browsed
    assert address.startswith(f"https://portal.example/oauth/authorize/?client_id={CLIENT_ID}")
    assert CLIENT_SECRET not in address
    state = address.rpartition("state=")[2]
    page.answer.setText(f"https://app.example/?code={CODE}&state={state}&domain=portal.example")
    qtbot.waitUntil(page.connect_button.isEnabled, timeout=PATIENCE)
    assert page.result.head.text() == "Анна on portal.example"
    qtbot.mouseClick(page.connect_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.program.front.window is not None, timeout=PATIENCE)
    (account,) = stage.store.value.accounts
    assert (account.kind, account.host, account.user_name) == ("oauth", "portal.example", "Анна")
    assert stage.store.path is not None
    kept = stage.store.path.read_text(encoding="utf-8")
    assert CLIENT_SECRET not in kept
    assert "t0ken" not in kept


def test_a_wrong_paste_is_told_and_the_right_one_goes_on(stage: Stage, qtbot: QtBot) -> None:
    page = stage.program.front.show_sign_in("portal.example").centralWidget()
    assert isinstance(page, SignInPage)
    page.portal.clear()
    type_into(qtbot, page)
    qtbot.keyClick(page.browse_button, Qt.Key.Key_Space)
    page.answer.setText("https://app.example/?code=c0deFr0mElsewhere1&state=another&domain=portal.example")
    qtbot.waitUntil(lambda: "not from this sign-in" in page.result.head.text(), timeout=PATIENCE)
    assert not page.connect_button.isEnabled()
    page.answer.setText(CODE)
    qtbot.waitUntil(page.connect_button.isEnabled, timeout=PATIENCE)


def test_a_portal_that_is_none_opens_no_browser(stage: Stage, qtbot: QtBot) -> None:
    page = stage.program.front.show_sign_in("not a portal").centralWidget()
    assert isinstance(page, SignInPage)
    qtbot.keyClicks(page.client_id, CLIENT_ID)
    qtbot.keyClicks(page.client_secret, CLIENT_SECRET)
    qtbot.mouseClick(page.browse_button, Qt.MouseButton.LeftButton)
    assert page.result.head.text() == "This is not a portal's address."
    assert stage.browsed == []


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("firma.bitrix24.ru", "firma.bitrix24.ru"), ("https://firma.bitrix24.ru/crm/", "firma.bitrix24.ru"),
        (" firma.bitrix24.ru ", "firma.bitrix24.ru"), ("firma", ""), ("", ""), ("http://[", ""),
    ],
)  # fmt: skip
def test_the_portals_own_page_opens_in_the_browser(stage: Stage, qtbot: QtBot, typed: str, host: str) -> None:
    page = stage.program.front.show_welcome().centralWidget()
    assert isinstance(page, WelcomePage)
    assert host_in(typed) == host
    page.portal.setText(typed)
    qtbot.keyClick(page.portal, Qt.Key.Key_Return)
    assert stage.browsed == ([f"https://{host}/devops/"] if host else [])


def test_an_account_is_renamed_and_checked(stage: Stage, qtbot: QtBot) -> None:
    stage.add("Old name")
    prompt = dialog(stage, qtbot)
    prompt.name.selectAll()
    qtbot.keyClicks(prompt.name, "Shop")
    qtbot.keyClick(prompt.name, Qt.Key.Key_Return)
    assert [account.name for account in stage.store.value.accounts] == ["Shop"]
    assert prompt.list.currentItem().text().startswith("Shop\n")
    assert "5 of 5" in prompt.outcome.text.text()
    stage.portal.scopes -= {"disk"}
    qtbot.mouseClick(prompt.check_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "4 of 5" in prompt.outcome.text.text(), timeout=PATIENCE)
    assert "some files will open in the browser" in prompt.rights.rows["disk"][1].text()
    prompt.close()


def test_a_secret_is_replaced_only_by_one_of_the_same_portal(stage: Stage, qtbot: QtBot) -> None:
    account = stage.add("Shop")
    prompt = dialog(stage, qtbot)
    assert not prompt.replace_button.isEnabled()
    prompt.secret.setText("https://other.example/rest/17/demodemodemodemo/")
    qtbot.mouseClick(prompt.replace_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "another portal" in prompt.outcome.head.text(), timeout=PATIENCE)
    stage.vault.save(account.key, Entry("webhook", {"address": "https://gone.example/rest/1/x/"}).text())
    prompt.secret.setText(stage.portal.WEBHOOK)
    qtbot.keyClick(prompt.secret, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "was replaced" in prompt.outcome.text.text(), timeout=PATIENCE)
    assert Entry.read(stage.vault.load(account.key) or "").values == {"address": stage.portal.WEBHOOK}
    (kept,) = stage.store.value.accounts
    assert (kept.key, kept.name) == (account.key, "Shop")
    assert prompt.secret.text() == ""
    prompt.close()


def test_removing_erases_the_secret(stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    other = stage.add("Other", user=18)
    account = stage.add("Shop")
    prompt = dialog(stage, qtbot)
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(accounts_module.QMessageBox, "question", lambda *_asked: answers.pop(0))
    row = next(at for at in range(prompt.list.count()) if prompt.list.item(at).text().startswith("Shop"))
    prompt.list.setCurrentRow(row)
    qtbot.mouseClick(prompt.remove_button, Qt.MouseButton.LeftButton)
    assert len(stage.store.value.accounts) == 2
    qtbot.mouseClick(prompt.remove_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.vault.load(account.key) is None, timeout=PATIENCE)
    assert stage.store.value.accounts == (other,)
    assert prompt.list.count() == 1
    prompt.close()
