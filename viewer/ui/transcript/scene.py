"""The screen under the transcript: lays out what is seen, draws it, keeps the scroll bar; no mouse, no keys."""

# ruff: noqa: ARG002 (Qt's own signatures)

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from viewer.chat import Row, SystemLines, Transcript
from viewer.ui.theme import Theme, palette, text_scale
from viewer.ui.transcript import ruler
from viewer.ui.transcript.context import GUTTER, Context, PaintState
from viewer.ui.transcript.hits import Act, Hit, Selection
from viewer.ui.transcript.layout import RowLayout
from viewer.ui.transcript.marks import MarkedBar, Marks, frame_boxes, frame_row, shares
from viewer.ui.transcript.pens import bar, ring
from viewer.ui.transcript.pictures import Pictures
from viewer.ui.transcript.rows import layout
from viewer.ui.transcript.stage import Shown, Stage, key_of
from viewer.ui.transcript.sticky import Pinned, pinned

_STEP = 48
_FLASH = 1000  # ms that a message found is lit
_TRAIL = 50  # places kept to go back to
_RETICK = 80  # ms between two countings of where ticks stand


class Scene(QAbstractScrollArea):
    """Rows on screen.

    Signals: `picture_needed(int, QSize)` a picture came into sight, to be decoded at so many device pixels;
    `top_reached()` the reader came to the first row; `laid_out()` rows stand anew.
    """

    picture_needed = Signal(int, QSize)
    top_reached = Signal()
    laid_out = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("area", "canvas")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.bar = MarkedBar(theme)
        self.setVerticalScrollBar(self.bar)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(_STEP)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.zoom = 100
        self.pictures = Pictures()
        context = Context(theme, 800.0, self.pictures, Transcript(), palette=palette(theme))
        self.stage = Stage(context, layout)
        self.dress(theme)
        self.hover: Hit | None = None
        self.selection: Selection | None = None
        self.focused = -1  # the row that the keyboard stands on
        self.ring = False  # whether it shows
        self.lit = -1
        self.pins: tuple[Pinned | None, Pinned | None] = (None, None)
        self.marks: Marks | None = None
        self._trail: list[tuple[tuple[str, object], float]] = []
        self._dirty = True
        self._syncing = False
        self._told_top = False
        self._later = self._timer(self.lay_out, once=True)
        self._idle = self._timer(self._refine, once=False)
        self._pictures_later = self._timer(self._ask_for_pictures, once=True)
        self._light = self._timer(self._unlight, once=True)
        self._light.setInterval(_FLASH)
        self._ticks = self._timer(self._set_ticks, once=True)
        self._ticks.setInterval(_RETICK)

    def _timer(self, call: Callable[[], None], *, once: bool) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(once)
        made.timeout.connect(call)
        return made

    def dress(self, theme: Theme) -> None:
        """Give the frame around the rows the colour of the canvas."""
        made = palette(theme)
        made.setColor(QPalette.ColorRole.Window, theme.canvas)
        self.setPalette(made)
        self.bar.set_theme(theme)

    @property
    def scale(self) -> float:
        """Pixels of the screen to one layout unit: the reader's zoom, of what the system writes at."""
        return self.zoom / 100 * text_scale()

    @property
    def covered(self) -> float:
        """How much of the top the pinned rows cover."""
        return max((pin.bottom + 4 for pin in self.pins if pin is not None), default=4.0)

    def changed(self) -> None:
        """Lay out soon: once, however often this is called."""
        self._dirty = True
        self._later.start()
        self.viewport().update()

    def measure(self) -> None:
        """Take the viewport's size."""
        size = self.viewport().size()
        self.stage.height = size.height() / self.scale
        if self.stage.context.width != size.width() / self.scale:
            self.stage.set_context(replace(self.stage.context, width=size.width() / self.scale))

    def lay_out(self) -> None:
        """Lay out what is on screen, if anything changed."""
        if not self._dirty:
            return
        self._dirty = False
        self.measure()
        self.stage.arrange()
        self.pins = pinned(self.stage)
        self._sync_bar()
        self._idle.start()
        self._tell_top()
        self.laid_out.emit()

    # --- places ---

    def show_message(self, message_id: int, *, share: float = 1 / 3) -> bool:
        """Bring a message to a share of the height and light it up for a second; False when it is not here."""
        row = self.stage.row_of(message_id)
        if row is None:
            return False
        self.leave()
        self.measure()
        self.stage.go(row, -self.stage.height * share)
        self.focused, self.lit = row, row
        self._light.start()
        self.changed()
        return True

    def _unlight(self) -> None:
        self.lit = -1
        self.viewport().update()

    def leave(self) -> None:
        """Remember where the reader is, to come back."""
        row, offset = self.stage.anchor
        if not 0 <= row < len(self.stage.rows):
            return
        place = (key_of(self.stage.rows[row]), offset)
        if not self._trail or self._trail[-1] != place:
            self._trail = [*self._trail[1 - _TRAIL :], place]

    def go_back(self) -> bool:
        """Return to where the reader was before the last jump; False when there is no such place."""
        here = self.stage.anchor
        while self._trail:
            key, offset = self._trail.pop()
            row = next((index for index, row in enumerate(self.stage.rows) if key_of(row) == key), None)
            if row is not None and (row, offset) != here:
                self.stage.go(row, offset)
                self.changed()
                return True
        return False

    def forget_places(self) -> None:
        """There is nowhere to go back to."""
        self._trail.clear()

    # --- what was found ---

    def set_marks(self, marks: Marks | None) -> None:
        """Mark what was found, or nothing."""
        self.marks = marks
        if not self._ticks.isActive():
            self._ticks.start()
        self.viewport().update()

    def show_mark(self) -> None:
        """Bring the current hit into sight: where it is not seen already, to a third of the height."""
        row = self.stage.row_of(self.marks.current[0]) if self.marks is not None else None
        if row is None or self.marks is None:
            return
        item = self.stage.rows[row]
        self._unfold(row, item)
        self.measure()
        spot = self.marks.spot(item, self.stage.layout(row))
        shown = self.stage.shown_row(row)
        if shown is None or shown.y + spot.top() < self.covered or shown.y + spot.bottom() > self.stage.height - 8:
            self.stage.go(row, spot.top() - self.stage.height / 3)
        self.changed()

    def _unfold(self, row: int, item: Row) -> None:
        context = self.stage.context
        if isinstance(item, SystemLines) and item.messages[0].id not in context.unfolded:
            self.stage.context = replace(context, unfolded=context.unfolded | {item.messages[0].id})
            self.stage.drop(row)

    def _set_ticks(self) -> None:
        if self.marks is None:
            self.bar.set_places([])
            return
        rows = sorted({found.row for found in self.marks.found.values()})
        current = self.marks.found.get(self.marks.current[0])
        here = shares([current.row] if current else [], self._top, self.stage.total)
        self.bar.set_places(shares(rows, self._top, self.stage.total), here[0] if here else -1.0)

    def _top(self, row: int) -> float:
        """How far from the start a row stands, as far as it is known."""
        kept = self.stage.anchor
        self.stage.anchor = (row, 0.0)
        top = self.stage.value
        self.stage.anchor = kept
        return top

    def hit_at(self, spot: QPointF) -> Hit | None:
        """What is at a point of the viewport."""
        inner = spot / self.scale
        for pin in self.pins:
            if pin is not None and pin.layout.outline.translated(0, pin.y).contains(inner):
                return pin.layout.hit(inner - QPointF(0, pin.y))
        if inner.x() < GUTTER and (wait := self._wait_at(inner.y())) is not None:
            return Hit(Act.NONE, f"wait {wait.end}", ruler.tip(wait.span, self.stage.context.norm))
        found = self.row_at(spot)
        return found[0].layout.hit(found[1]) if found else None

    def _wait_at(self, y: float) -> ruler.Wait | None:
        shown = self.stage.at(y)
        crossing = self.stage.waits.crossing(shown.row, shown.row) if shown is not None else []
        return crossing[0] if crossing else None

    def row_at(self, spot: QPointF) -> tuple[Shown, QPointF] | None:
        """The row at a point of the viewport, and the point within the row."""
        inner = spot / self.scale
        shown = self.stage.at(inner.y())
        return (shown, inner - QPointF(0, shown.y)) if shown is not None else None

    def _refine(self) -> None:
        if not self.stage.refine():
            self._idle.stop()
        self._sync_bar()

    def _sync_bar(self) -> None:
        scroll = self.verticalScrollBar()
        self._syncing = True
        scroll.setRange(0, max(0, int(self.stage.total - self.stage.height)))
        scroll.setPageStep(max(int(self.stage.height) - _STEP, _STEP))
        scroll.setValue(scroll.maximum() if self.stage.at_end else int(self.stage.value))
        self._syncing = False
        if self.marks is not None and not self._ticks.isActive():
            self._ticks.start()

    def _tell_top(self) -> None:
        at_top = bool(self.stage.rows) and self.stage.anchor[0] == 0 and self.stage.anchor[1] < _STEP
        if at_top and not self._told_top:
            self.top_reached.emit()
        self._told_top = at_top

    def _ask_for_pictures(self) -> None:
        for number, size in self.pictures.take_wanted().items():
            self.picture_needed.emit(number, size)

    # --- paint ---

    def _paint(self, painter: QPainter) -> None:
        context, stage = self.stage.context, self.stage
        painter.fillRect(self.viewport().rect(), context.theme.canvas)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.scale(self.scale, self.scale)
        held = {pin.row for pin in self.pins if pin is not None}
        for shown in stage.shown:
            if shown.row not in held:
                self._paint_row(painter, shown.row, shown.y, shown.layout)
        self._paint_waits(painter)
        bar_, day = self.pins
        if day is not None:
            self._paint_row(painter, day.row, day.y, day.layout)
        if bar_ is not None:
            bar(painter, QRectF(0, 0, context.width, max(bar_.bottom + 4, 0)), context.theme.canvas)
            self._paint_row(painter, bar_.row, bar_.y, bar_.layout)

    def _paint_row(self, painter: QPainter, row: int, y: float, made: RowLayout) -> None:
        ratio = self.devicePixelRatioF() * self.scale
        y = round(y * ratio) / ratio
        painter.translate(0, y)
        clip = QRectF(0, -y, self.stage.context.width, self.stage.height)
        marked = self.marks.of(self.stage.rows[row], made) if self.marks is not None else None
        state = PaintState(row, self.hover, self.selection, clip, marked)
        if row == self.lit:
            glow = QColor(self.stage.context.theme.accent)
            glow.setAlphaF(0.14)
            spot = made.outline
            painter.fillRect(QRectF(0, spot.top() - 4, self.stage.context.width, spot.height() + 8), glow)
        if row == self.focused and self.ring and self.hasFocus():
            spot = made.outline.adjusted(-3, -3, 3, 3)
            ring(painter, spot, self.stage.context.theme.accent, made.radius + 3)
        if marked is not None:
            frame_row(painter, self.stage.context.theme, made, marked)
        made.paint(painter, self.stage.context, state)
        if marked is not None:
            frame_boxes(painter, self.stage.context.theme, made, marked)
        painter.translate(0, -y)

    def _paint_waits(self, painter: QPainter) -> None:
        stage = self.stage
        if not stage.shown:
            return
        first, last = stage.shown[0].row, stage.shown[-1].row
        for wait in stage.waits.crossing(first, last):
            top, bottom = stage.shown_row(wait.start), stage.shown_row(wait.end)
            start = top.y + top.layout.marks[0] if top else -20.0
            end = bottom.y + bottom.layout.marks[1] if bottom else stage.height + 20.0
            ruler.paint(painter, stage.context, wait, start, end)

    # --- Qt ---

    def paintEvent(self, event: QPaintEvent) -> None:
        self.lay_out()
        painter = QPainter(self.viewport())
        self._paint(painter)
        painter.end()
        if self.pictures.wanted:
            self._pictures_later.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.changed()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if self._syncing:
            return
        scroll = self.verticalScrollBar()
        if scroll.value() >= scroll.maximum():
            self.stage.go_to_end()
        elif abs(dy) <= 2 * self.stage.height:
            self.stage.scroll(float(-dy))
        else:
            self.stage.go_to_value(float(scroll.value()))
        self.changed()
