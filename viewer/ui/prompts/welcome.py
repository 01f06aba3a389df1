"""The first run: what the program does, how to make a webhook, a check of what it may do (`mockups/welcome.png`)."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.ui.icons import icon, pixmap
from viewer.ui.prompts.page import StepsPage, column, field, row, words
from viewer.ui.prompts.parts import Result
from viewer.ui.prompts.rights import PERMISSIONS, Rights
from viewer.ui.theme import Theme

if TYPE_CHECKING:
    from viewer.bitrix import Checked

_DEVELOPER_PAGE = "/devops/"


class WelcomePage(StepsPage):
    """How to connect with a webhook.

    Signals, besides those of `StepsPage`: `check(str)` with the pasted text, `connect_asked()` once it was found good,
    `browse(str)` with a page of the portal, `sign_in_asked()` to sign in with an application instead.
    """

    check = Signal(str)
    connect_asked = Signal()
    browse = Signal(str)
    sign_in_asked = Signal()

    def __init__(self, theme: Theme, keyring: str, *, can_go_back: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(theme, can_go_back=can_go_back, parent=parent)
        self._checked: tuple[str, Checked] | None = None
        self.portal = field(_("The portal's address"), "company.bitrix24.com")
        self.portal_button = QPushButton(_("Open it in the browser"))
        self.portal_button.setMinimumHeight(36)
        self.portal_button.setEnabled(False)
        self.portal.textChanged.connect(lambda text: self.portal_button.setEnabled(bool(host_in(text))))
        self.portal.returnPressed.connect(self._browse)
        self.portal_button.clicked.connect(self._browse)
        self.field = field(_("Webhook address"), "https://…/rest/1/…/", secret=True)
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
        self.rights = Rights(theme)
        self.connect_button = QPushButton(_("Connect and load dialogues"))
        self.connect_button.setProperty("kind", "primary")
        self.connect_button.setMinimumHeight(38)
        self.connect_button.clicked.connect(self.connect_asked)
        self.lay_out(_("Connect to your portal"), self._contents(keyring))
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
        granted = self.rights.show_checked(checked)
        who = _("{name} on {host}").format(name=checked.user_name, host=host)
        person = (checked.user_id, checked.user_name)
        self.result.tell(who, in_short(checked, granted), mood="good", person=person)
        self.check_button.setText(_("Check again"))
        self.check_button.setEnabled(True)
        required = "imopenlines" in checked.scopes
        self.connect_button.setEnabled(required)
        self.set_done(2 if required else 0)
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
        super().set_theme(theme)
        self._key.setIcon(icon("key", theme.text2))
        self._eye.setIcon(icon("eye", theme.text2))
        self.shield.setPixmap(pixmap("shield", theme.text2, 16, self.devicePixelRatioF()))
        self.result.set_theme(theme)
        self.rights.set_theme(theme)

    def _edited(self) -> None:
        self._checked = None
        self.result.hide()
        self.connect_button.setEnabled(False)
        self.check_button.setText(_("Check"))
        self.check_button.setEnabled(bool(self.field.text().strip()))
        self.set_done(0)
        self.rights.clear()

    def _ask_check(self) -> None:
        if self.field.text().strip():
            self.check.emit(self.field.text())

    def _browse(self) -> None:
        if host := host_in(self.portal.text()):
            self.browse.emit(f"https://{host}{_DEVELOPER_PAGE}")

    def _show_or_hide(self) -> None:
        hidden = self.field.echoMode() is QLineEdit.EchoMode.Password
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)

    # --- layout ---

    def _contents(self, keyring: str) -> list[tuple[str, QWidget]]:
        link = _("Sign in with it instead")
        asked = _("Has your administrator made an application for you? {link}")
        other = words(asked.format(link=f'<a href="#sign-in">{link}</a>'))
        other.linkActivated.connect(lambda _address: self.sign_in_asked.emit())
        other.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        where = column(words(_where()), row(self.portal, self.portal_button, stretch=False), other)
        return [
            (_("Create an incoming webhook in Bitrix24"), where),
            (_("Tick these permissions and press Create"), self.rights),
            (_("Paste the webhook address"), self._address(keyring)),
            (_("Start reviewing"), row(self.connect_button)),
        ]

    def _address(self, keyring: str) -> QWidget:
        self.shield = QLabel()
        told = QWidget()
        promise = QHBoxLayout(told)
        promise.setContentsMargins(0, 0, 0, 0)
        promise.setSpacing(8)
        promise.addWidget(self.shield, 0, Qt.AlignmentFlag.AlignTop)
        promise.addWidget(words(keyring), 1)
        return column(row(self.field, self.check_button, stretch=False), self.result, told)


def in_short(checked: "Checked", granted: int) -> str:
    """A check in one line."""
    lists = {True: _("can list all sessions"), False: _("lists the sessions the portal shows you")}
    parts = [
        _("Connected in {n} s").format(n=f"{checked.seconds:.1f}"),
        _("{n} of {count} permissions").format(n=granted, count=len(PERMISSIONS)),
        lists[bool(checked.can_list)],
    ]
    return " · ".join(parts)


def host_in(text: str) -> str:
    """The host in whatever was typed as a portal's address; empty when there is none."""
    text = text.strip()
    try:
        host = urlsplit(text if "://" in text else f"https://{text}").hostname or ""
    except ValueError:
        return ""
    return host if "." in host and " " not in host else ""


def _where() -> str:
    steps = (
        _("Applications"), _("Developer resources"), _("Ready-made scenarios"), _("Other"), _("Incoming webhook"),
    )  # fmt: skip
    path = " › ".join(f"<b>{step}</b>" for step in steps)
    return (
        _("Open {path}.").format(path=path) + "<br>" + _("Create it under your own account: you see what you may see.")
    )
