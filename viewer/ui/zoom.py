"""How a picture lies in a box: fitted, or enlarged around a point and moved, never leaving the box empty."""

from PySide6.QtCore import QPointF, QRectF, QSizeF

_LARGEST = 8.0
_SMALLEST = 0.05


class Lens:
    """A picture of `own` pixels in a box of logical pixels, on a screen of `ratio` device pixels to a logical one.

    A scale of 1 is one pixel of the picture to one of the screen. Fitted, a picture is never enlarged.
    """

    def __init__(self) -> None:
        self._own, self._box, self._ratio = QSizeF(), QSizeF(), 1.0
        self._scale: float | None = None  # None fits
        self._centre = QPointF()  # of the box, in pixels of the picture

    def take(self, own: QSizeF, box: QSizeF, ratio: float) -> None:
        """The picture, the box or the screen is another one; the point in the middle stays there."""
        if own != self._own and not self._own.isEmpty() and not own.isEmpty():
            grown = own.width() / self._own.width()
            self._centre *= grown
        self._own, self._box, self._ratio = own, box, ratio
        self._settle()

    @property
    def scale(self) -> float:
        """Device pixels to a pixel of the picture."""
        return self._fitting if self._scale is None else self._scale

    @property
    def percent(self) -> int:
        """The scale, as it is told."""
        return round(self.scale * 100)

    @property
    def fits(self) -> bool:
        """Whether the picture follows the size of the box."""
        return self._scale is None

    @property
    def movable(self) -> bool:
        """Whether some of the picture is outside the box."""
        target = self.target
        return target.width() > self._box.width() + 0.5 or target.height() > self._box.height() + 0.5

    @property
    def target(self) -> QRectF:
        """Where the picture lies, in the box's coordinates."""
        if self._own.isEmpty() or self._box.isEmpty():
            return QRectF()
        logical = self.scale / self._ratio
        middle = QPointF(self._box.width() / 2, self._box.height() / 2)
        return QRectF(middle - self._centre * logical, self._own * logical)

    def fit(self) -> None:
        """Show the whole picture."""
        self.set(None)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Enlarge by a factor; the point `at` of the box stays where it is."""
        self.set(self.scale * factor, at)

    def set(self, scale: float | None, at: QPointF | None = None) -> None:
        """Take a scale, or None to fit; the point `at` of the box, its middle by default, stays where it is."""
        if scale is not None and not self._own.isEmpty():
            middle = QPointF(self._box.width() / 2, self._box.height() / 2)
            away = (at if at is not None else middle) - middle
            held = self._centre + away * (self._ratio / self.scale)
            low = min(_SMALLEST, self._fitting)
            scale = min(max(scale, low), _LARGEST)
            self._centre = held - away * (self._ratio / scale)
        self._scale = scale
        self._settle()

    def move(self, by: QPointF) -> None:
        """Push the picture by logical pixels."""
        self._centre -= by * (self._ratio / self.scale)
        self._settle()

    @property
    def _fitting(self) -> float:
        if self._own.isEmpty() or self._box.isEmpty():
            return 1.0
        across = self._box.width() * self._ratio / self._own.width()
        down = self._box.height() * self._ratio / self._own.height()
        return min(across, down, 1.0)

    def _settle(self) -> None:
        """Keep the picture in the box: centred where it is smaller, its edges outside where it is larger."""
        if self._own.isEmpty():
            return
        seen = self._box * (self._ratio / self.scale)
        self._centre = QPointF(
            _held(self._centre.x(), seen.width(), self._own.width()),
            _held(self._centre.y(), seen.height(), self._own.height()),
        )


def _held(centre: float, seen: float, own: float) -> float:
    if seen >= own:
        return own / 2
    return min(max(centre, seen / 2), own - seen / 2)
