"""The keys of the window, and what they do that is no button's work."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut

from viewer.ui.details.stars import digit
from viewer.ui.limits import LimitsPanel
from viewer.ui.prompts.shortcuts import show_shortcuts

if TYPE_CHECKING:
    from viewer.ui.window import MainWindow


class Keys(QObject):
    """Every shortcut of a window; the sheet of them stands in `prompts/shortcuts.py`."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        view, head, finder = window.conversation.view, window.conversation.head, window.finder
        step = window.dialogues.list.step
        self._own: set[str] = set()
        for keys, act in (
            ("Ctrl+K", self._focus_open), ("Ctrl+F", finder.open), ("Ctrl+G", finder.ask_date),
            ("F3", lambda: finder.step(1)), ("Shift+F3", lambda: finder.step(-1)), ("Alt+Left", view.go_back),
            ("Ctrl+L", self._filter_list), ("/", self._filter_list), ("Ctrl+Shift+F", self._filter_list),
            ("F5", window.refresh), ("Ctrl+E", window.exporter.ask),
            ("Ctrl+Shift+E", window.exporter.again), ("Ctrl+P", window.exporter.print),
            ("Ctrl+D", window.toolbar.panel_button.toggle),
            ("Ctrl+S", lambda: self._save_rating(going_on=False)),
            ("Ctrl+Return", lambda: self._save_rating(going_on=True)),
            ("Ctrl+Enter", lambda: self._save_rating(going_on=True)), ("Ctrl+Shift+L", self.show_limits),
            ("Alt+Up", head.older.click), ("Alt+Down", head.newer.click),
            ("Ctrl+PgUp", lambda: step(-1)), ("Ctrl+PgDown", lambda: step(1)),
            ("Ctrl+=", lambda: self._zoom(10)), ("Ctrl++", lambda: self._zoom(10)), ("Ctrl+-", lambda: self._zoom(-10)),
            ("Ctrl+0", lambda: self._zoom(0)), ("F1", self.show_keys),
            ("Ctrl+N", window.window_asked.emit), ("Ctrl+,", window.preferences.open),
            ("F6", lambda: self._next_pane(1)), ("Shift+F6", lambda: self._next_pane(-1)),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), window).activated.connect(act)
            self._own.add(QKeySequence(keys).toString())
        fields = (window.toolbar.field, window.dialogues.field, window.conversation.find_bar.field)
        for each in (window, *fields, window.details.rating.comment):
            each.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The digits that nothing in the window has taken are stars: in the list, in the transcript, in the details.

        And a field does not take the window's keys: on Linux Ctrl+E and Ctrl+K would move and delete in it.
        """
        if not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.type() is QEvent.Type.ShortcutOverride:
            if event.modifiers() and QKeySequence(event.keyCombination()).toString() in self._own:
                event.ignore()
                return True
        elif event.type() is QEvent.Type.KeyPress and watched is self._window and (stars := digit(event)) is not None:
            self._show_rating()
            self._window.details.rating.stars.give(stars)
            return True
        return super().eventFilter(watched, event)

    def show_list(self) -> None:
        """Bring the list back where the window is too narrow for it."""
        if self._window.dialogues.isHidden():
            self._window.toolbar.list_button.setChecked(True)

    def show_limits(self) -> None:
        """Open the panel of the portal's limits."""
        window = self._window
        if window.limits is None:
            source = window.desk.source
            demo = source is not None and source.demo
            window.limits = LimitsPanel(window.status.portal.text(), window.desk.limits, demo=demo, parent=window)
        window.limits.open_above(window.status.portal)

    def show_keys(self) -> None:
        """Open the sheet of shortcuts."""
        show_shortcuts(self._window)

    def _save_rating(self, *, going_on: bool) -> None:
        self._show_rating()  # what is saved, and why it is not, stands there
        self._window.details.rating.ask_to_save(going_on=going_on)

    def _show_rating(self) -> None:
        self._window.toolbar.panel_button.setChecked(True)
        self._window.details.tabs.setCurrentIndex(0)

    def _focus_open(self) -> None:
        self._window.toolbar.field.setFocus()
        self._window.toolbar.field.selectAll()

    def _filter_list(self) -> None:
        window = self._window
        if window.dialogues.field.hasFocus() and not window.toolbar.list_button.isHidden():
            window.toolbar.list_button.setChecked(False)  # in a narrow window the same key hides the list again
            return
        self.show_list()
        window.dialogues.focus_filter()

    def _zoom(self, by: int) -> None:
        self._window.conversation.view.set_zoom(self._window.store.value.zoom + by if by else 100)

    def _next_pane(self, by: int) -> None:
        """Go to the next part of the window from wherever in one the keyboard stands."""
        window = self._window
        listed = window.dialogues.list if window.dialogues.list.isVisible() else window.dialogues.field
        panes = [
            (window.toolbar, window.toolbar.field), (window.dialogues, listed),
            (window.conversation, window.conversation.view), (window.details, window.details.tabs),
        ]  # fmt: skip
        shown = [(pane, first) for pane, first in panes if first.isVisible()]
        focus = window.focusWidget()
        inside = (number for number, (pane, _first) in enumerate(shown) if focus and pane.isAncestorOf(focus))
        here = next(inside, -1 if by > 0 else 0)
        shown[(here + by) % len(shown)][1].setFocus(Qt.FocusReason.TabFocusReason)
