"""The middle of the window: who it is about, the transcript, and what is said while there is none."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMoveEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from viewer.chat import Aside, Row, Session, Transcript, connector_name
from viewer.errors import Cancelled, ViewerError
from viewer.i18n import _
from viewer.ui.avatar import Avatar
from viewer.ui.elided import Elided
from viewer.ui.find import FindBar
from viewer.ui.icons import icon
from viewer.ui.notice import Notice
from viewer.ui.states import StatePage
from viewer.ui.theme import Theme, grown
from viewer.ui.transcript import TranscriptView
from viewer.ui.transcript.above import put_above


class ConversationPane(QWidget):
    """Head, find bar, notice, transcript or state.

    Signals: `retry()`, `cancel()` of a reading under way, `session_requested(int)`, `copy_link()`,
    `copy_request(ViewerError)`, `opening()` of another conversation, `rows_changed()` when other rows are shown.
    """

    retry = Signal()
    cancel = Signal()
    session_requested = Signal(int)
    copy_link = Signal()
    copy_request = Signal(object)
    opening = Signal()
    rows_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversation")
        self._theme = theme
        self._neighbours: tuple[int, int] = (0, 0)
        self._top: Aside | None = None
        self.head = Head(theme)
        self.head.older.clicked.connect(lambda: self.session_requested.emit(self._neighbours[0]))
        self.head.newer.clicked.connect(lambda: self.session_requested.emit(self._neighbours[1]))
        self.head.link.clicked.connect(self.copy_link)
        self.find_bar = FindBar(theme)
        self.notice = Notice(theme)
        self.view = TranscriptView(theme)
        self.state = StatePage(theme)
        self.stack = _Canvas(self.view, self.head)
        self.stack.setObjectName("canvas")
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.state)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.find_bar)
        column.addWidget(self.notice)
        column.addWidget(self.stack, 1)
        self.show_nothing()

    @property
    def reads(self) -> bool:
        """Whether a conversation is shown."""
        return self.stack.currentWidget() is self.view and bool(self.view.stage.rows)

    def show_nothing(self) -> None:
        """Nothing is chosen yet."""
        self.head.hide()
        self.notice.hide()
        self.view.clear()
        self.state.show_state(
            "chat",
            _("Choose a dialogue"),
            _("Reading joins no chat and marks nothing as read."),
            advice=_("Know the number or have a link? Press Ctrl+K and paste it."),
        )
        self.stack.setCurrentWidget(self.state)

    def show_opening(self, named: str, session: Session | None) -> None:
        """A conversation is being read."""
        self.opening.emit()
        self.notice.hide()
        self.view.clear()
        self.head.hide()
        name = session.client_name if session and session.client_name else named
        self.state.show_progress(_("Reading the dialogue…"), name, actions=[(_("Cancel"), self.cancel.emit)])
        self.stack.setCurrentWidget(self.state)

    def show_rows(self, rows: list[Row], transcript: Transcript, *, replace: bool) -> None:
        """Show rows of a conversation, all of them or those that came after the shown ones."""
        if replace:
            self.view.set_rows(self._below_top(rows), transcript)
        else:
            self.view.extend_rows(rows, transcript)
        self.stack.setCurrentWidget(self.view)
        self.rows_changed.emit()

    def show_above(self, rows: list[Row], transcript: Transcript) -> None:
        """Show all rows of the conversation, of which some came above; what is read stays where it is."""
        put_above(self.view, self._below_top(rows), transcript)

    def set_top(self, top: Aside) -> None:
        """Say something above the first row."""
        self._top = top
        stage = self.view.stage
        if stage.rows and isinstance(stage.rows[0], Aside):  # as tall as the one before: nothing moves
            stage.rows[0] = top
            stage.drop(0)
            self.view.changed()

    def _below_top(self, rows: list[Row]) -> list[Row]:
        return [self._top, *rows] if self._top is not None else rows

    def show_empty(self) -> None:
        """The conversation was read, and there is nothing in it."""
        self.state.show_state(
            "chat",
            _("No messages"),
            _("The portal holds no messages of this dialogue, or shows none to you."),
            actions=[(_("Try again"), self.retry.emit)],
        )
        self.stack.setCurrentWidget(self.state)

    def set_head(self, transcript: Transcript, shown: Session | None, siblings: list[Session]) -> None:
        """Name the conversation and the place of its session among those of the chat."""
        ids = sorted(session.id for session in siblings)
        place = ids.index(shown.id) if shown and shown.id in ids else -1
        older = ids[place - 1] if place > 0 else 0
        newer = ids[place + 1] if 0 <= place < len(ids) - 1 else 0
        self._neighbours = (older, newer)
        self.head.show_dialogue(transcript, shown, place, len(ids))
        self.head.show()

    def show_error(self, error: ViewerError, subject: str = "") -> None:
        """Say why the conversation could not be read; what was read stays in sight."""
        if self.stack.currentWidget() is self.view:
            if isinstance(error, Cancelled):
                self.notice.tell(
                    _("Stopped. Only a part of the dialogue is shown."), "warn", [(_("Read it all"), self.retry.emit)]
                )
            else:
                self.notice.tell(f"{error}", "bad", [(_("Try again"), self.retry.emit), *self.state.help_with(error)])
            return
        self.head.hide()
        if isinstance(error, Cancelled):
            self.state.show_state("chat", _("Stopped"), actions=[(_("Read it again"), self.retry.emit)])
        else:
            self.state.show_error(
                error,
                [
                    (_("Try again"), self.retry.emit),
                    (_("Copy for the administrator"), lambda: self.copy_request.emit(error)),
                ],
                subject,
            )
        self.stack.setCurrentWidget(self.state)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.head.set_theme(theme)
        self.find_bar.set_theme(theme)
        self.notice.set_theme(theme)
        self.state.set_theme(theme)
        self.view.set_theme(theme)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.find_bar.isVisible():
            self.find_bar.closed.emit()
        else:
            super().keyPressEvent(event)


class Head(QFrame):
    """Client, channel, line and chat; the session among its neighbours; the link."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("area", "head")
        self._theme = theme
        self.avatar = Avatar(theme, 32)
        self.title = Elided()
        self.title.setProperty("tone", "title")
        # A name in Arabic or Hebrew stands at the same edge as any other.
        self.title.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        self.facts = Elided()
        self.facts.setProperty("tone", "secondary")
        self.place = QLabel()
        self.older = _button(_("Earlier session") + " (Alt+↑)")
        self.newer = _button(_("Later session") + " (Alt+↓)")
        self.date = _button(_("Go to date") + " (Ctrl+G)")
        self.search = _button(_("Find in this dialogue") + " (Ctrl+F)")
        self.search.setCheckable(True)
        self.link = _button(_("Copy a link to this session"))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.facts)
        self.sessions = QFrame()
        self.sessions.setProperty("area", "card")
        inner = QHBoxLayout(self.sessions)
        inner.setContentsMargins(4, 0, 4, 0)
        inner.setSpacing(4)
        for widget in (self.older, self.place, self.newer):
            inner.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 5, 12, 5)
        row.setSpacing(10)
        row.addWidget(self.avatar)
        row.addLayout(names, 1)
        row.addWidget(self.sessions)
        for button in (self.date, self.search, self.link):
            row.addWidget(button)
        self.setFixedHeight(grown(44, 2))
        self.set_theme(theme)

    def show_dialogue(self, transcript: Transcript, session: Session | None, place: int, count: int) -> None:
        """Name the conversation. `place` counts from 0; -1 when the session is not among the listed ones."""
        dialog = transcript.dialog
        connector = (session.connector if session else "") or (dialog.connector if dialog else "")
        line = session.line_name if session else ""
        chat = f"chat{dialog.chat_id}" if dialog and dialog.chat_id else ""
        title = transcript.title or (session.client_name if session else "")
        client = transcript.client
        self.avatar.show_person(client.id if client else 0, title)
        self.title.setText(title)
        self.facts.setText(" · ".join(part for part in (connector_name(connector), line, chat) if part))
        if place >= 0 and count > 1:
            self.place.setText(_("Session {n} of {count}").format(n=place + 1, count=count))
        else:
            self.place.setText(_("Session {id}").format(id=session.id) if session else "")
        self.older.setVisible(count > 1)
        self.newer.setVisible(count > 1)
        self.older.setEnabled(place > 0)
        self.newer.setEnabled(0 <= place < count - 1)
        self.sessions.setVisible(session is not None)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.avatar.set_theme(theme)
        self.older.setIcon(icon("chevron-up", theme.text2))
        self.newer.setIcon(icon("chevron-down", theme.text2))
        self.date.setIcon(icon("calendar", theme.text2))
        self.search.setIcon(icon("search", theme.text2))
        self.link.setIcon(icon("link", theme.text2))


def _button(tip: str) -> QToolButton:
    button = QToolButton()
    button.setToolTip(tip)
    button.setAccessibleName(tip.partition(" (")[0])
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class _Canvas(QStackedWidget):
    """Where the conversation stands. What opens or closes above it covers its top, and no row moves on the screen.

    With the head, another conversation comes or goes: that one begins where it begins.
    """

    def __init__(self, view: TranscriptView, head: QWidget) -> None:
        super().__init__()
        self._view, self._head = view, head
        self._headed = False

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        headed = not self._head.isHidden()
        if headed and self._headed and self._view.isVisible() and self._view.stage.rows:
            self._view.stage.scroll((event.pos().y() - event.oldPos().y()) / self._view.scale)
        self._headed = headed
