"""The parts around a picture in the gallery: its caption with buttons, and what is said in its place."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.ui.icons import icon, pixmap
from viewer.ui.theme import Theme

_SAID_MS = 1500

# The gallery is dark in every theme, so its parts do not follow the application's style sheet.
_SHEET = """
QFrame#caption {{ background: {surface}; border: none; border-bottom: 1px solid {line}; }}
QFrame#trouble {{ background: {surface}; border: 1px solid {line}; border-radius: 8px; }}
QLabel {{ color: {text}; background: transparent; }}
QLabel[quiet="true"] {{ color: {text2}; font-size: 12px; }}
QToolButton, QPushButton {{ color: {text}; background: transparent; border: 1px solid transparent; }}
QToolButton, QPushButton {{ border-radius: 5px; padding: 4px; }}
QPushButton {{ border-color: {line_strong}; padding: 4px 12px; }}
QToolButton:hover, QPushButton:hover {{ background: {sel}; border-color: {line_strong}; }}
QToolButton:focus, QPushButton:focus {{ border: 1px solid {accent}; }}
QToolButton:disabled {{ color: {text3}; }}
QToolButton#scale {{ min-width: 48px; font-size: 12px; }}
QToolButton[side="true"] {{ background: {surface}; border: 1px solid {line}; border-radius: 20px; padding: 0; }}
QToolButton[side="true"]:hover {{ background: {sel}; border-color: {text2}; }}
QToolButton[side="true"]:focus {{ border: 2px solid {accent}; }}
"""


def sheet(look: Theme) -> str:
    """The style sheet of the gallery's parts."""
    names = ("surface", "line", "line_strong", "text", "text2", "text3", "sel", "accent")
    return _SHEET.format(**{name: getattr(look, name).name() for name in names})


def side_button(name: str, tip: str, look: Theme, parent: QWidget) -> QToolButton:
    """A round button at the side of a picture."""
    button = _tool(name, tip, look, parent)
    button.setProperty("side", "true")
    button.setFixedSize(40, 40)
    button.setStyleSheet(sheet(look))
    return button


def _tool(name: str, tip: str, look: Theme, parent: QWidget | None = None) -> QToolButton:
    button = QToolButton(parent)
    if name:
        button.setIcon(icon(name, look.text, disabled=look.line_strong))
    button.setIconSize(QSize(16, 16))
    button.setToolTip(tip)
    button.setAccessibleName(tip.partition(" (")[0])
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class Caption(QFrame):
    """Name, author and time, place among the pictures; buttons for everything that can be done with one."""

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("caption")
        self.setStyleSheet(sheet(look))
        self.name, self.told, self.place = _label(), _label(quiet=True), _label(quiet=True)
        self.place.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._author = self._facts = ""
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(_SAID_MS)
        self._said.timeout.connect(self._fill)
        self.smaller = _tool("minus", _("Smaller") + " (Ctrl+-)", look)
        self.scale = _tool("", "", look)
        self.scale.setObjectName("scale")
        self.larger = _tool("plus", _("Larger") + " (Ctrl++)", look)
        self.copy = _tool("copy", _("Copy the picture") + " (Ctrl+C)", look)
        self.save = _tool("download", _("Save…") + " (S)", look)
        self.outside = _tool("external", _("Open in another program") + " (O)", look)
        self.close_ = _tool("close", _("Close") + " (Esc)", look)
        self.buttons = (self.smaller, self.scale, self.larger, self.copy, self.save, self.outside, self.close_)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.name)
        names.addWidget(self.told)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(4)
        row.addLayout(names, 1)
        row.addWidget(self.place)
        row.addSpacing(8)
        for button in self.buttons:
            row.addWidget(button)

    def show_picture(self, name: str, author: str, place: str) -> None:
        """Say which picture it is."""
        self._said.stop()
        self.name.setText(name)
        self.name.setToolTip(name)
        self._author = author
        self.place.setText(place)
        self.place.setFixedWidth(self.place.fontMetrics().horizontalAdvance(place) + 8)
        self._fill()

    def show_state(self, facts: str, percent: str, *, loaded: bool, fits: bool) -> None:
        """Say how large it is and at what scale it is seen."""
        self._facts = facts
        self.scale.setText(percent)
        tip = _("Actual size") + " (Ctrl+1)" if fits else _("Fit to the window") + " (Ctrl+0)"
        self.scale.setToolTip(tip)
        self.scale.setAccessibleName(f"{percent}, {tip}")
        for button in (self.smaller, self.scale, self.larger, self.copy):
            button.setEnabled(loaded)
        if not self._said.isActive():
            self._fill()

    def say(self, words: str) -> None:
        """Say something for a moment."""
        self.told.setText(words)
        self._said.start()

    def _fill(self) -> None:
        self.told.setText(" · ".join(filter(None, (self._author, self._facts))))


class Trouble(QFrame):
    """Why a picture cannot be shown, and what can be done."""

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("trouble")
        self.setStyleSheet(sheet(look))
        sign = QLabel()
        sign.setPixmap(pixmap("image", look.text3, 32))
        self.title, self.detail = _label(wrap=True), _label(quiet=True, wrap=True)
        self.retry, self.browse = QPushButton(_("Retry")), QPushButton(_("Open in browser"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        for widget in (sign, self.title, self.detail):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.retry, self.browse):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        row.addStretch(1)
        column.addSpacing(4)
        column.addLayout(row)
        self.hide()

    def tell(self, error: ViewerError, *, browse: bool) -> None:
        """Say what went wrong."""
        self.title.setText(error.title)
        self.detail.setText(" ".join(filter(None, (error.detail, error.advice))))
        self.browse.setVisible(browse)
        self.show()
        self.raise_()


def _label(*, quiet: bool = False, wrap: bool = False) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("quiet", str(quiet).lower())
    label.setWordWrap(wrap)
    if not wrap:  # a long name is cut, it does not push the buttons out
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
