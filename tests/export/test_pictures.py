"""Pictures told by their first bytes, and made smaller for print."""

import io
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.export.conversation import png
from viewer.export.pictures import Printed, Shape, for_print, shape


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


# --- for print ------------------------------------------------------------------------------------------------------


def drawn(picture: Image.Image, form: str, **more: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **more)
    return out.getvalue()


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 60).convert("RGB")


@pytest.mark.parametrize(("form", "kind"), [("JPEG", "jpg"), ("WEBP", "jpg"), ("PNG", "jpg")])
def test_a_photograph_is_printed_as_a_small_jpeg(form: str, kind: str) -> None:
    content = drawn(noise(1600, 1200), form)
    made = for_print(content, 400, 300)
    assert made is not None
    assert made.kind == kind
    assert shape(made.content) == Shape("jpg", 400, 300)
    assert len(made.content) < len(content) / 4


def test_a_drawing_stays_without_loss_and_the_transparent_transparent() -> None:
    drawing = for_print(drawn(Image.new("RGB", (1600, 1200), "white"), "PNG"), 400, 300)
    clear = for_print(drawn(Image.new("RGBA", (1600, 1200), (9, 9, 9, 0)), "WEBP"), 400, 300)
    assert drawing is not None
    assert clear is not None
    assert drawing.kind == clear.kind == "png"
    assert Image.open(io.BytesIO(clear.content)).convert("RGBA").getchannel("A").getextrema() == (0, 0)


def test_what_is_small_keeps_its_bytes() -> None:
    content = drawn(noise(420, 300), "JPEG")
    assert for_print(content, 400, 300) == Printed("jpg", content)


def test_a_photograph_held_upright_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = for_print(drawn(noise(1600, 1200), "JPEG", exif=exif.tobytes()), 400, 400)
    assert made is not None
    assert shape(made.content) == Shape("jpg", 300, 400)


def test_only_the_first_frame_is_printed() -> None:
    frames = [Image.new("P", (900, 900), number) for number in (1, 2)]
    made = for_print(drawn(frames[0], "GIF", save_all=True, append_images=frames[1:]), 300, 300)
    assert made is not None
    assert Image.open(io.BytesIO(made.content)).size == (300, 300)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_cannot_be_decoded_is_none(form: str) -> None:
    content = drawn(noise(900, 700), form)
    assert for_print(content[: len(content) // 2], 300, 300) is None or form == "GIF"
    assert for_print(content[:40], 300, 300) is None
    assert for_print(b"", 300, 300) is None
