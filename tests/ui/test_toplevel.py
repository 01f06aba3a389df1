"""What comes from outside and when: links wait for a portal, files need none; and several windows of one program."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer import settings
from viewer.bitrix import Access, Pace, Portal, embedded
from viewer.demo import DemoPortal
from viewer.library import sources
from viewer.settings import Account
from viewer.ui.application import Program
from viewer.ui.instance import Request
from viewer.ui.prompts.page import StepsPage
from viewer.ui.prompts.welcome import WelcomePage
from viewer.ui.toplevel import TopLevel
from viewer.ui.window import MainWindow
from viewer.vault import Entry, MemoryVault

PATIENCE = 15_000
SAMPLES = Path(__file__).parent.parent / "samples"


class Stage:
    """A program whose network is a demo portal."""

    def __init__(self, app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
        self.portal = DemoPortal(limits=False, big=20, today=datetime.now(UTC).date())
        self.store = settings.Store(settings.default_path())
        self.vault = MemoryVault()
        self.app = app
        self.programs: list[Program] = []
        monkeypatch.setattr(sources, "_open", self.open)

    def open(self, access: Access, _authority: Path | None = None) -> Portal:
        return Portal(access, transport=embedded(self.portal.respond), pace=Pace(rate=500, burst=500))

    def start(self, *named: str, demo: bool = False, account: str = "") -> Program:
        """The program after a start."""
        store = settings.Store(None) if demo else self.store
        self.programs.append(Program(self.app, store, lambda: self.vault, self.open, demo=demo))
        self.programs[-1].take(Request(named, str(SAMPLES), account))
        return self.programs[-1]

    def add(self, name: str, user: int = 17) -> Account:
        account = Account(f"{self.portal.HOST}#{user}", self.portal.HOST, name=name, user_name="Марина Лещенко")
        self.vault.save(account.key, Entry("webhook", {"address": self.portal.WEBHOOK}).text())
        self.store.put(self.store.value.with_account(account))
        return account


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    made = Stage(qapp, monkeypatch)
    yield made
    for program in made.programs:
        program.close()
        qtbot.waitUntil(lambda: program.shared.tasks.busy == 0, timeout=PATIENCE)  # noqa: B023
        for each in (*(shown.frame for shown in program.windows), program):
            if each is not None:
                each.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def page(top: TopLevel) -> StepsPage:
    shown = top.welcome.centralWidget() if top.welcome is not None else None
    assert isinstance(shown, StepsPage)
    return shown


def window(top: TopLevel) -> MainWindow:
    assert top.window is not None
    return top.window


def told(top: TopLevel) -> str:
    """What the notice says, "" while it is hidden."""
    notice = window(top).conversation.notice
    return "" if notice.isHidden() else notice.text.text()


def shows(top: TopLevel, qtbot: QtBot, reference: str) -> MainWindow:
    """Wait until a dialogue is shown."""
    qtbot.waitUntil(lambda: top.window is not None and top.window.desk.complete, timeout=PATIENCE)
    assert str(window(top).desk.reference) == reference
    return window(top)


def connect(stage: Stage, qtbot: QtBot, shown: StepsPage) -> None:
    assert isinstance(shown, WelcomePage)
    qtbot.keyClicks(shown.field, stage.portal.WEBHOOK)
    qtbot.mouseClick(shown.check_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(shown.connect_button.isEnabled, timeout=PATIENCE)
    qtbot.mouseClick(shown.connect_button, Qt.MouseButton.LeftButton)


def test_a_link_on_the_first_run_waits_and_opens_after_connecting(stage: Stage, qtbot: QtBot) -> None:
    program = stage.start("olv:321")
    shown = page(program.front)
    assert shown.news.text() == "321 opens after connecting."
    assert shown.news.isVisibleTo(shown)
    connect(stage, qtbot, shown)
    shows(program.front, qtbot, "321")


def test_a_link_that_comes_meanwhile_waits_and_nothing_that_was_typed_is_lost(stage: Stage, qtbot: QtBot) -> None:
    program = stage.start()
    shown = page(program.front)
    assert not shown.news.isVisibleTo(shown)
    assert isinstance(shown, WelcomePage)
    shown.field.setText("https://half")
    program.take(Request(("343",)))
    program.take(Request((f"https://{stage.portal.HOST}/online/?IM_HISTORY=imol%7C321",)))
    assert page(program.front) is shown
    assert shown.field.text() == "https://half"
    assert shown.news.text() == "321 opens after connecting.", "the last one"
    shown.sign_in_asked.emit()
    assert page(program.front) is not shown
    assert page(program.front).news.text() == "321 opens after connecting."
    program.choose_language("ru")
    assert page(program.front).news.isVisibleTo(page(program.front))
    program.choose_language("en")
    page(program.front).back.emit()
    connect(stage, qtbot, page(program.front))
    shows(program.front, qtbot, "321")


def test_a_link_that_waits_opens_on_the_way_back(stage: Stage, qtbot: QtBot) -> None:
    stage.add("Портал")
    program = stage.start()
    window(program.front).connect_asked.emit()
    program.take(Request(("321",)))
    page(program.front).back.emit()
    shows(program.front, qtbot, "321")


def test_what_names_nothing_waits_for_nothing(stage: Stage) -> None:
    program = stage.start("olv:nonsense")
    assert "names no dialogue" in page(program.front).news.text()


def test_a_link_never_opens_on_the_demo_portal_that_is_looked_at_meanwhile(stage: Stage, qtbot: QtBot) -> None:
    program = stage.start()
    page(program.front).demo.emit()
    demo = window(program.front)
    qtbot.waitUntil(lambda: len(demo.desk.sessions) > 40, timeout=PATIENCE)
    program.take(Request(("321",)))
    assert program.front.window is demo
    assert demo.desk.reference is None
    assert told(program.front) == "321 opens after connecting."
    demo.connect_asked.emit()
    connect(stage, qtbot, page(program.front))
    assert shows(program.front, qtbot, "321") is not demo


def test_a_link_leaves_the_demo_portal_for_a_connected_one(stage: Stage, qtbot: QtBot) -> None:
    account = stage.add("Портал")
    program = stage.start()
    window(program.front).demo_asked.emit()
    program.take(Request(("olv:321",)))
    source = shows(program.front, qtbot, "321").desk.source
    assert source is not None
    assert source.key == account.key


def test_a_demo_run_opens_links_on_the_demo_portal(stage: Stage, qtbot: QtBot) -> None:
    program = stage.start("321", demo=True)
    first = shows(program.front, qtbot, "321")
    program.take(Request(("olv:288",)))
    qtbot.waitUntil(lambda: str(first.desk.reference) == "288" and first.desk.complete, timeout=PATIENCE)
    assert program.front.window is first


def test_a_link_that_comes_before_the_window_is_painted_is_the_one_that_opens(stage: Stage, qtbot: QtBot) -> None:
    stage.add("Портал")
    program = stage.start("343")
    program.take(Request(("321",)))
    shows(program.front, qtbot, "321")


def test_a_link_opens_on_the_portal_that_it_names(stage: Stage, qtbot: QtBot) -> None:
    named = stage.add("Один")
    other = Account("other.example#1", "other.example", name="Другой")
    stage.store.put(stage.store.value.with_account(other))
    program = stage.start()
    shown = window(program.front).desk.source
    assert shown is not None
    assert shown.key == other.key
    program.take(Request((f"https://{named.host}/online/?IM_HISTORY=imol%7C321",)))
    shown = shows(program.front, qtbot, "321").desk.source
    assert shown is not None
    assert shown.key == named.key
    first = program.front.window
    program.take(Request(("https://unknown.example/online/?IM_HISTORY=imol%7C288",)))
    assert program.front.window is first, "an unknown one may be the same portal under another name"


def test_an_account_is_opened_by_its_key_with_a_dialogue(stage: Stage, qtbot: QtBot) -> None:
    first = stage.add("Один", 17)
    stage.add("Два", 18)
    program = stage.start()
    program.take(Request(("321",), account=first.key))
    source = shows(program.front, qtbot, "321").desk.source
    assert source is not None
    assert source.title == "Один"
    program.take(Request())
    assert window(program.front).desk.source is source, "a plain start changes nothing"


def test_an_account_that_is_gone_meanwhile_is_told(stage: Stage) -> None:
    program = stage.start(account="gone.example#1")
    assert "gone.example#1" in page(program.front).news.text()


def test_a_file_needs_no_portal(stage: Stage, qtbot: QtBot) -> None:
    program = stage.start("seed_000.json")
    shown = window(program.front)
    assert shown.windowTitle() == "seed_000.json · Open Lines Viewer"
    qtbot.waitUntil(lambda: shown.desk.complete, timeout=PATIENCE)
    assert shown.desk.rows


def test_a_file_opens_over_the_first_run_page_and_a_bad_one_leaves_it(stage: Stage, qtbot: QtBot) -> None:
    program = stage.start()
    shown = page(program.front)
    program.take(Request(("page.html",), str(SAMPLES)))
    qtbot.waitUntil(lambda: "web page" in shown.news.text(), timeout=PATIENCE)
    assert shown.news.text().startswith("page.html: ")
    program.take(Request(("seed_000.json",), str(SAMPLES)))
    qtbot.waitUntil(lambda: program.front.window is not None, timeout=PATIENCE)
    assert "seed_000.json" in window(program.front).windowTitle()


@pytest.mark.parametrize(("name", "words"), [("none.json", "There is no file"), ("../samples", "is a folder")])
def test_a_start_with_what_cannot_be_opened_shows_the_portal_and_says_so(
    stage: Stage, qtbot: QtBot, name: str, words: str
) -> None:
    assert words in page(stage.start(name).front).news.text()
    stage.add("Портал")
    stage.store.put(stage.store.value.with_place(settings.Place(f"{stage.portal.HOST}#17", "321")))
    program = stage.start(name)
    shows(program.front, qtbot, "321")
    assert words in told(program.front), "opening the dialogue of last time does not hide it"


def test_a_link_leaves_saved_answers_for_the_portal(stage: Stage, qtbot: QtBot) -> None:
    stage.add("Портал")
    program = stage.start("seed_000.json")
    program.take(Request(("321",)))
    shown = shows(program.front, qtbot, "321")
    assert shown.windowTitle() == "321 · Портал · Open Lines Viewer"


def test_the_last_of_several_files_asked_for_is_shown(stage: Stage, qtbot: QtBot) -> None:
    program = stage.start("seed_000.json")
    for name in ("seed_001.json", "seed_003.json"):
        program.take(Request((name,), str(SAMPLES)))
    qtbot.waitUntil(lambda: "seed_003.json" in window(program.front).windowTitle(), timeout=PATIENCE)


# --- several windows ---


def test_a_window_of_its_own_shares_store_and_demo_and_closes_alone(stage: Stage, qtbot: QtBot) -> None:
    program = stage.start("321", demo=True)
    first = program.front
    shown = shows(first, qtbot, "321")
    qtbot.keyClick(shown, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert len(program.windows) == 2
    second = program.front
    assert second is not first
    assert window(second).desk.source is shown.desk.source, "the same portal: ratings given in one are in the other"
    assert window(second).pos() != shown.pos()
    program.take(Request(("288",), new_window=True))
    assert len(program.windows) == 3
    shows(program.front, qtbot, "288")
    window(program.front).close()
    assert len(program.windows) == 2
    assert str(shown.desk.reference) == "321"
    assert not shown.isHidden()


def test_what_comes_opens_in_the_window_that_was_last_in_front(stage: Stage, qtbot: QtBot) -> None:
    program = stage.start("343", demo=True)
    first = program.front
    program.take(Request(new_window=True))
    QApplication.sendEvent(window(first), QEvent(QEvent.Type.WindowActivate))
    program.take(Request(("321",)))
    shows(first, qtbot, "321")


def test_looks_and_language_are_those_of_all_windows(stage: Stage) -> None:
    stage.add("Портал")
    program = stage.start()
    program.take(Request(new_window=True))
    first, second = program.windows
    window(second).connect_asked.emit()
    program.choose_theme("dark")
    assert window(first).theme.dark
    program.choose_language("ru")
    assert window(first).toolbar.export_button.text() == "Экспорт"
    assert page(second).languages.currentData() == "ru"
    program.choose_theme("light")


def test_a_removed_portal_is_shown_in_no_window_and_is_nowhere_behind_one(stage: Stage) -> None:
    gone = stage.add("Один", 17)
    kept = stage.add("Два", 18)
    program = stage.start(account=gone.key)
    program.take(Request(account=gone.key, new_window=True))
    program.take(Request(account=kept.key, new_window=True))
    third, second, first = program.windows
    window(second).connect_asked.emit()
    assert page(second).brand.back.isVisibleTo(page(second))
    stage.store.put(stage.store.value.without_account(gone.key))
    program.forget(gone.key)
    assert isinstance(page(first), WelcomePage)
    assert window(third).windowTitle() == "Два · Open Lines Viewer"
    assert not page(second).brand.back.isVisibleTo(page(second)), "there is no way back to it"


def test_the_next_start_after_all_windows_closed_opens_one(stage: Stage) -> None:
    program = stage.start("seed_000.json")
    window(program.front).close()
    assert program.windows == ()
    program.take(Request())
    assert isinstance(page(program.front), WelcomePage)
