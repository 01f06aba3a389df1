"""What a redaction would replace, before anything is written."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.export.personal import Kind, Replaced
from viewer.i18n import _, ngettext
from viewer.ui.enter import Enter
from viewer.ui.room import Prompt

MOST = 500  # rows


def show_replaced(found: Sequence[Replaced], parent: QWidget) -> Prompt:
    """Open the list; it does not block the window."""
    prompt = Prompt(parent, 620, 460)
    prompt.setWindowTitle(_("What is replaced"))
    column = QVBoxLayout(prompt)
    column.setContentsMargins(20, 16, 20, 16)
    column.setSpacing(10)
    head = QLabel(counted(found))
    head.setWordWrap(True)
    head.setProperty("tone", "name")
    column.addWidget(head)
    column.addWidget(_table(found), 1)
    told = QLabel(
        _(
            "The text is gone from every file, its name and its metadata too. Read the result before you hand it on: "
            "no program finds everything."
        )
    )
    told.setWordWrap(True)
    told.setProperty("tone", "secondary")
    column.addWidget(told)
    close = QPushButton(_("Close"))
    close.clicked.connect(prompt.close)
    column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
    Enter(prompt, close)
    prompt.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    prompt.show()
    return prompt


def counted(found: Sequence[Replaced]) -> str:
    """How much is replaced, by kind."""
    if not found:
        return _("Nothing to replace was found.")
    kinds: Counter[Kind] = Counter()
    for each in found:
        kinds[each.kind] += 1
    places = sum(each.count for each in found)
    parts = [f"{_kinds()[kind]}: {count}" for kind, count in kinds.items()]
    words = ngettext("{n} place", "{n} places", places).format(n=places)
    return f"{words} · " + " · ".join(parts)


def _kinds() -> dict[Kind, str]:
    return {
        Kind.PHONES: _("phones"), Kind.EMAILS: _("e-mails"), Kind.CARDS: _("bank cards"), Kind.NAMES: _("names"),
        Kind.WORDS: _("own words"),
    }  # fmt: skip


def _table(found: Sequence[Replaced]) -> QTableWidget:
    table = QTableWidget(min(len(found), MOST), 4)
    table.setHorizontalHeaderLabels([_("Kind"), _("Found"), _("Becomes"), _("Times")])
    table.setObjectName("replaced")
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    ordered = sorted(found, key=lambda each: (list(Kind).index(each.kind), -each.count))[:MOST]
    for number, each in enumerate(ordered):
        for place, words in enumerate((_kinds()[each.kind], each.value, each.pseudonym, str(each.count))):
            cell = QTableWidgetItem(words)
            cell.setToolTip(words)
            if place == 3:
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(number, place, cell)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for place in (1, 2):
        header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
    for place in (0, 3):
        header.setSectionResizeMode(place, QHeaderView.ResizeMode.ResizeToContents)
    return table
