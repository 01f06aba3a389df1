"""Pages that stand where a conversation or a list would: nothing chosen, reading, no access, nothing found.

Never a blank pane: each says what is the matter and what to do (`mockups/empty-error-states.png`).
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.ui.icons import pixmap
from viewer.ui.motion import show_busy
from viewer.ui.theme import Theme, px

Action = tuple[str, Callable[[], object]]


class StatePage(QWidget):
    """An icon in a disc, a heading, a sentence, what to do, and buttons; all in the middle.

    Signal: `diagnose()`, asked for where an error concerns the connection.
    """

    diagnose = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.icon = QLabel()
        self.icon.setFixedSize(56, 56)
        self.icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.icon.setProperty("area", "disc")
        self.title = _label("heading")
        self.text = _label("secondary")
        self.advice = _label("")
        self.advice.setProperty("area", "advice")
        self.advice.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.bar = QProgressBar()
        self.bar.setFixedWidth(240)
        self.bar.setTextVisible(False)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 24, 12, 24)
        column.addStretch(3)
        column.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        for widget in (self.title, self.text, self.advice, self.bar):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addSpacing(4)
        column.addSpacing(4)
        column.addLayout(self._buttons)
        column.addStretch(4)
        self.set_theme(theme)

    def show_state(
        self, icon: str, title: str, text: str = "", *, advice: str = "", actions: Sequence[Action] = ()
    ) -> None:
        """Say this. The first action is the default one."""
        self._name = icon
        self.set_theme(self._theme)
        self.bar.hide()
        for label, words in ((self.title, title), (self.text, text), (self.advice, advice)):
            label.setText(words)
            label.setVisible(bool(words))
        self._fit()
        self._set_actions(actions)

    def show_progress(self, title: str, text: str = "", *, actions: Sequence[Action] = ()) -> None:
        """Say that something is being read."""
        self.show_state("clock", title, text, actions=actions)
        show_busy(self.bar)

    def show_error(self, error: ViewerError, actions: Sequence[Action] = (), subject: str = "") -> None:
        """Say what went wrong, with what, and what to do."""
        self.show_state(
            "lock" if _refused(error) else "warning",
            error.title,
            " ".join(part for part in (subject, error.detail) if part),
            advice=error.advice,
            actions=[*actions, *self.help_with(error)],
        )

    def help_with(self, error: ViewerError) -> list[Action]:
        """The way to the diagnostics, where an error concerns the connection."""
        return [(_("Diagnostics…"), self.diagnose.emit)] if _of_connection(error) else []

    def set_theme(self, theme: Theme) -> None:
        """Draw the icon in the colours of `theme`."""
        self._theme = theme
        name = getattr(self, "_name", "chat")
        color = theme.note_text if name in ("lock", "warning", "offline") else theme.accent
        self.icon.setProperty("mood", "warn" if name in ("lock", "warning", "offline") else "calm")
        self.icon.setPixmap(pixmap(name, color, 24, self.devicePixelRatioF()))
        self.icon.style().unpolish(self.icon)
        self.icon.style().polish(self.icon)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give each label the size that its words take here: a wrapping label in a centred column cannot tell it."""
        padding, room = 32, max(200, self.width() - 24)
        for label in (self.title, self.text, self.advice):
            words, metrics = label.text(), label.fontMetrics()
            width = min(px(420), room, max(px(280), metrics.horizontalAdvance(words) + padding + 8))
            box = metrics.boundingRect(QRect(0, 0, width - padding, 10_000), int(Qt.TextFlag.TextWordWrap), words)
            label.setFixedSize(width, box.height() + (26 if label is self.advice else 4))

    def _set_actions(self, actions: Sequence[Action]) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._buttons.addStretch(1)
        for number, (words, act) in enumerate(actions):
            button = QPushButton(words)
            button.setProperty("kind", "primary" if number == 0 else "")
            button.clicked.connect(lambda _checked=False, act=act: act())
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)


def _refused(error: ViewerError) -> bool:
    from viewer.bitrix import Refused

    return isinstance(error, Refused)


def _of_connection(error: ViewerError) -> bool:
    """Whether the way to the portal, or the access to it as a whole, is at fault."""
    from viewer import bitrix

    return isinstance(
        error,
        (
            bitrix.BadAnswer,
            bitrix.BadAuthority,
            bitrix.Blocked,
            bitrix.MethodMissing,
            bitrix.MissingScope,
            bitrix.Moved,
            bitrix.NotPortal,
            bitrix.Passing,
            bitrix.PlanNeeded,
            bitrix.PortalClosed,
            bitrix.Unauthorised,
            bitrix.Unreachable,
        ),
    )


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("tone", role)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
