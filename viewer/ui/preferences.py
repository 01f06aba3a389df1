"""What the user prefers: put to work when the window opens, and at once when it changes."""

from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QApplication

from viewer import i18n
from viewer.chat import DayBreak, rows
from viewer.library.cache import MB
from viewer.ui import motion
from viewer.ui.prompts.settings import SettingsDialog

if TYPE_CHECKING:
    from viewer.ui.window import MainWindow


class Preferences(QObject):
    """The settings of a window and their dialog; language and theme are the application's work."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.dialog: SettingsDialog | None = None
        settings, view = window.store.value, window.conversation.view
        view.set_zoom(settings.zoom)
        view.set_compact(settings.compact)
        self._set_norm(settings.norm)
        view.zoom_changed.connect(lambda percent: self._keep(zoom=percent))
        window.dialogues.period_changed.connect(lambda days: self._keep(days=days))

    @property
    def dialog_place(self) -> QRect | None:
        """Where the dialog stands on the screen, None while it is closed."""
        return self.dialog.geometry() if self.dialog is not None and self.dialog.isVisible() else None

    def open(self, place: QRect | None = None) -> None:
        """Open the dialog, at a place of the screen where one is given; it does not block the window."""
        if self.dialog is None:
            self.dialog = SettingsDialog(self._window.store.value, self._window)
            self.dialog.changed.connect(self.set)
            self.dialog.empty_asked.connect(self._empty)
        self.refresh()
        self._measure()
        if place is not None:
            self.dialog.setGeometry(place)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def refresh(self) -> None:
        """Show in the dialog what was changed elsewhere."""
        self._window.toolbar.show_chosen(self._window.store.value.theme)
        if self.dialog is not None:
            self.dialog.show_settings(self._window.store.value)

    def set(self, name: str, value: Any) -> None:
        """Prefer something from now on; `name` is one of `viewer.settings.Settings`."""
        window = self._window
        if name == "theme":
            window.theme_chosen.emit(value)
        elif name == "language":
            window.language_chosen.emit(value)
        elif name == "days":
            window.dialogues.look_back(value)
        elif name == "zoom":
            window.conversation.view.set_zoom(value)
        else:
            window.store.change(**{name: value})
            self._apply(name, value)

    def _apply(self, name: str, value: Any) -> None:
        window, view = self._window, self._window.conversation.view
        match name:
            case "compact":
                view.set_compact(value)
            case "norm":
                self._set_norm(value)
            case "zone":
                i18n.use_zone(value)
                self._tell_times_anew()
            case "motion":
                app = QApplication.instance()
                assert isinstance(app, QApplication)
                motion.use(app, value)
            case "cache_mb":
                self._limit_cache(value)
            case "reopen":
                window.places.keep()

    def _set_norm(self, minutes: int) -> None:
        norm = timedelta(minutes=minutes)
        self._window.conversation.view.set_norm(norm)
        self._window.details.set_norm(norm)

    def _keep(self, **changes: Any) -> None:
        self._window.store.change(**changes)
        self.refresh()

    # --- the zone ---

    def _tell_times_anew(self) -> None:
        """Days begin elsewhere and times read otherwise; what is read stays where it is."""
        window, desk = self._window, self._window.desk
        desk.rows = rows(desk.transcript)
        if desk.rows and window.conversation.reads:
            stage = window.conversation.view.stage
            row, offset = stage.anchor
            if isinstance(stage.rows[row], DayBreak) and row + 1 < len(stage.rows):  # that day may be gone
                stage.go(row + 1, offset - stage.layout(row).height)
            desk.rows_added.emit(desk.rows, True)
            window.show_neighbours()
        window.dialogues.tell_times_anew()
        window.tell_zone()

    # --- the files that are kept ---

    def _limit_cache(self, megabytes: int) -> None:
        cache = self._window.desk.cache
        if cache is None:
            return

        def work(_cancel: Event) -> int:
            cache.keep(megabytes * MB)
            return cache.held()

        self._window.desk.tasks.run(work, on_done=self._held)

    def _measure(self) -> None:
        cache = self._window.desk.cache
        if cache is not None:
            self._window.desk.tasks.run(lambda _cancel: cache.held(), on_done=self._held)

    def _empty(self) -> None:
        cache = self._window.desk.cache
        if cache is None:
            return

        def work(_cancel: Event) -> int:
            cache.empty()
            return cache.held()

        self._window.desk.tasks.run(work, on_done=self._held)

    def _held(self, count: int | None) -> None:
        if self.dialog is not None and count is not None:
            self.dialog.show_held(count)
