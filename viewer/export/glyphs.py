"""Which characters the fonts can show, read from the fonts' own tables, and text made fit for a page."""

import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from viewer import resources

_BREAK_AFTER = 40  # a longer word may be broken anywhere
_PIECE = 20
_MARKS = r"/?&=.,;:_#%+-"  # where an address is best broken
_LONG = re.compile(rf"[^\s\u200b]{{{_BREAK_AFTER + 1},}}")
_PIECES = re.compile(rf"[^{_MARKS}]{{0,{_PIECE}}}[{_MARKS}]{{1,4}}|[^{_MARKS}]{{1,{_PIECE}}}")
_JOINED = re.compile(r"[\u0300-\u036f\u0590-\u08ff\u0e00-\u0eff\u1000-\u109f\u200d\ufe0f\U0001f3fb-\U0001f3ff]")
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_OVERRIDES = frozenset(range(0x202A, 0x202F))  # they would turn the text that follows about
_UNSHOWN = frozenset({"Cf", "Zs", "Zl", "Zp", "Cc"})  # need no glyph
_NEVER = frozenset({"Cn", "Co", "Cs"})  # PDF/A forbids private characters; the unassigned have no glyph by nature


def fit(text: str) -> str:
    """Text that a page can hold: controls as a visible sign, overrides of direction gone, long words breakable.

    A place to break is marked by U+200B, which the template turns into an empty box.
    """
    if _UNFIT.search(text):
        text = _UNFIT.sub(_replaced, text)
    return _LONG.sub(_breakable, text) if len(text) > _BREAK_AFTER else text


def _replaced(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code in _OVERRIDES:
        return ""
    return " " if code in (0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029) else "\ufffd"


def _breakable(found: re.Match[str]) -> str:
    word = found[0]
    return word if _JOINED.search(word) else "\u200b".join(_PIECES.findall(word))


def direction(text: str) -> str:
    """The direction of the first letter that has one: "ltr", "rtl", or "" where there is none."""
    strong = (unicodedata.bidirectional(char) for char in text[:2000])
    return next(("ltr" if kind == "L" else "rtl" for kind in strong if kind in ("L", "R", "AL")), "")


def unshown(char: str) -> bool:
    """Whether a character has nothing to show."""
    return unicodedata.category(char) in _UNSHOWN or 0xFE00 <= ord(char) <= 0xFE0F


def never(char: str) -> bool:
    """Whether no font may show the character."""
    return unicodedata.category(char) in _NEVER


def code_name(char: str) -> str:
    """What stands in the place of a character that no font has."""
    return f"[U+{ord(char):04X}]"


def without(text: str, missing: frozenset[str]) -> str:
    """The text with missing characters written by their numbers."""
    return "".join(code_name(char) if char in missing else char for char in text)


@cache
def bundled() -> frozenset[int]:
    """What our own fonts cover."""
    return covered((path, 0) for path in sorted(resources.path("fonts").glob("*.ttf")))


def covered(fonts: Iterable[tuple[Path, int]]) -> frozenset[int]:
    """The code points that at least one of the fonts (path, index in its collection) has a glyph for."""
    found: set[int] = set()
    for path, index in fonts:
        try:
            for span in _spans(path, index):
                found.update(span)
        except (OSError, struct.error):
            continue
    return frozenset(found)


def _spans(path: Path, index: int) -> Iterator[range]:
    """The ranges of a font's best character table."""
    table = _cmap(path, index)
    (count,) = struct.unpack_from(">H", table, 2)
    records = [struct.unpack_from(">HHI", table, 4 + 8 * number) for number in range(count)]
    formats = {struct.unpack_from(">H", table, offset)[0]: offset for _platform, _encoding, offset in records}
    if 12 in formats:
        yield from _segmented(table, formats[12])
    elif 4 in formats:
        yield from _by_segments(table, formats[4])


def _cmap(path: Path, index: int) -> bytes:
    with path.open("rb") as file:
        start = 0
        if file.read(4) == b"ttcf":
            file.seek(12 + 4 * index)
            (start,) = struct.unpack(">I", file.read(4))
        file.seek(start + 4)
        (count,) = struct.unpack(">H", file.read(2))
        file.seek(start + 12)
        for _ in range(count):
            tag, _sum, offset, length = struct.unpack(">4sIII", file.read(16))
            if tag == b"cmap":
                file.seek(offset)
                return file.read(length)
    return bytes(4)


def _segmented(table: bytes, at: int) -> Iterator[range]:
    (count,) = struct.unpack_from(">I", table, at + 12)
    for number in range(count):
        first, last, _glyph = struct.unpack_from(">III", table, at + 16 + 12 * number)
        yield range(first, min(last, 0x10FFFF) + 1)


def _by_segments(table: bytes, at: int) -> Iterator[range]:
    (doubled,) = struct.unpack_from(">H", table, at + 6)
    ends = struct.unpack_from(f">{doubled // 2}H", table, at + 14)
    starts = struct.unpack_from(f">{doubled // 2}H", table, at + 16 + doubled)
    yield from (range(first, last + 1) for first, last in zip(starts, ends, strict=True) if first != 0xFFFF)
