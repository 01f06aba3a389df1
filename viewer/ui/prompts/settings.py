"""The settings in one dialog. What is chosen is told at once; there is nothing to confirm."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from viewer.i18n import LANGUAGES, _, size
from viewer.settings import Settings
from viewer.ui.dialogues.words import PERIODS, period_words
from viewer.ui.enter import Enter
from viewer.ui.room import Prompt
from viewer.ui.scrolling import Scrolled
from viewer.ui.theme import px

Choices = Sequence[tuple[str, Any]]


class SettingsDialog(Prompt):
    """What the user prefers, with a hint where the name does not say it all.

    Signals: `changed(str, object)`, a name of `viewer.settings.Settings` and its new value; `empty_asked()`, to forget
    the files that are kept. `ask_folder` may be replaced (by tests).
    """

    changed = Signal(str, object)
    empty_asked = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent, 640, 760)
        self.setWindowTitle(_("Settings"))
        self.ask_folder: Callable[[], str] = self._folder_asked
        self._calm = _Calm(self)
        self._filling = False
        self._make_fields()
        self._lay_out()
        Enter(self)
        self.show_settings(settings)
        QShortcut(QKeySequence("Ctrl+,"), self).activated.connect(self.close)

    def _make_fields(self) -> None:
        languages = [(_("As the system"), ""), *((name, code) for code, name in LANGUAGES.items())]
        self.language = self._choice("language", _("Language"), languages)
        themes = [(_("As the system"), ""), (_("Light"), "light"), (_("Dark"), "dark")]
        self.theme = self._choice("theme", _("Theme"), themes)
        self.zoom = self._number("zoom", _("Text of the conversation"), (80, 200, 10), _("{n} %"))
        self.compact = self._tick("compact", _("Messages closer together"))
        motion = [(_("As the system"), ""), (_("Reduced"), "reduced")]
        self.motion = self._choice("motion", _("Motion"), motion)
        zones = [(_("My time"), "mine"), (_("The portal's time"), "portal"), (_("UTC"), "utc")]
        self.zone = self._choice("zone", _("Time zone"), zones)
        self.norm = self._number("norm", _("Norm of an answer"), (1, 1440, 1), _("{n} min"))
        self.days = self._choice("days", _("The list looks back"), [(period_words(days), days) for days in PERIODS])
        self.cache_mb = self._number("cache_mb", _("Files kept here"), (0, 100_000, 100), _("{n} MB"))
        self.held = _label("", quiet=True)
        self.empty = QPushButton(_("Empty it"))
        self.empty.clicked.connect(self.empty_asked)
        self.folder = _label("", quiet=True)
        self.choose = QPushButton(_("Choose…"))
        self.choose.setAccessibleName(_("Choose the folder of exports"))
        self.choose.clicked.connect(self._choose_folder)
        self.reopen = self._tick("reopen", _("Go on where reading ended"))

    def show_settings(self, settings: Settings) -> None:
        """Show what holds now; nothing is told."""
        self._filling = True
        for name in ("language", "theme", "motion", "zone"):
            box: QComboBox = getattr(self, name)
            box.setCurrentIndex(box.findData(getattr(settings, name)))
        if self.days.findData(settings.days) < 0:  # a number that someone wrote into the file
            self.days.addItem(period_words(settings.days), settings.days)
        self.days.setCurrentIndex(self.days.findData(settings.days))
        self.zoom.setValue(settings.zoom)
        self.norm.setValue(settings.norm)
        self.cache_mb.setValue(settings.cache_mb)
        self.compact.setChecked(settings.compact)
        self.reopen.setChecked(settings.reopen)
        self.folder.setText(settings.export_folder or _("your documents"))
        self._filling = False

    def show_held(self, count: int) -> None:
        """Say how many bytes of files are kept now."""
        self.held.setText(_("{size} now").format(size=size(count)) if count else _("nothing now"))
        self.empty.setEnabled(count > 0)

    # --- layout ---

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        self._grid = grid
        self._section(_("Look"))
        self._row(_("Language"), self.language)
        self._row(_("Theme"), self.theme)
        self._row(_("Text of the conversation"), self.zoom, _("Ctrl and the wheel, or Ctrl++ and Ctrl+-, do it too."))
        self._row("", self.compact)
        self._row(_("Motion"), self.motion, _("Reduced: nothing unfolds or runs by itself."))
        self._section(_("Time"))
        told = _("Times and days of the list, the dialogue and the exports. The status bar names the zone.")
        self._row(_("Time zone"), self.zone, told)
        self._row(_("Norm of an answer"), self.norm, _("A client who waits longer is marked beside the conversation."))
        self._row(_("The list looks back"), self.days)
        self._section(_("Files"))
        told = _("Pictures and files that were fetched open again without the portal. 0 keeps none.")
        self._row(_("Files kept here"), _beside(self.cache_mb, self.held, self.empty), told)
        self._row(_("Folder of exports"), _beside(self.folder, self.choose, first=1))
        self._section(_("At the start"))
        told = _("Only the numbers of the dialogue and the message are kept, never what was written.")
        self._row("", self.reopen, told)
        inside = QWidget()
        inside.setProperty("area", "surface")
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 8, 24, 16)
        column.addLayout(grid)
        column.addStretch(1)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(Scrolled(inside))

    def _section(self, words: str) -> None:
        head = QLabel(words)
        head.setProperty("tone", "heading")
        head.setContentsMargins(0, 12, 0, 4)
        self._grid.addWidget(head, self._grid.rowCount(), 0, 1, 2)

    def _row(self, name: str, field: QWidget, hint: str = "") -> None:
        place = self._grid.rowCount()
        if name:
            label = _label(name)
            label.setBuddy(field)
            self._grid.addWidget(label, place, 0)
        if isinstance(field, QComboBox | QSpinBox):
            field.setMinimumWidth(px(220))
            self._grid.addWidget(field, place, 1, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        else:
            self._grid.addWidget(field, place, 1)
        if hint:
            told = _label(hint, quiet=True)
            told.setContentsMargins(0, 0, 0, 6)
            self._grid.addWidget(told, place + 1, 1)
            field.setToolTip(hint)

    # --- fields ---

    def _choice(self, name: str, words: str, choices: Choices) -> QComboBox:
        made = QComboBox()
        for told, value in choices:
            made.addItem(told, value)
        made.currentIndexChanged.connect(lambda _index: self._tell(name, made.currentData()))
        self._name(made, words)
        return made

    def _number(self, name: str, words: str, limits: tuple[int, int, int], form: str) -> QSpinBox:
        made = QSpinBox()
        low, high, step = limits
        made.setRange(low, high)
        made.setSingleStep(step)
        made.setKeyboardTracking(False)  # a number is meant when it is written to the end
        before, after = form.split("{n}")
        made.setPrefix(before)
        made.setSuffix(after)
        made.lineEdit().setTextMargins(px(7), 0, 0, 0)  # what the style sheet's padding does for other fields
        made.valueChanged.connect(lambda value: self._tell(name, value))
        self._name(made, words)
        return made

    def _tick(self, name: str, words: str) -> QCheckBox:
        made = QCheckBox(words)
        made.toggled.connect(lambda on: self._tell(name, on))
        return made

    def _name(self, field: QWidget, words: str) -> None:
        field.setAccessibleName(words)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.installEventFilter(self._calm)

    def _tell(self, name: str, value: object) -> None:
        if not self._filling:
            self.changed.emit(name, value)

    def _folder_asked(self) -> str:
        return QFileDialog.getExistingDirectory(self, _("Folder of exports"), self.folder.text())

    def _choose_folder(self) -> None:
        if chosen := self.ask_folder():
            self.folder.setText(str(Path(chosen)))
            self._tell("export_folder", str(Path(chosen)))


class _Calm(QObject):
    """The wheel scrolls the page over a field that is not in focus, and changes no value on the way."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def _label(words: str, *, quiet: bool = False) -> QLabel:
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setProperty("tone", "secondary" if quiet else "")
    return made


def _beside(*widgets: QWidget, first: int = 0) -> QWidget:
    inside = QWidget()
    row = QHBoxLayout(inside)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for number, widget in enumerate(widgets):
        row.addWidget(widget, first if number == 0 else 1 if isinstance(widget, QLabel) else 0)
    return inside
