"""Bytes to pictures: at the size shown, upright, in levels, and never more than the memory bears."""

import struct

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QColor, QImage

from viewer.ui.pictures import LARGEST, PictureError, decoded, levels


def jpeg(width: int, height: int, *, orientation: int = 1) -> bytes:
    """A picture, red at the left and blue at the right, as a camera held in some way would store it."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    for x in range(width // 2, width):
        for y in range(height):
            image.setPixelColor(x, y, QColor("blue"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 95)  # type: ignore[call-overload]
    made = bytes(buffer.data().data())
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    exif = b"Exif\0\0" + tiff
    return made[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + made[2:]


def test_a_picture_is_decoded_at_the_size_shown_and_never_enlarged() -> None:
    assert decoded(jpeg(400, 200), QSize(100, 100)).size() == QSize(200, 100)
    assert decoded(jpeg(40, 20), QSize(100, 100)).size() == QSize(40, 20)
    assert decoded(jpeg(40, 20), QSize()).size() == QSize(40, 20)


def test_a_picture_taken_on_its_side_stands_upright_and_covers_its_place() -> None:
    image = decoded(jpeg(400, 200, orientation=6), QSize(100, 120))
    assert image.size() == QSize(100, 200)
    assert image.pixelColor(50, 10).red() > 200
    assert image.pixelColor(50, 190).blue() > 200
    assert levels(jpeg(400, 200, orientation=6))[0].size() == QSize(200, 400)


def test_levels_halve_until_they_are_small() -> None:
    assert [level.width() for level in levels(jpeg(1600, 1200))] == [1600, 800, 400, 200]
    assert [level.width() for level in levels(jpeg(30, 20))] == [30]


@pytest.mark.parametrize("data", [b"", b"<html>", b"\x89PNG"])
def test_what_is_no_picture_is_told(data: bytes) -> None:
    with pytest.raises(PictureError) as caught:
        levels(data)
    assert caught.value.title == "The picture cannot be shown."


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    side = int(LARGEST**0.5) + 1
    bomb = b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0)
    for decode in (levels, lambda data: decoded(data, QSize(10, 10))):
        with pytest.raises(PictureError) as caught:
            decode(bomb)
        assert str(side) in caught.value.detail
