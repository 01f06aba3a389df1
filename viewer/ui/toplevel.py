"""One window on the screen and what it shows in turn: a portal, saved answers, or a page that connects a portal."""

import logging
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow

from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.library.named import LONGEST, NO_DIALOGUE, check_files, short_name, what_is_named
from viewer.library.sources import Source, account_source, demo_source, named_account, saved_source
from viewer.settings import Account
from viewer.ui import emoji, room
from viewer.ui.desk import Desk
from viewer.ui.dropping import DropIn
from viewer.ui.shared import Shared
from viewer.ui.tasks import Task, Tasks
from viewer.ui.window import MainWindow
from viewer.vault import Vault

if TYPE_CHECKING:
    from viewer.ui.accounts import Accounts
    from viewer.ui.prompts.accounts import AccountsDialog
    from viewer.ui.prompts.page import StepsPage

log = logging.getLogger(__name__)


def promise(vault: Vault) -> str:
    """Where the secret will be kept, in words."""
    if vault.status != "system":
        return _(
            "This computer offers no keyring: your secret stays in memory until the program ends, never in a file."
        )
    places = {"win32": _("the Windows Credential Manager"), "darwin": _("the macOS Keychain")}
    place = places.get(sys.platform, _("the system's keyring (Secret Service)"))
    return _("Your secret is kept in {place}, never in a settings file or a log.").format(place=place)


