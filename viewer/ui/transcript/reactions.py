"""What people put on a message: a row of pills on the lower edge of its bubble."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from viewer.chat import Reaction
from viewer.i18n import _
from viewer.ui.icons import draw
from viewer.ui.transcript.context import Context, type_of
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.transcript.pens import box, line

HEIGHT = 20.0
_SIGN, _GAP = 14.0, 4.0


class Pills:
    """A pill for each reaction: its sign and how many; who it was stands in the tip."""

    def __init__(self, reactions: tuple[Reaction, ...], ctx: Context) -> None:
        self._reactions = reactions
        self._tips = [_tip(reaction, ctx) for reaction in reactions]
        self._rects: list[QRectF] = []

    def __bool__(self) -> bool:
        return bool(self._reactions)

    def place(self, right: float, top: float, least: float) -> None:
        """Stand in a row that ends at `right`, but begins no further left than `least`."""
        widths = [22.0 + _SIGN + type_of("meta").width(str(reaction.count)) for reaction in self._reactions]
        x = max(right - sum(widths) - _GAP * (len(widths) - 1), least)
        self._rects = []
        for width in widths:
            self._rects.append(QRectF(x, top, width, HEIGHT))
            x += width + _GAP

    def paint(self, painter: QPainter, ctx: Context) -> None:
        """Draw."""
        meta, sign = type_of("meta"), type_of("reaction")
        for reaction, pill in zip(self._reactions, self._rects, strict=True):
            box(painter, pill, ctx.theme.surface, ctx.theme.line, (10, 10, 10, 10))
            if reaction.code == "like":
                draw(painter, "thumb-up", ctx.theme.accent, pill.x() + 8, pill.y() + 4, 12)
            else:
                top = pill.y() + (HEIGHT - sign.line) / 2
                line(painter, sign, ctx.theme.text, pill.x() + 8, top, reaction.emoji)
            line(painter, meta, ctx.theme.text2, pill.x() + 11 + _SIGN, pill.y() + 2, str(reaction.count))

    def hit(self, pos: QPointF) -> Hit | None:
        """The pill under the pointer."""
        for reaction, tip, pill in zip(self._reactions, self._tips, self._rects, strict=True):
            if pill.contains(pos):
                return Hit(Act.NONE, reaction.code, tip)
        return None


def _tip(reaction: Reaction, ctx: Context) -> str:
    """Who it was, as far as the portal tells."""
    names = [ctx.names.get(each) or _("Person #{id}").format(id=each) for each in reaction.people]
    if reaction.count > len(names):
        more = _("and {n} more") if names else _("{n}, not named by the portal")
        names.append(more.format(n=reaction.count - len(names)))
    told = ", ".join(names)
    return _("Liked by {names}").format(names=told) if reaction.code == "like" else f"{reaction.emoji} {told}"
