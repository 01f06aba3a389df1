"""The right side of the export dialog: what will come of it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from viewer.i18n import _, ngettext, short_date, size
from viewer.library.choices import Choices
from viewer.library.outlook import Outlook
from viewer.ui.icons import pixmap
from viewer.ui.theme import Theme, px

WIDTH = 288
_NAMED = 6  # files of the output that are named


class Summary(QFrame):
    """Counts, warnings, and the files that will be written."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("area", "aside")
        self.setFixedWidth(px(WIDTH))
        self._theme = theme
        self.head = QLabel()
        self.head.setProperty("tone", "heading")
        self.head.setWordWrap(True)
        self._facts = QGridLayout()
        self._facts.setVerticalSpacing(6)
        self._facts.setColumnStretch(1, 1)
        self.counted = QLabel(_("What is not read yet is counted as the list tells it."))
        self.counted.setProperty("tone", "meta")
        self.counted.setWordWrap(True)
        self.warning = QFrame()
        self.warning.setProperty("area", "warning")
        self._warnings = QVBoxLayout(self.warning)
        self._warnings.setContentsMargins(12, 8, 12, 8)
        self.output = QVBoxLayout()
        self.output.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        title = QLabel(_("Summary"))
        title.setProperty("tone", "section")
        column.addWidget(title)
        column.addWidget(self.head)
        column.addLayout(self._facts)
        column.addWidget(self.counted)
        column.addWidget(self.warning)
        column.addSpacing(4)
        named = QLabel(_("Output"))
        named.setProperty("tone", "section")
        column.addWidget(named)
        column.addLayout(self.output)
        column.addStretch(1)
        self.warning.hide()

    def show_outlook(self, told: Outlook, choices: Choices) -> None:
        """What the export will be."""
        parts = [ngettext("{n} message", "{n} messages", told.messages).format(n=_figure(told.messages))]
        if told.files:
            parts.append(ngettext("{n} file", "{n} files", told.files).format(n=_figure(told.files)))
        if told.size:
            parts.append(_("about {size}").format(size=size(told.size)))
        self.head.setText(", ".join(parts))
        facts = []
        if told.dialogues > 1:
            facts.append((_("Dialogues"), _figure(told.dialogues)))
        facts.append((_("Sessions"), _figure(told.sessions)))
        if told.first and told.last:
            same = told.first == told.last
            period = (
                short_date(told.first)
                if same
                else f"{short_date(told.first, year=told.first.year != told.last.year)} – {short_date(told.last)}"
            )
            facts.append((_("Period"), period))
        if told.files:
            facts.append((_("Already on this computer"), _figure(told.here)))
        if told.to_fetch:
            more = f", {size(told.fetch_size)}" if told.fetch_size else ""
            facts.append((_("To download"), _figure(told.to_fetch) + more))
        if "pdf" in choices.formats:
            facts.append((_("PDF pages"), _("about {n}").format(n=_figure(max(1, told.pages)))))
        if told.requests:
            facts.append((_("Requests needed"), _("about {n}").format(n=_figure(told.requests))))
        self._fill(facts)
        self.counted.setVisible(not told.exact)
        self._warn(_warnings(told))

    def show_output(self, names: Sequence[str]) -> None:
        """The files that will be written."""
        _empty(self.output)
        for name in names[:_NAMED]:
            label = QLabel(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("tone", "secondary")
            label.setWordWrap(True)
            label.setToolTip(name)
            self.output.addWidget(label)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        for sign in self.warning.findChildren(QLabel, "sign"):
            sign.setPixmap(pixmap("warning", theme.note_text, 14, self.devicePixelRatioF()))

    def _fill(self, facts: Sequence[tuple[str, str]]) -> None:
        _empty(self._facts)
        for number, (name, value) in enumerate(facts):
            left, right = QLabel(name), QLabel(value)
            left.setProperty("tone", "secondary")
            right.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            left.setWordWrap(True)
            self._facts.addWidget(left, number, 0)
            self._facts.addWidget(right, number, 1)

    def _warn(self, sentences: Sequence[str]) -> None:
        _empty(self._warnings)
        for words in sentences:
            line = QWidget()
            grid = QGridLayout(line)
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setHorizontalSpacing(8)
            grid.setColumnStretch(1, 1)
            sign = QLabel()
            sign.setObjectName("sign")
            label = QLabel(words)
            label.setWordWrap(True)
            label.setProperty("tone", "lack")
            grid.addWidget(sign, 0, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label, 0, 1)
            self._warnings.addWidget(line)
        self.warning.setVisible(bool(sentences))
        self.set_theme(self._theme)


def _warnings(told: Outlook) -> list[str]:
    made = []
    if told.gone:
        words = ngettext(
            "{n} file was deleted in the portal. The export will list it as unavailable.",
            "{n} files were deleted in the portal. The export will list them as unavailable.",
            told.gone,
        )
        made.append(words.format(n=told.gone))
    if told.large:
        words = ngettext("{n} large file is only named.", "{n} large files are only named.", told.large)
        made.append(words.format(n=told.large))
    if told.unread:
        words = ngettext(
            "{n} session could not be read. The export says so.",
            "{n} sessions could not be read. The export says so.",
            told.unread,
        )
        made.append(words.format(n=told.unread))
    return made


def _figure(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


def _empty(layout: QVBoxLayout | QGridLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
