"""Connecting portals and looking after those that are connected: between the prompts, the library and the vault."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget
from shiboken6 import isValid

from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.library.sources import account_source
from viewer.settings import Account, Store
from viewer.ui.prompts.accounts import AccountsDialog
from viewer.ui.prompts.sign_in import SignInPage
from viewer.ui.prompts.welcome import WelcomePage
from viewer.ui.tasks import Tasks
from viewer.ui.theme import Theme
from viewer.vault import Vault

if TYPE_CHECKING:
    from viewer.bitrix import Access, Checked, Portal, SignIn, SignInServer, Webhook
    from viewer.library import Connected
    from viewer.library.accounts import SignedIn


def _browse(address: str) -> None:
    QDesktopServices.openUrl(QUrl(address))


class Accounts(QObject):
    """What the prompts ask for, done in the background.

    Signals: `connected(Account, str)` with a sentence when the secret could not be kept for good, `removed(str)` by
    key, `sign_in_asked(str)` with a portal's host, `add_asked()`, `open_asked(str)` by key.
    `opened` and `server` are the network by default, `browse` the system's browser.
    """

    connected = Signal(Account, str)
    removed = Signal(str)
    sign_in_asked = Signal(str)
    add_asked = Signal()
    open_asked = Signal(str)

    def __init__(
        self,
        store: Store,
        vault: Callable[[], Vault],
        tasks: Tasks,
        *,
        opened: "Callable[[Access, Path | None], Portal] | None" = None,
        server: "SignInServer | None" = None,
        browse: Callable[[str], None] = _browse,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._vault, self._tasks = store, vault, tasks
        self._opened, self._server, self._browse = opened, server, browse
        self._found: Connected | None = None
        self._signing: SignIn | None = None
        self._signed: SignedIn | None = None

    # --- a webhook ---

    def serve_welcome(self, page: WelcomePage) -> None:
        """Do what the first-run page asks for."""
        self._found = None
        page.check.connect(lambda text: self._check(page, text))
        page.connect_asked.connect(lambda: self._connect(page))
        page.browse.connect(self._browse)
        page.sign_in_asked.connect(lambda: self.sign_in_asked.emit(page.portal.text().strip()))

    def _check(self, page: WelcomePage, text: str) -> None:
        from viewer.library import connect

        def work(cancel: Event) -> "Connected":
            return connect(text, cancel=cancel, opened=self._open_webhook)

        page.show_checking()
        self._tasks.run(work, on_done=lambda found: self._checked(page, text, found), on_failure=page.show_error)

    def _open_webhook(self, webhook: "Webhook") -> "Portal":
        from viewer.bitrix import Portal

        return self._opened(webhook, None) if self._opened else Portal(webhook)

    def _checked(self, page: WelcomePage, text: str, found: "Connected | None") -> None:
        if found is None or page.field.text() != text:  # edited meanwhile: the answer is about another address
            return
        self._found = found
        page.show_checked(found.webhook.host, found.checked)

    def _connect(self, page: WelcomePage) -> None:
        """Keep the webhook that was checked: in the keyring, else for this session."""
        found = self._found
        if found is not None:
            self._keep(lambda: self._kept(found), page.show_error)

    def _kept(self, found: "Connected", before: Account | None = None) -> Account:
        from viewer.library.accounts import keep_webhook

        made = keep_webhook(self._vault(), found.webhook, found.checked, authority=before.authority if before else "")
        return replace(made, name=before.name) if before else made

    # --- an application ---

    def serve_sign_in(self, page: SignInPage) -> None:
        """Do what the sign-in page asks for."""
        self._signing = self._signed = None
        page.browse_asked.connect(lambda *typed: self._begin(page, *typed))
        page.pasted.connect(lambda text: self._finish(page, text))
        page.connect_asked.connect(lambda: self._connect_signed(page))

    def _begin(self, page: SignInPage, portal: str, client_id: str, client_secret: str, server: str) -> None:
        from viewer.bitrix import Application, SignIn

        try:
            self._signing = SignIn(Application.parse(portal, client_id, client_secret, server))
        except ViewerError as error:
            page.show_error(error)
            return
        self._browse(self._signing.address)
        page.show_waiting()

    def _finish(self, page: SignInPage, text: str) -> None:
        started = self._signing
        if started is None:
            return
        from viewer.library.accounts import check_sign_in, sign_in

        def work(cancel: Event) -> "SignedIn":
            access = sign_in(started, text, cancel=cancel, server=self._server)
            return check_sign_in(access, cancel=cancel, opened=self._opened)

        def done(found: "SignedIn | None") -> None:
            if found is not None:
                self._signed = found
                page.show_checked(found.access.host, found.checked)

        page.show_checking()
        self._tasks.run(work, on_done=done, on_failure=page.show_error)

    def _connect_signed(self, page: SignInPage) -> None:
        signed = self._signed
        if signed is not None:
            self._keep(lambda: signed.keep(self._vault()), page.show_error)

    def _keep(self, keep: Callable[[], Account], failed: Callable[[ViewerError], None]) -> None:
        """Keep a secret in the background, since a keyring may ask its user first."""

        def work(_cancel: Event) -> Account:
            return keep()

        def done(account: Account | None) -> None:
            if account is not None:
                self._found = self._signing = self._signed = None
                self._store.put(self._store.value.with_account(account))
                problem = self._vault().problem
                self.connected.emit(account, problem.detail if problem else "")

        self._tasks.run(work, on_done=done, on_failure=failed)

    # --- those that are connected ---

    def manage(self, theme: Theme, keyring: str, parent: QWidget, current: str = "") -> AccountsDialog:
        """Open the list of portals."""
        prompt = AccountsDialog(theme, keyring, parent)
        prompt.changed.connect(self._changed)
        prompt.check_asked.connect(lambda key: self._recheck(prompt, key))
        prompt.replace_asked.connect(lambda key, text: self._replace(prompt, key, text))
        prompt.remove_asked.connect(lambda key: self._remove(prompt, key))
        for asked in (prompt.open_asked, prompt.add_asked):
            asked.connect(prompt.close)
        prompt.open_asked.connect(self.open_asked)
        prompt.add_asked.connect(self.add_asked)
        prompt.show_accounts(self._store.value.accounts, current or self._store.value.account)
        prompt.show()
        if prompt.key:
            self._recheck(prompt, prompt.key)
        prompt.list.currentItemChanged.connect(lambda *_items: self._recheck(prompt, prompt.key))
        return prompt

    def _account(self, key: str) -> Account | None:
        return next((account for account in self._store.value.accounts if account.key == key), None)

    def _changed(self, account: Account) -> None:
        kept = self._store.value
        accounts = tuple(account if each.key == account.key else each for each in kept.accounts)
        self._store.put(replace(kept, accounts=accounts))

    def _recheck(self, prompt: AccountsDialog, key: str) -> None:
        account = self._account(key)
        if account is None:
            return
        source = account_source(account, self._vault())

        def work(cancel: Event) -> "Checked":
            from viewer.bitrix import connection

            portal = source.open()
            try:
                return connection.check(portal, cancel=cancel)
            finally:
                portal.close()

        def done(checked: "Checked | None") -> None:
            if checked is not None and isValid(prompt):
                prompt.show_checked(key, checked)

        prompt.show_checking(key)
        self._tasks.run(work, on_done=done, on_failure=lambda error: _tell(prompt, key, error))

    def _replace(self, prompt: AccountsDialog, key: str, text: str) -> None:
        account = self._account(key)
        if account is None:
            return
        if account.kind == "oauth":
            prompt.close()
            self.sign_in_asked.emit(account.host)
            return
        from viewer.library import connect

        def work(cancel: Event) -> "Connected":
            found = connect(text, cancel=cancel, opened=self._open_webhook)
            if found.webhook.host != account.host:
                raise _other_portal(found.webhook.host, account.host)
            self._kept(found, account)
            return found

        def done(found: "Connected | None") -> None:
            if found is not None and isValid(prompt):
                made = replace(account, key=found.webhook.key, user_name=found.checked.user_name)
                kept = self._store.value
                accounts = tuple(made if each.key == key else each for each in kept.accounts)
                self._store.put(replace(kept, accounts=accounts, account=made.key))
                if made.key != key:
                    self._tasks.run(lambda _cancel: self._vault().delete(key))
                prompt.show_accounts(accounts, made.key)
                prompt.show_checked(made.key, found.checked, _("The webhook was replaced."))

        prompt.show_checking(key)
        self._tasks.run(work, on_done=done, on_failure=lambda error: _tell(prompt, key, error))

    def _remove(self, prompt: AccountsDialog, key: str) -> None:
        account = self._account(key)
        if account is None or not confirm_removal(prompt, account):
            return
        vault = self._vault()
        self._store.forget_account(key)
        self._tasks.run(lambda _cancel: vault.delete(key))
        prompt.show_accounts(self._store.value.accounts)
        self.removed.emit(key)


def _tell(prompt: AccountsDialog, key: str, error: ViewerError) -> None:
    if isValid(prompt):  # it may have been closed meanwhile
        prompt.show_error(key, error)


def _other_portal(there: str, host: str) -> ViewerError:
    return ViewerError(
        _("This webhook is for another portal."),
        _("It opens {there}, and this account is {host}.").format(there=there, host=host),
        _("Connect that portal as another one."),
    )


def confirm_removal(parent: QWidget, account: Account) -> bool:
    """Ask before an account and its secret are removed."""
    if account.kind == "oauth":
        question = _("Remove {host} and erase its sign-in from this computer?")
    else:
        question = _("Remove {host} and erase its webhook from this computer? The webhook stays valid in Bitrix24.")
    answer = QMessageBox.question(parent, _("Remove this portal"), question.format(host=account.host))
    return answer is QMessageBox.StandardButton.Yes
