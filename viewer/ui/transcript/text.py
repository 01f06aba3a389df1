"""Text of a message: paragraphs, code, quotes. Each stands on one QTextDocument, which is made when the row is seen."""

# ruff: noqa: ARG002 (one signature for all pieces)

import re
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPainter,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLine,
    QTextOption,
)

from viewer.ui.theme import Theme
from viewer.ui.transcript.context import Context, PaintState, type_of
from viewer.ui.transcript.elements import INK, Element, mark
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.transcript.patterns import units
from viewer.ui.transcript.pens import bar, box, elided, line


def document(role: str, *, wrap: bool = True) -> QTextDocument:
    """An empty document in a role of the type scale; long words break anywhere."""
    made = QTextDocument()
    made.setUndoRedoEnabled(False)
    made.setDocumentMargin(0)
    made.setIndentWidth(20)
    made.setDefaultFont(type_of(role).font)
    option = QTextOption()
    mode = QTextOption.WrapMode
    option.setWrapMode(mode.WrapAtWordBoundaryOrAnywhere if wrap else mode.NoWrap)
    made.setDefaultTextOption(option)
    return made


def _across(line: QTextLine, place: int) -> float:
    """Where a character stands in its line."""
    told: Any = line.cursorToX(place)  # the place and the number; the stubs say `object`
    return float(told[0])


_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")


