"""Attachment cards: a stripe of the card's colour and its blocks, one under another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from itertools import groupby
from typing import TypeVar

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter

from viewer.chat import (
    Block,
    Card,
    Cell,
    Delimiter,
    Display,
    FileBlock,
    FileItem,
    GridBlock,
    ImageBlock,
    ImageItem,
    LinkBlock,
    LinkItem,
    PersonBlock,
    PersonItem,
    TextBlock,
    UnknownBlock,
)
from viewer.i18n import _, size
from viewer.markup.nodes import Link, Nodes, Styled, Text
from viewer.markup.nodes import Style as TextStyle
from viewer.ui.theme import Theme, contrasting
from viewer.ui.transcript.context import Context, PaintState
from viewer.ui.transcript.elements import Element, Label
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.transcript.pens import Radii, bar, box, crisp, outline
from viewer.ui.transcript.text import TextBox
from viewer.ui.transcript.words import html_of, nodes_of

Item = TypeVar("Item")

WIDEST = 404.0
STRIPE = 4.0
_NAME, _LINE_LEAST, _LINE_GAP = 92.0, 72.0, 20.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between parts of a card."""

    width: float  # 0: as wide as the card
    color: QColor


@dataclass(slots=True)
class Part:
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
        self._parts: list[Part] = []
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
        for block in self._card.blocks:
            stack.add(block)
        self._parts = stack.parts
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


class _Stack:
    """Puts blocks under one another; `reserved` keeps the first line clear of the time at its right."""

    def __init__(self, ctx: Context, width: float, zone: tzinfo, reserved: float) -> None:
        self.parts: list[Part] = []
        self.y = 0.0
        self.widest = 0.0
        self._ctx, self._width, self._zone, self._reserved = ctx, width, zone, reserved

    def add(self, block: Block) -> None:
        match block:
            case TextBlock(text=text):
                self._text(text, "body")
            case LinkBlock(links=links):
                self._each(self._link, links)
            case PersonBlock(people=people):
                self._each(self._person, people)
            case ImageBlock(images=images):
                self._each(self._image, images)
            case FileBlock(files=files):
                self._each(self._file, files)
            case GridBlock(cells=cells):
                self._grid(cells)
            case Delimiter(size=width, color=color):
                look = self._ctx.theme
                self._rule(float(width), contrasting(QColor(color), look.surface, 1.3) if color else look.line)
            case UnknownBlock(name=name, text=text):
                self._put(Label(_("Unknown part: {name}").format(name=name), "meta", "text3", "info"))
                self._text(text, "secondary")

    def _each(self, show: Callable[[Item], None], items: tuple[Item, ...]) -> None:
        for item in items:
            show(item)

    def _put(self, element: Element, x: float = 0.0, gap: float = 4.0) -> None:
        top = self.y + gap if self.parts else 0.0
        room = self._width - x - (0.0 if self.parts else self._reserved)
        taken = element.measure(room, self._ctx)
        self.parts.append(Part(x, top, element))
        self.widest = max(self.widest, x + taken.width() + (0.0 if self.parts[1:] else self._reserved))
        self.y = top + taken.height()

    def _rule(self, width: float, color: QColor) -> None:
        top = self.y + 5
        self.parts.append(Part(0, top, rule=Rule(width, color)))
        self.y = top + 2

    def _box(self, source: str, role: str, color: str = "text") -> TextBox:
        nodes = nodes_of(source, self._ctx)
        return self._nodes_box(nodes, role, color)

    def _nodes_box(self, nodes: Nodes, role: str, color: str = "text") -> TextBox:
        return TextBox(role, color, html=html_of(nodes, self._ctx, "surface", self._zone, color))

    def _text(self, source: str, role: str, color: str = "text") -> None:
        if source.strip():
            self._put(self._box(source, role, color))

    def _link(self, link: LinkItem) -> None:
        title: Nodes = (Text(link.title),)
        if link.url:
            title = (Link(link.url, title),)
        self._put(self._nodes_box((Styled(TextStyle.BOLD, title),), "body"))
        self._text(link.text, "secondary", "text2")
        if link.preview:
            self._picture(link.preview)

    def _person(self, person: PersonItem) -> None:
        hit = Hit(Act.LINK, person.url, person.url) if person.url else None
        self._put(Label(person.name, "secondary", "link" if person.url else "text", "user", hit))

    def _image(self, image: ImageItem) -> None:
        if image.url:
            self._picture(image.url, image.name)

    def _picture(self, url: str, name: str = "") -> None:
        shown = name or _("Show the picture in the browser")
        self._put(Label(shown, "secondary", "link", "image", Hit(Act.LINK, url, url)))

    def _file(self, file: FileItem) -> None:
        name = f"{file.name} · {size(file.size)}" if file.size else file.name
        hit = Hit(Act.LINK, file.url, file.url) if file.url else None
        self._put(Label(name, "secondary", "link" if file.url else "text", "file", hit))

    def _grid(self, cells: tuple[Cell, ...]) -> None:
        for number, (display, group) in enumerate(groupby(cells, key=lambda cell: cell.display)):
            if number:
                self._rule(0.0, self._ctx.theme.line)
            if display is Display.LINE:
                self._line_cells(list(group))
            elif display is Display.BLOCK:
                for cell in group:
                    self._text(cell.name, "secondary", "text2")
                    if cell.value:
                        self._put(self._value(cell), gap=0.0 if cell.name else 4.0)
            else:
                for cell in group:
                    self._row_cell(cell, 1.0 if display is Display.TABLE else 3.0)

    def _value(self, cell: Cell) -> TextBox:
        nodes = nodes_of(cell.value, self._ctx)
        if cell.url and not any(isinstance(node, Link) for node in nodes):
            nodes = (Link(cell.url, nodes),)
        return self._nodes_box(nodes, "secondary", _cell_color(cell))

    def _row_cell(self, cell: Cell, gap: float) -> None:
        if not (cell.name and cell.value):
            if cell.name or cell.value:
                element = self._value(cell) if cell.value else self._box(cell.name, "secondary", "text2")
                self._put(element, gap=gap)
            return
        top = self.y
        column = min(max(float(cell.width), _NAME) if cell.width else _NAME, self._width * 0.4)
        first = not self.parts
        self._put(self._box(cell.name, "secondary", "text2"), gap=gap)
        name = self.parts[-1]
        assert name.element is not None
        name.element.measure(column - 8, self._ctx)
        value = self._value(cell)
        taken = value.measure(self._width - column - (self._reserved if first else 0.0), self._ctx)
        self.parts.append(Part(column, name.y, value))
        self.widest = max(self.widest, column + taken.width())
        self.y = max(top, name.y + max(taken.height(), name.element.rect.height()))

    def _line_cells(self, cells: list[Cell]) -> None:
        x, top, bottom = 0.0, self.y + (4.0 if self.parts else 0.0), self.y
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
                self.parts.append(Part(x, y, each))
                y += taken.height()
            bottom = max(bottom, y)
            self.widest = max(self.widest, x + wide)
            x += wide + _LINE_GAP
        self.y = bottom


def _cell_color(cell: Cell) -> str:
    return {"primary": "accent", "secondary": "text2", "alert": "red"}.get(cell.token, "text")