class TopLevel(QObject):
    """A window of the program.

    Signals: `activated()` when it came to the front, `closed()` when the user closed it; what concerns all windows:
    `theme_chosen(str)`, `language_chosen(str)`, `window_asked(Source)`, `account_removed(str)` by key. `window` is what
    it shows of a portal, `welcome` the frame of a page that connects one; one of them at a time.
    """

    activated = Signal()
    closed = Signal()
    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    window_asked = Signal(object)
    account_removed = Signal(str)

    def __init__(self, shared: Shared, beside: QMainWindow | None = None, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shared = shared
        self._beside = beside
        self.window: MainWindow | None = None
        self.welcome: QMainWindow | None = None
        self._last: Source | None = None
        self._beginning: tuple[str, int] | None = None  # where a window that is not painted yet will begin
        self._untold: tuple[str, str] | None = None  # and what is to be told then: opening a dialogue clears the notice
        self._waiting = ""  # a dialogue that was asked for before there is a portal to open it on
        self._checking: Task | None = None

    @property
    def frame(self) -> QMainWindow | None:
        """What stands on the screen, None before anything does."""
        return self.window or self.welcome

    @cached_property
    def accounts(self) -> "Accounts":
        """What connects portals and looks after them; its prompts load when they are first needed."""
        from viewer.ui.accounts import Accounts

        shared = self._shared
        made = Accounts(
            shared.store,
            lambda: shared.vault,
            shared.tasks,
            opened=shared.opened,
            server=shared.server,
            parent=self,
        )
        made.connected.connect(self._connected)
        made.removed.connect(self.account_removed)
        made.sign_in_asked.connect(self.show_sign_in)
        made.add_asked.connect(self.show_welcome)
        made.open_asked.connect(self.choose_account)
        return made

    # --- what is asked for from outside ---

    def open(self, texts: Sequence[str], folder: Path, account: str = "") -> None:
        """Open what is named: saved answers, else a dialogue on the portal; without a name, just be there.

        `account` is the key of the portal to open. What names nothing is told, and what is shown stays.
        """
        named = what_is_named(texts, folder)
        reference = named.references[0][:LONGEST] if named.references else ""
        if named.files:
            self._open_files(named.files)
        elif account:
            self._open_account(account, reference)
        elif reference:
            self._open_reference(reference)
        elif self.frame is None:
            self._show_portal()
        if named.unknown and not named.files and not reference:
            self.tell(_(NO_DIALOGUE), "warn")

    def take_dropped(self, texts: tuple[str, ...]) -> None:
        """Open what was dropped on the window, a dialogue on the portal that it shows."""
        named = what_is_named(texts, Path())
        if self.window is not None and named.references and not named.files:
            self.window.open_text(named.references[0])
        else:
            self.open(texts, Path())

    def come_to_front(self) -> None:
        """Show the window, whatever stands before it, as far as the desktop allows."""
        frame = self.frame
        if frame is not None:
            if frame.isMinimized():
                frame.setWindowState(frame.windowState() & ~Qt.WindowState.WindowMinimized)
            frame.show()
            frame.raise_()
            frame.activateWindow()

    def _open_account(self, name: str, reference: str) -> None:
        """Show the portal of an account; one that is gone meanwhile is told."""
        try:
            self.choose_account(named_account(self._shared.store.value, name).key, reference)
        except ViewerError as error:
            if self.frame is None:
                self._show_portal()
            self.tell(str(error), "bad")

    def _open_reference(self, reference: str) -> None:
        """Open a dialogue on the portal that its link names, else on the one that is shown; without a portal it waits.

        A page that connects a portal stays, with what was typed on it.
        """
        window, named = self.window, self._shared.account_of(reference)
        shown = window.desk.source if window is not None else None
        if self.welcome is not None:
            self._waiting = reference
            self._tell_waiting()
        elif named is not None and (shown is None or shown.host != named.host or not self._is_portal(shown)):
            self.choose_account(named.key, reference)
        elif window is not None and self._is_portal(shown):
            if self._beginning is not None:
                self._beginning = (reference, 0)
            else:
                window.open_text(reference)
        elif portal := self._portal():
            self.show_source(portal, reference)
        elif window is not None:
            self._waiting = reference
            words = _("{reference} opens after connecting.").format(reference=short_name(reference))
            window.conversation.notice.tell(words, "info", [(_("Connect a portal…"), self.show_welcome)])
        else:
            self._waiting = reference
            self.show_welcome()

    def _open_files(self, files: tuple[Path, ...]) -> None:
        """Open saved answers in the place of what is shown, once they were found good."""
        if self.frame is None:  # nothing to keep: what is wrong within them is told in their place
            try:
                check_files(files)
            except ViewerError as error:
                self._show_portal()
                self.tell(str(error), "bad")
            else:
                self.show_source(saved_source(files))
            return

        def work(_cancel: Event) -> int:
            from viewer.library import open_saved

            check_files(files)
            return sum(len(batch.messages) for batch in open_saved(files))

        def refused(error: ViewerError) -> None:
            names = ", ".join(file.name for file in files)
            self.tell(str(error) if names in error.title else f"{names}: {error}", "bad")

        if self._checking is not None:
            self._checking.cancel()
        self._checking = self._shared.tasks.run(
            work, on_done=lambda _count: self.show_source(saved_source(files)), on_failure=refused
        )

    def tell(self, words: str, tone: str) -> None:
        """Say something in what is shown."""
        page = self._page()
        if self._beginning is not None:
            self._untold = (words, tone)
        elif self.window is not None:
            self.window.conversation.notice.tell(words, tone)
        elif page is not None:
            page.note(words)

    def _is_portal(self, source: Source | None) -> bool:
        """Whether links may open there: not where files stand in the place of a portal, nor on the demo portal, which
        only `--demo` starts are about.
        """
        return source is not None and not source.files and source.demo == self._shared.demo

    def _portal(self) -> Source | None:
        """The portal that is opened where none is named, None when none is connected."""
        return self._last if self._is_portal(self._last) else self._shared.portal()

    def _show_portal(self) -> None:
        portal = self._portal()
        if portal is not None:
            self.show_source(portal)
        else:
            self.show_welcome()

    # --- what is shown ---

    def show_source(self, source: Source, reference: str = "", message: int = 0) -> MainWindow:
        """Show a portal; at a dialogue, and at a message of it, where they are named."""
        shared = self._shared
        if self._waiting and self._is_portal(source):
            reference, self._waiting = reference or self._waiting, ""
        desk = Desk(Tasks())
        desk.use(source)
        window = MainWindow(desk, shared.store, shared.theme, shared.drafts(source))
        window.theme_chosen.connect(self.theme_chosen)
        window.language_chosen.connect(self.language_chosen)
        window.account_chosen.connect(self.choose_account)
        window.demo_asked.connect(lambda: self.show_source(demo_source()))
        window.connect_asked.connect(self.show_welcome)
        window.manage_asked.connect(self.manage)
        window.window_asked.connect(lambda: self.window_asked.emit(source))
        window.painted.connect(emoji.lend)  # what takes time comes after the first paint
        window.painted.connect(self._begin)  # and loads the network library
        self._beginning, self._untold = (reference, message), None
        old = self.frame
        self.window, self.welcome, self._last = window, None, source
        self._replace(old, window)
        return window

    def _begin(self) -> None:
        """The window stands on the screen: read the list and what was asked for."""
        if self.window is not None and self._beginning is not None:
            (reference, message), self._beginning = self._beginning, None
            self.window.start(reference, message)
            if self._untold is not None:
                told, self._untold = self._untold, None
                self.tell(*told)

    def show_welcome(self) -> QMainWindow:
        """Open the first-run page."""
        from viewer.ui.prompts.welcome import WelcomePage

        shared = self._shared
        page = WelcomePage(shared.theme, promise(shared.vault), can_go_back=self._last is not None)
        self.accounts.serve_welcome(page)
        page.back.connect(lambda: self._last and self.show_source(self._last))
        frame = self._show_page(page)
        page.field.setFocus()
        log.info("shown: the first page")
        return frame

    def show_sign_in(self, portal: str = "") -> QMainWindow:
        """Open the page on which an application signs in."""
        from viewer.ui.prompts.sign_in import SignInPage

        page = SignInPage(self._shared.theme, promise(self._shared.vault), portal=portal)
        self.accounts.serve_sign_in(page)
        page.back.connect(self.show_welcome)
        frame = self._show_page(page)
        (page.client_id if portal else page.portal).setFocus()
        return frame

    def _show_page(self, page: "StepsPage") -> QMainWindow:
        page.demo.connect(lambda: self.show_source(demo_source()))
        page.theme_chosen.connect(self.theme_chosen)
        page.language_chosen.connect(self.language_chosen)
        frame = QMainWindow()
        frame.setWindowTitle("Open Lines Viewer")
        room.place(frame, (1240, 800), least=(0, 520))
        frame.setCentralWidget(page)
        old = self.frame
        self.window, self.welcome, self._beginning = None, frame, None
        self._tell_waiting()
        self._replace(old, frame)
        return frame

    def _tell_waiting(self) -> None:
        page = self._page()
        if page is not None and self._waiting:
            log.info("waits for a portal: %s", short_name(self._waiting))
            page.note(_("{reference} opens after connecting.").format(reference=short_name(self._waiting)))

    def _page(self) -> "StepsPage | None":
        from viewer.ui.prompts.page import StepsPage

        page = self.welcome.centralWidget() if self.welcome is not None else None
        return page if isinstance(page, StepsPage) else None

    def _replace(self, old: QMainWindow | None, new: QMainWindow) -> None:
        DropIn(new).dropped.connect(self.take_dropped)
        if old is not None:
            old.removeEventFilter(self)
            room.put_back(new, old.saveGeometry())
        elif self._beside is not None:
            room.stand_aside(new, self._beside)
        new.installEventFilter(self)
        new.show()
        if old is not None:
            old.close()
            old.deleteLater()

    # --- portals ---

    def choose_account(self, key: str, reference: str = "") -> None:
        """Show the portal of an account."""
        for account in self._shared.store.value.accounts:
            if account.key == key:
                self._shared.store.change(account=key)
                self.show_source(account_source(account, self._shared.vault), reference)

    def manage(self) -> "AccountsDialog | None":
        """Open the list of portals over the window."""
        window, shared = self.window, self._shared
        if window is None:
            return None
        source = window.desk.source
        return self.accounts.manage(shared.theme, promise(shared.vault), window, source.key if source else "")

    def forget(self, key: str) -> None:
        """An account is gone: where it was shown, a portal is connected."""
        window, page = self.window, self._page()
        if self._last is not None and self._last.key == key:
            self._last = None
            if page is not None:
                page.brand.back.hide()
        if window is not None and window.desk.source is not None and window.desk.source.key == key:
            window.reviewer.leave()
            self.show_welcome()

    def _connected(self, account: Account, problem: str = "") -> None:
        vault = self._shared.vault
        self.show_source(account_source(account, vault))
        if vault.status == "session":
            kept = _("The secret is kept for this session only; connect again next time.")
            self.tell(f"{kept} {problem}".strip(), "warn")

    # --- looks and language ---

    def speak_again(self) -> None:
        """Ask for every text anew, in the language that is spoken now; what was open is opened again."""
        from viewer.ui.prompts.sign_in import SignInPage

        page, old = self._page(), self.window
        if isinstance(page, SignInPage):
            self.show_sign_in(page.portal.text())
        elif page is not None:
            self.show_welcome()
        elif old is not None and old.desk.source is not None:
            place, chosen = old.places.now, old.preferences.dialog_place
            reference = str(old.desk.reference) if old.desk.reference else ""
            new = self.show_source(old.desk.source, reference, place.message if place else 0)
            if chosen is not None:
                new.preferences.open(chosen)

    def wear(self) -> None:
        """Take the colours that the program wears now."""
        page = self._page()
        if self.window is not None:
            self.window.set_theme(self._shared.theme)
        elif page is not None:
            page.set_theme(self._shared.theme)

    def close(self) -> None:
        """Close what is shown."""
        if self.frame is not None:
            self.frame.removeEventFilter(self)
            self.frame.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.WindowActivate:
            self.activated.emit()
        elif event.type() is QEvent.Type.Close and watched is self.frame:
            self.closed.emit()
        return super().eventFilter(watched, event)
