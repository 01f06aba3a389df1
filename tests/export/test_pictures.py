"""Pictures told by their first bytes."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.export.conversation import png
from viewer.export.pictures import Shape, shape


def jpeg(orientation: int = 1) -> bytes:
    exif = b"Exif\0\0II*\0" + struct.pack("<IHHHII", 8, 1, 0x0112, 3, 1, orientation)
    app = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    return b"\xff\xd8" + app + b"\xff\xc0" + struct.pack(">HBHH", 17, 8, 200, 300) + b"\0" * 20


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (png(30, 20), Shape("png", 30, 20)),
        (b"GIF89a" + struct.pack("<HH", 5, 6) + b"\0" * 9, Shape("gif", 5, 6)),
        (jpeg(), Shape("jpg", 300, 200)),
        (jpeg(6), Shape("jpg", 200, 300)),
        (b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + b"\x63\0\0\x31\0\0", Shape("webp", 100, 50)),
        (b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 10 + struct.pack("<HH", 70, 80), Shape("webp", 70, 80)),
        (b"RIFF\0\0\0\0WEBPVP8L" + b"\0" * 5 + (9 | 19 << 14).to_bytes(4, "little"), Shape("webp", 10, 20)),
        (b"<html>", None),
        (b"", None),
    ],
)  # fmt: skip
def test_shapes(content: bytes, found: Shape | None) -> None:
    assert shape(content) == found


@given(
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8 "]), st.binary(max_size=99)
)
def test_anything_after_the_first_bytes(head: bytes, rest: bytes) -> None:
    found = shape(head + rest)
    assert found is None or (found.width > 0 and found.height > 0)


def test_fifty_megapixels_are_too_many() -> None:
    assert Shape("png", 10_000, 5_001).too_large
    assert not Shape("png", 10_000, 5_000).too_large
