"""The controls of the export dialog that Qt has none like: cards to choose from, a switch, a field of a template."""

from PySide6.QtCore import QMimeData, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractButton, QFrame, QPlainTextEdit, QSizePolicy, QWidget

from viewer.ui.icons import draw
from viewer.ui.theme import Theme, font, grown, line_height, px, text_scale

_LOW = 36  # pixels of a card without words
_MARK = 14.0  # pixels of a check box or a radio button


class Tile(QAbstractButton):
    """A card with a mark and a title, and words below it; `single` for one of several, else a check box."""

    def __init__(self, title: str, theme: Theme, *, words: str = "", single: bool = False) -> None:
        super().__init__()
        self._theme, self._words, self._single = theme, words, single
        self.setText(title)
        self.setCheckable(True)
        self.setAutoExclusive(single)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(bool(words))
        self.setSizePolicy(policy)
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """What stands below the title."""
        self._words = words
        self.setAccessibleName(", ".join(filter(None, (self.text(), words))))
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.update()

    def hasHeightForWidth(self) -> bool:
        return bool(self._words)

    def heightForWidth(self, width: int) -> int:
        if not self._words:
            return px(_LOW)
        room = QRectF(0, 0, max(40, width / text_scale() - 46), 500)
        flags = int(Qt.TextFlag.TextWordWrap)
        words = QFontMetricsF(font("secondary")).boundingRect(room, flags, self._words).height()
        return px(round(12 + line_height("name") + words + 14))

    def sizeHint(self) -> QSize:
        wide = px(round(QFontMetricsF(font("name")).horizontalAdvance(self.text()) + 48))
        return QSize(wide, self.heightForWidth(max(wide, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), px(_LOW))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(text_scale(), text_scale())  # what follows is in the pixels of the design
        box = QRectF(0, 0, *(QSizeF(self.size()) / text_scale()).toTuple())
        strong = self.isChecked() or self.hasFocus()
        edge = theme.accent if strong else (theme.line_strong if self.underMouse() and self.isEnabled() else theme.line)
        painter.setPen(QPen(edge, 2 if strong else 1))
        painter.setBrush(theme.sel if self.isChecked() else theme.surface)
        inset = 1.0 if strong else 0.5
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), 6, 6)
        if self.hasFocus() and self.isChecked():
            painter.setPen(QPen(theme.text, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(3.5, 3.5, -3.5, -3.5), 4, 4)
        top = 11.0 if self._words else (box.height() - _MARK) / 2
        self._mark(painter, QRectF(13, top, _MARK, _MARK))
        painter.setPen(theme.text if self.isEnabled() else theme.text3)
        painter.setFont(font("name" if self._words else "body"))
        line = line_height("name")
        left = 36.0
        width = box.width() - left - 8
        spot = QRectF(left, 9 if self._words else (box.height() - line) / 2, width, line)
        painter.drawText(spot, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if self._words:
            painter.setPen(theme.text2 if self.isEnabled() else theme.text3)
            painter.setFont(font("secondary"))
            flags = int(Qt.TextFlag.TextWordWrap)
            painter.drawText(QRectF(left, spot.bottom(), width, box.height()), flags, self._words)

    def _mark(self, painter: QPainter, box: QRectF) -> None:
        theme, on = self._theme, self.isChecked()
        enabled = self.isEnabled()
        painter.setPen(QPen(theme.accent if on else (theme.line_strong if enabled else theme.line), 1))
        if self._single:
            painter.setBrush(theme.accent if on else theme.surface)
            painter.drawEllipse(box)
            if on:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.surface)
                painter.drawEllipse(box.center(), 2.6, 2.6)
            return
        painter.setBrush(theme.accent if on else theme.surface)
        painter.drawRoundedRect(box, 4, 4)
        if on:
            draw(painter, "check", theme.on_accent, box.x() + 1, box.y() + 1, 12)


class Switch(QAbstractButton):
    """On or off."""

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFixedSize(36, 24)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, on = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(theme.accent, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 11, 11)
        painter.setPen(QPen(theme.accent if on else theme.line_strong, 1))
        painter.setBrush(theme.accent if on else theme.surface)
        painter.drawRoundedRect(QRectF(3.5, 4.5, 29, 15), 7.5, 7.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.on_accent if on else theme.line_strong)
        painter.drawEllipse(QRectF(20 if on else 6, 7, 10, 10))


class _Fields(QSyntaxHighlighter):
    """Fields of a template in the colours of a chip."""

    ink, ground = QColor(), QColor()

    def highlightBlock(self, text: str) -> None:
        start = text.find("{")
        while start >= 0 and (end := text.find("}", start)) >= 0:
            look = QTextCharFormat()
            look.setForeground(self.ink)
            look.setBackground(self.ground)
            self.setFormat(start, end + 1 - start, look)
            start = text.find("{", end)


class TemplateField(QPlainTextEdit):
    """One line with a template; signal `entered()` on Enter."""

    entered = Signal()

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks = _Fields(self.document())
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedHeight(grown(32))
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._marks.ink, self._marks.ground = theme.accent, theme.sel
        self._marks.rehighlight()

    def insert_field(self, words: str) -> None:
        """Put a field where the cursor is, parted from one that stands before it."""
        cursor = self.textCursor()
        before = self.toPlainText()[: cursor.selectionStart()]
        cursor.insertText(("_" if before.endswith("}") else "") + f"{{{words}}}")
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(" ".join(source.text().split()))
