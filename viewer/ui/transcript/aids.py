"""The transcript as assistive technology reads it: a list of messages, each with its links and files.

Qt knows such things of objects only, and rows are none: a small object stands for each row and each link that is asked
for, and none is made while nobody asks.
"""

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleEvent,
    QAccessibleInterface,
    QAccessibleObject,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from viewer.chat import DayBreak, SessionBar
from viewer.i18n import _
from viewer.ui.transcript.hits import Act, Hit

if TYPE_CHECKING:
    from viewer.ui.transcript.view import TranscriptView


def named(hit: Hit) -> str:
    """What can be done, in words."""
    match hit.act:
        case Act.RETRY:
            return _("Try again")
        case Act.JUMP:
            return _("Go to the quoted message")
        case Act.FOLD:
            return _("Show or hide these lines")
        case _:
            return hit.tip.partition("\n")[0] or str(hit.target)


class SpokenRow(QObject):
    """Stands for a row of the view; `number` moves with the row."""

    def __init__(self, view: "TranscriptView", number: int) -> None:
        super().__init__(view)
        self.view, self.number = view, number
        self.access: QAccessibleInterface | None = None
        self._links: list[SpokenLink] = []

    def links(self) -> list["SpokenLink"]:
        """What can be done with the row, as it is now."""
        hits = self.view.stage.layout(self.number).actions()
        if [link.hit for link in self._links] != hits:
            for link in self._links:
                link.deleteLater()
            self._links = [SpokenLink(self, hit) for hit in hits]
        return self._links


class SpokenLink(QWidget):
    """Stands for a link or a file of a row. A widget that is never shown, since Qt's actions belong to widgets."""

    def __init__(self, row: SpokenRow, hit: Hit) -> None:
        super().__init__(row.view)
        self.row, self.hit = row, hit
        self.access: QAccessibleInterface | None = None


class Aids(QObject):
    """The objects that stand for rows of one view."""

    def __init__(self, view: "TranscriptView") -> None:
        super().__init__(view)
        self._view = view
        self._rows: dict[int, SpokenRow] = {}
        self.access: QAccessibleInterface | None = None
        _install()

    def row(self, number: int) -> SpokenRow | None:
        """What stands for a row; None where there is none."""
        if not 0 <= number < len(self._view.stage.rows):
            return None
        if number not in self._rows:
            self._rows[number] = SpokenRow(self._view, number)
        return self._rows[number]

    def shift(self, rows: int) -> None:
        """Rows came above."""
        self._rows = {number + rows: row for number, row in self._rows.items()}
        for number, row in self._rows.items():
            row.number = number
        self.tell()

    def reset(self) -> None:
        """Other rows are shown."""
        for row in self._rows.values():
            row.deleteLater()
        self._rows = {}
        self.tell()

    def tell(self) -> None:
        """Tell listeners that the rows are others."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self._view, QAccessible.Event.ObjectReorder))

    def focus(self, number: int) -> None:
        """Tell listeners that the keyboard stands on a row."""
        row = self.row(number) if QAccessible.isActive() else None
        if row is not None:
            QAccessible.updateAccessibility(QAccessibleEvent(row, QAccessible.Event.Focus))


class _List(QAccessibleWidget):
    """The view: its rows are its children."""

    def _view(self) -> "TranscriptView":
        view: TranscriptView = self.widget()  # type: ignore[assignment]
        return view

    def childCount(self) -> int:
        return len(self._view().stage.rows)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return _of(self._view().aids.row(index))

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        row = child.object() if child is not None else None
        return row.number if isinstance(row, SpokenRow) else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        view = self._view()
        spot = view.viewport().mapFromGlobal(QPoint(x, y))
        found = view.row_at(QPointF(spot)) if view.viewport().rect().contains(spot) else None
        return self.child(found[0].row) if found is not None else None

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        view = self._view()
        return self.child(view.focused) if view.hasFocus() and view.focused >= 0 else None


class _Row(QAccessibleObject):
    """A message, a bar, a day: its words are its name."""

    def _row(self) -> SpokenRow:
        row: SpokenRow = self.object()  # type: ignore[assignment]
        return row

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        return QAccessible.queryAccessibleInterface(self._row().view)

    def childCount(self) -> int:
        return len(self._row().links())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        links = self._row().links()
        return _of(links[index]) if 0 <= index < len(links) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        link = child.object() if child is not None else None
        links = self._row().links()
        return links.index(link) if isinstance(link, SpokenLink) and link in links else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: ARG002
        return None

    def role(self) -> QAccessible.Role:
        item = self._row().view.stage.rows[self._row().number]
        return QAccessible.Role.Heading if isinstance(item, SessionBar | DayBreak) else QAccessible.Role.ListItem

    def rect(self) -> QRect:
        return _rect(self._row())

    def state(self) -> QAccessible.State:
        row, state = self._row(), QAccessible.State()
        state.focusable = state.readOnly = True
        state.focused = row.view.hasFocus() and row.view.focused == row.number
        state.offscreen = row.view.stage.shown_row(row.number) is None
        return state

    def text(self, kind: QAccessible.Text) -> str:
        row = self._row()
        return row.view.describe(row.number) if kind is QAccessible.Text.Name else ""


class _Link(QAccessibleWidget):
    """A link or a file: it can be pressed."""

    def _link(self) -> SpokenLink:
        link: SpokenLink = self.widget()  # type: ignore[assignment]
        return link

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        return _of(self._link().row)

    def rect(self) -> QRect:
        return _rect(self._link().row)

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.Link if self._link().hit.act is Act.LINK else QAccessible.Role.Button

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.focusable = True
        state.linked = self._link().hit.act is Act.LINK
        state.offscreen = self._link().row.view.stage.shown_row(self._link().row.number) is None
        return state

    def text(self, kind: QAccessible.Text) -> str:
        return named(self._link().hit) if kind is QAccessible.Text.Name else ""

    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction()]

    def doAction(self, action: str) -> None:
        link = self._link()
        if action == QAccessibleActionInterface.pressAction():
            view = link.row.view
            view.activate(link.hit, QPointF(view.viewport().mapFromGlobal(_rect(link.row).center())))


def _rect(row: SpokenRow) -> QRect:
    """Where a row stands on the screen; empty where it does not."""
    view = row.view
    shown = view.stage.shown_row(row.number)
    if shown is None:
        return QRect()
    spot = shown.layout.outline.translated(0, shown.y)
    scaled = QRect(*(round(each * view.scale) for each in (spot.x(), spot.y(), spot.width(), spot.height())))
    return scaled.translated(view.viewport().mapToGlobal(QPoint(0, 0)))


def _of(thing: SpokenRow | SpokenLink | None) -> QAccessibleInterface | None:
    return QAccessible.queryAccessibleInterface(thing) if thing is not None else None


def _made(_kind: str, thing: QObject | None) -> QAccessibleInterface | None:
    """The interface of one of ours; None leaves the object to Qt. The object holds it, as Qt itself does not."""
    from viewer.ui.transcript.view import TranscriptView

    match thing:
        case TranscriptView():
            thing.aids.access = _List(thing, QAccessible.Role.List)
            return thing.aids.access
        case SpokenRow():
            thing.access = _Row(thing)
            return thing.access
        case SpokenLink():
            thing.access = _Link(thing, QAccessible.Role.Link)
            return thing.access
    return None


@cache
def _install() -> None:
    QAccessible.installFactory(_made)
