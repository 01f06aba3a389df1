"""The gallery in the real window: opened from the transcript, led by keys, wheel and mouse, closed to its message."""

import struct
import zlib
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.opened import PATIENCE, Open, click, demo, file_named, go, mouse, of_file, reveal, window
from viewer.demo import DemoPortal, Fault
from viewer.ui.gallery import Gallery
from viewer.ui.window import MainWindow
from viewer.ui.zoom import Lens

__all__ = ["demo", "window"]

CONTROL = Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key


def opened(shown: MainWindow, qtbot: QtBot, name: str) -> Gallery:
    """The gallery, after a click on a picture."""
    file = file_named(shown, name)
    reveal(shown, file)
    click(shown, of_file(file))
    gallery = shown.files.gallery
    assert gallery.isVisible()
    qtbot.waitUntil(lambda: gallery.loaded, timeout=PATIENCE)
    return gallery


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key to whatever has the focus, past the window's own shortcuts."""
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, held)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def bomb(side: int) -> bytes:
    """A PNG that says how large it would be, and holds next to nothing."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(64))) + chunk(b"IEND", b"")


def test_a_picture_opens_over_the_conversation_and_escape_leads_back(window: Open, qtbot: QtBot) -> None:
    shown = window()
    gallery = opened(shown, qtbot, "panorama.png")
    assert gallery.geometry() == shown.conversation.stack.geometry()
    assert gallery.caption.name.text() == "panorama.png"
    assert gallery.caption.place.text() == "2 of 20"
    assert "Green Guest #17" in gallery.caption.told.text()
    assert "2400 × 600" in gallery.caption.told.text()
    press(KEY.Key_Right)
    assert gallery.caption.name.text() == "receipt.png"
    press(KEY.Key_Escape)
    assert not gallery.isVisible()
    view = shown.conversation.view
    assert view.hasFocus()
    assert view.ring
    receipt = file_named(shown, "receipt.png")
    (message,) = (each for each in shown.desk.transcript.messages if receipt.id in each.file_ids)
    assert view.current_message() == message.id
    assert not gallery.loaded, "its pixels are let go"


def test_keys_lead_from_picture_to_picture_and_stop_at_the_ends(window: Open, qtbot: QtBot) -> None:
    gallery = opened(window(), qtbot, "machine.png")
    places = []
    for key in (
        KEY.Key_Left, KEY.Key_PageDown, KEY.Key_Right, KEY.Key_PageUp, KEY.Key_End, KEY.Key_Right, KEY.Key_Left,
        KEY.Key_Home,
    ):  # fmt: skip
        press(key)
        places.append(int(gallery.caption.place.text().split()[0]))
    assert places == [1, 2, 3, 2, 20, 20, 19, 1]
    assert not gallery.previous.isEnabled()
    QTest.mouseClick(gallery.next, Qt.MouseButton.LeftButton)
    assert gallery.caption.place.text() == "2 of 20"


def test_zoom_is_the_pictures_and_not_the_transcripts(window: Open, qtbot: QtBot) -> None:
    shown = window()
    gallery = opened(shown, qtbot, "panorama.png")
    fitted = gallery.lens.percent
    assert gallery.lens.fits
    assert fitted < 100
    press(KEY.Key_Plus, CONTROL)
    assert gallery.lens.percent > fitted
    press(KEY.Key_1, CONTROL)
    assert gallery.caption.scale.text() == "100 %"
    press(KEY.Key_Minus, CONTROL)
    assert gallery.lens.percent == 80
    press(KEY.Key_0, CONTROL)
    assert gallery.lens.fits
    QTest.mouseClick(gallery.caption.scale, Qt.MouseButton.LeftButton)
    assert gallery.lens.percent == 100
    QTest.mouseDClick(gallery, Qt.MouseButton.LeftButton, pos=gallery.rect().center())
    assert gallery.lens.fits
    assert shown.conversation.view.zoom == 100


def wheel(gallery: Gallery, at: QPoint, turn: int) -> None:
    QApplication.sendEvent(
        gallery,
        QWheelEvent(
            QPointF(at), QPointF(gallery.mapToGlobal(at)), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        ),
    )  # fmt: skip


def test_the_wheel_zooms_and_turns_pages_at_the_edges(window: Open, qtbot: QtBot) -> None:
    gallery = opened(window(), qtbot, "panorama.png")
    fitted = gallery.lens.percent
    wheel(gallery, gallery.rect().center(), 240)
    assert gallery.lens.percent > fitted
    edge = QPoint(gallery.width() - 10, 300)
    wheel(gallery, edge, -60)
    assert gallery.caption.place.text() == "2 of 20", "half a notch is none"
    wheel(gallery, edge, -60)
    assert gallery.caption.place.text() == "3 of 20"
    wheel(gallery, QPoint(10, 300), 120)
    assert gallery.caption.place.text() == "2 of 20"


def test_a_picture_larger_than_the_window_is_pushed_by_the_mouse(window: Open, qtbot: QtBot) -> None:
    gallery = opened(window(), qtbot, "panorama.png")
    press(KEY.Key_1, CONTROL)
    before = gallery.lens.target
    start = gallery.rect().center()
    mouse(QEvent.Type.MouseButtonPress, gallery, start)
    mouse(QEvent.Type.MouseMove, gallery, start + QPoint(-50, 0))
    mouse(QEvent.Type.MouseButtonRelease, gallery, start + QPoint(-50, 0))
    assert gallery.lens.target.x() == pytest.approx(before.x() - 50)
    mouse(QEvent.Type.MouseMove, gallery, start + QPoint(50, 0))
    assert gallery.lens.target.x() == pytest.approx(before.x() - 50)


def test_it_is_copied_whole(window: Open, qtbot: QtBot) -> None:
    opened(window(), qtbot, "panorama.png")
    press(KEY.Key_C, CONTROL)
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (2400, 600)


def test_it_is_saved_and_opened_outside(window: Open, qtbot: QtBot) -> None:
    shown = window()
    gallery = opened(shown, qtbot, "panorama.png")
    asked: list[str] = []
    shown.files.downloads.ask_file = lambda _window, path: asked.append(path.name)
    press(KEY.Key_S)
    assert asked == ["panorama.png"]
    urls: list[str] = []
    shown.files.downloads.show = lambda url: urls.append(url.fileName())
    QTest.mouseClick(gallery.caption.outside, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: urls == ["panorama.png"], timeout=PATIENCE)


def test_the_keyboard_stays_inside(window: Open, qtbot: QtBot) -> None:
    shown = window()
    gallery = opened(shown, qtbot, "panorama.png")
    seen = set()
    for _step in range(12):
        press(KEY.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is gallery or (focused is not None and gallery.isAncestorOf(focused))
        seen.add(focused)
    assert set(gallery.caption.buttons) <= seen
    gallery.setFocus()
    QTest.keyClick(gallery, KEY.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert gallery.caption.close_.hasFocus()
    press(KEY.Key_Escape)
    assert not gallery.isVisible()


def test_a_picture_that_does_not_come_says_why_and_can_be_tried_again(
    window: Open, qtbot: QtBot, demo: DemoPortal
) -> None:
    shown = window("347")
    gallery = shown.files.gallery
    broken = file_named(shown, "login.png")
    shown.files.open(broken.id)
    qtbot.waitUntil(gallery.trouble.isVisible, timeout=PATIENCE)
    assert gallery.trouble.title.text() == "The portal does not give out this file."
    assert gallery.trouble.browse.isVisible()
    assert not gallery.caption.copy.isEnabled()
    urls: list[str] = []
    shown.files.downloads.show = lambda url: urls.append(url.toString())
    QTest.mouseClick(gallery.trouble.browse, Qt.MouseButton.LeftButton)
    assert urls == [broken.url_download]
    demo.world.files[broken.id] = replace(demo.world.files[broken.id], lost="")
    QTest.mouseClick(gallery.trouble.retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: gallery.loaded, timeout=PATIENCE)
    assert not gallery.trouble.isVisible()
    assert gallery.caption.copy.isEnabled()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(bomb(60_000), "The picture is too large to show.", id="bomb"),
        pytest.param(b"\x89PNG nonsense", "The picture cannot be shown.", id="nonsense"),
    ],
)
def test_bombs_and_nonsense_are_refused(window: Open, qtbot: QtBot, data: bytes, words: str) -> None:
    shown = window()
    file = file_named(shown, "panorama.png")
    cache = shown.desk.cache
    assert cache is not None
    cache.put(file.id, data)
    shown.files.open(file.id)
    gallery = shown.files.gallery
    qtbot.waitUntil(gallery.trouble.isVisible, timeout=PATIENCE)
    assert gallery.trouble.title.text() == words
    assert "Save" in gallery.trouble.detail.text()
    assert cache.get(file.id) is None, "trying again asks the portal"
    QTest.mouseClick(gallery.trouble.retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: gallery.loaded, timeout=PATIENCE)


def test_another_dialogue_closes_it(window: Open, qtbot: QtBot) -> None:
    shown = window()
    gallery = opened(shown, qtbot, "panorama.png")
    go(shown, qtbot, "347")
    assert not gallery.isVisible()


def test_it_follows_the_size_of_the_conversation(window: Open, qtbot: QtBot) -> None:
    shown = window()
    gallery = opened(shown, qtbot, "panorama.png")
    shown.resize(1000, 700)
    qtbot.waitUntil(lambda: gallery.geometry() == shown.conversation.stack.geometry(), timeout=PATIENCE)
    assert gallery.lens.target.width() <= gallery.width()


def test_a_slow_portal_shows_the_preview_first(window: Open, qtbot: QtBot, demo: DemoPortal) -> None:
    shown = window()
    file = file_named(shown, "panorama.png")
    reveal(shown, file)
    view = shown.conversation.view
    qtbot.waitUntil(lambda: view.pictures.peek(file.id) is not None, timeout=PATIENCE)
    cache = shown.desk.cache
    assert cache is not None
    cache.drop(file.id)
    demo.fail("download", Fault.html(), Fault.html())
    with demo._lock:  # nothing is answered meanwhile
        shown.files.open(file.id)
        gallery = shown.files.gallery
        assert "Loading" in gallery.caption.told.text()
        middle = gallery.grab().toImage().pixelColor(gallery.width() // 2, gallery.height() // 2 + 20)
        assert middle.lightness() > 60, "the preview, not the dark ground"
    qtbot.waitUntil(gallery.trouble.isVisible, timeout=PATIENCE)


# --- the lens ---


def lens(own: tuple[int, int], box: tuple[int, int], ratio: float = 1.0) -> Lens:
    made = Lens()
    made.take(QSizeF(*own), QSizeF(*box), ratio)
    return made


def test_a_small_picture_is_not_enlarged_by_fitting() -> None:
    made = lens((100, 50), (800, 600))
    assert made.percent == 100
    assert made.target == QRectF(350, 275, 100, 50)
    assert not made.movable
    assert lens((100, 50), (800, 600), 2.0).target == QRectF(375, 287.5, 50, 25), "a pixel to a pixel of the screen"


def test_the_point_under_the_pointer_stays() -> None:
    made = lens((4000, 3000), (800, 600))
    at = QPointF(600, 200)

    def under() -> QPointF:
        target = made.target
        return (at - target.topLeft()) / target.width()

    before = under()
    made.zoom(3.0, at)
    assert under().x() == pytest.approx(before.x())
    assert under().y() == pytest.approx(before.y())


def test_nothing_empty_is_pushed_into_the_box() -> None:
    made = lens((4000, 3000), (800, 600))
    made.set(1.0)
    made.move(QPointF(1e6, -1e6))
    assert made.target.left() == pytest.approx(0)
    assert made.target.bottom() == pytest.approx(600)
    made.zoom(1e9)
    assert made.percent == 800
    made.zoom(1e-9)
    assert made.scale > 0
    assert made.target.center() == QPointF(400, 300)
    empty = lens((0, 0), (800, 600))
    empty.zoom(2)
    assert empty.target.isEmpty()
