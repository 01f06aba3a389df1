"""What the windows of one program share: settings, secrets, drafts, looks, and which portal a link is about."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject

from viewer.errors import ViewerError
from viewer.library.drafts import Drafts
from viewer.library.drafts import default_path as drafts_path
from viewer.library.sources import Source, chosen_source
from viewer.settings import Account, Store
from viewer.ui import theme as themes
from viewer.ui.tasks import Tasks
from viewer.ui.theme import Theme
from viewer.vault import Vault

if TYPE_CHECKING:
    from pathlib import Path

    from viewer.bitrix import Access, Portal, SignInServer

log = logging.getLogger(__name__)


class Shared(QObject):
    """The same for every window. `demo` is a run on the demo portal, which stores nothing.

    `theme` is what is worn now. `opened` and `server` replace the network in tests.
    """

    def __init__(
        self,
        store: Store,
        vault: Callable[[], Vault],
        opened: "Callable[[Access, Path | None], Portal] | None",
        server: "SignInServer | None",
        *,
        demo: bool,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.store, self.demo, self._open_vault = store, demo, vault
        self.opened, self.server = opened, server
        self.tasks = Tasks(self)
        self.theme: Theme = themes.theme(themes.ask_for(store.value.theme))
        self.all_drafts = Drafts(drafts_path() if store.path else None)
        self._vault: Vault | None = None
        self._demo_drafts = Drafts(None)  # the demo portal stores nothing

    @property
    def vault(self) -> Vault:
        """Where secrets live; found on first use."""
        if self._vault is None:
            self._vault = self._open_vault()
        return self._vault

    def drafts(self, source: Source) -> Drafts:
        """Where the ratings that were written on a portal, and not saved, are kept."""
        return self._demo_drafts if source.demo else self.all_drafts

    def portal(self) -> Source | None:
        """The portal that is opened where none is named; None when none is connected."""
        try:
            return chosen_source(self.store.value, lambda: self.vault, demo=self.demo)
        except ViewerError as error:
            log.info("no portal to open: %s", type(error).__name__)
            return None

    def account_of(self, link: str) -> Account | None:
        """The account on the portal that a link leads to, the current one first; None for a text without a host."""
        try:
            host = urlsplit(link).hostname if "://" in link else None
        except ValueError:
            return None
        known = sorted(self.store.value.accounts, key=lambda account: account.key != self.store.value.account)
        return next((account for account in known if host and not self.demo and account.host == host), None)
