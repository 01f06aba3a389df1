"""How long the client waited: a bar in the gutter from the question to the first answer by a person."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from viewer.chat import MessageRow, Row
from viewer.i18n import _, duration
from viewer.ui.icons import draw
from viewer.ui.theme import Theme
from viewer.ui.transcript.context import Context, type_of
from viewer.ui.transcript.pens import crisp, line

LEAST = timedelta(minutes=1)
_X, _WIDE, _TICK = 60.0, 3.0, 9.0
_REACH = 2000  # rows looked back for the question


@dataclass(frozen=True, slots=True)
class Wait:
    """The client asked in row `start` and was answered in row `end`."""

    start: int
    end: int
    span: timedelta


class Waits:
    """The waits of a conversation. `ends` are the rows of answers; the questions are looked for when seen."""

    def __init__(self, rows: list[Row], ends: list[int]) -> None:
        self._rows, self._ends = rows, ends
        self._found: dict[int, Wait] = {}

    def crossing(self, first: int, last: int) -> list[Wait]:
        """The waits of which something stands between two rows; one ends before the next begins."""
        found = []
        for index in range(bisect_left(self._ends, first), len(self._ends)):
            wait = self._wait(self._ends[index])
            if wait.start > last:
                break
            if wait.span >= LEAST:
                found.append(wait)
        return found

    def _wait(self, end: int) -> Wait:
        known = self._found.get(end)
        if known is None:
            row = self._rows[end]
            span = row.waited if isinstance(row, MessageRow) else None
            known = self._found[end] = Wait(_asked(self._rows, end), end, span or timedelta())
        return known


def _asked(rows: list[Row], answer: int) -> int:
    row = rows[answer]
    asked = row.asked if isinstance(row, MessageRow) else 0
    for index in range(answer - 1, max(answer - _REACH, -1), -1):
        before = rows[index]
        if isinstance(before, MessageRow) and before.message.id == asked:
            return index
    return max(answer - 1, 0)


def shade(look: Theme, span: timedelta, norm: timedelta) -> tuple[QColor, str, str]:
    """Colour, type and icon of a wait, by how it stands to the norm."""
    if span > 3 * norm:
        return look.red, "meta-strong", "warning"
    if span > norm:
        return look.amber, "meta-strong", ""
    return look.text3, "meta", ""


def spoken(span: timedelta, norm: timedelta) -> str:
    """A wait in words."""
    if span < LEAST:
        return ""
    said = _("answered after {span}").format(span=duration(span))
    return f"{said}, " + _("over the norm") if span > norm else said


def tip(span: timedelta, norm: timedelta) -> str:
    """What the ruler says of a wait when pointed at."""
    said = _("The client waited {span}; the norm is {norm}.").format(span=duration(span), norm=duration(norm))
    return said + "\n" + _("Time outside working hours is counted: the schedule is not known.")


def paint(painter: QPainter, ctx: Context, wait: Wait, top: float, bottom: float) -> QRectF:
    """Draw a wait between two heights; answers where its label stands."""
    color, role, icon = shade(ctx.theme, wait.span, ctx.norm)
    spot = crisp(painter, QRectF(_X, top, _WIDE, bottom - top))
    painter.fillRect(spot, color)
    tick = crisp(painter, QRectF(_X, bottom - _WIDE, _TICK, _WIDE))
    painter.fillRect(tick, color)
    kind = type_of(role)
    text = f"+{duration(wait.span)}"
    wide = kind.width(text)
    x = max(_X - 4 - wide, 2.0)
    y = bottom - _WIDE / 2 - kind.line / 2
    if wide > _X - 6:
        return _paint_tall(painter, ctx, wait, bottom)
    if icon:
        draw(painter, icon, color, _X - 18, y - 15, 13)
    line(painter, kind, color, x, y, text)
    return QRectF(x, y, wide, kind.line)


def _paint_tall(painter: QPainter, ctx: Context, wait: Wait, bottom: float) -> QRectF:
    """A label of two units stands on two lines: "+2 h" over "5 min"."""
    color, role, icon = shade(ctx.theme, wait.span, ctx.norm)
    kind = type_of(role)
    words = f"+{duration(wait.span)}".split()
    lines = [" ".join(words[:2]), " ".join(words[2:])]
    top = bottom - 1.5 - kind.line
    for number, text in enumerate(lines):
        line(painter, kind, color, _X - 4 - kind.width(text), top + number * (kind.line - 2), text)
    if icon:
        draw(painter, icon, color, _X - 18, top - 15, 13)
    return QRectF(0, top, _X, 2 * kind.line)
