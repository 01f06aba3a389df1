"""Whether a picture shows anything."""

from PySide6.QtGui import QImage

_FEWEST_COLOURS = 8  # of a picture with text in it: smoothed letters alone have more


def is_blank(picture: QImage) -> bool:
    """Whether a picture shows nothing: fewer colours than letters on a ground have."""
    if picture.isNull():
        return True
    across, down = max(1, picture.width() // 200), max(1, picture.height() // 200)
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), across) for y in range(0, picture.height(), down)}
    return len(colours) < _FEWEST_COLOURS
