"""A line in the place of messages that are not shown: being loaded, refused, or where the conversation begins."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from viewer.chat import Aside
from viewer.ui.icons import draw
from viewer.ui.transcript.context import EDGE, Context, PaintState, type_of
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.transcript.layout import RowLayout
from viewer.ui.transcript.pens import elided, line

HEIGHT = 34.0  # always the same: what is said here changes while somebody reads below
_TOP, _TALL, _GAP, _SIGN = 12.0, 22.0, 12.0, 20.0


class AsideLayout(RowLayout):
    """A sign, a sentence and what can be done, on one line in the middle."""

    def __init__(self, row: Aside, ctx: Context) -> None:
        super().__init__(HEIGHT, " ".join((row.text, row.detail if row.detail not in row.text else "")).strip())
        self._kind = type_of("secondary")
        self._icon, self._full, self._detail = row.icon, row.text, row.detail
        room = ctx.right - EDGE
        links = [(words, self._kind.width(words), Hit(Act.LINK, address, words)) for words, address in row.links]
        taken = sum(wide + _GAP for _words, wide, _hit in links) + (_SIGN if row.icon else 0)
        self._text = elided(self._kind, row.text, max(room - taken, 40.0))
        said = self._kind.width(self._text)
        wide = max(taken + said - (0 if said else _GAP), 0.0)
        x = float(int(EDGE + max(room - wide, 0) / 2))
        self.outline = QRectF(x - 6, _TOP, wide + 12, _TALL)
        self._sign = QPointF(x, _TOP + 4)
        x += _SIGN if row.icon else 0
        self._said = QRectF(x, _TOP, said, _TALL)
        x += said + (_GAP if said else 0)
        self._links: list[tuple[str, QRectF, Hit]] = []
        for words, width, hit in links:
            self._links.append((words, QRectF(x, _TOP, width, _TALL), hit))
            x += width + _GAP
        if not self.speech:
            self.speech = ", ".join(words for words, _spot, _hit in self._links)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        look, kind = ctx.theme, self._kind
        y = _TOP + (_TALL - kind.line) / 2
        if self._icon:
            draw(painter, self._icon, look.text3, self._sign.x(), self._sign.y(), 14)
        line(painter, kind, look.text2, self._said.x(), y, self._text)
        for words, spot, hit in self._links:
            line(painter, kind, look.accent, spot.x(), y, words)
            if state.hover == hit:
                painter.fillRect(QRectF(spot.x(), y + kind.line - 1, spot.width(), 1), look.accent)

    def hit(self, pos: QPointF) -> Hit | None:
        for _words, spot, hit in self._links:
            if spot.adjusted(-4, 0, 4, 0).contains(pos):
                return hit
        if self._said.contains(pos) and (self._detail or self._text != self._full):
            return Hit(Act.NONE, self._full, self._detail or self._full)
        return None

    def actions(self) -> list[Hit]:
        return [hit for _words, _spot, hit in self._links]
