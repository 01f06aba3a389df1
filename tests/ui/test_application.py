"""The passage from the first run to the portal, with the real client on the demo portal; and what a keyring may do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu
from pytestqt.qtbot import QtBot

from tests.conftest import MemoryKeyring
from viewer import i18n, settings
from viewer.bitrix import Access, Pace, Portal, embedded
from viewer.demo import DemoPortal
from viewer.library import sources
from viewer.library.drafts import default_path
from viewer.settings import Account
from viewer.ui import accounts
from viewer.ui import theme as themes
from viewer.ui.application import Program
from viewer.ui.prompts.accounts import AccountsDialog
from viewer.ui.prompts.welcome import WelcomePage
from viewer.ui.transcript.context import Reading
from viewer.ui.window import MainWindow
from viewer.vault import Entry, FallbackVault, MemoryVault, SystemVault, Vault, best_vault

PATIENCE = 15_000
SAMPLES = Path(__file__).parent.parent / "samples"


class LockedKeyring(MemoryKeyring):
    """A keyring that refuses."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("It is locked.")


@dataclass
class Stage:
    """A program on the demo portal, and what its tests look at."""

    program: Program
    store: settings.Store
    portal: DemoPortal

    @property
    def page(self) -> WelcomePage:
        frame = self.program.front.welcome
        assert isinstance(frame, QMainWindow)
        page = frame.centralWidget()
        assert isinstance(page, WelcomePage)
        return page


@pytest.fixture
def vault() -> Vault:
    return best_vault()


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    portal = DemoPortal(limits=False, big=20, today=datetime.now(UTC).date())

    def opened(access: Access, _authority: Path | None = None) -> Portal:
        return Portal(access, transport=embedded(portal.respond), pace=Pace(rate=500, burst=500))

    monkeypatch.setattr(sources, "_open", opened)
    store = settings.Store(settings.default_path())
    program = Program(qapp, store, lambda: vault, opened)
    yield Stage(program, store, portal)
    program.close()
    qtbot.waitUntil(lambda: program.shared.tasks.busy == 0)
    for each in (*(shown.frame for shown in program.windows), program):  # each theme dresses every widget that is left
        if each is not None:
            each.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def connected(stage: Stage, qtbot: QtBot) -> MainWindow:
    stage.program.front.show_welcome()
    page = stage.page
    qtbot.keyClicks(page.field, stage.portal.WEBHOOK)
    qtbot.mouseClick(page.check_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.connect_button.isEnabled, timeout=PATIENCE)
    assert "Марина Лещенко" in page.result.head.text()
    qtbot.mouseClick(page.connect_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.program.front.window is not None, timeout=PATIENCE)
    window = stage.program.front.window
    assert window is not None
    qtbot.waitUntil(lambda: len(window.desk.sessions) > 40, timeout=PATIENCE)
    return window


def test_a_pasted_webhook_leads_to_the_dialogues_and_is_kept_in_the_keyring(
    stage: Stage, qtbot: QtBot, vault: Vault
) -> None:
    connected(stage, qtbot)
    (account,) = stage.store.value.accounts
    assert (account.host, account.user_name) == (stage.portal.HOST, "Марина Лещенко")
    assert isinstance(vault, SystemVault)
    assert Entry.read(vault.load(account.key) or "").values == {"address": stage.portal.WEBHOOK}
    assert stage.store.path is not None
    assert "demodemodemodemo" not in stage.store.path.read_text(encoding="utf-8")


def test_a_wrong_webhook_is_told_in_place(stage: Stage, qtbot: QtBot) -> None:
    stage.program.front.show_welcome()
    page = stage.page
    qtbot.keyClicks(page.field, stage.portal.WEBHOOK.replace("demo", "wrong"))
    qtbot.mouseClick(page.check_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.result.property("mood") == "bad", timeout=PATIENCE)
    assert page.result.head.text() == "The portal does not accept this webhook."
    assert not page.connect_button.isEnabled()


@pytest.mark.parametrize("vault", [FallbackVault(LockedKeyring())])
def test_a_keyring_that_refuses_keeps_the_webhook_for_this_session(stage: Stage, qtbot: QtBot, vault: Vault) -> None:
    window = connected(stage, qtbot)
    assert "this session only" in window.conversation.notice.text.text()
    assert stage.program.shared.vault.status == "session"


def test_the_first_run_goes_to_the_demo_portal_and_back(stage: Stage, qtbot: QtBot) -> None:
    stage.program.front.show_welcome()
    qtbot.mouseClick(stage.page.brand.demo, Qt.MouseButton.LeftButton)
    window = stage.program.front.window
    assert window is not None
    qtbot.waitUntil(lambda: len(window.desk.sessions) > 40, timeout=PATIENCE)
    window.toolbar.connect_asked.emit()
    assert stage.page.brand.back.isVisibleTo(stage.page)


