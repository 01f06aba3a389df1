"""What the portal lets through: the panel, the count-down in the status bar, and Stop; then all of it in the window."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from viewer import i18n, settings
from viewer.bitrix import Budget, Limits, Pace, Portal, Webhook, Why, embedded
from viewer.demo import DemoPortal
from viewer.errors import Cancelled, ViewerError
from viewer.library.sources import Source, demo_source
from viewer.ui import theme as themes
from viewer.ui.desk import Desk
from viewer.ui.limits import EVERY, LimitsPanel, seconds, waiting_words
from viewer.ui.status import StatusBar
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow

PATIENCE = 15_000
LEFT = Qt.MouseButton.LeftButton
HISTORY = "imopenlines.session.history.get"
QUIET = Limits(rate=1.5, at_once=2, ready=2)
BUSY = Limits(rate=1.5, at_once=2, waiting=3, blocked_for=4.2, next_in=4.2, why=Why.BUSY)


class Told:
    """Limits that a test sets."""

    def __init__(self, limits: Limits | None = QUIET) -> None:
        self.limits = limits

    def __call__(self) -> Limits | None:
        return self.limits


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    themes.apply(qapp, themes.theme("light"))


def panel(qtbot: QtBot, limits: Limits | None, **options: Any) -> LimitsPanel:
    made = LimitsPanel("Зерно и Ко", Told(limits), **options)
    qtbot.addWidget(made)
    return made


def facts(shown: LimitsPanel) -> list[str]:
    return [value.text() for _name, value in shown.facts.values()]


def rows(shown: LimitsPanel) -> list[tuple[str, ...]]:
    table = shown.table
    found = []
    for row in range(table.rowCount()):
        items = [table.item(row, column) for column in range(3)]
        found.append(tuple(item.text() for item in items if item is not None))
    return found


# --- words ---


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (None, ""),
        (QUIET, ""),
        (Limits(rate=1.5, waiting=1), ""),
        (Limits(rate=1.5, blocked_for=9.0, why=Why.BUSY), ""),  # nobody waits
        (BUSY, "The portal is busy, continuing in 5 s"),
        (
            Limits(rate=1.5, waiting=1, blocked_for=299.97, why=Why.BUDGET),
            "The portal needs a pause, continuing in 300 s",
        ),
        (
            Limits(rate=1.5, waiting=1, blocked_for=0.01, why=Why.FAULT),
            "The portal did not answer, trying again in 1 s",
        ),
        (Limits(rate=0.5, waiting=1, blocked_for=2.0, why=Why.RATE), "The next request leaves in 2 s"),
    ],
)
def test_what_is_waited_for(limits: Limits | None, words: str) -> None:
    assert waiting_words(limits) == words


def test_every_reason_to_wait_has_words_in_both_languages() -> None:
    for language in ("en", "ru"):
        i18n.use(language)
        told = {
            waiting_words(Limits(rate=1.5, waiting=1, blocked_for=3.0, why=why)) for why in Why if why is not Why.FREE
        }
        assert len(told) == len(Why) - 1
        assert all("3" in words for words in told)
    assert "Портал занят, продолжение через 3 с" in told


def test_seconds_are_counted_up() -> None:
    assert [seconds(span) for span in (0.0, 0.3, 1.0, 1.02, 1.2, 4.0)] == [1, 1, 1, 1, 2, 4]


# --- the panel ---


def test_a_quiet_portal(qtbot: QtBot) -> None:
    shown = panel(qtbot, QUIET)
    assert shown.title.text() == "Зерно и Ко"
    assert shown.sense.text().startswith(
        "The portal lets about 2 requests a second through for everybody in your office."
    )
    assert "1.5 a second at most" in shown.sense.text()
    assert shown.state.text() == "Nothing is held up."
    assert facts(shown) == ["0", "0 of 2", "0", "now"]
    assert rows(shown) == []
    assert shown.none.isVisibleTo(shown)
    assert not shown.table.isVisibleTo(shown)
    assert shown.accessibleDescription().startswith("Nothing is held up. The portal lets")


def test_before_the_portal_is_opened(qtbot: QtBot) -> None:
    shown = panel(qtbot, None)
    assert shown.state.text() == "Nothing is held up."
    assert facts(shown) == ["0", "0", "0", "now"]


def test_a_busy_portal_and_methods_that_were_counted(qtbot: QtBot) -> None:
    budgets = (
        Budget("crm.activity.list", 430.0, closed_for=96.0),
        Budget(HISTORY, 12.44, resets_in=380.0),
        Budget("some.other.method", 0.0),
    )
    limits = Limits(
        rate=1.5,
        in_flight=1,
        at_once=2,
        waiting=3,
        last_second=2,
        next_in=4.2,
        blocked_for=4.2,
        why=Why.BUSY,
        budgets=budgets,
    )
    shown = panel(qtbot, limits)
    assert shown.state.text() == "The portal is busy, continuing in 5 s."
    assert facts(shown) == ["2", "1 of 2", "3", "in 5 s"]
    assert shown.facts["waiting"][1].accessibleName() == "Waiting for their turn: 3"
    assert [row[:2] for row in rows(shown)] == [
        ("Dialogues in the CRM", "used up"),
        ("History of a dialogue", "12.4 of 480 s"),
        ("some.other.method", "0 of 480 s"),
    ]
    assert [bool(row[2].strip("—")) for row in rows(shown)] == [True, True, False]
    item = shown.table.item(1, 0)
    assert item is not None
    assert item.toolTip() == HISTORY
    assert "480 s within ten minutes" in shown.head.text()
    assert shown.table.isVisibleTo(shown)


def test_a_pause_that_holds_nobody_up_yet_and_a_full_line(qtbot: QtBot) -> None:
    assert panel(qtbot, Limits(rate=1.5, blocked_for=3.5, why=Why.BUSY)).state.text() == (
        "The portal asked for a pause of 4 s."
    )
    assert facts(panel(qtbot, Limits(rate=1.5, in_flight=2, at_once=2)))[3] == "when an answer comes"


def test_in_russian(qtbot: QtBot) -> None:
    i18n.use("ru")
    shown = panel(qtbot, Limits(rate=1.5, at_once=2, budgets=(Budget(HISTORY, 0.25, resets_in=60.0),)))
    assert "не больше 1,5 в секунду" in shown.sense.text()
    assert facts(shown) == ["0", "0 из 2", "0", "сейчас"]
    assert [row[:2] for row in rows(shown)] == [("История диалога", "0,2 из 480 с")]


def test_the_demo_portal_says_that_it_is_one(qtbot: QtBot) -> None:
    assert panel(qtbot, QUIET, demo=True).sense.text().startswith("The demo portal answers at once.")


def test_it_looks_again_while_it_is_open_and_esc_closes_it(qtbot: QtBot) -> None:
    told = Told()
    anchor = QWidget()
    qtbot.addWidget(anchor)
    anchor.setGeometry(40, 500, 100, 20)
    anchor.show()
    shown = LimitsPanel("Зерно и Ко", told, parent=anchor)
    assert not shown._timer.isActive()
    shown.open_above(anchor)
    assert shown._timer.isActive()
    assert shown._timer.interval() == EVERY == 500
    bottom = shown.geometry().bottom()
    assert bottom < anchor.mapToGlobal(QPoint(0, 0)).y()
    told.limits = Limits(rate=1.5, at_once=2, last_second=1, budgets=(Budget(HISTORY, 3.0, resets_in=60.0),))
    shown._timer.timeout.emit()
    assert facts(shown)[0] == "1"
    assert len(rows(shown)) == 1
    assert shown.geometry().bottom() == bottom  # it grows upwards, away from the status bar
    QTest.keyClick(shown.table, Qt.Key.Key_Escape)
    assert not shown.isVisible()
    assert not shown._timer.isActive()


# --- the status bar ---


def bar(qtbot: QtBot, told: Told) -> StatusBar:
    made = StatusBar(themes.theme("light"), demo_source(), told)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_status_bar_counts_down_until_nobody_waits(qtbot: QtBot) -> None:
    told = Told()
    status = bar(qtbot, told)
    status.set_listing(busy=True)
    assert (status.state.text(), status.halt.isVisible()) == ("Reading the list…", False)
    told.limits = BUSY
    status.set_waiting(4.2)
    assert (status.state.text(), status.halt.isVisible()) == ("The portal is busy, continuing in 5 s", True)
    told.limits = Limits(rate=1.5, waiting=1, blocked_for=2.0, why=Why.BUSY)
    status.set_waiting(0.0)  # one call went on, another waits
    assert status.state.text() == "The portal is busy, continuing in 2 s"
    assert status._watch.isActive()
    told.limits = QUIET
    status._watch.timeout.emit()
    assert (status.state.text(), status.halt.isVisible()) == ("Reading the list…", False)
    assert not status._watch.isActive()
    status.set_listing(busy=False)
    assert not status.state.isVisible()


def test_a_problem_stays_told_after_a_wait(qtbot: QtBot) -> None:
    told = Told(BUSY)
    status = bar(qtbot, told)
    status.set_problem(ViewerError("The portal failed."))
    assert status.state.text() == "The portal is busy, continuing in 5 s"
    told.limits = None
    status.set_waiting(0.0)
    assert status.state.text() == "The portal failed."


def test_stop_ends_the_wait_and_the_work_that_waits(qtbot: QtBot) -> None:
    status = bar(qtbot, Told(BUSY))
    status.set_waiting(4.2)
    stopped: list[str] = []
    status.begin_work("Exporting…", lambda: stopped.append("work"))
    status.stop_asked.connect(lambda: stopped.append("reading"))
    QTest.mouseClick(status.halt, LEFT)
    assert stopped == ["work", "reading"]
    assert not status.stop.isVisible()


def test_the_portal_and_its_state_lead_to_the_limits_by_mouse_and_keyboard(qtbot: QtBot) -> None:
    status = bar(qtbot, Told(BUSY))
    status.look()
    for door in (status.portal, status.state):
        with qtbot.waitSignal(status.limits_asked, timeout=PATIENCE):
            QTest.mouseClick(door, LEFT)
        door.setFocus()
        with qtbot.waitSignal(status.limits_asked, timeout=PATIENCE):
            QTest.keyClick(door, Qt.Key.Key_Space)


# --- the window ---


@pytest.fixture
def pace() -> Pace:
    return Pace(rate=500, burst=500)


@pytest.fixture
def window(qtbot: QtBot, pace: Pace) -> Iterator[MainWindow]:
    demo = DemoPortal(limits=False, big=20, today=datetime.now(UTC).date())

    def opened() -> Portal:
        return Portal(Webhook.parse(demo.WEBHOOK), transport=embedded(demo.respond), pace=pace)

    desk = Desk(Tasks())
    desk.use(Source("zerno#17", "Зерно и Ко", demo.HOST, opened))
    made = MainWindow(desk, settings.Store(None), themes.theme("light"))
    qtbot.addWidget(made)
    made.show()
    yield made
    assert desk.close()


def test_a_portal_that_asks_for_patience_can_be_left(window: MainWindow, qtbot: QtBot, pace: Pace) -> None:
    pace.busy(1000)
    window.start("321")
    qtbot.waitUntil(lambda: pace.limits().waiting == 2, timeout=PATIENCE)
    qtbot.waitUntil(window.status.halt.isVisible, timeout=PATIENCE)
    assert window.status.state.text() in (
        "The portal is busy, continuing in 1000 s",
        "The portal is busy, continuing in 999 s",
    )
    QTest.mouseClick(window.status.halt, LEFT)
    qtbot.waitUntil(lambda: pace.limits().waiting == 0, timeout=PATIENCE)
    qtbot.waitUntil(window.status.halt.isHidden, timeout=PATIENCE)
    assert pace.limits().in_flight == 0
    assert window.conversation.state.title.text() == "Stopped"
    assert window.dialogues.state.title.text() == "Reading was stopped."
    assert window.desk.sessions == []
    assert window.desk.tasks.busy == 0


def test_pictures_that_wait_are_left_and_can_be_wanted_again(window: MainWindow, qtbot: QtBot, pace: Pace) -> None:
    desk = window.desk
    with qtbot.waitSignal(desk.opened, timeout=PATIENCE):
        window.start("321")
    qtbot.waitUntil(lambda: desk.tasks.busy == 0, timeout=PATIENCE)
    number = next(file.id for file in desk.transcript.files.values() if file.id)
    assert desk.cache is not None
    desk.cache.clear()
    pace.busy(1000)
    size = window.size()
    desk.want_picture(number, size)
    qtbot.waitUntil(lambda: pace.limits().waiting == 1, timeout=PATIENCE)
    with qtbot.waitSignal(desk.picture_failed, timeout=PATIENCE) as heard:
        desk.stop()
    assert heard.args is not None
    assert heard.args[0] == number
    assert isinstance(heard.args[1], Cancelled)
    qtbot.waitUntil(lambda: pace.limits().waiting == 0, timeout=PATIENCE)
    desk.want_picture(number, size)
    qtbot.waitUntil(lambda: pace.limits().waiting == 1, timeout=PATIENCE)
    desk.stop()
    qtbot.waitUntil(lambda: pace.limits().waiting == 0, timeout=PATIENCE)


def test_the_panel_opens_by_its_keys_and_by_a_click(window: MainWindow, qtbot: QtBot, pace: Pace) -> None:
    with qtbot.waitSignal(window.desk.opened, timeout=PATIENCE):
        window.start("321")
    window.activateWindow()
    with qtbot.waitActive(window):
        pass
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    panel = window.limits
    assert panel is not None
    assert panel.isVisible()
    assert "History of a dialogue" in [row[0] for row in rows(panel)]
    assert "batch" not in [row[0] for row in rows(panel)]
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    QTest.mouseClick(window.status.portal, LEFT)
    assert window.limits is panel
    assert panel.isVisible()
    panel.close()


def test_limits_before_the_portal_is_opened(window: MainWindow) -> None:
    assert window.desk.limits() is None
