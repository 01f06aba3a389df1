"""Pictures drawn by the program: a small scanline painter, and scenes of a shop's everyday life, as PNG bytes.

A polygon is filled row by row with four samples a pixel in height and exact coverage in width, which is enough for
smooth edges; everything is plain integers and floats, so that the bytes are the same on every machine.
"""

import math
import struct
import zlib
from collections.abc import Callable, Iterable
from itertools import pairwise

Color = tuple[int, int, int]
Point = tuple[float, float]
SAMPLES = 4


class Canvas:
    """A picture in the making; coordinates in pixels from the upper left corner."""

    def __init__(self, width: int, height: int, top: Color, bottom: Color) -> None:
        self.width, self.height = width, height
        self.rows = [bytearray(bytes(mixed(top, bottom, y / max(1, height - 1))) * width) for y in range(height)]

    def polygon(self, points: Iterable[Point], color: Color, strength: float = 1.0) -> None:
        """Fill a polygon; `strength` is its opacity."""
        corners = list(points)
        edges = [(a, b) for a, b in zip(corners, corners[1:] + corners[:1], strict=True) if a[1] != b[1]]
        if not edges:
            return
        first = max(0, int(min(y for _x, y in corners)))
        last = min(self.height - 1, int(max(y for _x, y in corners)))
        for y in range(first, last + 1):
            self._row(y, edges, color, strength)

    def _row(self, y: int, edges: list[tuple[Point, Point]], color: Color, strength: float) -> None:
        part = strength / SAMPLES
        for sample in range(SAMPLES):
            line = y + (sample + 0.5) / SAMPLES
            crossings = sorted(
                a[0] + (line - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
                for a, b in edges
                if (a[1] <= line) != (b[1] <= line)
            )
            for left, right in zip(crossings[::2], crossings[1::2], strict=False):
                self._span(y, left, right, color, part, sample)

    def _span(self, y: int, left: float, right: float, color: Color, part: float, sample: int) -> None:
        left, right = max(0.0, left), min(float(self.width), right)
        start, end = math.ceil(left), math.floor(right)
        if right <= left:
            return
        # Equal steps towards the colour: after `SAMPLES` of them the pixel has it wholly.
        share = part / (1 - part * sample) if part * sample < 1 else 1.0
        if end > start:
            self._blend(y, start, end, color, share)
        if end >= start:
            self._blend_pixel(y, start - 1, color, share * (start - left))
            self._blend_pixel(y, end, color, share * (right - end))

    def _blend(self, y: int, start: int, end: int, color: Color, share: float) -> None:
        row = self.rows[y]
        if share >= 0.999:
            row[3 * start : 3 * end] = bytes(color) * (end - start)
            return
        for channel in range(3):
            table = _table(color[channel], round(share * 64))
            piece = row[3 * start + channel : 3 * end : 3]
            row[3 * start + channel : 3 * end : 3] = piece.translate(table)

    def _blend_pixel(self, y: int, x: int, color: Color, share: float) -> None:
        if 0 <= x < self.width and share > 0:
            row = self.rows[y]
            for channel in range(3):
                old = row[3 * x + channel]
                row[3 * x + channel] = round(old + (color[channel] - old) * min(1.0, share))

    def ellipse(self, x: float, y: float, rx: float, ry: float, color: Color, strength: float = 1.0) -> None:
        """Fill an ellipse around a point."""
        self.polygon(arc(x, y, rx, ry, 0, 360), color, strength)

    def rectangle(self, x: float, y: float, width: float, height: float, color: Color, strength: float = 1.0) -> None:
        """Fill a rectangle."""
        self.polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], color, strength)

    def line(self, a: Point, b: Point, thick: float, color: Color) -> None:
        """Draw a straight stroke."""
        length = math.hypot(b[0] - a[0], b[1] - a[1]) or 1.0
        dx, dy = (b[1] - a[1]) / length * thick / 2, (a[0] - b[0]) / length * thick / 2
        self.polygon(
            [(a[0] + dx, a[1] + dy), (b[0] + dx, b[1] + dy), (b[0] - dx, b[1] - dy), (a[0] - dx, a[1] - dy)], color
        )

    def png(self) -> bytes:
        """The picture as PNG."""
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        data = zlib.compress(b"".join(b"\0" + bytes(row) for row in self.rows), 6)
        return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


