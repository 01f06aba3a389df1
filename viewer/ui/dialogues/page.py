"""The page in the place of the rows: what a state page says, in the width of the pane."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout

from viewer.ui.states import Action, StatePage

_EDGES, _PADDING, _WIDEST = 24, 32, 420


class ListPage(StatePage):
    """A state page that never is wider than the pane: its words wrap, its buttons stand below each other."""

    def show_state(
        self, icon: str, title: str, text: str = "", *, advice: str = "", actions: Sequence[Action] = ()
    ) -> None:
        super().show_state(icon, title, text, advice=advice, actions=actions)
        self._fit_pane()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_pane()

    def _fit_pane(self) -> None:
        space = max(120, min(_WIDEST, self.width() - _EDGES))
        for label in (self.title, self.text, self.advice):
            boxed = _PADDING if label is self.advice else 0
            room = QRect(0, 0, space - boxed, 10_000)
            box = label.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), label.text())
            label.setFixedSize(min(space, box.width() + boxed + 8), box.height() + (26 if boxed else 4))
        buttons = self._buttons
        wide = 0
        for at in range(buttons.count()):
            item = buttons.itemAt(at)
            if item is not None and (button := item.widget()) is not None:
                button.ensurePolished()  # else the style's margins are not counted yet
                wide += button.sizeHint().width() + buttons.spacing()
        directions = QBoxLayout.Direction
        buttons.setDirection(directions.LeftToRight if wide <= space else directions.TopToBottom)
