"""A page of numbered steps beside the brand: the first run, and signing in (`mockups/welcome.png`)."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.i18n import LANGUAGES, _, language
from viewer.ui.icons import icon
from viewer.ui.prompts.parts import Brand, Step
from viewer.ui.scrolling import Scrolled
from viewer.ui.theme import Theme, px

_BRAND = 432  # pixels that the brand takes at most


class StepsPage(QWidget):
    """Numbered steps at the right, what is promised at the left.

    Signals: `demo()`, `language_chosen(str)`, `theme_chosen(str)`, `back()` to where the user came from.
    """

    demo = Signal()
    language_chosen = Signal(str)
    theme_chosen = Signal(str)
    back = Signal()

    def __init__(self, theme: Theme, *, can_go_back: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.brand = Brand(theme)
        self.brand.demo.clicked.connect(self.demo)
        self.brand.back.clicked.connect(self.back)
        self.brand.back.setVisible(can_go_back)
        self.steps: list[Step] = []
        self.news = words("")
        self.news.setTextFormat(Qt.TextFormat.PlainText)
        self.news.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.theme_button.setIcon(icon("sun" if theme.dark else "moon", theme.text2))
        self.brand.set_theme(theme)
        for step in self.steps:
            step.set_theme(theme)

    def note(self, text: str) -> None:
        """Say something in one quiet line under the title."""
        self.news.setText(text)
        self.news.show()

    def lay_out(self, title: str, contents: list[tuple[str, QWidget]]) -> None:
        """Put the steps under their title."""
        inside = QWidget()
        inside.setProperty("area", "surface")
        column = QVBoxLayout(inside)
        column.setSpacing(0)
        self._column = column
        column.addLayout(self._heading(title))
        column.addSpacing(8)
        column.addWidget(self.news)
        column.addSpacing(12)
        for number, (name, body) in enumerate(contents, 1):
            step = Step(number, name, body, self._theme)
            self.steps.append(step)
            column.addWidget(step)
        self.steps[-1].set_last()
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        side = Scrolled(self.brand)
        side.setMaximumWidth(px(_BRAND))
        row.addWidget(side, 3)
        row.addWidget(Scrolled(inside), 7)

    def set_done(self, count: int) -> None:
        """The first `count` steps are done."""
        for number, step in enumerate(self.steps):
            step.set_done(number < count, self._theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        self.brand.promises.setVisible(event.size().height() >= px(640))
        side = 56 if width > 1100 else 24
        self._column.setContentsMargins(side, 48 if side > 24 else 32, side, 40)

    def _heading(self, words: str) -> QHBoxLayout:
        title = QLabel(words)
        title.setProperty("tone", "big")
        title.setWordWrap(True)
        self.languages = QComboBox()
        for code, name in LANGUAGES.items():
            self.languages.addItem(name, code)
        self.languages.setCurrentIndex(self.languages.findData(language()))
        self.languages.setAccessibleName(_("Language"))
        self.languages.activated.connect(lambda index: self.language_chosen.emit(self.languages.itemData(index)))
        self.theme_button = QToolButton()
        self.theme_button.setToolTip(_("Light or dark"))
        self.theme_button.setAccessibleName(_("Light or dark"))
        self.theme_button.clicked.connect(lambda: self.theme_chosen.emit("light" if self._theme.dark else "dark"))
        row = QHBoxLayout()
        row.addWidget(title, 1)
        row.addWidget(self.languages)
        row.addWidget(self.theme_button)
        return row


def words(text: str) -> QLabel:
    """A paragraph."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("tone", "secondary")
    return label


def column(*widgets: QWidget, spacing: int = 8) -> QWidget:
    """Widgets under one another."""
    inside = QWidget()
    made = QVBoxLayout(inside)
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    for widget in widgets:
        made.addWidget(widget)
    return inside


def row(*widgets: QWidget, stretch: bool = True) -> QWidget:
    """Widgets side by side; with `stretch`, room is left at the right, else the first one takes it."""
    inside = QWidget()
    made = QHBoxLayout(inside)
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(8)
    for number, widget in enumerate(widgets):
        made.addWidget(widget, 1 if number == 0 and not stretch else 0)
    if stretch:
        made.addStretch(1)
    return inside


def field(name: str, hint: str = "", *, secret: bool = False) -> QLineEdit:
    """A field for one line, hidden while it is typed where it holds a secret."""
    made = QLineEdit()
    made.setPlaceholderText(hint)
    made.setAccessibleName(name)
    made.setMinimumHeight(36)
    if secret:
        made.setEchoMode(QLineEdit.EchoMode.Password)
    return made
