"""The menu of a message, asked for by the other mouse button: what is marked, the link under the pointer, copying."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.ui.opened import Open, demo, mouse, spot, window
from viewer.ui.transcript.hits import Act
from viewer.ui.window import MainWindow

__all__ = ["demo", "window"]


def _menu(window: MainWindow, spot: QPoint) -> QMenu:
    """The menu that the other button opens at a point of the transcript."""
    viewport = window.conversation.view.viewport()
    mouse(QEvent.Type.MouseMove, viewport, spot)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, viewport.mapToGlobal(spot))
    QApplication.sendEvent(viewport, asked)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def _choose(menu: QMenu, words: str) -> None:
    (action,) = (action for action in menu.actions() if action.text() == words)
    action.trigger()
    menu.close()


def test_the_link_under_the_pointer_can_be_copied(window: Open) -> None:
    shown = window("343")
    view = shown.conversation.view
    linked = next(each for each in shown.desk.transcript.messages if "https://" in each.text and each.author_id)
    assert view.show_message(linked.id, share=0.5)
    view.viewport().repaint()
    at = spot(shown, lambda hit: hit.act is Act.LINK and str(hit.target).startswith("https://"))
    hit = view.hit_at(QPointF(at))
    assert hit is not None
    menu = _menu(shown, at)
    assert "Copy what is marked" not in [action.text() for action in menu.actions()]
    _choose(menu, "Copy the link's address")
    assert QGuiApplication.clipboard().text() == hit.target


def test_what_is_marked_can_be_copied(window: Open) -> None:
    shown = window("321")
    view = shown.conversation.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    row = next(each for each in view.stage.shown if view.stage.layout(each.row).texts() and each.y > view.covered)
    menu = _menu(shown, QPoint(300, round(row.y + row.layout.height / 2)))
    _choose(menu, "Copy what is marked")
    copied = QGuiApplication.clipboard().text()
    for message in shown.desk.transcript.messages[1:3]:
        assert message.text.split("\n")[0].split("[")[0] in copied
