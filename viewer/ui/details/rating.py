"""The rating in the details: stars, a comment, what the portal holds, and how saving went."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.chat import Rating, Session
from viewer.i18n import _
from viewer.ui.details.stars import Stars
from viewer.ui.icons import pixmap
from viewer.ui.theme import Theme

LONGEST = 2000  # characters of a comment
SHOWN = 240  # characters of an earlier comment that are shown beside the new one
_SIGNS = {"info": "info", "draft": "pencil", "good": "check", "bad": "warning", "lock": "lock"}


class CommentField(QPlainTextEdit):
    """A comment; it grows with its text. Tab leaves it."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setPlaceholderText(_("What was good, what was not"))
        self.setAccessibleName(_("Comment"))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self._fit()

    def _fit(self) -> None:
        lines = min(max(round(self.document().size().height()), 3), 9)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 22)


class KeyButton(QPushButton):
    """A button that shows its shortcut while it is `hinted`."""

    def __init__(self, words: str, keys: str) -> None:
        super().__init__(words)
        told = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "↵")
        self.setToolTip(f"{words} ({told})")
        self.hint = QLabel(told, self)
        self.hint.setProperty("tone", "meta")
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_hinted(hinted=True)

    @property
    def room(self) -> int:
        """The width, in pixels, that words and shortcut take together."""
        return super().sizeHint().width() + self.hint.sizeHint().width() + 8

    def set_hinted(self, *, hinted: bool) -> None:
        """Show the shortcut, or not."""
        if self.property("hinted") is not hinted:
            self.setProperty("hinted", hinted)
            self.style().unpolish(self)
            self.style().polish(self)
            self.hint.setVisible(hinted)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        made = super().sizeHint()
        return QSize(self.room, made.height()) if self.property("hinted") else made

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.hint.adjustSize()
        self.hint.move(self.width() - self.hint.width() - 12, (self.height() - self.hint.height()) // 2)


class RatingSection(QFrame):
    """A session's rating: the portal's own, and the one being written.

    Signals: `edited()` by the user; `save(bool)` when a rating is to be sent, True to go on to the next dialogue.
    An earlier rating is shown as long as the fields differ from it, and asked about before it is replaced.
    """

    edited = Signal()
    save = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("area", "section")
        self._theme = theme
        self._session = Session(0)
        self._allowed = False
        self._busy = self._showing = self._going_on = False
        self._told = ("", "info")
        self.title, self.place, self.said = QLabel(), QLabel(), QLabel()
        self.stars = Stars(theme)
        self.comment = CommentField()
        self.plain = QLabel()
        self.count = QLabel()
        self.earlier = Earlier()
        self.save_button = QPushButton(_("Save rating"))
        self.next_button = KeyButton(_("Save and next"), "Ctrl+Return")
        self.sign, self.status = QLabel(), QLabel()
        self._dress()
        self._lay_out()
        self.stars.valueChanged.connect(self._changed)
        self.comment.textChanged.connect(self._changed)
        self.save_button.clicked.connect(lambda: self.ask_to_save(going_on=False))
        self.next_button.clicked.connect(lambda: self.ask_to_save(going_on=True))
        self.earlier.replace.clicked.connect(self._replace)
        self.earlier.keep.clicked.connect(self.put_back)
        self.hide()

    # --- what is shown ---

    @property
    def session_id(self) -> int:
        """The session that is shown, 0 for none."""
        return self._session.id

    @property
    def rating(self) -> Rating:
        """The rating in the fields."""
        return Rating(self.stars.value(), self.comment.toPlainText())

    @property
    def changed(self) -> bool:
        """Whether the fields differ from what the portal holds."""
        return not self.rating.same(self._session.rating)

    @property
    def problem(self) -> str:
        """Why the fields cannot be saved, in words; empty when they can."""
        rating = self.rating
        if not rating:
            return _("Choose stars or write a comment.")
        if len(rating.comment) > LONGEST:
            return _("The comment is longer than {n} characters.").format(n=LONGEST)
        return "" if self.changed else _("Nothing has been changed.")

    def show_session(self, session: Session, rating: Rating, *, allowed: bool) -> None:
        """Show a session's rating, and in the fields `rating`: a draft, or the portal's own."""
        other = session.id != self._session.id
        self._session, self._allowed = session, allowed
        held = session.rating
        self._showing = True
        self.stars.show_stars(rating.stars, held.stars)
        if other or not self.rating.same(rating):
            self.comment.setPlainText(rating.comment)
            self.comment.moveCursor(QTextCursor.MoveOperation.End)
        self._showing = False
        if other:
            self._busy = False
        self.earlier.asking = self.earlier.asking and not other
        self.title.setText(_("Your rating") if allowed else _("Supervisor's rating"))
        self.place.setText(_("Session {id}").format(id=session.id))
        self.plain.setText(held.comment)
        writes = allowed or not rating.same(held)  # a draft from before the right was lost can still be copied
        self.comment.setVisible(writes)
        self.plain.setVisible(not writes and bool(held.comment))
        self.save_button.setVisible(allowed)
        self.next_button.setVisible(allowed)
        self._refresh()
        self.show()

    def clear(self) -> None:
        """Show nothing."""
        self._session = Session(0)
        self.earlier.asking = False
        self.hide()

    def set_busy(self, busy: bool) -> None:
        """A rating of this session is on its way, or no longer."""
        self._busy = busy
        if busy:
            self.earlier.asking = False
            if self.focus_part() is self.stars:  # what is disabled loses the focus to whatever comes next
                self.comment.setFocus(Qt.FocusReason.OtherFocusReason)
        self._refresh()

    def focus_part(self) -> QWidget | None:
        """The part that has the focus, the comment or else the stars; None when it is somewhere else."""
        here = self.focusWidget() if self.isAncestorOf(QApplication.focusWidget() or self) else None
        return (self.comment if here is self.comment else self.stars) if here else None

    def say(self, words: str, tone: str = "info") -> None:
        """How it stands, in a sentence. `tone`: info, draft, good, bad, lock."""
        self._told = (words, tone)
        self.status.setText(words)
        self.status.setAccessibleName(words)
        self._paint_sign()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.stars.set_theme(theme)
        self._paint_sign()

    # --- what the user does ---

    def ask_to_save(self, *, going_on: bool) -> None:
        """Save, as by the button; an earlier rating is asked about first, and what cannot be saved is told."""
        if self._busy or not self._allowed or not self._session.id:
            return
        if self.problem and not (going_on and self.rating and not self.changed):
            self.say(self.problem, "bad")
        elif self._session.rating and self.changed:
            self.ask(going_on=going_on)
        else:
            self.save.emit(going_on)

    def ask(self, *, going_on: bool) -> None:
        """Ask whether the earlier rating is to be replaced."""
        self._going_on = going_on
        self.earlier.asking = True
        self.earlier.show_rating(self._session.rating, self.rating)
        self.earlier.replace.setFocus(Qt.FocusReason.OtherFocusReason)  # before the button that had it is disabled
        self._refresh()

    def put_back(self) -> None:
        """Leave the earlier rating as it is; what was written stays a draft."""
        self.earlier.asking = False
        self._refresh()
        self.stars.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.earlier.asking:
            self.put_back()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        left = self.contentsRect().width() - 32 - self.save_button.sizeHint().width() - self._buttons.spacing()
        self.next_button.set_hinted(hinted=left >= self.next_button.room)
        beside = left >= self.next_button.sizeHint().width()
        self._buttons.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def _replace(self) -> None:
        self.comment.setFocus(Qt.FocusReason.OtherFocusReason)
        self.earlier.asking = False
        self._refresh()
        self.save.emit(self._going_on)

    def _changed(self) -> None:
        if self._showing:
            return
        self.earlier.asking = False
        self._refresh()
        self.edited.emit()

    # --- the rest ---

    def _refresh(self) -> None:
        open_ = self._allowed and not self._busy
        value, held = self.stars.value(), self._session.rating
        self.said.setText(_("{n} of 5").format(n=value) if value else _("not rated"))
        _dress(self.said, "name" if value else "secondary")
        self.stars.setEnabled(open_)
        self.comment.setReadOnly(not open_)
        length = len(self.comment.toPlainText())
        self.count.setText(f"{length} / {LONGEST}")
        _dress(self.count, "meta" if length <= LONGEST else "red")
        self.count.setVisible(self._allowed)
        self.earlier.show_rating(held, self.rating)
        problem = self.problem
        self.save_button.setEnabled(open_ and not problem and not self.earlier.asking)
        self.save_button.setToolTip(problem or _("Save rating") + " (Ctrl+S)")
        self.next_button.setEnabled(open_ and bool(self.rating) and not self.earlier.asking)

    def _paint_sign(self) -> None:
        look, tone = self._theme, self._told[1]
        color = {"good": look.green, "bad": look.red, "draft": look.amber}.get(tone, look.text3)
        self.sign.setPixmap(pixmap(_SIGNS[tone], color, 16, self.devicePixelRatioF()))
        self.sign.setVisible(bool(self._told[0]))

    def _dress(self) -> None:
        for label, tone in (
            (self.title, "name"), (self.place, "meta"), (self.count, "meta"), (self.status, "secondary"),
        ):  # fmt: skip
            label.setProperty("tone", tone)
        for label in (self.plain, self.status):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.plain.setProperty("area", "comment")
        self.plain.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.save_button.setProperty("kind", "primary")
        for button in (self.save_button, self.next_button):
            button.setMinimumWidth(80)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addLayout(_between(self.title, self.place))
        column.addLayout(_between(self.stars, self.said))
        column.addWidget(self.comment)
        column.addWidget(self.plain)
        column.addWidget(self.count, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.earlier)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setContentsMargins(0, 4, 0, 2)
        self._buttons.setSpacing(8)
        self._buttons.addWidget(self.save_button)
        self._buttons.addWidget(self.next_button)
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.status, 1)
        column.addLayout(row)


