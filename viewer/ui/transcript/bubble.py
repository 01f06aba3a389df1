"""A message as a bubble: whose side, which fill, header, pieces, the pill of likes, what went wrong."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from viewer.chat import MessageRow
from viewer.i18n import full_moment
from viewer.ui.transcript.card import STRIPE, CardBox, paint_box
from viewer.ui.transcript.context import AVATAR, GUTTER, INDENT, PAD_X, Context, PaintState, type_of
from viewer.ui.transcript.elements import Element, Header
from viewer.ui.transcript.files import Voice
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.transcript.layout import Flow, RowLayout
from viewer.ui.transcript.mosaic import Mosaic
from viewer.ui.transcript.pens import Radii, avatar, box, dashed, line
from viewer.ui.transcript.reactions import Pills
from viewer.ui.transcript.text import TextBox

_TIME_GAP = 12.0


@dataclass(frozen=True, slots=True)
class Look:
    """How a bubble is drawn; colours are names of the theme's tokens."""

    fill: str
    border: str = ""
    dashes: bool = False
    bar: str = ""  # a coloured left edge, 3 px
    left: bool = False

    @property
    def radii(self) -> Radii:
        """Corners: the sender's is nearly square; a bar wants square corners all round."""
        if self.bar:
            return 4, 4, 4, 4
        return (10, 10, 10, 3) if self.left else (10, 10, 3, 10)


