"""Rows that are no bubbles: session bars, days, lines of the portal, deleted messages, the end of a session."""

# ruff: noqa: ARG002 (one signature for all pieces)

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from viewer.chat import (
    Aside,
    DayBreak,
    Message,
    MessageKind,
    MessageRow,
    Row,
    Session,
    SessionBar,
    SessionEnd,
    Side,
    SystemLines,
    connector_name,
)
from viewer.i18n import _, clock, day_of, duration, long_date, moment, ngettext
from viewer.markup import snippet
from viewer.ui.icons import draw
from viewer.ui.transcript.aside import AsideLayout
from viewer.ui.transcript.build import bubble
from viewer.ui.transcript.context import EDGE, INDENT, Context, PaintState, type_of
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.transcript.layout import RowLayout
from viewer.ui.transcript.pens import bar, box, elided, line, middle, stars
from viewer.ui.transcript.text import TextBox
from viewer.ui.transcript.words import html_of, nodes_of, zone_of

BAR = 28.0
PILL = 22.0
_WHEN, _SIGN = 38.0, 16.0  # the columns of times and of signs beside lines of the portal
_SIGNS = {
    MessageKind.TRANSFER: "forward",
    MessageKind.MEMBER: "users",
    MessageKind.VOTE: "star",
    MessageKind.SESSION_START: "chat",
}


def layout(row: Row, ctx: Context, first: bool) -> RowLayout:
    """A row, laid out; `first` when nothing stands above it."""
    match row:
        case MessageRow(message=message):
            return DeletedLine(row, ctx) if message.deleted else bubble(row, ctx)
        case SessionBar(session=session):
            return BarLayout(session, ctx, first=first)
        case DayBreak():
            return DayLayout(row, ctx)
        case SystemLines(messages=messages):
            return LinesLayout(messages, ctx)
        case SessionEnd():
            return EndLayout(row, ctx)
        case Aside():
            return AsideLayout(row, ctx)


def closing(session: Session) -> str:
    """Why a session was closed, in a few words."""
    words = {
        "operator": _("closed by operator"),
        "auto": _("closed automatically"),
        "spam": _("marked as spam"),
        "client": _("closed by client"),
        "replyLimit": _("reply window ended"),
    }
    return words.get(session.close_reason) or (_("closed") if session.closed else "")


class BarLayout(RowLayout):
    """A session begins: its number, when, which channel, how it ended."""

    def __init__(self, session: Session, ctx: Context, *, first: bool) -> None:
        super().__init__()
        self._session = session
        top = 12.0 if first else 24.0
        self.outline = QRectF(EDGE, top, ctx.right - EDGE, BAR)
        self.height = top + BAR
        self._title = _("Session {id}").format(id=session.id)
        self._span = ""
        if session.opened and session.closed:
            self._span = duration(session.closed - session.opened)
        self._facts = self._known()
        self.speech = f"{self._title}, {self._facts}, {self._span}".strip(", ")

    def _known(self) -> str:
        session = self._session
        opened = _("opened {when}").format(when=moment(session.opened)) if session.opened else ""
        channel = connector_name(session.connector) if session.connector else ""
        end = closing(session)
        if end and session.closed:
            same = session.opened is not None and day_of(session.opened) == day_of(session.closed)
            end += f" {clock(session.closed) if same else moment(session.closed)}"
        return " · ".join(filter(None, (opened, channel, session.line_name, end)))

    @property
    def _more(self) -> QRectF:
        return QRectF(self.outline.right() - 32, self.outline.y() + 2, 24, 24)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        look, spot = ctx.theme, self.outline
        box(painter, spot, look.surface, look.line)
        secondary, label = type_of("secondary"), type_of("label")
        y = spot.y() + (BAR - secondary.line) / 2
        right = self._more.left() - 4
        x = line(painter, label, look.text, spot.x() + 11, y, self._title) + 8
        if self._span:
            right -= secondary.width(self._span)
            line(painter, secondary, look.text3, right, y, self._span)
            right -= 12
        line(painter, secondary, look.text2, x, y, elided(secondary, self._facts, max(right - x, 0)))
        if state.hover == Hit(Act.MENU, self._session.id, _("Session")):
            box(painter, self._more, look.raised, None, (4, 4, 4, 4))
        draw(painter, "more", look.text2, self._more.center().x() - 7, self._more.center().y() - 7, 14)

    def hit(self, pos: QPointF) -> Hit | None:
        return Hit(Act.MENU, self._session.id, _("Session")) if self._more.contains(pos) else None

    def actions(self) -> list[Hit]:
        return [Hit(Act.MENU, self._session.id, _("Session"))]


