"""The next start opens the dialogue that was read last, at the place where reading ended."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.opened import ACCOUNT, PATIENCE, demo
from viewer.bitrix import Pace, Portal, Webhook, embedded
from viewer.demo import DemoPortal
from viewer.library.sources import Source
from viewer.settings import Place, Store
from viewer.ui import theme as themes
from viewer.ui.desk import Desk
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow

__all__ = ["demo"]

Start = Callable[..., MainWindow]


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot, demo: DemoPortal, tmp_path: Path) -> Iterator[Start]:
    """Starts the program on a portal, with the settings that the last start left."""
    opened: list[MainWindow] = []
    themes.apply(qapp, themes.theme("light"))

    def portal() -> Portal:
        pace = Pace(rate=500, burst=500, wait=lambda _s, _c: None)
        return Portal(Webhook.parse(demo.WEBHOOK), transport=embedded(demo.respond), pace=pace)

    def run(reference: str = "", *, plays: bool = False) -> MainWindow:
        desk = Desk(Tasks())
        desk.use(Source(ACCOUNT, "Зерно и Ко", demo.HOST, portal, demo=plays))
        made = MainWindow(desk, Store(tmp_path / "settings.json"), themes.theme("light"))
        opened.append(made)
        qtbot.addWidget(made)
        made.resize(1300, 700)
        made.show()
        ended: list[object] = []
        desk.opened.connect(lambda: ended.append(None))
        desk.open_failed.connect(ended.append)
        made.start(reference)
        if desk.reference is not None:
            qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE)
        return made

    yield run
    for each in opened:
        assert each.desk.close()


def kept(folder: Path) -> list[dict[str, object]]:
    told: list[dict[str, object]] = json.loads((folder / "settings.json").read_text(encoding="utf-8")).get("places", [])
    return told


def test_the_next_start_goes_on_where_reading_ended(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    first = start("321")
    view = first.conversation.view
    view.show_message(first.desk.transcript.messages[12].id, share=0.1)
    view.lay_out()
    first.close()
    (place,) = kept(tmp_path)
    assert place["account"] == ACCOUNT
    assert place["reference"] == "321"
    assert place["message"] in [each.id for each in first.desk.transcript.messages[8:13]]
    again = start()
    qtbot.waitUntil(lambda: again.desk.complete, timeout=PATIENCE)
    again.conversation.view.lay_out()
    assert again.desk.session is not None
    assert again.desk.session.id == 321
    assert again.places.now == Place(ACCOUNT, "321", int(str(place["message"])))


def test_nothing_that_was_written_and_no_name_is_kept(start: Start, tmp_path: Path) -> None:
    first = start("321")
    assert first.desk.transcript.dialog is not None
    code = first.desk.transcript.dialog.user_code  # names a client of a channel
    first.close()
    start(code).close()
    (place,) = kept(tmp_path)
    assert set(place) == {"account", "reference", "message"}
    assert str(place["reference"]).removeprefix("chat").isdigit()


def test_the_dialogue_that_is_named_at_the_start_goes_before(start: Start) -> None:
    start("321").close()
    assert str(start("343").desk.reference) == "343"


def test_who_does_not_want_it_leaves_no_trace(start: Start, tmp_path: Path) -> None:
    first = start("321")
    assert kept(tmp_path)
    first.preferences.set("reopen", False)
    assert kept(tmp_path) == []
    first.close()
    assert kept(tmp_path) == []
    assert start().desk.reference is None


def test_of_the_demo_portal_nothing_is_kept(start: Start, tmp_path: Path) -> None:
    start("321", plays=True).close()
    assert kept(tmp_path) == []
    assert start(plays=True).desk.reference is None


def test_what_the_portal_refuses_is_not_asked_for_at_every_start(start: Start, tmp_path: Path) -> None:
    store = Store(tmp_path / "settings.json")
    store.put(store.value.with_place(Place(ACCOUNT, "999999", 5)))
    first = start()
    assert str(first.desk.reference) == "999999"
    assert kept(tmp_path) == []


def test_a_place_that_is_damaged_is_no_failure(start: Start, tmp_path: Path) -> None:
    store = Store(tmp_path / "settings.json")
    store.put(store.value.with_place(Place(ACCOUNT, "what is this", 5)))
    window = start()
    assert window.desk.reference is None
    assert "names no dialogue" in window.conversation.notice.text.text()
