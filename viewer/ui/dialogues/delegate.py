"""How a row of the dialogue list is painted (`design-notes.md` §2, "Dialogue row")."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from viewer import i18n
from viewer.chat import Session, connector_name
from viewer.i18n import list_time, ngettext, short_date
from viewer.ui.avatar import paint_avatar
from viewer.ui.dialogues.model import DialogueModel, ListRow, RowRole, client_name, summary
from viewer.ui.icons import draw
from viewer.ui.theme import Theme, font, px, text_scale

HEIGHT, OPENED_HEIGHT, CHILD_HEIGHT = 70, 54, 28
LINE_HEIGHT = 30  # of every row where they are drawn in columns
_LEFT, _TEXT, _RIGHT = 12, 60, 12
_WHEN, _STARS, _OPERATOR, _WIDE = 62, 34, 96, 380  # widths of columns, and from where the operator has one


class RowDelegate(QStyledItemDelegate):
    """Paints chats and sessions, as cards or in columns; holds no state but that and the theme."""

    def __init__(self, model: DialogueModel, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._theme = theme
        self.in_columns = False
        self._sizes = {height: QSize(200, px(height)) for height in (HEIGHT, OPENED_HEIGHT, CHILD_HEIGHT, LINE_HEIGHT)}
        self._fonts = {role: font(role) for role in ("name", "secondary", "meta", "body")}

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme

    def set_look(self, look: str) -> None:
        """Draw "cards" or "columns"."""
        self.in_columns = look == "columns"

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002
        if self.in_columns:
            return self._sizes[LINE_HEIGHT]
        row = self._rows.rows[index.row()]  # not through the model's data: a list has thousands of rows to lay out
        return self._sizes[CHILD_HEIGHT if row.child else OPENED_HEIGHT if row.opened else HEIGHT]

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(RowRole)
        if not isinstance(row, ListRow):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = text_scale()  # a row is drawn as designed, and enlarged as a whole
        painter.translate(option.rect.topLeft())
        painter.scale(scale, scale)
        box = QRectF(0, 0, option.rect.width() / scale, option.rect.height() / scale)
        self._ground(painter, box, option.state, row)
        if row.child:
            self._child(painter, box, row)
        elif self.in_columns:
            self._line(painter, box, row)
        else:
            self._chat(painter, box, row)
        painter.restore()

    def _ground(self, painter: QPainter, box: QRectF, state: QStyle.StateFlag, row: ListRow) -> None:
        look = self._theme
        selected = bool(state & QStyle.StateFlag.State_Selected) and not (row.several and row.opened)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        active = bool(state & QStyle.StateFlag.State_Active)
        fill = (
            look.sel if selected and active else look.window if selected else look.raised if hovered else look.surface
        )
        painter.fillRect(box, fill)
        if selected:
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), look.accent)
        if row.last or not (row.child or row.opened):
            painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), look.line)

    def _chat(self, painter: QPainter, box: QRectF, row: ListRow) -> None:
        look, session = self._theme, row.session
        name = client_name(session)
        paint_avatar(painter, QRectF(box.left() + _LEFT, box.top() + 9, 36, 36), look, session.client_id, name)
        left, right = box.left() + _TEXT, box.right() - _RIGHT
        when = list_time(session.moment, i18n.now()) if session.moment else ""
        taken = self._text(painter, "meta", look.text3, QRectF(left, box.top() + 8, right - left, 18), when, right=True)
        self._text(painter, "name", look.text, QRectF(left, box.top() + 8, right - left - taken - 8, 18), name)
        self._facts(painter, QRectF(left, box.top() + 27, right - left - 26, 16), row)
        if row.several:
            draw(painter, "chevron-down" if not row.opened else "chevron-up", look.text3, right - 16, box.top() + 27)
            signs = 0.0
        else:
            signs = self._signs(painter, right, box.top() + 27, session)
        words = summary(session) if not row.opened else ""
        self._text(painter, "secondary", look.text2, QRectF(left, box.top() + 45, right - left - signs, 18), words)

    def _line(self, painter: QPainter, box: QRectF, row: ListRow) -> None:
        """A chat on one line: channel, client, operator where there is room, when, the votes."""
        look, session = self._theme, row.session
        _dot(
            painter,
            look.channel(connector_name(session.connector)),
            QRectF(box.left() + _LEFT, box.center().y() - 4, 8, 8),
        )
        left, right, middle = box.left() + _LEFT + 16, box.right() - _RIGHT, box.center().y()
        if row.several:
            draw(painter, "chevron-down" if not row.opened else "chevron-up", look.text3, right - 16, middle - 8)
            cell = QRectF(right - 42, box.top(), 24, box.height())
            self._text(painter, "meta", look.text3, cell, str(len(row.entry.sessions)), right=True)
        else:
            self._short_rating(painter, right, middle, session)
        right -= _STARS
        if not row.several:
            self._vote(painter, right - 16, middle - 7, session, 14)
        right -= 22
        when = list_time(session.moment, i18n.now()) if session.moment else ""
        cell = QRectF(right - _WHEN, box.top(), _WHEN, box.height())
        self._text(painter, "meta", look.text3, cell, when, right=True)
        right -= _WHEN + 8
        if box.width() >= _WIDE:
            cell = QRectF(right - _OPERATOR, box.top(), _OPERATOR, box.height())
            self._text(painter, "meta", look.text2, cell, session.operator_name)
            right -= _OPERATOR + 8
        self._text(
            painter, "body", look.text, QRectF(left, box.top(), right - left, box.height()), client_name(session)
        )

    def _short_rating(self, painter: QPainter, right: float, middle: float, session: Session) -> None:
        """The supervisor's stars as a number, or a dot for "not reviewed"."""
        if session.head_vote:
            draw(painter, "star-filled", self._theme.star, right - 12, middle - 6, 12)
            cell = QRectF(right - 30, middle - 9, 14, 18)
            self._text(painter, "meta", self._theme.text2, cell, str(session.head_vote), right=True)
        else:
            _dot(painter, self._theme.accent, QRectF(right - 10, middle - 4, 8, 8))

    def _facts(self, painter: QPainter, box: QRectF, row: ListRow) -> None:
        look, session = self._theme, row.session
        channel = connector_name(session.connector)
        _dot(painter, look.channel(channel), QRectF(box.left(), box.center().y() - 3, 7, 7))
        line = session.line_name or channel
        free = QRectF(box.left() + 11, box.top(), box.width() - 11, box.height())
        taken = self._text(painter, "meta", look.text2, free, line)
        count = len(row.entry.sessions)
        more = ngettext("{n} session", "{n} sessions", count).format(n=count) if row.several else session.operator_name
        free.setLeft(free.left() + taken + 8)
        self._text(painter, "meta", look.text3, free, more)

    def _signs(self, painter: QPainter, right: float, top: float, session: Session) -> float:
        """Client's vote above; supervisor's stars, or a dot for "not reviewed", below. Returns the width kept free."""
        self._vote(painter, right - 14, top, session, 14)
        if session.head_vote:
            self._stars(painter, right - 62, top + 20, session.head_vote, 12)
            return 70
        _dot(painter, self._theme.accent, QRectF(right - 11, top + 23, 8, 8))
        return 20

    def _vote(self, painter: QPainter, left: float, top: float, session: Session, size: int) -> None:
        look = self._theme
        if session.client_vote == "like":
            draw(painter, "thumb-up", look.green, left, top, size)
        elif session.client_vote == "dislike":
            draw(painter, "thumb-down", look.red, left, top, size)

    def _stars(self, painter: QPainter, left: float, top: float, count: int, size: int) -> None:
        for number in range(5):
            name = "star-filled" if number < count else "star"
            draw(painter, name, self._theme.star, left + number * (size + 1), top, size)

    def _child(self, painter: QPainter, box: QRectF, row: ListRow) -> None:
        look, session = self._theme, row.session
        stem = box.left() + 30
        bottom = box.center().y() if row.last else box.bottom()
        painter.fillRect(QRectF(stem, box.top(), 1, bottom - box.top()), look.line_strong)
        painter.fillRect(QRectF(stem, box.center().y(), 12, 1), look.line_strong)
        middle = QRectF(box.left() + 50, box.top(), box.width() - 50 - _RIGHT, box.height())
        taken = self._text(painter, "name", look.text, middle, str(session.id))
        right = box.right() - _RIGHT
        signs = 96 if session.head_vote else 46
        when = short_date(session.opened, year=False) if session.opened else ""
        told = " · ".join(part for part in (when, session.operator_name) if part)
        left = middle.left() + max(taken + 12, 50)
        self._text(painter, "body", look.text2, QRectF(left, box.top(), right - signs - left, box.height()), told)
        self._vote(painter, right - signs + 6, box.center().y() - 7, session, 14)
        if session.head_vote:
            self._stars(painter, right - 64, box.center().y() - 6, session.head_vote, 12)
        else:
            _dot(painter, look.accent, QRectF(right - 11, box.center().y() - 4, 8, 8))

    def _text(
        self, painter: QPainter, role: str, color: QColor, box: QRectF, words: str, *, right: bool = False
    ) -> float:
        """One line, elided; returns the width it took."""
        chosen: QFont = self._fonts[role]
        metrics = QFontMetricsF(chosen)
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, box.width()))
        painter.setFont(chosen)
        painter.setPen(color)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)
        return metrics.horizontalAdvance(shown)


def _dot(painter: QPainter, color: QColor, spot: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(spot)
