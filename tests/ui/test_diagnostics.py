"""The diagnostics in the window: the ways there, how the list fills, what is copied, a certificate that is added."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.loopback import CODE, Reply, issue, listening
from viewer import bitrix, i18n, settings
from viewer.bitrix import Pace, Portal, Webhook, embedded
from viewer.demo import DemoPortal
from viewer.errors import Cancelled, ViewerError
from viewer.library.sources import Source, demo_source
from viewer.settings import Account
from viewer.ui import theme as themes
from viewer.ui.desk import Desk
from viewer.ui.prompts.diagnostics import Diagnostics
from viewer.ui.states import StatePage
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow

PATIENCE = 15_000


@pytest.fixture
def tasks() -> Iterator[Tasks]:
    made = Tasks()
    yield made
    assert made.close()


def opened(qtbot: QtBot, tasks: Tasks, source: Source, *, can_trust: bool = False) -> Diagnostics:
    page = Diagnostics(source, tasks, themes.theme("light"), can_trust=can_trust)
    qtbot.addWidget(page)
    page.show()
    return page


def ended(qtbot: QtBot, page: Diagnostics) -> list[str]:
    qtbot.waitUntil(lambda: page.again.text() == i18n._("Run again"), timeout=PATIENCE)
    return [step.outcome for step in page.steps]


def weak_source() -> Source:
    portal = DemoPortal(limits=False, big=5, scopes=frozenset({"imopenlines"}))

    def open_portal() -> Portal:
        return Portal(Webhook.parse(portal.WEBHOOK), transport=embedded(portal.respond), pace=Pace(rate=500, burst=500))

    return Source("key", "Зерно", portal.HOST, open_portal, demo=True)


def buttons(page: StatePage) -> list[str]:
    return [button.text() for button in page.findChildren(QPushButton) if not button.isHidden()]


def test_the_list_fills_and_says_that_all_is_well(qtbot: QtBot, tasks: Tasks) -> None:
    page = opened(qtbot, tasks, demo_source())
    assert page.steps[0].outcome == "running"
    assert not page.copy.isEnabled()
    assert ended(qtbot, page) == ["ok", *["skipped"] * 3, *["ok"] * 6]
    assert page.summary.text() == "Everything is in order."
    assert "Permissions: Every permission" in page.steps[6].accessibleName()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_is_amiss_is_counted_and_copied_without_secrets(qtbot: QtBot, tasks: Tasks, language: str) -> None:
    i18n.use(language)
    page = opened(qtbot, tasks, weak_source())
    assert ended(qtbot, page)[6:8] == ["warning", "warning"]
    assert "2" in page.summary.text()
    assert page.steps[6].advice.isVisible()
    qtbot.mouseClick(page.copy, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert DemoPortal.HOST in text
    assert "[warning]" in text
    for hidden in (CODE, "/17/", "Лещенко", "Марина"):
        assert hidden not in text


def test_it_runs_again_and_wears_another_theme(qtbot: QtBot, tasks: Tasks) -> None:
    page = opened(qtbot, tasks, demo_source())
    first = ended(qtbot, page)
    page.set_theme(themes.theme("dark"))
    qtbot.mouseClick(page.again, Qt.MouseButton.LeftButton)
    assert page.findings == []
    assert ended(qtbot, page) == first


def test_it_can_be_stopped_and_closed(qtbot: QtBot, tasks: Tasks) -> None:
    gate = threading.Event()

    def silent() -> Portal:
        gate.wait(30)
        raise Cancelled

    page = opened(qtbot, tasks, replace(demo_source(), open=silent))
    qtbot.waitUntil(lambda: page.steps[4].outcome == "running", timeout=PATIENCE)
    qtbot.mouseClick(page.again, Qt.MouseButton.LeftButton)
    assert page.summary.text() == "Stopped."
    assert [step.outcome for step in page.steps[4:]] == [""] * 6
    assert page.copy.isEnabled()
    page.run()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    gate.set()
    qtbot.waitUntil(lambda: tasks.busy == 0, timeout=PATIENCE)
    assert not page.isVisible()


def test_a_certificate_can_be_added_where_it_is_at_fault(qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    with listening(lambda _request: Reply(b"{}"), issue(tmp_path, "self")) as server:
        source = Source("key", server.place, server.place, server.portal)
        page = opened(qtbot, tasks, source)
        assert ended(qtbot, page)[2] == "failed"
        assert not page.trust.isVisible()  # no account would remember it
        page = opened(qtbot, tasks, source, can_trust=True)
        assert ended(qtbot, page)[2] == "failed"
    assert page.trust.isVisible()
    page.ask_where = lambda: str(tmp_path / "company.pem")  # type: ignore[method-assign]
    with qtbot.waitSignal(page.authority_chosen) as heard:
        qtbot.mouseClick(page.trust, Qt.MouseButton.LeftButton)
    assert heard.args == [str(tmp_path / "company.pem")]


# --- the ways there ---


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    look = themes.theme("light")
    themes.apply(qapp, look)
    desk = Desk(Tasks())
    desk.use(demo_source())
    made = MainWindow(desk, settings.Store(None), look)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def test_the_gear_leads_there_and_one_page_is_enough(window: MainWindow, qtbot: QtBot) -> None:
    (action,) = [each for each in window.toolbar.gear.menu().actions() if each.text() == "Diagnostics…"]
    action.trigger()
    page = window.diagnostics
    assert page is not None
    assert page.isVisible()
    ended(qtbot, page)
    page.close()
    action.trigger()
    assert window.diagnostics is page
    assert page.isVisible()
    window.set_theme(themes.theme("dark"))
    ended(qtbot, page)


CONNECTION = [
    bitrix.Unreachable(host="x"), bitrix.TimedOut(host="x"), bitrix.Untrusted(host="x"), bitrix.BadProxy(),
    bitrix.ProxyRefused("407"), bitrix.BadAuthority(file="x"), bitrix.NotPortal(), bitrix.BadAnswer(),
    bitrix.Moved(host="x"), bitrix.PortalClosed(), bitrix.Unauthorised(), bitrix.MissingScope(), bitrix.PlanNeeded(),
    bitrix.Blocked(), bitrix.Busy(), bitrix.OverBudget(), bitrix.ServerFault(), bitrix.MethodMissing(),
]  # fmt: skip


@pytest.mark.parametrize("error", CONNECTION, ids=lambda error: type(error).__name__)
def test_every_error_of_the_connection_leads_there(error: ViewerError, qtbot: QtBot) -> None:
    page = StatePage(themes.theme("light"))
    qtbot.addWidget(page)
    page.show_error(error, [("Try again", lambda: None)])
    assert buttons(page) == ["Try again", "Diagnostics…"]
    with qtbot.waitSignal(page.diagnose):
        page.findChildren(QPushButton)[-1].click()


@pytest.mark.parametrize("error", [bitrix.Refused(), bitrix.NoSuchThing(), ViewerError("The disk is full.")])
def test_other_errors_do_not(error: ViewerError, qtbot: QtBot) -> None:
    page = StatePage(themes.theme("light"))
    qtbot.addWidget(page)
    page.show_error(error)
    assert buttons(page) == []


def test_the_panes_lead_there(window: MainWindow, qtbot: QtBot) -> None:
    for state in (window.dialogues.state, window.conversation.state):
        state.diagnose.emit()
        assert window.diagnostics is not None
        assert window.diagnostics.isVisible()
        ended(qtbot, window.diagnostics)
        window.diagnostics.close()
    window.desk.sessions = window.desk.sessions or [object()]  # type: ignore[list-item]
    window.desk.list_failed.emit(bitrix.Unreachable(host="x"))
    told = [button.text() for button in window.conversation.notice.findChildren(QPushButton)]
    assert "Diagnostics…" in told


def test_a_chosen_certificate_belongs_to_the_account(window: MainWindow, qtbot: QtBot) -> None:
    account = Account("demo", "zerno.bitrix24.example")
    window.store.put(window.store.value.with_account(account))
    with qtbot.waitSignal(window.account_chosen) as heard:
        window._trust("/etc/company.pem")
    assert heard.args == ["demo"]
    (kept,) = window.store.value.accounts
    assert kept == replace(account, authority="/etc/company.pem")


def test_a_page_of_state_keeps_to_a_narrow_pane(qtbot: QtBot) -> None:
    page = StatePage(themes.theme("light"))
    qtbot.addWidget(page)
    page.resize(300, 600)
    page.show_error(bitrix.Untrusted(host="portal.example"))
    page.show()
    assert page.advice.width() <= 300 - 24
    page.resize(700, 600)
    qtbot.waitUntil(lambda: page.advice.width() == 420)
