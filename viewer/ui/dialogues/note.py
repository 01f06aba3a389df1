"""One line above the list that tells what the list is missing."""

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from viewer.i18n import _
from viewer.ui.icons import icon, pixmap
from viewer.ui.theme import Theme

if TYPE_CHECKING:
    from viewer.bitrix import SourceNote


class NoteLine(QFrame):
    """A calm strip with a cross; what to do about it stands in its tip."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("source-note")
        self.sign = QLabel()
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setProperty("tone", "secondary")
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.cross = QToolButton()
        self.cross.setToolTip(_("Close"))
        self.cross.setAccessibleName(_("Close"))
        self.cross.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        row.addWidget(self.cross, 0, Qt.AlignmentFlag.AlignTop)
        self.set_theme(theme)
        self.hide()

    def tell(self, note: "SourceNote") -> None:
        """Show a note until it is closed or another comes."""
        told = " ".join(part for part in (note.title, note.detail) if part)
        self.text.setText(told)
        for widget in (self, self.text, self.sign):
            widget.setToolTip(f"<p>{escape(note.advice)}</p>" if note.advice else "")  # as a paragraph it wraps
        self.setAccessibleName(told)
        self.setAccessibleDescription(note.advice)
        self.show()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.sign.setPixmap(pixmap("info", theme.accent, 16, self.devicePixelRatioF()))
        self.cross.setIcon(icon("close", theme.text2))
