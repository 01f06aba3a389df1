"""The parts of the first-run page: the brand at the left, a numbered step, the result of a check."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from viewer import resources
from viewer.i18n import _
from viewer.ui.avatar import Avatar
from viewer.ui.icons import icon, pixmap
from viewer.ui.theme import Theme

_SMOOTH = Qt.TransformationMode.SmoothTransformation


class Brand(QFrame):
    """The left third: name, promises, the way to the demo portal."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("area", "brand")
        self._signs: list[tuple[str, QLabel]] = []
        logo = QLabel()
        logo.setPixmap(QPixmap(str(resources.path("icons", "app.svg"))).scaledToWidth(64, _SMOOTH))
        name = QLabel("Open Lines Viewer")
        name.setProperty("tone", "brand")
        name.setWordWrap(True)
        words = QLabel(_("Read, judge and file Bitrix24 Open Lines dialogues from your desk."))
        words.setWordWrap(True)
        words.setProperty("tone", "secondary")
        self.promises = QWidget()
        self._fill_promises(QGridLayout(self.promises))
        self.demo = QPushButton(_("Explore the demo portal"))
        self.back = QPushButton(_("Back"))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 48, 24, 32)
        column.setSpacing(8)
        column.addWidget(logo)
        column.addSpacing(12)
        column.addWidget(name)
        column.addWidget(words)
        column.addSpacing(24)
        column.addWidget(self.promises)
        column.addStretch(1)
        asked = QLabel(_("No webhook yet?"))
        asked.setProperty("tone", "secondary")
        column.addWidget(asked)
        column.addWidget(self.demo)
        told = QLabel(_("Invented dialogues in Russian and English. Works offline."))
        told.setProperty("tone", "secondary")
        told.setWordWrap(True)
        column.addWidget(told)
        column.addWidget(self.back)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """The colours of this side are the same in both themes."""
        white = theme.client.fromString("#FFFFFF")
        for name, sign in self._signs:
            sign.setPixmap(pixmap(name, white, 16, self.devicePixelRatioF()))
        self.demo.setIcon(icon("chat", white))

    def _fill_promises(self, grid: QGridLayout) -> None:
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(18)
        grid.setColumnStretch(1, 1)
        promises = (
            ("eye", _("Reads history with your own rights. It never joins a chat or writes to a client.")),
            ("star", _("It changes nothing on the portal: no message, no status, no read mark.")),
            ("lock", _("Conversations stay on this computer and in your portal.")),
        )
        for number, (name, text) in enumerate(promises):
            sign, words = QLabel(), QLabel(text)
            words.setWordWrap(True)
            self._signs.append((name, sign))
            grid.addWidget(sign, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, number, 1)


class Step(QWidget):
    """A numbered step with a line that leads to the next one."""

    def __init__(self, number: int, title: str, body: QWidget, theme: Theme) -> None:
        super().__init__()
        self._number = number
        self._done = False
        self.disc = QLabel(str(number))
        self.disc.setProperty("area", "step")
        self.disc.setFixedSize(28, 28)
        self.disc.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._thread = QFrame()
        self._thread.setProperty("kind", "edge")
        name = QLabel(title)
        name.setProperty("tone", "heading")
        name.setWordWrap(True)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.disc)
        left.addWidget(self._thread, 1, Qt.AlignmentFlag.AlignHCenter)
        right = QVBoxLayout()
        right.setContentsMargins(0, 3, 0, 24)
        right.setSpacing(8)
        right.addWidget(name)
        right.addWidget(body)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(18)
        row.addLayout(left)
        row.addLayout(right, 1)
        self.set_theme(theme)

    def set_last(self) -> None:
        """No line leads on from here."""
        self._thread.setProperty("kind", "")

    def set_done(self, done: bool, theme: Theme) -> None:
        """Show a tick in the place of the number."""
        self._done = done
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.disc.setProperty("done", self._done)
        if self._done:
            self.disc.setPixmap(pixmap("check", theme.on_accent, 16, self.devicePixelRatioF()))
        else:
            self.disc.setText(str(self._number))
        restyle(self.disc)


class Result(QFrame):
    """What the check found: who, or what is wrong. `mood`: good, bad, calm."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("area", "result")
        self.avatar = Avatar(theme, 28)
        self.head = QLabel()
        self.head.setProperty("tone", "name")
        self.head.setWordWrap(True)
        self.text = QLabel()
        self.text.setWordWrap(True)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self.head)
        names.addWidget(self.text)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(12)
        row.addWidget(self.avatar, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(names, 1)
        self.hide()

    def tell(self, head: str, text: str, *, mood: str, person: tuple[int, str] | None = None) -> None:
        """Say it."""
        self.setProperty("mood", mood)
        self.head.setText(head)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.text.setProperty("tone", {"good": "green", "bad": "red"}.get(mood, "secondary"))
        self.avatar.setVisible(person is not None)
        if person:
            self.avatar.show_person(*person)
        restyle(self)
        restyle(self.text)
        self.show()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.avatar.set_theme(theme)


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at the widget's properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
