"""Where dialogues come from: the demo portal, an account of the settings, or a webhook in the environment.

A source knows how to open its portal and opens it only when asked, so that the window paints before the network
library is loaded.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.settings import Account, Settings
from viewer.vault import Vault

if TYPE_CHECKING:
    from viewer.bitrix import Access, Pace, Portal
    from viewer.demo import DemoPortal

ENVIRONMENT = "OPENLINES_WEBHOOK"


@dataclass(frozen=True, slots=True)
class Source:
    """A portal that can be opened, and what it is called. `demo` keeps nothing on this computer.

    `authority` is the file with further certificates that the portal is opened with. `files` are saved answers that
    stand in the place of a portal: one conversation, and nobody to ask for more.
    """

    key: str
    title: str
    host: str
    open: Callable[[], "Portal"]
    user_name: str = ""
    demo: bool = False
    authority: Path | None = None
    files: tuple[Path, ...] = ()

    @property
    def root(self) -> str:
        """The portal's address, for links relative to it; empty where it is not known."""
        return f"https://{self.host}" if self.host else ""


def demo_source() -> Source:
    """The embedded demo portal: the real client over a transport without a socket.

    However often it is opened, it is the same portal, with one pace: ratings given to it stay until the program ends.
    """
    host = "zerno.bitrix24.example"

    @cache
    def demo() -> tuple["DemoPortal", "Pace"]:
        from viewer.bitrix import Pace
        from viewer.demo import DemoPortal

        portal = DemoPortal(limits=False, today=date.today())  # noqa: DTZ011 (the day on the user's wall)
        return portal, Pace(rate=50, burst=500)

    def opened() -> "Portal":
        from viewer.bitrix import Portal, Webhook, embedded

        portal, pace = demo()
        return Portal(Webhook.parse(portal.WEBHOOK), transport=embedded(portal.respond), pace=pace)

    return Source("demo", "Зерно и Ко", host, opened, user_name="Марина Лещенко", demo=True)


def _open(access: "Access", authority: Path | None = None) -> "Portal":
    from viewer.bitrix import Portal

    return Portal(access, authority=authority)


def account_source(account: Account, vault: Vault) -> Source:
    """An account the user connected, its secret taken from the vault when the portal is opened."""
    authority = Path(account.authority) if account.authority else None

    def opened() -> "Portal":
        from viewer.library.accounts import access_of

        return _open(access_of(account, vault), authority)

    title = account.name or account.host
    return Source(account.key, title, account.host, opened, user_name=account.user_name, authority=authority)


def saved_source(files: tuple[Path, ...]) -> Source:
    """Saved answers in the place of a portal, of which nothing is known: nothing is asked, rated or kept."""

    def opened() -> "Portal":
        raise ViewerError(
            _("This dialogue was read from a file."), _("What is not in the file can only be seen on the portal.")
        )

    return Source("", ", ".join(file.name for file in files), "", opened, demo=True, files=files)


def webhook_source(text: str) -> Source:
    """A webhook address that is not (yet) kept anywhere."""
    from viewer.bitrix import Webhook

    webhook = Webhook.parse(text)
    return Source(webhook.key, webhook.host, webhook.host, lambda: _open(webhook))


def named_account(settings: Settings, name: str) -> Account:
    """The account of a key, a name or a host, however it is capitalised. Raises ViewerError when there is none."""
    for known in settings.accounts:
        if name.casefold() in (known.key.casefold(), known.name.casefold(), known.host.casefold()):
            return known
    names = ", ".join(known.name or known.host for known in settings.accounts) or "—"
    raise ViewerError(
        _("No account is called “{name}”.").format(name=name), _("Connected: {names}.").format(names=names)
    )


def chosen_source(settings: Settings, vault: Callable[[], Vault], *, demo: bool = False, account: str = "") -> Source:
    """The source that a command line names: --demo, --account, the environment, or the account last used.

    Raises ViewerError when there is none.
    """
    if demo:
        return demo_source()
    if account:
        return account_source(named_account(settings, account), vault())
    if os.environ.get(ENVIRONMENT):
        return webhook_source(os.environ[ENVIRONMENT])
    for known in settings.accounts:
        if known.key == settings.account:
            return account_source(known, vault())
    raise ViewerError(
        _("No portal is connected."),
        _("There is no account in the settings and no webhook in {variable}.").format(variable=ENVIRONMENT),
        _("Start the window and paste a webhook address, or try --demo."),
    )
