"""What the keys do over the rows: walk, mark, open, scroll, zoom."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu

from viewer.ui.transcript.aids import named
from viewer.ui.transcript.copying import next_message

if TYPE_CHECKING:
    from viewer.ui.transcript.view import TranscriptView

_STEP = 48.0  # pixels that an arrow key scrolls
_ZOOM_STEP = 10


class Keyboard:
    """The keys over one view."""

    def __init__(self, view: "TranscriptView") -> None:
        self._view = view

    def pressed(self, event: QKeyEvent) -> bool:
        """Do what a key says; False where it says nothing here."""
        view = self._view
        if event.matches(QKeySequence.StandardKey.Copy):
            view.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            view.pointer.mark_everything()
        elif event.modifiers() == Qt.KeyboardModifier.ShiftModifier and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._extend(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif event.key() == Qt.Key.Key_Escape and (view.ring or view.pointer.clear()):
            view.ring = False
            view.viewport().update()
        elif (zoom := _zoom_after(event, view.zoom)) is not None:
            view.set_zoom(zoom)
        else:
            return self._scrolled(event)
        return True

    def entered(self, reason: Qt.FocusReason) -> None:
        """The keyboard came here: it stands where it stood, or on a row that is wholly in sight, never nowhere."""
        view = self._view
        if reason not in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            return
        seen = [shown.row for shown in view.stage.shown]
        whole = [
            shown.row
            for shown in view.stage.shown
            if shown.y + shown.layout.outline.top() >= view.covered
            and shown.y + shown.layout.height <= view.stage.height
        ]
        if view.focused not in seen and seen:
            at = 0 if reason is Qt.FocusReason.TabFocusReason else -1
            view.focused = (whole or seen)[at]
            view.aids.focus(view.focused)
        view.ring = True
        view.viewport().update()

    def step(self, *, forward: bool) -> bool:
        """Move to the next row in sight; False where the keyboard shall leave the view."""
        view = self._view
        seen = [shown.row for shown in view.stage.shown if shown.y + shown.layout.height > view.covered]
        if view.focused in seen:
            index = seen.index(view.focused) + (1 if forward else -1)
        else:
            index = 0 if forward else len(seen) - 1
        if not 0 <= index < len(seen):
            view.ring = False
            return False
        view.focus_row(seen[index])
        return True

    def _enter(self) -> None:
        """Do what the row is for; where there are several things, ask which."""
        view = self._view
        hits = list(dict.fromkeys(view.stage.layout(view.focused).actions())) if view.focused >= 0 else []
        middle = view.viewport().rect().center()
        if len(hits) == 1:
            view.activate(hits[0], QPointF(middle))
        elif hits:
            menu = QMenu(view)
            for hit in hits:
                words = named(hit).replace("&", "&&")
                menu.addAction(words).triggered.connect(partial(view.activate, hit, QPointF(middle)))
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(view.viewport().mapToGlobal(middle))

    def _extend(self, by: int) -> None:
        """Mark one message more, or one less, from where the keyboard stands."""
        view = self._view
        if view.focused < 0:
            self.step(forward=by > 0)
        anchor = view.focused
        if view.selection is not None and view.ring:
            anchor = view.selection.anchor.row
            view.focus_row(next_message(view.stage, view.focused, by))
        if view.focused >= 0:
            view.ring = True
            view.pointer.mark_rows(anchor, view.focused)

    def _scrolled(self, event: QKeyEvent) -> bool:
        view = self._view
        page = view.viewport().height() - view.covered * view.scale - _STEP
        distance = _distance(event, page)
        if distance is not None:
            view.scroll_by(distance)
        elif _plain(event) and event.key() == Qt.Key.Key_Home:
            view.scroll_to_start()
        elif _plain(event) and event.key() == Qt.Key.Key_End:
            view.scroll_to_end()
        else:
            return False
        return True


def _plain(event: QKeyEvent) -> bool:
    """Whether no modifier is held."""
    return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def _zoom_after(event: QKeyEvent, zoom: int) -> int | None:
    """The zoom that Ctrl with plus, minus or zero asks for."""
    if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return None
    if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
        return zoom + _ZOOM_STEP
    if event.key() in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
        return zoom - _ZOOM_STEP
    return 100 if event.key() == Qt.Key.Key_0 else None


def _distance(event: QKeyEvent, page: float) -> float | None:
    """How far the arrow and page keys scroll."""
    key = Qt.Key
    steps = {
        key.Key_Up: -_STEP,
        key.Key_Down: _STEP,
        key.Key_PageUp: -page,
        key.Key_PageDown: page,
        key.Key_Space: page,
    }
    return steps.get(key(event.key())) if _plain(event) else None
