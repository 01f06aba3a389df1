"""What the mouse does over the rows: hover, click, marking text."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip

from viewer.ui.transcript.elements import Element
from viewer.ui.transcript.hits import Act, Hit, Position, Selection
from viewer.ui.transcript.scene import Scene

_DRAG = 4


class Pointer:
    """The mouse over one scene; `activate` does what a click does, `drag` what pulling at a file by its id does."""

    def __init__(self, scene: Scene, activate: Callable[[Hit, QPointF], None]) -> None:
        self._scene = scene
        self._activate = activate
        self.drag: Callable[[int], object] | None = None
        self._down: QPointF | None = None
        self._hit: Hit | None = None
        self._anchor: Position | None = None
        self._last: QPointF | None = None  # where the mouse was seen last

    def clear(self) -> bool:
        """Unmark everything; answers whether something was marked."""
        marked = self._scene.selection is not None
        self._scene.selection = self._anchor = self._down = None
        return marked

    def shift(self, rows: int) -> None:
        """Rows came above: what is marked moves with its row."""
        marked = self._scene.selection
        if marked is not None:
            self._scene.selection = Selection(_moved(marked.anchor, rows), _moved(marked.cursor, rows))

    def refresh(self) -> None:
        """Rows moved under the pointer."""
        if self._down is None and self._last is not None:
            self._point(self._last)

    def selected_text(self) -> str:
        """What is marked."""
        marked = self._scene.selection
        if marked is None or marked.empty:
            return ""
        first, last = sorted((marked.anchor, marked.cursor))
        out = []
        for row in range(first.row, last.row + 1):
            for part in self._scene.stage.layout(row).texts():
                span = marked.span(row, part.part, part.length)
                if span is not None:
                    out.append(part.words(*span))
        return "\n".join(out)

    def pressed(self, event: QMouseEvent) -> None:
        """A button went down."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self.clear()
        self._down = event.position()
        self._hit = self._scene.hit_at(self._down)
        self._anchor = self._position(self._down)
        self._scene.viewport().update()

    def moved(self, event: QMouseEvent) -> None:
        """The mouse moved."""
        self._last = event.position()
        if self._down is None:
            self._point(event.position())
            return
        way = (event.position() - self._down).manhattanLength()
        if self.drag is not None and self._hit is not None and self._hit.act is Act.FILE:
            if way >= QGuiApplication.styleHints().startDragDistance():
                self._pull(self.drag, self._hit)
            return
        if way < _DRAG or self._anchor is None:
            return
        cursor = self._position(event.position(), self._anchor.row)
        if cursor is not None:
            self._scene.selection = Selection(self._anchor, cursor)
            self._scene.viewport().setCursor(Qt.CursorShape.IBeamCursor)
            self._scene.viewport().update()

    def _pull(self, drag: Callable[[int], object], hit: Hit) -> None:
        """A file is pulled out: the system has the mouse from here, and tells of no release."""
        self._down = self._anchor = self._hit = None
        if isinstance(hit.target, int):
            drag(hit.target)

    def released(self, event: QMouseEvent) -> None:
        """A button went up: a click, where nothing was marked."""
        if event.button() is not Qt.MouseButton.LeftButton or self._down is None:
            return
        spot, self._down = event.position(), None
        marked = self._scene.selection is not None and not self._scene.selection.empty
        if not marked and self._hit is not None and self._hit.clickable and self._scene.hit_at(spot) == self._hit:
            self._activate(self._hit, spot)
        self._point(spot)

    def double_clicked(self, event: QMouseEvent) -> None:
        """A word is marked."""
        spot = self._position(event.position())
        found = self._part(event.position(), spot.row) if spot is not None else None
        if spot is None or found is None:
            return
        start, end = found[0].word_at(spot.offset)
        self._scene.selection = Selection(Position(spot.row, spot.part, start), Position(spot.row, spot.part, end))
        self._scene.viewport().update()

    def left(self) -> None:
        """The mouse is gone."""
        self._last = None
        self._set_hover(None)

    def tell(self, event: QEvent) -> bool:
        """Show the tip of what is under the pointer."""
        if not isinstance(event, QHelpEvent):
            return False
        hit = self._scene.hit_at(QPointF(event.pos()))
        if hit is None or not hit.tip:
            QToolTip.hideText()
            return False
        QToolTip.showText(event.globalPos() + QPoint(8, 12), _plain(hit.tip), self._scene.viewport())
        return True

    def _point(self, spot: QPointF) -> None:
        hit = self._scene.hit_at(spot)
        self._set_hover(hit)
        shape = Qt.CursorShape.ArrowCursor
        if hit is not None and hit.clickable:
            shape = Qt.CursorShape.PointingHandCursor
        elif self._over_text(spot):
            shape = Qt.CursorShape.IBeamCursor
        if self._scene.viewport().cursor().shape() is not shape:
            self._scene.viewport().setCursor(shape)

    def _set_hover(self, hit: Hit | None) -> None:
        if hit != self._scene.hover:
            self._scene.hover = hit
            self._scene.viewport().update()

    def _over_text(self, spot: QPointF) -> bool:
        found = self._scene.row_at(spot)
        return found is not None and any(part.rect.contains(found[1]) for part in found[0].layout.texts())

    def _part(self, spot: QPointF, row: int | None = None) -> tuple[Element, QPointF, int] | None:
        found = self._scene.row_at(spot)
        if found is None:
            return None
        shown, inner = found
        if row is not None and shown.row != row:
            kept = self._scene.stage.shown_row(row)
            if kept is None:
                return None
            inner += QPointF(0, shown.y - kept.y)
            shown = kept
        part = shown.layout.part_at(inner)
        return (part, inner, shown.row) if part is not None else None

    def _position(self, spot: QPointF, row: int | None = None) -> Position | None:
        found = self._part(spot, row)
        if found is None:
            return None
        part, inner, number = found
        return Position(number, part.part, part.offset_at(inner))


def _moved(position: Position, rows: int) -> Position:
    return Position(position.row + rows, position.part, position.offset)


def _plain(tip: str) -> str:
    """A tip that Qt does not take for HTML."""
    return tip.replace("<", "\u2039")