_tables: dict[tuple[int, int], bytes] = {}


def _table(goal: int, share: int) -> bytes:
    key = goal, share
    if key not in _tables:
        _tables[key] = bytes(round(old + (goal - old) * share / 64) for old in range(256))
    return _tables[key]


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def mixed(a: Color, b: Color, share: float) -> Color:
    """A colour between two."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[Point]:
    """Points along an ellipse, angles in degrees clockwise from the right."""
    steps = 48
    angles = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return [(x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles]


# --- scenes: each draws in a box of 100 x 75 units that is scaled and centred ---


def _scaled(canvas: Canvas) -> Callable[[float, float], Point]:
    unit = min(canvas.width / 100, canvas.height / 75)
    left, top = (canvas.width - 100 * unit) / 2, (canvas.height - 75 * unit) / 2
    return lambda x, y: (left + x * unit, top + y * unit)


def _shape(canvas: Canvas, points: Iterable[Point], color: Color, strength: float = 1.0) -> None:
    at = _scaled(canvas)
    canvas.polygon([at(x, y) for x, y in points], color, strength)


def parcel(width: int, height: int) -> Canvas:
    """A crushed cardboard box on a table."""
    canvas = Canvas(width, height, (176, 190, 186), (206, 212, 206))
    canvas.rectangle(0, height * 0.72, width, height * 0.28, (112, 98, 90))
    _shape(canvas, arc(50, 62, 34, 5, 0, 360), (70, 60, 56), 0.5)
    _shape(canvas, [(22, 26), (56, 34), (56, 64), (24, 56)], (190, 142, 88))
    _shape(canvas, [(56, 34), (82, 24), (81, 52), (56, 64)], (148, 104, 58))
    _shape(canvas, [(22, 26), (48, 16), (82, 24), (56, 34)], (214, 170, 116))
    _shape(canvas, [(34, 21), (40, 19), (74, 27), (68, 29.5)], (232, 204, 164))
    _shape(canvas, [(34, 21), (40, 23), (39, 34), (34, 33)], (232, 204, 164), 0.8)
    _shape(canvas, [(22, 36), (29, 40), (25, 44), (31, 49), (24, 51)], (96, 66, 40))
    _shape(canvas, [(64, 44), (76, 39), (76, 46), (64, 51)], (246, 244, 238))
    for number in range(3):
        _shape(
            canvas,
            [(66, 45 + 2 * number), (73, 42.2 + 2 * number), (73, 42.9 + 2 * number), (66, 45.7 + 2 * number)],
            (90, 90, 90),
        )
    return canvas


def cup(width: int, height: int) -> Canvas:
    """A bowl with a crack."""
    canvas = Canvas(width, height, (232, 224, 212), (204, 192, 176))
    _shape(canvas, arc(50, 62, 30, 5, 0, 360), (160, 148, 132), 0.6)
    bowl = arc(50, 24, 27, 38, 0, 180)
    _shape(canvas, bowl, (150, 194, 202))
    _shape(canvas, [(50, 24), *arc(50, 24, 27, 38, 0, 84), (50, 62)], (122, 168, 180))
    _shape(canvas, [(38, 24), *arc(50, 24, 16, 37, 150, 100), (44, 24)], (196, 224, 228), 0.8)
    _shape(canvas, arc(50, 24, 27, 7, 0, 360), (208, 230, 232))
    _shape(canvas, arc(50, 24.6, 23, 5, 0, 360), (138, 178, 186))
    crack = [(56, 30), (60, 36), (55, 41), (61, 47), (57, 53)]
    at = _scaled(canvas)
    for a, b in pairwise(crack):
        canvas.line(at(*a), at(*b), width / 110, (52, 72, 78))
    canvas.line(at(60, 36), at(66, 38), width / 140, (52, 72, 78))
    canvas.line(at(61, 47), at(67, 44), width / 140, (52, 72, 78))
    return canvas


def label(width: int, height: int) -> Canvas:
    """A shipping label with a barcode."""
    canvas = Canvas(width, height, (206, 160, 104), (186, 138, 84))
    _shape(canvas, [(0, 50), (100, 36), (100, 75), (0, 75)], (168, 120, 70))
    _shape(canvas, [(18, 16), (80, 11), (84, 61), (22, 66)], (250, 248, 242))
    _shape(canvas, [(66, 16), (76, 15.2), (76.8, 25), (66.8, 26)], (196, 60, 48))
    _shape(canvas, [(71, 18), (74, 23), (68.4, 23.5)], (250, 248, 242))
    for number in range(4):
        y = 20 + 4.6 * number
        _shape(
            canvas,
            [(24, y), (56 - 6 * (number % 2), y - 2.6), (56 - 6 * (number % 2), y - 1.0), (24.1, y + 1.6)],
            (70, 70, 76),
        )
    x = 26.0
    for number in range(26):
        wide = 0.7 + (number * 7919 % 5) * 0.28
        _shape(
            canvas,
            [(x, 43 - x * 0.06), (x + wide, 43 - x * 0.06), (x + wide + 0.9, 58 - x * 0.06), (x + 0.9, 58 - x * 0.06)],
            (34, 34, 40),
        )
        x += wide + 0.8
    return canvas


def machine(width: int, height: int) -> Canvas:
    """A coffee machine."""
    canvas = Canvas(width, height, (226, 232, 236), (196, 206, 212))
    canvas.rectangle(0, height * 0.82, width, height * 0.18, (150, 120, 94))
    _shape(canvas, [(28, 12), (74, 12), (76, 62), (26, 62)], (58, 66, 74))
    _shape(canvas, [(28, 12), (74, 12), (74, 24), (28, 24)], (84, 94, 104))
    _shape(canvas, [(36, 30), (66, 30), (66, 54), (36, 54)], (34, 40, 46))
    _shape(canvas, [(46, 24), (56, 24), (55, 33), (47, 33)], (196, 202, 206))
    _shape(canvas, [(45, 42), (57, 42), (55, 53), (47, 53)], (244, 242, 236))
    _shape(canvas, arc(51, 42, 6, 1.6, 0, 360), (112, 72, 44))
    for number, color in enumerate(((92, 192, 201), (242, 165, 31), (120, 200, 140))):
        _shape(canvas, arc(60 + 4 * number, 18, 1.4, 1.4, 0, 360), color)
    _shape(canvas, [(24, 62), (78, 62), (78, 66), (24, 66)], (40, 46, 52))
    return canvas


def receipt(width: int, height: int) -> Canvas:
    """A till receipt."""
    canvas = Canvas(width, height, (120, 134, 140), (96, 108, 114))
    _shape(
        canvas,
        [(26, 4), (74, 4), (74, 71), (68, 68), (62, 71), (56, 68), (50, 71), (44, 68), (38, 71), (32, 68), (26, 71)],
        (252, 251, 246),
    )
    _shape(canvas, [(38, 9), (62, 9), (62, 12), (38, 12)], (50, 54, 58))
    for number in range(9):
        y = 18 + 4.6 * number
        _shape(
            canvas,
            [(31, y), (50 + number * 37 % 8, y), (50 + number * 37 % 8, y + 1.4), (31, y + 1.4)],
            (120, 124, 128),
        )
        _shape(canvas, [(63, y), (69, y), (69, y + 1.4), (63, y + 1.4)], (90, 94, 98))
    _shape(canvas, [(31, 61), (69, 61), (69, 63.4), (31, 63.4)], (40, 44, 48))
    return canvas


def screen(width: int, height: int) -> Canvas:
    """A window of the shop's site with an error in it."""
    canvas = Canvas(width, height, (244, 246, 248), (236, 240, 242))
    canvas.rectangle(0, 0, width, height * 0.1, (11, 106, 117))
    for number in range(3):
        canvas.ellipse(width * (0.03 + 0.025 * number), height * 0.05, height * 0.016, height * 0.016, (220, 238, 239))
    for number in range(4):
        canvas.rectangle(
            width * 0.06,
            height * (0.2 + 0.1 * number),
            width * (0.5 - 0.07 * (number % 3)),
            height * 0.035,
            (196, 204, 210),
        )
    canvas.rectangle(width * 0.06, height * 0.66, width * 0.6, height * 0.16, (251, 232, 230))
    canvas.rectangle(width * 0.06, height * 0.66, width * 0.008, height * 0.16, (176, 42, 34))
    canvas.rectangle(width * 0.1, height * 0.715, width * 0.4, height * 0.05, (176, 42, 34), 0.7)
    canvas.rectangle(width * 0.72, height * 0.2, width * 0.22, height * 0.4, (220, 238, 239))
    return canvas


