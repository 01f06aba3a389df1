"""Accounts: from what the vault keeps to what opens a portal, and back; signing an application in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from viewer.bitrix import (
    Access,
    Cancel,
    Checked,
    Grant,
    OAuth,
    Portal,
    SignIn,
    SignInServer,
    Webhook,
    connection,
)
from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.library.alone import alone
from viewer.settings import Account
from viewer.vault import Entry, Vault


class Kept:
    """The sign-in of one account in the vault, shared by all windows."""

    def __init__(self, vault: Vault, account: str) -> None:
        self._vault = vault
        self._account = account

    def load(self) -> Grant | None:
        """What is kept, None when it is no sign-in (any more). Raises VaultError, SignInAgain."""
        text = self._vault.load(self._account)
        entry = Entry.read(text) if text else None
        return Grant.read(entry.values) if entry and entry.kind == "oauth" else None

    def save(self, grant: Grant) -> None:
        """Keep this in the place of what was kept. Raises VaultError."""
        self._vault.save(self._account, Entry("oauth", grant.values()).text())

    def alone(self) -> AbstractContextManager[bool]:
        """Hold it against all other windows."""
        return alone(self._account)


def authority_of(account: Account) -> Path | None:
    """The file with further certificates to trust for this account, None when it has none."""
    return Path(account.authority) if account.authority else None


def access_of(account: Account, vault: Vault, server: SignInServer | None = None) -> Access:
    """What opens the portal of an account. Raises VaultError, SignInAgain, ViewerError when nothing is kept.

    `server` signs applications in; by default the account's own over the network.
    """
    text = vault.load(account.key)
    if not text:
        raise _gone(account)
    entry = Entry.read(text)
    if entry.kind == "oauth":
        server = server or SignInServer(authority=authority_of(account))
        return OAuth(Grant.read(entry.values), Kept(vault, account.key), server)
    return Webhook.parse(entry.values.get("address", ""))


def _gone(account: Account) -> ViewerError:
    title = (
        _("The sign-in to {host} is not on this computer.")
        if account.kind == "oauth"
        else _("The webhook of {host} is not on this computer.")
    )
    return ViewerError(
        title.format(host=account.host),
        _("It was kept for one session only, or removed from the system's keyring."),
        _("Connect the portal again."),
    )


def keep_webhook(vault: Vault, webhook: Webhook, checked: Checked, *, authority: str = "") -> Account:
    """Keep a webhook that was checked, and return its account. Raises VaultError."""
    account = Account(webhook.key, webhook.host, name=webhook.host, user_name=checked.user_name, authority=authority)
    vault.save(account.key, Entry("webhook", {"address": webhook.address.reveal()}).text())
    return account


# --- signing an application in ---


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that works, not kept yet, and what the portal told of it."""

    access: OAuth
    checked: Checked
    authority: str = ""

    @property
    def key(self) -> str:
        """What its account is called: the portal and the user, told from a webhook of the same user."""
        return f"{self.access.root.partition('://')[2]}#{self.checked.user_id}-oauth"

    def keep(self, vault: Vault) -> Account:
        """Keep it, and return its account. Raises VaultError."""
        application = self.access.grant.application
        account = Account(
            self.key,
            self.access.host,
            name=self.access.host,
            user_name=self.checked.user_name,
            kind="oauth",
            auth_host=application.server_host,
            authority=self.authority,
        )
        Kept(vault, account.key).save(self.access.grant)
        return account


def sign_in(
    started: SignIn,
    pasted: str,
    *,
    authority: str = "",
    cancel: Cancel | None = None,
    server: SignInServer | None = None,
) -> OAuth:
    """The sign-in that the browser began: `pasted` is the address landed on, or the code in it.

    Raises BadSignIn for what was pasted, SignInAgain when it came too late, and other kinds of PortalError.
    The sign-in is not kept yet: it is for `check_sign_in`.
    """
    server = server or SignInServer(authority=Path(authority) if authority else None)
    return OAuth(server.exchange(started.application, started.code(pasted), cancel=cancel), server=server)


def check_sign_in(
    access: OAuth,
    *,
    authority: str = "",
    cancel: Cancel | None = None,
    opened: Callable[[Access, Path | None], Portal] | None = None,
) -> SignedIn:
    """Try a sign-in. It may be tried again with the same `access` after what was missing has been put right.

    Raises MissingScope and other kinds of PortalError. `opened` opens a portal, over the network by default.
    """
    file = Path(authority) if authority else None
    portal = opened(access, file) if opened else Portal(access, authority=file)
    try:
        return SignedIn(access, connection.check(portal, cancel=cancel), authority)
    finally:
        portal.close()
