"""The left side of the export dialog: what, in which formats, how, without what, under which name."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from viewer.errors import ViewerError
from viewer.export.options import MARGINS, PAPERS, PLACES, SIZES
from viewer.i18n import _
from viewer.library.choices import ALL_KINDS, LARGEST, Choices, Clash
from viewer.library.naming import FIELDS, plain_template, shown_template
from viewer.ui.exports.subject import Scope
from viewer.ui.exports.tiles import Switch, TemplateField, Tile
from viewer.ui.theme import Theme

FORMATS = ("pdf", "html", "txt", "md", "json", "csv", "xlsx")


class Form(QWidget):
    """The controls. Signals: `changed()`, `scope_changed()`, `preview_asked()` of what is redacted."""

    changed = Signal()
    scope_changed = Signal()
    preview_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("area", "surface")
        self._theme = theme
        self._base = Choices()
        self._silent = False
        self.scopes: dict[str, Tile] = {}
        self._group = QButtonGroup(self)
        self.formats = {name: Tile(words, theme) for name, words in zip(FORMATS, _format_names(), strict=True)}
        self._checks()
        self._redaction()
        self._naming()
        self._scope_row = QHBoxLayout()
        self._scope_row.setSpacing(8)
        self._lay_out()
        self._connect()

    # --- what is chosen ---

    @property
    def scope(self) -> str:
        """The key of the scope that is chosen, "" for none."""
        return next((key for key, tile in self.scopes.items() if tile.isChecked()), "")

    def choices(self) -> Choices:
        """Everything as it stands."""
        options = replace(
            self._base.options,
            paper=self.paper.currentData(),
            margins=self.margins.currentData(),
            size=self.size_box.currentData(),
            archival=self.archival.isChecked(),
            files=self.files.currentData(),
            largest=self.largest.value(),
            numbered=self.numbered.isChecked(),
            ruler=self.ruler.isChecked(),
            system=self.system.isChecked(),
            votes=self.votes.isChecked(),
        )
        return replace(
            self._base,
            formats=tuple(name for name, tile in self.formats.items() if tile.isChecked()),
            options=options,
            internal=self.internal.isChecked(),
            pictures=self.pictures.isChecked(),
            kinds=tuple(kind for kind, box in self.kinds.items() if box.isChecked()),
            words=tuple(filter(None, (word.strip() for word in self.words.text().split(",")))),
            redacted=self.redacted.isChecked(),
            evidence=self.evidence.isChecked() and self.evidence.isEnabled(),
            template=plain_template(self.template.toPlainText().strip()),
            clash=self.clash.currentData(),
        )

    def set_choices(self, choices: Choices) -> None:
        """Show these choices; the name and what exists stay as the user has them where a preset is silent."""
        self._silent = True
        self._base = choices
        options = choices.options
        for name, tile in self.formats.items():
            tile.setChecked(name in choices.formats)
        for box, on in (
            (self.pictures, choices.pictures), (self.internal, choices.internal), (self.system, options.system),
            (self.votes, options.votes), (self.numbered, options.numbered), (self.ruler, options.ruler),
            (self.evidence, choices.evidence), (self.archival, options.archival), (self.redacted, choices.redacted),
        ):  # fmt: skip
            box.setChecked(on)
        for kind, check in self.kinds.items():
            check.setChecked(kind in (choices.kinds or ALL_KINDS))
        for combo, value in (
            (self.files, options.files), (self.paper, options.paper), (self.margins, options.margins),
            (self.size_box, options.size), (self.clash, choices.clash),
        ):  # fmt: skip
            combo.setCurrentIndex(max(0, combo.findData(value)))
        self.largest.setValue(options.largest)
        self.words.setText(", ".join(choices.words))
        if plain_template(self.template.toPlainText()) != choices.template:
            self.template.setPlainText(shown_template(choices.template))
        self._silent = False
        self._allow()
        self.changed.emit()

    def set_scopes(self, scopes: Iterable[Scope], chosen: str) -> None:
        """Offer these scopes."""
        for tile in self.scopes.values():
            self._group.removeButton(tile)
            self._scope_row.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self.scopes = {}
        for scope in scopes:
            tile = Tile(scope.title, self._theme, words=scope.words, single=True)
            tile.setEnabled(not scope.why_not)
            tile.setChecked(scope.key == chosen)
            self._group.addButton(tile)
            self._scope_row.addWidget(tile, 1)
            self.scopes[scope.key] = tile
            tile.toggled.connect(lambda on: self.scope_changed.emit() if on else None)

    def focus(self) -> None:
        """Begin at what is to be exported."""
        tile = next((tile for tile in self.scopes.values() if tile.isChecked()), None)
        (tile or self.formats["pdf"]).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_name(self, name: str, error: ViewerError | None) -> None:
        """The name that the template gives, or what is wrong with it."""
        self.example.setText(str(error) if error is not None else name)
        self.example.setProperty("tone", "red" if error is not None else "secondary")
        for widget in (self.example, self.frame):
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        for tile in (*self.scopes.values(), *self.formats.values()):
            tile.set_theme(theme)
        self.redacted.set_theme(theme)
        self.template.set_theme(theme)

    # --- the controls ---

    def _checks(self) -> None:
        self.pictures = QCheckBox(_("Images"))
        self.internal = QCheckBox(_("Internal notes and cards"))
        self.internal.setToolTip(_("What the client never saw, and the supervisors' ratings"))
        self.system = QCheckBox(_("System messages"))
        self.votes = QCheckBox(_("Ratings and comments"))
        self.numbered = QCheckBox(_("Number messages"))
        self.ruler = QCheckBox(_("Response-time marks"))
        self.evidence = QCheckBox(_("SHA-256 evidence"))
        self.evidence.setToolTip(
            _("Digests of all that was read, on the first page and beside, to check the export by later")
        )
        self.archival = QCheckBox("PDF/A, PDF/UA")
        self.archival.setToolTip(_("For archives, and for readers who cannot see the page"))
        self.files = _combo(_("Files"), PLACES, (_("only named"), _("inside the PDF"), _("in a folder beside")))
        self.largest = QSpinBox()
        self.largest.setRange(1, LARGEST)
        self.largest.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.largest.setSuffix(" " + _("MB"))
        self.largest.setAccessibleName(_("Larger files are only named"))
        self.paper = _combo(_("Paper"), PAPERS, ("A4", "Letter"))
        self.margins = _combo(_("Margins"), MARGINS, (_("narrow margins"), _("normal margins"), _("wide margins")))
        self.size_box = _combo(_("Text size"), SIZES, (_("small text"), _("normal text"), _("large text")))

    def _redaction(self) -> None:
        self.redacted = Switch(_("Redacted copy"), self._theme)
        self.preview = QPushButton(_("Preview"))
        self.preview.setProperty("kind", "link")
        names = (_("phones"), _("e-mails"), _("bank cards"), _("names"))
        self.kinds = {kind: QCheckBox(words) for kind, words in zip(ALL_KINDS, names, strict=True)}
        self.words = QLineEdit()
        self.words.setPlaceholderText(_("Further words, parted by commas"))
        self.words.setAccessibleName(_("Further words to replace"))

    def _naming(self) -> None:
        self.template = TemplateField(_("File name"), self._theme)
        self.insert = QPushButton(_("Insert"))
        self.insert.setProperty("kind", "ghost")
        menu = QMenu(self.insert)
        for key, words in FIELDS.items():
            action = menu.addAction(_(words))
            action.setData(key)
            action.triggered.connect(lambda _on=False, words=words: self.template.insert_field(_(words)))
        menu.addSeparator()
        menu.addAction(_("Folder ( / )")).triggered.connect(lambda: self.template.insertPlainText("/"))
        self.insert.setMenu(menu)
        self.example = QLabel()
        self.example.setTextFormat(Qt.TextFormat.PlainText)
        self.example.setWordWrap(True)
        clashes = (_("ask"), _("keep both"), _("replace it"), _("skip"))
        self.clash = _combo(_("If a file exists"), tuple(Clash), clashes)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(8)
        column.addWidget(_title(_("What to export")))
        column.addLayout(self._scope_row)
        column.addSpacing(8)
        column.addWidget(_title(_("Formats")))
        grid = QGridLayout()
        grid.setSpacing(8)
        for number, tile in enumerate(self.formats.values()):
            grid.addWidget(tile, number // 4, number % 4)
        column.addLayout(grid)
        column.addSpacing(8)
        two = QHBoxLayout()
        two.setSpacing(24)
        two.addLayout(_column(_("Include"), self.pictures, self.internal, self.system, self.votes), 1)
        two.addLayout(_column(_("Layout"), self.numbered, self.ruler, self.evidence, self.archival), 1)
        column.addLayout(two)
        column.addWidget(self._pairs())
        column.addSpacing(4)
        column.addWidget(self._redaction_card())
        column.addSpacing(8)
        column.addWidget(_title(_("File name")))
        column.addWidget(self._name_frame())
        column.addWidget(self.example)
        row = QHBoxLayout()
        row.addWidget(_quiet(_("If a file exists")))
        row.addWidget(self.clash)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def _pairs(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        self._size_words = _quiet(_("up to"))
        rows = (
            (_("Files"), self.files, self._size_words, self.largest),
            (_("Page"), self.paper, self.margins, self.size_box),
        )
        names = [_quiet(words) for words, *_widgets in rows]
        wide = max(name.sizeHint().width() for name in names)
        for name, (_words, *widgets) in zip(names, rows, strict=True):
            name.setMinimumWidth(wide)
            line = QHBoxLayout()
            line.setSpacing(8)
            for widget in (name, *widgets):
                line.addWidget(widget)
            line.addStretch(1)
            column.addLayout(line)
        return inside

    def _redaction_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("area", "card")
        name = QLabel(_("Redacted copy"))
        name.setProperty("tone", "name")
        told = _quiet(
            _("Names become “Client 1”; phones, e-mails and card numbers are replaced; pictures are left out")
        )
        told.setWordWrap(True)
        self.more = QWidget()
        more = QVBoxLayout(self.more)
        more.setContentsMargins(0, 4, 0, 0)
        boxes = QHBoxLayout()
        for box in self.kinds.values():
            boxes.addWidget(box)
        boxes.addStretch(1)
        more.addLayout(boxes)
        more.addWidget(self.words)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        words.addWidget(told)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.redacted)
        row.addLayout(words, 1)
        row.addWidget(self.preview)
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 9, 12, 9)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.more)
        return card

    def _name_frame(self) -> QFrame:
        self.frame = QFrame()
        self.frame.setProperty("area", "field")
        row = QHBoxLayout(self.frame)
        row.setContentsMargins(3, 1, 3, 1)
        row.setSpacing(2)
        row.addWidget(self.template, 1)
        row.addWidget(self.insert)
        return self.frame

    def _connect(self) -> None:
        boxes = (self.pictures, self.internal, self.system, self.votes, self.numbered, self.ruler, self.evidence,
                 self.archival, self.redacted, *self.formats.values(), *self.kinds.values())  # fmt: skip
        for box in boxes:
            box.toggled.connect(self._moved)
        for combo in (self.files, self.paper, self.margins, self.size_box, self.clash):
            combo.currentIndexChanged.connect(self._moved)
        self.largest.valueChanged.connect(self._moved)
        self.words.textChanged.connect(self._moved)
        self.template.textChanged.connect(self._moved)
        self.preview.clicked.connect(self.preview_asked)

    def _moved(self, *_value: object) -> None:
        if not self._silent:
            self._allow()
            self.changed.emit()

    def _allow(self) -> None:
        """What makes no sense together is disabled, and says why."""
        redacted, pdf = self.redacted.isChecked(), self.formats["pdf"].isChecked()
        self.more.setVisible(redacted)
        self.preview.setEnabled(redacted)
        why = _("Redacted messages give no evidence.") if redacted else ""
        self.evidence.setEnabled(not redacted)
        self.evidence.setToolTip(
            why or _("Digests of all that was read, on the first page and beside, to check the export by later")
        )
        for widget in (self.paper, self.margins, self.size_box, self.archival):
            widget.setEnabled(pdf)
        shows = pdf or self.formats["html"].isChecked()
        self.pictures.setEnabled(shows and not redacted)
        self.files.setEnabled(not redacted)
        limited = self.files.currentData() != "none" and not redacted
        self._size_words.setVisible(limited)
        self.largest.setVisible(limited)


def _format_names() -> tuple[str, ...]:
    return ("PDF", "HTML", _("Text"), "Markdown", "JSON", "CSV", "Excel")


def _combo(name: str, values: Iterable[object], words: Iterable[str]) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setToolTip(name)
    for value, shown in zip(values, words, strict=True):
        made.addItem(shown, value)
    return made


def _title(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("tone", "section")
    return label


def _quiet(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("tone", "secondary")
    return label


def _column(title: str, *boxes: QCheckBox) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(_title(title))
    column.addSpacing(4)
    for box in boxes:
        column.addWidget(box)
    column.addStretch(1)
    return column
