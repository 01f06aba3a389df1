"""Files of a message that are no pictures: documents, voice, video."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter

from viewer.chat import File, FileKind
from viewer.i18n import _, size
from viewer.ui.icons import draw
from viewer.ui.player import Playback
from viewer.ui.theme import Theme
from viewer.ui.transcript.context import Context, PaintState, type_of
from viewer.ui.transcript.elements import Element, Links
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.transcript.pens import bar, box, dashed, elided, line, middle
from viewer.ui.transcript.pictures import Sounds
from viewer.ui.transcript.text import CodeBox

_WIDEST = 300.0


def file_element(file: File) -> Element:
    """The element that shows a file."""
    if not file.missing:
        if file.kind in (FileKind.VOICE, FileKind.AUDIO):
            return Voice(file)
        if file.kind is FileKind.VIDEO:
            return Video(file)
    return Chip(file)


def _plate(look: Theme, extension: str) -> tuple[QColor, QColor]:
    kind = extension.lower()
    if kind == "pdf":
        return look.red_soft, look.red
    if kind in ("xls", "xlsx", "csv", "ods"):
        return look.green_soft, look.green
    if kind in ("zip", "rar", "7z", "gz"):
        return look.note, look.note_text
    return look.sel, look.accent


class _FileElement(Element):
    """Something that a click opens."""

    def actions(self) -> list[Hit]:
        hit = self.hit(self.rect.center())
        return [hit] if hit is not None and hit.clickable else []


class Chip(_FileElement):
    """A document: type plate, name, size. One that cannot be had says why and what else can be done."""

    def __init__(self, file: File) -> None:
        super().__init__()
        self._file = file
        self._problem = ""
        self._name = ""
        self._links: Links | None = None

    @property
    def text(self) -> str:
        return self._file.name or _("File {id}").format(id=self._file.id)

    @property
    def _about(self) -> str:
        return self._problem or (size(self._file.size) if self._file.size else self._file.extension.upper())

    def measure(self, width: float, ctx: Context) -> QSizeF:
        file = self._file
        self._problem = _("Deleted in the portal") if file.missing else ctx.pictures.failure(file.id)
        widest = min(width, _WIDEST if not self._problem else width)
        self._name = elided(type_of("body"), self.text, widest - 58, inside=True)
        text = max(type_of("body").width(self._name), type_of("secondary").width(self._about))
        wide, tall = min(text + 58, widest), 44.0
        self._links = None
        if self._problem and not file.missing:
            self._links = Links(
                [
                    ("external", _("Open in browser"), Hit(Act.LINK, f"olv:file/{file.id}")),
                    ("", _("Retry"), Hit(Act.RETRY, file.id)),
                ],
                indent=4,
            )
            links = self._links.measure(width, ctx)
            wide, tall = max(wide, links.width()), tall + 6 + links.height()
        return self.sized(float(int(wide) + 1), tall)

    def place(self, x: float, y: float) -> None:
        super().place(x, y)
        if self._links is not None:
            self._links.place(x, y + 50)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        look = ctx.theme
        body = QRectF(self.rect.x(), self.rect.y(), self.rect.width(), 44)
        if self._problem:
            dashed(painter, body, look.line_strong, (6, 6, 6, 6), look.window)
            draw(painter, "lock" if self._links else "file", look.amber, body.x() + 14, body.y() + 14)
        else:
            border = look.text2 if state.hover == self.hit(body.center()) else look.line
            box(painter, body, look.surface, border)
            self._paint_plate(painter, look, QRectF(body.x() + 8, body.y() + 7, 26, 30))
        x = body.x() + 44
        line(painter, type_of("body"), look.text, x, body.y() + 5, self._name)
        about = elided(type_of("secondary"), self._about, body.width() - 56)
        line(painter, type_of("secondary"), look.text2, x, body.y() + 23, about)
        if self._links is not None:
            self._links.paint(painter, ctx, state)

    def _paint_plate(self, painter: QPainter, look: Theme, plate: QRectF) -> None:
        fill, ink = _plate(look, self._file.extension)
        box(painter, plate, fill, None, (4, 4, 4, 4))
        kind = self._file.extension.upper()
        if 0 < len(kind) <= 4:
            middle(painter, type_of("plate"), ink, plate, kind)
        else:
            draw(painter, "file", ink, plate.center().x() - 7, plate.center().y() - 7, 14)

    def actions(self) -> list[Hit]:
        return self._links.actions()[::-1] if self._links is not None else super().actions()

    def hit(self, pos: QPointF) -> Hit | None:
        if self._links is not None and (found := self._links.hit(pos)):
            return found
        if not self.rect.contains(pos):
            return None
        if self._problem:
            return Hit(Act.NONE, self._file.id, self.text)
        return Hit(Act.FILE, self._file.id, self.text)


Chip.beside = (CodeBox, Chip)


class _Media(_FileElement):
    """A sound or a video; one that cannot be had looks as any such file does."""

    def __init__(self, file: File) -> None:
        super().__init__()
        self._file = file
        self._failed: Chip | None = None

    def measure(self, width: float, ctx: Context) -> QSizeF:
        self._failed = Chip(self._file) if ctx.pictures.failure(self._file.id) else None
        if self._failed is None:
            return self._measure(width, ctx)
        taken = self._failed.measure(width, ctx)
        return self.sized(taken.width(), taken.height())

    def place(self, x: float, y: float) -> None:
        super().place(x, y)
        if self._failed is not None:
            self._failed.place(x, y)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        if self._failed is not None:
            self._failed.paint(painter, ctx, state)
        else:
            self._paint(painter, ctx, state)

    def hit(self, pos: QPointF) -> Hit | None:
        if self._failed is not None:
            return self._failed.hit(pos)
        return self._hit(pos) if self.rect.contains(pos) else None

    def actions(self) -> list[Hit]:
        if self._failed is not None:
            return self._failed.actions()
        return [Hit(Act.FILE, self._file.id, self._tip)]

    @property
    def _tip(self) -> str:
        return self._file.name

    def _measure(self, width: float, ctx: Context) -> QSizeF:
        raise NotImplementedError

    def _paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        raise NotImplementedError

    def _hit(self, pos: QPointF) -> Hit:  # noqa: ARG002 (one signature)
        return Hit(Act.FILE, self._file.id, self._tip)


class Voice(_Media):
    """A sound: a button, bars that show how far it is, its size or its time, and its speed while it plays.

    The bars are flat: the sound itself was not read. A click on them goes to that moment.
    """

    BARS = 28

    def __init__(self, file: File) -> None:
        super().__init__(file)
        self._shown = ""
        self._sounds: Sounds | None = None

    @property
    def text(self) -> str:
        return _("voice message") if self._file.kind is FileKind.VOICE else self._file.name

    @property
    def _tip(self) -> str:
        name = self.text
        if self._sounds is not None:
            return name
        return name + "\n" + _("Opens in another program: this installation has no sound module (PySide6-Addons).")

    @property
    def _playback(self) -> Playback | None:
        return self._sounds(self._file.id) if self._sounds is not None else None

    def _measure(self, width: float, ctx: Context) -> QSizeF:
        self._sounds = ctx.pictures.sounds
        secondary = type_of("secondary")
        name = "" if self._file.kind is FileKind.VOICE else self._file.name
        self._shown = elided(secondary, name, max(width - 48, 60), inside=True)
        about = secondary.width(size(self._file.size)) if self._file.size else 0.0
        if self._sounds is not None:
            about = max(about, secondary.width("00:00 / 00:00") + 12 + self._speed_width)
        wide = max(38 + 4 * self.BARS + 8 + about, 38 + secondary.width(self._shown))
        return self.sized(min(float(int(wide) + 1), width), 30.0 if not self._shown else 40.0)

    @property
    def _speed_width(self) -> float:
        return type_of("meta").width("1.25×") + 10

    @property
    def _bars(self) -> QRectF:
        """Where the bars stand, as high as a click may be."""
        top = self.rect.y() + (18 if self._shown else 0)
        return QRectF(self.rect.x() + 38, top, 4.0 * self.BARS, self.rect.bottom() - top)

    @property
    def _speed(self) -> QRectF:
        bars = self._bars
        return QRectF(self.rect.right() - self._speed_width, bars.center().y() - 9, self._speed_width, 18)

    def _paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        look, secondary, playback = ctx.theme, type_of("secondary"), self._playback
        round_ = QRectF(self.rect.x(), self.rect.center().y() - 14, 28, 28)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.accent_hover if state.hover == self.hit(round_.center()) else look.accent)
        painter.drawEllipse(round_)
        name = "play"
        if playback is not None:
            name = "clock" if playback.waiting else "pause" if playback.playing else "play"
        draw(painter, name, look.on_accent, round_.center().x() - 7, round_.center().y() - 7, 14)
        bars = self._bars
        if self._shown:
            line(painter, secondary, look.text, bars.x(), self.rect.y() + 2, self._shown)
        heard = playback.position / playback.length if playback and playback.length else 0.0
        for number in range(self.BARS):
            color = look.accent if number < heard * self.BARS else look.line_strong
            bar(painter, QRectF(bars.x() + number * 4, bars.center().y() - 2, 2, 4), color)
        about = size(self._file.size) if self._file.size else ""
        if playback is not None and not playback.waiting:
            about = f"{_timed(playback.position)} / {_timed(playback.length)}" if playback.length else about
            self._paint_speed(painter, ctx, state, playback.speed)
        line(painter, secondary, look.text2, bars.right() + 8, bars.center().y() - secondary.line / 2, about)

    def _paint_speed(self, painter: QPainter, ctx: Context, state: PaintState, speed: float) -> None:
        look, chip = ctx.theme, self._speed
        over = state.hover == self.hit(chip.center())
        box(painter, chip, look.surface, look.text2 if over else look.line_strong, (4, 4, 4, 4))
        middle(painter, type_of("meta"), look.text, chip, f"{speed:g}×")

    def _hit(self, pos: QPointF) -> Hit:
        playback = self._playback
        if playback is not None and not playback.waiting:
            if self._speed.contains(pos):
                return Hit(Act.LINK, f"olv:sound/{self._file.id}/speed", _("Speed"))
            if playback.length and self._bars.contains(pos):
                share = (pos.x() - self._bars.x()) / self._bars.width()
                told = _("Go to {time}").format(time=_timed(round(playback.length * share)))
                return Hit(Act.LINK, f"olv:sound/{self._file.id}/{round(share * 1000)}", told)
        return Hit(Act.FILE, self._file.id, self._tip)


def _timed(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes}:{seconds:02}"


class Video(_Media):
    """A video: nothing is fetched before a click."""

    def __init__(self, file: File) -> None:
        super().__init__(file)
        self._name = ""
        self._about = ""

    @property
    def text(self) -> str:
        return self._file.name

    def _measure(self, width: float, ctx: Context) -> QSizeF:  # noqa: ARG002 (one signature)
        about = _("{size}, click to load").format(size=size(self._file.size)) if self._file.size else _("Click to load")
        meta = type_of("meta")
        self._about = elided(meta, about, width - 16)
        wide = min(max(meta.width(self._about) + 28, 140), width, 240)
        self._name = elided(meta, self._file.name, wide - 16, inside=True)
        return self.sized(float(int(wide)), 76)

    def _paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        look, meta = ctx.theme, type_of("meta")
        border = look.text2 if state.hover == self.hit(self.rect.center()) else look.line
        box(painter, self.rect, look.window, border)
        draw(painter, "download", look.text2, self.rect.center().x() - 9, self.rect.y() + 9, 18)
        for number, text in enumerate((self._name, self._about)):
            x = self.rect.center().x() - meta.width(text) / 2
            line(painter, meta, look.text2, x, self.rect.y() + 33 + number * 16, text)
