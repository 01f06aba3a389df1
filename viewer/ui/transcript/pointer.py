"""What the mouse does over the rows: hover, click, marking text."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip

from viewer.ui.transcript.copying import marked_text
from viewer.ui.transcript.elements import Element
from viewer.ui.transcript.hits import Act, Hit, Position, Selection
from viewer.ui.transcript.scene import Scene

_DRAG = 4
_PULL = 30  # ms between two steps of scrolling while marking
_FASTEST = 60.0  # pixels a step
_ANY_PART = 1_000_000  # beyond every part of a row


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
        self._clicks = 0  # of the last click: the third marks the whole text
        self._clicked = QPointF()
        self._since = QElapsedTimer()
        self.pulling = QTimer(scene)  # scrolls on while the mouse is held beyond an edge
        self.pulling.setInterval(_PULL)
        self.pulling.timeout.connect(self._pull_on)

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
        return marked_text(self._scene.stage, marked)

    def pressed(self, event: QMouseEvent) -> None:
        """A button went down."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        spot = event.position()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._scene.selection is not None:
            self._anchor = self._scene.selection.anchor
            self._down = spot
            self._mark_to(spot)
            return
        third = self._clicks == 2 and self._since.elapsed() < QGuiApplication.styleHints().mouseDoubleClickInterval()
        self.clear()
        self._down = spot
        self._hit = self._scene.hit_at(spot)
        self._anchor = self._position(spot)
        self._clicks = 1
        if third and (spot - self._clicked).manhattanLength() < _DRAG:
            self._mark_all_at(spot)
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
        self._mark_to(event.position())
        if 0 <= event.position().y() <= self._scene.viewport().height():
            self.pulling.stop()
        elif not self.pulling.isActive():
            self.pulling.start()

    def _mark_to(self, spot: QPointF) -> None:
        """Mark from where the mouse went down to a point, through however many messages."""
        if self._anchor is None:
            return
        height = self._scene.viewport().height()
        cursor = self._nearest(QPointF(spot.x(), min(max(spot.y(), 0.0), height - 1.0)))
        if cursor is not None:
            self._scene.selection = Selection(self._anchor, cursor)
            self._scene.viewport().setCursor(Qt.CursorShape.IBeamCursor)
            self._scene.viewport().update()

    def _pull_on(self) -> None:
        """The mouse is held above or below the view: the further, the faster it scrolls."""
        if self._down is None or self._last is None:
            self.pulling.stop()
            return
        height = self._scene.viewport().height()
        beyond = self._last.y() if self._last.y() < 0 else max(self._last.y() - height, 0.0)
        self._scene.stage.scroll(max(min(beyond, _FASTEST), -_FASTEST) / self._scene.scale)
        self._scene.changed()
        self._mark_to(self._last)

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
        self.pulling.stop()
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
        self._clicks, self._clicked = 2, event.position()
        self._since.start()
        start, end = found[0].word_at(spot.offset)
        self._scene.selection = Selection(Position(spot.row, spot.part, start), Position(spot.row, spot.part, end))
        self._scene.viewport().update()

    def _mark_all_at(self, spot: QPointF) -> None:
        """Mark the whole text under the mouse."""
        found = self._part(spot)
        if found is not None:
            part, _inner, row = found
            self._scene.selection = Selection(Position(row, part.part, 0), Position(row, part.part, part.length))
            self._down = None

    def mark_everything(self) -> None:
        """Mark the whole conversation."""
        last = len(self._scene.stage.rows) - 1
        if last >= 0:
            self._scene.selection = Selection(Position(0, 0, 0), Position(last, _ANY_PART, 0))
            self._scene.viewport().update()

    def mark_rows(self, anchor: int, cursor: int) -> None:
        """Mark whole rows, as the keyboard does."""
        ends = ((anchor, 0), (cursor, _ANY_PART)) if anchor <= cursor else ((anchor, _ANY_PART), (cursor, 0))
        self._scene.selection = Selection(*(Position(row, part, 0) for row, part in ends))
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

    def _nearest(self, spot: QPointF) -> Position | None:
        """The place at a point; where the row there holds no text, that of the next row towards the anchor."""
        found = self._scene.row_at(spot)
        if found is None or self._anchor is None:
            return self._position(spot)
        row = found[0].row
        towards = -1 if row > self._anchor.row else 1
        while row != self._anchor.row:
            place = self._position(spot, row)
            if place is not None:
                return place
            row += towards
        place = self._position(spot, row)
        if place is None and self._scene.selection is not None:
            return self._scene.selection.cursor
        return place

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