class DayLayout(RowLayout):
    """A new day, in a pill."""

    def __init__(self, row: DayBreak, ctx: Context) -> None:
        super().__init__()
        self._text = self.speech = long_date(row.day)
        wide = float(int(type_of("meta-day").width(self._text)) + 22)
        middle_x = (EDGE + ctx.right) / 2
        self.outline = QRectF(float(int(middle_x - wide / 2)), 10.0 if not ctx.compact else 6.0, wide, PILL)
        self.radius = 11.0
        self.height = self.outline.bottom()

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        box(painter, self.outline, ctx.theme.surface, ctx.theme.line, (11, 11, 11, 11))
        middle(painter, type_of("meta-day"), ctx.theme.text2, self.outline, self._text)


class LinesLayout(RowLayout):
    """Internal lines of the portal: one stands as it is, more are folded until asked for."""

    def __init__(self, messages: tuple[Message, ...], ctx: Context) -> None:
        super().__init__()
        self._messages = messages
        self._margin = _WHEN + _SIGN * any(message.kind in _SIGNS for message in messages)
        self._foldable = len(messages) > 1
        self._open = messages[0].id in ctx.unfolded
        self._top = ctx.gap
        self._bar_wide = 0.0
        self._text = self._summary()
        y = self._top
        if self._foldable:
            self._bar_wide = type_of("meta").width(self._text) + 24
            y += 16
        if self._open or not self._foldable:
            y = self._place(ctx, y)
        self.height = y
        wide = max([self._bar_wide, *(element.rect.width() + self._margin + 6 for element in self.elements)])
        left = (EDGE + ctx.right - wide) / 2
        self.outline = QRectF(left - 6, self._top - 2, wide + 12, y - self._top + 4)
        self._bar = QRectF((EDGE + ctx.right - self._bar_wide) / 2, self._top - 3, self._bar_wide, 22)
        self.speech = self._text if self._foldable else snippet(messages[0].text)
        self.number_parts()

    def _summary(self) -> str:
        count = len(self._messages)
        first, last = clock(self._messages[0].date), clock(self._messages[-1].date)
        when = first if first == last else f"{first}–{last}"
        return ngettext("{n} system message", "{n} system messages", count).format(n=count) + f" · {when}"

    def _place(self, ctx: Context, y: float) -> float:
        room = min(ctx.right - EDGE - 60, 560.0)
        for message in self._messages:
            html = html_of(nodes_of(message.text, ctx), ctx, "canvas", zone_of(message), "text2", mark="")
            self.elements.append(TextBox("meta", "text2", html=html))
        wide = max(element.measure(room, ctx).width() for element in self.elements)
        left = float(int((EDGE + ctx.right - wide + self._margin) / 2))
        for element in self.elements:
            y += 2 if self._foldable else 0
            element.place(left, y)
            y += max(element.rect.height(), 16.0)
        return y

    @property
    def fold_hit(self) -> Hit | None:
        """What folds and unfolds the lines."""
        if not self._foldable:
            return None
        return Hit(Act.FOLD, self._messages[0].id, _("Fold") if self._open else _("Unfold"))

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        meta = type_of("meta")
        if self._foldable:
            ink = ctx.theme.text if state.hover is not None and state.hover == self.fold_hit else ctx.theme.text2
            icon = "chevron-down" if self._open else "chevron-right"
            draw(painter, icon, ink, self._bar.x(), self._top + 1, 14)
            line(painter, meta, ink, self._bar.x() + 20, self._top, self._text)
        for element, message in zip(self.elements, self._messages, strict=False):
            x, y = element.rect.x(), element.rect.y()
            line(painter, meta, ctx.theme.text3, x - self._margin, y, clock(message.date))
            if message.kind in _SIGNS:
                draw(painter, _SIGNS[message.kind], ctx.theme.text3, x - 16, y + 2, 12)
        super().paint(painter, ctx, state)

    def hit(self, pos: QPointF) -> Hit | None:
        if self._foldable and self._bar.contains(pos):
            return self.fold_hit
        return super().hit(pos)

    def actions(self) -> list[Hit]:
        return [self.fold_hit] if self.fold_hit is not None else super().actions()


