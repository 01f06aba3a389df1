"""Files in the real window: saved with progress, all to a folder, dragged out, and told in place when they fail."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, QTimer
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.opened import PATIENCE, Open, click, demo, file_named, mouse, of_file, reveal, spot, window
from viewer.bitrix import files as ways
from viewer.chat import File
from viewer.demo import DemoPortal
from viewer.errors import Cancelled
from viewer.library import Saved
from viewer.library.cache import FileCache
from viewer.ui.transcript.hits import Act
from viewer.ui.window import MainWindow

__all__ = ["demo", "window"]


def notice(window: MainWindow) -> tuple[str, str]:
    told = window.conversation.notice
    return (told.text.text(), told.property("mood")) if told.isVisible() else ("", "")


def act(window: MainWindow, words: str) -> None:
    buttons = [each for each in window.conversation.notice.findChildren(QPushButton) if each.text() == words]
    QTest.mouseClick(buttons[-1], Qt.MouseButton.LeftButton)


def outside(window: MainWindow) -> list[str]:
    """What is opened outside from now on."""
    urls: list[str] = []
    window.files.downloads.show = lambda url: urls.append(url.toLocalFile() or url.toString())
    return urls


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Event:
    """A portal whose downloads stand still half-way until the event is set, or they are stopped."""
    go_on = Event()
    true = ways.fetch_to

    def fetch_to(portal, file, path, chat_id=0, *, progress=None, cancel=None):  # type: ignore[no-untyped-def]
        if progress is not None:
            progress(file.size // 2, file.size)
        while not go_on.wait(0.01):
            if cancel is not None and cancel.is_set():
                raise Cancelled
        return true(portal, file, path, chat_id, progress=progress, cancel=cancel)

    monkeypatch.setattr(ways, "fetch_to", fetch_to)
    return go_on


# --- saving ---


def test_saving_shows_how_far_it_is(window: Open, qtbot: QtBot, slow: Event, tmp_path: Path) -> None:
    shown = window()
    file, goal = file_named(shown, "Invoice 48-1207.pdf"), tmp_path / "kept.pdf"
    suggested: list[str] = []
    shown.files.downloads.ask_file = lambda _window, path: suggested.append(path.name) or goal  # type: ignore[func-returns-value]
    shown.files.save(file.id)
    assert suggested == ["Invoice 48-1207.pdf"]
    status = shown.status
    qtbot.waitUntil(lambda: "of 88 KB" in status.work.text(), timeout=PATIENCE)
    assert status.work.text() == "44 KB of 88 KB · Fetching Invoice 48-1207.pdf"
    assert (status.bar.value(), status.bar.maximum()) == (44, 88)
    with qtbot.waitSignal(shown.files.downloads.finished, timeout=PATIENCE):
        slow.set()
    assert goal.read_bytes().startswith(b"%PDF")
    assert notice(shown) == ("Saved kept.pdf", "good")
    assert not status.bar.isVisible()


def test_saving_can_be_stopped(window: Open, qtbot: QtBot, slow: Event, tmp_path: Path) -> None:
    shown = window()
    shown.files.downloads.ask_file = lambda _window, _path: tmp_path / "kept.pdf"
    shown.files.save(file_named(shown, "Invoice 48-1207.pdf").id)
    qtbot.waitUntil(shown.status.stop.isVisible, timeout=PATIENCE)
    QTest.mouseClick(shown.status.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not shown.status.bar.isVisible(), timeout=PATIENCE)
    assert shown.desk.close()
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_two_downloads_share_the_bar(window: Open, qtbot: QtBot, slow: Event, tmp_path: Path) -> None:
    shown = window()
    for name in ("track.csv", "notes.txt"):
        goal = tmp_path / name
        shown.files.downloads.ask_file = lambda _window, _path, goal=goal: goal  # type: ignore[misc]
        shown.files.save(file_named(shown, name).id)
    assert "notes.txt" in shown.status.work.text()
    QTest.mouseClick(shown.status.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "track.csv" in shown.status.work.text(), timeout=PATIENCE)
    assert shown.status.bar.isVisible()
    with qtbot.waitSignal(shown.files.downloads.finished, timeout=PATIENCE):
        slow.set()
    assert (tmp_path / "track.csv").exists()
    assert not (tmp_path / "notes.txt").exists()


def test_a_folder_that_refuses_is_told(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shown = window()
    (tmp_path / "file").write_bytes(b"")
    shown.files.downloads.ask_file = lambda _window, _path: tmp_path / "file" / "x.txt"
    with qtbot.waitSignal(shown.files.downloads.finished, timeout=PATIENCE):
        shown.files.save(file_named(shown, "notes.txt").id)
    words, tone = notice(shown)
    assert tone == "bad"
    assert "could not be saved" in words
    view = shown.conversation.view
    assert not view.pictures.failure(file_named(shown, "notes.txt").id), "it is the folder's fault, not the file's"
    shown.files.downloads.ask_file = lambda _window, _path: tmp_path / "notes.txt"
    with qtbot.waitSignal(shown.files.downloads.finished, timeout=PATIENCE):
        act(shown, "Try again")
    assert (tmp_path / "notes.txt").exists()


def test_all_files_of_a_dialogue_go_to_a_folder(window: Open, qtbot: QtBot, demo: DemoPortal, tmp_path: Path) -> None:
    shown = window("347")
    folder = tmp_path / "Photos"
    folder.mkdir()
    shown.files.downloads.ask_folder = lambda _window, _path: folder
    shown.details.tabs.setCurrentIndex(1)
    (button,) = (each for each in shown.details.findChildren(QPushButton) if each.text() == "Save all files…")
    with qtbot.waitSignal(shown.files.downloads.finished, timeout=PATIENCE):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    words, tone = notice(shown)
    assert tone == "warn"
    assert words.splitlines() == [
        "Saved 1 file to Photos.",
        "2 files could not be saved:",
        "договор_2026.docx: The portal does not give out this file.",
        "login.png: The portal does not give out this file.",
    ]
    assert [path.name for path in folder.iterdir()] == ["box.png"]
    for number, record in list(demo.world.files.items()):
        demo.world.files[number] = replace(record, lost="")
    with qtbot.waitSignal(shown.files.downloads.finished, timeout=PATIENCE):
        act(shown, "Try again")
    assert notice(shown) == ("Saved 3 files to Photos.", "good")
    assert sorted(path.name for path in folder.iterdir()) == ["box.png", "login.png", "договор_2026.docx"]
    urls = outside(shown)
    act(shown, "Show in folder")
    assert [Path(url) for url in urls] == [folder]


def test_saving_all_can_be_stopped(window: Open, qtbot: QtBot, slow: Event, tmp_path: Path) -> None:
    shown = window("347")
    shown.files.downloads.ask_folder = lambda _window, _path: tmp_path / "Photos"
    shown.files.save_all()
    qtbot.waitUntil(shown.status.stop.isVisible, timeout=PATIENCE)
    QTest.mouseClick(shown.status.stop, Qt.MouseButton.LeftButton)
    assert notice(shown) == ("Stopped. 0 of 3 files were saved.", "info")


def test_the_menu_of_a_message_saves_one_or_all_of_its_files(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shown = window()
    message = next(each for each in shown.desk.transcript.messages if len(each.file_ids) == 4)
    shown.menus.message(message.id, QPoint(40, 40))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = [action.text() for action in menu.actions()]
    assert [each for each in words if each.startswith("Save")] == [
        "Save parcel.png…", "Save label.png…", "Save cup.png…", "Save beans.png…", "Save all files…",
    ]  # fmt: skip
    shown.files.downloads.ask_folder = lambda _window, _path: tmp_path
    with qtbot.waitSignal(shown.files.downloads.finished, timeout=PATIENCE) as done:
        menu.actions()[words.index("Save all files…")].trigger()
    menu.close()
    assert done.args is not None
    saved: list[Saved] = done.args[0]
    assert sorted(each.path.name for each in saved if each.path) == ["beans.png", "cup.png", "label.png", "parcel.png"]


# --- opening, and failing in place ---


def test_a_document_is_fetched_once_and_opened_outside(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window()
    file = file_named(shown, "Invoice 48-1207.pdf")
    reveal(shown, file)
    urls = outside(shown)
    click(shown, of_file(file))
    qtbot.waitUntil(lambda: len(urls) == 1, timeout=PATIENCE)
    assert Path(urls[0]).name == "Invoice 48-1207.pdf"
    assert Path(urls[0]).read_bytes().startswith(b"%PDF")
    demo.calls.clear()
    click(shown, of_file(file))
    assert len(urls) == 2
    assert demo.calls == []


def test_a_program_is_never_opened_only_saved(window: Open, tmp_path: Path) -> None:
    shown = window()
    urls = outside(shown)
    asked: list[str] = []
    shown.files.downloads.ask_file = lambda _window, path: asked.append(path.name)
    shown.files.open(file_named(shown, "setup.exe").id)
    assert asked == ["setup.exe"]
    assert urls == []


def test_a_document_that_does_not_come_says_why_in_its_place(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window("347")
    file = file_named(shown, "договор_2026.docx")
    reveal(shown, file)
    urls, view = outside(shown), shown.conversation.view
    click(shown, of_file(file))
    qtbot.waitUntil(lambda: bool(view.pictures.failure(file.id)), timeout=PATIENCE)
    assert view.pictures.failure(file.id) == "The portal does not give out this file."
    assert notice(shown) == ("", ""), "once is enough"
    click(shown, lambda hit: hit.target == f"olv:file/{file.id}")
    assert urls == [file.url_download]
    demo.world.files[file.id] = replace(demo.world.files[file.id], lost="")
    click(shown, of_file(file, Act.RETRY))
    qtbot.waitUntil(lambda: len(urls) == 2, timeout=PATIENCE)
    assert not view.pictures.failure(file.id)


def test_a_failure_out_of_sight_is_told_in_the_notice_too(window: Open, qtbot: QtBot) -> None:
    shown = window("347")
    file = file_named(shown, "договор_2026.docx")
    shown.conversation.view.resize(400, 10)
    shown.conversation.view.scroll_to_end()
    shown.conversation.view.lay_out()
    shown.conversation.view.stage.shown = []
    with qtbot.waitSignal(shown.files.downloads.finished, timeout=PATIENCE):
        shown.files.open(file.id)
    words, tone = notice(shown)
    assert words.startswith("договор_2026.docx: The portal does not give out this file.")
    assert tone == "bad"
    urls = outside(shown)
    act(shown, "Open in browser")
    assert urls == [file.url_download]


def test_names_of_files_are_no_markup(window: Open) -> None:
    shown = window()
    shown.conversation.notice.tell("<b>x</b><img src='file:///etc/passwd'>")
    assert shown.conversation.notice.text.textFormat() is Qt.TextFormat.PlainText


def test_pictures_are_fetched_once_for_all_starts(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    first = window()
    file = file_named(first, "machine.png")
    reveal(first, file)
    qtbot.waitUntil(lambda: first.conversation.view.pictures.peek(file.id) is not None, timeout=PATIENCE)
    cache = first.desk.cache
    assert isinstance(cache, FileCache)
    assert cache.limit == 500 * 1024 * 1024
    assert cache.get(file.id) is not None
    assert first.desk.close()
    demo._tokens.clear()
    second = window()
    demo.calls.clear()
    reveal(second, file)
    qtbot.waitUntil(lambda: second.conversation.view.pictures.peek(file.id) is not None, timeout=PATIENCE)
    assert second.desk.cache is not None
    assert second.desk.cache.folder == cache.folder


# --- dragging out ---


class Drops:
    """Where drags end in tests: what they carry is kept."""

    def __init__(self, window: MainWindow) -> None:
        self.dropped: list[QMimeData] = []
        window.files.dragging.start = self._take

    def _take(self, drag: QDrag) -> None:
        kept = QMimeData()
        kept.setUrls(drag.mimeData().urls())
        self.dropped.append(kept)
        assert not drag.pixmap().isNull()
        drag.deleteLater()

    @property
    def files(self) -> list[Path]:
        return [Path(url.toLocalFile()) for each in self.dropped for url in each.urls()]


def pull(window: MainWindow, file: File, meanwhile: Callable[[], object] | None = None) -> None:
    """Press on a file and pull at it with the button held; `meanwhile` happens while the drag waits."""
    reveal(window, file)
    viewport, start = window.conversation.view.viewport(), spot(window, of_file(file))
    if meanwhile is not None:
        QTimer.singleShot(0, meanwhile)
    mouse(QEvent.Type.MouseButtonPress, viewport, start)
    mouse(QEvent.Type.MouseMove, viewport, start + QPoint(3, 0))
    mouse(QEvent.Type.MouseMove, viewport, start + QPoint(40, 8))


@pytest.mark.parametrize("name", ["panorama.png", "Invoice 48-1207.pdf", "setup.exe"])
def test_a_file_is_dragged_out(window: Open, name: str) -> None:
    shown = window()
    drops, file = Drops(shown), file_named(shown, name)
    pull(shown, file)
    (path,) = drops.files
    assert path.name == name
    assert path.stat().st_size > 0
    assert not shown.files.gallery.isVisible()
    viewport = shown.conversation.view.viewport()
    mouse(QEvent.Type.MouseButtonRelease, viewport, QPoint(5, 5))
    assert not shown.files.gallery.isVisible(), "a drag is no click"
    assert QApplication.overrideCursor() is None
    pull(shown, file)
    assert drops.files == [path, path]


def test_a_short_way_is_a_click(window: Open, qtbot: QtBot) -> None:
    shown = window()
    drops, file = Drops(shown), file_named(shown, "panorama.png")
    reveal(shown, file)
    viewport, start = shown.conversation.view.viewport(), spot(shown, of_file(file))
    mouse(QEvent.Type.MouseButtonPress, viewport, start)
    mouse(QEvent.Type.MouseMove, viewport, start + QPoint(2, 1))
    mouse(QEvent.Type.MouseButtonRelease, viewport, start + QPoint(2, 1))
    assert shown.files.gallery.isVisible()
    assert drops.files == []


def test_what_takes_too_long_is_offered_to_be_saved(window: Open, qtbot: QtBot, slow: Event, tmp_path: Path) -> None:
    shown = window()
    drops, file = Drops(shown), file_named(shown, "Invoice 48-1207.pdf")
    shown.files.dragging.patience = 60
    pull(shown, file)
    assert drops.files == []
    assert QApplication.overrideCursor() is None
    assert notice(shown) == ("Fetching Invoice 48-1207.pdf takes longer than a drag can wait.", "info")
    slow.set()
    shown.files.downloads.ask_file = lambda _window, _path: tmp_path / "kept.pdf"
    with qtbot.waitSignal(shown.files.downloads.finished, timeout=PATIENCE):
        act(shown, "Save…")
    assert (tmp_path / "kept.pdf").exists()


def test_who_lets_go_meanwhile_is_told_that_it_is_there(window: Open, slow: Event) -> None:
    shown = window()
    drops, file = Drops(shown), file_named(shown, "Invoice 48-1207.pdf")
    viewport = shown.conversation.view.viewport()

    def let_go() -> None:
        mouse(QEvent.Type.MouseButtonRelease, viewport, QPoint(5, 5))
        slow.set()

    shown.files.dragging.patience = PATIENCE
    pull(shown, file, let_go)
    assert drops.files == []
    assert notice(shown) == ("Invoice 48-1207.pdf is here now. Drag it once more.", "info")
    pull(shown, file)
    assert len(drops.files) == 1


def test_a_drag_that_fails_is_told(window: Open) -> None:
    shown = window("347")
    drops, file = Drops(shown), file_named(shown, "договор_2026.docx")
    pull(shown, file)
    assert drops.files == []
    assert shown.conversation.view.pictures.failure(file.id) == "The portal does not give out this file."


def test_marking_text_is_as_before(window: Open) -> None:
    shown = window("321")
    drops, view = Drops(shown), shown.conversation.view
    view.scroll_to_start()
    view.lay_out()
    texts = [(row.y, part) for row in view.stage.shown for part in row.layout.texts() if part.rect.width() > 120]
    y, part = texts[-1]
    start = QPoint(round(part.rect.left()) + 2, round(y + part.rect.top()) + 8)
    mouse(QEvent.Type.MouseButtonPress, view.viewport(), start)
    mouse(QEvent.Type.MouseMove, view.viewport(), start + QPoint(100, 0))
    mouse(QEvent.Type.MouseButtonRelease, view.viewport(), start + QPoint(100, 0))
    assert view.pointer.selected_text()
    assert drops.files == []
