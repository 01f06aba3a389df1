"""Keyboard buttons of a bot (shown, never pressed) and notices inside a message."""

# ruff: noqa: ARG002 (one signature for all pieces)

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from viewer.chat import Button
from viewer.i18n import _
from viewer.ui.icons import draw
from viewer.ui.transcript.context import Context, PaintState, type_of
from viewer.ui.transcript.elements import Element
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.transcript.pens import box, elided, line, middle
from viewer.ui.transcript.text import TextBox

_HEIGHT, _GAP = 22.0, 6.0


class Buttons(Element):
    """Inert outlines; a button that leads somewhere may be followed."""

    def __init__(self, buttons: tuple[Button, ...], fill: str, color: str) -> None:
        super().__init__()
        self._buttons, self._fill, self._color = buttons, fill, color
        self._boxes: list[tuple[QRectF, str]] = []
        if not any(button.new_line for button in buttons[1:]):
            self.beside = (TextBox,)

    @property
    def text(self) -> str:
        return ", ".join(button.text for button in self._buttons)

    def measure(self, width: float, ctx: Context) -> QSizeF:
        kind = type_of("secondary-medium")
        self._boxes = []
        x = y = widest = 0.0
        for button in self._buttons:
            text = elided(kind, button.text, width - 20)
            wide = float(int(kind.width(text)) + 19)
            if x and (button.new_line or x + wide > width):
                x, y = 0.0, y + _HEIGHT + _GAP
            self._boxes.append((QRectF(x, y, wide, _HEIGHT), text))
            x += wide + _GAP
            widest = max(widest, x - _GAP)
        return self.sized(widest, y + _HEIGHT)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        ink, fill = getattr(ctx.theme, self._color), getattr(ctx.theme, self._fill)
        for place, text in self._boxes:
            spot = place.translated(self.rect.topLeft())
            box(painter, spot, fill, ink, (5, 5, 5, 5))
            middle(painter, type_of("secondary-medium"), ink, spot, text)

    def hit(self, pos: QPointF) -> Hit | None:
        for (place, _text), button in zip(self._boxes, self._buttons, strict=True):
            if place.translated(self.rect.topLeft()).contains(pos):
                if button.url:
                    return Hit(Act.LINK, button.url, button.url)
                return Hit(Act.NONE, button.text, _("A button of the bot: shown, never pressed"))
        return None


class Notice(Element):
    """An icon and a line that says something about the message: forwarded, pinned, not delivered."""

    def __init__(self, icon: str, text: str, color: str = "text2", role: str = "secondary") -> None:
        super().__init__()
        self._icon, self._text, self._color, self._kind = icon, text, color, type_of(role)
        self._shown = text

    @property
    def text(self) -> str:
        return self._text

    def measure(self, width: float, ctx: Context) -> QSizeF:
        self._shown = elided(self._kind, self._text, width - 20)
        return self.sized(min(20 + self._kind.width(self._shown) + 1, width), 18)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        ink = getattr(ctx.theme, self._color)
        draw(painter, self._icon, ink, self.rect.x(), self.rect.y() + 2, 14)
        line(painter, self._kind, ink, self.rect.x() + 20, self.rect.y() + 1, self._shown)