class Earlier(QFrame):
    """The rating that the portal holds, and the question whether to replace it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "earlier")
        self.asking = False
        self.words, self.comment, self.question = QLabel(), QLabel(), QLabel(_("Replace it?"))
        self.words.setProperty("tone", "secondary")
        self.words.setWordWrap(True)
        self.comment.setWordWrap(True)
        self.comment.setTextFormat(Qt.TextFormat.PlainText)
        self.question.setProperty("tone", "name")
        self.replace = QPushButton(_("Replace"))
        self.keep = QPushButton(_("Keep it"))
        for button in (self.replace, self.keep):
            button.setProperty("kind", "small")
        self.answers = QWidget()
        row = QHBoxLayout(self.answers)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.replace)
        row.addWidget(self.keep)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(2)
        for widget in (self.words, self.comment, self.question, self.answers):
            column.addWidget(widget)

    def show_rating(self, rating: Rating, written: Rating) -> None:
        """Show the portal's rating where another one is written: its comment too, if that differs."""
        stars = _("{n} of 5").format(n=rating.stars) if rating.stars else _("no stars")
        self.words.setText(_("Earlier rating on the portal: {stars}").format(stars=stars))
        self.comment.setText(rating.comment if len(rating.comment) <= SHOWN else f"{rating.comment[:SHOWN]}…")
        self.comment.setToolTip(rating.comment if len(rating.comment) > SHOWN else "")
        other = Rating(0, rating.comment) if rating.comment else Rating()
        self.comment.setVisible(bool(other) and not other.same(Rating(0, written.comment)))
        self.question.setVisible(self.asking)
        self.answers.setVisible(self.asking)
        self.setVisible(bool(rating) and not rating.same(written))


def _dress(label: QLabel, tone: str) -> None:
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        label.style().unpolish(label)
        label.style().polish(label)


def _between(left: QWidget, right: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(left)
    row.addStretch(1)
    row.addWidget(right)
    return row
