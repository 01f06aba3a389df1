"""Measures of a page of the PDF: paper, margins, size of text, and the room that pictures and heads have on it."""

from typing import Any

from viewer.export.options import Options

TITLE, RUNNING = 45, 60  # characters that stand in one line at the head of a page of A4 as it usually is
PIXELS = (250 / 72 * 300, 190 / 72 * 300)  # of a picture as large as it is ever printed, at 300 dots an inch

_ALONE = (250.0, 190.0)  # points
_ROW_HEIGHT = 84.0
_POINTS_PER_PIXEL = 0.75
_PAPERS = {"a4": "a4", "letter": "us-letter"}
_WIDTHS = {"a4": 595, "letter": 612}  # points
_MARGINS = {"narrow": 34, "normal": 47, "wide": 71}  # points
_SCALES = {"small": 0.9, "normal": 1.0, "large": 1.2}


def page(options: Options) -> dict[str, Any]:
    """The paper by its name for the template, the margins in points, and the scale of all text."""
    return {
        "paper": _PAPERS[options.paper],
        "margin": _MARGINS[options.margins],
        "scale": _SCALES[options.size],
    }


def room(characters: int, options: Options) -> int:
    """How many characters stand where so many do on A4 with the usual margins and size."""
    width = (_WIDTHS[options.paper] - 2 * _MARGINS[options.margins]) / (_WIDTHS["a4"] - 2 * _MARGINS["normal"])
    return int(characters * width / _SCALES[options.size])


def fitted(width: int, height: int, *, alone: bool) -> tuple[float, float]:
    """A picture's size in points: never larger than on a screen, at least a few points thick."""
    wide, high = _ALONE if alone else (_ALONE[0], _ROW_HEIGHT)
    scale = min(wide / width, high / height, _POINTS_PER_PIXEL)
    return round(max(width * scale, 4), 1), round(max(height * scale, 4), 1)


def cut(text: str, limit: int) -> str:
    """At most so many characters, a mark for what is gone."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
