"""Pictures as bytes: what they are and how large, read from their first bytes without decoding them; and made smaller
for print, by Pillow.
"""

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

PIXEL_LIMIT = 50_000_000
_SPARE = 1.25  # a picture up to so much larger is not worth making smaller
_DRAWING = 1.5

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


@dataclass(frozen=True, slots=True)
class Printed:
    """A picture as it is printed: its kind and its bytes."""

    kind: str
    content: bytes


def for_print(content: bytes, width: float, height: float) -> Printed | None:
    """The picture at no more than these pixels, upright, its first frame alone; None where it cannot be decoded.

    One that is not much larger stays as it is. Photographs become JPEG; what is transparent stays PNG, and a drawing
    too where that costs little more, since JPEG blurs its lines.
    """
    from PIL import Image, ImageOps

    found = shape(content)
    if found is None or found.too_large:
        return None
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as picture:
            scale = min(width / found.width, height / found.height)
            if scale * _SPARE >= 1:
                picture.load()
                return Printed(found.kind, content)
            size = (max(1, round(found.width * scale)), max(1, round(found.height * scale)))
            picture.draft("RGB", (max(size), max(size)))  # a JPEG is decoded at a half or less where that suffices
            upright = ImageOps.exif_transpose(picture)
            clear = upright.has_transparency_data
            small = upright.convert("RGBA" if clear else "RGB").resize(size, Image.Resampling.LANCZOS)
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError):
        return None
    if clear:
        return Printed("png", _encoded(small, "PNG"))
    photograph = _encoded(small, "JPEG")
    if found.kind in ("png", "gif") and len(drawing := _encoded(small, "PNG")) <= _DRAWING * len(photograph):
        return Printed("png", drawing)
    return Printed("jpg", photograph)


def _encoded(picture: "Image.Image", form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, quality=88, optimize=True)
    return out.getvalue()


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
