"""Colours that can be read: WCAG 2 contrast (`design-notes.md` §6)."""

from functools import lru_cache

CONTRAST = 4.5
_Rgb = tuple[float, float, float]


@lru_cache(maxsize=1024)
def readable(color: str, background: str) -> str:
    """The colour, moved towards black or white no further than it takes to be read on the background."""
    own, ground = _rgb(color), _rgb(background)
    if contrast(color, background) >= CONTRAST:
        return color
    dark = _ratio(_luminance((0, 0, 0)), _luminance(ground))
    light = _ratio(_luminance((255, 255, 255)), _luminance(ground))
    end: _Rgb = (0, 0, 0) if dark >= light else (255, 255, 255)
    for step in range(1, 33):
        moved = _hex(_mixed(own, end, step / 32))
        if contrast(moved, background) >= CONTRAST:
            return moved
    return _hex(end)


def contrast(color: str, background: str) -> float:
    """The WCAG 2 contrast of two colours, 1..21."""
    return _ratio(_luminance(_rgb(color)), _luminance(_rgb(background)))


def _rgb(color: str) -> _Rgb:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _hex(rgb: _Rgb) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in rgb)


def _mixed(a: _Rgb, b: _Rgb, share: float) -> _Rgb:
    red, green, blue = (x + (y - x) * share for x, y in zip(a, b, strict=True))
    return red, green, blue


def _luminance(rgb: _Rgb) -> float:
    red, green, blue = (part / 255 for part in rgb)
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def _ratio(a: float, b: float) -> float:
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
