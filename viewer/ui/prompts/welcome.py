"""The first run: what the program does, how to make a webhook, a check of what it may do (`mockups/welcome.png`)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.errors import ViewerError
from viewer.i18n import LANGUAGES, N_, _, language
from viewer.ui.icons import icon, pixmap
from viewer.ui.prompts.parts import Brand, Result, Step, restyle
from viewer.ui.theme import Theme

if TYPE_CHECKING:
    from viewer.bitrix import Checked


@dataclass(frozen=True, slots=True)
class Permission:
    """A tick of the webhook: what it is for, how much it matters, and what its lack costs."""

    scope: str
    use: str
    need: str
    lack: str


PERMISSIONS = (
    Permission("imopenlines", N_("Sessions, history, lines, your rating"), N_("required"), N_("nothing can be read")),
    Permission("im", N_("Chat search, file downloads"), N_("recommended"), N_("names and files may be missing")),
    Permission("crm", N_("Finds more sessions, opens client cards"), N_("optional"), N_("fewer sessions may be found")),
    Permission("user_brief", N_("Operator names and photos"), N_("optional"), N_("some names may be missing")),
    Permission("disk", N_("Second way to download files"), N_("optional"), N_("some files will open in the browser")),
)
# Any of these grants what `user_brief` does (`bitrix24-api.md` §2.1).
_SAME = {"user_brief": {"user_brief", "user_basic", "user"}}


class WelcomePage(QWidget):
    """Numbered steps at the right, what is promised at the left.

    Signals: `check(str)` with the pasted text, `connect_asked()` once it was found good, `demo()`,
    `language_chosen(str)`, `theme_chosen(str)`, `back()` to the portal that was in use.
    """

    check = Signal(str)
    connect_asked = Signal()
    demo = Signal()
    language_chosen = Signal(str)
    theme_chosen = Signal(str)
    back = Signal()

    def __init__(self, theme: Theme, keyring: str, *, can_go_back: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._checked: tuple[str, Checked] | None = None
        self._rows: dict[str, tuple[QLabel, QLabel]] = {}
        self.brand = Brand(theme)
        self.brand.demo.clicked.connect(self.demo)
        self.brand.back.clicked.connect(self.back)
        self.brand.back.setVisible(can_go_back)
        self.field = QLineEdit()
        self.field.setPlaceholderText("https://…/rest/1/…/")
        self.field.setAccessibleName(_("Webhook address"))
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setMinimumHeight(36)
        self.field.returnPressed.connect(self._ask_check)
        self.field.textChanged.connect(self._edited)
        self._key = QAction(self)
        self._eye = QAction(self)
        self._eye.setToolTip(_("Show or hide the address"))
        self._eye.triggered.connect(self._show_or_hide)
        self.field.addAction(self._key, QLineEdit.ActionPosition.LeadingPosition)
        self.field.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        self.check_button = QPushButton(_("Check"))
        self.check_button.setMinimumHeight(36)
        self.check_button.clicked.connect(self._ask_check)
        self.result = Result(theme)
        self.connect_button = QPushButton(_("Connect and load dialogues"))
        self.connect_button.setProperty("kind", "primary")
        self.connect_button.setMinimumHeight(38)
        self.connect_button.clicked.connect(self.connect_asked)
        self.steps: list[Step] = []
        self._lay_out(keyring)
        self.set_theme(theme)
        self._edited()

    def show_checking(self) -> None:
        """The webhook is being checked."""
        self.result.tell(_("Checking…"), "", mood="calm")
        self.check_button.setEnabled(False)
        self.connect_button.setEnabled(False)

    def show_checked(self, host: str, checked: "Checked") -> None:
        """The webhook works: say as whom, and what it may do."""
        self._checked = (host, checked)
        granted = 0
        for permission in PERMISSIONS:
            held = not _SAME.get(permission.scope, {permission.scope}).isdisjoint(checked.scopes)
            granted += held
            sign, words = self._rows[permission.scope]
            name, color = ("check", self._theme.green) if held else ("warning", self._theme.note_text)
            sign.setPixmap(pixmap(name, color, 16, self.devicePixelRatioF()))
            use = _(permission.use)
            words.setText(use if held else _("{use}. Not ticked: {lack}.").format(use=use, lack=_(permission.lack)))
            words.setProperty("tone", "secondary" if held else "lack")
            restyle(words)
        self._fit_rows()
        parts = [
            _("Connected in {n} s").format(n=f"{checked.seconds:.1f}"),
            _("{n} of {count} permissions").format(n=granted, count=len(PERMISSIONS)),
            _("can list all sessions") if checked.can_list else _("lists the sessions the portal shows you"),
        ]
        who = _("{name} on {host}").format(name=checked.user_name, host=host)
        self.result.tell(who, " · ".join(parts), mood="good", person=(checked.user_id, checked.user_name))
        self.check_button.setText(_("Check again"))
        self.check_button.setEnabled(True)
        required = "imopenlines" in checked.scopes
        self.connect_button.setEnabled(required)
        for step in self.steps[:2]:
            step.set_done(required, self._theme)
        if required:
            self.connect_button.setFocus()

    def show_error(self, error: ViewerError) -> None:
        """The webhook does not work: say why and what to do."""
        self._checked = None
        self.result.tell(error.title, " ".join(part for part in (error.detail, error.advice) if part), mood="bad")
        self.check_button.setEnabled(True)
        self.connect_button.setEnabled(False)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._key.setIcon(icon("key", theme.text2))
        self._eye.setIcon(icon("eye", theme.text2))
        self.theme_button.setIcon(icon("sun" if theme.dark else "moon", theme.text2))
        self.shield.setPixmap(pixmap("shield", theme.text2, 16, self.devicePixelRatioF()))
        self.brand.set_theme(theme)
        self.result.set_theme(theme)
        for step in self.steps:
            step.set_theme(theme)
        if self._checked is not None:
            self.show_checked(*self._checked)
        else:
            self._plain_permissions()

    def _fit_rows(self) -> None:
        """Give each row the height that its words take: a layout this deep does not ask again by itself."""
        for _sign, words in self._rows.values():
            words.setMinimumHeight(words.heightForWidth(max(80, words.width())))

    def _plain_permissions(self) -> None:
        for permission in PERMISSIONS:
            sign, words = self._rows[permission.scope]
            sign.setPixmap(pixmap("minus", self._theme.text3, 16, self.devicePixelRatioF()))
            words.setText(_(permission.use))

    def _edited(self) -> None:
        self._checked = None
        self.result.hide()
        self.connect_button.setEnabled(False)
        self.check_button.setText(_("Check"))
        self.check_button.setEnabled(bool(self.field.text().strip()))
        for step in self.steps[:2]:
            step.set_done(False, self._theme)
        if self._rows:
            self._plain_permissions()

    def _ask_check(self) -> None:
        if self.field.text().strip():
            self.check.emit(self.field.text())

    def _show_or_hide(self) -> None:
        hidden = self.field.echoMode() is QLineEdit.EchoMode.Password
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)

    # --- layout ---

    def _lay_out(self, keyring: str) -> None:
        inside = QWidget()
        inside.setProperty("area", "surface")
        column = QVBoxLayout(inside)
        column.setSpacing(0)
        self._column = column
        column.addLayout(self._heading())
        column.addSpacing(20)
        for number, (title, body) in enumerate(self._contents(keyring), 1):
            step = Step(number, title, body, self._theme)
            self.steps.append(step)
            column.addWidget(step)
        self.steps[-1].set_last()
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.brand)
        row.addWidget(area, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        self.brand.setFixedWidth(min(432, max(256, width * 3 // 10)))
        self.brand.promises.setVisible(event.size().height() >= 640)
        side = 56 if width > 1100 else 24
        self._column.setContentsMargins(side, 48 if side > 24 else 32, side, 40)
        QTimer.singleShot(0, self, self._fit_rows)

    def _heading(self) -> QHBoxLayout:
        title = QLabel(_("Connect to your portal"))
        title.setProperty("tone", "big")
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
        row.addWidget(title)
        row.addStretch(1)
        row.addWidget(self.languages)
        row.addWidget(self.theme_button)
        return row

    def _contents(self, keyring: str) -> list[tuple[str, QWidget]]:
        return [
            (_("Create an incoming webhook in Bitrix24"), _words(_where())),
            (_("Tick these permissions and press Create"), self._permissions()),
            (_("Paste the webhook address"), self._address(keyring)),
            (_("Start reviewing"), _row(self.connect_button)),
        ]

    def _permissions(self) -> QWidget:
        frame = QFrame()
        frame.setProperty("area", "card")
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for permission in PERMISSIONS:
            row = QFrame()
            row.setProperty("area", "row")
            row.setProperty("last", permission is PERMISSIONS[-1])
            sign = QLabel()
            name = QLabel(permission.scope)
            name.setProperty("code", True)
            name.setMinimumWidth(110)
            words = QLabel(_(permission.use))
            words.setProperty("tone", "secondary")
            words.setWordWrap(True)
            tag = QLabel(_(permission.need))
            tag.setProperty("area", "tag")
            inner = QHBoxLayout(row)
            inner.setContentsMargins(14, 7, 12, 7)
            inner.setSpacing(12)
            inner.addWidget(sign)
            inner.addWidget(name)
            inner.addWidget(words, 1)
            inner.addWidget(tag, 0, Qt.AlignmentFlag.AlignVCenter)
            self._rows[permission.scope] = (sign, words)
            column.addWidget(row)
        return frame

    def _address(self, keyring: str) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.check_button)
        column.addLayout(row)
        column.addWidget(self.result)
        self.shield = QLabel()
        told = _words(keyring)
        promise = QHBoxLayout()
        promise.setSpacing(8)
        promise.addWidget(self.shield, 0, Qt.AlignmentFlag.AlignTop)
        promise.addWidget(told, 1)
        column.addLayout(promise)
        return inside


def _where() -> str:
    steps = (
        _("Applications"), _("Developer resources"), _("Ready-made scenarios"), _("Other"), _("Incoming webhook"),
    )  # fmt: skip
    path = " › ".join(f"<b>{step}</b>" for step in steps)
    return (
        _("Open {path}.").format(path=path) + "<br>" + _("Create it under your own account: you see what you may see.")
    )


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("tone", "secondary")
    return label


def _row(*widgets: QWidget) -> QWidget:
    inside = QWidget()
    row = QHBoxLayout(inside)
    row.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return inside
