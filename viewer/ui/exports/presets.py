"""Ways to export under a name: those that come with the program, and the user's own."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QMenu, QPushButton, QWidget

from viewer.i18n import _
from viewer.library.choices import PRESETS, Choices
from viewer.settings import KeptExport, Store

LONGEST = 40


def ask_name(parent: QWidget) -> str:
    """A name for a preset, as the user says it; "" when he does not."""
    name, said = QInputDialog.getText(parent, _("Save as a preset"), _("Name:"))
    return name if said else ""


class Presets(QWidget):
    """A button with a menu. `ask_name` may be replaced (by tests). Signal `chosen(Choices)`."""

    chosen = Signal(object)

    def __init__(self, store: Store, now: Callable[[], Choices]) -> None:
        super().__init__()
        self._store, self._now = store, now
        self.ask_name: Callable[[QWidget], str] = ask_name
        self.button = QPushButton(_("Presets"))
        self.menu = QMenu(self.button)
        self.menu.aboutToShow.connect(self.fill)
        self.button.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)

    def fill(self) -> None:
        """Offer what there is now."""
        self.menu.clear()
        for name, choices in PRESETS.items():
            self.menu.addAction(_(name)).triggered.connect(lambda _on=False, it=choices: self.chosen.emit(it))
        own = self._store.value.exports
        if own:
            self.menu.addSeparator()
        for kept in own:
            action = self.menu.addAction(kept.name.replace("&", "&&"))
            action.triggered.connect(lambda _on=False, kept=kept: self.chosen.emit(Choices.of_plain(kept.choices)))
        self.menu.addSeparator()
        self.menu.addAction(_("Save as a preset…")).triggered.connect(self.save)
        if own:
            forgetting = self.menu.addMenu(_("Forget"))
            for kept in own:
                action = forgetting.addAction(kept.name.replace("&", "&&"))
                action.triggered.connect(lambda _on=False, name=kept.name: self.forget(name))

    def save(self) -> None:
        """Keep what is chosen now under a name."""
        if name := " ".join(self.ask_name(self).split())[:LONGEST]:
            self._store.put(self._store.value.with_export(KeptExport(name, self._now().plain())))

    def forget(self, name: str) -> None:
        """Forget a preset of the user's own."""
        self._store.put(self._store.value.without_export(name))
