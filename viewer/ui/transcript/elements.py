"""The pieces of a message. Each measures itself, is placed, draws itself and knows what of it can be clicked."""

# ruff: noqa: ARG002 (one signature for all pieces)

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter

from viewer.ui.icons import draw
from viewer.ui.theme import Theme
from viewer.ui.transcript.context import Context, PaintState, Type, type_of
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.transcript.pens import box, elided, line


class Element:
    """A rectangle of a row. Coordinates are those of the row; `length` counts the characters that can be marked."""

    beside: tuple[type["Element"], ...] = ()  # after which elements this one may stand on the same line

    def __init__(self) -> None:
        self.rect = QRectF()
        self.part = -1

    @property
    def length(self) -> int:
        """How many characters of text it holds; 0 where nothing can be marked."""
        return 0

    @property
    def text(self) -> str:
        """Its words, for the clipboard and for screen readers."""
        return ""

    def texts(self) -> list["Element"]:
        """The elements in it whose text can be marked, in reading order."""
        return [self] if self.length else []

    @property
    def one_line(self) -> bool:
        """Whether a neighbour may follow on the same line."""
        return True

    def measure(self, width: float, ctx: Context) -> QSizeF:
        """Lay out within `width`; answers the size taken."""
        raise NotImplementedError

    def place(self, x: float, y: float) -> None:
        """Stand with the upper left corner here."""
        self.rect.moveTo(x, y)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        """Draw."""
        raise NotImplementedError

    def hit(self, pos: QPointF) -> Hit | None:
        """What is under the pointer."""
        return None

    def actions(self) -> list[Hit]:
        """What can be done with it from the keyboard."""
        return []

    def offset_at(self, pos: QPointF) -> int:
        """The character nearest to a point."""
        return 0

    def words(self, start: int, end: int) -> str:
        """The text between two characters."""
        return self.text[start:end]

    def word_at(self, offset: int) -> tuple[int, int]:
        """Where the word around a character begins and ends."""
        return offset, offset

    def spot(self, start: int, end: int) -> QRectF:
        """Where a part of the text stands, in the row."""
        return QRectF(self.rect)

    def sized(self, width: float, height: float) -> QSizeF:
        """Take this size."""
        self.rect.setSize(QSizeF(width, height))
        return self.rect.size()


class Label(Element):
    """One line: an optional icon and a text, cut where it is too long; a click may do something."""

    def __init__(self, text: str, role: str, color: str, icon: str = "", hit: Hit | None = None) -> None:
        super().__init__()
        self._text, self._kind, self._color, self._icon, self._hit = text, type_of(role), color, icon, hit
        self._shown = text

    @property
    def text(self) -> str:
        return self._text

    @property
    def length(self) -> int:
        return len(self._text)

    def offset_at(self, pos: QPointF) -> int:
        right = pos.x() - self._left
        return next(
            (end for end in range(len(self._shown)) if self._kind.width(self._shown[: end + 1]) > right), self.length
        )

    def word_at(self, offset: int) -> tuple[int, int]:
        return 0, self.length

    @property
    def _left(self) -> float:
        return self.rect.x() + (18.0 if self._icon else 0.0)

    def spot(self, start: int, end: int) -> QRectF:
        left, right = (self._kind.width(self._shown[:offset]) for offset in (start, end))
        return QRectF(self._left + left, self.rect.y(), right - left, self.rect.height())

    def measure(self, width: float, ctx: Context) -> QSizeF:
        indent = 18.0 if self._icon else 0.0
        self._shown = elided(self._kind, self._text, max(width - indent, 24.0))
        return self.sized(min(indent + self._kind.width(self._shown) + 1, width), self._kind.line)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        color = getattr(ctx.theme, self._color)
        x = self._left
        if self._icon:
            draw(painter, self._icon, color, self.rect.x(), self.rect.center().y() - 7, 14)
        if self._hit is not None and state.hover == self._hit:
            _underline(painter, self._kind, x, self.rect, self._kind.width(self._shown), color)
        line(painter, self._kind, color, x, self.rect.y(), self._shown)
        for start, end, current in state.marked.of(self) if state.marked else ():
            mark(painter, ctx.theme, self.spot(start, end), current=current)
            self._again(painter, self.spot(start, end), INK if current else ctx.theme.text)
        span = state.selection.span(state.row, self.part, self.length) if state.selection else None
        if span is not None:
            painter.fillRect(self.spot(*span), ctx.theme.accent)
            self._again(painter, self.spot(*span), ctx.theme.on_accent)

    def _again(self, painter: QPainter, spot: QRectF, ink: QColor) -> None:
        """Write what stands in `spot` in another ink."""
        painter.save()
        painter.setClipRect(spot, Qt.ClipOperation.IntersectClip)
        line(painter, self._kind, ink, self._left, self.rect.y(), self._shown)
        painter.restore()

    def hit(self, pos: QPointF) -> Hit | None:
        return self._hit if self.rect.contains(pos) else None

    def actions(self) -> list[Hit]:
        return [self._hit] if self._hit is not None and self._hit.clickable else []


