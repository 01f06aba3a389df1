"""The icon of the program in the form of each system, drawn from `resources/icons/app.svg`: icons.py FOLDER.

Runs in the environment of the build: Qt draws the SVG, Pillow packs the pictures.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "resources" / "icons" / "app.svg"
WINDOWS = (16, 20, 24, 32, 40, 48, 64, 128, 256)  # pixels
LINUX = (16, 24, 32, 48, 64, 128, 256, 512)
MACOS = (16, 32, 64, 128, 256, 512, 1024)


def draw(size: int, file: Path) -> None:
    """Draw the icon `size` pixels wide and high into a PNG file."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    if not picture.save(str(file)):
        raise OSError(f"{file} could not be written")


def make(folder: Path) -> None:
    """Write `SIZE.png`, `app.ico`, `app.icns` and the SVG itself to a folder."""
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    for size in {*WINDOWS, *LINUX, *MACOS}:
        draw(size, folder / f"{size}.png")
    (folder / "app.svg").write_bytes(SOURCE.read_bytes())

    def pictures(sizes: tuple[int, ...]) -> list[Image.Image]:
        return [Image.open(folder / f"{size}.png") for size in sizes]

    largest, *others = pictures(WINDOWS[::-1])
    largest.save(folder / "app.ico", sizes=[(size, size) for size in WINDOWS], append_images=others)
    largest, *others = pictures(MACOS[::-1])
    largest.save(folder / "app.icns", append_images=others)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    make(Path(sys.argv[1]))