class DeletedLine(RowLayout):
    """A message that was deleted: no bubble."""

    def __init__(self, row: MessageRow, ctx: Context) -> None:
        super().__init__()
        name = row.author.name
        self._text = _("{name} deleted a message").format(name=name) if name else _("A message was deleted")
        self._when = clock(row.message.date)
        top = ctx.gap
        wide = 20 + type_of("italic").width(self._text) + 12 + type_of("meta").width(self._when)
        left = INDENT if row.author.side is Side.CLIENT else ctx.right - wide
        self.outline = QRectF(left, top, wide, 18)
        self.height = top + 18
        self.marks = (top, top + 8)

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        look, spot = ctx.theme, self.outline
        draw(painter, "trash", look.text3, spot.x(), spot.y() + 2, 13)
        end = line(painter, type_of("italic"), look.text3, spot.x() + 18, spot.y() + 1, self._text)
        line(painter, type_of("meta"), look.text3, end + 12, spot.y() + 1, self._when)


class EndLayout(RowLayout):
    """A session ends: the client's vote, the supervisor's, how it was closed."""

    def __init__(self, row: SessionEnd, ctx: Context) -> None:
        super().__init__()
        session, votes = row.session, row.message.votes
        known = {5: "like", 1: "dislike"}.get(votes.client, "") if votes else ""
        self._client = session.client_vote if session.client_vote in ("like", "dislike") else known
        self._head = session.head_vote or (votes.head if votes else 0)
        end = closing(session) or _("closed")
        self._end = f"{end[:1].upper()}{end[1:]} {clock(row.message.date)}"
        top = ctx.gap + 2
        self._bar = QRectF(EDGE, top, ctx.right - EDGE, 30)
        comment = session.head_comment or (votes.comment if votes else "")
        bottom = self._bar.bottom()
        if comment.strip():
            said = TextBox("secondary", "text2", plain=comment.strip())
            tall = said.measure(self._bar.width() - 52, ctx).height()
            said.place(self._bar.x() + 39, bottom)
            self.elements.append(said)
            bottom += tall + 8
        self.outline = QRectF(self._bar.x(), top, self._bar.width(), bottom - top)
        self.height = bottom + 12
        self.number_parts()
        self.speech = f"{self._client_said()}, {self._head_said()}, {self._end}"

    def _client_said(self) -> str:
        words = {"like": _("Client rated: good"), "dislike": _("Client rated: bad")}
        return words.get(self._client, _("Client did not rate"))

    def _head_said(self) -> str:
        return _("{n} of 5").format(n=self._head) if self._head else _("Not reviewed by a supervisor")

    def paint(self, painter: QPainter, ctx: Context, state: PaintState) -> None:
        look, spot = ctx.theme, self._bar
        label, secondary = type_of("label"), type_of("secondary")
        box(painter, self.outline, look.surface, look.line)
        y = spot.y() + (spot.height() - secondary.line) / 2
        icons = {"like": ("thumb-up", look.green), "dislike": ("thumb-down", look.red)}
        name, ink = icons.get(self._client, ("thumb-up", look.text3))
        draw(painter, name, ink, spot.x() + 13, spot.y() + 7)
        x = line(painter, label, look.text if self._client else look.text2, spot.x() + 39, y, self._client_said()) + 14
        bar(painter, QRectF(x, spot.y() + 7, 1, 16), look.line)
        x += 12
        if self._head:
            x = stars(painter, look, x, spot.y() + 8, self._head) + 6
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.accent)
            painter.drawEllipse(QRectF(x, spot.center().y() - 4, 8, 8))
            x += 18
        end = spot.right() - 13 - secondary.width(self._end)
        fits = x + secondary.width(self._head_said()) + 16 < end
        room = (end - 12 if fits else spot.right() - 13) - x
        line(painter, secondary, look.text2, x, y, elided(secondary, self._head_said(), max(room, 0)))
        if fits:
            line(painter, secondary, look.text3, end, y, self._end)
        super().paint(painter, ctx, state)