class Bubble(RowLayout):
    """A message in its bubble. `header` is None where the author is plain from the bubble above."""

    def __init__(
        self, row: MessageRow, look: Look, header: Header | None, elements: list[Element], when: str, ctx: Context
    ) -> None:
        super().__init__()
        self._row, self._look, self._when = row, look, when
        self._header = header
        self.elements = elements if header is None else [header, *elements]
        self._pills = Pills(row.message.reactions, ctx)
        self._time = QPointF()
        self._over = (
            header is None and bool(elements) and isinstance(elements[-1], Mosaic)
        )  # the time lies on a picture
        self._card = elements[0] if len(elements) == 1 and isinstance(elements[0], CardBox) else None
        self._arrange(elements, ctx)
        self.number_parts()

    def _arrange(self, elements: list[Element], ctx: Context) -> None:
        top = ctx.gap if self._row.first_of_run else 2.0
        wide = ctx.widest
        flow = Flow(elements, wide, ctx)
        inner = flow.width
        if self._header is not None:
            inner = max(inner, self._header.measure(wide, ctx).width())
        tail = 0.0
        if self._header is None:
            inner, tail = self._fit_time(elements, flow, inner, wide)
        left = self._place(inner, ctx)
        y = top + ctx.pad_y
        if self._header is not None:
            self._header.place(left, y)
            self._header.rect.setWidth(inner)
            y += self._header.rect.height() + (2 if elements and not isinstance(elements[0], TextBox) else 0)
        y = flow.place(left, y)
        if self._header is None:
            y += tail
            self._time = self._time_spot(elements, left + inner, y, tail)
        self._close(top, y + ctx.pad_y, left, inner)

    def _fit_time(self, elements: list[Element], flow: Flow, inner: float, wide: float) -> tuple[float, float]:
        """The inner width with the time at the end of the last line, and the height of a line of its own for it."""
        meta = type_of("meta")
        when = meta.width(self._when)
        if self._card is not None or self._over:
            return max(inner, when + 16), 0.0
        last = elements[-1] if elements else None
        end = last.last_line if isinstance(last, TextBox) and len(flow.lines[-1]) == 1 else flow.end
        if end + _TIME_GAP + when <= wide:
            return max(inner, end + _TIME_GAP + when), 0.0
        return max(inner, when), meta.line

    def _time_spot(self, elements: list[Element], right: float, bottom: float, tail: float) -> QPointF:
        x = right - type_of("meta").width(self._when)
        if self._card is not None:
            return QPointF(x, self._card.rect.y() + 1)
        if self._over:
            spot = elements[-1].rect
            return QPointF(spot.right() - 10 - type_of("meta").width(self._when), spot.bottom() - 22)
        if tail or not elements:
            return QPointF(x, bottom - 16)
        if isinstance(elements[-1], Voice):
            return QPointF(x, elements[-1].rect.center().y() - 8)
        return QPointF(x, bottom - 17)

    def _place(self, inner: float, ctx: Context) -> float:
        if self._look.left:
            return INDENT + PAD_X
        return float(int(ctx.right - PAD_X - inner))

    def _close(self, top: float, bottom: float, left: float, inner: float) -> None:
        edge = STRIPE if self._card is not None else 0.0
        self.outline = QRectF(left - PAD_X - edge, top, inner + 2 * PAD_X + edge, bottom - top)
        self.radius = 10.0 if not self._look.bar else 4.0
        self.height = bottom
        self.marks = (top + 10, top + 18)
        if self._pills:
            least = self.outline.left() + 4 if self._look.left else 0.0
            self._pills.place(self.outline.right() - PAD_X, self.outline.bottom() - 9, least)
            self.height += 12

    def add_foot(self, foot: Element, ctx: Context) -> None:
        """Put a line under the bubble, at the sender's side."""
        size = foot.measure(ctx.widest, ctx)
        right = self.outline.right() - size.width()
        foot.place(self.outline.left() if self._look.left else right, self.height + 3)
        self.height += 3 + size.height()
        self.elements.append(foot)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        self._paint_ground(painter, ctx)
        super().paint(painter, ctx, state)
        if self._over:
            self._paint_shade(painter)
        if self._header is None:
            ink = QColor("white") if self._over else ctx.theme.text3
            line(painter, type_of("meta"), ink, self._time.x(), self._time.y(), self._when)
        if self._look.left and self._row.last_of_run:
            spot = QRectF(GUTTER, self.outline.bottom() - AVATAR, AVATAR, AVATAR)
            avatar(painter, ctx.theme, spot, self._row.author.id, self._row.author.initials)
        self._pills.paint(painter, ctx)

    def _paint_shade(self, painter: QPainter) -> None:
        """Dark ground under a time that lies on a picture."""
        wide = type_of("meta").width(self._when) + 12
        box(painter, QRectF(self._time.x() - 6, self._time.y() - 1, wide, 18), QColor(0, 0, 0, 165), None, (9, 9, 9, 9))

    def _paint_ground(self, painter: QPainter, ctx: Context) -> None:
        theme, look = ctx.theme, self._look
        fill: QColor = getattr(theme, look.fill)
        if self._card is not None and isinstance(self._card, CardBox):
            paint_box(painter, self.outline, theme, self._card.stripe, (6, 6, 6, 6))
        elif look.dashes:
            dashed(painter, self.outline, getattr(theme, look.border), look.radii, fill)
        else:
            border: QColor | None = getattr(theme, look.border) if look.border else None
            box(painter, self.outline, fill, border, look.radii)
        if look.bar and self._card is None:
            painter.save()
            painter.setClipRect(QRectF(self.outline.x(), self.outline.y(), 3, self.outline.height()))
            box(painter, self.outline, getattr(theme, look.bar), None, look.radii)
            painter.restore()

    def hit(self, pos: QPointF) -> Hit | None:
        return self._pills.hit(pos) or super().hit(pos) or self._hit_time(pos)

    def _hit_time(self, pos: QPointF) -> Hit | None:
        """Over the time: the whole of it, with its zone."""
        meta = type_of("meta")
        wide = meta.width(self._when)
        at = self._time if self._header is None else self._header.rect.topRight() - QPointF(wide, 0)
        spot = QRectF(at.x(), at.y(), wide, meta.line)
        return Hit(Act.NONE, tip=full_moment(self._row.message.date)) if spot.contains(pos) else None
