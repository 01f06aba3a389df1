"""What the keys of the transcript mean."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

STEP = 48.0  # pixels that an arrow key scrolls
_ZOOM_STEP = 10


def plain(event: QKeyEvent) -> bool:
    """Whether no modifier is held."""
    return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def zoom_after(event: QKeyEvent, zoom: int) -> int | None:
    """The zoom that Ctrl with plus, minus or zero asks for."""
    if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return None
    if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
        return zoom + _ZOOM_STEP
    if event.key() in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
        return zoom - _ZOOM_STEP
    return 100 if event.key() == Qt.Key.Key_0 else None


def distance(event: QKeyEvent, page: float) -> float | None:
    """How far the arrow and page keys scroll."""
    key = Qt.Key
    steps = {key.Key_Up: -STEP, key.Key_Down: STEP, key.Key_PageUp: -page, key.Key_PageDown: page, key.Key_Space: page}
    return steps.get(key(event.key())) if plain(event) else None
