"""Attachment cards: a stripe of the card's colour and its parts, one under another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from itertools import groupby

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter

from viewer.chat import Card, Display
from viewer.i18n import _
from viewer.markup import Context as Reading
from viewer.markup import plain
from viewer.markup.cards import Divider, Entry, Pair, Part, Prose, Role, parts, title_of
from viewer.markup.nodes import Link, Nodes, Styled, Text
from viewer.markup.nodes import Style as TextStyle
from viewer.ui.theme import Theme, contrasting
from viewer.ui.transcript.context import Context, PaintState
from viewer.ui.transcript.elements import Element, Label
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.transcript.pens import Radii, bar, box, crisp, outline
from viewer.ui.transcript.text import TextBox
from viewer.ui.transcript.words import html_of

WIDEST = 404.0
STRIPE = 4.0
_NAME, _LINE_LEAST, _LINE_GAP = 92.0, 72.0, 20.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between parts of a card."""

    width: float  # 0: as wide as the card
    color: QColor


@dataclass(slots=True)
class Placed:
    """An element, or a line, at its place within the card."""

    x: float
    y: float
    element: Element | None = None
    rule: Rule | None = None


class CardBox(Element):
    """One card. `alone` when it is the whole message: then it draws no box of its own."""

    def __init__(
        self, card: Card, ctx: Context, *, alone: bool = False, zone: tzinfo = UTC, reserved: float = 0.0
    ) -> None:
        super().__init__()
        self._card, self._alone, self._zone, self._reserved = card, alone, zone, reserved
        self._parts: list[Placed] = []
        self._stripe = _stripe(card, ctx.theme)

    @property
    def text(self) -> str:
        return "\n".join(part.element.text for part in self._parts if part.element is not None)

    def texts(self) -> list[Element]:
        return [text for part in self._parts if part.element is not None for text in part.element.texts()]

    def actions(self) -> list[Hit]:
        return [hit for part in self._parts if part.element is not None for hit in part.element.actions()]

    @property
    def stripe(self) -> QColor:
        """The stripe's colour on the surface."""
        return self._stripe

    def measure(self, width: float, ctx: Context) -> QSizeF:
        pad = 0.0 if self._alone else 12.0
        room = min(width, WIDEST) - STRIPE * (not self._alone) - 2 * pad
        stack = _Stack(ctx, room, self._zone, self._reserved)
        stack.add(parts(self._card, ctx.base))
        self._parts = stack.placed
        left = 0.0 if self._alone else STRIPE + pad
        top = 0.0 if self._alone else 8.0
        for part in self._parts:
            part.x, part.y = part.x + left, part.y + top
        return self.sized(stack.widest + left + pad, stack.y + 2 * top)

    def place(self, x: float, y: float) -> None:
        super().place(x, y)
        for part in self._parts:
            if part.element is not None:
                part.element.place(x + part.x, y + part.y)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        if not self._alone:
            paint_box(painter, self.rect, ctx.theme, self._stripe, (6, 6, 6, 6))
        for part in self._parts:
            if part.element is not None:
                part.element.paint(painter, ctx, state)
            elif part.rule is not None:
                x, y = self.rect.x() + part.x, self.rect.y() + part.y
                whole = self.rect.right() - x - (0 if self._alone else 12)
                bar(painter, QRectF(x, y, min(part.rule.width or whole, whole), 1), part.rule.color)

    def hit(self, pos: QPointF) -> Hit | None:
        if not self.rect.contains(pos):
            return None
        for part in self._parts:
            if part.element is not None and (found := part.element.hit(pos)):
                return found
        return Hit(Act.NONE, "card", _("A card of the portal: the client does not see it"))


def paint_box(
    painter: QPainter, rect: QRectF, look: Theme, stripe: QColor, radii: Radii, fill: QColor | None = None
) -> None:
    """A box whose left edge is a coloured stripe."""
    spot = crisp(painter, rect)
    box(painter, spot, fill or look.surface, look.line, radii)
    painter.save()
    painter.setClipRect(QRectF(spot.x(), spot.y(), STRIPE, spot.height()))
    painter.fillPath(outline(spot, radii), stripe)
    painter.restore()


def _stripe(card: Card, look: Theme) -> QColor:
    if card.color == "transparent":
        return look.line_strong
    if card.color:
        return contrasting(QColor(card.color), look.surface, 3.0)
    tokens = {"primary": look.accent, "secondary": look.text3, "alert": look.red}
    return tokens.get(card.token, look.line_strong)


_ICONS = {
    Role.PERSON: "user", Role.CHAT: "chat", Role.BOT: "bot", Role.PICTURE: "image", Role.FILE: "file",
    Role.UNKNOWN: "info",
}  # fmt: skip


