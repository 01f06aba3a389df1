"""The widgets of the export dialog and where they stand; what they do is for `dialog.py`."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from viewer.i18n import _
from viewer.settings import Store
from viewer.ui.enter import Enter
from viewer.ui.exports.form import Form
from viewer.ui.exports.presets import Presets
from viewer.ui.exports.progress import RunPage
from viewer.ui.exports.summary import Summary
from viewer.ui.room import Prompt
from viewer.ui.scrolling import Scrolled
from viewer.ui.theme import Theme


class ExportFrame(Prompt):
    """Head, the page of choices or of the run, and the foot with the buttons."""

    def __init__(self, store: Store, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, 920, 760)
        self.setObjectName("export")
        self.setWindowTitle(_("Export"))
        self.form = Form(theme)
        self.summary = Summary(theme)
        self.run_page = RunPage(theme)
        self.presets = Presets(store, self.form.choices)
        self._make()

    def _make(self) -> None:
        self.head, self.about = QLabel(), QLabel()
        self.head.setProperty("tone", "heading")
        self.about.setProperty("tone", "secondary")
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.history = QPushButton(_("History"))
        self.history.setProperty("kind", "ghost")
        self.setup = self._make_setup()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.setup)
        self.pages.addWidget(self.run_page)
        self.cut = self._make_cut()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_head())
        column.addWidget(self.cut)
        column.addWidget(self.pages, 1)
        column.addWidget(self._make_foot())
        Enter(self, self.go, self.close_button)

    def _make_head(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("area", "head")
        row = QHBoxLayout(frame)
        row.setContentsMargins(24, 10, 20, 10)
        row.setSpacing(12)
        row.addWidget(self.head)
        row.addWidget(self.about, 1)
        row.addWidget(self.history)
        row.addWidget(self.presets)
        return frame

    def _make_setup(self) -> QWidget:
        inside = QWidget()
        area = Scrolled(self.form)
        wide = self.summary.width() + 1
        right = Scrolled(self.summary)
        right.setFixedWidth(wide)
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(area, 1)
        row.addWidget(right)
        return inside

    def _make_cut(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("area", "note")
        self.cut_words = QLabel()
        self.cut_words.setProperty("tone", "note")
        self.cut_words.setWordWrap(True)
        self.cut_go, self.cut_forget = QPushButton(_("Go on")), QPushButton(_("Forget it"))
        row = QHBoxLayout(frame)
        row.setContentsMargins(24, 6, 20, 6)
        row.addWidget(self.cut_words, 1)
        for button in (self.cut_go, self.cut_forget):
            button.setProperty("kind", "small")
            row.addWidget(button)
        frame.hide()
        return frame

    def _make_foot(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("area", "foot")
        self.sign, self.place, self.foot = QLabel(), QLabel(), QLabel()
        for label in (self.place, self.foot):
            label.setProperty("tone", "secondary")
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.foot.setWordWrap(True)
        self.change = QPushButton(_("Change…"))
        self.change.setProperty("kind", "link")
        self.place_row = QWidget()
        left = QHBoxLayout(self.place_row)
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self.sign)
        left.addWidget(self.place)
        left.addWidget(self.change)
        left.addStretch(1)
        self.print = QPushButton(_("Print…"))
        self.cancel, self.go = QPushButton(_("Cancel")), QPushButton(_("Export"))
        self.go.setProperty("kind", "primary")
        self.background, self.stop = QPushButton(_("Run in background")), QPushButton(_("Stop and keep what is done"))
        self.copy, self.back = QPushButton(_("Copy report")), QPushButton(_("Export more…"))
        self.close_button = QPushButton(_("Close"))
        row = QHBoxLayout(frame)
        row.setContentsMargins(24, 14, 20, 14)
        row.setSpacing(8)
        row.addWidget(self.place_row, 1)
        row.addWidget(self.foot, 1)
        for button in (
            self.print,
            self.cancel,
            self.go,
            self.background,
            self.stop,
            self.back,
            self.copy,
            self.close_button,
        ):
            row.addWidget(button)
        return frame
