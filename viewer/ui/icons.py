"""The program's own icons: 16 x 16 drawings in one colour, rendered for the screen they stand on."""

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap, QTransform
from PySide6.QtSvg import QSvgRenderer

from viewer import resources
from viewer.ui.theme import px


@cache
def _source(name: str) -> str:
    return resources.text("icons", f"{name}.svg")


@lru_cache(maxsize=512)
def _rendered(name: str, rgba: int, size: int, ratio: float) -> QPixmap:
    color = QColor.fromRgba(rgba)
    svg = _source(name).replace("currentColor", color.name())
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setOpacity(color.alphaF())
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return made


def _ratio() -> float:
    screen = QGuiApplication.primaryScreen()
    return screen.devicePixelRatio() if screen else 1.0


def pixmap(name: str, color: QColor, size: int = 16, ratio: float = 0.0) -> QPixmap:
    """The icon `name` as a picture of `size` logical pixels at a device pixel ratio (0: the main screen's)."""
    return _rendered(name, color.rgba(), size, ratio or _ratio())


def icon(name: str, color: QColor, size: int = 16, disabled: QColor | None = None) -> QIcon:
    """The icon `name` for a button or a menu, sharp on every screen connected now; it grows with the text."""
    made, size = QIcon(), px(size)
    for ratio in sorted({1.0, 2.0, *(screen.devicePixelRatio() for screen in QGuiApplication.screens())}):
        made.addPixmap(pixmap(name, color, size, ratio))
        if disabled is not None:
            made.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return made


def draw(painter: QPainter, name: str, color: QColor, x: float, y: float, size: int = 16) -> None:
    """Draw the icon with its upper left corner at a point, sharp under the painter's own scale."""
    to_device = painter.deviceTransform()
    drawn = pixmap(name, color, size, to_device.m11() or 1.0)
    spot = to_device.map(QPointF(x, y))
    from_device = QTransform.fromScale(1 / (to_device.m11() or 1.0), 1 / (to_device.m22() or 1.0))
    moved = from_device.map(QPointF(round(spot.x()) - spot.x(), round(spot.y()) - spot.y()))
    painter.drawPixmap(QRectF(x + moved.x(), y + moved.y(), size, size), drawn, QRectF(drawn.rect()))
