"""The running program: one application, its windows, and what they share: settings, vault, drafts, looks, language.

A change of language builds the windows anew: every text is asked for again, and the dialogue that was open is opened.
"""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from viewer import i18n, resources
from viewer.i18n import _
from viewer.library.cache import FileCache
from viewer.library.sources import Source
from viewer.settings import Store
from viewer.ui import motion
from viewer.ui import theme as themes
from viewer.ui.instance import Request
from viewer.ui.shared import Shared
from viewer.ui.toplevel import TopLevel
from viewer.vault import Vault

if TYPE_CHECKING:
    from viewer.bitrix import Access, Portal, SignInServer


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
    app.setDesktopFileName("app.openlines.viewer")
    app.setWindowIcon(QIcon(str(resources.path("icons", "app.svg"))))
    return app


class Program(QObject):
    """Opens windows and looks after what they share. `demo` is a run on the demo portal, which stores nothing.

    `opened` and `server` replace the network in tests.
    """

    def __init__(
        self,
        app: QApplication,
        store: Store,
        vault: Callable[[], Vault],
        opened: "Callable[[Access, Path | None], Portal] | None" = None,
        server: "SignInServer | None" = None,
        *,
        demo: bool = False,
    ) -> None:
        super().__init__(app)
        self.app, self.store = app, store
        self.shared = Shared(store, vault, opened, server, demo=demo, parent=self)
        self._windows: list[TopLevel] = []  # the one that was last in front first
        self._qt_words = QTranslator(self)
        self._speak(store.value.language)
        i18n.use_zone(store.value.zone)
        themes.apply(app, self.shared.theme)
        motion.use(app, store.value.motion)
        store.on_trouble = self._settings_refused
        self._following = app.styleHints().colorSchemeChanged.connect(self._system_changed)

    # --- windows ---

    @property
    def windows(self) -> tuple[TopLevel, ...]:
        """The windows on the screen, the one that was last in front first."""
        return tuple(self._windows)

    @property
    def front(self) -> TopLevel:
        """The window that was last in front; the first one, yet to show something, where there is none."""
        return self._windows[0] if self._windows else self._add()

    def take(self, request: Request) -> None:
        """Do what a start of the program asks for, in the window in front or a new one, and bring it to the front."""
        window = self._add() if request.new_window else self.front
        window.open(request.named, Path(request.folder), request.account)
        if request.activation:  # Qt hands it to the desktop with the next window that asks for the front
            os.environ["XDG_ACTIVATION_TOKEN"] = request.activation
        if self.store.trouble is not None:  # since before there was a window to tell it in
            self._settings_refused(self.store.trouble)
        window.come_to_front()
        os.environ.pop("XDG_ACTIVATION_TOKEN", None)

    def _settings_refused(self, trouble: OSError | None) -> None:
        """The disk does not let the settings be read or written, or does so again: nothing is lost until the end."""
        if trouble is not None and self._windows and self.store.path is not None:
            from viewer.export.files import unwritable

            words = _("Your settings cannot be written now. They are kept until the program ends, and tried again.")
            self.front.tell(f"{words} {unwritable(self.store.path, trouble)}", "warn")

    def open_beside(self, window: TopLevel, source: Source) -> TopLevel:
        """Open a further window on the same portal."""
        made = self._add(window)
        made.show_source(source)
        return made

    def _add(self, beside: TopLevel | None = None) -> TopLevel:
        before = beside or (self._windows[0] if self._windows else None)
        made = TopLevel(self.shared, before.frame if before is not None else None, parent=self)
        made.theme_chosen.connect(self.choose_theme)
        made.language_chosen.connect(self.choose_language)
        made.window_asked.connect(lambda source: self.open_beside(made, source))
        made.account_removed.connect(self.forget)
        made.activated.connect(lambda: self._came_to_front(made))
        made.closed.connect(lambda: self._closed(made))
        self._windows.insert(0, made)
        return made

    def _came_to_front(self, window: TopLevel) -> None:
        if window in self._windows:
            self._windows.remove(window)
            self._windows.insert(0, window)

    def _closed(self, window: TopLevel) -> None:
        self._windows.remove(window)
        if window.frame is not None:
            window.frame.deleteLater()  # after the event that closes it
        window.deleteLater()

    def forget(self, key: str) -> None:
        """An account is gone: so are its drafts, its files and what was exported of it, and it is shown nowhere."""
        for window in self.windows:
            window.forget(key)
        self.store.forget_account(key)  # with what its windows kept of it while they closed
        self.shared.all_drafts.forget(key)
        FileCache(key).clear()
        if self.store.path is not None:
            from viewer.library import history

            history.History(history.default_path()).forget(key)

    # --- looks and language ---

    def choose_theme(self, name: str) -> None:
        """Wear a theme from now on; "" follows the system."""
        self.store.change(theme=name)
        self._wear(themes.ask_for(name))

    def choose_language(self, code: str) -> None:
        """Speak a language from now on."""
        self.store.change(language=code)
        self._speak(code)
        for window in self.windows:
            window.speak_again()

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
        for window in self.windows:
            if window.window is not None:
                window.window.preferences.refresh()
        if name == self.shared.theme.name:  # so the system is heard that only does what it was asked for
            return
        self.shared.theme = themes.theme(name)
        themes.apply(self.app, self.shared.theme)
        for window in self.windows:
            window.wear()

    def close(self) -> None:
        """End all work."""
        QObject.disconnect(self._following)
        self.shared.tasks.close()
        for window in self.windows:
            window.close()
