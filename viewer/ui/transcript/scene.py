"""The screen under the transcript: lays out what is seen, draws it, keeps the scroll bar; no mouse, no keys."""

# ruff: noqa: ARG002 (Qt's own signatures)

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from viewer.chat import Transcript
from viewer.ui.theme import Theme, palette
from viewer.ui.transcript import ruler
from viewer.ui.transcript.context import GUTTER, Context, PaintState
from viewer.ui.transcript.hits import Act, Hit, Selection
from viewer.ui.transcript.layout import RowLayout
from viewer.ui.transcript.pens import bar, ring
from viewer.ui.transcript.pictures import Pictures
from viewer.ui.transcript.rows import layout
from viewer.ui.transcript.stage import Shown, Stage
from viewer.ui.transcript.sticky import Pinned, pinned

_STEP = 48


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
        self._dirty = True
        self._syncing = False
        self._told_top = False
        self._later = self._timer(self.lay_out, once=True)
        self._idle = self._timer(self._refine, once=False)
        self._pictures_later = self._timer(self._ask_for_pictures, once=True)

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

    @property
    def scale(self) -> float:
        """Pixels of the screen to one layout unit."""
        return self.zoom / 100

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
        state = PaintState(row, self.hover, self.selection, clip)
        if row == self.lit:
            glow = QColor(self.stage.context.theme.accent)
            glow.setAlphaF(0.14)
            spot = made.outline
            painter.fillRect(QRectF(0, spot.top() - 4, self.stage.context.width, spot.height() + 8), glow)
        if row == self.focused and self.ring and self.hasFocus():
            spot = made.outline.adjusted(-3, -3, 3, 3)
            ring(painter, spot, self.stage.context.theme.accent, made.radius + 3)
        made.paint(painter, self.stage.context, state)
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