INK = QColor("#171b1e")  # of words on the strong amber, in both themes


def mark(painter: QPainter, look: Theme, spot: QRectF, *, current: bool) -> None:
    """The ground of words that were found: amber, under the reader's stand stronger and outlined."""
    if current:
        box(painter, spot.adjusted(-1, 0, 1, 0), look.hit_cur, look.hit_line, (2, 2, 2, 2))
    else:
        box(painter, spot, look.hit, None, (2, 2, 2, 2))


def _underline(painter: QPainter, kind: Type, x: float, rect: QRectF, width: float, color: object) -> None:
    base = rect.y() + (kind.line + kind.metrics.ascent() - kind.metrics.descent()) / 2 + 2
    painter.fillRect(QRectF(x, round(base), width, 1), color)


class Links(Element):
    """Links of the program's own, side by side: "Open in Bitrix24", "Show raw data"."""

    def __init__(self, links: list[tuple[str, str, Hit]], indent: float = 0.0) -> None:
        super().__init__()
        self._labels = [Label(text, "secondary-medium", "accent", icon, hit) for icon, text, hit in links]
        self._indent = indent

    @property
    def text(self) -> str:
        return ", ".join(label.text for label in self._labels)

    def measure(self, width: float, ctx: Context) -> QSizeF:
        x, y = self._indent, 0.0
        widest = 0.0
        for label in self._labels:
            size = label.measure(width - self._indent, ctx)
            if x > self._indent and x + size.width() > width:
                x, y = self._indent, y + size.height() + 4
            label.place(x, y)
            x += size.width() + 12
            widest = max(widest, x - 12)
        return self.sized(widest, y + 20)

    def place(self, x: float, y: float) -> None:
        for label in self._labels:
            label.place(label.rect.x() - self.rect.x() + x, label.rect.y() - self.rect.y() + y)
        super().place(x, y)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        for label in self._labels:
            label.paint(painter, ctx, state)

    def hit(self, pos: QPointF) -> Hit | None:
        return next((found for label in self._labels if (found := label.hit(pos))), None)

    def actions(self) -> list[Hit]:
        return [hit for label in self._labels for hit in label.actions()]


class Header(Element):
    """Who and when: the author (or what kind of message it is) at the left, the time at the right."""

    def __init__(
        self, label: str, when: str, *, role: str = "name", color: str = "text", icon: str = "", tip: str = ""
    ) -> None:
        super().__init__()
        self._label, self._when, self._color, self._icon, self._tip = label, when, color, icon, tip
        self._kind = type_of(role)
        self._shown = label

    @property
    def text(self) -> str:
        return self._label

    def measure(self, width: float, ctx: Context) -> QSizeF:
        indent = 16.0 if self._icon else 0.0
        when = type_of("meta").width(self._when) + 16
        self._shown = elided(self._kind, self._label, max(width - indent - when, 24.0))
        return self.sized(min(indent + self._kind.width(self._shown) + when + 1, width), 18.0 if self._label else 16.0)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        color = getattr(ctx.theme, self._color)
        x, y = self.rect.x(), self.rect.y()
        if self._icon:
            draw(painter, self._icon, color, x, y + 2, 13)
            x += 16
        line(painter, self._kind, color, x, y + (18 - self._kind.line) / 2, self._shown)
        meta = type_of("meta")
        line(painter, meta, ctx.theme.text3, self.rect.right() - meta.width(self._when), y + 1, self._when)

    def hit(self, pos: QPointF) -> Hit | None:
        return Hit(Act.NONE, "", self._tip) if self._tip and self.rect.contains(pos) else None
