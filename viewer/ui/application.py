"""The running program: one application, one window at a time, and the passage between the first run and the portal.

A change of language builds the window anew: every text is asked for again, and the dialogue that was open is opened.
"""

import gc
import logging
import sys
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMainWindow

from viewer import i18n, resources
from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.library.drafts import Drafts
from viewer.library.drafts import default_path as drafts_path
from viewer.library.sources import Source, account_source, demo_source
from viewer.settings import Account, Store
from viewer.ui import theme as themes
from viewer.ui.desk import Desk
from viewer.ui.exporter import confirm_removal
from viewer.ui.prompts.welcome import WelcomePage
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow
from viewer.vault import MemoryVault, Vault

if TYPE_CHECKING:
    from viewer.bitrix import Portal, Webhook
    from viewer.library import Connected

log = logging.getLogger(__name__)


def application(arguments: list[str] | None = None) -> QApplication:
    """The one QApplication, dressed."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(arguments or sys.argv[:1])
    # A conversation is tens of thousands of small records without cycles: looking through them all for garbage holds
    # the window for a tenth of a second each time. Measured on 10,000 messages: the longest pause 237 ms, then 114.
    gc.set_threshold(100_000, 50, 100)
    sys.setswitchinterval(0.001)  # a worker that parses hands the interpreter to the window five times as often
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

    `open_webhook` opens a portal that is being connected; the network by default.
    """

    def __init__(
        self,
        app: QApplication,
        store: Store,
        vault: Callable[[], Vault],
        open_webhook: "Callable[[Webhook], Portal] | None" = None,
    ) -> None:
        super().__init__(app)
        self.app, self.store, self._open_vault = app, store, vault
        self.open_webhook = open_webhook
        self._found: Connected | None = None
        self._vault: Vault | None = None
        self.tasks = Tasks(self)
        self.window: MainWindow | None = None
        self.welcome: QMainWindow | None = None
        self._last: Source | None = None
        self._drafts = Drafts(drafts_path() if store.path else None)
        self._demo_drafts = Drafts(None)  # the demo portal stores nothing
        self._qt_words = QTranslator(self)
        self._speak(store.value.language)
        self.theme = themes.theme(store.value.theme or themes.system_scheme())
        themes.apply(app, self.theme)
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def vault(self) -> Vault:
        """Where secrets live; found on first use."""
        if self._vault is None:
            self._vault = self._open_vault()
        return self._vault

    # --- what is shown ---

    def show_source(self, source: Source, reference: str = "") -> MainWindow:
        """Open the window on a portal."""
        desk = Desk(Tasks())
        desk.use(source)
        window = MainWindow(desk, self.store, self.theme, self._demo_drafts if source.demo else self._drafts)
        window.theme_chosen.connect(self.choose_theme)
        window.language_chosen.connect(self.choose_language)
        window.account_chosen.connect(self._choose_account)
        window.demo_asked.connect(lambda: self.show_source(demo_source()))
        window.connect_asked.connect(self.show_welcome)
        window.remove_asked.connect(self._remove_account)
        window.painted.connect(lambda: window.start(reference))  # the network library loads after the first paint
        old = self.window or self.welcome
        self.window, self.welcome, self._last = window, None, source
        self._replace(old, window)
        return window

    def show_welcome(self) -> QMainWindow:
        """Open the first-run page."""
        page = WelcomePage(self.theme, promise(self.vault), can_go_back=self._last is not None)
        page.check.connect(lambda text: self._check(page, text))
        page.connect_asked.connect(self._connect)
        page.demo.connect(lambda: self.show_source(demo_source()))
        page.back.connect(lambda: self._last and self.show_source(self._last))
        page.theme_chosen.connect(self.choose_theme)
        page.language_chosen.connect(self.choose_language)
        frame = QMainWindow()
        frame.setWindowTitle("Open Lines Viewer")
        frame.setMinimumSize(720, 520)
        frame.resize(1240, 800)
        frame.setCentralWidget(page)
        old = self.window or self.welcome
        self.window, self.welcome = None, frame
        self._replace(old, frame)
        page.field.setFocus()
        return frame

    def _replace(self, old: QMainWindow | None, new: QMainWindow) -> None:
        if old is not None:
            new.resize(old.size())
        new.show()
        if old is not None:
            old.close()
            old.deleteLater()

    # --- the first run ---

    def _check(self, page: WelcomePage, text: str) -> None:
        from viewer.library import connect

        def work(cancel: Event) -> "Connected":
            return connect(text, cancel=cancel, opened=self.open_webhook)

        page.show_checking()
        self.tasks.run(work, on_done=lambda found: self._checked(page, text, found), on_failure=page.show_error)

    def _checked(self, page: WelcomePage, text: str, found: "Connected | None") -> None:
        if found is None or page.field.text() != text:  # edited meanwhile: the answer is about another address
            return
        self._found = found
        page.show_checked(found.webhook.host, found.checked)

    def _connect(self) -> None:
        """Keep the webhook that was checked: in the keyring, else for this session."""
        if self._found is None:
            return
        webhook, checked = self._found.webhook, self._found.checked
        account = Account(webhook.key, webhook.host, name=webhook.host, user_name=checked.user_name)
        secret = webhook.address.reveal()
        vault = self.vault

        def work(_cancel: Event) -> None:
            vault.save(account.key, secret)

        def kept_for_session(error: ViewerError) -> None:
            self._vault = MemoryVault()
            self._vault.save(account.key, secret)
            self._connected(account, error.detail)

        self.tasks.run(work, on_done=lambda _none: self._connected(account), on_failure=kept_for_session)

    def _connected(self, account: Account, problem: str = "") -> None:
        self._found = None
        self.store.put(self.store.value.with_account(account))
        window = self.show_source(account_source(account, self.vault))
        if self.vault.status == "session":
            words = _("The webhook is kept for this session only; paste it again next time.")
            window.conversation.notice.tell(f"{words} {problem}".strip(), "warn")

    def _choose_account(self, key: str) -> None:
        for account in self.store.value.accounts:
            if account.key == key:
                self.store.change(account=key)
                self.show_source(account_source(account, self.vault))

    def _remove_account(self) -> None:
        window = self.window
        source = window.desk.source if window else None
        if window is None or source is None or not confirm_removal(window, source.host):
            return
        vault, key = self.vault, source.key

        def work(_cancel: Event) -> None:
            vault.delete(key)

        self.store.put(self.store.value.without_account(key))
        window.reviewer.leave()
        self._drafts.forget(key)
        self._last = None
        self.tasks.run(work)
        self.show_welcome()

    # --- looks and language ---

    def choose_theme(self, name: str) -> None:
        """Wear a theme from now on; "" follows the system."""
        self.store.change(theme=name)
        self._wear(name or themes.system_scheme())

    def choose_language(self, code: str) -> None:
        """Speak a language from now on."""
        self.store.change(language=code)
        self._speak(code)
        if self.welcome is not None:
            self.show_welcome()
        elif self.window is not None and self.window.desk.source is not None:
            desk = self.window.desk
            self.show_source(self.window.desk.source, str(desk.reference) if desk.reference else "")

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
        self.theme = themes.theme(name)
        themes.apply(self.app, self.theme)
        if self.window is not None:
            self.window.set_theme(self.theme)
        if self.welcome is not None:
            page = self.welcome.centralWidget()
            if isinstance(page, WelcomePage):
                page.set_theme(self.theme)

    def close(self) -> None:
        """End all work."""
        self.tasks.close()
        if self.window is not None:
            self.window.close()
        if self.welcome is not None:
            self.welcome.close()
