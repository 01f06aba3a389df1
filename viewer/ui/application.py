"""The running program: one application, one window at a time, and the passage between the first run and the portal.

A change of language builds the window anew: every text is asked for again, and the dialogue that was open is opened.
"""

import gc
import logging
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMainWindow

from viewer import i18n, resources
from viewer.i18n import _
from viewer.library.cache import FileCache
from viewer.library.drafts import Drafts
from viewer.library.drafts import default_path as drafts_path
from viewer.library.sources import Source, account_source, demo_source, saved_source
from viewer.settings import Account, Store
from viewer.ui import emoji, motion, room
from viewer.ui import theme as themes
from viewer.ui.desk import Desk
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow
from viewer.vault import Vault

if TYPE_CHECKING:
    from viewer.bitrix import Access, Portal, SignInServer
    from viewer.ui.accounts import Accounts
    from viewer.ui.prompts.accounts import AccountsDialog
    from viewer.ui.prompts.page import StepsPage

log = logging.getLogger(__name__)


def application(arguments: list[str] | None = None) -> QApplication:
    """The one QApplication, dressed."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(arguments or sys.argv[:1])
    # A conversation is tens of thousands of small records without cycles: looking through them all for garbage holds
    # the window for a tenth of a second each time. Measured on 10,000 messages: the longest pause 237 ms, then 114.
    gc.set_threshold(100_000, 50, 100)
    sys.setswitchinterval(0.001)  # a worker that parses hands the interpreter to the window five times as often
    themes.follow_system_text(app.font())
    app.setApplicationName("Open Lines Viewer")
    app.setDesktopFileName("openlines-viewer")
    app.setWindowIcon(QIcon(str(resources.path("icons", "app.svg"))))
    return app


def promise(vault: Vault) -> str:
    """Where the secret will be kept, in words."""
    if vault.status != "system":
        return _(
            "This computer offers no keyring: your secret stays in memory until the program ends, never in a file."
        )
    places = {"win32": _("the Windows Credential Manager"), "darwin": _("the macOS Keychain")}
    place = places.get(sys.platform, _("the system's keyring (Secret Service)"))
    return _("Your secret is kept in {place}, never in a settings file or a log.").format(place=place)


class Program(QObject):
    """Shows the first-run page or the window, and goes from one to the other.

    `opened` opens a portal that is being connected, `server` signs applications in; the network by default.
    """

    def __init__(
        self,
        app: QApplication,
        store: Store,
        vault: Callable[[], Vault],
        opened: "Callable[[Access, Path | None], Portal] | None" = None,
        server: "SignInServer | None" = None,
    ) -> None:
        super().__init__(app)
        self.app, self.store, self._open_vault = app, store, vault
        self._vault: Vault | None = None
        self.tasks = Tasks(self)
        self._opened, self._server = opened, server
        self.window: MainWindow | None = None
        self.welcome: QMainWindow | None = None
        self._last: Source | None = None
        self._drafts = Drafts(drafts_path() if store.path else None)
        self._demo_drafts = Drafts(None)  # the demo portal stores nothing
        self._qt_words = QTranslator(self)
        self._speak(store.value.language)
        i18n.use_zone(store.value.zone)
        self.theme = themes.theme(themes.ask_for(store.value.theme))
        themes.apply(app, self.theme)
        motion.use(app, store.value.motion)
        self._following = app.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def vault(self) -> Vault:
        """Where secrets live; found on first use."""
        if self._vault is None:
            self._vault = self._open_vault()
        return self._vault

    @cached_property
    def accounts(self) -> "Accounts":
        """What connects portals and looks after them; its prompts load when they are first needed."""
        from viewer.ui.accounts import Accounts

        made = Accounts(
            self.store, lambda: self.vault, self.tasks, opened=self._opened, server=self._server, parent=self
        )
        made.connected.connect(self._connected)
        made.removed.connect(self._removed)
        made.sign_in_asked.connect(self.show_sign_in)
        made.add_asked.connect(self.show_welcome)
        made.open_asked.connect(self._choose_account)
        return made

    # --- what is shown ---

    def show_source(self, source: Source, reference: str = "", message: int = 0) -> MainWindow:
        """Open the window on a portal; at a dialogue, and at a message of it, where they are named."""
        desk = Desk(Tasks())
        desk.use(source)
        window = MainWindow(desk, self.store, self.theme, self._demo_drafts if source.demo else self._drafts)
        window.theme_chosen.connect(self.choose_theme)
        window.language_chosen.connect(self.choose_language)
        window.account_chosen.connect(self._choose_account)
        window.demo_asked.connect(lambda: self.show_source(demo_source()))
        window.saved_asked.connect(lambda files: self.show_source(saved_source(files)))
        window.connect_asked.connect(self.show_welcome)
        window.manage_asked.connect(self.manage)
        window.painted.connect(emoji.lend)  # what takes time comes after the first paint
        window.painted.connect(lambda: window.start(reference, message))  # and loads the network library
        old = self.window or self.welcome
        self.window, self.welcome, self._last = window, None, source
        self._replace(old, window)
        return window

    def show_welcome(self) -> QMainWindow:
        """Open the first-run page."""
        from viewer.ui.prompts.welcome import WelcomePage

        page = WelcomePage(self.theme, promise(self.vault), can_go_back=self._last is not None)
        self.accounts.serve_welcome(page)
        page.back.connect(lambda: self._last and self.show_source(self._last))
        self._show_page(page)
        page.field.setFocus()
        assert self.welcome is not None
        return self.welcome

    def _show_page(self, page: "StepsPage") -> None:
        page.demo.connect(lambda: self.show_source(demo_source()))
        page.theme_chosen.connect(self.choose_theme)
        page.language_chosen.connect(self.choose_language)
        frame = QMainWindow()
        frame.setWindowTitle("Open Lines Viewer")
        room.place(frame, (1240, 800), least=(0, 520))
        frame.setCentralWidget(page)
        old = self.window or self.welcome
        self.window, self.welcome = None, frame
        self._replace(old, frame)

    def _replace(self, old: QMainWindow | None, new: QMainWindow) -> None:
        if old is not None:
            room.put_back(new, old.saveGeometry())
        new.show()
        if old is not None:
            old.close()
            old.deleteLater()

    # --- portals ---

    def show_sign_in(self, portal: str = "") -> QMainWindow:
        """Open the page on which an application signs in."""
        from viewer.ui.prompts.sign_in import SignInPage

        page = SignInPage(self.theme, promise(self.vault), portal=portal)
        self.accounts.serve_sign_in(page)
        page.back.connect(self.show_welcome)
        self._show_page(page)
        (page.client_id if portal else page.portal).setFocus()
        assert self.welcome is not None
        return self.welcome

    def manage(self) -> "AccountsDialog | None":
        """Open the list of portals over the window."""
        window = self.window
        if window is None:
            return None
        source = window.desk.source
        return self.accounts.manage(self.theme, promise(self.vault), window, source.key if source else "")

    def _connected(self, account: Account, problem: str = "") -> None:
        window = self.show_source(account_source(account, self.vault))
        if self.vault.status == "session":
            kept = _("The secret is kept for this session only; connect again next time.")
            window.conversation.notice.tell(f"{kept} {problem}".strip(), "warn")

    def _choose_account(self, key: str) -> None:
        for account in self.store.value.accounts:
            if account.key == key:
                self.store.change(account=key)
                self.show_source(account_source(account, self.vault))

    def _removed(self, key: str) -> None:
        """An account is gone: so are its drafts, and the window where it was shown."""
        window = self.window
        shown = window is not None and window.desk.source is not None and window.desk.source.key == key
        if window is not None and shown:
            window.reviewer.leave()
        self._drafts.forget(key)
        FileCache(key).clear()
        if shown:
            self._last = None
            self.show_welcome()

    # --- looks and language ---

    def choose_theme(self, name: str) -> None:
        """Wear a theme from now on; "" follows the system."""
        self.store.change(theme=name)
        self._wear(themes.ask_for(name))

    def choose_language(self, code: str) -> None:
        """Speak a language from now on."""
        self.store.change(language=code)
        self._speak(code)
        if self.welcome is not None:
            self._page_again()
        elif self.window is not None and self.window.desk.source is not None:
            old, desk = self.window, self.window.desk
            place, chosen = old.places.now, old.preferences.dialog_place
            reference = str(desk.reference) if desk.reference else ""
            new = self.show_source(self.window.desk.source, reference, place.message if place else 0)
            if chosen is not None:
                new.preferences.open(chosen)

    def _page_again(self) -> None:
        from viewer.ui.prompts.sign_in import SignInPage

        page = self.welcome.centralWidget() if self.welcome is not None else None
        if isinstance(page, SignInPage):
            self.show_sign_in(page.portal.text())
        else:
            self.show_welcome()

    def _speak(self, code: str) -> None:
        """Speak a language, and let Qt's own prompts and menus speak it too."""
        i18n.use(code)
        self.app.removeTranslator(self._qt_words)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._qt_words.load(f"qtbase_{i18n.language()}", folder):
            self.app.installTranslator(self._qt_words)

    def _system_changed(self) -> None:
        if not self.store.value.theme:
            self._wear(themes.system_scheme())

    def _wear(self, name: str) -> None:
        if self.window is not None:
            self.window.preferences.refresh()
        if name == self.theme.name:  # so the system is heard that only does what it was asked for
            return
        self.theme = themes.theme(name)
        themes.apply(self.app, self.theme)
        if self.window is not None:
            self.window.set_theme(self.theme)
        if self.welcome is not None:
            from viewer.ui.prompts.page import StepsPage

            page = self.welcome.centralWidget()
            if isinstance(page, StepsPage):
                page.set_theme(self.theme)

    def close(self) -> None:
        """End all work."""
        QObject.disconnect(self._following)
        self.tasks.close()
        if self.window is not None:
            self.window.close()
        if self.welcome is not None:
            self.welcome.close()
