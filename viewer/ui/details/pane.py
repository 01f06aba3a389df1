"""The panel at the right: votes, figures, participants, CRM, files; and the chat's other sessions."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from viewer.chat import (
    File,
    FileKind,
    MessageRow,
    Person,
    Row,
    Session,
    Side,
    Transcript,
    course,
)
from viewer.i18n import N_, _, moment, ngettext, size
from viewer.ui.avatar import Avatar
from viewer.ui.details.facts import facts, file_order, role_words
from viewer.ui.details.parts import Strip, Thumb, cropped, elided, empty, note, page, section
from viewer.ui.details.rating import RatingSection
from viewer.ui.details.timeline import Timeline
from viewer.ui.dialogues.model import outcome
from viewer.ui.icons import pixmap
from viewer.ui.theme import Theme

CRM_TYPES = {"lead": N_("Lead"), "deal": N_("Deal"), "contact": N_("Contact"), "company": N_("Company")}
THUMB = QSize(66, 50)


class DetailsPane(QWidget):
    """Tabs Review, Media, Sessions.

    Signals: `link_activated(str)` for CRM and people's pages, `file_activated(int)`, `session_requested(int)`,
    `sessions_shown()` the tab of sessions came up, `picture_needed(int, QSize)` in device pixels, `save_all()` of the
    files, `message_requested(int)` of the timeline.
    """

    SESSIONS = 2  # the tab

    link_activated = Signal(str)
    file_activated = Signal(int)
    session_requested = Signal(int)
    sessions_shown = Signal()
    picture_needed = Signal(int, QSize)
    save_all = Signal()
    message_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self._theme = theme
        self._norm = timedelta(minutes=10)
        self._shown: tuple[Transcript, list[Row], list[Session]] | None = None
        self._search: tuple[str, str, Callable[[], None] | None] = ("", "", None)
        self._thumbs: dict[int, list[QLabel]] = {}
        self._pictures: dict[int, QPixmap] = {}
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for words in (_("Review"), _("Media"), _("Sessions")):
            self.tabs.addTab(words)
        self.stack = QStackedWidget()
        self.tabs.currentChanged.connect(self._turn)
        self._pages = [page() for _name in range(3)]
        for area, _column in self._pages:
            self.stack.addWidget(area)
        self.rating = RatingSection(theme)  # stays while the rest of its page is made anew: one may be typing in it
        review = self._pages[0][1]
        review.addWidget(self.rating)
        rest = QVBoxLayout()
        review.addLayout(rest, 1)
        self._columns = [rest, self._pages[1][1], self._pages[2][1]]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.stack, 1)
        self.clear()

    def clear(self) -> None:
        """Show nothing."""
        self._shown = None
        self._pictures.clear()
        self.rating.clear()
        self._fill()

    def show_dialogue(self, transcript: Transcript, rows: list[Row], siblings: list[Session]) -> None:
        """Show the facts of a conversation."""
        self._shown = (transcript, rows, siblings)
        self._fill()

    def set_sessions(self, siblings: list[Session]) -> None:
        """More sessions of the chat are known."""
        if self._shown is not None:
            self._shown = (*self._shown[:2], siblings)
            self._refill_sessions()

    def set_search(self, words: str, action: str = "", act: Callable[[], None] | None = None) -> None:
        """How the search for the chat's sessions goes, and what can be done about it; empty when there is none."""
        self._search = (words, action, act)
        self._refill_sessions()

    def _turn(self, tab: int) -> None:
        self.stack.setCurrentIndex(tab)
        if tab == self.SESSIONS:
            self.sessions_shown.emit()

    def _refill_sessions(self) -> None:
        if self._shown is None:
            return
        transcript, _rows, siblings = self._shown
        self.tabs.setTabText(self.SESSIONS, _("Sessions {n}").format(n=len(siblings)) if siblings else _("Sessions"))
        column = self._columns[self.SESSIONS]
        empty(column)
        self._fill_sessions(column, siblings, transcript.sessions[-1] if transcript.sessions else None)
        column.addStretch(1)

    def set_picture(self, number: int, image: QImage) -> None:
        """A thumbnail came."""
        if number not in self._thumbs:
            return
        self._pictures[number] = QPixmap.fromImage(image)
        for label in self._thumbs[number]:
            label.setPixmap(cropped(self._pictures[number], label.size(), label.devicePixelRatioF()))

    def set_norm(self, norm: timedelta) -> None:
        """How long a client may wait before the timeline warns."""
        if norm != self._norm:
            self._norm = norm
            self._fill()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.rating.set_theme(theme)
        self._fill()

    def _fill(self) -> None:
        self._thumbs = {}
        columns = self._columns
        for column in columns:
            empty(column)
        if self._shown is None:
            self.tabs.setTabText(1, _("Media"))
            self.tabs.setTabText(2, _("Sessions"))
            for column in columns:
                column.addWidget(note(_("What is known of the dialogue you choose stands here.")))
                column.addStretch(1)
            return
        transcript, rows, _siblings = self._shown
        session = transcript.sessions[-1] if transcript.sessions else None
        files = [transcript.files[number] for number in file_order(transcript)]
        self.tabs.setTabText(1, _("Media {n}").format(n=len(files)) if files else _("Media"))
        self._fill_review(columns[0], transcript, rows, session, files)
        self._fill_media(columns[1], files)
        for column in columns:
            column.addStretch(1)
        self._refill_sessions()

    # --- review ---

    def _fill_review(
        self, column: QVBoxLayout, transcript: Transcript, rows: list[Row], session: Session | None, files: list[File]
    ) -> None:
        column.addWidget(self._figures(transcript, rows, session))
        column.addWidget(self._participants(transcript, rows))
        if transcript.dialog and transcript.dialog.crm:
            column.addWidget(self._crm(transcript))
        if files:
            column.addWidget(self._media_teaser(files))

    def _figures(self, transcript: Transcript, rows: list[Row], session: Session | None) -> QWidget:
        frame, inner = section(_("Session"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for number, (name, value, role) in enumerate(facts(transcript, rows, session)):
            label = QLabel(name)
            label.setProperty("tone", "secondary")
            shown = QLabel(value)
            shown.setProperty("tone", role)
            shown.setAlignment(Qt.AlignmentFlag.AlignRight)
            shown.setWordWrap(True)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, number, 1)
        grid.setColumnStretch(1, 1)
        ran = course(rows)
        if len(ran.moments) > 1:
            strip = Timeline(ran, self._theme, self._norm)
            strip.message_requested.connect(self.message_requested)
            inner.addWidget(strip)
        inner.addLayout(grid)
        return frame

    def _participants(self, transcript: Transcript, rows: list[Row]) -> QWidget:
        frame, inner = section(_("Participants"))
        counts: dict[int, int] = {}
        for row in rows:
            if isinstance(row, MessageRow) and row.author.id:
                counts[row.author.id] = counts.get(row.author.id, 0) + 1
        order = {Side.CLIENT: 0, Side.OPERATOR: 1, Side.BOT: 2, Side.SYSTEM: 3}
        people = sorted(transcript.people.values(), key=lambda each: (order[each.side], -counts.get(each.id, 0)))
        for person in people:
            if person.id:
                inner.addLayout(self._participant(person, counts.get(person.id, 0), transcript))
        return frame

    def _participant(self, person: Person, count: int, transcript: Transcript) -> QHBoxLayout:
        avatar = Avatar(self._theme, 28)
        avatar.show_person(person.id, person.name)
        name = QLabel(person.name or f"#{person.id}")
        name.setWordWrap(True)
        role = QLabel(role_words(person, transcript))
        role.setProperty("tone", "meta")
        role.setWordWrap(True)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(name)
        names.addWidget(role)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(avatar)
        row.addLayout(names, 1)
        told = QLabel(str(count) if count else "")
        told.setProperty("tone", "meta")
        told.setToolTip(ngettext("{n} message", "{n} messages", count).format(n=count))
        row.addWidget(told)
        return row

    def _crm(self, transcript: Transcript) -> QWidget:
        frame, inner = section(_("CRM"))
        for link in transcript.dialog.crm if transcript.dialog else ():
            words = _("{type} No. {id}").format(type=_(CRM_TYPES.get(link.type, link.type)), id=link.id)
            button = QPushButton(words)
            button.setProperty("kind", "link")
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _checked=False, path=link.path: self.link_activated.emit(path))
            inner.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _media_teaser(self, files: list[File]) -> QWidget:
        frame, inner = section(_("Media"))
        inner.addWidget(Strip([self._thumb(file, THUMB) for file in files[:4]]))
        if len(files) > 4:
            more = QPushButton(_("Show all {n}").format(n=len(files)))
            more.setProperty("kind", "link")
            more.clicked.connect(lambda: self.tabs.setCurrentIndex(1))
            inner.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        return frame

    # --- media and sessions ---

    def _fill_media(self, column: QVBoxLayout, files: list[File]) -> None:
        if not files:
            column.addWidget(note(_("No files in this dialogue.")))
            return
        frame, inner = section("")
        if len(files) > 1:
            every = QPushButton(_("Save all files…"))
            every.setProperty("kind", "small")
            every.clicked.connect(self.save_all)
            inner.addWidget(every, 0, Qt.AlignmentFlag.AlignLeft)
        for file in files:
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(self._thumb(file, THUMB))
            name = QPushButton(elided(file.name, 30))
            name.setProperty("kind", "link")
            name.setToolTip(file.name)
            name.clicked.connect(lambda _checked=False, number=file.id: self.file_activated.emit(number))
            told = QLabel(" · ".join(part for part in (size(file.size) if file.size else "", file.author_name) if part))
            told.setProperty("tone", "meta")
            names = QVBoxLayout()
            names.setSpacing(0)
            names.addWidget(name, 0, Qt.AlignmentFlag.AlignLeft)
            names.addWidget(told)
            row.addLayout(names, 1)
            inner.addLayout(row)
        column.addWidget(frame)

    def _fill_sessions(self, column: QVBoxLayout, siblings: list[Session], shown: Session | None) -> None:
        words, action, act = self._search
        if words:
            column.addWidget(note(words))
        if act is not None:
            button = QPushButton(action)
            button.setProperty("kind", "link")
            button.clicked.connect(lambda _checked=False, act=act: act())
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        if not siblings:
            column.addWidget(note(_("No other sessions of this chat are listed.")))
            return
        frame, inner = section("")
        for session in sorted(siblings, key=lambda each: each.id, reverse=True):
            when = moment(session.opened) if session.opened else ""
            words = "  ".join(part for part in (str(session.id), when) if part)
            if shown is not None and session.id == shown.id:
                here = QLabel(words)
                here.setProperty("tone", "name")
                inner.addWidget(here)
            else:
                button = QPushButton(words)
                button.setProperty("kind", "link")
                button.clicked.connect(lambda _checked=False, number=session.id: self.session_requested.emit(number))
                inner.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            stars = "★" * session.head_vote
            told = QLabel(" · ".join(part for part in (session.operator_name, outcome(session), stars) if part))
            told.setProperty("tone", "meta")
            told.setWordWrap(True)
            inner.addWidget(told)
        column.addWidget(frame)

    def _thumb(self, file: File, box: QSize) -> QWidget:
        label = Thumb(file)
        label.setFixedSize(box)
        label.activated.connect(self.file_activated)
        self._thumbs.setdefault(file.id, []).append(label)
        ratio = self.devicePixelRatioF()
        if file.id in self._pictures:
            label.setPixmap(cropped(self._pictures[file.id], box, ratio))
        elif file.kind is FileKind.IMAGE and not file.missing:
            label.setPixmap(pixmap("image", self._theme.text3, 16, ratio))
            self.picture_needed.emit(file.id, box * ratio)
        else:
            label.setText(file.extension.upper()[:4] or "?")
        return label
