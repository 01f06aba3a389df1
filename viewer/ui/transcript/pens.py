"""Small drawings that every row uses: crisp boxes, bubbles, text on one line, avatars, stars."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from viewer.ui.icons import draw
from viewer.ui.theme import Theme
from viewer.ui.transcript.context import Type, type_of

Radii = tuple[float, float, float, float]  # upper left, upper right, lower right, lower left


def crisp(painter: QPainter, rect: QRectF) -> QRectF:
    """The rectangle moved onto whole pixels of the screen, whatever the scale."""
    to_device = painter.deviceTransform()
    scale_x, scale_y = to_device.m11() or 1.0, to_device.m22() or 1.0
    corner = to_device.map(rect.topLeft())
    end = to_device.map(rect.bottomRight())
    left, top = round(corner.x()), round(corner.y())
    shift_x, shift_y = (left - corner.x()) / scale_x, (top - corner.y()) / scale_y
    width = max(round(end.x()) - left, 1) / scale_x
    height = max(round(end.y()) - top, 1) / scale_y
    return QRectF(rect.x() + shift_x, rect.y() + shift_y, width, height)


def hair(painter: QPainter) -> float:
    """The width of a 1 px line in layout units: a whole number of the screen's pixels."""
    scale = painter.deviceTransform().m11() or 1.0
    return max(int(scale), 1) / scale


def outline(rect: QRectF, radii: Radii) -> QPainterPath:
    """A rectangle with its own radius at each corner."""
    upper_left, upper_right, lower_right, lower_left = (
        max(min(radius, rect.width() / 2, rect.height() / 2), 0.0) for radius in radii
    )
    path = QPainterPath(QPointF(rect.left() + upper_left, rect.top()))
    path.lineTo(rect.right() - upper_right, rect.top())
    _corner(path, rect.right() - 2 * upper_right, rect.top(), upper_right, 90)
    path.lineTo(rect.right(), rect.bottom() - lower_right)
    _corner(path, rect.right() - 2 * lower_right, rect.bottom() - 2 * lower_right, lower_right, 0)
    path.lineTo(rect.left() + lower_left, rect.bottom())
    _corner(path, rect.left(), rect.bottom() - 2 * lower_left, lower_left, 270)
    path.lineTo(rect.left(), rect.top() + upper_left)
    _corner(path, rect.left(), rect.top(), upper_left, 180)
    return path


def _corner(path: QPainterPath, x: float, y: float, radius: float, start: float) -> None:
    if radius > 0:
        path.arcTo(QRectF(x, y, 2 * radius, 2 * radius), start, -90)


def box(
    painter: QPainter, rect: QRectF, fill: QColor, border: QColor | None = None, radii: Radii = (6, 6, 6, 6)
) -> None:
    """A filled box with rounded corners and, where given, a crisp 1 px border inside it."""
    rect = crisp(painter, rect)
    if border is None:
        painter.fillPath(outline(rect, radii), fill)
        return
    line = hair(painter)
    painter.fillPath(outline(rect, radii), border)
    inner = rect.adjusted(line, line, -line, -line)
    first, second, third, fourth = (max(radius - line, 0.0) for radius in radii)
    painter.fillPath(outline(inner, (first, second, third, fourth)), fill)


def dashed(painter: QPainter, rect: QRectF, color: QColor, radii: Radii, fill: QColor | None = None) -> None:
    """A dashed outline, inside `rect`."""
    line = hair(painter)
    inner = crisp(painter, rect).adjusted(line / 2, line / 2, -line / 2, -line / 2)
    path = outline(inner, radii)
    if fill is not None:
        painter.fillPath(path, fill)
    pen = QPen(color, line)
    pen.setDashPattern([3 / line, 2 / line])
    painter.strokePath(path, pen)


def ring(painter: QPainter, rect: QRectF, color: QColor, radius: float) -> None:
    """The 2 px outline of what has the focus."""
    painter.strokePath(outline(rect, (radius, radius, radius, radius)), QPen(color, 2.0))


def bar(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """A crisp filled rectangle."""
    painter.fillRect(crisp(painter, rect), color)


def line(painter: QPainter, kind: Type, color: QColor, x: float, y: float, text: str) -> float:
    """One line of text whose line box begins at (x, y); answers where it ends."""
    painter.setFont(kind.font)
    painter.setPen(color)
    base = y + (kind.line - kind.metrics.height()) / 2 + kind.metrics.ascent()
    painter.drawText(QPointF(x, round(base)), text)
    return x + kind.width(text)


def middle(painter: QPainter, kind: Type, color: QColor, rect: QRectF, text: str) -> None:
    """One line of text in the middle of `rect`."""
    line(painter, kind, color, rect.center().x() - kind.width(text) / 2, rect.center().y() - kind.line / 2, text)


def elided(kind: Type, text: str, width: float, *, inside: bool = False) -> str:
    """The text cut to a width; `inside` cuts in the middle, which keeps a file's extension."""
    mode = Qt.TextElideMode.ElideMiddle if inside else Qt.TextElideMode.ElideRight
    return kind.metrics.elidedText(text, mode, width)


def avatar(painter: QPainter, look: Theme, rect: QRectF, person_id: int, initials: str) -> None:
    """A round with two letters."""
    fill, letters = look.avatar(person_id)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawEllipse(rect)
    middle(painter, type_of("initials"), letters, rect, initials)


def stars(painter: QPainter, look: Theme, x: float, y: float, value: int, size: int = 14) -> float:
    """Five stars, `value` of them filled; answers where they end."""
    for number in range(5):
        filled = number < value
        draw(painter, "star-filled" if filled else "star", look.star if filled else look.text3, x, y, size)
        x += size + 2
    return x
