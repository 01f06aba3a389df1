"""The portals that are connected: what each is called, what it lets us do; checked, replaced, removed."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.settings import Account
from viewer.ui.enter import Enter
from viewer.ui.prompts.page import column, field, row, words
from viewer.ui.prompts.parts import Result
from viewer.ui.prompts.rights import Rights
from viewer.ui.prompts.welcome import in_short
from viewer.ui.room import Prompt
from viewer.ui.scrolling import Scrolled
from viewer.ui.theme import Theme, px
from viewer.ui.toolbar import tile

if TYPE_CHECKING:
    from viewer.bitrix import Checked


class AccountsDialog(Prompt):
    """A list of portals, and the one that is chosen in it.

    Signals: `changed(Account)` after its name or certificate file, `open_asked(str)`, `check_asked(str)`,
    `remove_asked(str)`, `replace_asked(str, str)` with a pasted webhook address (empty for a sign-in, which goes
    through the browser), all by the account's key; `add_asked()`.
    """

    changed = Signal(Account)
    open_asked = Signal(str)
    check_asked = Signal(str)
    remove_asked = Signal(str)
    replace_asked = Signal(str, str)
    add_asked = Signal()

    def __init__(self, theme: Theme, keyring: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, 840, 620)
        self.setWindowTitle(_("Portals"))
        self._theme = theme
        self._keyring = keyring
        self._accounts: dict[str, Account] = {}
        self.list = QListWidget()
        self.list.setIconSize(QSize(24, 24))
        self.list.setAccessibleName(_("Portals"))
        self.list.setFixedWidth(px(240))
        self.list.currentItemChanged.connect(lambda _now, _before: self._show())
        self.list.itemActivated.connect(lambda _item: self.open_asked.emit(self.key))
        self.add = QPushButton(_("Connect another portal…"))
        self.add.clicked.connect(self.add_asked)
        self._build_details(theme)
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self.list, 1)
        side.addWidget(self.add)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.setSpacing(16)
        whole.addLayout(side)
        whole.addWidget(Scrolled(self.details), 1)
        Enter(self)

    @property
    def key(self) -> str:
        """The account that is chosen, "" when there is none."""
        item = self.list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item else ""

    def show_accounts(self, accounts: Iterable[Account], current: str = "") -> None:
        """Show the accounts, one of them chosen."""
        chosen = current or self.key
        self._accounts = {account.key: account for account in accounts}
        self.list.blockSignals(True)
        self.list.clear()
        for account in self._accounts.values():
            named = account.name or account.host
            item = QListWidgetItem(tile(named, self._theme), f"{named}\n{account.user_name or account.host}")
            item.setData(Qt.ItemDataRole.UserRole, account.key)
            self.list.addItem(item)
            if account.key == chosen:
                self.list.setCurrentItem(item)
        if self.list.currentItem() is None and self.list.count():
            self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        self._show()

    def show_checking(self, key: str) -> None:
        """An account is being checked."""
        if key == self.key:
            self.outcome.tell(_("Checking…"), "", mood="calm")
            self.check_button.setEnabled(False)

    def show_checked(self, key: str, checked: "Checked", told: str = "") -> None:
        """An account works; `told` says what else was done."""
        if key == self.key:
            granted = self.rights.show_checked(checked)
            facts = " · ".join(filter(None, (told, in_short(checked, granted))))
            self.outcome.tell(checked.user_name, facts, mood="good", person=(checked.user_id, checked.user_name))
            self.secret.clear()
            self.check_button.setEnabled(True)

    def show_error(self, key: str, error: ViewerError) -> None:
        """An account does not work."""
        if key == self.key:
            self.outcome.tell(error.title, " ".join(filter(None, (error.detail, error.advice))), mood="bad")
            self.check_button.setEnabled(True)

    # --- inside ---

    def _build_details(self, theme: Theme) -> None:
        self.name = field(_("Name"))
        self.name.editingFinished.connect(self._renamed)
        self.address, self.kind, self.kept = words(""), words(""), words("")
        self.authority = words("")
        self.authority_button = QPushButton(_("Choose…"))
        self.authority_button.clicked.connect(self._choose_authority)
        self.authority_clear = QPushButton(_("None"))
        self.authority_clear.clicked.connect(lambda: self._set_authority(""))
        self.check_button = QPushButton(_("Check again"))
        self.check_button.clicked.connect(lambda: self.check_asked.emit(self.key))
        self.open_button = QPushButton(_("Show its dialogues"))
        self.open_button.setProperty("kind", "primary")
        self.open_button.clicked.connect(lambda: self.open_asked.emit(self.key))
        self.remove_button = QPushButton(_("Remove…"))
        self.remove_button.clicked.connect(lambda: self.remove_asked.emit(self.key))
        self.outcome = Result(theme)
        self.rights = Rights(theme)
        self.replace_button = QPushButton(_("Check and replace"))
        self.replace_button.clicked.connect(self._replace)
        self.secret = field(_("New webhook address"), "https://…/rest/1/…/", secret=True)
        self.secret.textChanged.connect(lambda text: self.replace_button.setEnabled(bool(text.strip()) or self._signs))
        self.secret.returnPressed.connect(self._replace)
        form = QWidget()
        lines = QFormLayout(form)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        certificates = row(self.authority, self.authority_button, self.authority_clear, stretch=False)
        for title, widget in (
            (_("Name"), self.name), (_("Address"), self.address), (_("Connected by"), self.kind),
            (_("Secret"), self.kept), (_("Own certificates"), certificates),
        ):  # fmt: skip
            label = QLabel(title)
            label.setProperty("tone", "secondary")
            label.setMinimumHeight(widget.minimumHeight())
            lines.addRow(label, widget)
        self._replacing = QLabel(_("Replace the webhook"))
        self._replacing.setProperty("tone", "heading")
        rights = QLabel(_("What it may do"))
        rights.setProperty("tone", "heading")
        self.details = column(
            form, row(self.open_button, self.check_button, self.remove_button), rights, self.rights, self.outcome,
            self._replacing, row(self.secret, self.replace_button, stretch=False), spacing=12,
        )  # fmt: skip
        inner = self.details.layout()
        assert isinstance(inner, QVBoxLayout)
        inner.addStretch(1)

    @property
    def _signs(self) -> bool:
        account = self._accounts.get(self.key)
        return account is not None and account.kind == "oauth"

    def _show(self) -> None:
        account = self._accounts.get(self.key)
        self.details.setEnabled(account is not None)
        self.outcome.hide()
        self.rights.clear()
        self.secret.clear()
        self.check_button.setEnabled(True)
        if account is None:
            return
        self.name.setText(account.name or account.host)
        self.address.setText(account.host)
        signs = account.kind == "oauth"
        user = account.user_name or "—"
        by = _("sign-in with an application, as {name}") if signs else _("webhook of {name}")
        self.kind.setText(by.format(name=user))
        self.kept.setText(self._keyring)
        self.authority.setText(Path(account.authority).name if account.authority else _("only those of the system"))
        self.authority.setToolTip(account.authority)
        self.authority_clear.setVisible(bool(account.authority))
        self._replacing.setText(_("Sign in again") if signs else _("Replace the webhook"))
        self.secret.setVisible(not signs)
        self.replace_button.setText(_("Sign in in the browser…") if signs else _("Check and replace"))
        self.replace_button.setEnabled(signs)

    def _renamed(self) -> None:
        account = self._accounts.get(self.key)
        name = self.name.text().strip()
        if account is not None and name and name != account.name:
            self._accounts[account.key] = replace(account, name=name)
            item = self.list.currentItem()
            item.setText(f"{name}\n{account.user_name or account.host}")
            item.setIcon(tile(name, self._theme))
            self.changed.emit(self._accounts[account.key])

    def _choose_authority(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Certificates to trust for this portal"), filter=_("Certificates (*.pem *.crt *.cer *.der)")
        )
        if chosen:
            self._set_authority(chosen)

    def _set_authority(self, path: str) -> None:
        account = self._accounts.get(self.key)
        if account is not None:
            self._accounts[account.key] = replace(account, authority=path)
            self.changed.emit(self._accounts[account.key])
            self._show()
            self.check_asked.emit(account.key)

    def _replace(self) -> None:
        if self._signs or self.secret.text().strip():
            self.replace_asked.emit(self.key, self.secret.text().strip())
