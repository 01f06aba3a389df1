"""Signing in with a local application that an administrator has made (`bitrix24-api.md` §2.2)."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton, QWidget

from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.ui.prompts.page import StepsPage, column, field, row, words
from viewer.ui.prompts.parts import Result
from viewer.ui.prompts.rights import Rights
from viewer.ui.prompts.welcome import in_short
from viewer.ui.theme import Theme

if TYPE_CHECKING:
    from viewer.bitrix import Checked

LIFE = 30  # seconds that a code lives


class SignInPage(StepsPage):
    """How to connect with an application.

    Signals, besides those of `StepsPage`: `browse_asked(str, str, str, str)` with portal, id, secret and sign-in
    server as typed; `pasted(str)` with the address landed on; `connect_asked()` once it was found good.
    """

    browse_asked = Signal(str, str, str, str)
    pasted = Signal(str)
    connect_asked = Signal()

    def __init__(self, theme: Theme, keyring: str, *, portal: str = "", parent: QWidget | None = None) -> None:
        super().__init__(theme, can_go_back=True, parent=parent)
        self.portal = field(_("The portal's address"), "company.bitrix24.com")
        self.portal.setText(portal)
        self.client_id = field(_("Application id"), "local.…")
        self.client_secret = field(_("Application secret"), secret=True)
        self.server = field(_("Sign-in server"), "oauth.bitrix.info")
        self.browse_button = QPushButton(_("Open the sign-in page in the browser"))
        self.browse_button.setMinimumHeight(36)
        self.browse_button.clicked.connect(self._browse)
        self.answer = field(_("The address you landed on"), "https://…?code=…")
        self.answer.setEnabled(False)
        self.answer.textChanged.connect(self._answered)
        self.answer.returnPressed.connect(self._answered)
        self.clock = words("")
        self.result = Result(theme)
        self.rights = Rights(theme)
        self.connect_button = QPushButton(_("Connect and load dialogues"))
        self.connect_button.setProperty("kind", "primary")
        self.connect_button.setMinimumHeight(38)
        self.connect_button.setEnabled(False)
        self.connect_button.clicked.connect(self.connect_asked)
        self._sent = ""
        self._gather = QTimer(self)  # typing is not pasting: wait until it ends
        self._gather.setSingleShot(True)
        self._gather.setInterval(300)
        self._gather.timeout.connect(self._send)
        for each in (self.portal, self.client_id, self.client_secret, self.server):
            each.textChanged.connect(self._edited)
        self.lay_out(_("Sign in with an application"), self._contents(keyring))
        self.set_theme(theme)
        self._edited()

    def show_waiting(self) -> None:
        """The sign-in page is open in the browser."""
        self.result.hide()
        self.answer.setEnabled(True)
        self.answer.clear()
        self.answer.setFocus()
        self.set_done(2)

    def show_checking(self) -> None:
        """What was pasted is being tried."""
        self.result.tell(_("Checking…"), "", mood="calm")

    def show_checked(self, host: str, checked: "Checked") -> None:
        """The sign-in works: say as whom, and what it may do."""
        granted = self.rights.show_checked(checked)
        who = _("{name} on {host}").format(name=checked.user_name, host=host)
        person = (checked.user_id, checked.user_name)
        self.result.tell(who, in_short(checked, granted), mood="good", person=person)
        self.connect_button.setEnabled(True)
        self.connect_button.setFocus()
        self.set_done(3)

    def show_error(self, error: ViewerError) -> None:
        """It does not work: say why and what to do."""
        self.result.tell(error.title, " ".join(part for part in (error.detail, error.advice) if part), mood="bad")
        self.connect_button.setEnabled(False)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        super().set_theme(theme)
        self.result.set_theme(theme)
        self.rights.set_theme(theme)

    def _edited(self) -> None:
        typed = all(each.text().strip() for each in (self.portal, self.client_id, self.client_secret))
        self.browse_button.setEnabled(typed)
        self.answer.setEnabled(False)
        self.connect_button.setEnabled(False)
        self.set_done(0)
        self.rights.clear()

    def _browse(self) -> None:
        fields = (self.portal, self.client_id, self.client_secret, self.server)
        self.browse_asked.emit(*(each.text() for each in fields))

    def _answered(self) -> None:
        if self.answer.text().strip():
            self._gather.start()

    def _send(self) -> None:
        text = self.answer.text().strip()
        if text and text != self._sent:
            self._sent = text
            self.pasted.emit(text)

    # --- layout ---

    def _contents(self, keyring: str) -> list[tuple[str, QWidget]]:
        self.clock.setText(
            _("Sign in there, copy the whole address of the page you land on, and paste it within {n} seconds.").format(
                n=LIFE
            )
        )
        form = QWidget()
        lines = QFormLayout(form)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        lines.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for each in (self.portal, self.client_id, self.client_secret, self.server):
            name = QLabel(each.accessibleName())
            name.setProperty("tone", "secondary")
            name.setMinimumHeight(each.minimumHeight())
            lines.addRow(name, each)
        asked = words(
            _("An administrator makes a local application that uses the API only, with these permissions, and gives "
              "you its id and secret.")
        )  # fmt: skip
        return [
            (_("Ask your administrator for an application"), column(asked, self.rights)),
            (_("Enter what you were given"), column(form, words(keyring))),
            (_("Sign in"), column(row(self.browse_button), self.clock, self.answer, self.result)),
            (_("Start reviewing"), row(self.connect_button)),
        ]
