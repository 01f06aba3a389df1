"""The one slot for passing news: an export that is done, a part that could not be read, a portal that is busy."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from viewer.i18n import _
from viewer.ui.icons import icon, pixmap
from viewer.ui.theme import Theme

Action = tuple[str, Callable[[], object]]
PATIENCE = 10_000  # milliseconds that good news without a choice stay
_ICONS = {"info": "info", "good": "check", "warn": "warning", "bad": "warning"}


class Notice(QFrame):
    """A strip with an icon, a sentence or two, buttons, and a cross that closes it. `tone`: info, good, warn, bad."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._theme = theme
        self._tone = "info"
        self.sign = QLabel()
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        self.cross = QToolButton()
        self.cross.setToolTip(_("Close"))
        self.cross.setAccessibleName(_("Close"))
        self.cross.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(10)
        row.addWidget(self.sign)
        row.addWidget(self.text, 1)
        row.addLayout(self._actions)
        row.addWidget(self.cross)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(PATIENCE)
        self._clock.timeout.connect(self._pass)
        self.set_theme(theme)
        self.hide()

    def tell(self, text: str, tone: str = "info", actions: Sequence[Action] = ()) -> None:
        """Show `text` until it is closed or replaced; good news without a choice go by themselves."""
        self._tone = tone
        self.text.setText(text)
        self.setAccessibleName(text)
        while (item := self._actions.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for words, act in actions:
            button = QPushButton(words)
            button.setProperty("kind", "small")
            button.clicked.connect(lambda _checked=False, act=act: act())
            self._actions.addWidget(button)
        self.set_theme(self._theme)
        self.show()
        if tone in ("good", "info") and not actions:
            self._clock.start()
        else:
            self._clock.stop()

    def _pass(self) -> None:
        """Go, unless somebody reads with the mouse or marks the words."""
        if self.underMouse() or self.text.hasSelectedText():
            self._clock.start()
        else:
            self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        colors = {"info": theme.accent, "good": theme.green, "warn": theme.note_text, "bad": theme.red}
        self.setProperty("mood", self._tone)
        self.sign.setPixmap(pixmap(_ICONS[self._tone], colors[self._tone], 16, self.devicePixelRatioF()))
        self.cross.setIcon(icon("close", theme.text2))
        self.style().unpolish(self)
        self.style().polish(self)
