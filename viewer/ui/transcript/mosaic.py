"""Pictures of a message as a mosaic: one to six cells with 2 px between them, cropped to fill."""

# ruff: noqa: ARG002 (one signature for all pieces)

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPixmap

from viewer.chat import File
from viewer.i18n import _
from viewer.ui.icons import draw
from viewer.ui.transcript.context import Context, PaintState, type_of
from viewer.ui.transcript.elements import Element
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.transcript.pens import Radii, box, crisp, dashed, elided, line, outline

GAP = 2.0
WIDE = 322.0
_RADIUS = 6.0


def single(width: int, height: int) -> tuple[float, float]:
    """The size of one picture: its own ratio within 320 x 240, never enlarged; panoramas over 3:1 are cropped."""
    if width <= 0 or height <= 0:
        return 240.0, 180.0
    ratio = min(max(width / height, 1 / 3), 3.0)
    wide = min(float(width), 320.0, 240.0 * ratio)
    return max(round(wide), 48), max(round(wide / ratio), 36)


def cells(count: int, wide: float, tall: float) -> list[QRectF]:
    """Where the cells of a mosaic of two and more stand, within a box."""
    half, third = (wide - GAP) / 2, (wide - 2 * GAP) / 3
    row = (tall - GAP) / 2
    if count == 2:
        return [QRectF(0, 0, half, tall), QRectF(half + GAP, 0, half, tall)]
    if count == 3:
        left = round((wide - GAP) * 0.62)
        right = wide - GAP - left
        return [QRectF(0, 0, left, tall), *(QRectF(left + GAP, at, right, row) for at in (0, row + GAP))]
    if count == 4:
        return [QRectF(x, y, half, row) for y in (0, row + GAP) for x in (0, half + GAP)]
    below = [QRectF(number * (third + GAP), row + GAP, third, row) for number in range(3)]
    if count == 5:
        return [QRectF(0, 0, half, row), QRectF(half + GAP, 0, half, row), *below]
    return [QRectF(number * (third + GAP), 0, third, row) for number in range(3)] + below


_TALL = {2: 120.0, 3: 146.0, 4: 242.0, 5: 200.0}


class Mosaic(Element):
    """The pictures of one message."""

    def __init__(self, files: list[File]) -> None:
        super().__init__()
        self._files = files
        self._cells: list[QRectF] = []
        self._failed: list[str] = []

    @property
    def text(self) -> str:
        return ", ".join(file.name for file in self._files)

    def measure(self, width: float, ctx: Context) -> QSizeF:
        count = len(self._files)
        if count == 1:
            wide, tall = single(self._files[0].width, self._files[0].height)
        else:
            wide, tall = WIDE, _TALL.get(count, 214.0)
        if self._failures(ctx):
            wide, tall = max(wide, 132.0), max(tall, 84.0)
        scale = min(1.0, width / wide) * (0.6 if ctx.compact else 1.0)
        wide, tall = round(wide * scale), round(tall * scale)
        self._cells = [QRectF(0, 0, wide, tall)] if count == 1 else cells(count, wide, tall)
        return self.sized(wide, tall)

    def _failures(self, ctx: Context) -> list[str]:
        self._failed = [
            _("Deleted in the portal") if file.missing else ctx.pictures.failure(file.id) for file in self._files
        ]
        return [reason for reason in self._failed if reason]

    def _cell(self, index: int) -> QRectF:
        return self._cells[index].translated(self.rect.topLeft())

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        for index in range(len(self._cells)):
            cell = crisp(painter, self._cell(index))
            radii = self._radii(index)
            if self._failed[index]:
                self._paint_failed(painter, ctx, state, index, cell, radii)
            else:
                self._paint_picture(painter, ctx, index, cell, radii)
        if len(self._files) > len(self._cells):
            self._paint_rest(painter, len(self._files) - len(self._cells) + 1)

    def _radii(self, index: int) -> Radii:
        cell, whole = self._cells[index], self.rect
        left, right = cell.left() < 1, cell.right() > whole.width() - 1
        top, bottom = cell.top() < 1, cell.bottom() > whole.height() - 1
        corners = (left and top, right and top, right and bottom, left and bottom)
        first, second, third, fourth = (_RADIUS if corner else 0.0 for corner in corners)
        return first, second, third, fourth

    def _paint_picture(self, painter: QPainter, ctx: Context, index: int, cell: QRectF, radii: Radii) -> None:
        scale = painter.deviceTransform().m11() or 1.0
        wanted = QSize(round(cell.width() * scale), round(cell.height() * scale))
        picture = ctx.pictures.get(self._files[index].id, wanted)
        if picture is None:
            box(painter, cell, ctx.theme.window, ctx.theme.line, radii)
            draw(painter, "image", ctx.theme.line_strong, cell.center().x() - 8, cell.center().y() - 8)
            return
        painter.save()
        painter.setClipPath(outline(cell, radii), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(cell, picture, _crop(picture, cell))
        painter.restore()

    def _paint_failed(
        self, painter: QPainter, ctx: Context, state: PaintState, index: int, cell: QRectF, radii: Radii
    ) -> None:
        look, meta = ctx.theme, type_of("meta")
        dashed(painter, cell, look.line_strong, radii, look.window)
        lines = _wrapped(self._failed[index], cell.width() - 12, 2 if cell.height() > 70 else 1)
        again = not self._files[index].missing and cell.height() > 70
        top = cell.center().y() - (18 + meta.line * (len(lines) + again)) / 2
        draw(painter, "image", look.text3, cell.center().x() - 8, top)
        for number, text in enumerate([*lines, *([_("Retry")] if again else [])]):
            last = again and number == len(lines)
            x = cell.center().x() - meta.width(text) / 2
            line(painter, meta, look.accent if last else look.text2, x, top + 18 + number * meta.line, text)

    def _paint_rest(self, painter: QPainter, count: int) -> None:
        index = len(self._cells) - 1
        cell = crisp(painter, self._cell(index))
        shade = Qt.GlobalColor.black
        painter.save()
        painter.setOpacity(0.55)
        painter.fillPath(outline(cell, self._radii(index)), shade)
        painter.restore()
        painter.setFont(type_of("title").font)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, f"+{count}")

    def hit(self, pos: QPointF) -> Hit | None:
        for index, file in enumerate(self._files[: len(self._cells)]):
            if self._cell(index).contains(pos):
                if self._failed[index]:
                    act = Act.NONE if file.missing else Act.RETRY
                    return Hit(act, file.id, f"{file.name}\n{self._failed[index]}".strip())
                return Hit(Act.FILE, file.id, file.name)
        return None

    def actions(self) -> list[Hit]:
        found = [self.hit(self._cell(index).center()) for index in range(len(self._cells))]
        return [hit for hit in found if hit is not None and hit.clickable]


def _crop(picture: QPixmap, cell: QRectF) -> QRectF:
    ratio = cell.width() / cell.height()
    wide, tall = float(picture.width()), float(picture.height())
    if wide / tall > ratio:
        return QRectF((wide - tall * ratio) / 2, 0, tall * ratio, tall)
    return QRectF(0, (tall - wide / ratio) / 2, wide, wide / ratio)


def _wrapped(text: str, width: float, most: int) -> list[str]:
    meta = type_of("meta")
    lines: list[str] = []
    for word in text.split():
        if lines and meta.width(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    shown = lines[:most]
    if len(lines) > most:
        shown[-1] = elided(meta, " ".join(lines[most - 1 :]), width)
    return [elided(meta, text, width) for text in shown]