class TextBox(Element):
    """A text with its own style; its size is what it needs, `width` at most."""

    def __init__(self, role: str, color: str = "text", *, html: str = "", plain: str = "", wrap: bool = True) -> None:
        super().__init__()
        self._role, self._color = role, color
        self._document = document(role, wrap=wrap)
        if html:
            self._document.setHtml(html)
        else:
            self._document.setPlainText(plain)
        if _RIGHT_TO_LEFT.search(html or plain):
            self._part_lines()
        self._set_line_height()
        self._plain: str | None = None

    def _part_lines(self) -> None:
        """Make every line a paragraph: Qt finds the direction of paragraphs, not of lines."""
        cursor = self._document.find("\u2028")
        while not cursor.isNull():
            cursor.insertBlock()
            cursor = self._document.find("\u2028", cursor)

    def _set_line_height(self) -> None:
        least = type_of(self._role).line
        if type_of(self._role).metrics.height() >= least - 0.5:
            return
        form = QTextBlockFormat()
        form.setLineHeight(least, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        cursor = QTextCursor(self._document)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(form)

    @property
    def text(self) -> str:
        if self._plain is None:
            self._plain = self._document.toPlainText()
        return self._plain

    @property
    def length(self) -> int:
        return max(self._document.characterCount() - 1, 0)

    @property
    def one_line(self) -> bool:
        return self._document.blockCount() == 1 and self._document.firstBlock().layout().lineCount() <= 1

    @property
    def last_line(self) -> float:
        """How wide the last line is."""
        layout = self._document.lastBlock().layout()
        if not layout.lineCount():
            return 0.0
        last = layout.lineAt(layout.lineCount() - 1)
        return last.naturalTextWidth() + layout.position().x()

    def measure(self, width: float, ctx: Context) -> QSizeF:
        self._document.setTextWidth(width)
        natural = min(float(int(self._document.idealWidth()) + 1), width)
        if natural < width and _RIGHT_TO_LEFT.search(self.text):
            self._document.setTextWidth(natural)
        return self.sized(natural, round(self._document.size().height()))

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        painting = QAbstractTextDocumentLayout.PaintContext()
        palette = QPalette(ctx.palette)
        palette.setColor(QPalette.ColorRole.Text, getattr(ctx.theme, self._color))
        painting.palette = palette
        chosen = state.selection.span(state.row, self.part, self.length) if state.selection else None
        look = ctx.theme
        marks = state.marked.of(self) if state.marked else []
        painting.selections = [
            self._mark(look.text, look.hit, *self._units(start, end)) for start, end, now in marks if not now
        ]
        for start, end, now in marks:
            if now:
                self._paint_current(painter, look, start, end)
                painting.selections = [*painting.selections, self._mark(INK, look.hit_cur, *self._units(start, end))]
        if chosen is not None:
            painting.selections = [*painting.selections, self._mark(look.on_accent, look.accent, *chosen)]
        painter.save()
        painter.translate(self.rect.topLeft())
        if state.clip.isValid() and self.rect.height() > 2000:
            painting.clip = state.clip.translated(-self.rect.topLeft())
        self._document.documentLayout().draw(painter, painting)
        painter.restore()

    def _units(self, start: int, end: int) -> tuple[int, int]:
        """A span of the text's characters in the document's own count."""
        return units(self.text, (start, end))

    def _paint_current(self, painter: QPainter, look: Theme, start: int, end: int) -> None:
        """The outline of the words that the reader stands on."""
        for spot in self._spots(start, end):
            mark(painter, look, spot.adjusted(-1, -1, 1, 1), current=True)

    def _spots(self, start: int, end: int) -> list[QRectF]:
        """Where a part of the text stands, in the row: a rectangle for each line that it touches."""
        first, last = self._units(start, end)
        spots = []
        block = self._document.findBlock(first)
        while block.isValid() and block.position() <= last:
            layout, origin = block.layout(), self._document.documentLayout().blockBoundingRect(block).topLeft()
            for number in range(layout.lineCount()):
                found = layout.lineAt(number)
                here = max(first - block.position(), found.textStart())
                there = min(last - block.position(), found.textStart() + found.textLength())
                if here < there:
                    left, right = sorted(_across(found, place) for place in (here, there))
                    spots.append(QRectF(left, found.y(), right - left, found.height()).translated(origin))
            block = block.next()
        return [spot.translated(self.rect.topLeft()) for spot in spots]

    def spot(self, start: int, end: int) -> QRectF:
        return next(iter(self._spots(start, end)), QRectF(self.rect))

    def _mark(self, ink: QColor, ground: QColor, start: int, end: int) -> QAbstractTextDocumentLayout.Selection:
        mark = QAbstractTextDocumentLayout.Selection()
        cursor = QTextCursor(self._document)
        cursor.setPosition(min(start, self.length))
        cursor.setPosition(min(end, self.length), QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(ground)
        form.setForeground(ink)
        mark.cursor = cursor
        mark.format = form
        return mark

    def hit(self, pos: QPointF) -> Hit | None:
        if not self.rect.contains(pos):
            return None
        address = self._document.documentLayout().anchorAt(pos - self.rect.topLeft())
        if not address:
            return None
        tip = "" if address.startswith("olv:") else address
        warning = self._format_at(pos).toolTip()
        return Hit(Act.LINK, address, f"{warning}\n{tip}" if warning else tip)

    def _format_at(self, pos: QPointF) -> QTextCharFormat:
        cursor = QTextCursor(self._document)
        found = self._document.documentLayout().hitTest(pos - self.rect.topLeft(), Qt.HitTestAccuracy.ExactHit)
        cursor.setPosition(min(max(found, 0) + 1, self.length))
        return cursor.charFormat()

    def offset_at(self, pos: QPointF) -> int:
        point = pos - self.rect.topLeft()
        found = self._document.documentLayout().hitTest(point, Qt.HitTestAccuracy.FuzzyHit)
        return max(found, 0)

    def actions(self) -> list[Hit]:
        found: list[tuple[str, str]] = []
        block = self._document.begin()
        while block.isValid():
            for part in block.textFormats():
                if part.format.isAnchor():
                    words = self.words(block.position() + part.start, block.position() + part.start + part.length)
                    same = bool(found) and found[-1][0] == part.format.anchorHref()  # in parts, each with its own look
                    earlier = found.pop()[1] if same else ""
                    found.append((part.format.anchorHref(), earlier + words))
            block = block.next()
        return [Hit(Act.LINK, address, words) for address, words in found]

    def words(self, start: int, end: int) -> str:
        cursor = QTextCursor(self._document)
        cursor.setPosition(min(start, self.length))
        cursor.setPosition(min(end, self.length), QTextCursor.MoveMode.KeepAnchor)
        return cursor.selection().toPlainText()

    def word_at(self, offset: int) -> tuple[int, int]:
        cursor = QTextCursor(self._document)
        cursor.setPosition(min(offset, self.length))
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        return cursor.selectionStart(), cursor.selectionEnd()


class CodeBox(TextBox):
    """Code in a box of its own: fixed pitch, breaking only where a line is wider than the bubble."""

    def __init__(self, code: str) -> None:
        super().__init__("code", plain=code.strip("\n"))

    def measure(self, width: float, ctx: Context) -> QSizeF:
        size = super().measure(width - 18, ctx)
        return self.sized(size.width() + 18, size.height() + 12)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        box(painter, self.rect, ctx.theme.surface, ctx.theme.line)
        outer = QRectF(self.rect)
        self.rect = outer.adjusted(9, 6, -9, -6)
        super().paint(painter, ctx, state)
        self.rect = outer

    def offset_at(self, pos: QPointF) -> int:
        return super().offset_at(pos - QPointF(9, 6))

    @property
    def one_line(self) -> bool:
        return True

    @property
    def last_line(self) -> float:
        return self.rect.width()


class QuoteBox(Element):
    """A quoted message: bar, author, time and at most three lines; a click jumps to the original."""

    LINES = 3

    def __init__(self, author: str, when: str, body: TextBox, hit: Hit | None, *, short: bool = False) -> None:
        super().__init__()
        self._author, self._when, self._body, self._hit, self._short = author, when, body, hit, short
        self._shown = author
        self._cut = False

    @property
    def text(self) -> str:
        return f"{self._author}: {self._body.text}"

    def texts(self) -> list[Element]:
        return self._body.texts()

    def measure(self, width: float, ctx: Context) -> QSizeF:
        label, meta = type_of("label"), type_of("meta")
        size = self._body.measure(width - 10, ctx)
        room = self.LINES * (type_of("secondary").line + 1)
        self._cut = self._short and size.height() > room
        head = label.line if self._author else 0.0
        when = meta.width(self._when) + 5 if self._when else 0.0
        self._shown = elided(label, self._author, width - 10 - when)
        wide = max(size.width(), label.width(self._shown) + when + 1)
        return self.sized(min(wide + 10, width), head + (room if self._cut else size.height()) + 2)

    def place(self, x: float, y: float) -> None:
        super().place(x, y)
        self._body.place(x + 10, y + 1 + (type_of("label").line if self._author else 0.0))

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        look, label, meta = ctx.theme, type_of("label"), type_of("meta")
        bar(painter, QRectF(self.rect.x(), self.rect.y(), 2, self.rect.height()), look.accent)
        if self._author:
            end = line(painter, label, look.accent, self.rect.x() + 10, self.rect.y() + 1, self._shown)
            line(painter, meta, look.text3, end + 5, self.rect.y() + 1, self._when)
        if self._cut:
            painter.save()
            painter.setClipRect(self.rect)
        self._body.paint(painter, ctx, state)
        if self._cut:
            painter.restore()

    def hit(self, pos: QPointF) -> Hit | None:
        if not self.rect.contains(pos):
            return None
        inner = self._body.hit(pos)
        return inner or self._hit

    def actions(self) -> list[Hit]:
        return [*([self._hit] if self._hit is not None else []), *self._body.actions()]
