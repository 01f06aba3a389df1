"""A virtual X screen whose pixels lie in a file, so that "the window is there" means that it can be seen."""

from __future__ import annotations

import os
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def framebuffer(width: int = 1440, height: int = 900, *, shared: bool = False) -> Iterator[tuple[str, Path]]:
    """A virtual screen: its name, and the file that holds its pixels. One that is `shared` serves all users here."""
    with tempfile.TemporaryDirectory(prefix="openlines-screen-") as folder:
        read, write = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-fbdir", folder,
             "-nolisten", "tcp", "-noreset", *(["-ac"] if shared else [])],
            pass_fds=(write,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        try:
            with os.fdopen(read, encoding="ascii") as stream:
                number = stream.readline().strip()
            yield f":{number}", Path(folder, "Xvfb_screen0")
        finally:
            server.terminate()
            server.wait()


def keep(pixels: Path, shot: Path) -> None:
    """Keep what the screen shows as a PNG."""
    shot.parent.mkdir(parents=True, exist_ok=True)
    shot.write_bytes(png(*picture(pixels.read_bytes())))


def picture(dump: bytes) -> tuple[int, int, bytes]:
    """Width, height and RGB bytes of an X window dump with 32 bits a pixel."""
    head = struct.unpack(">25I", dump[:100])
    size, width, height, line, colours = head[0], head[4], head[5], head[12], head[19]
    start = size + 12 * colours
    rows = []
    for row in range(height):
        pixels = dump[start + row * line : start + row * line + 4 * width]
        rgb = bytearray(3 * width)
        rgb[0::3], rgb[1::3], rgb[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]
        rows.append(bytes(rgb))
    return width, height, b"".join(rows)


def png(width: int, height: int, rgb: bytes) -> bytes:
    """A picture as a PNG file."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + rgb[3 * width * row : 3 * width * (row + 1)] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def is_blank(pixels: Path) -> bool:
    """Whether nothing but the empty screen is to be seen in its middle."""
    with pixels.open("rb") as dump:
        head = struct.unpack(">25I", dump.read(100))
        size, height, line, colours = head[0], head[5], head[12], head[19]
        dump.seek(size + 12 * colours + line * (height // 2))
        return len(set(dump.read(line)[::4])) <= 1
