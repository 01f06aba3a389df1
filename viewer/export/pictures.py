"""Pictures as bytes: what they are and how large, read from their first bytes without decoding them."""

import struct
from dataclasses import dataclass

PIXEL_LIMIT = 50_000_000

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # the JPEG markers that begin a frame


@dataclass(frozen=True, slots=True)
class Shape:
    """A picture's kind (png, jpg, gif, webp) and its size in pixels as it is to be shown."""

    kind: str
    width: int
    height: int

    @property
    def too_large(self) -> bool:
        """Whether decoding it would take more memory than a picture may."""
        return self.width * self.height > PIXEL_LIMIT


def shape(content: bytes) -> Shape | None:
    """What the bytes are; None when they are no picture that can be printed."""
    try:
        found = _shape(content)
    except (struct.error, IndexError):
        return None
    return found if found and found.width > 0 and found.height > 0 else None


def _shape(content: bytes) -> Shape | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        return Shape("png", *struct.unpack(">II", content[16:24]))
    if content.startswith((b"GIF87a", b"GIF89a")):
        return Shape("gif", *struct.unpack("<HH", content[6:10]))
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _webp(content)
    return _jpeg(content) if content.startswith(b"\xff\xd8\xff") else None


def _webp(content: bytes) -> Shape | None:
    chunk = content[12:16]
    if chunk == b"VP8X":
        sides = (1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
        return Shape("webp", *sides)
    if chunk == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return Shape("webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return Shape("webp", width & 0x3FFF, height & 0x3FFF)
    return None


def _jpeg(content: bytes) -> Shape | None:
    at, turned = 2, False
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        if marker == 0xE1:
            turned = turned or _turned(content[at + 4 : at + 2 + length])
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return Shape("jpg", height, width) if turned else Shape("jpg", width, height)
        at += 2 + length
    return None


def _turned(exif: bytes) -> bool:
    """Whether the camera was held upright: orientation 5..8 swaps width and height."""
    if not exif.startswith(b"Exif\x00\x00"):
        return False
    body = exif[6:]
    order = "<" if body.startswith(b"II") else ">"
    (first,) = struct.unpack(order + "I", body[4:8])
    (count,) = struct.unpack(order + "H", body[first : first + 2])
    for entry in range(first + 2, first + 2 + 12 * min(count, 64), 12):
        tag, _kind, _count, value = struct.unpack(order + "HHIH", body[entry : entry + 10])
        if tag == 0x0112:
            return value in (5, 6, 7, 8)
    return False
