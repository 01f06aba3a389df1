"""A list of what a run does, a row for each step or each dialogue, however many there are."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from viewer.ui.icons import draw
from viewer.ui.theme import Theme, font, px, text_scale

HEIGHT = 40
_BAR = 148.0
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class RunRow:
    """One row. `state`: "", "running", "good", "warn", "bad". `share` from 0 to 1 draws a bar, less than 0 none."""

    title: str
    detail: str = ""
    right: str = ""
    state: str = ""
    share: float = -1.0


class RunModel(QAbstractListModel):
    """The rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[RunRow] = []

    def set_rows(self, rows: Iterable[RunRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def change(self, number: int, **news: object) -> None:
        """Let a row tell something else."""
        if 0 <= number < len(self.rows):
            self.rows[number] = replace(self.rows[number], **news)  # type: ignore[arg-type]
            spot = self.index(number)
            self.dataChanged.emit(spot, spot)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(filter(None, (row.title, row.detail, row.right)))
        return row.detail or None if role == Qt.ItemDataRole.ToolTipRole else None


class RunList(QListView):
    """The rows on screen."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None, *, height: int = HEIGHT) -> None:
        super().__init__(parent)
        self.look = theme
        self.height_of_row = px(height)
        self.lines = RunModel(self)
        self.setModel(self.lines)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.look = theme
        self.viewport().update()


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: RunList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, self._view.height_of_row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = self._view
        if index.row() >= len(view.lines.rows):
            return
        row, theme = view.lines.rows[index.row()], view.look
        painter.save()
        painter.translate(QRect(option.rect).topLeft())
        painter.scale(text_scale(), text_scale())  # what follows is in the pixels of the design
        rect = QRectF(0, 0, *(QSizeF(QRect(option.rect).size()) / text_scale()).toTuple())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & option.state.State_HasFocus:
            painter.setPen(theme.accent)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4)
        name, color = {
            "good": ("check", theme.green), "warn": ("warning", theme.amber), "bad": ("warning", theme.red),
            "running": ("refresh", theme.accent),
        }.get(row.state, ("clock", theme.text3))  # fmt: skip
        draw(painter, name, color, rect.x() + 4, rect.center().y() - 8)
        right = self._right(painter, row, rect)
        left = rect.x() + 32
        self._words(painter, row, QRectF(left, rect.y(), right - left - 12, rect.height()))
        painter.setPen(theme.line)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def _right(self, painter: QPainter, row: RunRow, rect: QRectF) -> float:
        """Draw what stands at the right; where it begins."""
        theme = self._view.look
        kind = font("secondary")
        wide = max(QFontMetricsF(kind).horizontalAdvance(row.right), 76.0 if row.share >= 0 else 0.0)
        start = rect.right() - wide - 4
        painter.setFont(kind)
        painter.setPen(theme.text2)
        flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(start, rect.y(), wide, rect.height()), flags, row.right)
        if row.share < 0:
            return start
        bar = QRectF(start - _BAR - 12, rect.center().y() - 2, _BAR, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.line)
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(theme.accent)
        painter.drawRoundedRect(QRectF(bar.x(), bar.y(), bar.width() * min(1.0, row.share), 4), 2, 2)
        return bar.x()

    def _words(self, painter: QPainter, row: RunRow, room: QRectF) -> None:
        theme = self._view.look
        named, quiet = font("name" if row.state == "running" else "body"), font("secondary")
        measure = QFontMetricsF(named)
        title = measure.elidedText(row.title, Qt.TextElideMode.ElideMiddle, room.width())
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(named)
        painter.setPen(theme.text if row.state else theme.text2)
        painter.drawText(room, flags, title)
        rest = room.adjusted(measure.horizontalAdvance(title) + 8, 0, 0, 0)
        if row.detail and rest.width() > 40:
            painter.setFont(quiet)
            painter.setPen(theme.text3)
            painter.drawText(
                rest, flags, QFontMetricsF(quiet).elidedText(row.detail, Qt.TextElideMode.ElideRight, rest.width())
            )