def panorama(width: int, height: int) -> Canvas:
    """Hills behind a warehouse, very wide."""
    canvas = Canvas(width, height, (142, 188, 224), (232, 226, 206))
    for depth, color in enumerate(((126, 150, 166), (104, 136, 128), (84, 116, 92))):
        base = height * (0.55 + 0.13 * depth)
        hills = [
            (
                x,
                base
                - height * 0.16 * math.sin(x / width * (7 + 3 * depth) + depth * 2)
                - height * 0.05 * math.sin(x / width * 23 + depth),
            )
            for x in range(0, width + 24, 24)
        ]
        canvas.polygon([(0, height), *hills, (width, height)], color)
    canvas.ellipse(width * 0.82, height * 0.2, height * 0.09, height * 0.09, (255, 240, 196))
    canvas.rectangle(width * 0.3, height * 0.62, width * 0.12, height * 0.2, (214, 206, 194))
    canvas.polygon(
        [(width * 0.29, height * 0.62), (width * 0.36, height * 0.5), (width * 0.43, height * 0.62)], (150, 82, 66)
    )
    return canvas


def beans(width: int, height: int) -> Canvas:
    """Coffee beans, close."""
    canvas = Canvas(width, height, (74, 48, 34), (54, 34, 24))
    state = 12345
    size = min(width, height) / 7
    for _number in range(90):
        state = (state * 1103515245 + 12345) % 2**31
        x, y, turn = state % width, state // 7 % height, state // 13 % 180
        shade = 90 + state // 17 % 50
        angle = math.radians(turn)

        def spun(points: list[Point], x: float = x, y: float = y, angle: float = angle) -> list[Point]:
            return [
                (x + px * math.cos(angle) - py * math.sin(angle), y + px * math.sin(angle) + py * math.cos(angle))
                for px, py in points
            ]

        canvas.polygon(spun(arc(2, 3, size, size * 0.66, 0, 360)), (36, 22, 16), 0.5)
        canvas.polygon(spun(arc(0, 0, size, size * 0.66, 0, 360)), (shade, shade * 2 // 3, shade * 2 // 5))
        canvas.polygon(spun([(-size * 0.8, 0), (0, -size * 0.09), (size * 0.8, 0), (0, size * 0.09)]), (48, 30, 20))
    return canvas


SCENES: dict[str, Callable[[int, int], Canvas]] = {
    "parcel": parcel, "cup": cup, "label": label, "machine": machine, "receipt": receipt, "screen": screen,
    "panorama": panorama, "beans": beans,
}  # fmt: skip