class _Stack:
    """Puts parts under one another; `reserved` keeps the first line clear of the time at its right."""

    def __init__(self, ctx: Context, width: float, zone: tzinfo, reserved: float) -> None:
        self.placed: list[Placed] = []
        self.y = 0.0
        self.widest = 0.0
        self._ctx, self._width, self._zone, self._reserved = ctx, width, zone, reserved

    def add(self, listed: Iterable[Part]) -> None:
        """Put everything; a grid whose display changes is parted by a line."""
        before: Display | None = None
        for display, run in groupby(listed, key=lambda part: part.display if isinstance(part, Pair) else None):
            if display is None:
                for part in run:
                    self._part(part)
            else:
                if before:
                    self._rule(0.0, self._ctx.theme.line)
                self._grid(display, [part for part in run if isinstance(part, Pair)])
            before = display

    def _part(self, part: Part) -> None:
        match part:
            case Prose(nodes=nodes):
                self._nodes(nodes, "body")
            case Divider(size=width, color=color):
                look = self._ctx.theme
                self._rule(float(width), contrasting(QColor(color), look.surface, 1.3) if color else look.line)
            case Entry(role=Role.LINK):
                title: Nodes = (Text(title_of(part)),)
                linked: Nodes = (Link(part.url, title, bare=part.url == part.title),) if part.url else title
                self._nodes((Styled(TextStyle.BOLD, linked),), "body")
                self._nodes(part.detail, "secondary", "text2")
            case Entry():
                self._entry(part)
            case Pair():
                self._row_cell(part, 3.0)

    def _entry(self, entry: Entry) -> None:
        """A line with an icon; a picture or file by address opens in the browser."""
        title = title_of(entry)
        detail = plain(entry.detail, Reading()) if entry.role is Role.FILE else ""
        hit = Hit(Act.LINK, entry.url, entry.url) if entry.url else None
        color = "text3" if entry.role is Role.UNKNOWN else "link" if hit else "text"
        shown = f"{title} · {detail}" if detail else title
        if entry.role is Role.PICTURE and hit is not None and not entry.title:
            shown = _("Show the picture in the browser")
        role = "meta" if entry.role is Role.UNKNOWN else "secondary"
        self._put(Label(shown, role, color, _ICONS[entry.role], hit))
        if entry.role is Role.UNKNOWN:
            self._nodes(entry.detail, "secondary")

    def _put(self, element: Element, x: float = 0.0, gap: float = 4.0) -> None:
        top = self.y + gap if self.placed else 0.0
        room = self._width - x - (0.0 if self.placed else self._reserved)
        taken = element.measure(room, self._ctx)
        self.placed.append(Placed(x, top, element))
        self.widest = max(self.widest, x + taken.width() + (0.0 if self.placed[1:] else self._reserved))
        self.y = top + taken.height()

    def _rule(self, width: float, color: QColor) -> None:
        top = self.y + 5
        self.placed.append(Placed(0, top, rule=Rule(width, color)))
        self.y = top + 2

    def _box(self, nodes: Nodes, role: str, color: str = "text") -> TextBox:
        return TextBox(role, color, html=html_of(nodes, self._ctx, "surface", self._zone, color))

    def _nodes(self, nodes: Nodes, role: str, color: str = "text") -> None:
        if nodes:
            self._put(self._box(nodes, role, color))

    def _grid(self, display: Display, cells: list[Pair]) -> None:
        if display is Display.LINE:
            self._line_cells(cells)
        elif display is Display.BLOCK:
            for cell in cells:
                self._nodes(cell.name, "secondary", "text2")
                if cell.value:
                    self._put(self._value(cell), gap=0.0 if cell.name else 4.0)
        else:
            for cell in cells:
                self._row_cell(cell, 1.0 if display is Display.TABLE else 3.0)

    def _value(self, cell: Pair) -> TextBox:
        return self._box(cell.value, "secondary", _cell_color(cell))

    def _row_cell(self, cell: Pair, gap: float) -> None:
        if not (cell.name and cell.value):
            if cell.name or cell.value:
                element = self._value(cell) if cell.value else self._box(cell.name, "secondary", "text2")
                self._put(element, gap=gap)
            return
        top = self.y
        column = min(max(float(cell.width), _NAME) if cell.width else _NAME, self._width * 0.4)
        first = not self.placed
        self._put(self._box(cell.name, "secondary", "text2"), gap=gap)
        name = self.placed[-1]
        assert name.element is not None
        name.element.measure(column - 8, self._ctx)
        value = self._value(cell)
        taken = value.measure(self._width - column - (self._reserved if first else 0.0), self._ctx)
        self.placed.append(Placed(column, name.y, value))
        self.widest = max(self.widest, column + taken.width())
        self.y = max(top, name.y + max(taken.height(), name.element.rect.height()))

    def _line_cells(self, cells: list[Pair]) -> None:
        x, top, bottom = 0.0, self.y + (4.0 if self.placed else 0.0), self.y
        for cell in cells:
            stacked = [self._box(cell.name, "secondary", "text2")] if cell.name else []
            stacked += [self._value(cell)] if cell.value else []
            wide = max(
                [max(_LINE_LEAST, float(cell.width)), *(box.measure(self._width, self._ctx).width() for box in stacked)]
            )
            wide = min(wide, self._width)
            if x and x + wide > self._width:
                x, top = 0.0, bottom + 4
            y = top
            for each in stacked:
                taken = each.measure(wide, self._ctx)
                self.placed.append(Placed(x, y, each))
                y += taken.height()
            bottom = max(bottom, y)
            self.widest = max(self.widest, x + wide)
            x += wide + _LINE_GAP
        self.y = bottom


def _cell_color(cell: Pair) -> str:
    return {"primary": "accent", "secondary": "text2", "alert": "red"}.get(cell.token, "text")