def test_the_language_changes_the_window_and_keeps_the_dialogue(stage: Stage, qtbot: QtBot) -> None:
    window = stage.program.front.show_source(sources.demo_source(), "321")
    qtbot.waitUntil(lambda: window.desk.complete, timeout=PATIENCE)
    stage.program.choose_language("ru")
    changed = stage.program.front.window
    assert changed is not None
    assert changed is not window
    assert changed.toolbar.export_button.text() == "Экспорт"
    qtbot.waitUntil(lambda: changed.desk.complete, timeout=PATIENCE)
    assert changed.conversation.head.title.text() == "Анна Вересова"
    assert stage.store.value.language == "ru"


def test_ratings_and_drafts_of_the_demo_outlive_the_window_and_leave_nothing_on_the_disk(
    stage: Stage, qtbot: QtBot, home: Path
) -> None:
    window = stage.program.front.show_source(sources.demo_source(), "321")
    qtbot.waitUntil(lambda: window.desk.complete, timeout=PATIENCE)
    section = window.details.rating
    qtbot.keyClick(section.stars, Qt.Key.Key_4)
    with qtbot.waitSignal(window.reviewer.finished, timeout=PATIENCE):
        qtbot.mouseClick(section.save_button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(section.stars, Qt.Key.Key_2)
    stage.program.choose_language("ru")
    changed = stage.program.front.window
    assert changed is not None
    qtbot.waitUntil(lambda: changed.desk.complete, timeout=PATIENCE)
    assert changed.desk.transcript.sessions[-1].head_vote == 4
    assert changed.details.rating.rating.stars == 2
    assert "drafts.json" not in [each.name for each in home.rglob("*")]


def test_a_removed_portal_takes_its_drafts_along(stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window = connected(stage, qtbot)
    window.open_text("321")
    qtbot.waitUntil(lambda: window.desk.complete, timeout=PATIENCE)
    qtbot.keyClick(window.details.rating.stars, Qt.Key.Key_4)
    window.reviewer.keep()
    assert "321" in default_path().read_text(encoding="utf-8")
    monkeypatch.setattr(accounts, "confirm_removal", lambda _parent, _account: True)
    window.toolbar.manage_asked.emit()
    prompt = window.findChild(AccountsDialog)
    assert prompt is not None
    qtbot.mouseClick(prompt.remove_button, Qt.MouseButton.LeftButton)
    assert default_path().read_bytes() == b"{}"


def test_nothing_of_a_removed_portal_stays_in_the_settings(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = connected(stage, qtbot)
    window.open_text("321")
    qtbot.waitUntil(lambda: window.desk.complete, timeout=PATIENCE)
    assert stage.store.value.places, "where reading ended is kept"
    monkeypatch.setattr(accounts, "confirm_removal", lambda _parent, _account: True)
    window.toolbar.manage_asked.emit()
    prompt = window.findChild(AccountsDialog)
    assert prompt is not None
    qtbot.mouseClick(prompt.remove_button, Qt.MouseButton.LeftButton)
    file = settings.default_path()
    kept = {each.name: each.read_text(encoding="utf-8") for each in file.parent.glob("settings.json*")}
    assert file.name in kept
    assert not [name for name, told in kept.items() if stage.portal.HOST in told]


def test_the_theme_is_worn_at_once_and_remembered(stage: Stage, qtbot: QtBot) -> None:
    stage.program.front.show_source(sources.demo_source())
    stage.program.choose_theme("dark")
    assert stage.program.shared.theme.dark
    assert stage.store.value.theme == "dark"


def test_an_account_without_its_secret_is_told_not_a_blank_pane(stage: Stage, qtbot: QtBot) -> None:
    account = Account("gone.example#1", "gone.example")
    window = stage.program.front.show_source(sources.account_source(account, MemoryVault()))
    told = window.dialogues.state.title
    qtbot.waitUntil(lambda: "gone.example" in told.text(), timeout=PATIENCE)
    assert told.text() == "The webhook of gone.example is not on this computer."


def test_the_menu_of_a_message_copies_it_and_reads_it_in_other_ways(stage: Stage, qtbot: QtBot) -> None:
    window = stage.program.front.show_source(sources.demo_source(), "343")
    qtbot.waitUntil(lambda: window.desk.complete, timeout=PATIENCE)
    asked = next(each for each in window.desk.transcript.messages if each.markdown)
    carded = next(each for each in window.desk.transcript.messages if each.text.startswith("[B]Every grid"))
    window.menus.message(asked.id, window.pos())
    (menu,) = window.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    (ways,) = (action.menu() for action in menu.actions() if action.text() == "Show text")
    assert isinstance(ways, QMenu)
    assert [(each.text(), each.isChecked()) for each in ways.actions()] == [
        ("Formatted", False), ("Formatted as Markdown", True), ("As typed", False),
    ]  # fmt: skip
    ways.actions()[2].trigger()
    assert window.conversation.view.reading(asked.id) is Reading.TYPED
    menu.close()
    window.menus.message(carded.id, window.pos())
    copying = window.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)[-1]
    copying.actions()[1].trigger()
    copying.close()
    copied = stage.program.app.clipboard().mimeData()
    assert "Every grid, the other spelling\nBlock: name over value\nRow: beside" in copied.text()
    assert "<th>Row</th><td><b>beside</b></td>" in copied.html()


def test_the_settings_speak_the_new_language_and_stay_open(stage: Stage, qtbot: QtBot) -> None:
    window = stage.program.front.show_source(sources.demo_source(), "321")
    qtbot.waitUntil(lambda: window.desk.complete, timeout=PATIENCE)
    window.preferences.open()
    dialog = window.preferences.dialog
    assert dialog is not None
    qtbot.keyClick(dialog.language, Qt.Key.Key_End)
    changed = stage.program.front.window
    assert changed is not None
    assert changed is not window
    again = changed.preferences.dialog
    assert again is not None
    assert (again.windowTitle(), again.language.currentData()) == ("Настройки", "ru")
    assert again.isVisible()
    qtbot.waitUntil(lambda: changed.desk.complete, timeout=PATIENCE)


def test_the_theme_is_chosen_in_the_settings_and_follows_the_system_live(
    stage: Stage, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = stage.program.front.show_source(sources.demo_source())
    window.preferences.open()
    dialog = window.preferences.dialog
    assert dialog is not None
    dialog.theme.setCurrentIndex(dialog.theme.findData("dark"))
    assert stage.program.shared.theme.name == "dark"
    assert [each.isChecked() for each in window.toolbar.gear.menu().actions() if each.data() == "dark"] == [True]
    window.toolbar.theme_button.click()
    assert dialog.theme.currentData() == stage.store.value.theme == "light"
    monkeypatch.setattr(themes, "system_scheme", lambda: "dark")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert stage.program.shared.theme.name == "light", "the user's choice holds"
    monkeypatch.setattr(themes, "system_scheme", lambda: "light")
    dialog.theme.setCurrentIndex(dialog.theme.findData(""))
    monkeypatch.setattr(themes, "system_scheme", lambda: "dark")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert stage.program.shared.theme.name == "dark"
    dialog.theme.setCurrentIndex(dialog.theme.findData("light"))


def test_the_zone_of_the_settings_is_spoken_from_the_start(qapp: QApplication) -> None:
    store = settings.Store(None)
    store.change(zone="utc")
    program = Program(qapp, store, MemoryVault)
    assert i18n.zone() == "utc"
    program.close()


def test_a_saved_answer_takes_the_place_of_the_portal(stage: Stage, qtbot: QtBot) -> None:
    window = stage.program.front.show_source(sources.demo_source(), "321")
    qtbot.waitUntil(lambda: window.desk.complete, timeout=PATIENCE)
    stage.program.front.open([str(SAMPLES / "seed_000.json")], Path())
    qtbot.waitUntil(lambda: stage.program.front.window is not window, timeout=PATIENCE)
    shown = stage.program.front.window
    assert shown is not None
    qtbot.waitUntil(lambda: shown.desk.complete, timeout=PATIENCE)
    assert "seed_000.json" in shown.windowTitle()
    assert shown.conversation.reads


def test_settings_that_the_disk_refuses_are_told_and_kept(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    window = connected(stage, qtbot)
    assert stage.store.path is not None
    before = stage.store.path.read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "held by another program")

    with monkeypatch.context() as held:
        held.setattr(stage.store._file, "change", refuse)
        stage.program.choose_theme("dark")
    notice = window.conversation.notice
    assert "cannot be written now" in notice.text.text()
    assert "settings.json" in notice.text.text()
    assert stage.store.value.theme == "dark"
    assert stage.store.path.read_bytes() == before

    stage.store.change(zoom=110)
    kept = settings.Store(stage.store.path).value
    assert (kept.theme, kept.zoom, len(kept.accounts)) == ("dark", 110, 1)
